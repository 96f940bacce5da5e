"""Asked by one, confirmed by a second: the one place for everything that one person alone never does.

A service that does such an act calls `wish` instead of doing it. Nobody did it yet: it waits, and everybody
who may be the second is asked. Somebody else wished the same: it is agreed, and the service goes on.
What is done after a yes from elsewhere is in bots/seconding.py.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from directory import audit
from directory.core.effects import DueAt, NoLongerDue, Post, Stream, Tell, Urgency
from directory.core.relations import Ties
from directory.core.rules import may
from directory.core.text import Text, say
from directory.core.two_person import (
    AT_HOME,
    LASTS,
    MOVES,
    NEW_FOR,
    Act,
    Grant,
    Sides,
    State,
    Step,
    independent,
    may_second,
)
from directory.core.viewer import Lane, Role, Viewer
from directory.invitations import WRONG_WORDS
from directory.refusals import BadAnswer, NeedsWord, NotYours
from directory.store import joining, roles
from directory.store import members as rows
from directory.store import seconding as store
from directory.store.seconding import AskRow
from directory.turn import Turn

DUE = "second"
NEEDS: Mapping[Act, str] = {
    Act.GIVE_ADMINISTRATOR: "act:give-role",
    Act.NAME_CUSTODIAN: "act:name-custodian",
    Act.LIFT_SILENT: "act:lift-silent",
}
"""What whoever asked must still be allowed when the second says yes; a freeze is the circle's too."""
NEEDS_HANDS = say(
    "Somebody of this network has to be the second person for this, and hands over half of each code. Name a "
    "member as custodian instead."
)
KEEPERS = (Role.COORDINATOR, Role.ADMINISTRATOR)
Held = Mapping[str, list[Grant]]
QUESTION = "second"
"""The question put to whoever may be the second; context: {"ask": id}. 1 = yes, 0 = no."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """Two people want it. Only this module makes one; a deed takes it instead of believing a caller."""

    ask: str
    act: Act
    about: str | None
    detail: str
    asker: str | None


@dataclass(frozen=True, slots=True)
class Waits:
    """It waits for a second person. `asked`: how many here were asked; 0: it needs somebody from outside."""

    ask: str
    asked: int

    @property
    def text(self) -> Text:
        """What whoever asked is told."""
        if self.asked:
            return say("Thank you. One more person has to say the same.")
        return lonely()


def lonely() -> Text:
    """Nobody here can be the second: who else can, and what to write."""
    return say(
        "Nobody else here can be the second person. Write second and the name of a linked network, or second"
        " and a code that a custodian reads to you."
    )


async def wish(
    turn: Turn, act: Act, about: str | None, *, detail: str = "", others: Collection[str] = ()
) -> Agreed | Waits:
    """The viewer, who may do `act` and gave their word, wants it. `others` may be the second besides
    coordinators, administrators and custodians. Asking again changes nothing."""
    me, pressed = turn.viewer.member, turn.viewer.pressed
    for row in await store.open_about(turn.tx, act.value, about, turn.now):
        if opened(turn, row).get("detail", "") != detail:
            continue
        if row.asker == me and (pressed or not forced(turn, row)):
            return Waits(row.id, len(await seconds(turn, act, _sides(row), others)))
        if pressed or forced(turn, row) or not await still_wanted(turn, row):
            continue
        if may_second(_sides(row), me) and await _two_people(turn, row.asker, me, others):
            return await confirmed(turn, row, second=me)
    return await _ask(turn, act, about, detail, others)


async def seconds(turn: Turn, act: Act, sides: Sides, others: Collection[str] = ()) -> tuple[str, ...]:
    """Everybody of this network who may be the second, by id. Nobody else is asked: the question says about
    whom it is."""
    keepers = [await roles.holders(turn.tx, role) for role in KEEPERS]
    named = [one.member for one in await store.all_custodians(turn.tx) if one.member is not None]
    named = [one for one in named if may(f"act:second-{act}", Viewer(Lane.CHAT, one), Ties(custodian=True))]
    found = {*keepers[0], *keepers[1], *named, *others}
    held = await _grants(turn, others)
    able = [one for one in sorted(found) if may_second(sides, one) and _apart(sides.asker, one, held, turn)]
    known = [await rows.load(turn.tx, one) for one in able]
    return tuple(one.id for one in known if one is not None and one.state == "active")


async def judged(turn: Turn, ask: str, *, circle: Collection[str] = ()) -> AskRow:
    """An open wish that the viewer may decide. Raises NotYours for every other."""
    row = await store.load(turn.tx, ask)
    me = turn.viewer.member
    if row is None or me is None or row.state != State.OPEN or row.ends_at <= turn.now:
        raise NotYours
    if forced(turn, row) or not await still_wanted(turn, row):
        raise NotYours
    tied = Ties(custodian=await store.is_custodian(turn.tx, me), circle=me in circle)
    thing = "act:second-elsewhere" if row.network is not None else f"act:second-{row.act}"
    if not may(thing, turn.viewer, tied) or not may_second(_sides(row), me):
        raise NotYours
    if not await _two_people(turn, row.asker, me, circle):
        raise NotYours
    return row


async def agree(turn: Turn, ask: str, *, circle: Collection[str] = ()) -> Agreed | None:
    """The second says yes, with their word. Raises NotYours, NeedsWord. None when somebody forces them: it is
    over, so that it looks done, and is not."""
    row = await judged(turn, ask, circle=circle)
    if not turn.viewer.gave_word(turn.now):
        raise NeedsWord
    if turn.viewer.pressed:
        await end(turn, row, Step.WITHDRAW)
        return None
    return await confirmed(turn, row, second=turn.viewer.member)


async def refuse(turn: Turn, ask: str, *, circle: Collection[str] = ()) -> AskRow:
    """The second says no; that needs no word. Raises NotYours."""
    row = await judged(turn, ask, circle=circle)
    await end(turn, row, Step.REFUSE)
    await audit.note(turn, "second-refused", row.about, before=row.act)
    return row


async def agree_by_code(turn: Turn, ask: str, code_digest: bytes) -> Agreed | None:
    """Whoever asked types a code that a custodian outside read to them. Raises NotYours, BadAnswer. None when
    somebody forces or forced them: it looks done, and is not."""
    row = await store.load(turn.tx, ask)
    mine = turn.viewer.member if turn.viewer.lane is not Lane.TERMINAL else None
    if row is None or row.state != State.OPEN or row.ends_at <= turn.now or row.network is not None:
        raise NotYours
    if row.asker != mine or not await still_wanted(turn, row):
        raise NotYours
    if by_hand(row):
        raise BadAnswer(NEEDS_HANDS, field="code")
    custodian = await store.use_code(turn.tx, code_digest, turn.now)
    if custodian is None:
        raise BadAnswer(say("This code is not right. Please check it."), field="code")
    if turn.viewer.pressed or forced(turn, row):
        await end(turn, row, Step.WITHDRAW)
        return None
    return await confirmed(turn, row, second=None)


async def still_wanted(turn: Turn, row: AskRow) -> bool:
    """Might whoever asked still ask for it? Somebody held back, gone or without the role is not seconded."""
    if row.network is not None or row.asker is None:
        return True
    known = await rows.load(turn.tx, row.asker)
    if known is None or known.state != "active":
        return False
    needed = NEEDS.get(Act(row.act))
    held = frozenset({Role.MEMBER, *map(Role, await roles.roles_of(turn.tx, row.asker))})
    return needed is None or may(needed, Viewer(Lane.CHAT, row.asker, held))


def forced(turn: Turn, row: AskRow) -> bool:
    """Was whoever asked forced to? Then nobody was asked, and nothing comes of it."""
    return opened(turn, row).get("forced") == "1"


async def confirmed(turn: Turn, row: AskRow, *, second: str | None) -> Agreed:
    """The deed of every yes, for callers who have judged who says it."""
    await end(turn, row, Step.CONFIRM)
    await store.change(turn.tx, row.id, second=second, answered_at=turn.now)
    await audit.note(turn, "second-agreed", row.about, before=row.act)
    return Agreed(row.id, Act(row.act), row.about, opened(turn, row).get("detail", ""), row.asker)


async def by_id(turn: Turn, ask: str) -> AskRow | None:
    """One wish, for the deeds."""
    return await store.load(turn.tx, ask)


def by_hand(row: AskRow) -> bool:
    """Does whoever says yes have to hand something over? Then nobody from outside can."""
    return row.network is None and row.act == Act.NAME_CUSTODIAN and row.about is None


async def take_agreed(turn: Turn, act: Act, about: str | None, *, detail: str = "") -> Agreed | None:
    """What the viewer asked and a second agreed to, whose deed is only done now, once."""
    for row in await store.agreed_about(turn.tx, act.value, about, turn.now):
        if row.asker == turn.viewer.member and opened(turn, row).get("detail", "") == detail:
            agreed = Agreed(row.id, act, about, detail, row.asker)
            await done(turn, agreed)
            return agreed
    return None


async def done(turn: Turn, agreed: Agreed) -> None:
    """The deed is done: it cannot be done again."""
    await store.change(turn.tx, agreed.ask, state=MOVES[State.AGREED, Step.DONE].value)


async def end(turn: Turn, row: AskRow, step: Step) -> None:
    """One step of its life, and nobody is asked any more. Raises KeyError for a step it cannot take."""
    await store.change(turn.tx, row.id, state=MOVES[State(row.state), step].value)
    await turn.record(NoLongerDue(DUE, row.id))
    await take_back(turn, row)


async def take_back(turn: Turn, row: AskRow) -> None:
    """The linked network that was asked has nothing to decide any more."""
    if row.network is None and row.asked_network is not None and not forced(turn, row):
        body = asked_body(turn, row)
        await turn.record(Post(row.asked_network, Stream.WORK, "second", {**body, "state": "over"}))


def asked_body(turn: Turn, row: AskRow) -> dict[str, object]:
    """What a linked network is told: what, by whom, until when; never about whom."""
    by = opened(turn, row).get("by") or "—"
    ends = round(row.ends_at.timestamp() * 1000)
    return {"id": row.peer_ref, "act": row.act, "by": by, "ends_at": ends}


async def over(turn: Turn, act: Act, about: str | None, *, asker: str | None = None) -> None:
    """What was wished about this has no sense any more; with `asker`, only what they wished."""
    for row in await store.open_about(turn.tx, act.value, about, turn.now):
        if asker is None or row.asker == asker:
            await end(turn, row, Step.WITHDRAW)


async def forget(turn: Turn, member: str) -> int:
    """Somebody stops working here: custodian no more, and what they asked for is over. How many that was."""
    ended = await store.end_member(turn.tx, member)
    for row in await store.all_open(turn.tx, turn.now):
        if row.network is None and row.asker == member:
            await end(turn, row, Step.WITHDRAW)
            ended += 1
    return ended


def opened(turn: Turn, row: AskRow) -> dict[str, str]:
    """by, detail, forced: what only the watch key opens."""
    kept = turn.guard.open_fields("second_asks", row.id, row.guarded, watch=True)
    return {name: str(value) for name, value in kept.items()}


async def _ask(turn: Turn, act: Act, about: str | None, detail: str, others: Collection[str]) -> Waits:
    """Somebody who is forced has it in their list, as if others had been asked."""
    me = turn.viewer.member
    ends, ask = turn.now + LASTS, turn.ids()
    kept = {"by": await _handle(turn, me), "detail": detail, "forced": "1" if turn.viewer.pressed else "0"}
    sealed = turn.guard.seal_fields("second_asks", ask, kept, watch=True)
    row = AskRow(ask, act.value, about, me, None, None, None, "open", None, sealed, turn.now, ends)
    await store.add(turn.tx, row)
    await turn.record(DueAt(DUE, ask, ends))
    able = await seconds(turn, act, _sides(row), others)
    for one in () if turn.viewer.pressed else able:
        question = await put(turn, row)
        await turn.record(
            Tell(one, question, Urgency.ANSWER, wakes=True, question=QUESTION, context={"ask": ask})
        )
    await audit.note(turn, "second-asked", about, after=act.value)
    return Waits(ask, len(able))


async def put(turn: Turn, row: AskRow) -> Text:
    """The question as a second person here reads it."""
    about = await _handle(turn, row.about)
    name = about or opened(turn, row).get("detail", "")
    by = opened(turn, row).get("by") or say("The technician")
    return say("{by} asks you as the second person. {name}: {what}. 1 = yes, 0 = no", by=by, name=name,
               what=AT_HOME[Act(row.act)])  # fmt: skip


async def _two_people(turn: Turn, asker: str | None, second: str | None, circle: Collection[str]) -> bool:
    return asker is None or second is None or _apart(asker, second, await _grants(turn, circle), turn)


def _apart(asker: str | None, second: str, held: Held, turn: Turn) -> bool:
    return asker is None or independent(asker, second, held, turn.now)


async def _grants(turn: Turn, circle: Collection[str]) -> Held:
    """What lets everybody here be one of two. Two named a custodian, the person herself her circle; but who
    was let back in by one person, and proved by no word that it is still them, says yes for that one."""
    held = await roles.grants(turn.tx, KEEPERS)
    back = await joining.let_back_in(turn.tx, turn.now - NEW_FOR, most_tries=WRONG_WORDS)
    named = [(one.member, one.since) for one in await store.all_custodians(turn.tx) if one.member is not None]
    for member, since in [*named, *((one, turn.now) for one in circle)]:
        held.setdefault(member, []).extend(back.get(member) or [Grant(None, since)])
    return held


def _sides(row: AskRow) -> Sides:
    return Sides(row.asker, row.about)


async def _handle(turn: Turn, member: str | None) -> str:
    row = await rows.load(turn.tx, member) if member is not None else None
    return "" if row is None else row.name
