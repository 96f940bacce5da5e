"""What happens after a second person's yes or no, and how that person is found beyond our own network.

A linked network is told what it is about and who asks, never about whom; its coordinator rings the asker. Its
answer counts only from the network that was asked, and only while the wish is open.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bots import freezing, pressed
from bots.around import circle_of
from bots.desk import Desk
from bots.saying import note
from bots.store import people
from directory import audit, custodians, members, seconding
from directory.core.effects import DueAt, Post, Stream, TellRoles, Urgency
from directory.core.text import Text, say
from directory.core.two_person import AT_HOME, ELSEWHERE, LASTS, Act, State, Step
from directory.core.viewer import Role
from directory.refusals import BadAnswer, NotYours
from directory.seconding import Agreed
from directory.store import networks
from directory.store import seconding as store
from directory.store.seconding import AskRow
from directory.turn import Turn

MOST_OPEN = 6
"""So many wishes of one linked network are shown within three days: each wakes every coordinator."""
Body = Mapping[str, object]
Deed = Callable[[Turn, Agreed], Awaitable[object]]
DEEDS: Mapping[Act, Deed] = {
    Act.KEEP_FREEZE: freezing.decided,
    Act.LIFT_FREEZE: freezing.decided,
    Act.GIVE_ADMINISTRATOR: members.made_administrator,
    Act.NAME_CUSTODIAN: custodians.named,
    Act.LIFT_SILENT: pressed.lifted,
}
"""What is done after a yes. An act without a deed does not start: a test holds it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One wish as this viewer sees it: the only thing a linked network's coordinator learns."""

    id: str
    text: Text
    mine: bool
    may_answer: bool
    network: str
    asked_network: str
    ends_at: datetime


async def listed(turn: Turn) -> tuple[Shown, ...]:
    """What waits for a second person and is for this viewer to see: theirs to ask, or theirs to answer."""
    found = []
    for row in await store.all_open(turn.tx, turn.now):
        mine = row.network is None and row.asker == turn.viewer.member
        able = await _may_answer(turn, row)
        if mine or able:
            names = [await _name(turn, one) if one else "" for one in (row.network, row.asked_network)]
            found.append(Shown(row.id, await _text(turn, row), mine, able, names[0], names[1], row.ends_at))
    return tuple(found)


async def answer(turn: Turn, ask: str, *, yes: bool) -> Text:
    """The second person's answer: yes with their word, no without. What they are told.

    Raises NotYours, NeedsWord.
    """
    row = await store.load(turn.tx, ask)
    circle = await circle_of(turn, row.about) if row is not None and row.about else ()
    if row is not None and row.network is not None:
        return await _answer_elsewhere(turn, row, yes=yes)
    if not yes:
        refused = await seconding.refuse(turn, ask, circle=circle)
        await _tell_asker(turn, refused, say("The second person said no. Nothing was changed."))
        return say("Good. Nothing was changed.")
    agreed = await seconding.agree(turn, ask, circle=circle)
    if agreed is not None:
        await carry_out(turn, agreed)
    return say("Thank you. It is done.")


async def use_code(turn: Turn, ask: str, typed: str) -> Text:
    """Whoever asked types the code a custodian outside read to them. Raises NotYours, BadAnswer."""
    agreed = await seconding.agree_by_code(turn, ask, custodians.sheet_digest(turn, typed))
    if agreed is not None:
        await carry_out(turn, agreed)
    return say("Thank you. It is done.")


async def carry_out(turn: Turn, agreed: Agreed) -> None:
    """The deed, and a word to whoever asked for it."""
    await DEEDS[agreed.act](turn, agreed)
    row = await store.load(turn.tx, agreed.ask)
    if row is not None and row.asker != turn.viewer.member:
        await _tell_asker(turn, row, say("The second person said yes: {what}.", what=AT_HOME[agreed.act]))


async def pass_on(desk: Desk, turn: Turn, ask: str, network: str) -> str:
    """Whoever asked turns to a linked network that agreed to be our second person; its name. Raises NotYours,
    BadAnswer."""
    row = await store.load(turn.tx, ask)
    linked = await networks.load(turn.tx, network)
    if row is None or row.network is not None or row.asker != turn.viewer.member or row.state != State.OPEN:
        raise NotYours
    if linked is None or linked.home or linked.state != "active" or row.ends_at <= turn.now:
        raise NotYours
    if seconding.by_hand(row):
        raise BadAnswer(seconding.NEEDS_HANDS, field="network")
    if not (await desk.promises(turn, network)).second:
        text = say(
            "{network} has not agreed to be your second person. Ask a custodian, or sign a new agreement with"
            " them that says so.",
            network=linked.name,
        )
        raise BadAnswer(text, field="network")
    await seconding.take_back(turn, row)
    asked = replace(row, asked_network=network, peer_ref=turn.ids())
    await store.change(turn.tx, row.id, asked_network=network, peer_ref=asked.peer_ref)
    if not turn.viewer.pressed and not seconding.forced(turn, row):
        await turn.record(Post(network, Stream.WORK, "second", seconding.asked_body(turn, asked)))
    await audit.note(turn, "second-passed", row.about, before=row.act, after=linked.name)
    return linked.name


async def on_due(turn: Turn, ask: str) -> None:
    """Nobody said yes in time."""
    row = await store.load(turn.tx, ask)
    if row is None or row.state != State.OPEN:
        return
    if turn.now < row.ends_at:
        await turn.record(DueAt(seconding.DUE, ask, row.ends_at))
        return
    await seconding.end(turn, row, Step.EXPIRE)
    await _tell_asker(turn, row, say("Nobody was the second person in time. Nothing was changed."))


async def receive_second(turn: Turn, network: str, body: Body) -> None:
    """A linked network asks for a second person, or needs none any more. An act we do not know is not shown:
    nobody can answer for what they cannot read."""
    ref = str(body["id"])
    known = await store.by_ref(turn.tx, ref, network=network)
    if known is not None:
        if body.get("state") == "over" and known.state == State.OPEN:
            await seconding.end(turn, known, Step.WITHDRAW)
        return
    act = str(body["act"])
    if body.get("state") == "over" or act not in set(Act):
        return
    if await store.count_recent(turn.tx, network, turn.now) >= MOST_OPEN:
        return
    ends = min(datetime.fromtimestamp(int(str(body["ends_at"])) / 1000, tz=UTC), turn.now + LASTS)
    ask = turn.ids()
    sealed = turn.guard.seal_fields("second_asks", ask, {"by": str(body["by"])}, watch=True)
    row = AskRow(ask, act, None, None, network, None, ref, "open", None, sealed, turn.now, ends)
    await store.add(turn.tx, row)
    await turn.record(DueAt(seconding.DUE, ask, ends))
    question, context = await _text(turn, row), {"ask": ask}
    await turn.record(
        TellRoles(
            Role.COORDINATOR,
            question,
            Urgency.ANSWER,
            wakes=True,
            question=seconding.QUESTION,
            context=context,
        )
    )


async def receive_seconded(turn: Turn, network: str, body: Body) -> None:
    """The answer of the network we asked; from any other, or too late, it says nothing."""
    row = await store.by_ref(turn.tx, str(body["request"]), asked=network)
    if row is None or row.state != State.OPEN or row.ends_at <= turn.now:
        return
    if not await seconding.still_wanted(turn, row):
        return
    name = await _name(turn, network)
    if body.get("yes") is not True:
        await store.change(turn.tx, row.id, asked_network=None, peer_ref=None)
        await _tell_asker(turn, row, say("{network} said no. You can ask somebody else.", network=name))
        return
    answered = replace(row, asked_network=None)  # they know it already
    await carry_out(turn, await seconding.confirmed(turn, answered, second=None))


async def put(turn: Turn, ask: str) -> Text | None:
    """The question once more, while this viewer may answer it."""
    row = await store.load(turn.tx, ask)
    return await _text(turn, row) if row is not None and await _may_answer(turn, row) else None


async def _answer_elsewhere(turn: Turn, row: AskRow, *, yes: bool) -> Text:
    said = say("Thank you. They hear your answer.")
    if not yes:
        await seconding.refuse(turn, row.id)
    elif await seconding.agree(turn, row.id) is None:
        return said  # somebody forces them: nothing is sent
    by = await members.handle_of(turn.tx, turn.viewer.member or "")
    body = {"request": row.peer_ref, "yes": yes, "by": by}
    await turn.record(Post(str(row.network), Stream.WORK, "seconded", body))
    await audit.note(turn, "second-elsewhere", before=row.act, after="yes" if yes else "no")
    return said


async def _may_answer(turn: Turn, row: AskRow) -> bool:
    try:
        circle = await circle_of(turn, row.about) if row.about else ()
        await seconding.judged(turn, row.id, circle=circle)
    except NotYours:
        return False
    return True


async def _text(turn: Turn, row: AskRow) -> Text:
    if row.network is None:
        return await seconding.put(turn, row)
    return say(
        "{by} of {network} asks for a second person: {what}. Ring them first. 1 = yes, 0 = no",
        by=seconding.opened(turn, row).get("by", "—"),
        network=await _name(turn, row.network),
        what=ELSEWHERE[Act(row.act)],
    )


async def _tell_asker(turn: Turn, row: AskRow, text: Text) -> None:
    if row.network is None and row.asker is not None:
        await note(turn, row.asker, text)


async def _name(turn: Turn, network: str) -> str:
    return await people.network_name(turn.tx, network)
