"""`ayni second`: what needs two people, asked at the machine; a second person elsewhere agrees."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from hub.cli.asking import Hub
from hub.cli.frame import Data, Json, example, out, show_json, show_table

app = typer.Typer(help="What needs two people, and who may be the second.", no_args_is_help=True)
SheetTo = Annotated[
    Path | None, typer.Option(help="Write the sheet into this file instead of on the screen.")
]


@app.command("list", epilog=example("ayni second list"))
def list_(data: Data, as_json: Json = False) -> None:
    """What was asked at this machine and waits, and who may be the second person."""
    hub = Hub(data)
    asks, named = hub.ask("Seconds")["secondAsks"], hub.ask("Custodians")["custodians"]
    if as_json:
        show_json({"asks": asks, "custodians": named})
        return
    show_table("Waits for a second person", ("id", "what", "ends"), _rows(asks), empty="Nothing waits.")
    rows = ((one["id"], one["name"], one["codes"]) for one in named)
    show_table("Custodians", ("id", "name", "codes left"), rows, empty="No custodian is named.")


@app.command(epilog=example("ayni second ask 3f2a Rafiki"))
def ask(data: Data, wish: str, network: str) -> None:
    """Ask a linked network's coordinators to be the second person. Ring them, and tell them why."""
    made = Hub(data).act("PassToNetwork", ask=wish, network=network)
    out.print(f"{made['network']} is asked.")


@app.command(epilog=example("ayni second code 3f2a 7k3p-9qrs-te4w"))
def code(data: Data, wish: str, read_aloud: str) -> None:
    """Type the code that a custodian reads to you."""
    out.print(Hub(data).act("ConfirmByCode", ask=wish, code=read_aloud)["outcome"])


@app.command(epilog=example("ayni second name 'the notary' --outside"))
def name(
    data: Data,
    who: str,
    outside: Annotated[bool, typer.Option("--outside", help="No member: they get a sheet of codes.")] = False,
    sheet_to: SheetTo = None,
) -> None:
    """Name a custodian. That needs a second person itself: repeat it after their yes to get the sheet."""
    made = Hub(data).act("NameCustodian", **{"outside" if outside else "handle": who})
    if made["sheet"]:
        show_sheet(made["sheet"]["name"], made["sheet"]["codes"], sheet_to, note=made["outcome"])
    else:
        out.print(made["outcome"] or f"{who} is a custodian now.")


@app.command(epilog=example("ayni second end 3f2a"))
def end(data: Data, custodian: str) -> None:
    """Take a custodian away: they are asked no more, and their sheet is paper."""
    Hub(data).act("EndCustodian", custodian=custodian)
    out.print("Taken away.")


WHOLE = "Read ONE code aloud when you agree. Each works once."


def show_sheet(
    name: str, codes: list[str] | tuple[str, ...], file: Path | None, *, note: str = WHOLE
) -> None:
    """The sheet of somebody outside, on the screen or into a file only its owner reads."""
    lines = [f"Second person: {name}", note, ""]
    lines += [f"{number}. {code}" for number, code in enumerate(codes, 1)]
    if file is None:
        out.print("\n".join(lines), markup=False)
        return
    file.touch(mode=0o600, exist_ok=False)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    out.print(f"The sheet is in {file}. Hand it over, then delete it.")


def _rows(asks: list[dict[str, Any]]) -> list[tuple[object, ...]]:
    return [(one["id"], one["text"], one["endsAt"]) for one in asks]
