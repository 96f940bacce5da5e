"""Wrong sheet, torn sheet, old code, used code, wrong clock, another network's key, half a rotation.

Each time: what happened, what still works, what to do. Beside each stands the same thing done rightly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import Clock, Desk
from people import a_newcomer
from terminal import Terminal
from two_hubs import Neighbours, pair

from directory import joining
from directory.core.viewer import Lane, Viewer
from directory.refusals import BadAnswer
from directory.store.guarded import RingKey
from hub.backup import making, restoring, sealing, shape
from hub.chance import chance
from hub.cli import papers
from hub.cli.opening import key_for
from hub.custody import Kind, begin, daily, locked, open_rings, pages, rings, rotating, sheets, watch
from hub.custody.files import write_secret
from hub.custody.slots import SlotFile
from hub.doctor.clocks import clock_trouble
from hub.federation import links, roots
from hub.federation.core.identity import Doubt
from hub.federation.core.network_card import KnownNetwork, verify_network_card
from hub.federation.identity import home_identity
from hub.trouble import Trouble

__all__ = ["pair"]

STILL = re.compile(
    r"Alarms go on|alarms too need it|[Nn]othing (was|were|has|is|restored|changed|starts)|still (read|opens)"
    r"|runs? on|are as they|is as it was|does not start on half|untouched|was not finished|was not started"
)
DO = re.compile(
    r"ayni |Try again|Take (the|another|it|a)|Fetch|Look (for|at)|Type|Read that|Put (it|back|watch|the|keys)"
    r"|Name |Ask |Free some|Write a new|Start|Stop|Restore|Call|Run |four or five words|\{\w+\} more of"
)
MODULES = (locked, sheets, pages, watch, rotating, roots, papers, making, restoring, sealing, shape)


def troubles() -> Iterator[type[Trouble]]:
    """Everything these parts can say to a person."""
    seen = set()
    for module in MODULES:
        for each in vars(module).values():
            if (
                isinstance(each, type)
                and issubclass(each, Trouble)
                and each is not Trouble
                and each not in seen
            ):
                seen.add(each)
                yield each


EVERY = sorted(troubles(), key=lambda each: each.__name__)


@pytest.mark.parametrize("trouble", EVERY, ids=lambda each: each.__name__)
def test_each_sentence_says_what_happened_what_still_works_and_what_to_do(trouble: type[Trouble]) -> None:
    sentence = " ".join((trouble.__doc__ or "").split())
    assert len(re.findall(r"[.:!]( |$)", sentence)) >= 2, sentence
    assert STILL.search(sentence), f"what still works? {sentence}"
    assert DO.search(sentence), f"what to do? {sentence}"


def test_there_are_enough_of_them_to_be_worth_a_look() -> None:
    assert len(EVERY) >= 25


def test_a_wrong_sheet_and_a_torn_one_open_nothing_and_the_right_two_do(tmp_path: Path) -> None:
    begun = begin(tmp_path, chance, Kind.SHEETS)
    assert begun is not None
    held = rings.lock_of(tmp_path)
    assert held is not None
    strangers = sheets.make(chance)
    with pytest.raises(sheets.OtherSheets, match="another network, or was replaced"):
        locked.by_sheets(held, begun.sheets[0], strangers[1])
    torn = begun.sheets[0].text().replace("\n3:", "\n")
    with pytest.raises(sheets.TornSheet, match=r"Line 3.*another of the three sheets"):
        sheets.read(torn)
    with pytest.raises(pages.SheetNotPage, match="opens the records, and signs nothing"):
        pages.read(begun.sheets[0].text())
    one, other = (sheets.read(begun.sheets[place].text()) for place in (0, 2))
    assert locked.by_sheets(held, one, other) == begun.archive


def test_one_sheet_or_three_for_a_command_open_nothing_and_two_do(tmp_path: Path) -> None:
    begun = begin(tmp_path, chance, Kind.SHEETS)
    held = rings.lock_of(tmp_path)
    assert begun is not None
    assert held is not None
    files = [tmp_path / f"sheet-{one.number}" for one in begun.sheets]
    for file, one in zip(files, begun.sheets, strict=True):
        write_secret(file, one.text())
    for wrong in (files[:1], files):
        with pytest.raises(sheets.TwoSheets, match="Two different recovery sheets are needed"):
            key_for(held, None, wrong, sheets=False)
    assert key_for(held, None, files[1:], sheets=False) == begun.archive


async def test_an_old_code_and_a_used_one_let_nobody_in_and_a_fresh_one_does(
    desk: Desk, clock: Clock
) -> None:
    async with desk.turn() as turn:
        old = (await joining.invite(turn)).typed
    clock.move(hours=73)
    async with desk.turn() as turn:
        fresh = (await joining.invite(turn)).typed
    assert not isinstance(await entered(desk, "@late:example.org", old), joining.Entered)
    assert await a_newcomer(desk, "Luz", code=fresh)
    assert not isinstance(await entered(desk, "@second:example.org", fresh), joining.Entered)


async def entered(desk: Desk, matrix_id: str, code: str) -> object:
    async with desk.turn(Viewer(Lane.CHAT)) as turn:
        return await joining.enter(turn, matrix_id=matrix_id, master_key="key", room="!r:e", code=code)


async def test_an_invitation_to_link_that_is_old_or_used_says_so_and_a_new_one_links(
    pair: Neighbours, clock: Clock
) -> None:
    async with pair.a.turn() as turn:
        old = await links.invite(turn)
    clock.move(hours=49)
    async with pair.b.turn() as turn:
        with pytest.raises(BadAnswer, match=r"(?i)code"):
            await links.accept(turn, old)
    await pair.introduce()
    async with pair.a.turn() as turn:
        again = await links.invite(turn)
    async with pair.b.turn() as turn:
        with pytest.raises(BadAnswer, match=r"linked with .* already"):
            await links.accept(turn, again)


async def test_a_clock_that_was_a_year_ahead_harms_no_key_once_it_is_right_again(
    pair: Neighbours, clock: Clock
) -> None:
    hub, right = pair.a, clock.now
    clock.move(days=400)
    await hub.due.fire_all()
    clock.now = right
    async with hub.turn() as turn:
        assert not isinstance(await card(pair), KnownNetwork), "made by a clock that was wrong"
        await turn.tx.exec_driver_sql("update due set due_at = '2026-01-01' where kind = 'keys'")
    await hub.due.fire_all()
    assert isinstance(await card(pair), KnownNetwork)


async def card(pair: Neighbours) -> KnownNetwork | Doubt:
    """Our card as a linked network with a right clock judges it."""
    async with pair.a.turn() as turn:
        home = await home_identity(turn.tx, turn.guard)
        return verify_network_card(home.card(), pair.clock())


async def test_a_clock_that_went_back_locks_nobody_out_of_their_records(tmp_path: Path, clock: Clock) -> None:
    begun = begin(tmp_path, chance)
    assert begun is not None
    guard = open_rings(tmp_path, chance)
    guard.new_person(1)
    sealed = guard.seal("members", "guarded", "m", "Cobán", person=1)
    await daily.turn_when_due(guard, tmp_path, clock())
    await daily.turn_when_due(guard, tmp_path, clock.move(days=-300))
    assert guard.open("members", "guarded", "m", sealed) == "Cobán".encode()
    away = clock_trouble(clock(), {"the homeserver": clock() + timedelta(hours=1)})
    assert "Set it right" in str(away)
    assert clock_trouble(clock(), {"the homeserver": clock()}) is None


async def test_a_key_of_another_network_opens_and_signs_nothing(pair: Neighbours, tmp_path: Path) -> None:
    begun = begin(tmp_path, chance, Kind.SHEETS)
    assert begun is not None
    guard = open_rings(tmp_path, chance)
    with pytest.raises(locked.WrongKey, match="Alarms go on, records stay closed"):
        rings.unseal(guard, tmp_path, RingKey(begun.archive.kid, chance(32)))
    rings.unseal(guard, tmp_path, begun.archive)
    async with pair.a.turn() as turn:
        paper = await roots.draft_renewal(turn, 1)
    page, file = pages.make(chance), tmp_path / "to-sign.json"
    papers.write_file(file, paper)
    rings.write_secret(tmp_path / "page", page.text("Rosa"))
    before = file.read_bytes()
    refused = await Terminal(tmp_path).ayni(
        "network", "root", "sign", str(file), "--page", str(tmp_path / "page")
    )
    assert refused.code == 2
    assert refused.said("not asked for in this file", "Nothing was signed")
    assert file.read_bytes() == before


async def test_half_a_rotation_is_named_reads_everything_and_stops_a_second_one(tmp_path: Path) -> None:
    begun = begin(tmp_path, chance)
    assert begun is not None
    guard = open_rings(tmp_path, chance)
    guard.new_person(1)
    sealed = guard.seal("members", "guarded", "m", "Cobán", person=1)
    fresh = rotating.replace_key(tmp_path, begun.archive, chance)
    with pytest.raises(rotating.HalfRotated, match=r"Everything is still read. Finish it first"):
        rotating.replace_key(tmp_path, fresh.archive, chance)
    half = open_rings(tmp_path, chance)
    assert half.open("members", "guarded", "m", sealed) == "Cobán".encode()
    assert isinstance(half.slots, SlotFile)
