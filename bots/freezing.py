"""Holding somebody's entry back when they may be arrested or forced (¶104): their ways in and their listing.

Nothing *about* the person stops: alarms, check-ins and letters of others go on, and a call for help of theirs
is still heard. One may freeze for 72 hours; two keep it or lift it, and nobody is blamed for it. What bots
wrote is taken back, they go out of the rooms with the bots, devices at our own homeserver are signed out
(hub/putting_out.py). Linked networks hide the card at once; its withdrawal follows.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from bots.around import circle_of, judged, tell_around
from bots.losing import close_all
from bots.seen_from import tell_coordinators
from directory import audit, seconding, sharing
from directory.core.effects import CardChanged, DueAt, LetIn, NoLongerDue, Post, PutOut, Stream
from directory.core.text import say
from directory.core.two_person import Act
from directory.refusals import NeedsWord, NotYours
from directory.store import members as rows
from directory.store import safekeeping as store
from directory.store.safekeeping import Freeze
from directory.turn import Turn

DUE = "freeze"
LASTS = timedelta(hours=72)


class Held(StrEnum):
    """What came of a vote on a freeze."""

    KEPT = "kept"
    LIFTED = "lifted"


async def freeze(turn: Turn, handle: str) -> None:
    """Hold an entry back for 72 hours; needs no word. Raises NotYours.

    For the circle and those who look after the network.
    """
    row = await judged(turn, "act:freeze", handle)
    if row.id == turn.viewer.member:
        raise NotYours
    if row.state == "frozen":
        return
    ends = turn.now + LASTS
    await rows.change(turn.tx, row.id, {"state": "frozen"})
    await store.freeze(turn.tx, Freeze(row.id, turn.viewer.member, False, turn.now, ends))
    await close_all(turn, row.id)
    await turn.record(PutOut(row.id))
    await _hide_elsewhere(turn, row.id)
    await turn.record(CardChanged(row.id))
    await turn.record(DueAt(DUE, row.id, ends))
    told = say(
        "The entry of {name} is held back until {at}. Do not write to their device.", name=row.name, at=ends
    )
    await tell_around(turn, row.id, told)
    await tell_coordinators(turn, row.id, row.name)
    await audit.note(turn, "frozen", row.id, before="active", after="frozen")


async def _hide_elsewhere(turn: Turn, member: str) -> None:
    """Before the withdrawal, and faster: the urgent stream waits for nothing."""
    for network, cards in (await sharing.given_to(turn, member)).items():
        await turn.record(Post(network, Stream.URGENT, "freeze", {"cards": list(cards), "frozen": True}))


async def vote(turn: Turn, handle: str, *, keep: bool) -> Held | seconding.Waits:
    """Keep a freeze beyond 72 hours or lift it: the second who says the same decides. Needs the word.

    Never for the person, whose word may be forced. Raises NotYours, NeedsWord.
    """
    row = await judged(turn, "act:freeze", handle)
    voter = turn.viewer.member
    if voter is None or voter == row.id or await store.freeze_of(turn.tx, row.id) is None:
        raise NotYours
    if not turn.viewer.gave_word(turn.now):
        raise NeedsWord
    wanted, other = (Act.KEEP_FREEZE, Act.LIFT_FREEZE) if keep else (Act.LIFT_FREEZE, Act.KEEP_FREEZE)
    if not turn.viewer.pressed:  # whoever changed their mind wants one thing only
        await seconding.over(turn, other, row.id, asker=voter)
    circle = await circle_of(turn, row.id)
    outcome = await seconding.wish(turn, wanted, row.id, others=circle)
    return await decided(turn, outcome) if isinstance(outcome, seconding.Agreed) else outcome


async def decided(turn: Turn, agreed: seconding.Agreed) -> Held:
    """The deed, once two want it. A freeze that ended meanwhile needs no deed."""
    member = agreed.about or ""
    row = await rows.load(turn.tx, member, lock=True)
    keep = agreed.act is Act.KEEP_FREEZE
    if row is None or await store.freeze_of(turn.tx, member) is None:
        return Held.LIFTED
    await audit.note(turn, "freeze-kept" if keep else "freeze-lifted", member)
    if not keep:
        await _lift(turn, member, row.name)
        return Held.LIFTED
    await store.keep(turn.tx, member)
    await turn.record(NoLongerDue(DUE, member))
    return Held.KEPT


async def on_due(turn: Turn, member: str) -> None:
    """72 hours are over and nobody kept it."""
    held = await store.freeze_of(turn.tx, member)
    row = await rows.load(turn.tx, member, lock=True)
    if held is None or held.ends_at is None or row is None:
        return
    if turn.now < held.ends_at:
        await turn.record(DueAt(DUE, member, held.ends_at))
        return
    await _lift(turn, member, row.name)


async def _lift(turn: Turn, member: str, name: str) -> None:
    held = await store.freeze_of(turn.tx, member)
    if held is None:
        return
    for act in (Act.KEEP_FREEZE, Act.LIFT_FREEZE):
        await seconding.over(turn, act, member)
    await rows.change(turn.tx, member, {"state": "active"})
    await store.open_device(turn.tx, member, closed_since=held.since)
    await store.thaw(turn.tx, member)
    await turn.record(NoLongerDue(DUE, member))
    await turn.record(CardChanged(member))
    await turn.record(LetIn(member))
    await tell_around(turn, member, say("The entry of {name} is free again.", name=name))
