"""What people read, in their own language and writing direction."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from directory.core.text import say, say_many
from directory.languages import END_ISOLATE, ISOLATE, choose, day, listed, render, rtl


def test_an_untranslated_sentence_is_shown_in_english() -> None:
    assert render(say("Nobody wrote {name} in this language.", name="this"), "es") == (
        "Nobody wrote this in this language."
    )


def test_a_number_chooses_its_form() -> None:
    assert [render(say_many("{count} day", "{count} days", n), "en") for n in (1, 2, 1200)] == [
        "1 day",
        "2 days",
        "1,200 days",
    ]


def test_a_text_inside_a_text_and_braces_in_a_name_stay_what_they_are() -> None:
    outer = say("{who} said: {what}", who="{name}", what=say("I am {name}", name="Luz"))
    assert render(outer, "en") == "{name} said: I am Luz"


def test_names_are_isolated_where_directions_meet_and_left_alone_elsewhere() -> None:
    hello = say("Hello {name}", name="Luz")
    assert render(hello, "ar") == f"Hello {ISOLATE}Luz{END_ISOLATE}"
    assert render(hello, "fr") == "Hello Luz"
    assert render(say("Hello {name}", name="نور"), "fr") == f"Hello {ISOLATE}نور{END_ISOLATE}"


def test_direction_marks_and_control_characters_of_others_do_not_reach_the_reader() -> None:
    trick = "Luz\u202e\u2066gpj.exe\u0000\n1 = yes"
    assert render(say("{name}", name=trick), "en") == "Luzgpj.exe 1 = yes"
    assert render(say("{name}", name="می\u200cخواهم"), "en") == f"{ISOLATE}می\u200cخواهم{END_ISOLATE}"


def test_dates_and_lengths_of_time_follow_the_language() -> None:
    at = datetime(2026, 11, 24, 2, 10, tzinfo=UTC)
    assert "24 nov. 2026" in render(say("{at}", at=at), "fr")
    assert render(say("{at}", at=at), "en").endswith("UTC")
    assert render(say("{span}", span=timedelta(hours=72)), "es") == "3 días"
    assert day(date(2026, 11, 24), "es") == "24 nov 2026"
    assert listed(["a", "b"], "es") == "a y b"


def test_several_texts_become_lines() -> None:
    assert render(say("{lines}", lines=(say("one"), say("two"))), "en") == "one\ntwo"


def test_the_reader_s_own_choice_comes_before_the_browser_s() -> None:
    assert choose("fr-CH, fr;q=0.9, en;q=0.8", preferred="ar") == "ar"
    assert choose("de, es-GT;q=0.7, en;q=0.3") == "es"
    assert choose("xx;q=nonsense, *;q=0.1") == "en"
    assert choose(None, preferred="tlh") == "en"


def test_arabic_runs_from_the_right() -> None:
    assert rtl("ar") and not rtl("fr")
