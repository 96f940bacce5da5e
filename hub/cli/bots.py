"""`ayni bots`: the bots' own keys, for the one day when they have to be replaced."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from directory.core.text import Text
from hub.cli.frame import Data, Exit, err, example, out

if TYPE_CHECKING:
    from hub.matrix.crosssign import Fingerprints

app = typer.Typer(help="The bots' own keys.", no_args_is_help=True)

TYPE_THIS = "new keys for {account}"


@app.command("reset", epilog=example("ayni bots reset bot"))
def reset(
    data: Data,
    account: Annotated[str, typer.Argument(help="bot (the helper in chat) or envoy (links).")] = "bot",
    typed: Annotated[
        str | None, typer.Option("--type", help="The sentence, instead of being asked for it.")
    ] = None,
) -> None:
    """Replace a bot's owner keys: they are lost, or somebody else holds them. Stop the hub first."""
    from hub.effects import BOT, ENVOY

    if account not in (BOT, ENVOY):
        raise typer.BadParameter("bot or envoy")
    out.print("[bold red]This makes the bot somebody new in everybody's app.[/bold red]")
    out.print("Every member's app warns that the bot changed, and pictures have to be compared again.")
    out.print("Tell everybody beforehand on another way. An attacker's bot looks just like this.")
    sentence = TYPE_THIS.format(account=account)
    said = typed if typed is not None else typer.prompt(f"To go on, type: {sentence}\n", prompt_suffix="> ")
    if said.strip() != sentence:
        err.print("Nothing was changed.")
        raise typer.Exit(Exit.REFUSED)
    prints = asyncio.run(_reset(data, account))
    out.print(f"{prints.user_id} has new keys. It was written into the log.", markup=False)
    out.print(f"Owner's key   {prints.master}", markup=False)
    out.print(f"Device's key  {prints.ed25519} ({prints.device_id})", markup=False)
    out.print("Now: ayni doctor, and read the owner's key to each other before anybody trusts it.")


async def _reset(data: Path, account: str) -> Fingerprints:
    from hub import bot_keys
    from hub.data_folder import settings_of
    from hub.founding import standing
    from hub.node import open_node, utc_now
    from hub.supervise_folder import held

    with held(data, utc_now):
        async with standing(data, settings_of(data), _progress) as (url, _secret):
            node = await open_node(data, part="bots")
            try:
                return await bot_keys.replace(node, url, account)
            finally:
                await node.close()


def _progress(text: Text) -> None:
    out.print(f"  {text} …", markup=False)
