"""`ayni recover`: an administrator again, for a network that lost its only one."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.frame import Data, example, out
from hub.cli.opening import PassphraseFile, SheetFiles, Sheets, archive_key

if TYPE_CHECKING:
    from directory.recovering import Recovered
    from directory.store.guarded import RingKey

RECOVER_EXAMPLE = example("ayni recover --handle marisol")


def recover(
    data: Data,
    handle: Annotated[str | None, typer.Option(help="A member, or how somebody new is called.")] = None,
    word_file: Annotated[
        Path | None, typer.Option(help="A closed file with the new word, instead of asking.")
    ] = None,
    locale: Annotated[str, typer.Option(help="The language of somebody new.")] = "en",
    passphrase_file: PassphraseFile = None,
    sheet: SheetFiles = [],  # noqa: B006
    sheets: Sheets = False,
) -> None:
    """Make somebody an administrator with a new word, here at the machine. Every other one is told."""
    from hub.settings import read_secret

    ring = archive_key(data, passphrase_file, sheet, sheets)
    handle = handle or typer.prompt("Who will be administrator")
    word = read_secret(word_file) if word_file else _asked_word()
    done = asyncio.run(_recover(data, ring, handle, word, locale))
    out.print(f"{handle} is an administrator now{', and new here' if done.new else ''}.", markup=False)
    out.print(f"It was written into the log, and {done.told} other administrators were told.")
    out.print(f"A way in: ayni member login-link {handle}", markup=False)


def _asked_word() -> str:
    out.print("The new word opens what matters. The old one and every sign-in end now.")
    return str(typer.prompt("Word", hide_input=True, confirmation_prompt=True))


async def _recover(data: Path, ring: RingKey, handle: str, word: str, locale: str) -> Recovered:
    from directory import recovering
    from directory.store.database import DATABASE_GONE
    from hub.founding import TECHNICIAN
    from hub.node import open_node
    from hub.store import sessions
    from hub.trouble import NoDatabase

    try:
        node = await open_node(data, part="recover", archive=ring)
    except DATABASE_GONE:
        raise NoDatabase(folder=data) from None
    try:
        async with node.turn(TECHNICIAN) as turn:
            done = await recovering.recover(turn, handle=handle, word=word, locale=locale)
            await sessions.end_sessions(turn.tx, done.member, turn.now)
            return done
    finally:
        await node.close()
