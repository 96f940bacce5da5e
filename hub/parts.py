"""The parts one hub consists of, as its settings say: what it starts itself, and what stands elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from directory.core.text import Text
from hub import jobs
from hub.chance import chance
from hub.custody.rings import CREDENTIALS
from hub.embedded.child import PLAIN_ENVIRONMENT
from hub.embedded.postgres import PostgresPart
from hub.embedded.synapse import SynapsePart
from hub.pulse import last_beat
from hub.settings import Settings
from hub.supervise_part import Part, ProgramPart
from hub.trouble import Trouble

INHERITED = ("AYNI_", "PYTHON", CREDENTIALS)
"""What variables of ours begin with; the last is where systemd lays decrypted keys."""

Progress = Callable[[Text], None]
Clock = Callable[[], datetime]


class NotUpgraded(Trouble):
    """The database could not be brought up to date; nothing was changed. The lines above, or the log {log},
    say why."""

    needs_person = True


class MigratedPostgres(PostgresPart):
    """The embedded database, ready when its schema is this program's."""

    def __init__(self, data: Path, *, progress: Progress) -> None:
        super().__init__(data, chance=chance, progress=progress)
        self._data = data

    async def start(self) -> None:
        """Start it, then migrate in a process of its own, which this one then does not have to load."""
        await super().start()
        await migrate(self._data)


class MigratedRole(ProgramPart):
    """A role on a database that others start: its schema is this program's before the role runs."""

    def __init__(self, name: str, argv: tuple[str, ...], data: Path, **more: Any) -> None:
        super().__init__(name, argv, data, **more)
        self._data = data

    async def start(self) -> None:
        """Migrate, then start."""
        await migrate(self._data)
        await super().start()


async def migrate(data: Path) -> None:
    """Bring the schema up to date. Raises NotUpgraded."""
    if await jobs.in_child("hub.work", ["migrate"], data) != 0:
        raise NotUpgraded(log=data / "logs" / "postgres.log")


def postgres_of(data: Path, settings: Settings, progress: Progress) -> MigratedPostgres | None:
    """The database part, unless the settings name another one."""
    return None if settings.database.url_file else MigratedPostgres(data, progress=progress)


def synapse_of(
    data: Path, settings: Settings, database: Callable[[], str], clock: Clock, progress: Progress
) -> SynapsePart | None:
    """The homeserver part, unless the settings name another one."""
    if settings.homeserver.url:
        return None
    return SynapsePart(
        data,
        database=database,
        chance=chance,
        clock=clock,
        domain=settings.homeserver.domain or None,
        progress=progress,
    )


def parts_of(data: Path, settings: Settings, clock: Clock, progress: Progress) -> list[Part]:
    """Everything `ayni up` keeps alive, in the order it is started."""
    parts: list[Part] = []
    postgres = postgres_of(data, settings, progress)
    if postgres is not None:
        parts.append(postgres)
        synapse = synapse_of(data, settings, lambda: postgres.url("synapse", "synapse"), clock, progress)
        if synapse is not None:
            parts.append(synapse)
    kind = ProgramPart if postgres is not None else MigratedRole
    parts += [role_part("care", data, clock, kind), role_part("door", data, clock)]
    return parts


def role_part(role: str, data: Path, clock: Clock, kind: type[ProgramPart] = ProgramPart) -> ProgramPart:
    """`care` or `door` as a part: healthy while its event loop writes signs of life."""

    async def beats() -> bool:
        beat = last_beat(data, role, clock())
        return beat is not None and beat.ready

    argv = (sys.executable, "-m", "hub.process", role, str(data.absolute()))
    return kind(role, argv, data, env=environment(), check=beats, ready_within=60.0)


def environment() -> dict[str, str]:
    """What our own programs inherit: the settings' variables, and where Python finds us."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(INHERITED)}
    source = str(Path(__file__).parents[1])
    return {**PLAIN_ENVIRONMENT, "MALLOC_ARENA_MAX": "2", **kept, "PYTHONPATH": source}


def homeserver_url(data: Path, settings: Settings) -> str:
    """Where our bots reach the homeserver."""
    if settings.homeserver.url:
        return settings.homeserver.url
    return SynapsePart(data, database=lambda: "", chance=chance, clock=_never).client_url


def _never() -> datetime:
    raise RuntimeError("an address needs no clock")
