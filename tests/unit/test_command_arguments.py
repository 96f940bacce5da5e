"""Arguments of commands: each kind takes what people type in one form, and says what is wrong else."""

from __future__ import annotations

import pytest

from bots.command import Arg, Args, Command, Talk, Unfit, read_args
from bots.commands import COMMANDS
from bots.kinds import HANDLE, KINDS, NAME, NUMBER, SECRET, SPAN, Kind
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
    ],
)
def test_a_kind_gives_one_form_however_it_was_typed(kind: Kind, typed: str, form: str) -> None:
    assert read_args(a_command(Arg("it", kind)), typed) == {"it": form}


@pytest.mark.parametrize(
    ("kind", "typed"), [(NUMBER, "two"), (HANDLE, "@"), (HANDLE, "a" * 60), (SPAN, "soon")]
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


def test_each_argument_of_each_command_has_a_kind_with_a_sentence() -> None:
    for command in COMMANDS:
        for arg in command.args:
            assert arg.kind in KINDS and arg.kind.wrong.message
