"""`make bench`: every figure beside its bar, kept as JSON in .bench/, exit code 1 on a miss.

Each module of this folder that has a list FIGURES of functions is run; `run.py NAME …` runs only those.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[1])]

from figure import Figure  # noqa: E402


def modules(wanted: list[str]) -> list[str]:
    """Names of the modules with figures."""
    names = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in ("run", "figure"))
    return [name for name in names if not wanted or name in wanted]


def settings() -> dict[str, object]:
    """What the figures depend on."""
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "load before": os.getloadavg()[0],
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def measured(console: Console, names: list[str]) -> list[Figure]:
    """Run everything, one after the other; nothing else should run on the machine meanwhile."""
    found: list[Figure] = []
    for name in names:
        functions: list[Callable[[], Iterable[Figure]]] = getattr(
            importlib.import_module(name), "FIGURES", []
        )
        for function in functions:
            began = time.perf_counter()
            console.print(f"  {name}: {(function.__doc__ or function.__name__).splitlines()[0]}")
            found += function()
            console.print(f"    [dim]{time.perf_counter() - began:.0f} s[/dim]")
    return found


def shown(found: list[Figure]) -> Table:
    """The table."""
    table = Table("figure", "measured", "unit", "bar", "ok", title="Ayni, measured", title_justify="left")
    for each in found:
        sign = "≤" if each.at_most else "≥"
        bar = "" if each.bar is None else f"{sign} {each.bar:g}"
        mark = "" if each.bar is None else "[green]yes[/green]" if each.ok else "[red]NO[/red]"
        table.add_row(
            each.name,
            f"{each.figure:.3g}" if each.figure < 100 else f"{each.figure:.0f}",
            each.unit,
            bar,
            mark,
        )
    return table


def main() -> int:
    """0 when every bar is met."""
    console = Console(width=120)
    about = settings()
    console.print(about)
    found = measured(console, modules(sys.argv[1:]))
    console.print(shown(found))
    kept = HERE.parents[1] / ".bench"
    kept.mkdir(exist_ok=True)
    content = {"settings": about, "figures": [each.as_json() for each in found]}
    (kept / "figures.json").write_text(json.dumps(content, indent=1) + "\n")
    return 0 if all(each.ok for each in found) else 1


if __name__ == "__main__":
    sys.exit(main())
