"""What a data folder says before anything is opened: its settings, and where its database is."""

from __future__ import annotations

import os
from pathlib import Path

from hub.chance import chance
from hub.embedded.postgres import PostgresPart
from hub.settings import Settings, load, read_secret


def settings_of(data: Path) -> Settings:
    """The settings of a data folder, with what the environment adds."""
    return load(data / "settings.toml", os.environ)


def database_url(data: Path, settings: Settings) -> str:
    """The hub's own database: the one in the settings, else the embedded one's socket."""
    if settings.database.url_file:
        return read_secret(Path(settings.database.url_file))
    return PostgresPart(data, chance=chance).url()
