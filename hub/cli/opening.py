"""Asking for what opens the records: a passphrase, or two of three recovery sheets, at the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.frame import Data, err, out
from hub.settings import read_secret

if TYPE_CHECKING:
    from directory.store.guarded import RingKey
    from hub.custody.locked import Locked
    from hub.custody.sheets import Sheet

PassphraseFile = Annotated[
    Path | None, typer.Option(help="A closed file (mode 600) with the passphrase, instead of asking.")
]
SheetFiles = Annotated[
    list[Path], typer.Option("--sheet", help="A closed file with a recovery sheet; give two.")
]
Sheets = Annotated[
    bool, typer.Option("--sheets", help="Use two recovery sheets, also when there is a passphrase.")
]


def archive_key(
    data: Path, passphrase_file: Path | None, sheet_files: Sequence[Path], sheets: bool
) -> RingKey:
    """The Archive key, from its file or from a person. Raises Trouble that says what to do."""
    from hub.custody import rings
    from hub.custody.locked import Kind, NoSuchLock

    keys = data / "keys"
    held = rings.lock_of(keys)
    if held is None or held.kind is Kind.FILE:
        found = rings.archive_file(keys)
        if found is None:
            raise NoSuchLock(kind="passphrase or sheets")
        return found
    return key_for(held, passphrase_file, sheet_files, sheets)


def key_for(held: Locked, passphrase_file: Path | None, sheet_files: Sequence[Path], sheets: bool) -> RingKey:
    """The Archive key out of a lock, with what a person gives."""
    from hub.custody import locked
    from hub.custody.locked import Kind
    from hub.custody.sheets import TwoSheets, read

    if len(sheet_files) not in (0, 2):
        raise TwoSheets(given=len(sheet_files))
    if sheet_files or sheets or held.kind is Kind.SHEETS:
        one, other = [read(read_secret(file)) for file in sheet_files] or _typed_sheets()
        return locked.by_sheets(held, one, other)
    passphrase = (
        read_secret(passphrase_file)
        if passphrase_file
        else typer.prompt("The passphrase that opens the records", hide_input=True)
    )
    return locked.by_passphrase(held, passphrase)


def _typed_sheets() -> tuple[Sheet, Sheet]:
    return ask_sheet("the first sheet"), ask_sheet("another sheet")


def ask_sheet(which: str) -> Sheet:
    """A sheet typed line by line; what was misread is said, and asked for again."""
    from hub.custody.sheets import LINES, NoHeading, TornSheet, read

    out.print(f"Type {which} from the paper. Gaps, dashes and small letters do not matter.")
    while True:
        heading = typer.prompt('The line "Sheet … of 3, set …"')
        lines = [f"{index}: " + typer.prompt(f"Line {index}") for index in range(1, LINES + 1)]
        try:
            return read("\n".join((heading, *lines)))
        except (TornSheet, NoHeading) as torn:
            err.print(f"[yellow]{torn}[/yellow]")


def show_sheets(printed: Sequence[Sheet], network: str, folder: Path | None) -> None:
    """Show the sheets to copy or print, or write them to a folder; then have one read back."""
    from hub.custody import write_secret

    for sheet in printed:
        text = sheet.text(network)
        if folder is None:
            out.print(f"\n{text}", markup=False)
            continue
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_secret(folder / f"sheet-{sheet.number}.txt", text)
    if folder is not None:
        out.print(f"Three recovery sheets lie in {folder}. Print them, give each to another person, and")
        out.print("delete the files: whoever has two of them can open everything.")
    read_back(printed, folder)


def read_back(printed: Sequence[Sheet], folder: Path | None) -> None:
    """Go on only when one sheet was read rightly from where it was written."""
    from hub.custody.sheets import read

    wanted = printed[1]
    while True:
        if folder is None:
            given = ask_sheet(f"sheet {wanted.number}, from the paper, so that we know it can be read")
        else:
            given = read((folder / f"sheet-{wanted.number}.txt").read_text(encoding="utf-8"))
        if given == wanted:
            out.print("It can be read.")
            return
        err.print(f"[yellow]That was not sheet {wanted.number}. Please type sheet {wanted.number}.[/yellow]")


__all__ = ["Data", "PassphraseFile", "SheetFiles", "Sheets", "archive_key", "show_sheets"]
