"""`ayni init`, `ayni up`, `ayni run`: begin a hub, and keep it alive."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from directory.core.text import Text
from hub.cli.frame import Data, err, example, out

if TYPE_CHECKING:
    from hub.growing import Stem
    from hub.settings import Settings
    from hub.supervise import Supervisor
    from hub.supervise_status import Standing
    from hub.trouble import Trouble

MARKS = {
    "waiting": "[dim]·[/dim]",
    "starting": "[yellow]…[/yellow]",
    "up": "[green]✓[/green]",
    "failing": "[red]✗[/red]",
    "ended": "[dim]–[/dim]",
}


def up(
    data: Data,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing unless something is wrong.")] = False,
) -> None:
    """Start the hub and keep it alive: database, homeserver, care, door. Ctrl-C ends all of them."""
    from hub.clock import utc_now
    from hub.doctor.before_start import before, ours
    from hub.settings import load

    settings = load(ours(data) / "settings.toml", os.environ)
    for trouble in before(data, settings, utc_now):
        _tell_trouble(trouble)
    from hub import log  # from here on it takes a while
    from hub.embedded.child import Log
    from hub.growing import Stem
    from hub.parts import order_of, parts_of
    from hub.supervise import Supervisor

    def say_step(text: Text) -> None:
        if not quiet:
            out.print(f"  {escape(str(text))} …")

    def say_change(name: str, standing: Standing) -> None:
        if standing.state == "failing" or (not quiet and standing.state in ("up", "ended")):
            out.print(f"  {MARKS[standing.state]} {name} {escape(standing.sentence)}".rstrip())

    stem = Stem(Log(data.absolute() / "logs" / "stem.log"))
    parts = parts_of(data, settings, utc_now, say_step, stem)
    supervisor = Supervisor(parts, data, utc_now, after=order_of(parts), on_change=say_change)
    log.configure("supervisor", log.file_in(data, "up"))
    asyncio.run(_run(supervisor, stem, data, settings, quiet))


def _tell_trouble(trouble: Trouble) -> None:
    err.print(f"  {MARKS['failing']} {escape(str(trouble))}")


async def _run(supervisor: Supervisor, stem: Stem, data: Path, settings: Settings, quiet: bool) -> None:
    from hub.room import keep_room

    beside = [
        asyncio.create_task(_tell_when_ready(supervisor, data, quiet)),
        asyncio.create_task(_tell_if_away(data, settings)),
        asyncio.create_task(keep_room(data, settings.disk.reserve_mib, _tell_trouble)),
    ]
    try:
        await supervisor.run()
    finally:
        for each in beside:
            each.cancel()
        await stem.end()


async def _tell_if_away(data: Path, settings: Settings) -> None:
    """`care` waits for a homeserver that is not ours to start: say at once what it waits for."""
    from hub.doctor.homeserver import HomeserverAway, addresses, ask

    if not settings.homeserver.url:
        return  # ours, which is being started
    try:
        await ask(addresses(data, settings))
    except HomeserverAway as away:
        _tell_trouble(away)


async def _tell_when_ready(supervisor: Supervisor, data: Path, quiet: bool) -> None:
    from hub.cli.entrance import address
    from hub.clock import utc_now
    from hub.data_folder import settings_of
    from hub.doctor import at_start
    from hub.pulse import last_beat

    await supervisor.ready.wait()
    settings = settings_of(data)
    beat = last_beat(data, "door", utc_now())
    for trouble in await at_start.after(data, settings, utc_now):
        _tell_trouble(trouble)
    if not quiet and beat is not None:
        out.print(f"\nThe pages: [bold]{address(data, settings, beat.port)}[/bold]")
        out.print("A way in for somebody: ayni member login-link HANDLE\nCtrl-C ends everything.")


def run(
    data: Data,
    role: Annotated[str, typer.Option(help="care (bots, alarms) or door (pages, API).")],
) -> None:
    """Run one role here, without the supervisor. A second `care` waits as the standby of the first."""
    from hub.growing import environment

    if role not in ("care", "door"):
        raise typer.BadParameter("Roles are care and door.")
    argv = [sys.executable, "-m", "hub.process", role, str(data.absolute())]
    os.execve(argv[0], argv, {**os.environ, **environment()})  # noqa: S606 — ourselves, without a shell


UP_EXAMPLE = example("ayni up --data /var/lib/ayni")
RUN_EXAMPLE = example("ayni run --role care")
