"""`ayni network`: what this network is, and organisations from public lists."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer
from rich.markup import escape

from hub.cli import moving, roots
from hub.cli.frame import Data, Exit, Json, err, example, out, show_fields, show_json
from hub.trouble import Trouble

if TYPE_CHECKING:
    from hub.importing import Report

app = typer.Typer(help="This network: what it is, and whom it lists.", no_args_is_help=True)
app.add_typer(roots.app, name="root")
app.command("move-out", epilog=moving.OUT_EXAMPLE)(moving.move_out)
app.command("move-in", epilog=moving.IN_EXAMPLE)(moving.move_in)

KINDS = {
    "person": "people",
    "organisation": "organisations",
    "community": "communities",
    "bot": "bots",
}
SMALL = 4096
"""Bytes; a file with nothing else than blanks in so many may hold a table all the same."""
REMARKS = {
    "asked": "Please answer first (--column)",
    "refused": "Refused",
    "not_placed": "Could not be placed",
    "questioned": "Please look at these",
    "merged": "Merged",
    "understood": "Understood",
    "ignored": "Left out",
}
"""Kinds of findings, what matters most first."""


class BadColumn(Trouble):
    """Say what a column is like this: --column "Pays=country", or leave it out: --column "Director="."""

    exit_code = Exit.USAGE


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


TableFile = Annotated[
    Path,
    typer.Argument(
        help="A table (CSV, any delimiter and encoding), workbook (XLSX), JSON lines; one entry a line.",
        exists=True,
        dir_okay=False,
        readable=True,
    ),
]
Columns = Annotated[
    list[str],
    typer.Option(
        "--column",
        help='What a column is, "HEADER=FIELD"; "HEADER=" leaves it out. Kept for this source. Fields: '
        "name, acronym, country, works_in, issues, languages, offers, website, kind.",
    ),
]


@app.command("import", epilog=example("ayni network import organisations.xlsx --dry-run"))
def import_file(
    data: Data,
    file: TableFile,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show everything, write nothing.")] = False,
    source: Annotated[
        str, typer.Option(help="Where the table comes from, as people see it. Usual: the file's name.")
    ] = "",
    partial: Annotated[
        bool, typer.Option("--partial", help="Take the good lines although others are refused.")
    ] = False,
    column: Columns = [],  # noqa: B006
    people: Annotated[
        bool,
        typer.Option("--people", help="Note people too: seen by nobody, sent nothing, until their own yes."),
    ] = False,
    as_json: Json = False,
) -> None:
    """List organisations from a public table. All or nothing; a second time changes nothing.

    People are never listed: with --people they are noted, and come in by their own yes only.
    """
    from hub.importing import Wish, in_child

    def say_step(text: str) -> None:
        if not as_json:
            err.print(f"  {escape(text)} …")

    columns = _columns(column)
    wish = Wish(source or file.stem, trial=dry_run, partial=partial, people=people, columns=columns)
    with _opened(file) as table:
        report = asyncio.run(in_child(data.absolute(), table, wish, progress=say_step))
    _show(report, trial=dry_run, as_json=as_json)
    if not report.takes:
        raise typer.Exit(Exit.REFUSED)


def _columns(said: Iterable[str]) -> tuple[tuple[str, str], ...]:
    pairs = tuple(tuple(map(str.strip, one.rpartition("=")[::2])) for one in said)
    if any(not header for header, _ in pairs):
        raise BadColumn
    return pairs  # type: ignore[return-value]


def _opened(file: Path) -> BinaryIO:
    try:
        table = file.open("rb")
    except OSError as refusal:
        raise UnreadableFile(file=file, why=refusal.strerror or type(refusal).__name__) from None
    if not table.read(SMALL).strip() and table.tell() < SMALL:
        table.close()
        raise EmptyFile(file=file)
    table.seek(0)
    return table


def _show(report: Report, *, trial: bool, as_json: bool) -> None:
    import msgspec

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
    _sum_up(report)
    out.print(_outcome(report.kept, report.refused, trial=trial, asked=not report.takes))


def _sum_up(report: Report) -> None:
    if report.columns and not report.added + report.changed + report.unchanged:
        read = ", ".join(f"“{one.header}” as {one.field or 'nothing'}" for one in report.columns)
        out.print(escape(f'\nThe columns were read: {read}. To change it: --column "HEADER=FIELD"'))
    if report.more:
        out.print(f"\n… and {report.more} more like these.")
    named = {"\t": "tabs", "": ""}.get(report.delimiter, f"“{report.delimiter}”")
    how = f"{report.encoding}, separated by {named}" if named else report.encoding
    counts = f"{report.added} new, {report.changed} changed, {report.unchanged} as they were"
    people = f", {report.noted} people noted" if report.noted else ""
    out.print(f"\n{report.rows} entries ({how}): {counts}{people}.")


def _outcome(kept: bool, refused: int, *, trial: bool, asked: bool) -> str:
    if kept:
        return "Kept." if not refused else f"Kept, without what was refused ({refused})."
    if asked and not refused:
        return "Nothing was written. Say first what the columns above are, each with --column."
    if refused:
        return f"Nothing was written: {refused} refused. Correct them, or take the rest with --partial."
    return "Nothing was written (--dry-run)." if trial else "Nothing was written."
