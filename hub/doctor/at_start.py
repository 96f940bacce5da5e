"""What `ayni up` looks at by itself, so that nobody has to think of asking the doctor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from hub.custody import WATCH
from hub.custody.rings import credential
from hub.doctor.clocks import clock_trouble
from hub.doctor.homeserver import HomeserverAway, addresses, ask, identity_trouble, shown
from hub.embedded.reserve import NoRoom, Reserve
from hub.node import NotFounded
from hub.settings import Settings
from hub.supervise_folder import claim
from hub.trouble import Trouble

Clock = Callable[[], datetime]


class HalfElsewhere(Trouble):
    """The settings name a database of your own, but no homeserver: the hub starts both itself, or neither.
    Set url under [homeserver] too, or take url_file under [database] out."""

    exit_code = 2
    needs_person = True


def before(data: Path, settings: Settings, clock: Clock) -> list[Trouble]:
    """Before anything is started. Raises what only a person can mend: HalfElsewhere, NotFounded, OtherFormat,
    FolderOfAnother. Returns what has to be said but stops nothing: on a full disk alarms still go on.
    """
    if settings.database.url_file and not settings.homeserver.url:
        raise HalfElsewhere
    if data.exists():
        claim(data, clock)
    if not (data / "keys" / WATCH).exists() and credential() is None:
        raise NotFounded(folder=data)
    try:
        Reserve(data, size_mib=settings.disk.reserve_mib).hold()
    except NoRoom as full:
        return [full]
    return []


async def after(data: Path, settings: Settings, clock: Clock) -> list[Trouble]:
    """Once everything is up: whose homeserver it is, and whether our clock is right."""
    where = addresses(data, settings)
    found = await shown(where)
    stranger = identity_trouble(data, where.client, found) if found else None
    try:
        theirs = await ask(where)
    except HomeserverAway as away:
        return [away]
    off = clock_trouble(clock(), {"the homeserver": theirs}) if theirs else None
    return [trouble for trouble in (stranger, off) if trouble is not None]
