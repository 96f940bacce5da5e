"""Custodians: whom a network names as the second person, so that one coordinator alone is never stuck.

A member confirms with their word like any other second. Somebody outside is given a sheet of codes, and
reads one aloud to whoever asks, when they agree: each works once. Two people hand a sheet over, each half of
every code: whoever asks has never seen a whole one. Only the first sheet is shown whole, in the ceremony.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from directory import audit, members, seconding
from directory.core.codes import SHEET_HALF, SHEET_SYMBOLS, code_from, sheet_code
from directory.core.effects import Tell, Urgency
from directory.core.rules import may
from directory.core.text import Text, say
from directory.core.two_person import Act
from directory.refusals import BadAnswer, NeedsWord, NotYours
from directory.store import members as rows
from directory.store import seconding as store
from directory.store.seconding import CustodianRow
from directory.turn import Turn

CODES = 8
"""How many codes a sheet has; the next sheet is a new custodian."""


@dataclass(frozen=True, slots=True)
class Custodian:
    """One of them. `codes`: how many of the sheet are left; None for a member."""

    id: str
    name: str
    codes: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The codes of somebody outside, as they are shown once. What is kept are digests.

    `halves`: the first half of each; the second person was shown the others, so that neither has a code.
    """

    name: str
    codes: tuple[str, ...]
    halves: bool = False

    @property
    def text(self) -> Text:
        """What to do with it."""
        if self.halves:
            return say("These are the first halves. {name} gets the second halves from whoever said yes. A "
                       "code is both halves, read aloud.", name=self.name)  # fmt: skip
        return say("Print it or write it down; it is not shown again. They read one code aloud when they "
                   "agree; each works once.")  # fmt: skip


async def first(turn: Turn, name: str) -> Sheet:
    """Somebody outside, named in the ceremony itself, before anybody could be asked. Raises NotYours."""
    if not may("act:found", turn.viewer) or await store.all_custodians(turn.tx):
        raise NotYours
    return await _sheet(turn, name)


async def name_outside(turn: Turn, name: str) -> Sheet | seconding.Waits | None:
    """Somebody outside. It needs a second person of this network, who is shown one half of every code; called
    again after their yes, it gives whoever asked the other half. None for a second who asked for the same.

    Raises NotYours, NeedsWord, BadAnswer.
    """
    _may_name(turn)
    if not name.strip():
        raise BadAnswer(say("Please write a name."), field="name")
    agreed = await seconding.take_agreed(turn, Act.NAME_CUSTODIAN, None, detail=name.strip())
    if agreed is not None and (sheet := await _first_halves(turn, agreed)) is not None:
        return sheet
    outcome = await seconding.wish(turn, Act.NAME_CUSTODIAN, None, detail=name.strip())
    if isinstance(outcome, seconding.Agreed):
        await named(turn, outcome)
        return None
    if outcome.asked == 0:
        raise BadAnswer(seconding.NEEDS_HANDS, field="name")
    return outcome


async def name_member(turn: Turn, handle: str) -> seconding.Waits | None:
    """A member. It needs a second person itself: what it waits for. Raises NotYours, NeedsWord."""
    _may_name(turn)
    row = await members.known_by(turn, handle)
    if row is None or row.state != "active" or row.id == turn.viewer.member:
        raise NotYours
    if await store.is_custodian(turn.tx, row.id):
        return None
    outcome = await seconding.wish(turn, Act.NAME_CUSTODIAN, row.id)
    if isinstance(outcome, seconding.Waits):
        return outcome
    await named(turn, outcome)
    return None


async def named(turn: Turn, agreed: seconding.Agreed) -> None:
    """The deed, once two want it."""
    if agreed.about is None:
        await _second_halves(turn, agreed)
        return
    row = await rows.load(turn.tx, agreed.about)
    if row is None or row.state != "active":
        return
    await store.add_custodian(turn.tx, CustodianRow(turn.ids(), row.id, None, turn.now))
    await seconding.done(turn, agreed)
    await audit.note(turn, "custodian-named", row.id)
    await turn.record(Tell(row.id, say("You may be asked now as the second person, for what needs two.")))


async def _second_halves(turn: Turn, agreed: seconding.Agreed) -> None:
    """The second person is shown theirs now; the first halves wait for whoever asked."""
    ask = await seconding.by_id(turn, agreed.ask)
    if ask is None or ask.second is None:
        return
    codes = [code_from(turn.ids(), 2 * SHEET_HALF) for _ in range(CODES)]
    halves = [code.split("-") for code in codes]
    first = ["-".join(groups[: len(groups) // 2]) for groups in halves]
    fields = {"name": agreed.detail, "ask": agreed.ask, "first": " ".join(first)}
    await _keep(turn, fields, codes)
    shown = " · ".join(f"{at}: {'-'.join(groups[len(groups) // 2 :])}" for at, groups in enumerate(halves, 1))
    text = say(
        "The second half of each code for {name}. Hand them over yourself; whoever asked hands over the "
        "first halves. Then delete this. {codes}",
        name=agreed.detail,
        codes=shown,
    )
    await turn.record(Tell(ask.second, text, Urgency.ANSWER, passes=True))


async def _first_halves(turn: Turn, agreed: seconding.Agreed) -> Sheet | None:
    for row in await store.all_custodians(turn.tx):
        kept = _opened(turn, row)
        if kept.get("ask") == agreed.ask:
            name = {"name": kept["name"]}
            await store.reseal_custodian(turn.tx, row.id, _sealed(turn, row.id, name))
            return Sheet(kept["name"], tuple(kept["first"].split()), halves=True)
    return None


async def everybody(turn: Turn) -> tuple[Custodian, ...]:
    """All of them, for administrators and reviewers. Raises NotYours."""
    if not may("act:custodians", turn.viewer):
        raise NotYours
    await audit.looked(turn, "read-custodians")
    found = []
    for row in await store.all_custodians(turn.tx):
        if row.member is not None:
            found.append(Custodian(row.id, await members.handle_of(turn.tx, row.member), None))
        else:
            found.append(Custodian(row.id, _opened(turn, row)["name"], row.left))
    return tuple(found)


async def end(turn: Turn, custodian: str) -> None:
    """They are asked no more, and their sheet is paper. One alone may do that. Raises NotYours, NeedsWord."""
    _may_name(turn)
    if not await store.end_custodian(turn.tx, custodian):
        raise NotYours
    await audit.note(turn, "custodian-ended")


def sheet_digest(turn: Turn, typed: str) -> bytes:
    """What a code of a sheet is found by. Raises BadAnswer for what cannot be one."""
    plain = sheet_code(typed)
    if plain is None:
        raise BadAnswer(say("This code is not right. Please check it."), field="code")
    return turn.guard.digest("custodian-code", plain)


async def _sheet(turn: Turn, name: str) -> Sheet:
    codes = tuple(code_from(turn.ids(), SHEET_SYMBOLS) for _ in range(CODES))
    await _keep(turn, {"name": name.strip()}, codes)
    return Sheet(name.strip(), codes)


async def _keep(turn: Turn, fields: Mapping[str, str], codes: Collection[str]) -> None:
    custodian = turn.ids()
    row = CustodianRow(custodian, None, _sealed(turn, custodian, fields), turn.now)
    await store.add_custodian(turn.tx, row, [sheet_digest(turn, code) for code in codes])
    await audit.note(turn, "custodian-named")


def _sealed(turn: Turn, custodian: str, fields: Mapping[str, str]) -> bytes | None:
    return turn.guard.seal_fields("custodians", custodian, fields, watch=True)


def _opened(turn: Turn, row: CustodianRow) -> dict[str, str]:
    """name; and until the sheet is handed out: ask, first."""
    kept = turn.guard.open_fields("custodians", row.id, row.guarded, watch=True)
    return {name: str(value) for name, value in kept.items()}


def _may_name(turn: Turn) -> None:
    if not may("act:name-custodian", turn.viewer):
        raise NotYours
    if turn.viewer.member is not None and not turn.viewer.gave_word(turn.now):
        raise NeedsWord
