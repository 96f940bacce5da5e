"""`ayni network`: a real table through the front door, and every mistake with it answered by a sentence."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from conftest import HOME, with_tables
from fixtures_embedded import FreshDatabase
from sqlalchemy import func, select
from terminal import Terminal, a_folder

from directory.store.database import Database
from directory.store.tables import cards, members

LIST = Path(__file__).parents[2] / "hub" / "demo" / "organisations.csv"
NASTY = "\ufeffname;Country;pays;works in;website\n" + "".join(
    (
        "Réseau des Défenseurs;Atlantis;Togo;West Africa;https://red.example\n",
        '=HYPERLINK("http://evil.example");Kenya;;Kenya;\n',
        "Null\0Org;Perú;;\u202eurep\u202c;\n",
        f"Long;Peru;;{'x' * (10 << 20)};\n",
    )
)


@pytest.fixture
async def url(fresh_database: FreshDatabase) -> AsyncIterator[str]:
    async with fresh_database(with_tables) as url:
        yield url


@pytest.fixture
def terminal(tmp_path: Path, url: str) -> Terminal:
    return a_folder(tmp_path / "hub", url)


async def listed(url: str) -> tuple[int, int]:
    """How many organisations and cards there are."""
    database = Database(url)
    async with database.transaction() as tx:
        wanted = select(func.count()).select_from(members).where(members.c.kind == "organisation")
        rows = (await tx.execute(wanted)).scalar_one()
        shown = (await tx.execute(select(func.count()).select_from(cards))).scalar_one()
    await database.close()
    return rows, shown


async def test_a_trial_shows_everything_and_a_second_import_changes_nothing(
    terminal: Terminal, url: str
) -> None:
    trial = await terminal.ayni("network", "import", str(LIST), "--dry-run")
    assert trial.code == 0
    assert trial.said(
        "line 8, country: “BE” was read as: Belgium", "51 new, 0 changed", "Nothing was written"
    )
    assert trial.said("line 5, country: No country stands here", "line 53:", "they became one")
    assert await listed(url) == (0, 0)
    kept = await terminal.ayni("network", "import", str(LIST), "--json", "--source", "A public list")
    report = json.loads(kept.out)
    assert (report["added"], report["kept"], report["refused"]) == (51, True, 0)
    assert await listed(url) == (51, 51)
    again = await terminal.ayni("network", "import", str(LIST))
    assert again.said("0 new, 0 changed, 51 as they were")
    assert await listed(url) == (51, 51)
    shown = json.loads((await terminal.ayni("network", "show", "--json")).out)
    assert (shown["id"], shown["entries"]) == (HOME, {"organisation": {"listed": 51}})


async def test_a_refused_line_stops_it_all_unless_asked_otherwise(
    terminal: Terminal, url: str, tmp_path: Path
) -> None:
    table = tmp_path / "half.csv"
    table.write_text("name,country\nGood Org,Kenya\n,Peru\n")
    stopped = await terminal.ayni("network", "import", str(table))
    assert stopped.code == 4
    assert stopped.said("Refused", "line 3", "Nothing was written: 1 refused", "--partial")
    assert await listed(url) == (0, 0)
    partly = await terminal.ayni("network", "import", str(table), "--partial")
    assert partly.code == 0
    assert partly.said("1 new", "Kept, without what was refused (1)")
    assert await listed(url) == (1, 1)


async def test_a_nasty_table_is_read_and_named_by_line_and_column(
    terminal: Terminal, url: str, tmp_path: Path
) -> None:
    table = tmp_path / "nasty.csv"
    table.write_bytes(NASTY.encode("utf-16"))
    done = await terminal.ayni("network", "import", str(table), "--dry-run", "--partial")
    assert done.said(
        "utf-16", "separated by “;”", "line 2, Country", "Atlantis", "line 3", "line 5, works in", "pays"
    )
    assert len(done.out) < 20_000
    assert await listed(url) == (0, 0)


async def test_mistakes_are_one_sentence_each(terminal: Terminal, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"  \n")
    for words, said in (
        ((str(tmp_path / "nowhere.csv"),), "does not exist"),
        ((str(tmp_path),), "is a directory"),
        ((str(empty),), "is empty. Nothing was changed"),
        ((), "Missing argument"),
    ):
        done = await terminal.ayni("network", "import", *words)
        assert done.code == 2
        assert done.said(said)


async def test_without_a_database_it_says_how_to_start_one(tmp_path: Path) -> None:
    terminal = a_folder(tmp_path / "hub", "postgresql://ayni@127.0.0.1:9/ayni?connect_timeout=2")
    for words in (("network", "import", str(LIST)), ("network", "show")):
        done = await terminal.ayni(*words)
        assert done.said("does not answer. Start the hub in another window: ayni up")
        assert done.code == 3
