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
    from hub.clock import utc_now
    from hub.data_folder import settings_of
    from hub.doctor.before_start import ours
    from hub.pulse import last_beat

    keys = ours(data) / "keys"
    (way_in.make if new else way_in.ensure)(keys, chance)
    beat = last_beat(data, "door", utc_now())
    settings = settings_of(data)
    out.print(escape(address(data, settings, beat.port if beat is not None else None)), soft_wrap=True)
    if new:
        asyncio.run(noted(data, "entrance"))
        out.print(
            "Tell your members: the old address is a plain Matrix server's now. Who is signed in stays so."
        )


def address(data: Path, settings: Settings, port: int | None) -> str:
    """What members type: the address in the settings, else this machine's, with the way in."""
    from hub import way_in
    from hub.chance import chance

    shown = port or settings.door.port
    before = settings.door.public_url or (f"http://127.0.0.1:{shown}" if shown else "")
    return f"{before}/{way_in.ensure(data / 'keys', chance)}"
