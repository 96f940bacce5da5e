"""The rota as people use it: weekly shifts, a swap in one step, holidays, and a note for whoever comes next.

Stretches of duty are rows for three weeks ahead, so that everybody asks the same table who is awake, and an
hour nobody covers is seen before it comes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bots.core.rota import AHEAD, MOST_NIGHTS, Span, Weekly, gaps, nights_in_a_row, spans
from bots.desk import Desk
from bots.saying import lines, note
from bots.store import people
from bots.store import rota as rows
from bots.store.rota import Shift, Stretch
from bots.zones import any_zone_of
from directory import members
from directory.core.effects import DueAt, NoLongerDue, TellRoles
from directory.core.text import Text, say
from directory.core.tongues import spoken
from directory.core.viewer import Role
from directory.refusals import BadAnswer, NotYours
from directory.turn import Turn
from directory.vocabulary import Tree

DUE, BEGINS = "rota", "duty-begins"
QUESTION = "swap"
ONCE_A_DAY = timedelta(days=1)
LONGEST_NOTE = 500
LONGEST_AWAY = timedelta(days=365)
NOTE_COUNTS = timedelta(hours=12)
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class RotaView:
    """The coming days. `offered` are stretches the viewer is asked to take over."""

    stretches: tuple[Stretch, ...]
    offered: tuple[Stretch, ...]
    gaps: tuple[Span, ...]
    shifts: tuple[Shift, ...]


async def rota(turn: Turn, days: int = 7) -> RotaView:
    """For whoever answers calls, and a terminal. Raises NotYours for anybody else."""
    if not turn.viewer.may_act_as(Role.RESPONDER, Role.COORDINATOR, Role.ADMINISTRATOR):
        raise NotYours
    member = turn.viewer.member or ""
    until = turn.now + timedelta(days=max(1, min(days, AHEAD.days)))
    found = await rows.between(turn.tx, turn.guard, turn.now, until)
    return RotaView(
        stretches=found,
        offered=await rows.offered(turn.tx, turn.guard, member, turn.now),
        gaps=gaps([(one.starts_at, one.ends_at) for one in found], turn.now, until),
        shifts=await rows.every_shift(turn.tx),
    )


async def plan_shift(
    turn: Turn,
    weekly: Weekly,
    *,
    handle: str | None = None,
    languages: tuple[str, ...] = (),
    regions: tuple[str, ...] = (),
) -> str:
    """A weekly shift of the viewer, or of `handle` when a coordinator plans; its id.

    Raises NotYours for who may not, BadAnswer for hours no clock has or more nights in a row than are good.
    """
    member = await _whose(turn, handle)
    zone = _checked(weekly)
    person = await people.person(turn.tx, member)
    if person is None:
        raise NotYours
    theirs = languages or person.languages or (spoken(person.locale),)
    shift = Shift(turn.ids(), member, person.handle, weekly, theirs, regions)
    planned = [
        (one.starts_at, one.ends_at) for one in await rows.of_member(turn.tx, turn.guard, member, turn.now)
    ]
    coming = list(spans(weekly, turn.now, turn.now + AHEAD))
    if nights_in_a_row([*planned, *coming], zone) > MOST_NIGHTS:
        raise BadAnswer(TOO_MANY_NIGHTS, field="days")
    await rows.add_shift(turn.tx, shift, turn.now)
    await _extend(turn, shift)
    await turn.record(DueAt(DUE, "", turn.now + ONCE_A_DAY))
    return shift.id


def covers(desk: Desk, words: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(languages, regions) that these words name, each by key or as people say it. Raises BadAnswer."""
    words_of = desk.vocabulary
    trees: dict[str, Tree] = {"languages": words_of.languages, "regions": words_of.regions}
    found: dict[str, list[str]] = {name: [] for name in trees}
    for word in filter(None, (one.strip() for one in words)):
        keys: dict[str, tuple[str, ...]] = {
            name: (word,)
            for name, tree in trees.items()
            if word in tree.keys()  # noqa: SIM118 — a tree, no dict
        }
        said = keys or {name: tree.resolve(word) for name, tree in trees.items()}
        kind = next((name for name, meant in said.items() if meant), None)
        if kind is None:
            text = say("I do not know the language or place “{name}”.", name=word)
            raise BadAnswer(text, field="languages")
        found[kind] += said[kind][:1]
    return tuple(dict.fromkeys(found["languages"])), tuple(dict.fromkeys(found["regions"]))


async def end_shift(turn: Turn, shift: str) -> None:
    """The shift ends with all that was to come of it. Its owner or a coordinator."""
    for one in await rows.every_shift(turn.tx):
        if one.id == shift and (one.member == turn.viewer.member or turn.viewer.may_act_as(Role.COORDINATOR)):
            await rows.end_shift(turn.tx, shift, turn.now)
            return
    raise NotYours


async def offer(turn: Turn, stretch: str, handle: str) -> None:
    """Ask somebody to take over a stretch of the viewer's. They hear it at once; their yes moves it.

    Raises NotYours, BadAnswer when they answer no calls or it would be one night too many for them.
    """
    mine = await _own(turn, stretch)
    other = await members.find_handle(turn, handle)
    if other is None or other == mine.member:
        raise NotYours
    if other not in await _responders(turn):
        raise BadAnswer(say("{name} does not answer calls for help here.", name=handle), field="handle")
    await _bearable(turn, other, mine)
    await rows.change(turn.tx, stretch, offered_to=other)
    text = lines(
        say("{name} asks you to take over a duty:", name=mine.handle),
        _when(mine),
        say("1 = yes, 0 = no"),
    )
    await note(turn, other, text, QUESTION, stretch=stretch)


async def answer_offer(turn: Turn, stretch: str, yes: bool) -> bool:
    """Take a stretch over, or not; False when nobody asks any more. Raises BadAnswer for a night too many."""
    member = _responder(turn)
    found = await rows.get(turn.tx, turn.guard, stretch)
    if found is None or found.offered_to != member or found.starts_at <= turn.now:
        return False
    me = await people.person(turn.tx, member)
    name = me.handle if me is not None else ""
    if not yes:
        await rows.change(turn.tx, stretch, offered_to=None)
        await note(turn, found.member, say("{name} cannot take it over.", name=name))
        return True
    await _bearable(turn, member, found)
    theirs = list(me.languages or (spoken(me.locale),)) if me is not None else list(found.languages)
    await rows.change(turn.tx, stretch, member=member, offered_to=None, languages=theirs)
    await note(turn, found.member, lines(say("{name} takes it over:", name=name), _when(found)))
    return True


async def go_away(turn: Turn, since: datetime, until: datetime) -> int:
    """A holiday of the viewer: what was planned then is nobody's. How many stretches became free."""
    member = _responder(turn)
    if not since < until <= since + LONGEST_AWAY or until <= turn.now:
        raise BadAnswer(say("Please give a first and a last day that are still to come."), field="until")
    await rows.go_away(turn.tx, turn.ids(), member, (since, until))
    free = [
        one
        for one in await rows.of_member(turn.tx, turn.guard, member, since)
        if one.starts_at < until and one.starts_at > turn.now
    ]
    await rows.drop(turn.tx, [one.id for one in free])
    for one in free:
        await turn.record(NoLongerDue(BEGINS, one.id))
    if free:
        me = await people.person(turn.tx, member)
        text = lines(
            say("{name} is away. These duties are free now:", name=me.handle if me is not None else ""),
            *(_when(one) for one in free),
        )
        await turn.record(TellRoles(Role.COORDINATOR, text))
    return len(free)


async def hand_over(turn: Turn, text: str) -> bool:
    """A note for whoever comes next, on the viewer's duty now or just over; False without one."""
    member = _responder(turn)
    found = await rows.of_member(turn.tx, turn.guard, member, turn.now - NOTE_COUNTS)
    mine = [one for one in found if one.starts_at <= turn.now]
    if not mine:
        return False
    await rows.leave_note(turn.tx, turn.guard, mine[-1].id, text.strip()[:LONGEST_NOTE])
    return True


async def notes(turn: Turn) -> tuple[Stretch, ...]:
    """Notes left by those whose duty runs or ended in the last hours; for whoever answers calls."""
    _responder(turn)
    found = await rows.between(turn.tx, turn.guard, turn.now - NOTE_COUNTS, turn.now)
    return tuple(one for one in found if one.note)


async def on_due(turn: Turn, ref: str) -> None:
    """Once a day: write down one day more of every shift."""
    for shift in await rows.every_shift(turn.tx):
        await _extend(turn, shift)
    await rows.forget_before(turn.tx, turn.now - KEPT)
    await turn.record(DueAt(DUE, ref, turn.now + ONCE_A_DAY))


async def on_begins(turn: Turn, ref: str) -> None:
    """Somebody's duty begins: they are told, with what those before them left."""
    found = await rows.get(turn.tx, turn.guard, ref)
    if found is None or not found.starts_at <= turn.now < found.ends_at:
        return
    before = await rows.between(turn.tx, turn.guard, turn.now - NOTE_COUNTS, turn.now)
    left = [
        say("{name} wrote for you: {note}", name=one.handle, note=one.note)
        for one in before
        if one.note and one.id != ref
    ]
    await note(turn, found.member, lines(say("Your duty begins, until {at}.", at=found.ends_at), *left))


async def _extend(turn: Turn, shift: Shift) -> None:
    """From the last stretch that was made of it to three weeks from now; none while they are away."""
    last = await rows.last_start(turn.tx, shift.id)
    since = turn.now if last is None else max(turn.now, last + timedelta(minutes=1))
    for span in spans(shift.weekly, since, turn.now + AHEAD):
        if not await rows.is_away(turn.tx, shift.member, span):
            row = turn.ids()
            await rows.write(turn.tx, row, shift, span)
            await turn.record(DueAt(BEGINS, row, span[0]))


async def _bearable(turn: Turn, member: str, stretch: Stretch) -> None:
    planned = await rows.of_member(turn.tx, turn.guard, member, stretch.starts_at - AHEAD)
    nights = [(one.starts_at, one.ends_at) for one in planned]
    span = (stretch.starts_at, stretch.ends_at)
    if nights_in_a_row([*nights, span], await clocks_of(turn, member)) > MOST_NIGHTS:
        raise BadAnswer(TOO_MANY_NIGHTS, field="handle")


async def clocks_of(turn: Turn, member: str) -> ZoneInfo:
    """By which clocks somebody's nights are counted: those of their weekly hours, else of their country."""
    for shift in await rows.every_shift(turn.tx):
        if shift.member == member:
            return ZoneInfo(shift.weekly.zone)
    person = await people.person(turn.tx, member)
    return any_zone_of(person.country if person is not None else None) or ZoneInfo("UTC")


async def _own(turn: Turn, stretch: str) -> Stretch:
    found = await rows.get(turn.tx, turn.guard, stretch)
    if found is None or found.member != _responder(turn) or found.starts_at <= turn.now:
        raise NotYours
    return found


async def _whose(turn: Turn, handle: str | None) -> str:
    if handle is None:
        return _responder(turn)
    found = await members.find_handle(turn, handle) if turn.viewer.may_act_as(Role.COORDINATOR) else None
    if found is None or found not in await _responders(turn):
        raise NotYours
    return found


async def _responders(turn: Turn) -> frozenset[str]:
    holders = [await people.holders(turn.tx, role) for role in (Role.RESPONDER, Role.COORDINATOR)]
    return frozenset(one for some in holders for one in some)


def _checked(weekly: Weekly) -> ZoneInfo:
    days = weekly.days and set(weekly.days) <= set(range(1, 8))
    hours = 0 <= weekly.start < 1440 and 0 <= weekly.end <= 1440
    try:
        zone = ZoneInfo(weekly.zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadAnswer(say("Please choose a time zone such as America/Bogota."), field="zone") from None
    if not days or not hours:
        raise BadAnswer(say("Please give days from 1 to 7, and hours such as 22:00-06:00."), field="days")
    return zone


def _when(one: Stretch) -> Text:
    return say("{start} to {end}", start=one.starts_at, end=one.ends_at)


TOO_MANY_NIGHTS = say(
    "Nobody is on duty for more than three nights in a row here. Please ask somebody else too."
)


def _responder(turn: Turn) -> str:
    if turn.viewer.member is None or not turn.viewer.may_act_as(Role.RESPONDER, Role.COORDINATOR):
        raise NotYours
    return turn.viewer.member
