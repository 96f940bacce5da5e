"""What `ayni up` looks at once everything is up, so that nobody has to think of asking the doctor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from hub.doctor.clocks import clock_trouble
from hub.doctor.homeserver import HomeserverAway, addresses, ask, identity_trouble, shown
from hub.settings import Settings
from hub.trouble import Trouble

Clock = Callable[[], datetime]


async def after(data: Path, settings: Settings, clock: Clock) -> list[Trouble]:
    """Whose homeserver it is, and whether our clock is right."""
    where = addresses(data, settings)
    found = await shown(where)
    stranger = identity_trouble(data, where.client, found) if found else None
    try:
        theirs = await ask(where)
    except HomeserverAway as away:
        return [away]
    off = clock_trouble(clock(), {"the homeserver": theirs}) if theirs else None
    return [trouble for trouble in (stranger, off) if trouble is not None]
