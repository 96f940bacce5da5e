"""The playbooks that lie in bots/playbooks: read once, and checked whole before anything starts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from bots.core.playbooks import Playbook, faults

FOLDER = Path(__file__).with_name("playbooks")


class BadPlaybook(Exception):
    """A playbook cannot be run: its file, the key that is wrong, and what to do about it."""

    def __init__(self, file: str, key: str, fix: str) -> None:
        super().__init__(f"{file}: {key}: {fix}")
        self.file, self.key, self.fix = file, key, fix


def load(folder: Path) -> Mapping[str, Playbook]:
    """Every playbook of a folder, by its file's name. Raises BadPlaybook for the first that is wrong."""
    return {path.stem: _read(path) for path in sorted(folder.glob("*.toml"))}


@cache
def known() -> Mapping[str, Playbook]:
    """Ours. Raises BadPlaybook."""
    return load(FOLDER)


def _read(path: Path) -> Playbook:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        book = msgspec.convert(table, Playbook)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise BadPlaybook(path.name, "—", f"write valid TOML, {broken}") from None
    except msgspec.ValidationError as wrong:
        what, _, where = str(wrong).partition(" - at ")
        raise BadPlaybook(
            path.name, where.strip("`$.") or "—", f"write what belongs there ({what})"
        ) from None
    for fault in faults(book):
        raise BadPlaybook(path.name, fault.key, fault.fix)
    return book
