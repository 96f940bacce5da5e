"""Two hubs that were apart for longer than their sealing keys live find each other (core/absence.py)."""

from __future__ import annotations

from datetime import datetime

from directory import crypto
from directory.core.effects import DueAt, Post, Stream, TellRoles, Urgency
from directory.core.text import say
from directory.core.viewer import Role
from directory.turn import Turn
from hub.federation import asking, life, steps
from hub.federation.core.absence import LONG_AFTER, Away, away, ends_at, reserve_key
from hub.federation.core.bodies import AskHeads
from hub.federation.core.envelope import VERSION, VerifiedEnvelope, check_signed, unseal
from hub.federation.core.identity import KID_SIZE, key_id
from hub.federation.core.keyring import Keyring, Signer
from hub.federation.core.link import Severed, Side, Stage, may
from hub.federation.core.network_card import KnownNetwork
from hub.federation.core.shapes import as_json
from hub.federation.identity import home_identity
from hub.federation.post import Poster
from hub.store import due, links
from hub.store.links import LinkRow

DUE_APART = "apart"
"""Kind of the due row that tells administrators of a long silence, every week of it; ref the network."""
LONG = say(
    "The hub of {name} has not been heard since {since}. What you share waits for it. Please call the people "
    "there. If it stays silent, the link ends on {ends}."
)
OVER = say(
    "The hub of {name} has not been heard for sixty days. The link has ended, and what they had shared was "
    "removed. You can link again with a new invitation."
)


def standing(link: LinkRow, now: datetime) -> Away:
    """How long the other hub has not been heard."""
    return away(link.last_heard_at or link.since, link.asked_at, now)


async def find_again(turn: Turn, poster: Poster, link: LinkRow) -> None:
    """Ask who is there now, and say who we are; after too long, end the link. Administrators are told long
    before that, every week, so that a person may decide."""
    stands = standing(link, turn.now)
    if stands is Away.OVER and may(life.as_link(link), Severed(Side.HERE)):
        await life.take(turn, link, Severed(Side.HERE))
        text = say(OVER.message, name=link.name)
        await turn.record(TellRoles(Role.ADMINISTRATOR, text, Urgency.ANSWER))
        return
    long_at = (link.last_heard_at or link.since) + LONG_AFTER
    await due.put_if_none(turn.tx, DUE_APART, link.network, max(turn.now, long_at))
    nonce = await links.ask(turn.tx, link.network, turn.ids(), turn.now)
    body = AskHeads(mine=await asking.applied_here(turn, link.network), nonce=nonce)
    await _say(turn, poster, link, body)


async def still_apart(turn: Turn, network: str) -> None:
    """Due handler `apart`: one more week of silence. A row, so that it is told too when we were off then."""
    link = await links.of(turn.tx, turn.guard, network)
    if link is None or link.state == Stage.SEVERED or standing(link, turn.now) is Away.HERE:
        return
    since = link.last_heard_at or link.since
    if standing(link, turn.now) is Away.ABSENT:
        await turn.record(DueAt(DUE_APART, network, since + LONG_AFTER))
        return
    text = say(LONG.message, name=link.name, since=since, ends=ends_at(since, link.asked_at, turn.now))
    await turn.record(TellRoles(Role.ADMINISTRATOR, text, Urgency.ANSWER))
    await turn.record(DueAt(DUE_APART, network, turn.now + LONG_AFTER))


async def _say(turn: Turn, poster: Poster, link: LinkRow, body: AskHeads) -> None:
    """With our newest card, to the key that both can make."""
    if not link.peer.secret:
        return
    card = (await home_identity(turn.tx, turn.guard)).card()
    said = as_json(
        AskHeads(mine=body.mine, answer=body.answer, nonce=body.nonce, answers=body.answers, card=card)
    )
    post = Post(link.network, Stream.URGENT, "heads", said)
    to = crypto.sealing_public(reserve_key(bytes.fromhex(link.peer.secret)))
    await poster.write(turn, link, post, to=to)


def is_to_reserve(link: LinkRow, raw: bytes) -> bool:
    """Is this sealed to the key that only serves for finding each other again?"""
    if not link.peer.secret:
        return False
    public = crypto.sealing_public(reserve_key(bytes.fromhex(link.peer.secret)))
    return raw[len(VERSION) : len(VERSION) + KID_SIZE] == key_id(public)


async def met_again(turn: Turn, poster: Poster, link: LinkRow, raw: bytes) -> bool:
    """The other hub asks who is there now, or answers. False for whatever else was sealed to this key.

    Its card counts when its roots go on from those we know, its envoy is whom we met, the key that signed is
    in it and was not revoked, and its sealing key is no older than the one we know.
    """
    private = reserve_key(bytes.fromhex(link.peer.secret))
    signed = unseal(raw, Keyring.of(turn.home, [private], ()))
    asked = None if not isinstance(signed, bytes) else _checked(turn, link, signed)
    if asked is None:
        return False
    known, body, said_at = asked
    if _is_news(link, body, said_at):
        await steps.know(turn, link, known)
        await links.change(turn.tx, link.network, last_heard_at=min(said_at, turn.now))
    fresh = await links.of(turn.tx, turn.guard, link.network)
    assert fresh is not None
    await asking.answer_heads(turn, poster, fresh, body, quiet=True)
    if not body.answer:
        mine = await asking.applied_here(turn, link.network)
        await _say(turn, poster, fresh, AskHeads(mine=mine, answer=True, answers=body.nonce))
    return True


def _is_news(link: LinkRow, body: AskHeads, said_at: datetime) -> bool:
    """Signed since it was heard last, or answering what we ask now. What somebody kept and repeats is
    neither: it hides no silence, and brings no older keys or host back. It is answered all the same."""
    answers_us = body.answer and body.answers is not None and body.answers == link.question
    return answers_us or link.last_heard_at is None or said_at > link.last_heard_at


def _checked(turn: Turn, link: LinkRow, signed: bytes) -> tuple[KnownNetwork, AskHeads, datetime] | None:
    """Who says it, what, and when it was signed."""
    card = steps.card_in(signed)
    known = None if card is None else steps.same_network(turn, link, card)
    if known is None or known.envoy != link.peer.envoy or not steps.goes_on(link, known):
        return None
    if steps.sealing_since(known.card) < steps.sealing_since(link.peer.card.encode()):
        return None
    revoked = {each.public: each.last_good for each in link.peer.operating}
    signers = [Signer(key, revoked.get(key.public.hex())) for key in known.operating]
    envelope = check_signed(signed, Keyring.of(turn.home, (), signers), turn.now)
    if not isinstance(envelope, VerifiedEnvelope) or not isinstance(envelope.body, AskHeads):
        return None
    return known, envelope.body, envelope.at
