"""`ayni audit`: who used a privilege, what it changed, and whether the log still holds."""

from __future__ import annotations

from typing import Annotated

import typer

from hub.cli.asking import Hub
from hub.cli.frame import Data, Exit, Json, example, out, show_json, show_table

AUDIT_EXAMPLE = example("ayni audit --first 20")


def audit(
    data: Data,
    first: Annotated[int, typer.Option(help="How many, the newest first.", min=1, max=100)] = 50,
    before: Annotated[int | None, typer.Option(help="Only entries before this number.")] = None,
    as_json: Json = False,
) -> None:
    """Who used a right that others do not have. Ends with 1 when an entry does not hold."""
    asked = {} if before is None else {"before": before}
    found = Hub(data).ask("Audit", first=first, **asked)
    check = found["auditCheck"]
    if as_json:
        show_json(found)
    else:
        show_table(
            "Log",
            ("number", "when", "who", "what", "whom", "before", "after"),
            (
                (e["place"], e["at"], e["who"] or "—", e["actText"], e["about"], e["before"], e["after"])
                for e in found["audit"]
            ),
        )
        out.print(f"{check['entries']} entries. Write down and compare next time: {check['fingerprint']}")
    if not check["intact"]:
        out.print(f"[red]Entry {check['brokenAt']} does not hold: something was changed.[/red]")
        raise typer.Exit(Exit.TROUBLE)
