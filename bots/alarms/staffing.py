"""Who could be asked now, rung by rung."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bots.core.ladder import Rung, Staffing
from bots.desk import Desk
from bots.saying import lines
from bots.store import circles, duty, people
from bots.store.actions import Action
from directory.core.text import Text, say
from directory.core.viewer import Role
from directory.turn import Turn


async def staffing_of(desk: Desk, turn: Turn, action: Action) -> Staffing:
    """Who could be asked on each rung now; never the person the alarm is about.

    While the circle comes next and is there, nobody looks further: what is not read wakes people sooner.
    """
    if action.member is None:
        return await _staffing_for_others(desk, turn, action)
    circle = [one.member for one in await circles.circle_of(turn.tx, action.member) if one.state == "yes"]
    if circle and action.rung < Rung.CIRCLE:
        return Staffing(circle=tuple(circle))
    plan = await circles.plan_of(turn.tx, turn.guard, action.member)
    linked = await linked_of(turn, plan.networks)
    return Staffing(
        circle=tuple(circle),
        coordinators=tuple(one for one in await on_call(turn) if one != action.member),
        networks=await covered(desk, turn, linked, action.fields),
        networks_named=len(plan.networks),
        networks_linked=len(linked),
    )


async def linked_of(turn: Turn, named: Sequence[str]) -> tuple[str, ...]:
    """Which of these networks are linked now, in the person's order."""
    linked = {one.id for one in await people.linked(turn.tx) if one.state == "active"}
    return tuple(one for one in named if one in linked)


async def covered(
    desk: Desk, turn: Turn, networks: Sequence[str], fields: Mapping[str, str]
) -> tuple[str, ...]:
    """Which of these networks signed that they answer somebody like this at this hour (DESIGN 1)."""
    spoken = tuple((fields.get("languages") or fields.get("language", "")).split())
    promised = [(one, await desk.promises(turn, one)) for one in networks]
    return tuple(one for one, promise in promised if promise.answers(spoken, fields.get("help", "")))


async def first_rung(desk: Desk, turn: Turn, action: Action) -> tuple[Rung, int] | None:
    """Which rung would be asked first now, and how many are on it; None when there is nobody at all."""
    staffing = await staffing_of(desk, turn, action)
    return next(((rung, len(staffing.on(rung))) for rung in Rung if staffing.on(rung)), None)


async def nobody_awake(turn: Turn) -> Text | None:
    """In an hour nobody covers: who hears a call all the same, and when somebody is on duty."""
    if await duty.running(turn.tx, turn.now):
        return None
    coming = await duty.next_start(turn.tx, turn.now)
    return lines(
        say("Nobody is on duty now; a call still rings at everyone on call."),
        say("Somebody is on duty from {at}.", at=coming) if coming is not None else None,
    )


async def on_call(turn: Turn) -> tuple[str, ...]:
    """Every coordinator and whoever is on duty; administrators where there is neither."""
    coordinators = await people.holders(turn.tx, Role.COORDINATOR)
    awake = tuple(one.member for one in await duty.running(turn.tx, turn.now))
    found = tuple(dict.fromkeys((*awake, *coordinators)))
    return found or await people.holders(turn.tx, Role.ADMINISTRATOR)


async def plan_for(turn: Turn, action: Action) -> circles.PlanRow:
    """The person's own plan; an empty one for somebody of a linked network."""
    if action.member is None:
        return circles.PlanRow()
    return await circles.plan_of(turn.tx, turn.guard, action.member)


async def _staffing_for_others(desk: Desk, turn: Turn, action: Action) -> Staffing:
    """For somebody of a linked network: those on duty in their language and place; then all on call."""
    awake = await duty.running(turn.tx, turn.now)
    language, country = action.fields.get("language", ""), action.fields.get("country", "")
    fluent = [one for one in awake if language in one.languages] or list(awake)
    near = [one for one in fluent if _covers(desk, one, country)] or fluent
    first = tuple(dict.fromkeys(one.member for one in near))
    return Staffing(circle=first, coordinators=await on_call(turn))


def _covers(desk: Desk, one: duty.OnDuty, country: str) -> bool:
    """Without regions somebody is on duty for all of them."""
    tree = desk.vocabulary.regions
    around = {country, *(tree.ancestors(country) if country in tree.keys() else ())}  # noqa: SIM118
    return not one.regions or not country or not around.isdisjoint(one.regions)
