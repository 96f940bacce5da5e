"""`ayni network`: what this network is, and organisations from public lists."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from hub.cli import roots
from hub.cli.frame import Data, Exit, Json, err, example, out, show_fields, show_json
from hub.trouble import Trouble

app = typer.Typer(help="This network: what it is, and whom it lists.", no_args_is_help=True)
app.add_typer(roots.app, name="root")

KINDS = {
    "person": "people",
    "organisation": "organisations",
    "community": "communities",
    "bot": "bots",
}
REMARKS = {
    "refused": "Refused",
    "not_placed": "Could not be placed",
    "questioned": "Please look at these",
    "merged": "Merged",
    "understood": "Understood",
    "ignored": "Left out",
}
"""Kinds of findings, what matters most first."""


class EmptyFile(Trouble):
    """The file {file} is empty. Nothing was changed."""

    exit_code = Exit.USAGE


class UnreadableFile(Trouble):
    """The file {file} cannot be read: {why}. Nothing was changed."""

    exit_code = Exit.USAGE


@app.command(epilog=example("ayni network show --json"))
def show(data: Data, as_json: Json = False) -> None:
    """Name, id, domain, languages, and how many entries there are of each kind."""
    from hub.showing import of_network

    found = asyncio.run(of_network(data))
    if as_json:
        show_json(found)
        return
    counts = found.pop("entries")
    domain = found.pop("domain")
    evaluation = "none: an evaluation hub, on this machine only, for ever"
    languages = ", ".join(found["languages"])
    show_fields(
        {"name": found["name"], "id": found["id"], "domain": domain or evaluation, "languages": languages}
    )
    for kind, word in KINDS.items():
        states = counts.get(kind, {})
        parts = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
        out.print(f"{sum(states.values()):>6} {word}" + (f" ({parts})" if parts else ""))


@app.command(epilog=example("ayni network card --to card.json"))
def card(
    data: Data,
    to: Annotated[Path, typer.Option("--to", help="The file to write.")] = Path("card.json"),
) -> None:
    """Write this network's card with its bots, signed: anybody can check it offline (network root check)."""
    from hub.embedded.files import write_whole
    from hub.showing import card_of

    write_whole(to.absolute(), asyncio.run(card_of(data)).decode() + "\n", mode=0o644)
    out.print(f"Written to {to}. To check it anywhere: ayni network root check {to}", markup=False)


@app.command("import", epilog=example("ayni network import organisations.csv --dry-run"))
def import_file(
    data: Data,
    file: Annotated[
        Path,
        typer.Argument(
            help="A table (CSV, any delimiter and encoding) with one organisation a line.",
            exists=True,
            dir_okay=False,
            readable=True,
        ),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show everything, write nothing.")] = False,
    source: Annotated[
        str, typer.Option(help="Where the table comes from, as people see it. Usual: the file's name.")
    ] = "",
    partial: Annotated[
        bool, typer.Option("--partial", help="Take the good lines although others are refused.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List organisations from a public table. All or nothing; a second time changes nothing.

    People are never imported: they come in by their own yes.
    """
    from hub.importing import Report, Wish, in_child

    def say_step(text: str) -> None:
        if not as_json:
            err.print(f"  {escape(text)} …")

    wish = Wish(source=source or file.stem, trial=dry_run, partial=partial)
    report: Report = asyncio.run(in_child(data.absolute(), _bytes_of(file), wish, progress=say_step))
    _show(report, trial=dry_run, as_json=as_json)
    if report.refused and not partial:
        raise typer.Exit(Exit.REFUSED)


def _bytes_of(file: Path) -> bytes:
    from hub.importing import MOST

    try:
        with file.open("rb") as table:
            found = table.read(MOST + 1)
    except OSError as refusal:
        raise UnreadableFile(file=file, why=refusal.strerror or type(refusal).__name__) from None
    if not found.strip():
        raise EmptyFile(file=file)
    return found


def _show(report: object, *, trial: bool, as_json: bool) -> None:
    import msgspec

    from hub.importing import Report

    assert isinstance(report, Report)
    if as_json:
        show_json(msgspec.to_builtins(report))
        return
    for kind, title in REMARKS.items():
        remarks = [remark for remark in report.remarks if remark.kind == kind]
        if remarks:
            out.print(f"\n[bold]{title}[/bold]")
        for remark in remarks:
            place = ", ".join(
                part for part in (f"line {remark.line}" if remark.line else "", remark.column) if part
            )
            known = remark.value in remark.text
            value = "" if known else f"“{remark.value}” "
            out.print(escape(f"  {place or 'the file'}: {value}{remark.text}"))
    delimiter = {"\t": "tabs"}.get(report.delimiter, f"“{report.delimiter}”")
    out.print(
        f"\n{report.rows} organisations ({report.encoding}, separated by {delimiter}): "
        f"{report.added} new, {report.changed} changed, {report.unchanged} as they were."
    )
    out.print(_outcome(report.kept, report.refused, trial=trial))


def _outcome(kept: bool, refused: int, *, trial: bool) -> str:
    if kept:
        return "Kept." if not refused else f"Kept, without what was refused ({refused})."
    if refused:
        return f"Nothing was written: {refused} refused. Correct them, or take the rest with --partial."
    return "Nothing was written (--dry-run)." if trial else "Nothing was written."
