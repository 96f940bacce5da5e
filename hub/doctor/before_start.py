"""What `ayni up` looks at before it starts anything. Light: a refusal comes at once."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from hub.custody.watch import DATA, Kept, NoKeys, NotHanded, by_systemd, kept_as
from hub.embedded.account import FolderOfAnother, name_of
from hub.embedded.reserve import NoRoom, Reserve
from hub.settings import Settings
from hub.supervise_folder import claim
from hub.trouble import NotFounded, Trouble

MARK = "restoring"
"""Lies in a data folder while a backup is being restored into it (hub/backup/restoring.py)."""

MOVED = "moved"
"""Lies in the data folder of a hub that moves to another machine (hub/backup/moving.py)."""


class MovedOut(Trouble):
    """This network moves to another machine, or did: the hub in {folder} does not start any more. Two hubs
    must never speak for one network. If the move was given up for good: ayni network move-out --stay"""

    needs_person = True


class CutShort(Trouble):
    """A restore into {folder} was cut short. The hub does not start on half of a backup. Run the same ayni
    restore again: it begins anew."""

    needs_person = True


class HalfElsewhere(Trouble):
    """The settings name a database of your own, but no homeserver: the hub starts both itself, or neither.
    Set url under [homeserver] too, or take url_file under [database] out."""

    exit_code = 2
    needs_person = True


def ours(data: Path) -> Path:
    """The folder, when it is ours or not there yet. Raises FolderOfAnother; looks at nothing in it."""
    me = os.geteuid()
    owner = data.stat().st_uid if data.exists() else me
    if owner != me:
        raise FolderOfAnother(folder=data, owner=name_of(owner), me=name_of(me))
    return data


def before(data: Path, settings: Settings, clock: Callable[[], datetime]) -> list[Trouble]:
    """Raises what only a person can mend: HalfElsewhere, MovedOut, NotFounded, OtherFormat; a folder that is
    no hub's is left as it is. Returns what has to be said but stops nothing: alarms go on with a full disk.
    """
    if settings.database.url_file and not settings.homeserver.url:
        raise HalfElsewhere
    if (data / MARK).exists():
        raise CutShort(folder=data)
    if (data / MOVED).exists():
        raise MovedOut(folder=data)
    if kept_as(data / "keys") is Kept.ELSEWHERE:
        lost = NotHanded if by_systemd(data / "keys") else NoKeys
        raise lost if (data / "keys" / DATA).exists() else NotFounded(folder=data)
    claim(data, clock)
    try:
        Reserve(data, size_mib=settings.disk.reserve_mib).hold()
    except NoRoom as full:
        return [full]
    return []
