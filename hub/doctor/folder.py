"""The data folder, its settings, its keys and its disk: what can be looked at while nothing runs."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from directory.core.text import say
from hub.custody import ARCHIVE, Kind, NoKeys, watch
from hub.custody.pages import HAND_OVER
from hub.custody.rings import lock_of
from hub.custody.rotating import HalfRotated
from hub.custody.watch import Kept
from hub.doctor.check import Check, fine, note, wrong
from hub.embedded.account import FolderOfAnother, account_for, name_of
from hub.embedded.postgres_binaries import install_for
from hub.embedded.reserve import LOW, Reserve
from hub.embedded.sight import Needs, python_needs, sight
from hub.settings import Settings, load, read_secret
from hub.supervise_folder import FORMAT, OtherFormat
from hub.trouble import Trouble

OTHERS = stat.S_IRWXG | stat.S_IRWXO


class NoFolder(Trouble):
    """There is no hub in {folder}. Begin one with: ayni init --data {folder}"""

    needs_person = True


class OpenFolder(Trouble):
    """Others on this computer can look into {folder}. Run: chmod {mode} {folder}"""

    needs_person = True


class OpenKeys(Trouble):
    """Others on this computer can read {files}. Run: chmod -R go= {folder}"""

    needs_person = True


def look_at_folder(data: Path) -> Check:
    """Format, owner and mode of the folder."""
    name = "data folder"
    marker, me = data / "ayni.json", os.geteuid()
    if data.exists() and (owner := data.stat().st_uid) != me:
        return wrong(name, FolderOfAnother(folder=data, owner=name_of(owner), me=name_of(me)))
    if not marker.exists():
        return wrong(name, NoFolder(folder=data))
    try:
        found = json.loads(marker.read_text()).get("format")
    except ValueError:
        found = "?"
    if found != FORMAT:
        return wrong(name, OtherFormat(folder=data, found=found, known=FORMAT))
    wanted = 0o711 if me == 0 else 0o700
    if stat.S_IMODE(data.stat().st_mode) & OTHERS & ~wanted:
        return wrong(name, OpenFolder(folder=data, mode=f"{wanted:o}"))
    return fine(
        name,
        say("{folder}, format {format}, belongs to {owner}", folder=data, format=FORMAT, owner=name_of(me)),
    )


def look_at_settings(data: Path, environment: Mapping[str, str]) -> tuple[Check, Settings | None]:
    """The settings, and whether the secret files they name are there and closed."""
    name = "settings"
    try:
        settings = load(data / "settings.toml", environment)
        for secret in (settings.database.url_file, settings.homeserver.registration_secret_file):
            if secret:
                read_secret(Path(secret))
    except Trouble as trouble:
        return wrong(name, trouble), None
    if settings.evaluation:
        text = say(
            "An evaluation hub: it links only with hubs on this computer, and its name can never change"
        )
        return note(name, text), settings
    return fine(name, say("Domain {domain}", domain=settings.homeserver.domain)), settings


def look_at_keys(data: Path) -> Check:
    """Both ring keys are there, and no file beside them can be read by others."""
    name, keys = "key files", data / "keys"
    kept = watch.kept_as(keys)
    if kept is Kept.ELSEWHERE and not watch.by_systemd(keys):
        return wrong(name, NoKeys())
    open_ones = [file.name for file in _with_folder(keys) if file.stat().st_mode & OTHERS]
    if open_ones:
        return wrong(name, OpenKeys(files=", ".join(sorted(open_ones)), folder=keys))
    if not (keys / ARCHIVE).exists():
        return note(
            name, say("The archive key is not here: alarms run, records stay closed until it is given")
        )
    return fine(name, say("Only their owner can read them"))


def look_at_watch(data: Path) -> Check:
    """Whether the Watch key is a file or a credential of systemd, and whether a change of it waits."""
    keys = data / "keys"
    try:
        if watch.waits_for_credential(keys):
            text = say("A new Watch key was made and is not a credential yet: the old one still opens")
            return note("watch key", text)
        kept = watch.kept_as(keys)
    except Trouble as trouble:
        return wrong("watch key", trouble)
    if kept is Kept.FILE:
        text = say(
            "A plain file in the data folder. A machine with a TPM, or systemd 250, can keep it closed: "
            "ayni custody rotate-watch --for-systemd"
        )
        return note("watch key", text)
    return fine("watch key", say("systemd opens it at the start, from a credential"))


def look_at_hand_over(data: Path) -> Check:
    """Do key pages or sheets that belong on paper still lie on this disk?"""
    left = sorted(file.name for file in (data / HAND_OVER).glob("*")) if (data / HAND_OVER).exists() else []
    if left:
        text = say(
            "These belong on paper with their holders, not on this disk: {files} in {folder}. Print, hand "
            "over, delete them",
            files=", ".join(left),
            folder=data / HAND_OVER,
        )
        return note("to hand over", text)
    return fine("to hand over", say("Nothing"))


def _with_folder(keys: Path) -> Iterator[Path]:
    yield keys
    yield from keys.iterdir()


def look_at_custody(data: Path) -> Check:
    """How the Archive key is kept, and whether a rotation was cut short."""
    keys = data / "keys"
    try:
        locked = lock_of(keys)
    except Trouble as trouble:
        return wrong("custody", trouble)
    if locked is not None and locked.earlier:
        return wrong("custody", HalfRotated())
    if locked is None or locked.kind is Kind.FILE:
        text = say(
            "The ring keys are plain files in the data folder: whoever takes this disk opens everything on "
            "it. See: ayni doctor --seized"
        )
        return note("custody", text)
    if locked.kind is Kind.PASSPHRASE:
        return fine("custody", say("After each start, a passphrase opens the records: ayni unseal"))
    return fine("custody", say("After each start, two recovery sheets open the records: ayni unseal"))


def look_at_disk(data: Path, settings: Settings) -> list[Check]:
    """Free room, and the reserve that keeps alarms going on a full disk."""
    reserve = Reserve(data, size_mib=settings.disk.reserve_mib)
    percent = round(reserve.free_fraction() * 100)
    if reserve.room_for(urgent=False):
        disk = fine("disk", say("{percent} % free", percent=percent))
    else:
        text = say(
            "Only {percent} % is free. Below {low} % only alarms are written: free some space",
            percent=percent,
            low=round(LOW * 100),
        )
        disk = wrong("disk", text)
    if reserve.held:
        text = say("{size} MiB are kept for alarms", size=settings.disk.reserve_mib)
        return [disk, fine("reserve", text)]
    text = say(
        "The {size} MiB kept for alarms are not on the disk. Free some space: a running hub takes them again",
        size=settings.disk.reserve_mib,
    )
    return [disk, wrong("reserve", text)]


def look_at_embedded(data: Path, settings: Settings) -> Check:
    """Could PostgreSQL or the homeserver, if somebody broke into them, read our keys?"""
    name = "embedded programs"
    if settings.database.url_file:
        return fine(name, say("None: the database and the homeserver are not ours to start"))
    try:
        account = account_for(data / "postgres")
        ways = {
            sight(
                account, install_for(data / "postgres" / "cluster").needs + Needs((data / "postgres",))
            ).way,
            sight(account, python_needs() + Needs((data / "synapse",))).way,
        }
    except Trouble as trouble:
        return wrong(name, trouble)
    if not account.drop:
        text = say(
            "They run as {name}, as Ayni does: whoever breaks into them can read the keys", name=account.name
        )
        return note(name, text)
    if "capability" in ways:
        text = say(
            "They run as {name}, but here they reach their own files only by passing all file permissions: "
            "whoever breaks into them can read the keys",
            name=account.name,
        )
        return note(name, text)
    return fine(name, say("They run as {name} and cannot read the keys", name=account.name))
