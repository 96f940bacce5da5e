"""Where people find the pages: what they type before a path, with the part that nobody can guess."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hub import way_in
from hub.chance import chance
from hub.embedded.ports import Ports
from hub.settings import Settings

DOOR_PORT = "door"


def port_of(data: Path, settings: Settings) -> int:
    """The port in the settings, else one chosen free and remembered."""
    return settings.door.port or Ports(data).choose((DOOR_PORT,))[DOOR_PORT]


def pages_of(data: Path, settings: Settings) -> Callable[[], str]:
    """Tells the address as it is when it is asked: a new way in counts at once."""

    def address() -> str:
        front = settings.door.public_url or f"http://{settings.door.host}:{port_of(data, settings)}"
        return f"{front}/{way_in.ensure(data / 'keys', chance)}"

    return address
