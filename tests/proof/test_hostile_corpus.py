"""Hostile things said to the bot: none of them is an order, each is counted, and its twin reaches a person.

The written cases are lines of hostile_cases.tsv; each comes in by the bot's own door on a real database. The
generated ones (AYNI_HOSTILE_CASES, 200,000 unless said otherwise) go through the same verdict, and one in a
hundred of them all the way, with everything in the database compared before and after.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bots_stage import WORD, Stage, a_person, in_circle
from conftest import Desk
from hostile_events import SEALED_AWAY, SHAPES, carried
from sqlalchemy import Table, text

from bots.commands import COMMANDS, LEXICON
from bots.core.grammar import Number, Order, yes_or_no
from bots.dispatch import weigh
from bots.said import Said
from directory.core.viewer import Role
from directory.store.database import metadata
from hub import metrics
from hub.ear import BotEar
from hub.matrix.inbound import Inbound

CASES = Path(__file__).with_name("hostile_cases.tsv")
GENERATED = int(os.environ.get("AYNI_HOSTILE_CASES", "200000"))
ALL_THE_WAY = 100
SEED = 20261124
QUESTION = "1 = help, 0 = no"
CALLS = ("help me", "ayuda", "alarm", "au secours", "socorro")
MAY_CHANGE = {
    "heard",
    "conversations",
    "letters",
    "due",
    "positions",
    "measured",
    "spoken",
    "word_tries",
    "lobbies",
}
"""What only says that something was heard, asked, or a wrong word or code tried. All else is an effect."""


def _digest_of(table: Table) -> str:
    """Of every row but those of an unclear message, which are how somebody is asked."""
    where = ""
    if table.name == "actions":
        where = " where kind <> 'unclear'"
    elif "action" in table.c:
        where = " where action in (select id from actions where kind <> 'unclear')"
    row = "(to_jsonb(t) - 'last_heard_at')::text"
    return (
        f"select '{table.name}', coalesce(md5(string_agg({row}, '|' order by {row})), '')"
        f' from "{table.name}" t{where}'
    )


SNAPSHOT = " union all ".join(
    _digest_of(table) for table in metadata.sorted_tables if table.name not in MAY_CHANGE
)


@dataclass(frozen=True)
class Case:
    """One line of the file."""

    carrier: str
    who: str
    words: str
    gets: str


def written() -> list[Case]:
    lines = [line for line in CASES.read_text().splitlines() if line and not line.startswith("#")]
    cases = []
    for line in lines:
        carrier, who, words, gets = line.split("\t")
        if "\\" in words:
            words = words.encode("raw_unicode_escape").decode("unicode_escape")
        cases.append(Case(carrier, who, words, gets))
    return cases


@dataclass
class Scene:
    """Lupe has a call running that Rosa, of her circle, was told of; Ana coordinates; Mallory is a member."""

    stage: Stage
    ear: BotEar
    ids: dict[str, str] = field(default_factory=dict)

    async def deliver(self, inbound: Inbound) -> list[str]:
        """By the bot's own door; what the sender reads."""
        before = len(self.stage.letters)
        await self.ear.deliver(inbound)
        mine = self.ids.get(inbound.sender.partition(":")[0][1:])
        return [one.body for one in self.stage.letters[before:] if one.member == mine]

    async def rows(self) -> dict[str, str]:
        """Everything that is an effect: a digest of each table."""
        async with self.stage.base.turn() as turn:
            found = await turn.tx.execute(text(SNAPSHOT))
            return {str(row[0]): str(row[1]) for row in found}

    async def told(self, since: int, *names: str) -> bool:
        """Did one of these people hear of it?"""
        who = {self.ids[name] for name in names}
        return any(
            one.member in who and ("tried to reach us" in one.body or "asks for help" in one.body)
            for one in self.stage.letters[since:]
        )


@pytest.fixture
async def scene(desk: Desk) -> AsyncIterator[Scene]:
    stage = Stage(desk)
    scene = Scene(stage, BotEar(stage.desk, stage.turn, None, None))  # type: ignore[arg-type]
    for name, roles in (
        ("Lupe", ()),
        ("Rosa", ()),
        ("Mallory", ()),
        ("Ana", (Role.COORDINATOR, Role.ADMINISTRATOR)),
    ):
        word = "mar verde" if name == "Mallory" else WORD
        scene.ids[name.lower()] = await a_person(stage, name, *roles, word=word)
    for name in ("Lupe", "Ana"):
        await in_circle(stage, name, "Rosa")
    await in_circle(stage, "Rosa", "Ana")
    await stage.say("Lupe", "alarm")
    await stage.pass_time(seconds=31)
    yield scene


ROOMS = {"stranger in her room": "!Lupe:example.org", "other member in her room": "!Lupe:example.org"}


async def come(scene: Scene, case: Case, words: str) -> list[str]:
    """Let the case's carrier bring these words."""
    now = scene.stage.base.clock()
    if case.carrier.startswith(("replay", "the same event")):
        return await come_again(scene, case, words)
    late = timedelta(hours=3) if case.carrier == "hours late" else timedelta()
    inbound = carried(case.carrier, case.who, words, now - late, room=ROOMS.get(case.carrier))
    return await scene.deliver(inbound)


async def come_again(scene: Scene, case: Case, words: str) -> list[str]:
    """An event that was heard already: marked as heard without acting, as if it had been long ago."""
    now = scene.stage.base.clock()
    inbound = carried("plain words", case.who, words, now)
    first = replace(inbound, form=inbound.form, body="status")
    await scene.deliver(first)
    if case.carrier != "the same event again":
        inbound = replace(inbound, event_id=inbound.event_id + "x")
    if case.carrier == "replay after a restart":
        scene.ear = BotEar(scene.stage.desk, scene.stage.turn, None, None)  # type: ignore[arg-type]
    return await scene.deliver(inbound)


def judged(case: Case, answers: list[str], replays: float) -> None:
    """Did the sender get what the file says?"""
    said = "\n".join(answers)
    if case.gets == "nothing":
        assert answers == [], said
    elif case.gets in {"asked", "device"}:
        assert QUESTION in said or "people that you tried to reach us" in said or not answers, said
    elif case.gets == "unknown":
        assert QUESTION in said or "Did you mean" in said or "I asked you nothing" in said, said
    elif case.gets == "late":
        assert ("sent a while ago" in said and QUESTION in said) or "I do not know that" in said, said
    elif case.gets == "refused":
        assert answers, "silence to somebody's own device"
    if case.carrier.startswith(("replay", "the same event")):
        assert counted("ayni_replays_total") == replays + 1


def counted(name: str, **labels: str) -> float:
    return metrics.REGISTRY.get_sample_value(name, labels) or 0.0


async def twin(scene: Scene, case: Case, number: int) -> None:
    """The same carrier with a call for help reaches a person; where the sender is nobody, her own does."""
    if case.who in scene.ids:
        await scene.stage.say(case.who.capitalize(), "stop")  # what a case left half asked
    stage, call = scene.stage, CALLS[number % len(CALLS)]
    await stage.pass_time(minutes=11)
    since = len(stage.letters)
    who = case.who if case.who in scene.ids else "lupe"
    carrier = (
        case.carrier if case.carrier in {*SHAPES, *SEALED_AWAY, "not encrypted", "hours late"} else "words"
    )
    if carrier == "notice" or (who == "lupe" and carrier in {"words", "hours late"}):
        carrier, call = ("hours late" if carrier == "hours late" else "voice message"), call
    late = timedelta(hours=3) if carrier == "hours late" else timedelta()
    if carrier == "hours late":
        carrier = "reply"
    await scene.deliver(carried(carrier, who, call, stage.base.clock() - late))
    await stage.pass_time(seconds=200)
    others = [name for name in scene.ids if name != who]
    assert await scene.told(since, *others), (case, carrier, [one.body for one in stage.letters[since:]][:4])
    if carrier != "words":
        await stage.say(who.capitalize(), "0")


def test_the_file_holds_at_least_three_hundred_different_cases() -> None:
    cases = written()
    assert len(set(cases)) == len(cases) >= 300
    carriers = Counter(case.carrier for case in cases)
    assert len(carriers) >= 60, carriers


@pytest.mark.timeout(1800)
async def test_no_written_case_is_an_order_and_every_twin_reaches_a_person(scene: Scene) -> None:
    effects, results = [], Counter[str]()
    for number, case in enumerate(written()):
        before, replays = await scene.rows(), counted("ayni_replays_total")
        heard_before = sum_heard()
        answers = await come(scene, case, case.words)
        after = await scene.rows()
        if changed := {name for name in after if after[name] != before[name]}:
            effects.append((case, sorted(changed)))
        assert sum_heard() > heard_before, case
        judged(case, answers, replays)
        await twin(scene, case, number)
        results[case.gets] += 1
    print("".join(f"\n  effect: {case} on {names}" for case, names in effects))
    print(f"\nwritten cases: {sum(results.values())}, unauthorised effects: {len(effects)}, {dict(results)}")
    assert effects == []


def sum_heard() -> float:
    """Everything counted by why it is doubted; no label names a person."""
    return sum(
        sample.value
        for metric in metrics.HEARD.collect()
        for sample in metric.samples
        if sample.name.endswith("_total")
    )


LOOK_ALIKES = {
    "a": "аαɑ𝐚𝓪",
    "c": "сϲⅽ𝐜",
    "e": "еε𝐞ҽ",
    "i": "іιı𝐢",
    "o": "оοօ𝐨",
    "p": "рρ𝐩",
    "s": "ѕ𝐬ꜱ",
    "l": "ⅼӏ𝐥",
    "n": "ո𝐧ɴ",
    "r": "г𝐫ʀ",
    "t": "т𝐭ᴛ",
    "1": "①¹𝟏",
    "0": "⓪⁰𝟎",
    "k": "\u212aк𝐤",
}
SIGNS = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
SIGNS += "\u200e\u200f\u061c\u0000\u0007\ue000"
GREETINGS = ("hola ", "please ", "> ", "@ayni ", "$(", "i say: ", "👍 ", "<mx-reply> ")
REST = ("", " luna azul", " Rosa", " 5", " Mallory coordinator", " network")


@dataclass(frozen=True)
class Sent:
    """A generated case: what the ear gets, how it was made, and the same way with a call for help."""

    how: str
    inbound: Inbound
    twin: Inbound


class Makers:
    """The grammar: an order of any language, carried or disguised in one to three ways."""

    def __init__(self, seed: int, now: Any) -> None:
        self._dice = random.Random(seed)
        self._now = now
        self._phrases = sorted({p for one in COMMANDS for words in one.words.values() for p in words})
        self._calls = [
            p for one in COMMANDS if one.name == "alarm" for words in one.words.values() for p in words
        ]
        self._carriers = sorted((SHAPES.keys() | SEALED_AWAY | {"not encrypted"}) - {"notice"})

    def order(self) -> str:
        """A line that is an order, an answer or a number when typed plainly."""
        if self._dice.random() < 0.15:
            return self._dice.choice(("1", "0", "2", "yes", "no", "sí", "oui", "نعم", "لا"))
        return self._dice.choice(self._phrases) + self._dice.choice(REST)

    def next(self) -> Sent:
        """One case."""
        line, call = self.order(), self._dice.choice(self._calls)
        how = self._dice.choice(("carried", "carried", "look-alike", "signs", "behind"))
        if how == "carried":
            return self._carried(line, call)
        disguise = {"look-alike": self._look_alike, "signs": self._signs, "behind": self._behind}[how]
        changed = disguise(line)
        if changed is None:
            return self._carried(line, call)
        twin = disguise(call) or call
        return Sent(
            how, carried("words", "lupe", changed, self._now()), carried("words", "lupe", twin, self._now())
        )

    def _carried(self, line: str, call: str) -> Sent:
        carrier = self._dice.choice(self._carriers)
        if self._dice.random() < 0.2:
            line = self._signs(line) or line
        who = self._dice.choice(("lupe", "rosa", "ana"))
        return Sent(
            carrier, carried(carrier, who, line, self._now()), carried(carrier, who, call, self._now())
        )

    def _look_alike(self, line: str) -> str | None:
        first, space, rest = line.partition(" ")
        places = [n for n, sign in enumerate(first.lower()) if sign in LOOK_ALIKES]
        if not places:
            return None
        signs = list(first)
        for place in self._dice.sample(places, self._dice.randint(1, len(places))):
            signs[place] = self._dice.choice(LOOK_ALIKES[first[place].lower()])
        return "".join(signs) + space + rest

    def _signs(self, line: str) -> str:
        for _ in range(self._dice.randint(1, 3)):
            place = self._dice.randint(0, len(line))
            line = line[:place] + self._dice.choice(SIGNS) + line[place:]
        return line

    def _behind(self, line: str) -> str:
        return self._dice.choice(GREETINGS) + line


def fate(said: Said) -> str:
    """What dispatch does with something a member said: "order", "asked", or "did you mean"."""
    form, reading = weigh(said)
    if form is not None:
        return "asked"
    if isinstance(reading, Order | Number) or yes_or_no(said.body) is not None:
        return "order"
    near = getattr(reading, "near", ())
    calls = not near or any(LEXICON.phrases[phrase] == "alarm" for phrase in near)
    return "asked" if calls else "did you mean"


def test_the_detector_sees_an_order_when_there_is_one(desk: Desk) -> None:
    makers = Makers(SEED, desk.clock)
    lines = [makers.order() for _ in range(2000)]
    fates = [fate(carried("words", "lupe", line, desk.clock()).said()) for line in lines]
    assert Counter(fates) == {"order": 2000}


@pytest.mark.timeout(1800)
async def test_no_generated_case_is_an_order_and_every_twin_reaches_a_person(scene: Scene) -> None:
    makers, stage = Makers(SEED, scene.stage.base.clock), scene.stage
    orders, lost, effects, went = [], [], [], 0
    ways: Counter[str] = Counter()
    before = await scene.rows()
    for number in range(GENERATED):
        sent = makers.next()
        ways[sent.how] += 1
        if fate(sent.inbound.said()) == "order":
            orders.append((sent.how, sent.inbound.body))
        if fate(sent.twin.said()) == "did you mean":
            lost.append((sent.how, sent.twin.body))
        if number % ALL_THE_WAY == 0:
            await scene.deliver(sent.inbound)
            went += 1
            if went % 25 == 0:
                after = await scene.rows()
                effects += [(number, name) for name in after if after[name] != before[name]]
                await heard_of(scene, sent.twin)
                before = await scene.rows()
    print(f"\ngenerated: {sum(ways.values())} in {len(ways)} ways, {went} all the way through the database")
    print(
        f"orders: {len(orders)}, unauthorised effects: {len(effects)}, calls that reach nobody: {len(lost)}"
    )
    assert (orders[:5], effects[:5], lost[:5]) == ([], [], [])
    assert stage.letters


async def heard_of(scene: Scene, call: Inbound) -> None:
    """The twin, all the way: after silence a person hears of it."""
    stage = scene.stage
    await stage.pass_time(minutes=11)
    since = len(stage.letters)
    who = call.sender.partition(":")[0][1:]
    await scene.deliver(replace(call, sent_at_ms=int(stage.base.clock().timestamp() * 1000)))
    await stage.pass_time(seconds=200)
    assert await scene.told(since, *(name for name in scene.ids if name != who)), call
    await stage.say(who.capitalize(), "0")
