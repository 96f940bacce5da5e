"""Watching for each other: a hub that is gone cannot say that somebody there did not answer in time.

Packets (hub/federation/watch_out.py) are kept, and looked at when it could matter. When that hub has been
silent for long enough and something was due there, its coordinators are told by message and text message, and
ours. About whom it is, nobody here ever learns. A network that falls silent again and again wakes nobody here
more than once a day, unless a coordinator wants it; it is told and shown each time all the same.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from bots.saying import lines
from directory import crypto
from directory.core.effects import DueAt, NoLongerDue, TellRoles, Urgency
from directory.core.text import say
from directory.core.viewer import Role
from directory.languages import render
from directory.turn import Turn
from hub import log
from hub.federation.core.bodies import Watch
from hub.federation.core.link import Stage
from hub.federation.core.shapes import millis, moment_of
from hub.federation.core.watch import Fine, judge, may_wake, unpacked
from hub.federation.covering import answers_calls_of
from hub.federation.hands import at_hand
from hub.federation.identity import SEALING
from hub.federation.post import DUE_WATCHED, ENVOY, Letters, Poster
from hub.federation.watch_out import Contact
from hub.store import hearing, keys, links, rooms, watched
from hub.store.links import LinkRow
from hub.texting import lane

PURPOSE = "watch"
"""What a room with a coordinator of another network is for."""
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
NOT_WOKEN = say(
    "You were woken for {name} less than a day ago, so this does not ring. To be woken every time, write: "
    "silence wake {name}"
)
BACK = say("The hub of {name} is heard again.")


@dataclass(frozen=True, slots=True)
class Watcher:
    """Due handler `watched`, ref the network. `texts`: can this hub send text messages?"""

    poster: Poster
    texts: bool = False
    letters: Letters = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "letters", self.poster.letters)

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
        wakes = may_wake(kept.woken_at, turn.now, always=kept.always)
        await watched.told(turn.tx, network, turn.now, woken=wakes)
        about = {"since": judged.since, "due": judged.due}
        contacts = await _opened(turn, kept.contacts)
        reached = [await self._reach(turn, link, one, about, texts=wakes) for one in contacts]
        text = say((OURS if any(reached) else OURS_ALONE).message, name=link.name, **about)
        if not wakes:
            text = lines(text, say(NOT_WOKEN.message, name=link.name))
        await turn.record(TellRoles(Role.COORDINATOR, text, Urgency.ALARM, wakes=wakes))

    async def _reach(
        self, turn: Turn, link: LinkRow, contact: Contact, about: dict[str, datetime], *, texts: bool
    ) -> bool:
        """Was there a way to write to them? Phones of people we do not know ring once a day like ours."""
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
        texted = texts and bool(contact.sms) and self.texts and link.room is not None
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
    times = unpacked(moment_of(body.begins), body.quarters)
    kept = tuple(map(millis, times))
    await watched.keep(turn.tx, turn.guard, link.network, kept, body.contacts, turn.now)
    if before is not None and before.told_at is not None:
        back = say(BACK.message, name=link.name)
        await turn.record(TellRoles(Role.COORDINATOR, back, Urgency.ANSWER))
    judged = judge(turn.now, times, turn.now)
    if isinstance(judged, Fine) and judged.look_at is not None:
        await turn.record(DueAt(DUE_WATCHED, link.network, judged.look_at))
    else:
        await turn.record(NoLongerDue(DUE_WATCHED, link.network))


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
