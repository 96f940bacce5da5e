"""Off-boarding in one step: all somebody had for the network's work is gone, and they stay a member."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bots_stage import Stage, a_person
from people import an_organisation, matrix_id, seen_as
from sqlalchemy import func, select

from bots import duty, offboarding
from bots.store import conversations
from bots.store.tables import duty as duty_rows
from directory import custodians, joining, later, members, sign_ins
from directory.core.effects import CardChanged, Effect, TellRoles
from directory.core.text import in_english
from directory.core.viewer import Lane, Role, Viewer
from directory.store import tables
from directory.turn import Turn
from hub import holding
from hub.api import sessions, tokens
from hub.chance import chance, random_id
from hub.custody import Kind, begin, rings, sheets
from hub.custody.locked import WrongKey, by_sheets
from hub.custody.rings import Begun
from hub.due import CLOCK
from hub.effects import Recorder
from hub.letters import LetterBox
from hub.store import rooms
from hub.store.tables import roster

if TYPE_CHECKING:
    from conftest import Desk


async def _nothing(*_: object) -> None:
    """Posts and cards are not looked at here."""


@asynccontextmanager
async def a_turn(desk: Desk, viewer: Viewer) -> AsyncIterator[Turn]:
    """With the effects that a running hub writes."""
    recorder = Recorder(LetterBox(desk.guard), _nothing, _nothing, conversations.remember)
    async with desk.database.transaction() as tx:

        async def record(effect: Effect) -> None:
            desk.recorded.append(effect)
            if not isinstance(effect, CardChanged):
                await recorder.record(turn, effect)

        turn = Turn(tx, viewer, desk.clock(), record, random_id, desk.guard, desk.home)
        yield turn


def _opens(keys: Path, begun: Begun, one: int, other: int) -> bool:
    locked = rings.lock_of(keys)
    assert locked is not None
    try:
        return by_sheets(locked, begun.sheets[one - 1], begun.sheets[other - 1]) == begun.archive
    except (WrongKey, sheets.SheetTaken):
        return False


async def _everything(desk: Desk, bea: str, keys: Path) -> tuple[str, str, str, str]:
    """All that somebody can have here; the codes by which one would come in with it."""
    organisation = await an_organisation(desk, "Centro")
    async with desk.turn() as turn:
        await members.speak_for(turn, organisation, bea)
        await holding.give(turn, keys, 2, "bea")
        for number, handle in ((1, "ana"), (3, "luz")):
            await holding.give(turn, keys, number, handle)
        await rooms.want(
            turn.tx, turn.guard, room=turn.ids(), account="bot", purpose="introduction", ref=turn.ids(),
            users=[matrix_id("Bea"), matrix_id("Luz")], now=turn.now,
        )  # fmt: skip
    async with desk.turn(await seen_as(desk, bea, lane=Lane.PAGE, word=True)) as turn:
        token = await tokens.make_token(turn, "report", ["Reach"], timedelta(days=3))
        code = (await joining.invite(turn)).typed
        await duty.on(turn, turn.now + timedelta(hours=8))
        await later.ask_copy(turn)
        link = await sign_ins.link(turn, bea)
        opened = await sessions.open_link(turn, await sign_ins.link(turn, bea))
    assert opened is not None
    return token.secret, code, link, opened.code


async def test_one_step_ends_all_of_it_and_nothing_is_left(desk: Desk, tmp_path: Path) -> None:
    begun = begin(tmp_path / "keys", chance, Kind.SHEETS)
    assert begun is not None
    stage = Stage(desk)
    ana = await a_person(stage, "Ana", Role.ADMINISTRATOR)
    bea = await a_person(stage, "Bea", Role.ADMINISTRATOR, Role.COORDINATOR)
    await a_person(stage, "Luz")
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        assert await custodians.name_member(turn, "luz") is not None, "Bea is asked as the second"
    secret, code, link, session = await _everything(desk, bea, tmp_path / "keys")
    assert _opens(tmp_path / "keys", begun, 1, 2)

    async with a_turn(desk, await seen_as(desk, ana, word=True)) as turn:
        ended = await offboarding.off_board(turn, "bea")
    async with a_turn(desk, CLOCK) as turn:
        await holding.on_due(tmp_path / "keys", turn, holding.REF)

    said = [in_english(line) for line in ended.lines()]
    assert "Copies of their data ended: 1." in said
    assert not _opens(tmp_path / "keys", begun, 1, 2)
    assert not _opens(tmp_path / "keys", begun, 2, 3)
    assert _opens(tmp_path / "keys", begun, 1, 3), "two sheets still open the records"
    async with desk.turn(Viewer(Lane.PAGE)) as turn:
        assert await sessions.known(turn, session) is None
        assert await sessions.open_link(turn, link) is None
        assert await tokens.machine(turn, secret) is None
        assert await joining.enter_by_page(turn, code, "en") is None
        for table in (tables.later_acts, tables.spokespersons, tables.roles):
            left = await turn.tx.scalar(select(func.count()).where(table.c.member == bea))
            assert left == 0, table.name
        digest = desk.guard.digest("matrix-id", matrix_id("Bea"))
        assert await turn.tx.scalar(select(func.count()).where(roster.c.matrix_digest == digest)) == 0
        on = select(func.count()).where(duty_rows.c.member == bea, duty_rows.c.ends_at > turn.now)
        assert await turn.tx.scalar(on) == 0
    told = [in_english(one.text) for one in desk.heard(TellRoles)]
    (papers,) = [line for line in told if "recovery sheet" in line]
    assert papers.startswith("Bea left or is held back"), "administrators are told to make new sheets"


async def test_whoever_goes_on_keeps_what_is_theirs(desk: Desk, tmp_path: Path) -> None:
    begun = begin(tmp_path / "keys", chance, Kind.SHEETS)
    assert begun is not None
    stage = Stage(desk)
    ana = await a_person(stage, "Ana", Role.ADMINISTRATOR)
    bea = await a_person(stage, "Bea", Role.ADMINISTRATOR, Role.COORDINATOR)
    await a_person(stage, "Luz", Role.RESPONDER)
    _, code, link, session = await _everything(desk, bea, tmp_path / "keys")
    async with a_turn(desk, await seen_as(desk, ana, word=True)) as turn:
        await offboarding.off_board(turn, "luz")
    async with a_turn(desk, CLOCK) as turn:
        await holding.on_due(tmp_path / "keys", turn, holding.REF)
    assert _opens(tmp_path / "keys", begun, 1, 2)
    assert not _opens(tmp_path / "keys", begun, 1, 3)
    async with desk.turn(Viewer(Lane.PAGE)) as turn:
        assert await sessions.known(turn, session) is not None
        assert await sessions.open_link(turn, link) is not None
        assert await joining.enter_by_page(turn, code, "en") is not None
    async with desk.turn(await seen_as(desk, bea, lane=Lane.PAGE, word=True)) as turn:
        assert await later.newest_copy(turn, bea) is not None
