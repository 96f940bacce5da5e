"""`ayni unseal` and `ayni custody`: open the records after a start, and replace the key to them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from hub.cli.frame import Data, Json, example, out, show_fields, show_json, show_table
from hub.cli.noting import noted
from hub.cli.opening import PassphraseFile, SheetFiles, Sheets, archive_key, show_sheets

if TYPE_CHECKING:
    from directory.store.guarded import RingKey
    from directory.turn import Turn
    from hub.custody import Kind
    from hub.custody.rotating import Rotated
    from hub.custody.sheets import Sheet

T = TypeVar("T")
UNSEAL_EXAMPLE = example("ayni unseal   (asks for the passphrase)   ·   ayni unseal --sheets")
app = typer.Typer(help="How the key to the records is kept.", no_args_is_help=True)


def unseal(
    data: Data,
    passphrase_file: PassphraseFile = None,
    sheet: SheetFiles = [],  # noqa: B006
    sheets: Sheets = False,
) -> None:
    """Open the records of a hub that started with nobody there. Nothing restarts; no key is written."""
    from hub.cli.asking import NotRunning
    from hub.custody import handing

    opened = asyncio.run(handing.give(data, archive_key(data, passphrase_file, sheet, sheets)))
    if not opened:
        raise NotRunning(folder=data)
    asyncio.run(noted(data, "unsealed"))
    out.print(f"The records are open: {', '.join(opened)}.")


@app.command("show", epilog=example("ayni custody show"))
def show(data: Data, as_json: Json = False) -> None:
    """How the key to the records is kept, and which recovery sheets belong to it."""
    from hub.custody import rings, watch

    held = rings.lock_of(data / "keys")
    waits = watch.waits_for_credential(data / "keys")
    fields = {
        "watch key": f"{watch.kept_as(data / 'keys')}{', a new one waits for systemd' if waits else ''}",
        "kept as": str(rings.kind_of(data / "keys")),
        "recovery sheets": held.sheet_set if held is not None and held.pairs else "none",
        "rotation": "unfinished: ayni custody rotate" if held is not None and held.earlier else "done",
    }
    if as_json:
        show_json(fields)
    else:
        show_fields(fields)


@app.command("rotate", epilog=example("ayni custody rotate"))
def rotate(
    data: Data,
    passphrase_file: PassphraseFile = None,
    sheet: SheetFiles = [],  # noqa: B006
    sheets: Sheets = False,
    new_passphrase_file: Annotated[
        Path | None, typer.Option(help="A closed file with the new passphrase; empty: the same or asked.")
    ] = None,
    sheets_to: Annotated[
        Path | None, typer.Option(help="Write the new sheets into this folder instead of on the screen.")
    ] = None,
) -> None:
    """Replace the key to the records while the hub serves. The same command finishes what was cut short."""
    from hub.custody import rotating

    keys = data / "keys"
    ring = archive_key(data, passphrase_file, sheet, sheets)
    if not rotating.unfinished(keys):
        ring = _replaced(keys, ring, new_passphrase_file, sheets_to)
    done = asyncio.run(_finish(data, ring))
    out.print(f"The key was replaced: {done.people} people, {done.rows} records.")


@app.command("change", epilog=example("ayni custody change --to sheets"))
def change(
    data: Data,
    to: Annotated[str, typer.Option("--to", help="file, passphrase or sheets (two of three).")],
    passphrase_file: PassphraseFile = None,
    sheet: SheetFiles = [],  # noqa: B006
    sheets: Sheets = False,
    new_passphrase_file: Annotated[
        Path | None, typer.Option(help="A closed file with the new passphrase; empty: asked.")
    ] = None,
    sheets_to: Annotated[
        Path | None, typer.Option(help="Write the new sheets into this folder instead of on the screen.")
    ] = None,
) -> None:
    """Keep the key to the records in another way, while the hub serves. One sheet is read back first."""
    from hub.custody import Kind, rotating

    if to not in set(Kind):
        raise typer.BadParameter("Custody is file, passphrase or sheets.")
    keys = data / "keys"
    if rotating.unfinished(keys):
        raise rotating.HalfRotated
    old = archive_key(data, passphrase_file, sheet, sheets)
    ring = _replaced(keys, old, new_passphrase_file, sheets_to, Kind(to))
    done = asyncio.run(_finish(data, ring))
    out.print(f"The key is kept as {to} now: {done.people} people, {done.rows} records.")


@app.command("holder", epilog=example("ayni custody holder 2 rosa"))
def holder(
    data: Data,
    number: Annotated[int, typer.Argument(min=1, max=3, help="Which recovery sheet.")],
    handle: Annotated[str, typer.Argument(help="The member who keeps it.")],
) -> None:
    """Write down who keeps a recovery sheet: you are told when they leave or were not heard of lately."""
    from hub import holding

    async def given(turn: Turn) -> None:
        await holding.give(turn, data / "keys", number, handle)

    asyncio.run(_turn(data, given))
    out.print(f"{handle} keeps sheet {number}.", markup=False)


@app.command("holders", epilog=example("ayni custody holders"))
def holders(data: Data, as_json: Json = False) -> None:
    """Who keeps recovery sheets and key pages, and whether they can still be reached."""
    from hub import holding

    async def asked(turn: Turn) -> tuple[holding.Keeper, ...]:
        return await holding.keepers(turn, data / "keys")

    found = asyncio.run(_turn(data, asked))
    if as_json:
        show_json([{"what": each.what, "name": each.name, "out": each.out} for each in found])
        return
    shown = [(each.what, each.name, each.out or "can be reached") for each in found]
    show_table("Kept on paper", ("what", "by whom", "state"), shown, "Nobody yet: ayni custody holder")


async def _turn(data: Path, ask: Callable[[Turn], Awaitable[T]]) -> T:
    from directory.store.database import DATABASE_GONE
    from hub.founding import TECHNICIAN
    from hub.node import open_node
    from hub.trouble import NoDatabase

    try:
        node = await open_node(data, part="custody")
    except DATABASE_GONE:
        raise NoDatabase(folder=data) from None
    try:
        async with node.turn(TECHNICIAN) as turn:
            return await ask(turn)
    finally:
        await node.close()


@app.command("rotate-watch", epilog=example("ayni custody rotate-watch"))
def rotate_watch(
    data: Data,
    for_systemd: Annotated[
        Path | None,
        typer.Option(help="Write the new key into this file, to be made a credential of systemd from it."),
    ] = None,
) -> None:
    """Replace the key that opens by itself, while everything runs. Copies of the old file open nothing."""
    from hub.chance import chance
    from hub.custody import watch, write_secret

    made = watch.rotate(data / "keys", chance, to_credential=for_systemd is not None)
    if for_systemd is None:
        out.print("The Watch key was replaced. Nothing has to be started again.")
        out.print("Copies of the old watch.key open nothing now, unless keys/watch.data was copied with it.")
        return
    write_secret(for_systemd, made.text)
    out.print(f"The new key lies in {for_systemd}. Now, as root:", markup=False)
    out.print(
        f"  systemd-creds encrypt --name=watch.key {for_systemd} /etc/credstore.encrypted/watch.key",
        markup=False,
    )
    out.print(
        f"  shred -u {for_systemd}, then restart the hub. Until then the old key opens it.", markup=False
    )


def _replaced(
    keys: Path, old: RingKey, file: Path | None, sheets_to: Path | None, kind: Kind | None = None
) -> RingKey:
    from hub.chance import chance
    from hub.custody import Kind, kind_of, rotating

    def shown(printed: tuple[Sheet, ...]) -> None:
        if printed:
            out.print("Sheets of an older set open nothing any more once this is done: burn those.")
            show_sheets(printed, "", sheets_to)

    kind = kind or kind_of(keys)
    passphrase = new_passphrase(file) if kind is Kind.PASSPHRASE else ""
    return rotating.replace_key(keys, old, chance, kind=kind, passphrase=passphrase, shown=shown).archive


def new_passphrase(file: Path | None) -> str:
    """A passphrase to lock with, typed twice."""
    from hub.settings import read_secret

    if file is not None:
        return read_secret(file)
    out.print(
        "The passphrase is asked for after every start. Four or five words that do not belong together."
    )
    return str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=True))


async def _finish(data: Path, ring: RingKey) -> Rotated:
    from hub.clock import utc_now
    from hub.custody import rotating
    from hub.node import open_node

    node = await open_node(data, part="custody", archive=ring)
    try:
        return await rotating.finish(node, ring, lambda: int(utc_now().timestamp()))
    finally:
        await node.close()
