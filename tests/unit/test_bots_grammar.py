"""Reading a typed line: forgiving in spelling, strict in what it is made of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.commands import BY_NAME, COMMANDS, LEXICON, QUESTIONS, things
from bots.core.folding import fold, hides_something
from bots.core.grammar import (
    Hidden,
    Nothing,
    Number,
    Order,
    TwoMeanings,
    Unknown,
    lexicon,
    read,
    yes_or_no,
)
from bots.core.spans import LONGEST, clock_time, duration
from bots.store.conversations import ON_TOP, REQUESTS
from directory.core.rules import check_coverage
from directory.languages import LOCALES

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "name", "rest"),
    [
        ("alarm", "alarm", ""),
        ("ALARMA!!", "alarm", ""),
        ("¡Ayúdenme! están en la puerta", "alarm", "están en la puerta"),
        ("help me now", "alarm", "now"),
        ("au secours", "alarm", ""),
        ("النجدة", "alarm", ""),
        ("النجده", "alarm", ""),
        ("إِنْذَار", "alarm", ""),
        ("help", "help", ""),
        ("Aide", "alarm", ""),
        ("ＡＬＡＲＭ", "alarm", ""),
        ("BUSCAR tierra en Guatemala", "find", "tierra en Guatemala"),
        ("búscar tierra", "find", "tierra"),
        ("je l’ai", "have", ""),
        ("  cancel   luna azul ", "cancel", "luna azul"),
        ("see as Sur", "see-as", "Sur"),
        ("check-in in 2 h", "check-in", "in 2 h"),
    ],
)
def test_a_command_is_understood_in_every_language_however_it_is_spelled(
    typed: str, name: str, rest: str
) -> None:
    assert read(typed, LEXICON) == Order(name, rest)


@pytest.mark.parametrize("typed", ["1", " 1. ", "1)", "١", "۱", "１"])
def test_digits_of_every_keyboard_answer_the_last_question(typed: str) -> None:
    assert read(typed, LEXICON) == Number(1)


def test_a_number_too_long_to_be_an_answer_is_none() -> None:
    assert isinstance(read("123456", LEXICON), Unknown)


@pytest.mark.parametrize("typed", ["аlarm", "𝒂larm", "ⓐlarm", "al\u0131rm", "\u212aancel"])
def test_a_letter_that_only_looks_right_makes_no_order(typed: str) -> None:
    assert isinstance(read(typed, LEXICON), Unknown)


@pytest.mark.parametrize("sign", ["\u202e", "\u200f", "\u2066", "\u200b", "\u00ad", "\u0000", "\ufeff"])
def test_signs_nobody_sees_make_no_order(sign: str) -> None:
    assert read(f"cancel {sign}luna", LEXICON) == Hidden()
    assert hides_something(f"cancel {sign}luna") and not hides_something("cancel luna\n")


def test_a_near_miss_is_offered() -> None:
    assert read("fnd land", LEXICON) == Unknown(("find",))
    assert read("   ", LEXICON) == Nothing()


@pytest.mark.parametrize(
    ("typed", "meant"), [("1", True), ("Sí", True), ("نعم", True), ("0", False), ("NON", False)]
)
def test_yes_and_no_in_four_languages(typed: str, meant: bool) -> None:
    assert yes_or_no(typed) is meant
    assert yes_or_no("maybe") is None and yes_or_no("1\u202e") is None


def test_one_phrase_never_means_two_things() -> None:
    with pytest.raises(TwoMeanings):
        lexicon([("stop", "stop"), ("Stop", "cancel")])


def test_every_command_has_words_in_every_language_and_a_rule() -> None:
    for command in COMMANDS:
        assert set(command.words) == set(LOCALES), command.name
        assert BY_NAME[command.name] is command
    check_coverage(things())


def test_every_question_that_comes_from_others_has_somebody_who_reads_the_answer() -> None:
    assert QUESTIONS.keys() >= (ON_TOP | REQUESTS)


@given(st.text(max_size=60))
def test_any_text_is_read_without_fail_and_folding_twice_is_folding_once(text: str) -> None:
    read(text, LEXICON)
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=12))
def test_only_a_known_phrase_begins_an_order(text: str) -> None:
    reading = read(text, LEXICON)
    if isinstance(reading, Order):
        assert not hides_something(text)
        assert reading.name in BY_NAME


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("10 s", 10),
        ("2 h", 7200),
        ("2h", 7200),
        ("90 min", 5400),
        ("1 h 30", 5400),
        ("1h30", 5400),
        ("1 hora y 15 minutos", 4500),
        ("3 jours", 259200),
        ("ساعتين", 7200),
        ("٢ ساعة", 7200),
        ("half an hour", 1800),
        ("0 s", 0),
    ],
)
def test_lengths_of_time_as_people_type_them(typed: str, seconds: int) -> None:
    assert duration(typed) == timedelta(seconds=seconds)


@pytest.mark.parametrize("typed", ["", "soon", "2", "2 h yesterday", "-2 h", "999999 days", "2 parsecs"])
def test_what_is_no_length_of_time_is_none(typed: str) -> None:
    assert duration(typed) is None
    assert timedelta(days=60) == LONGEST


def test_a_clock_time_is_the_next_one_in_the_persons_country() -> None:
    guatemala = ZoneInfo("America/Guatemala")
    assert clock_time("22:00", NOON, guatemala) == datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
    assert clock_time("5h30", NOON, guatemala) == datetime(2026, 11, 25, 11, 30, tzinfo=UTC)
    assert clock_time("24:00", NOON, guatemala) is None


def test_a_clock_time_the_clocks_skip_comes_just_after() -> None:
    paris = ZoneInfo("Europe/Paris")
    before = datetime(2027, 3, 27, 22, 0, tzinfo=UTC)
    assert clock_time("02:30", before, paris) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
