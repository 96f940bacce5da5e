"""What a network says in its own words, languages it adds, voices, pages of answers, what orders will do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from bots_stage import WORD, Stage, a_person
from conftest import Desk
from people import a_linked_network, seen_as
from sqlalchemy import select

from directory import added_languages, audit, bot_entries, languages, wordings
from directory.bot_entries import BotEntry
from directory.core.effects import Tell, Urgency
from directory.core.text import say, say_many
from directory.core.viewer import Role
from directory.core.wordings import Book
from directory.refusals import BadAnswer, NotYours
from directory.store import wordings as store
from hub import recordings
from hub.book import read as read_book
from hub.effects import Recorder
from hub.lane import MatrixLane
from hub.letters import LetterBox, NeverAccepted
from hub.recordings import KeptRecordings
from hub.store.tables import letters

VOICE = (Path(__file__).parents[1] / "a_voice.opus").read_bytes()
ASKS = "{name} asks for help."
PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.fixture(autouse=True)
def own_book() -> Iterator[None]:
    """Whatever a test changes is said in this process only as long as the test."""
    yield
    languages.use(Book())


@pytest.fixture
def stage(desk: Desk) -> Stage:
    return Stage(desk)


def a_po() -> str:
    said = ((sentence, f"K: {sentence}") for sentence in added_languages.the_forty())
    return PO + "\n".join(f'msgid "{english}"\nmsgstr "{words}"\n' for english, words in said)


async def kiche(desk: Desk, *, voices: tuple[str, ...] = ()) -> None:
    """Add K'iche', with recordings of these sentences."""
    async with desk.turn() as turn:
        await added_languages.add(turn, tag="quc", name="K'iche'", second="es", rtl=False, po=a_po())
        for sentence in voices:
            await added_languages.record(turn, "quc", sentence, VOICE)
    await read_book(desk.database)


async def test_an_administrator_says_a_sentence_differently_and_takes_it_back(desk: Desk) -> None:
    async with desk.turn() as turn:
        await wordings.change(turn, "es", "Welcome", ("Pase, compa",))
        await wordings.change(turn, "es", "Welcome", ("Qué gusto",))
    await read_book(desk.database)
    assert languages.render(say("Welcome"), "es") == "Qué gusto"
    assert languages.render(say("Welcome"), "fr") == "Bienvenue"
    async with desk.turn() as turn:
        (one,) = await wordings.listing(turn, "es", changed_only=True)
        assert (one.forms, one.standard) == (("Qué gusto",), ("Te damos la bienvenida",))
        await wordings.undo(turn, "es", "Welcome")
    await read_book(desk.database)
    assert languages.render(say("Welcome"), "es") == "Pase, compa"
    async with desk.turn() as turn:
        await wordings.undo(turn, "es", "Welcome")
        assert [entry.act for entry in await audit.read(turn)] == [
            "text-undone",
            "text-undone",
            "text-changed",
            "text-changed",
        ]
    await read_book(desk.database)
    assert languages.render(say("Welcome"), "es") == "Te damos la bienvenida"


async def test_numbers_keep_their_forms_in_a_changed_sentence(desk: Desk) -> None:
    forms = ("{count} sol", "{count} soles")
    async with desk.turn() as turn:
        await wordings.change(turn, "es", "{count} day", forms)
        for wrong in (forms[:1], ("{count} sol", "soles {name}"), ("{count} sol", "{count!r} soles")):
            with pytest.raises(BadAnswer):
                await wordings.change(turn, "es", "{count} day", wrong)
    await read_book(desk.database)
    said = [languages.render(say_many("{count} day", "{count} days", n), "es") for n in (1, 5)]
    assert said == ["1 sol", "5 soles"]


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Nobody",
        "{name} {word} asks",
        "{name.__class__} {name}",
        "{name:>9999999}",
        "{name} {0}",
        "{name} }",
    ],
)
async def test_a_sentence_that_lost_its_place_or_reaches_further_is_refused_and_nothing_changes(
    desk: Desk, words: str
) -> None:
    async with desk.turn() as turn:
        with pytest.raises(BadAnswer):
            await wordings.change(turn, "en", ASKS, (words,))
    async with desk.turn() as turn:
        assert await store.book(turn.tx) == Book()


async def test_only_administrators_change_texts_and_languages(desk: Desk, stage: Stage) -> None:
    ana = await a_person(stage, "Ana", Role.COORDINATOR)
    async with desk.turn(await seen_as(desk, ana, word=True)) as turn:
        for refused in (
            wordings.change(turn, "en", "Welcome", ("Hello",)),
            wordings.undo(turn, "en", "Welcome"),
            wordings.listing(turn, "en"),
            added_languages.add(turn, tag="quc", name="K", second="es", rtl=False, po=a_po()),
            added_languages.record(turn, "quc", ASKS, VOICE),
            added_languages.remove(turn, "quc"),
        ):
            with pytest.raises(NotYours):
                await refused
        assert await store.book(turn.tx) == Book()


async def test_a_member_speaks_an_added_language_and_a_second_one_for_the_rest(
    desk: Desk, stage: Stage
) -> None:
    await kiche(desk)
    await a_person(stage, "Ixchel")
    (asked,) = await stage.say("Ixchel", "language")
    assert "5 = K'iche'" in asked
    answers = await stage.say("Ixchel", "5")
    assert "K'iche'" in answers[0] and "Español" in answers[1].title()
    assert (await stage.say("Ixchel", "3"))[0].startswith("Bien.")
    (alarm,) = await stage.say("Ixchel", "alarma")
    assert alarm.splitlines()[0].startswith("K: Your alarm goes out in")
    assert "30 segundos" in alarm, "what the forty do not hold is said in the second language"
    assert (await stage.say("Ixchel", "estado"))[0].startswith("Tu alarma")
    async with desk.turn() as turn:
        await added_languages.remove(turn, "quc")
    await read_book(desk.database)
    assert (await stage.say("Ixchel", f"cancelar {WORD}"))[0].startswith("Parada.")


async def test_a_bad_language_is_refused_whole(desk: Desk) -> None:
    good = {"tag": "quc", "name": "K'iche'", "second": "es", "rtl": False, "po": a_po()}
    bad = ({"tag": "es"}, {"tag": "QUC!"}, {"name": " "}, {"second": "de"}, {"po": PO}, {"po": a_po()[:2000]})
    for change in bad:
        async with desk.turn() as turn:
            with pytest.raises(BadAnswer):
                await added_languages.add(turn, **{**good, **change})
    async with desk.turn() as turn:
        assert await store.book(turn.tx) == Book()
        await added_languages.add(turn, **good)
        with pytest.raises(BadAnswer):
            await added_languages.record(turn, "quc", ASKS, VOICE[:-9])
        with pytest.raises(BadAnswer):
            await added_languages.record(turn, "quc", "Welcome", VOICE)


async def test_who_chose_a_voice_is_sent_recordings_after_the_text_and_nobody_else(
    desk: Desk, stage: Stage
) -> None:
    await kiche(desk, voices=(ASKS, "1 = I have it, 0 = I cannot"))
    ixchel = await a_person(stage, "Ixchel", locale="quc:es")
    await a_person(stage, "Ana")
    (offered,) = await stage.say("Ixchel", "voz")
    assert offered.endswith("1 = sí, 0 = no")
    await stage.say("Ixchel", "1")
    assert (await stage.say("Ana", "voice"))[0] == "There is no voice in your language yet."
    sent = await letters_for(desk, ixchel, say(ASKS, name="Ana"))
    assert [kind for kind, _ in sent] == ["m.room.message", recordings.EVENT]
    assert (await stage.say("Ixchel", "voz no"))[0].startswith("Bien.")
    assert [kind for kind, _ in await letters_for(desk, ixchel, say(ASKS, name="Ana"))] == ["m.room.message"]
    lane = MatrixLane(AnAccount(), KeptRecordings(desk.turn))  # type: ignore[arg-type]
    assert await lane.send("!r", *sent[1], "id") == "m.room.message m.audio 2000 ms, 2761 bytes"
    with pytest.raises(NeverAccepted):
        await lane.send("!r", recordings.EVENT, {"language": "quc", "message": "Welcome"}, "id")


class AnAccount:
    """Stands for one Matrix account: what it is given to send."""

    async def voice_note(self, audio: bytes, milliseconds: int, about: str) -> dict[str, object]:
        return {"msgtype": "m.audio", "body": f"{milliseconds} ms, {len(audio)} bytes"}

    async def send(self, room: str, kind: str, content: dict[str, object], tx_id: str) -> str:
        return f"{kind} {content['msgtype']} {content['body']}"


async def letters_for(desk: Desk, member: str, text: object) -> list[tuple[str, dict[str, object]]]:
    """The letters one Tell makes: (event type, content), in their order."""

    async def nothing(*_: object) -> None:
        return None

    recorder = Recorder(LetterBox(desk.guard), nothing, nothing, nothing)
    async with desk.turn() as turn:
        await turn.tx.execute(letters.delete())
        await recorder.record(turn, Tell(member, text, Urgency.ALARM))  # type: ignore[arg-type]
        rows = (await turn.tx.execute(select(letters).order_by(letters.c.place))).all()
    return [
        (
            row.event_type,
            msgspec.json.decode(desk.guard.open("letters", "content", row.id, row.content, watch=True)),
        )
        for row in rows
    ]


async def test_a_long_answer_comes_in_pages(desk: Desk, stage: Stage) -> None:
    await a_person(stage, "Lupe", issues=["water"])
    for n in range(30):
        await a_linked_network(desk, f"Red {n:02}")
    (first,) = await stage.say("Lupe", "networks")
    assert "Red 11" in first and "Red 12" not in first
    assert first.endswith("18 more lines. To see them, write: more")
    (second,) = await stage.say("Lupe", "more")
    assert (
        "Red 12" in second
        and "Red 23" in second
        and second.endswith("6 more lines. To see them, write: more")
    )
    (third,) = await stage.say("Lupe", "more")
    assert "Red 29" in third and "more" not in third
    assert await stage.say("Lupe", "more") == ["That was all."]


async def test_an_order_that_is_hard_to_take_back_says_what_it_does_and_asks_for_the_word(
    stage: Stage,
) -> None:
    await a_person(stage, "Ana", Role.ADMINISTRATOR, Role.COORDINATOR)
    await a_person(stage, "Rosa", Role.RESPONDER)
    (asked,) = await stage.say("Ana", "off-board Rosa")
    assert "these roles: responder" in asked and asked.endswith(
        "Write your word now, so that we know it is you. 0 = leave it"
    )
    assert await stage.say("Ana", "0") == ["Good. Nothing was changed."]
    (asked,) = await stage.say("Ana", "take role Rosa responder")
    assert asked.startswith("Rosa is responder no more.")
    await stage.say("Ana", WORD)
    assert "duty" not in (await stage.say("Rosa", "help"))[0]


async def test_the_bots_are_shown_in_chat_with_purpose_address_and_key(desk: Desk, stage: Stage) -> None:
    await a_person(stage, "Lupe", locale="es")
    async with desk.turn() as turn:
        purpose = "Passes on calls for help and missed check-ins until somebody has them."
        await bot_entries.enter(turn, BotEntry("Sentinel", purpose, "@ayni:example.org", "h4ZkJ0yF9aRq"))
    (shown,) = await stage.say("Lupe", "quién eres")
    assert "Sentinel: Pasa las llamadas de ayuda" in shown
    assert "@ayni:example.org" in shown and "h4Zk J0yF 9aRq" in shown
