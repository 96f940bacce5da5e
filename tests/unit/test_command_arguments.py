"""Arguments of commands: each kind takes what people type in one form, and says what is wrong else."""

from __future__ import annotations

import pytest

from bots.command import Arg, Args, Command, Talk, Unfit, read_args
from bots.commands import COMMANDS
from bots.kinds import (
    FOR_SOMEBODY,
    HANDLE,
    HANDLES,
    KINDS,
    LENGTH,
    NAME,
    NETWORK,
    NUMBER,
    SECRET,
    SPAN,
    SWITCH,
    WHICH,
    Kind,
    part,
)
from directory.core.text import say


async def _nothing(talk: Talk, args: Args) -> None:
    return None


def a_command(*args: Arg) -> Command:
    return Command("try", {"en": ("try",)}, say("try and a name."), _nothing, args)


@pytest.mark.parametrize(
    ("kind", "typed", "form"),
    [
        (NUMBER, "2", "2"),
        (NUMBER, "٢", "2"),
        (NUMBER, "2.", "2"),
        (HANDLE, "@Ixchel,", "Ixchel"),
        (HANDLE, "مريم", "مريم"),
        (SPAN, "1 h 30", "5400"),
        (SPAN, "ساعتين", "7200"),
        (SECRET, "Luna azul de mayo", "Luna azul de mayo"),
        (SWITCH, "Sí", "on"),
        (SWITCH, "٠", "off"),
        (WHICH, "todas", "all"),
        (WHICH, "٣", "3"),
        (HANDLES, "@Ana, @Bea;  Luz", "Ana Bea Luz"),
        (NETWORK, " Tejido. ", "Tejido"),
    ],
)
def test_a_kind_gives_one_form_however_it_was_typed(kind: Kind, typed: str, form: str) -> None:
    assert read_args(a_command(Arg("it", kind)), typed) == {"it": form}


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (NUMBER, "two"),
        (HANDLE, "@"),
        (HANDLE, "a" * 60),
        (SPAN, "soon"),
        (SWITCH, "perhaps"),
        (WHICH, "some"),
    ],
)
def test_what_is_no_such_thing_is_told_in_the_words_of_its_kind(kind: Kind, typed: str) -> None:
    unfit = read_args(a_command(Arg("it", kind)), typed)
    assert isinstance(unfit, Unfit) and unfit.wrong == kind.wrong


def test_what_is_missing_is_answered_with_the_help_alone() -> None:
    unfit = read_args(a_command(Arg("whom", NAME), Arg("role")), "ana")
    assert isinstance(unfit, Unfit) and (unfit.arg.name, unfit.wrong) == ("role", None)


def test_one_word_is_cut_out_and_the_rest_stays_as_typed() -> None:
    line = read_args(a_command(Arg("number", NUMBER), Arg("purpose", needed=False)), "2 we need  a lawyer")
    assert line == {"number": "2", "purpose": "we need  a lawyer"}


LATER = a_command(Arg("whom", FOR_SOMEBODY, needed=False), Arg("by", LENGTH), Arg("word", SECRET))


@pytest.mark.parametrize(
    ("line", "args"),
    [
        ("30 min luna azul", {"by": "1800", "word": "luna azul"}),
        ("1 h 30 luna  azul", {"by": "5400", "word": "luna  azul"}),
        ("para Rosa 2 h luna", {"whom": "Rosa", "by": "7200", "word": "luna"}),
        ("ساعتين قمر أزرق", {"by": "7200", "word": "قمر أزرق"}),
    ],
)
def test_a_length_of_time_takes_as_many_words_as_it_has_and_no_letter_of_the_word(
    line: str, args: dict[str, str]
) -> None:
    assert read_args(LATER, line) == args


def test_a_part_is_its_key_and_what_is_no_part_is_left_for_what_follows() -> None:
    command = a_command(Arg("part", part({"off": frozenset(("off", "fin"))}), needed=False), Arg("rest"))
    assert read_args(command, "Fin, today") == {"part": "off", "rest": "today"}
    assert read_args(command, "8 h") == {"rest": "8 h"}


def test_each_argument_of_each_command_has_a_kind_with_a_sentence() -> None:
    for command in COMMANDS:
        for arg in command.args:
            assert (arg.kind in KINDS or arg.kind.name == "part") and arg.kind.wrong.message
