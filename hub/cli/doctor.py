"""`ayni doctor`: what is wrong with this hub, and what to do; and what a thief of its disk would read."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from hub.cli.frame import Data, Exit, Json, example, out, show_json

if TYPE_CHECKING:
    from hub.doctor.check import Check

DOCTOR_EXAMPLE = example("ayni doctor --data /var/lib/ayni")
MARKS = {
    "ok": "[green]✓[/green]",
    "note": "[yellow]![/yellow]",
    "trouble": "[red]✗[/red]",
    "not checked": "[dim]?[/dim]",
}


def doctor(
    data: Data,
    quick: Annotated[
        bool, typer.Option("--quick", help="Only whether every part is up: for health checks.")
    ] = False,
    seized: Annotated[
        bool, typer.Option("--seized", help="Field by field: what a thief of this disk reads.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Look at everything, one line a check, with what to do. Ends with 1 when something is wrong."""
    if seized:
        _show_seized(data, as_json)
        return
    checks = _quick(data) if quick else _all(data)
    well = all(check.state != "trouble" for check in checks)
    if as_json:
        listed = [{"name": c.name, "state": str(c.state), "sentence": str(c.text)} for c in checks]
        show_json({"well": well, "checks": listed})
    else:
        _show(checks)
    if not well:
        raise typer.Exit(Exit.TROUBLE)


def _quick(data: Data) -> Sequence[Check]:
    from hub.clock import utc_now
    from hub.doctor.parts import look_at_parts

    return look_at_parts(data, utc_now)


def _all(data: Data) -> Sequence[Check]:
    from hub.clock import utc_now
    from hub.doctor.examine import examine

    return asyncio.run(examine(data.absolute(), os.environ, utc_now))


def _show(checks: Sequence[Check]) -> None:
    width = max(len(check.name) for check in checks)
    for check in checks:
        out.print(f"  {MARKS[check.state]} {escape(check.name):<{width}}  {escape(str(check.text))}")


def _show_seized(data: Path, as_json: bool) -> None:
    from hub.doctor.seized import PLACES, custody_of, explain, sealed_count

    kind, warning = custody_of(data / "keys")

    if as_json:
        tables = [{"table": name, "tells": tells, "columns": kinds} for name, tells, kinds in explain()]
        files = [{"path": place.path, "tells": place.tells} for place in PLACES]
        show_json({"custody": kind, "warning": warning, "tables": tables, "files": files})
        return
    out.print(f"[bold red]{warning}[/bold red]\n")
    out.print("[bold]Tables[/bold], as they lie on the disk:\n")
    for name, tells, kinds in explain():
        out.print(f"[bold]{name}[/bold] tells {escape(tells)}")
        for lies, columns in kinds.items():
            out.print(f"    {lies:<19} {', '.join(columns)}")
    out.print("\n[bold]Elsewhere[/bold] on the disk:\n")
    for place in PLACES:
        out.print(f"[bold]{escape(place.path)}[/bold] tells {escape(place.tells)}")
    sealed, every = sealed_count()
    out.print(f"\n{sealed} of {every} columns are sealed or digests.")
