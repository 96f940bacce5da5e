"""`ayni network move-out` and `move-in`: the whole network to another machine."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from directory.core.text import Text
from hub.cli import copies
from hub.cli.frame import Data, Exit, example, out
from hub.cli.opening import PassphraseFile, SheetFiles, Sheets, archive_key
from hub.trouble import Trouble

OUT_EXAMPLE = example("ayni network move-out /mnt/stick/ayni")
IN_EXAMPLE = example("ayni network move-in /mnt/stick/ayni --data /var/lib/ayni")


class WhereTo(Trouble):
    """Name a folder on another disk to move into, or give a move up with --stay."""

    exit_code = Exit.USAGE


def move_out(
    data: Data,
    folder: Annotated[Path | None, typer.Argument(help="A folder on another disk.")] = None,
    stay: Annotated[bool, typer.Option("--stay", help="Give the move up: this hub starts again.")] = False,
    passphrase_file: PassphraseFile = None,
    sheet: SheetFiles = [],  # noqa: B006
    sheets: Sheets = False,
) -> None:
    """Take the whole network out, sealed, with its history. Stop the hub first; it does not start again here.

    Cut short, the same command goes on where it was.
    """
    from hub.backup import moving

    if stay:
        moving.stay(data)
        out.print("This hub stays, and starts again: ayni up. Destroy the copy that was made.")
        return
    if folder is None:
        raise WhereTo
    key = archive_key(data, passphrase_file, sheet, sheets)
    made = asyncio.run(moving.move_out(data, folder, key, _progress))
    out.print(f"Everything is in {folder} ({made.size >> 20} MiB), sealed.", markup=False)
    out.print(f"On the new machine: ayni network move-in {folder}", markup=False)
    if (data / "keys" / "archive.key").exists():
        out.print("What opens it is keys/archive.key, and that is not in it: carry it there by another way.")
    out.print("This hub does not start any more. When the new one is well, destroy this folder.")


def move_in(
    folder: Annotated[Path, typer.Argument(help="The folder the network moved out into.")],
    data: Data,
    key_file: Annotated[
        Path | None, typer.Option(help="Your copy of keys/archive.key, where the key was kept as a file.")
    ] = None,
    passphrase_file: PassphraseFile = None,
    sheet: SheetFiles = [],  # noqa: B006
    sheets: Sheets = False,
) -> None:
    """Read in a network that moved out elsewhere, in an empty data folder: members, records, links, keys."""
    copies.restore(folder, data, "", key_file, passphrase_file, sheet, sheets)


def _progress(text: Text) -> None:
    out.print(f"  {escape(str(text))} …")
