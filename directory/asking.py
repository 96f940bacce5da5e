"""Asking to meet somebody: at home, or across a link to whoever a card of theirs stands for."""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn

from directory import cards, carried, meeting, search
from directory.core.cards import Body
from directory.core.effects import DueAt, Post, Stream
from directory.core.introductions import ASKS_A_DAY, DAY, LASTS, MOST_OPEN, NO_MEANS_NO_FOR, State, fault_of
from directory.core.rules import may
from directory.core.text import say
from directory.meeting import DUE
from directory.refusals import BadAnswer, NobodySpeaks, NotYours, SayYesFirst, TooMany
from directory.search import AllyCard
from directory.store import cards as home_cards
from directory.store import consents, networks, roles, shares
from directory.store import introductions as store
from directory.store import members as rows
from directory.store.introductions import IntroductionRow
from directory.turn import Turn


async def ask(turn: Turn, card_id: str, purpose: str) -> str:
    """Ask to meet whoever a card stands for. Returns the request's id, the same one when asked twice.

    Raises NotYours, BadAnswer (purpose), NobodySpeaks, SayYesFirst, TooMany. Nothing tells whether the
    other side was ever asked.
    """
    asker = turn.viewer.member
    if asker is None or not may("act:introduce", turn.viewer):
        raise NotYours
    if fault := fault_of(purpose):
        raise BadAnswer(fault, field="purpose")
    card = await search.look(turn, card_id)
    before = await store.between(
        turn.tx, asker=asker, network=turn.home, asker_card=None, target_card=card_id
    )
    for earlier in before:
        if still_counts(earlier, turn.now):
            return earlier.id
    if await store.waiting_of(turn.tx, asker) >= MOST_OPEN:
        raise TooMany
    if await store.asked_since(turn.tx, asker, turn.now - DAY) >= ASKS_A_DAY:
        raise TooMany
    refused = any(row.state == State.REFUSED and is_recent(row, turn.now) for row in before)
    if card.home:
        return await _ask_here(turn, asker, card, purpose, silent=refused)
    return await _ask_there(turn, asker, card, purpose)


async def can_answer(turn: Turn, member: str) -> bool:
    """Is there somebody who could say yes: the person, who carries their entry, or one who speaks for the
    organisation?"""
    row = await rows.load(turn.tx, member)
    if row is None or row.state != "active":
        return False
    if row.kind == "person" and await carried.is_carried(turn, member):
        return await carried.carrier_of(turn, member) is not None
    return row.kind == "person" or bool(await roles.spokespersons_of(turn.tx, member))


def still_counts(row: IntroductionRow, now: datetime) -> bool:
    """Is there no need to ask again: it waits (or seems to), or was met with a yes?"""
    return row.state in (State.ACCEPTED, State.MET) or (row.state != State.EXPIRED and now < row.expires_at)


def is_recent(row: IntroductionRow, now: datetime) -> bool:
    """Was a no said so lately that it still holds?"""
    return row.state == State.REFUSED and now - (row.answered_at or row.asked_at) < NO_MEANS_NO_FOR


async def _ask_here(turn: Turn, asker: str, card: AllyCard, purpose: str, *, silent: bool) -> str:
    home = await home_cards.load(turn.tx, card.id)
    if home is None or home.member == asker or card.kind == "bot":
        raise NotYours
    # A decoy has no member: it is asked like anybody, and nobody answers.
    silent = silent or home.member is None
    if home.member is not None and not await can_answer(turn, home.member):
        raise NobodySpeaks
    mine = await home_cards.of_member(turn.tx, asker)
    row = await _new(turn, asker, card, purpose, mine.body if mine else None, target=home.member)
    if silent:
        # A no holds for a while; whoever asks again must not be able to tell.
        await store.change(turn.tx, row.id, state=State.REFUSED.value, answered_at=turn.now)
        await turn.record(DueAt(DUE, row.id, row.expires_at))
    else:
        await meeting.show(turn, row)
    return row.id


async def _ask_there(turn: Turn, asker: str, card: AllyCard, purpose: str) -> str:
    if card.kind == "bot":
        raise NotYours
    if card.listed_publicly:
        raise NobodySpeaks
    if card.network_id not in await consents.standing(turn.tx, asker):
        _say_yes_first(card)
    network = await networks.load(turn.tx, card.network_id)
    entry = await cards.entry_of(turn, asker)
    share = next((s for s in await shares.of_member(turn.tx, asker) if _is_held(s, card.network_id)), None)
    body = (
        cards.body_for(entry, network, said_yes=True, card=share.card if share else "") if network else None
    )
    if body is None:
        _say_yes_first(card)
    row = await _new(turn, asker, card, purpose, body, asker_card=share.card if share else None)
    request = meeting.request_body(row, purpose, body)
    await turn.record(Post(card.network_id, Stream.WORK, "introduction", request))
    await turn.record(DueAt(DUE, row.id, row.expires_at))
    return row.id


async def _new(
    turn: Turn,
    asker: str,
    card: AllyCard,
    purpose: str,
    body: Body | None,
    *,
    target: str | None = None,
    asker_card: str | None = None,
) -> IntroductionRow:
    new = turn.ids()
    shown: Body = body or {"title": await _handle(turn, asker)}
    row = IntroductionRow(
        id=new,
        asker=asker,
        asker_network=turn.home,
        asker_card=asker_card,
        target=target,
        target_network=card.network_id,
        target_card=card.id,
        state=State.ASKED.value,
        guarded=await meeting.sealed(
            turn, new, purpose, meeting.shown_card(shown), title=card.title, person=asker
        ),
        answerer=None,
        asked_at=turn.now,
        shown_at=None,
        answered_at=None,
        expires_at=turn.now + LASTS,
    )
    await store.add(turn.tx, row)
    return row


def _say_yes_first(card: AllyCard) -> NoReturn:
    raise SayYesFirst(
        say(
            "{network} does not know of you yet. Say yes to being shown to it first.",
            network=card.network_name,
        )
    )


async def _handle(turn: Turn, member: str) -> str:
    row = await rows.load(turn.tx, member)
    return row.name if row else ""


def _is_held(share: shares.ShareRow, network: str) -> bool:
    return share.network == network and share.state in (shares.DIRTY, shares.SHARED)
