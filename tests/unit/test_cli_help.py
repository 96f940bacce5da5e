"""Every command says what it does, shows an example that it understands, and loads little before it runs."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from hub.cli import app
from hub.cli.frame import EXIT_CODES, Exit, saying_what_failed

HEAVY = (
    "sqlalchemy",
    "nio",
    "graphene",
    "aiohttp",
    "psycopg",
    "procrastinate",
    "alembic",
    "synapse",
    "scipy",
)


def commands(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """(words after `ayni`, command) of every command that does something."""
    command = command or get_command(app)
    if not hasattr(command, "commands"):
        yield " ".join(path), command
        return
    for name, inner in command.commands.items():
        yield from commands(inner, (*path, name))


EVERY = dict(commands())


@pytest.mark.parametrize("name", EVERY)
def test_its_help_says_what_it_does_and_shows_an_example_it_understands(name: str) -> None:
    command = EVERY[name]
    assert command.help, name
    assert command.help.strip().endswith((".", ":", "!", "?")), name
    shown = re.search(r"Example: (.*)", command.epilog or "")
    assert shown is not None, f"ayni {name} --help shows no example"
    first = re.sub(r"\(.*?\)", "", shown.group(1)).split(" · ")[0]
    words = shlex.split(first.split("|")[-1].strip())
    assert words[: 1 + len(name.split())] == ["ayni", *name.split()]
    given = words[1 + len(name.split()) :]
    if _runs_anywhere(given):
        command.make_context(name, list(given))
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in given if word.startswith("--")} <= known


def _runs_anywhere(words: list[str]) -> bool:
    """Examples that name files cannot be parsed where those files are not."""
    return not any("." in word for word in words)


@pytest.mark.parametrize("name", EVERY)
def test_its_options_are_explained(name: str) -> None:
    for parameter in EVERY[name].params:
        if parameter.param_type_name == "option":
            assert getattr(parameter, "help", None), f"ayni {name} {parameter.opts}"


def test_exit_codes_are_explained_where_people_look_for_help() -> None:
    listed = {int(code) for code in re.findall(r"\b(\d+) [a-z]", EXIT_CODES)}
    assert listed == {int(code) for code in Exit}


def test_a_file_that_may_not_be_opened_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    def read() -> None:
        raise PermissionError(13, "Permission denied", "/var/lib/ayni/settings.toml")

    assert saying_what_failed(read) == Exit.TROUBLE
    assert "may not open /var/lib/ayni/settings.toml" in capsys.readouterr().err.replace("\n", " ")


def test_nothing_heavy_is_loaded_before_a_command_runs() -> None:
    code = f"import sys, hub.cli; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
