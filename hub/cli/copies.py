"""`ayni backup` and `ayni restore`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from directory.core.text import Text
from hub.cli.frame import Data, example, out
from hub.cli.opening import PassphraseFile, SheetFiles, Sheets, key_for
from hub.trouble import Trouble

if TYPE_CHECKING:
    from directory.store.guarded import RingKey
    from hub.backup.making import Made
    from hub.backup.shape import Manifest

BACKUP_EXAMPLE = example("ayni backup /mnt/stick/ayni")
RESTORE_EXAMPLE = example("ayni restore /mnt/stick/ayni --data /var/lib/ayni")


class NoKeyFile(Trouble):
    """This hub kept the key to its records as a file, and that file is in no backup. Nothing was restored.
    Give your copy of keys/archive.key with --key-file."""

    exit_code = 2
    needs_person = True


def backup(
    folder: Annotated[Path, typer.Argument(help="A folder on another disk, for all backups.")],
    data: Data,
    keep: Annotated[int, typer.Option(min=1, help="How many backups stay; older ones are removed.")] = 7,
) -> None:
    """Copy everything of the running hub, sealed with the key to the records. People's own keys only once."""
    made = asyncio.run(_backup(data, folder, keep))
    size = f"{made.size >> 20} MiB in {folder}"
    out.print(f"Backup {made.name}: {size}; {made.removed} old ones removed.", markup=False)
    if (data / "keys" / "archive.key").exists():
        out.print("What opens it is keys/archive.key, and that is not in it: keep a copy at a third place.")


def restore(
    folder: Annotated[Path, typer.Argument(help="The folder with backups.")],
    data: Data,
    at: Annotated[str, typer.Option(help="The backup of this day; empty: the newest.")] = "",
    key_file: Annotated[
        Path | None, typer.Option(help="Your copy of keys/archive.key, where the key was kept as a file.")
    ] = None,
    passphrase_file: PassphraseFile = None,
    sheet: SheetFiles = [],  # noqa: B006
    sheets: Sheets = False,
) -> None:
    """Make the hub again from a backup, in an empty data folder. It is not started."""
    from hub.backup import restoring
    from hub.custody.locked import Kind

    def progress(text: Text) -> None:
        out.print(f"  {escape(str(text))} …")

    chosen = restoring.choose(folder, at)
    if chosen.manifest.lock.kind is Kind.FILE:
        ring = _from_file(key_file, chosen.manifest)
    else:
        ring = key_for(chosen.manifest.lock, passphrase_file, sheet, sheets)
    network = asyncio.run(restoring.restore(data, chosen, ring, progress))
    day = f"{chosen.manifest.made_at:%Y-%m-%d %H:%M}"
    out.print(f"The hub of {network} is as it was on {day} UTC.", markup=False)
    out.print("What was decided since is gone, but who was erased since stays erased. The old machine must")
    out.print("never run again. Next: ayni up. Linked hubs are asked how far they have come, first of all.")


def _from_file(file: Path | None, manifest: Manifest) -> RingKey:
    from hub.custody.files import read_ring
    from hub.custody.locked import checked

    ring = read_ring(file) if file is not None else None
    if ring is None:
        raise NoKeyFile
    return checked(manifest.lock, ring)


async def _backup(data: Path, folder: Path, keep: int) -> Made:
    from directory.store.database import DATABASE_GONE
    from hub.backup import making
    from hub.node import open_node
    from hub.trouble import NoDatabase

    try:
        node = await open_node(data, part="backup")
    except DATABASE_GONE:
        raise NoDatabase(folder=data) from None
    try:
        return await asyncio.to_thread(making.make, node, folder, node.clock(), keep=keep)
    finally:
        await node.close()
