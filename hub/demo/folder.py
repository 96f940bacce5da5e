"""The folder the story plays in: emptied at each start, and no other ever is."""

from __future__ import annotations

import shutil
from pathlib import Path

from hub.clock import utc_now
from hub.supervise_folder import held
from hub.trouble import Trouble

MARKER = ".ayni-demo"


class NotADemo(Trouble):
    """The folder {folder} is not empty and was not made by the demo. Name another: ayni demo --data"""

    exit_code = 2
    needs_person = True


def begin_anew(where: Path) -> None:
    """The story begins with new networks each time. Only a folder that the demo made itself is emptied.

    Raises NotADemo for any other folder that is not empty, HeldByAnother while a demo runs on it.
    """
    marker = where / MARKER
    if where.exists() and not marker.exists() and any(where.iterdir()):
        raise NotADemo(folder=where)
    for old in (where / "a", where / "b"):
        if old.exists():
            with held(old, utc_now):
                pass
            shutil.rmtree(old)
    for rest in ("people", "logs"):
        shutil.rmtree(where / rest, ignore_errors=True)
    where.mkdir(parents=True, exist_ok=True)
    marker.touch()
