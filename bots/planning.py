"""How a member's alarm will run, said beforehand: circle, networks, time to stop it unheard, preset words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bots import drills
from bots.alarms.staffing import on_call
from bots.core.alarms import Severity
from bots.core.drills import Staffed
from bots.core.ladder import Rung
from bots.desk import Desk
from bots.saying import lines, note
from bots.store import circles, duty, people
from directory import members
from directory.core.text import Text, say
from directory.refusals import BadAnswer, NotYours
from directory.turn import Turn

LONGEST_WINDOW = timedelta(minutes=30)
LONGEST_WAIT = timedelta(hours=1)
LARGEST_CIRCLE = 5


@dataclass(frozen=True, slots=True)
class PlanView:
    """The viewer's plan as it would run now.

    `circle` and `asked` are handles; `networks` are (id, name, linked); `on_call` counts those who would
    be asked second; `staffed_from`: when the next duty begins, if none runs; `elsewhere`: does one of
    the circle live in another country. `staffed`: who has shown that their phone wakes them; `covers`: what
    every linked network signed about our calls for help.
    """

    window: timedelta
    circle_wait: timedelta
    circle: tuple[str, ...]
    asked: tuple[str, ...]
    networks: tuple[tuple[str, str, bool], ...]
    text: str
    place: str
    on_call: int
    on_duty: int
    staffed_from: datetime | None
    elsewhere: bool
    staffed: Staffed
    help: str = ""
    operator: str = ""
    covers: tuple[NetworkCover, ...] = ()

    @property
    def live(self) -> bool:
        """Has somebody confirmed that they can be asked first?"""
        return bool(self.circle)


@dataclass(frozen=True, slots=True)
class NetworkCover:
    """What a linked network promised, sentence by sentence. `answers`: would it answer the viewer now?"""

    network: str
    name: str
    named: bool
    answers: bool
    lines: tuple[Text, ...]


async def plan(desk: Desk, turn: Turn) -> PlanView:
    """The viewer's plan. Raises NotYours without a member."""
    member = _member(turn)
    kept = await circles.plan_of(turn.tx, turn.guard, member)
    me = await people.person(turn.tx, member)
    around = await circles.circle_of(turn.tx, member)
    known = {one.id: one for one in await people.linked(turn.tx)}
    awake = await duty.running(turn.tx, turn.now)
    window = desk.times.cancel_window_s if kept.cancel_window_s is None else kept.cancel_window_s
    agreed = [one for one in around if one.state == "yes"]
    return PlanView(
        window=timedelta(seconds=window),
        circle_wait=desk.times.wait(Rung.CIRCLE, Severity.HIGH, kept.circle_wait_s),
        circle=tuple(one.handle for one in agreed),
        asked=tuple(one.handle for one in around if one.state != "yes"),
        networks=tuple(
            (one, known[one].name, known[one].state == "active") for one in kept.networks if one in known
        ),
        text=kept.fields.get("text", ""),
        place=kept.fields.get("place", ""),
        on_call=len([one for one in await on_call(turn) if one != member]),
        on_duty=len([one for one in awake if one.member != member]),
        staffed_from=None if awake else await duty.next_start(turn.tx, turn.now),
        elsewhere=any(me is not None and one.country not in (None, me.country) for one in agreed),
        help=kept.fields.get("help", ""),
        operator=kept.fields.get("operator", ""),
        covers=await _covers(desk, turn, kept, me.languages if me is not None else ()),
        staffed=await drills.staffed(desk, turn),
    )


async def _covers(
    desk: Desk, turn: Turn, kept: circles.PlanRow, spoken: tuple[str, ...]
) -> tuple[NetworkCover, ...]:
    found = []
    for one in await people.linked(turn.tx):
        if one.state == "active":
            promise = await desk.promises(turn, one.id)
            answers = promise.answers(spoken, kept.fields.get("help", ""))
            found.append(NetworkCover(one.id, one.name, one.id in kept.networks, answers, promise.lines))
    return tuple(found)


async def set_plan(
    desk: Desk,
    turn: Turn,
    *,
    window: timedelta | None = None,
    circle_wait: timedelta | None = None,
    networks: tuple[str, ...] | None = None,
    text: str | None = None,
    place: str | None = None,
    help: str | None = None,
    operator: str | None = None,
) -> None:
    """Change parts of the viewer's plan; what is None stays. `networks` are ids, in the order to be asked.

    Raises BadAnswer for a time that is too long or a network we do not know.
    """
    member = _member(turn)
    if window is not None and not timedelta(0) <= window <= LONGEST_WINDOW:
        raise BadAnswer(say("Please choose a time between 0 seconds and 30 minutes."), field="window")
    if circle_wait is not None and not timedelta(0) < circle_wait <= LONGEST_WAIT:
        raise BadAnswer(say("Please choose a time of at most one hour."), field="circle_wait")
    known = {one.id for one in await people.linked(turn.tx)}
    if networks is not None and not known.issuperset(networks):
        raise BadAnswer(say("We are not linked with that network."), field="networks")
    kept = await circles.plan_of(turn.tx, turn.guard, member)
    fields = {**kept.fields}
    if help and help not in desk.vocabulary.offers.keys():  # noqa: SIM118 — a tree, no dict
        raise BadAnswer(say("Please choose a kind of help from the list."), field="help")
    said = (("text", text), ("place", place), ("help", help), ("operator", operator))
    fields |= {name: value for name, value in said if value is not None}
    changed = replace(
        kept,
        cancel_window_s=kept.cancel_window_s if window is None else int(window.total_seconds()),
        circle_wait_s=kept.circle_wait_s if circle_wait is None else int(circle_wait.total_seconds()),
        networks=kept.networks if networks is None else tuple(dict.fromkeys(networks)),
        fields=fields,
    )
    await circles.keep_plan(turn.tx, turn.guard, member, changed, desk.times.cancel_window_s)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants if they are ever held or missing: quiet, public, or what `proxy` says then."""

    wish: str
    proxy: str


WISHES = frozenset({"quiet", "public", "ask"})


async def my_wish(turn: Turn) -> Wish:
    """The viewer's. Unsaid it is quiet. Raises NotYours."""
    kept = (await circles.plan_of(turn.tx, turn.guard, _member(turn))).fields
    proxy = await people.person(turn.tx, kept.get("proxy", ""))
    return Wish(kept.get("wish") or "quiet", proxy.handle if proxy is not None else "")


async def set_wish(desk: Desk, turn: Turn, wish: str, proxy: str = "") -> None:
    """Say it beforehand. `ask` names somebody of the circle who says it then. Raises NotYours, BadAnswer."""
    member = _member(turn)
    kept = await circles.plan_of(turn.tx, turn.guard, member)
    agreed = {
        one.handle: one.member for one in await circles.circle_of(turn.tx, member) if one.state == "yes"
    }
    named = next((agreed[one] for one in agreed if one.casefold() == proxy.strip("@ ").casefold()), "")
    if wish not in WISHES or (wish == "ask" and not named):
        raise BadAnswer(say("Please write quiet, public, or ask and a name of your circle."), field="wish")
    fields = {**kept.fields, "wish": wish, "proxy": named}
    changed = replace(kept, fields=fields)
    await circles.keep_plan(turn.tx, turn.guard, member, changed, desk.times.cancel_window_s)


async def circle_ask(turn: Turn, handle: str) -> None:
    """Ask somebody of the own network to be in one's circle; they are in it after their yes.

    Raises NotYours for a handle nobody here has, BadAnswer for oneself or when the circle is full.
    """
    member = _member(turn)
    contact = await members.find_handle(turn, handle)
    if contact is None:
        raise NotYours
    if contact == member:
        raise BadAnswer(say("You cannot be in your own circle."), field="circle")
    around = await circles.circle_of(turn.tx, member)
    if contact in {one.member for one in around}:
        return
    if len(around) >= LARGEST_CIRCLE:
        raise BadAnswer(say("A circle has at most {most} people.", most=LARGEST_CIRCLE), field="circle")
    me = await people.person(turn.tx, member)
    await circles.ask(turn.tx, member, contact, turn.now)
    text = lines(
        say("{name} asks you to be in their circle.", name=me.handle if me else ""),
        say("You would be asked first when they need help, at any hour."),
        say("1 = yes, 0 = no"),
    )
    await note(turn, contact, text, "circle", member=member)


async def circle_answer(turn: Turn, member: str, yes: bool) -> bool:
    """The viewer's answer to being asked into the circle of `member`; False when nobody asks any more."""
    contact = _member(turn)
    me = await people.person(turn.tx, contact)
    name = me.handle if me is not None else ""
    if yes:
        done = await circles.say_yes(turn.tx, member, contact, turn.now)
        text = say("{name} is in your circle now.", name=name)
    else:
        done = await circles.remove(turn.tx, member, contact)
        text = say("{name} cannot be in your circle.", name=name)
    if done:
        await note(turn, member, text)
    return done


async def circle_leave(turn: Turn, handle: str) -> bool:
    """Take somebody out of the viewer's circle; False when they were not in it."""
    member = _member(turn)
    contact = await members.find_handle(turn, handle)
    return contact is not None and await circles.remove(turn.tx, member, contact)


def _member(turn: Turn) -> str:
    if turn.viewer.member is None:
        raise NotYours
    return turn.viewer.member
