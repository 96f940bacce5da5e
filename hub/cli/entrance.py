"""`ayni entrance`: the address by which members reach the pages, and a new one when strangers have it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from hub.cli.frame import Data, example, out
from hub.cli.noting import noted

if TYPE_CHECKING:
    from hub.settings import Settings

ENTRANCE_EXAMPLE = example("ayni entrance --new")


def entrance(
    data: Data,
    new: Annotated[
        bool, typer.Option("--new", help="Make a new address; the old one leads nowhere from now on.")
    ] = False,
) -> None:
    """Print the address members open. Whoever comes without it meets a plain Matrix server."""
    from hub import way_in
    from hub.chance import chance
    from hub.data_folder import settings_of
    from hub.doctor.before_start import ours

    keys = ours(data) / "keys"
    (way_in.make if new else way_in.ensure)(keys, chance)
    out.print(escape(address(data, settings_of(data))), soft_wrap=True)
    if new:
        asyncio.run(noted(data, "entrance"))
        out.print(
            "Tell your members: the old address is a plain Matrix server's now. Who is signed in stays so."
        )


def address(data: Path, settings: Settings, port: int | None = None) -> str:
    """What members type: the address in the settings, else this machine's, with the way in. Known before the
    first start: a port that the settings leave open is chosen once and kept."""
    from hub import way_in
    from hub.address import port_of
    from hub.chance import chance

    before = settings.door.public_url or f"http://127.0.0.1:{port or port_of(data, settings)}"
    return f"{before}/{way_in.ensure(data / 'keys', chance)}"
