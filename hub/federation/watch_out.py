"""Telling who watches for us: by when something is due here, and whom to tell if we fall silent.

At times drawn by lot, an hour apart at most, and at once when something begins that the last packet did not
say. A busy day causes hardly more packets than a quiet one, and each of them is as long as any other.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from bots import checking, unclear, widening
from bots.store import wakers
from directory import crypto
from directory.core.effects import DueAt, Post, Stream
from directory.core.viewer import Role
from directory.store import bindings, members, roles
from directory.turn import Turn
from hub.federation.bridging import standing
from hub.federation.contents import body_of
from hub.federation.core.absence import Away
from hub.federation.core.bodies import Watch
from hub.federation.core.link import Stage
from hub.federation.core.shapes import as_json, millis, moment_of
from hub.federation.core.watch import next_in, packed, to_tell, unpacked, until
from hub.federation.covering import promise_of
from hub.federation.hands import at_hand
from hub.federation.post import DUE_WATCH, DUE_WATCH_NEW, DUE_WATCH_SOON, Poster
from hub.store import due, envelopes, links
from hub.store.links import LinkRow

WATCHED_KINDS = (checking.DUE, widening.DUE, unclear.DUE)
KIND = "watch"
CONTACTS = 2
SMS = "sms"


class Contact(msgspec.Struct, frozen=True, omit_defaults=True):
    """A coordinator, as the watching hub reaches them once it must; one without any way is nobody."""

    matrix: str = ""
    sms: str = ""
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class Teller:
    """Due handlers `watch` and `watch-new`, ref the network, and `watch-soon`, ref what began."""

    poster: Poster

    async def tell(self, turn: Turn, network: str) -> None:
        """Send a packet, and come again within the hour."""
        link = await at_hand(turn, DUE_WATCH, network, network)
        if link is None or link.state not in (Stage.ACTIVE, Stage.SUSPENDED):
            return
        await turn.record(DueAt(DUE_WATCH, network, turn.now + next_in(turn.guard.chance(2))))
        if await _watches(turn, link):
            await self._send(turn, link, await _coming(turn))

    async def soon(self, turn: Turn, _ref: str) -> None:
        """Something began, or went on: who does not know of it is told. All that began is told together."""
        await due.remove_kind(turn.tx, DUE_WATCH_SOON)
        for network in [one.network for one in await links.every(turn.tx, turn.guard)]:
            await due.put_at_latest(turn.tx, DUE_WATCH_NEW, network, turn.now)

    async def tell_new(self, turn: Turn, network: str) -> None:
        """A packet out of its turn, if something comes before the next one that the last did not say."""
        link = await at_hand(turn, DUE_WATCH_NEW, network, network)
        if link is None or link.state != Stage.ACTIVE or not await _watches(turn, link):
            return
        times = await _coming(turn)
        before = until(await due.when(turn.tx, DUE_WATCH, network), turn.now)
        if {at for at in times if at <= before}.difference(await _told(turn, network)):
            await self._send(turn, link, times)

    async def _send(self, turn: Turn, link: LinkRow, times: Iterable[datetime]) -> None:
        begins, quarters = packed(times, turn.now)
        contacts = await _contacts(turn, bytes.fromhex(link.peer.sealing))
        body = Watch(begins=millis(begins), quarters=quarters, contacts=contacts)
        await self.poster.write(turn, link, Post(link.network, Stream.URGENT, KIND, as_json(body)))


async def _watches(turn: Turn, link: LinkRow) -> bool:
    """Did they promise to answer our calls, and can they be told now?"""
    return (
        link.state == Stage.ACTIVE
        and (await promise_of(turn, link.network)).ever
        and standing(link, turn.now) is Away.HERE
        and bool(link.peer.sealing)
        and not await envelopes.in_doubt(turn.tx, link.network)
    )


async def _coming(turn: Turn) -> tuple[datetime, ...]:
    running = await due.times(turn.tx, (widening.DUE,))
    return to_tell(await due.times(turn.tx, WATCHED_KINDS), turn.now, running=running)


async def _told(turn: Turn, network: str) -> tuple[datetime, ...]:
    """What the last packet said."""
    out, _ = await envelopes.both_heads(turn.tx, network, Stream.URGENT)
    kept = await envelopes.newest(turn.tx, turn.guard, network, Stream.URGENT, out.epoch, KIND)
    if kept is None or kept.signed is None:
        return ()
    body = msgspec.convert(body_of(kept.signed), Watch)
    return unpacked(moment_of(body.begins), body.quarters)


async def _contacts(turn: Turn, sealing: bytes) -> tuple[str, str]:
    """Two coordinators of ours, those with a number first; each sealed to the hub that is told. Nobody stands
    for one who is missing: how many there are does not show."""
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
    first = [*sorted(found, key=lambda each: not each.sms), *(Contact() for _ in range(CONTACTS))]
    one, other = (base64.b64encode(_sealed(each, sealing)).decode() for each in first[:CONTACTS])
    return one, other


def _sealed(contact: Contact, sealing: bytes) -> bytes:
    """Padded, so that its length does not say what is in it."""
    return crypto.seal_to(sealing, msgspec.json.encode(contact).ljust(512))
