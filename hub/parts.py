"""The parts one hub consists of, as its settings say: what it starts itself, and what stands elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from directory.core.text import Text
from directory.crypto import Chance
from hub import background
from hub.accounts import Accounts
from hub.chance import chance
from hub.embedded.postgres import PostgresPart
from hub.embedded.synapse import SynapsePart
from hub.growing import Stem
from hub.pulse import last_beat
from hub.role_part import RolePart
from hub.settings import Settings, read_secret
from hub.supervise_part import OncePart, Part
from hub.trouble import NoDatabase, Trouble

AFTER = {
    "synapse": ("postgres",),
    "tables": ("postgres",),
    "founding": ("tables", "synapse"),
    "care": ("tables", "synapse", "founding"),
    "door": ("tables", "founding"),
}
"""A part is started when these are up or failed once."""

Progress = Callable[[Text], None]
Clock = Callable[[], datetime]


class NotUpgraded(Trouble):
    """The database could not be brought up to date; nothing was changed. The lines above, or the log {log},
    say why."""

    needs_person = True


class NoDatabaseYet(Trouble):
    """The database does not answer yet, so it could not be brought up to date. This is tried again."""


async def migrate(data: Path, stem: Stem | None = None, *, own: bool = False) -> None:
    """Bring the schema up to date. Only a database of our `own` is waited for: we start it ourselves.

    Raises NoDatabaseYet, NotUpgraded, and what the stem does when it does not start.
    """
    ended = await background.run(["migrate"], data, line=await stem.line() if stem else None)
    if own and ended == NoDatabase.exit_code:
        raise NoDatabaseYet
    if ended != 0:
        raise NotUpgraded(log=data / "logs" / "postgres.log")


def postgres_of(data: Path, settings: Settings, progress: Progress) -> PostgresPart | None:
    """The database part, unless the settings name another one."""
    if settings.database.url_file:
        return None
    return PostgresPart(data, chance=chance, progress=progress)


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


def parts_of(data: Path, settings: Settings, clock: Clock, progress: Progress, stem: Stem) -> list[Part]:
    """Everything `ayni up` keeps alive; our own programs grow from `stem`.

    `AFTER` says what waits for what; they end in the opposite order.
    """
    parts: list[Part] = []
    postgres = postgres_of(data, settings, progress)
    if postgres is not None:
        parts.append(postgres)
        synapse = synapse_of(data, settings, lambda: postgres.url("synapse", "synapse"), clock, progress)
        if synapse is not None:
            parts.append(synapse)
    parts.append(OncePart("tables", lambda: migrate(data, stem, own=postgres is not None)))
    parts += [role_part("care", data, clock, stem), role_part("door", data, clock, stem)]
    return parts


def order_of(parts: Sequence[Part]) -> dict[str, list[str]]:
    """Who waits for whom, of those that there are. In single file one of two cores would stand idle; `care`
    waits for no pages, because an alarm must not.
    """
    there = {part.name for part in parts}
    return {name: [one for one in needed if one in there] for name, needed in AFTER.items() if name in there}


def role_part(role: str, data: Path, clock: Clock, stem: Stem) -> RolePart:
    """`care` or `door` as a part: healthy while its event loop writes signs of life."""

    async def beats() -> bool:
        beat = last_beat(data, role, clock())
        return beat is not None and beat.ready

    return RolePart(role, data, stem, check=beats, ready_within=60.0)


def accounts_of(data: Path, settings: Settings, chance: Chance) -> Accounts | None:
    """Who makes chat accounts for people; None for a homeserver elsewhere that gave us no secret."""
    named = settings.homeserver
    if named.url and not named.registration_secret_file:
        return None
    file = Path(named.registration_secret_file) if named.url else data / "synapse" / "registration.key"
    url = homeserver_url(data, settings)
    return Accounts(url, lambda: read_secret(file), chance, shown="" if named.url or named.domain else url)


def homeserver_url(data: Path, settings: Settings) -> str:
    """Where our bots reach the homeserver."""
    if settings.homeserver.url:
        return settings.homeserver.url
    return SynapsePart(data, database=lambda: "", chance=chance, clock=_never).client_url


def _never() -> datetime:
    raise RuntimeError("an address needs no clock")
