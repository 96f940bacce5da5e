"""Nobody learns from the time of an answer whether a handle or a thing exists, or which phrase was given.

Pairs are interleaved over HTTP on the real door and a real database, without added sleeps. With argon2id at
its real cost 10,000 pairs of two checks take most of an hour, so they are measured twice: 10,000 pairs with a
derivation that costs nothing, which hides nothing behind it and is the harder test, and REAL_PAIRS at the
real cost (the error of an AUC over 2,000 pairs is 0.009).
"""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import aiohttp
import pytest
from bots_stage import WORD, Stage, a_person
from doors import CLIENT, CONTRACT, WAY, Door, a_door
from people import seen_as
from sqlalchemy import delete, select
from timing import Times, measured, table

from bots.core.alarms import Alarm, Severity
from bots.store import actions
from bots.store.tables import actions as action_rows
from directory import introductions, second_phrase, words
from directory.core.viewer import Lane, Role, Viewer
from directory.crypto import Cost
from directory.store.tables import cards
from directory.turn import Turn
from hub.api import sessions

if TYPE_CHECKING:
    from conftest import Desk

PAIRS = int(os.environ.get("AYNI_TIMING_PAIRS", "10000"))
REAL_PAIRS = int(os.environ.get("AYNI_TIMING_REAL_PAIRS", str(min(PAIRS, 2000))))
PHRASE = "All is well at home"
NOT_THERE = "0123456789abcdef" * 2
FREE = Cost(1, 8192)


@dataclass
class Browser:
    """One browser of a member: asks operations and gives forms over one connection."""

    client: aiohttp.ClientSession
    url: str
    seen: list[bytes] = field(default_factory=list)

    async def ask(self, operation: str, **given: object) -> object:
        """One operation; status, headers but the date, and body."""
        body = {"documentId": CONTRACT.by_name[operation].id, "variables": {"input": given}}
        async with self.client.post(f"{self.url}/graphql", json=body, headers=CLIENT) as answer:
            return _bytes(answer, await answer.read())


def _bytes(answer: aiohttp.ClientResponse, body: bytes) -> tuple[object, ...]:
    body = re.sub(rb'"requestId":"[0-9a-f]+"', b"", body)
    changing = ("date", "set-cookie")
    headers = tuple(sorted((n.lower(), v) for n, v in answer.headers.items() if n.lower() not in changing))
    return answer.status, headers, len(answer.headers.getall("Set-Cookie", [])), body


@asynccontextmanager
async def a_browser(door: Door, member: str, *, word: bool = True) -> AsyncIterator[Browser]:
    """Signed in, with the word given a moment ago."""
    session = await door.session(member)
    if word:
        async with door.desk.turn(Viewer(Lane.PAGE)) as turn:
            known = await sessions.known(turn, session)
            assert known is not None and await sessions.give_word(turn, known, WORD) is not None
    async with aiohttp.ClientSession(cookies={door.cookie: session} | door.came_in) as client:
        yield Browser(client, door.url)


@asynccontextmanager
async def a_form(
    door: Door, handle: str
) -> AsyncIterator[Callable[[str, str], Callable[[], Awaitable[object]]]]:
    """The page on which one signs in; what a browser gets for a handle and a word."""
    async with aiohttp.ClientSession(door.url, cookie_jar=aiohttp.DummyCookieJar()) as client:
        async with client.get(f"/{WAY}/login", allow_redirects=True) as shown:
            mark = re.search(r'name="mark" value="(\w+)"', await shown.text())
            kept = "; ".join(f"{name}={one.value}" for name, one in shown.cookies.items())
        assert mark is not None

        def asks(name: str, word: str) -> Callable[[], Awaitable[object]]:
            form = {"mark": mark.group(1), "handle": name, "word": word, "next": "/"}

            async def ask() -> object:
                asked = client.post(
                    f"/{WAY}/login", data=form, headers={"Cookie": kept}, allow_redirects=False
                )
                async with asked as answer:
                    assert answer.status in (303, 422)
                    body = (await answer.read()).replace(name.encode(), b"xyz")
                    return _bytes(answer, body)

            return ask

        yield asks


async def with_phrase(desk: Desk, member: str) -> None:
    """She practised a phrase for danger."""
    async with desk.turn(Viewer(Lane.PAGE, member, word_at=desk.clock())) as turn:
        assert await second_phrase.practise(turn, await second_phrase.prepare(turn, PHRASE), PHRASE)


def held(found: list[Times], shown: pytest.CaptureFixture[str], *, answers: int = 1) -> None:
    """Print the table; every line keeps the bar, and both kinds answered the same bytes."""
    with shown.disabled():
        print("\n" + table(found))
    assert {one.name: len(one.answers) for one in found} == {one.name: answers for one in found}
    assert [one.line() for one in found if one.auc > one.bar] == []


async def _signing_in(desk: Desk, pairs: int, shown: pytest.CaptureFixture[str]) -> None:
    luz = await a_person(Stage(desk), "Luz")
    await with_phrase(desk, luz)

    async def later() -> None:
        desk.clock.move(minutes=11)  # so that no try is the sixth
        desk.recorded.clear()

    async with a_door(desk) as door, a_form(door, "luz") as asks:
        known, unknown = asks("luz", "not her word"), asks("xyz", "not her word")
        here = await measured(
            "signing in: a handle that is / is not there", known, unknown, pairs, before=later
        )
        word, phrase = asks("luz", WORD), asks("luz", PHRASE)
        which = await measured("signing in: the word / the phrase", word, phrase, pairs, before=later)
    held([here, which], shown)


async def test_signing_in_tells_neither_who_is_there_nor_which_phrase_was_given(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(words, "COST", FREE)
    await _signing_in(desk, PAIRS, capsys)


async def test_signing_in_at_the_real_cost(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    await _signing_in(desk, REAL_PAIRS, capsys)


async def _stopping(desk: Desk, pairs: int, shown: pytest.CaptureFixture[str]) -> None:
    luz = await a_person(Stage(desk), "Luz")
    await a_person(Stage(desk), "Cora", Role.COORDINATOR)
    await with_phrase(desk, luz)

    async def an_alarm() -> None:
        desk.recorded.clear()
        async with desk.turn(Viewer(Lane.PAGE, luz)) as turn:
            await turn.tx.execute(delete(action_rows))
            await _running(turn, luz)

    async with a_door(desk) as door, a_browser(door, luz, word=False) as browser:

        def stops(operation: str, word: str) -> Callable[[], Awaitable[object]]:
            async def ask() -> object:
                status, _, cookies, body = await browser.ask(operation, word=word)  # type: ignore[misc]
                return status, cookies, b'errors":[]' in body, len(body)

            return ask

        found = []
        for operation in ("CancelAlarm", "SaySafe"):
            word, phrase = stops(operation, WORD), stops(operation, PHRASE)
            found.append(
                await measured(f"{operation}: the word / the phrase", word, phrase, pairs, before=an_alarm)
            )
    held(found, shown)


async def _running(turn: Turn, member: str) -> None:
    await actions.add(
        turn.tx,
        turn.guard,
        turn.ids(),
        {"handle": "Luz", "text": "", "place": "home", "country": "GT", "language": "es"},
        kind="alarm",
        member=member,
        network=turn.home,
        state=Alarm.RUNNING,
        severity=Severity.HIGH,
        rung=0,
        raised_at=turn.now,
        cancel_until=turn.now,
        next_at=turn.now + timedelta(minutes=3),
    )


async def _others(desk: Desk) -> dict[str, str]:
    """What Luz may not see: Mar's alarm and introduction, and Mar, of whose circle she is not."""
    stage = Stage(desk)
    luz, mar = await a_person(stage, "Luz"), await a_person(stage, "Mar")
    eva = await a_person(stage, "Eva")
    async with desk.turn(await seen_as(desk, mar)) as turn:
        await _running(turn, mar)
        (alarm,) = [one.id for one in await actions.in_states(turn.tx, turn.guard, frozenset({"running"}))]
    async with desk.turn(await seen_as(desk, eva)) as turn:
        asked = await introductions.ask(turn, await _card(turn, mar), "we need a lawyer")
    return {"luz": luz, "alarm": alarm, "introduction": asked, "handle": "mar"}


async def _card(turn: Turn, member: str) -> str:
    found = await turn.tx.execute(select(cards.c.id).where(cards.c.member == member))
    return str(found.scalar_one())


ASKS: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "TakeAlarm": ("alarm", {}),
    "CloseAlarm": ("alarm", {}),
    "ReportLost": ("handle", {}),
    "Vouch": ("handle", {}),
    "FreezeMember": ("handle", {}),
    "AnswerIntroduction": ("introduction", {"yes": True}),
}


@pytest.mark.parametrize("operation", ASKS)
async def test_a_thing_one_may_not_see_answers_like_one_that_is_not_there(
    desk: Desk, operation: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ids, (takes, rest) = await _others(desk), ASKS[operation]
    not_there = "xyz" if takes == "handle" else NOT_THERE
    async with a_door(desk) as door, a_browser(door, ids["luz"]) as browser:
        found = await measured(
            f"{operation}: not hers / not there",
            partial(browser.ask, operation, **{takes: ids[takes]}, **rest),
            partial(browser.ask, operation, **{takes: not_there}, **rest),
            PAIRS,
        )
    held([found], capsys)


async def test_stopping_an_alarm_does_not_tell_which_phrase_was_given(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(words, "COST", FREE)
    await _stopping(desk, PAIRS, capsys)


async def test_stopping_an_alarm_at_the_real_cost(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    await _stopping(desk, REAL_PAIRS // 2, capsys)
