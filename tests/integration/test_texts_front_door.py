"""Texts and languages by the front door: the API, the page without a script, the terminal's own commands."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import DESKTOP, browser, come_in
from conftest import Desk
from doors import Door, a_door
from people import a_member
from playwright.async_api import Browser, expect
from typer.testing import CliRunner

from directory import languages
from directory.added_languages import add, the_forty
from directory.core.text import say
from directory.core.viewer import Role
from directory.core.wordings import Book
from directory.store import members
from hub.api import sessions
from hub.api.identity import STRANGER
from hub.book import read as read_book
from hub.cli import app

WORD = "blue kettle"
KEEPER = frozenset({Role.ADMINISTRATOR})
VOICE = (Path(__file__).parents[1] / "a_voice.opus").read_bytes()

__all__ = ["browser"]


@pytest.fixture(autouse=True)
def own_book() -> Iterator[None]:
    """Whatever a test changes is said in this process only as long as the test."""
    yield
    languages.use(Book())


def a_po() -> str:
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    return head + "\n".join(f'msgid "{one}"\nmsgstr "K: {one}"\n' for one in the_forty())


async def act(door: Door, session: str, operation: str, **values: object) -> list[dict[str, Any]]:
    """Run a mutation; its errors."""
    status, answer = await door.ask(operation, {"input": values}, session=session)
    assert status == 200
    errors = answer.get("errors") or []
    data = answer.get("data") or {}
    return [*errors, *(error for payload in data.values() if payload for error in payload["errors"])]


async def test_an_administrator_changes_adds_records_and_takes_back_with_the_word(desk: Desk) -> None:
    async with a_door(desk) as door:
        ana = await a_member(desk, "Ana", roles=KEEPER)
        await door.set_word(ana, WORD)
        session = await door.session(ana)
        welcome = {"language": "fr", "message": "Welcome"}
        (needs,) = await act(door, session, "ChangeText", **welcome, forms=["Bonsoir"])
        assert needs["code"] == "NEEDS_WORD"
        await give_word(door, session)
        assert await act(door, session, "ChangeText", **welcome, forms=["Bonsoir"]) == []
        (wrong,) = await act(door, session, "ChangeText", **welcome, forms=["Bonsoir {name}"])
        assert wrong["field"] == "forms" and "{name}" in wrong["message"]
        added = {"tag": "quc", "name": "K'iche'", "second": "es", "sentences": a_po()}
        assert await act(door, session, "AddLanguage", **added) == []
        heard = {"tag": "quc", "message": the_forty()[0]}
        assert await act(door, session, "RecordSentence", **heard, audio=b64encode(VOICE).decode()) == []
        (bad,) = await act(door, session, "RecordSentence", **heard, audio="no base64")
        assert bad["field"] == "audio"
        _, answer = await door.ask("Wordings", {"language": "fr", "changedOnly": True}, session=session)
        assert answer["data"]["wordings"] == [
            {"message": "Welcome", "standard": ["Bienvenue"], "forms": ["Bonsoir"], "changed": True}
        ]
        (language,) = answer["data"]["addedLanguages"]
        assert (language["tag"], language["sentences"], language["recordings"]) == ("quc", 40, 1)
        assert await act(door, session, "UndoText", **welcome) == []
        assert await act(door, session, "RemoveLanguage", tag="quc") == []


async def give_word(door: Door, session: str) -> None:
    """As the form of any page does."""
    async with door.desk.turn(STRANGER) as turn:
        known = await sessions.known(turn, session)
    assert known is not None
    async with door.desk.turn(known.viewer) as turn:
        assert await sessions.give_word(turn, known, WORD) is not None


async def test_a_coordinator_is_refused_and_nothing_changes(desk: Desk) -> None:
    async with a_door(desk) as door:
        ana = await a_member(desk, "Ana", roles=frozenset({Role.COORDINATOR}))
        session = await door.session(ana)
        for operation, values in (
            ("ChangeText", {"language": "fr", "message": "Welcome", "forms": ["x"]}),
            ("UndoText", {"language": "fr", "message": "Welcome"}),
            ("AddLanguage", {"tag": "quc", "name": "K", "second": "es", "sentences": a_po()}),
            ("RemoveLanguage", {"tag": "quc"}),
        ):
            (refused,) = await act(door, session, operation, **values)
            assert refused["extensions"]["code"] == "NOT_YOURS"


async def test_the_page_finds_changes_and_takes_back_without_a_script(desk: Desk, browser: Browser) -> None:
    async with a_door(desk) as door:
        ana = await a_member(desk, "Ana", roles=KEEPER)
        await door.set_word(ana, WORD)
        page = await come_in(browser, door, ana, DESKTOP)
        await page.goto(door.url + "/texts?in=es&find=asks for help now")
        box = page.get_by_label("As we say it").first
        await box.fill("alarmas: quién nos llama ahora.")
        await page.get_by_label("Your word").first.fill(WORD)
        await page.get_by_role("button", name="Say it like this").first.click()
        await expect(page.get_by_text("Saved.")).to_be_visible()
        await read_book(desk.database)
        assert languages.render(say("alarms: who asks for help now."), "es").endswith("nos llama ahora.")
        await page.goto(door.url + "/texts?in=es")
        await page.get_by_role("button", name="Take this change back").click()
        await expect(page.get_by_text("Saved.")).to_be_visible()
        await read_book(desk.database)
        assert languages.render(say("alarms: who asks for help now."), "es").endswith("ahora.")


def test_the_terminal_makes_a_folder_and_says_what_is_missing_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "kiche"
    made = CliRunner().invoke(app, ["language", "begin", "quc", str(folder)])
    assert made.exit_code == 0, made.output
    assert (folder / "sentences.po").read_text().count("msgid") == 41
    assert "Sentence 1 is missing" in refused_for(folder)
    (folder / "sentences.po").write_text(a_po())
    (folder / "voice" / "03.opus").write_bytes(b"no voice")
    assert "03.opus: This is no recording" in refused_for(folder)
    (folder / "voice" / "03.opus").write_bytes(VOICE)
    assert "is not running" in refused_for(folder), "complete: what is missing now is the hub"
    (folder / "language.toml").write_text("tag = 5")
    assert "language.toml" in refused_for(folder)


def refused_for(folder: Path) -> str:
    """Why `ayni language add` does not take a folder."""
    done = CliRunner().invoke(app, ["language", "add", str(folder), "--data", str(folder.parent)])
    return str(getattr(done.exception, "text", done.output))


async def test_a_member_chooses_an_added_language_a_second_one_and_a_voice_on_the_page(
    desk: Desk, browser: Browser
) -> None:
    async with a_door(desk) as door:
        async with desk.turn() as turn:
            await add(turn, tag="quc", name="K'iche'", second="es", rtl=False, po=a_po())
        await read_book(desk.database)
        lupe = await a_member(desk, "Lupe")
        page = await come_in(browser, door, lupe, DESKTOP)
        await page.goto(door.url + "/language")
        await page.get_by_label("K'iche'").check()
        await page.get_by_label("Language for the rest").select_option("fr")
        await page.get_by_label("Also send me a voice").check()
        await page.get_by_role("button", name="Save").click()
        await expect(page.locator("html")).to_have_attribute("lang", "fr")
        async with desk.turn() as turn:
            row = await members.load(turn.tx, lupe)
        assert row is not None and (row.locale, row.voice) == ("quc:fr", True)
