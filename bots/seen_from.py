"""Who could be seen from somebody's device: whom to warn when it may be in other hands.

For coordinators alone, and never kept: it is put together when it is asked for, and taken back out of the
chat within the hour. It names whoever this network itself brought together with the person; what else lies on
a phone nobody here knows.
"""

from __future__ import annotations

from dataclasses import dataclass

from bots.around import judged, ties_to
from bots.saying import line_list, lines
from bots.store import circles, people, seen
from directory import audit
from directory.core.effects import Tell, Urgency
from directory.core.rules import may
from directory.core.text import Text, say
from directory.core.viewer import Role
from directory.refusals import NotYours
from directory.store import roles
from directory.turn import Turn


@dataclass(frozen=True, slots=True)
class Seen:
    """One person who was visible, and how."""

    name: str
    how: Text


CIRCLE = say("is in their circle, or they in this one's")
CALLED = say("asked for help, and they were told")
HELPED = say("was told of their call for help")
MET = say("was put in touch with them")
EVERYBODY = say("They look after the network: from their device everybody here could be looked up.")


async def seen_from(turn: Turn, handle: str) -> tuple[Seen, ...]:
    """Who was visible from the device of this member. Raises NotYours.

    For coordinators only, also not for the person and not for administrators who are none.
    """
    row = await judged(turn, "act:seen-from", handle)
    if row.id == turn.viewer.member or not may("act:seen-from", turn.viewer, await ties_to(turn, row.id)):
        raise NotYours
    await audit.looked(turn, "read-seen", row.id)
    return await _around(turn, row.id)


async def looks_after(turn: Turn, member: str) -> bool:
    """Could this member look up everybody here?"""
    held = set(await roles.roles_of(turn.tx, member))
    return not held.isdisjoint({Role.COORDINATOR, Role.ADMINISTRATOR})


async def tell_coordinators(turn: Turn, member: str, name: str) -> None:
    """The list, for each coordinator but the person; it passes out of their room within the hour."""
    found = await _around(turn, member)
    text = lines(
        say("From the device of {name} one could see:", name=name),
        as_text(found),
        EVERYBODY if await looks_after(turn, member) else None,
        say("Think of each of them: who has to be warned, and by whom?"),
    )
    for one in await people.holders(turn.tx, Role.COORDINATOR):
        if one != member:
            await turn.record(Tell(one, text, Urgency.ALARM, passes=True))


def as_text(found: tuple[Seen, ...]) -> Text:
    """One line a person."""
    if not found:
        return say("Nobody whom this network brought together with them.")
    return line_list(say("{name}: {how}", name=one.name, how=one.how) for one in found)


async def _around(turn: Turn, member: str) -> tuple[Seen, ...]:
    circle = [one.handle for one in await circles.circle_of(turn.tx, member) if one.state == "yes"]
    ways = (
        (CIRCLE, [*circle, *await seen.in_whose_circle(turn.tx, member)]),
        (CALLED, await seen.whose_calls(turn.tx, member)),
        (HELPED, await seen.told_of_calls(turn.tx, member)),
        (MET, await seen.put_in_touch(turn.tx, member)),
    )
    found = {(name, how): Seen(name, how) for how, names in ways for name in names if name}
    return tuple(found.values())
