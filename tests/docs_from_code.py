"""Parts of the documentation that the code knows better: written from it, compared by tests/contract.

`.venv/bin/python tests/docs_from_code.py` writes them anew. Each stands in its file between
`<!-- from the code: NAME -->` and `<!-- end -->`; everything around it is written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from typer.main import get_command

from bots.command import Command
from bots.commands import COMMANDS
from directory.core.effects import Stream
from directory.core.relations import Relation
from directory.core.rules import RULES
from directory.core.text import Text
from directory.languages import LOCALES, render
from hub.api.codes import FIXES
from hub.api.open_queries.limits import LIMITS
from hub.cli import app
from hub.doctor.seized import PLACES, explain
from hub.federation.applying import NOT_YET
from hub.federation.core.admission import APPLIES, TELLS
from hub.federation.core.bodies import KIB, KINDS
from hub.federation.core.link import Stage
from hub.settings import Settings

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"(<!-- from the code: ([\w ]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; a | inside a cell is escaped."""
    lines = [list(head)]
    lines += [["---"] * len(lines[0]), *map(list, rows)]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def settings() -> str:
    """Every key of settings.toml."""
    return table(("section", "key", "default", "what it is"), _keys())


def _keys() -> Iterator[tuple[str, str, str, str]]:
    for section in msgspec.structs.fields(Settings):
        for key in msgspec.structs.fields(section.type):
            schema = getattr(msgspec.inspect.type_info(key.type), "extra_json_schema", None) or {}
            shown = msgspec.json.encode(key.default).decode()
            yield f"`[{section.name}]`", f"`{key.name}`", f"`{shown}`", str(schema.get("description", ""))


def commands(command: Any = None, before: tuple[str, ...] = ("ayni",)) -> Iterator[tuple[str, Any]]:
    """(what one types, the click command) of everything the terminal knows."""
    group = command or get_command(app)
    for name, each in sorted(group.commands.items()):
        if hasattr(each, "commands"):
            yield from commands(each, (*before, name))
        else:
            yield " ".join((*before, name)), each


def terminal() -> str:
    """Every command of the terminal with its first sentence."""
    rows = ((f"`{typed}`", _first_sentence(each.help or "")) for typed, each in commands())
    return table(("command", "what it does"), rows)


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.?!])\s", " ".join(text.split()))[0]


def said_by(relations: frozenset[Relation]) -> Iterator[Command]:
    """Chat commands whose rule names one of these relations, in the order of the help."""
    return (one for one in COMMANDS if not RULES[one.rule].to.isdisjoint(relations))


def words(locale: str) -> str:
    """What a member can write in one language: as the help says, what else is understood, what it does."""
    members = said_by(frozenset({Relation.HOME, Relation.JOINING}))
    rows = (
        (f"**{example(one.help, locale)}**", _others(one, locale), about(one.help, locale)) for one in members
    )
    return table(WORD_HEADS[locale], rows)


WORD_HEADS: Mapping[str, tuple[str, str, str]] = {
    "en": ("you write", "or", "what it does"),
    "es": ("escribes", "o", "qué hace"),
    "fr": ("vous écrivez", "ou", "ce que cela fait"),
    "ar": ("تكتب", "أو", "ماذا يحدث"),
}


def example(help_: Text, locale: str) -> str:
    """What a help line tells to write."""
    return render(help_, locale).partition(": ")[0]


def about(help_: Text, locale: str) -> str:
    """What follows the phrase in a help line."""
    line = render(help_, locale)
    return line.partition(": ")[2] or line


def _others(one: Command, locale: str) -> str:
    return ", ".join(f"`{phrase}`" for phrase in one.words.get(locale, ())[1:])


def duty_words() -> str:
    """What those who look after the network can write, in every language."""
    keepers = frozenset({Relation.RESPONDER, Relation.COORDINATOR, Relation.ADMINISTRATOR})
    mine = {one.name: one for one in said_by(keepers)}
    shown = [*mine.values(), *(one for one in COMMANDS if one.name in ("have", "pass on", "done", "alarms"))]
    rows = ((*(f"`{one.shown(locale)}`" for locale in LOCALES), about(one.help, "en")) for one in shown)
    return table((*LOCALES, "what it does"), rows)


def envelopes() -> str:
    """Every type of envelope: stream, limit, whether it is numbered, and when it counts."""
    rows = []
    for name, kind in KINDS.items():
        streams = "any" if kind.streams == frozenset(Stream) else ", ".join(sorted(kind.streams))
        limit = f"{kind.limit // KIB} KiB" if kind.limit % KIB == 0 else "one envelope"
        rows.append((f"`{name}`", streams, limit, "yes" if kind.numbered else "no", _counts(name)))
    return table(("type", "stream", "longest", "numbered", "applied while the link is"), rows)


def _counts(name: str) -> str:
    if name in NOT_YET:
        return "not yet: kept and confirmed only"
    stages = [stage.value for stage in Stage if stage in APPLIES[name]]
    told = [stage.value for stage in Stage if stage in TELLS.get(name, ())]
    applied = "always" if len(stages) == len(Stage) else ", ".join(stages)
    return applied + (f"; a person is told while {', '.join(told)}" if told else "")


def tables() -> str:
    """Every table, how its columns lie, and what the open ones tell."""
    rows = []
    for name, tells, kinds in explain():
        lies = {kind: ", ".join(columns) for kind, columns in kinds.items()}
        closed = "; ".join(f"{kind}: {columns}" for kind, columns in lies.items() if kind != "open")
        rows.append((f"`{name}`", lies.get("open", ""), closed or "nothing", tells))
    return table(("table", "open columns", "sealed or digested", "what the open ones tell"), rows)


def places() -> str:
    """Everything else on the disk."""
    return table(("where", "what it tells"), ((f"`{place.path}`", place.tells) for place in PLACES))


def api_codes() -> str:
    """Every code of the API, and what to do."""
    return table(("code", "what to do"), ((f"`{code}`", fix) for code, fix in FIXES.items()))


LIMIT_WORDS: Mapping[str, str] = {
    "bytes": "bytes of the text",
    "tokens": "tokens",
    "depth": "levels of fields",
    "aliases": "aliases",
    "directives": "directives",
    "fragments": "fragments",
    "spreads": "spreads of fragments",
    "fields": "fields that are written",
    "variables": "variables",
    "cost": "points: three fields are one, a field of the root 20, one with pages 150",
    "answer": "bytes of the answer",
    "seconds": "seconds",
}


def api_limits() -> str:
    """What one open query may have of each."""
    return table(
        ("at most", "of"), ((f"{getattr(LIMITS, name):g}", word) for name, word in LIMIT_WORDS.items())
    )


WRITERS: Mapping[str, Callable[[], str]] = {
    "settings": settings,
    "terminal": terminal,
    "duty words": duty_words,
    "envelopes": envelopes,
    "tables": tables,
    "places": places,
    "api codes": api_codes,
    "api limits": api_limits,
    **{f"words {locale}": (lambda locale=locale: words(locale)) for locale in LOCALES},  # type: ignore[misc]
}


def files() -> list[Path]:
    """Every page of the documentation that the project writes by hand."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.md")]
    return sorted(found)


def renewed(text: str) -> str:
    """The page with its parts as the code says them now."""
    return BLOCK.sub(lambda found: f"{found[1]}\n{WRITERS[found[2]]()}\n{found[4]}", text)


def main() -> int:
    """Write them."""
    for path in files():
        old = path.read_text(encoding="utf-8")
        new = renewed(old)
        if new != old:
            path.write_text(new, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
