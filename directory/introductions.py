"""Meeting somebody: asked with a purpose, carried without any contact, and a room only after two yeses.

A no is silent and looks like nobody: who asked hears the same thing, at the same time, either way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from directory import apart, budgets, meeting
from directory.asking import ask, can_answer, is_recent, still_counts
from directory.core.effects import DueAt, NoLongerDue
from directory.core.introductions import LASTS, Event, State, can, step
from directory.core.rules import may
from directory.core.text import say
from directory.meeting import DUE
from directory.refusals import NotYours, Refusal
from directory.store import introductions as store
from directory.store import members as rows
from directory.store import shares
from directory.store.introductions import IntroductionRow
from directory.store.ties import ties
from directory.turn import Turn

__all__ = ["DUE", "Asked", "Mine", "Received", "answer", "ask", "expire", "met", "mine"]
__all__ += ["receive_decision", "receive_request"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of the viewer's own. `state`: waiting, yes, met or "no answer"."""

    id: str
    title: str
    network_name: str
    purpose: str
    state: str
    asked_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Received:
    """A request that was shown to the viewer; `organisation` when it is meant for one they speak for."""

    id: str
    name: str
    network_name: str
    purpose: str
    organisation: str | None
    state: State
    shown_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Mine:
    """Both lists, the newest first."""

    asked: tuple[Asked, ...]
    received: tuple[Received, ...]


async def answer(turn: Turn, introduction: str, yes: bool) -> State:
    """Say yes or no to a request that was shown to the viewer. Returns where it stands now.

    Answering the same again changes nothing. Raises NotYours, or Refusal when it is over.
    """
    seen = await store.load(turn.tx, introduction)
    mine = await _is_mine(
        turn, seen.target or "" if seen is not None else ""
    )  # asked either way: no time tells
    row = await store.load(turn.tx, introduction, lock=True) if mine else None
    if row is None or row.target is None or row.shown_at is None:
        raise NotYours
    state, event = State(row.state), Event.SAID_YES if yes else Event.SAID_NO
    wanted = {State.ACCEPTED, State.MET} if yes else {State.REFUSED}
    if state in wanted:
        return state
    if state is not State.ASKED or turn.now >= row.expires_at:
        raise Refusal(say("This request is over. Nothing was changed."))
    state = step(state, event)
    answerer = turn.viewer.member if yes else None
    await store.change(turn.tx, row.id, state=state.value, answered_at=turn.now, answerer=answerer)
    if yes:
        await turn.record(NoLongerDue(DUE, row.id))
        await meeting.accepted_here(turn, row)
    return state


async def mine(turn: Turn) -> Mine:
    """What the viewer asked for, and what was asked of them and of organisations they speak for."""
    member = turn.viewer.member
    if member is None or not may("act:introduce", turn.viewer):
        raise NotYours
    asked = [await _asked(turn, row) for row in await store.asked_by(turn.tx, member)]
    received = [await _received(turn, row) for row in await store.asked_of(turn.tx, member)]
    return Mine(tuple(asked), tuple(received))


async def met(turn: Turn, introduction: str) -> None:
    """Both came into the room; called by whoever made it."""
    row = await store.load(turn.tx, introduction, lock=True)
    if row is not None and can(State(row.state), Event.MET):
        await store.change(turn.tx, row.id, state=step(State(row.state), Event.MET).value)


async def expire(turn: Turn, introduction: str) -> None:
    """The due handler: show a request that waited for its day, or end one whose time is up."""
    row = await store.load(turn.tx, introduction, lock=True)
    if row is None or row.state not in (State.ASKED, State.REFUSED):
        return
    if turn.now < row.expires_at:
        if row.target is not None and row.shown_at is None and row.state == State.ASKED:
            await meeting.show(turn, row)
        else:
            await turn.record(DueAt(DUE, row.id, row.expires_at))
        return
    await store.change(turn.tx, row.id, state=step(State(row.state), Event.TIME_IS_UP).value)
    if row.asker is not None:
        await meeting.tell_no_answer(turn, row)


async def receive_request(turn: Turn, network: str, body: Mapping[str, object]) -> None:
    """A linked network's member asks one of ours (the shape is bodies.Introduction). Silence is an answer.

    What names no card this network holds, repeats a refused request or comes too often is dropped.
    """
    share = await shares.by_card(turn.tx, network, str(body.get("to_card")))
    if share is None or share.member is None or not await can_answer(turn, share.member):
        return
    who = body.get("from_card")
    shown: Mapping[str, object] = who if isinstance(who, Mapping) else {}
    card = str(shown["card"]) if shown.get("card") else None
    if await apart.refuses(turn, share.member, network, card):
        return
    before = await _before(turn, network, card, share.card)
    if not await budgets.peer_may_ask(turn, network):
        return
    if any(still_counts(row, turn.now) or is_recent(row, turn.now) for row in before):
        return
    expires = meeting.moment(body.get("expires_at"), turn.now + LASTS)
    row = IntroductionRow(
        id=str(body["id"]),
        asker=None,
        asker_network=network,
        asker_card=card,
        target=share.member,
        target_network=turn.home,
        target_card=share.card,
        state=State.ASKED.value,
        guarded=await meeting.sealed(
            turn, str(body["id"]), str(body.get("purpose") or ""), shown, title="", person=share.member
        ),
        answerer=None,
        asked_at=turn.now,
        shown_at=None,
        answered_at=None,
        expires_at=min(expires, turn.now + LASTS),
    )
    if row.expires_at > turn.now and await store.add(turn.tx, row):
        await meeting.show(turn, row)


async def receive_decision(turn: Turn, network: str, body: Mapping[str, object]) -> None:
    """A linked network's member answers one of ours (bodies.Decision). A no changes nothing that is seen."""
    row = await store.load(turn.tx, str(body.get("introduction")), lock=True)
    if row is None or row.asker is None or row.target_network != network or body.get("yes") is not True:
        return
    if not can(State(row.state), Event.SAID_YES):
        return
    state = step(State(row.state), Event.SAID_YES)
    await store.change(turn.tx, row.id, state=state.value, answered_at=turn.now)
    await turn.record(NoLongerDue(DUE, row.id))
    contact = body.get("contact")
    await meeting.accepted_there(turn, row, contact if isinstance(contact, str) else None)


async def _is_mine(turn: Turn, target: str) -> bool:
    tied = await ties(turn.tx, turn.viewer.member, target)
    return may("act:answer-introduction", turn.viewer, tied)


async def _before(turn: Turn, network: str, card: str | None, target: str) -> list[IntroductionRow]:
    if card is None:
        return []
    return await store.between(turn.tx, asker=None, network=network, asker_card=card, target_card=target)


_TO_ASKER = {State.ACCEPTED: "yes", State.MET: "met"}


async def _asked(turn: Turn, row: IntroductionRow) -> Asked:
    kept = meeting.opened(turn, row)
    over = turn.now >= row.expires_at or row.state == State.EXPIRED
    state = _TO_ASKER.get(State(row.state), "no answer" if over else "waiting")
    name = await rows.network_name(turn.tx, row.target_network)
    return Asked(row.id, kept.title, name, kept.purpose, state, row.asked_at, row.expires_at)


async def _received(turn: Turn, row: IntroductionRow) -> Received:
    kept = meeting.opened(turn, row)
    target = await rows.load(turn.tx, row.target or "")
    return Received(
        id=row.id,
        name=kept.name,
        network_name=await rows.network_name(turn.tx, row.asker_network),
        purpose=kept.purpose,
        organisation=target.name if target is not None and target.id != turn.viewer.member else None,
        state=State(row.state),
        shown_at=row.shown_at or row.asked_at,
        expires_at=row.expires_at,
    )
