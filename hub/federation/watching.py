"""Watching for each other: a hub that is gone cannot say that somebody there did not answer in time.

Out: every hour, to each linked network that promised to answer our calls, by when something is due here and
two coordinators of ours, sealed. In: kept, and looked at when it could matter. When that hub has been silent
for long enough and something was due there, its coordinators are told by message and text message, and ours.
About whom it is, nobody here ever learns.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from bots import checking, unclear, widening
from bots.store import wakers
from directory import crypto
from directory.core.effects import DueAt, NoLongerDue, Post, Stream, TellRoles, Urgency
from directory.core.text import say
from directory.core.viewer import Role
from directory.languages import render
from directory.store import bindings, members, roles
from directory.turn import Turn
from hub import log
from hub.federation.bridging import standing
from hub.federation.core.absence import Away
from hub.federation.core.bodies import Watch, WatchedTime
from hub.federation.core.link import Stage
from hub.federation.core.shapes import as_json, millis, moment_of
from hub.federation.core.watch import EVERY, Fine, judge, to_tell
from hub.federation.covering import answers_calls_of, promise_of
from hub.federation.hands import at_hand
from hub.federation.identity import SEALING
from hub.federation.post import DUE_WATCH, DUE_WATCHED, ENVOY, Letters, Poster
from hub.store import due, envelopes, hearing, keys, links, rooms, watched
from hub.store.links import LinkRow
from hub.texting import lane

WATCHED_KINDS = (checking.DUE, widening.DUE, unclear.DUE)
CONTACTS = 2
PURPOSE = "watch"
"""What a room with a coordinator of another network is for."""
SMS = "sms"
THEIRS = say(
    "Your network's hub has not been heard since {since}, and somebody was to be heard from by {due}. Please "
    "look after your people now, on any way you have. This comes from {name}, which watches for you."
)
SHORT = say("Your service does not answer, and something was due. Please look after your people now.")
OURS = say(
    "The hub of {name} has not been heard since {since}, and somebody there was to be heard from by {due}. "
    "Their coordinators are being told. Please call them too, on a way you know."
)
OURS_ALONE = say(
    "The hub of {name} has not been heard since {since}, and somebody there was to be heard from by {due}. "
    "We know no way to their coordinators. Please call them now, on a way you know."
)
BACK = say("The hub of {name} is heard again.")


class Contact(msgspec.Struct, frozen=True, omit_defaults=True):
    """A coordinator, as the watching hub reaches them once it must."""

    matrix: str = ""
    sms: str = ""
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class Watcher:
    """Due handlers `watch` and `watched`, ref the network. `texts`: can this hub send text messages?"""

    poster: Poster
    texts: bool = False
    letters: Letters = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "letters", self.poster.letters)

    async def tell(self, turn: Turn, network: str) -> None:
        """Send one packet to who promised to answer our calls, and come again in an hour."""
        link = await at_hand(turn, DUE_WATCH, network, network)
        if link is None or link.state not in (Stage.ACTIVE, Stage.SUSPENDED):
            return
        await turn.record(DueAt(DUE_WATCH, network, turn.now + EVERY))
        promised = link.state == Stage.ACTIVE and (await promise_of(turn, network)).ever
        if (
            not promised
            or standing(link, turn.now) is not Away.HERE
            or not link.peer.sealing
            or await envelopes.in_doubt(turn.tx, network)
        ):
            return
        running = await due.times(turn.tx, (widening.DUE,))
        times = to_tell(await due.times(turn.tx, WATCHED_KINDS), turn.now, running=running)
        body = Watch(
            due=tuple(WatchedTime(id=turn.ids(), due_at=millis(at)) for at in times),
            contacts=await _contacts(turn, bytes.fromhex(link.peer.sealing)),
        )
        await self.poster.write(turn, link, Post(network, Stream.URGENT, "watch", as_json(body)))

    async def look(self, turn: Turn, network: str) -> None:
        """Has this hub fallen silent while something was due there?"""
        link = await at_hand(turn, DUE_WATCHED, network, network)
        kept = await watched.of(turn.tx, turn.guard, network)
        if link is None or kept is None or kept.told_at is not None or link.state == Stage.SEVERED:
            return
        judged = judge(
            link.last_heard_at or link.since,
            map(moment_of, kept.times),
            turn.now,
            ear_since=await hearing.open_since(turn.tx, ENVOY, turn.now),
        )
        if isinstance(judged, Fine):
            if judged.look_at is not None:
                await turn.record(DueAt(DUE_WATCHED, network, judged.look_at))
            return
        await watched.told(turn.tx, network, turn.now)
        about = {"since": judged.since, "due": judged.due}
        reached = [
            await self._reach(turn, link, contact, about) for contact in await _opened(turn, kept.contacts)
        ]
        text = say((OURS if any(reached) else OURS_ALONE).message, name=link.name, **about)
        await turn.record(TellRoles(Role.COORDINATOR, text, Urgency.ALARM, wakes=True))

    async def _reach(self, turn: Turn, link: LinkRow, contact: Contact, about: dict[str, datetime]) -> bool:
        """Was there a way to write to them?"""
        home = await links.home(turn.tx)
        text = say(THEIRS.message, name=home[1] if home else "", **about)
        if contact.matrix:
            room = turn.ids()
            where = {"room": room, "account": "bot", "purpose": PURPOSE, "ref": link.network}
            await rooms.want(turn.tx, turn.guard, **where, users=[contact.matrix], now=turn.now)
            body = render(text, contact.locale)
            woken = {"user_ids": [contact.matrix]}
            content: dict[str, object] = {"msgtype": "m.text", "body": body, "m.mentions": woken}
            await self._write(turn, room, "bot", "m.room.message", content)
        texted = bool(contact.sms) and self.texts and link.room is not None
        if texted:
            said = lane.to_content(contact.sms, render(SHORT, contact.locale), turn.now)
            await self._write(turn, str(link.room), lane.ACCOUNT, lane.EVENT_TYPE, said)
        return bool(contact.matrix) or texted

    async def _write(
        self, turn: Turn, room: str, account: str, event_type: str, content: dict[str, object]
    ) -> None:
        await self.letters.write(
            turn.tx,
            letter_id=turn.ids(),
            room=room,
            account=account,
            urgency=Urgency.ALARM,
            event_type=event_type,
            content=content,
            now=turn.now,
        )


async def receive_watch(turn: Turn, link: LinkRow, body: Watch) -> None:
    """A packet of a linked hub: it replaces the one before. Whose calls we never promised to answer wakes
    nobody here."""
    if not await answers_calls_of(turn, link.network):
        return
    before = await watched.of(turn.tx, turn.guard, link.network)
    times = tuple(each.due_at for each in body.due)
    await watched.keep(turn.tx, turn.guard, link.network, times, body.contacts, turn.now)
    if before is not None and before.told_at is not None:
        back = say(BACK.message, name=link.name)
        await turn.record(TellRoles(Role.COORDINATOR, back, Urgency.ANSWER))
    judged = judge(turn.now, map(moment_of, times), turn.now)
    if isinstance(judged, Fine) and judged.look_at is not None:
        await turn.record(DueAt(DUE_WATCHED, link.network, judged.look_at))
    else:
        await turn.record(NoLongerDue(DUE_WATCHED, link.network))


async def _contacts(turn: Turn, sealing: bytes) -> tuple[str, ...]:
    """Two coordinators of ours, those with a number first; each sealed to the hub that is told."""
    found = []
    for member in await roles.holders(turn.tx, Role.COORDINATOR):
        row, sealed = await members.load(turn.tx, member), await bindings.binding_of(turn.tx, member)
        numbers = [
            way.where for way in await wakers.of_member(turn.tx, turn.guard, member) if way.kind == SMS
        ]
        bound = {} if sealed is None else turn.guard.open_fields("bindings", member, sealed, watch=True)
        contact = Contact(
            matrix=str(bound.get("matrix_id") or ""),
            sms=numbers[0] if numbers else "",
            locale=row.locale if row is not None else "en",
        )
        if contact.matrix or contact.sms:
            found.append(contact)
    first = sorted(found, key=lambda each: not each.sms)[:CONTACTS]
    return tuple(base64.b64encode(_sealed(each, sealing)).decode() for each in first)


def _sealed(contact: Contact, sealing: bytes) -> bytes:
    """Padded, so that its length does not say what is in it."""
    return crypto.seal_to(sealing, msgspec.json.encode(contact).ljust(512))


async def _opened(turn: Turn, contacts: tuple[str, ...]) -> list[Contact]:
    """What can be opened; what cannot be is left out, since others may be told all the same."""
    found = []
    for sealed in contacts:
        for key in await keys.of_purpose(turn.tx, turn.guard, SEALING):
            try:
                plain = crypto.open_sealed(key.private, base64.b64decode(sealed, validate=True))
                found.append(msgspec.json.decode(plain, type=Contact))
            except (crypto.CannotOpen, msgspec.MsgspecError, binascii.Error, ValueError):
                continue
            break
    if len(found) < len(contacts):
        log.trouble("whom to tell at a linked hub could not be read", count=len(contacts) - len(found))
    return found
