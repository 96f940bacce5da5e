"""What a thief of the disk reads: planted words in every guarded field of 10,000 members, and every byte.

The keys are elsewhere, as with a locked custody: what opens by a file opens for the thief too, and
`ayni doctor --seized` says so. AYNI_CANARIES sets how many members.
"""

from __future__ import annotations

import asyncio
import gzip
import os
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from canaries import GUARDED, OPEN, files_below, look_through, table
from conftest import HOME, Clock, with_tables
from people import matrix_id
from sqlalchemy import text

from bots import checking, planning, sentinel
from bots.core.ladder import LadderTimes
from bots.desk import Desk as BotsDesk
from bots.dispatch import hear
from bots.said import Form, Said
from bots.store import actions, conversations, wakers
from bots.store.wakers import Waking
from directory import (
    audit,
    custodians,
    introductions,
    joining,
    members,
    seconding,
    sign_ins,
    vocabulary,
    words,
)
from directory.asking import ask
from directory.core.viewer import Lane, Role, Viewer
from directory.store.database import Database
from directory.store.guarded import Guard, RingKey
from directory.turn import Turn
from hub.api import sessions, tokens
from hub.chance import chance, random_id
from hub.doctor.seized_tables import SHELVES, Lies
from hub.effects import Recorder
from hub.embedded.postgres import PostgresPart
from hub.embedded.postgres_binaries import installs
from hub.federation import cards
from hub.federation.post import Poster
from hub.letters import LetterBox
from hub.matrix.hearing import Position
from hub.store import left, rooms
from hub.store.positions import KeptPosition

MEMBERS = int(os.environ.get("AYNI_CANARIES", "10000"))
TECHNICIAN = Viewer(Lane.TERMINAL, roles=frozenset({Role.ADMINISTRATOR, Role.COORDINATOR}))
SOME = 20
"""Every twentieth member also does what costs seconds: a word, an alarm that climbs, a meeting, a sign-in."""


@dataclass(slots=True, eq=False)
class Witness(Guard):
    """The real guard, which remembers in which columns a planted word was sealed."""

    sealed_in: set[tuple[str, str]] = field(default_factory=set)
    digested: set[str] = field(default_factory=set)

    def seal(self, table: str, column: str, row: str, value: str | bytes, **how: Any) -> bytes:
        data = value.encode() if isinstance(value, str) else value
        if GUARDED.encode() in data:
            self.sealed_in.add((table, column))
        return Guard.seal(self, table, column, row, value, **how)

    def digest(self, purpose: str, value: str) -> bytes:
        if GUARDED in value:
            self.digested.add(purpose)
        return Guard.digest(self, purpose, value)


@dataclass
class Planted:
    """A hub's database with real effects: letters, rooms, due times, cards."""

    database: Database
    guard: Witness
    clock: Clock
    desk: BotsDesk
    told: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        box = LetterBox(self.guard)
        self.recorder = Recorder(box, Poster(box), cards.changed, self._remember)

    async def _remember(self, turn: Turn, member: str, question: str, context: Mapping[str, str]) -> None:
        await conversations.ask(turn.tx, turn.guard, member, question, context, turn.now)

    @asynccontextmanager
    async def turn(self, viewer: Viewer = TECHNICIAN) -> AsyncIterator[Turn]:
        async with self.database.transaction() as tx:

            async def record(effect: Any) -> None:
                await self.recorder.record(turn, effect)

            turn = Turn(tx, viewer, self.clock(), record, random_id, self.guard, HOME)
            yield turn

    async def say(self, member: str, account: str, words_said: str) -> None:
        """Somebody writes to the bot."""
        said = Said(f"!{account}", account, Form.WORDS, words_said, True, random_id(), self.clock())
        async with self.turn(Viewer(Lane.CHAT)) as turn:
            viewer = await members.viewer_of_member(turn.tx, member, Lane.CHAT)
            assert viewer is not None
            await hear(self.desk, replace(turn, viewer=viewer), said, viewer)


def planted(place: str, number: int) -> str:
    """The word for one field of one member."""
    return f"{GUARDED}{place}{number:05d}"


async def _a_member(hub: Planted, number: int) -> tuple[str, str]:
    """Somebody comes in as people do, and says of themselves all that can be said. (id, account)"""
    account = matrix_id(planted("account", number))
    profile = {
        "country": "GT",
        "languages": ["es"],
        "issues": ["water"] if number % 2 else [],
        "city": planted("city", number),
        "text": planted("text", number),
        "organisation": planted("organisation", number),
    }
    async with hub.turn() as turn:
        code = (await joining.invite(turn)).typed
        entered = await joining.enter(
            turn, matrix_id=account, master_key=planted("key", number), room=f"!{account}", code=code
        )
        assert isinstance(entered, joining.Entered)
        theirs = replace(turn, viewer=Viewer(Lane.CHAT, entered.member))
        fields = {name: value for name, value in profile.items() if value}
        await joining.profile(theirs, entered.member, handle=f"{OPEN}{number}", **fields)
        await joining.finish(theirs, entered.member)
        await joining.confirm(turn, entered.member)
    return entered.member, account


async def _an_act(hub: Planted, number: int, member: str, account: str) -> None:
    """What a member writes that is kept: a plan, what a check-in is about, a half-finished conversation."""
    viewer = Viewer(Lane.CHAT, member, frozenset({Role.MEMBER}))
    async with hub.turn(viewer) as turn:
        plan = {"text": planted("plan", number), "place": planted("place", number)}
        await planning.set_plan(hub.desk, turn, window=timedelta(0), **plan)
        due = turn.now + timedelta(hours=2)
        await checking.plan(hub.desk, turn, due, about=planted("about", number))
    await hub.say(member, account, f"{planted('unclear', number)} {planted('said', number)}")


async def _more(hub: Planted, number: int, member: str, account: str, other: str) -> None:
    viewer = Viewer(Lane.CHAT, member, frozenset({Role.MEMBER}))
    async with hub.turn(viewer) as turn:
        await words.set_word(turn, member, planted("word", number))
        await sentinel.raise_alarm(hub.desk, turn, text=planted("alarm", number))
    async with hub.turn() as turn:
        code = await sign_ins.link(turn, member)
        assert await sessions.open_link(turn, code) is not None
        card = await turn.tx.scalar(text("SELECT id FROM cards WHERE member = :m"), {"m": other})
        await audit.note(turn, "lost", member, before=planted("audit", number))
    if card is not None:
        async with hub.turn(viewer) as turn:
            asked = await ask(turn, card, planted("purpose", number))
        async with hub.turn(Viewer(Lane.CHAT, other, frozenset({Role.MEMBER}))) as turn:
            await introductions.mine(turn)
            await introductions.answer(turn, asked, True)


async def _rest(hub: Planted, number: int, member: str) -> None:
    """What other stores of the program write: half a form, a note, a number that rings."""
    async with hub.turn() as turn:
        tx, guard, now = turn.tx, turn.guard, turn.now
        await conversations.ask(tx, guard, member, "meet-why", {"said": planted("asked", number)}, now)
        await wakers.keep(tx, guard, member, Waking("sms", planted("waker", number)), now)
        action = await tx.scalar(text("SELECT id FROM actions WHERE member = :m"), {"m": member})
        assert action is not None
        await actions.write(tx, guard, action, "seen", now, note={"who": planted("who", number)})
        left_over = left.Left("work", "introduction", planted("envelope", number).encode())
        await left.leave(tx, guard, HOME, left_over, chance(32), now)
    last = {f"!{planted('heard', number)}": planted("event", number)}
    listening = KeptPosition("bot", hub.database, hub.guard, hub.clock)
    await listening.save(Position(planted("token", number), last))


async def _a_village(hub: Planted, first: int) -> None:
    """Twenty members, a few at a time, one of whom does more."""
    people: dict[int, tuple[str, str]] = {}

    async def come(numbers: range) -> None:
        for number in numbers:
            people[number] = await _a_member(hub, number)
            await _an_act(hub, number, *people[number])

    await asyncio.gather(*(come(range(first + lane, first + SOME, 4)) for lane in range(4)))
    await _more(hub, first, *people[first], people[first + 1][0])
    await _rest(hub, first, people[first][0])


async def _rooms(hub: Planted) -> None:
    """Rooms that the bot opened, and who is in them."""
    async with hub.turn() as turn:
        for number, room in enumerate(await rooms.wanted(turn.tx, turn.guard, "bot")):
            await rooms.made(turn.tx, turn.guard, room.id, f"!{planted('room', number)}:example.org")


@pytest.fixture(scope="module")
async def seized(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Path, Witness]]:
    """A data folder with everything in it, its server killed in the middle of its work."""
    data = tmp_path_factory.mktemp("seized")
    part = PostgresPart(data, chance=chance)
    await part.start()
    url = part.url("ayni", "ayni")
    await with_tables(url)
    _run(url, "ALTER ROLE ayni SET synchronous_commit = off")  # the same bytes, sooner
    guard = Witness(RingKey("w1", chance(32)), RingKey("a1", chance(32)), chance)
    hub = Planted(Database(url), guard, Clock(), BotsDesk(vocabulary.load(), "Red Ayni", LadderTimes()))
    for first in range(0, MEMBERS, SOME):
        await _a_village(hub, first)
    await _rooms(hub)
    async with hub.turn() as turn:
        await custodians.first(turn, planted("custodian", 0))
        await seconding.wish(turn, seconding.Act.NAME_CUSTODIAN, None, detail=planted("custodian", 1))
        await tokens.make_token(turn, "a program", ["FindAllies"], timedelta(days=3))
    await hub.database.close()
    _dump(url, data / "dumps")
    await part.stop()
    yield data, guard


def _run(url: str, order: str) -> None:
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(order)


def _dump(url: str, into: Path) -> None:
    into.mkdir()
    program = installs()[0].program("pg_dump")
    for form in ("plain", "custom"):
        order = [program, f"--format={form}", "--compress=none", f"--file={into / form}", "--dbname", url]
        done = subprocess.run(order, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    (into / "plain.gz").write_bytes(gzip.compress((into / "plain").read_bytes(), 1))


async def test_no_guarded_word_can_be_read_anywhere_on_the_disk(seized: tuple[Path, Witness]) -> None:
    data, _ = seized
    files = files_below(data)
    hits = list(look_through(files))
    weight = sum(file.stat().st_size for file in files)
    print(f"\n{MEMBERS} members, {len(files)} files, {weight >> 20} MiB, {len(hits)} hits\n{table(hits)}")
    assert not hits


NO_WORDS: Mapping[tuple[str, str], str] = {
    ("crypto_rows", "value"): "keys of the bots' devices",
    ("duty", "guarded"): "nobody writes it yet",
    ("given_words", "guarded"): "whether it was the phrase for danger",
    ("hub_keys", "guarded"): "private keys",
    ("later_acts", "guarded"): "what is done later, and when",
    ("link_invitations", "guarded"): "a secret of chance",
    ("links", "guarded"): "keys, and the envoy's account",
}
"""Sealed columns that hold no words of anybody; the hubs that talked for real are searched too."""


async def test_every_guarded_column_had_a_word_in_it(seized: tuple[Path, Witness]) -> None:
    _, guard = seized
    sealed = {
        (shelf.table, column)
        for shelf in SHELVES
        for column, lies in shelf.columns()
        if lies in (Lies.WATCH, Lies.ARCHIVE)
    }
    assert sealed - guard.sealed_in == set(NO_WORDS)


async def test_what_the_published_list_calls_open_is_found(seized: tuple[Path, Witness]) -> None:
    data, _ = seized
    hits = list(look_through(files_below(data / "postgres"), OPEN))
    dumps = list(look_through(files_below(data / "dumps"), OPEN))
    assert len(hits) >= MEMBERS
    assert {hit.file.name: hit.how for hit in dumps} == {
        "plain": "raw",
        "custom": "raw",
        "plain.gz": "zlib>raw",
    }
