"""What every command shares: where the data is, how answers and failures are printed, exit codes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from directory.refusals import Refusal
from hub.trouble import Trouble


class Exit(IntEnum):
    """What a command ends with."""

    DONE = 0
    TROUBLE = 1
    USAGE = 2
    NOT_RUNNING = 3
    REFUSED = 4
    INTERRUPTED = 130


EXIT_CODES = """Exit codes: 0 done, 1 something is wrong (the sentence says what), 2 the command or the
settings are wrong, 3 the hub is not running or is held by another process, 4 refused, 130 interrupted."""

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def default_data() -> Path:
    """AYNI_DATA, else the user's own data folder."""
    if named := os.environ.get("AYNI_DATA"):
        return Path(named)
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "ayni"


Data = Annotated[
    Path,
    typer.Option(
        "--data",
        help="The folder that holds everything of this hub.",
        envvar="AYNI_DATA",
        show_default="~/.local/share/ayni",
        default_factory=default_data,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print data as JSON, for other programs.")]


def example(text: str) -> str:
    """An example for the end of a command's --help."""
    return f"Example: {text}"


def show_json(value: object) -> None:
    """Print a value as JSON, one document."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def show_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], empty: str = "Nothing yet."
) -> None:
    """Print rows as a table, or one sentence when there are none."""
    rows = list(rows)
    if not rows:
        out.print(empty)
        return
    table = Table(*columns, title=title, title_justify="left", header_style="bold")
    for row in rows:
        table.add_row(*(escape("" if one is None else str(one)) for one in row))
    out.print(table)


def show_fields(fields: Mapping[str, object]) -> None:
    """Print names and values, one a line."""
    width = max((len(name) for name in fields), default=0)
    for name, value in fields.items():
        out.print(f"[bold]{escape(name):<{width}}[/bold]  {escape(str(value))}")


def saying_what_failed(command: Callable[[], Any]) -> int:
    """Run the whole program; a failure somebody can do something about is one sentence, never a traceback."""
    try:
        command()
    except Trouble as trouble:
        err.print(f"[red]{escape(str(trouble.text))}[/red]")
        return trouble.exit_code
    except Refusal as refusal:
        err.print(f"[red]{escape(str(refusal.text))}[/red]")
        return Exit.REFUSED
    except PermissionError as closed:
        err.print(
            f"[red]This account may not open {escape(str(closed.filename))}. Use the one it belongs to.[/red]"
        )
        return Exit.TROUBLE
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    return Exit.DONE
