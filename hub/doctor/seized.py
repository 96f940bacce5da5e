"""What whoever takes this disk reads, field by field (DESIGN 4.9): the tables, the files, the homeserver.

Said for a hub that is switched off. While it runs, its memory holds both ring keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hub.custody import Kind, kind_of
from hub.custody.watch import Kept, kept_as
from hub.doctor.seized_tables import SHELVES, Lies

_FILE = (
    "The ring keys are plain files (keys/watch.key, keys/archive.key) on this same disk. Whoever takes the"
    " disk has them: everything below that is called sealed opens too, and every digest can be guessed at."
    " What sealing helps against today: a stolen copy or backup of the database alone, and somebody who"
    " breaks into PostgreSQL. To keep the keys from a thief, encrypt this disk with a passphrase that"
    " somebody types in at every start."
)
_ARCHIVE_FILE = (
    "The archive key is a plain file (keys/archive.key) on this same disk. Whoever takes the disk has it:"
    " everything below that is called sealed under the archive key, and what people say of themselves, opens."
    " To keep it from a thief: ayni custody change --to sheets."
)
_WATCH_FILE = (
    " The watch key is a plain file on this same disk (keys/watch.key): everything below that is called"
    " sealed under the watch key opens too, and every digest can be guessed at. That is who has which"
    " account, messages that wait, alarms, circles and their plans: what must run with nobody there."
)
_WATCH_SYSTEM = (
    " The watch key is no file in this folder: systemd opens it at the start (LoadCredential). Whether a"
    " thief can depends on what systemd keeps it with; a TPM in this machine is taken along with the machine."
)
_LOCKED = (
    "The archive key lies on this disk only locked: with a passphrase (one guess costs 1 GiB of memory and"
    " seconds), and with each two of three recovery sheets. A thief may guess for years: four or five words"
    " chosen by dice hold, one clever word does not. What is called sealed under the archive key, and what"
    " people say of themselves, stays closed until then."
)
_SHEETS = (
    "The archive key lies on this disk only locked with each two of three recovery sheets, which are paper"
    " somewhere else. There is nothing to guess: without two sheets, what is called sealed under the archive"
    " key and what people say of themselves stays closed."
)


def custody_of(keys: Path) -> tuple[str, str]:
    """(how the archive key is kept, what that means for whoever takes the disk). `keys`: the keys folder."""
    kind = kind_of(keys)
    on_disk = kept_as(keys) is Kept.FILE
    if kind is Kind.FILE:
        return str(kind), _FILE if on_disk else _ARCHIVE_FILE + _WATCH_SYSTEM
    watch = _WATCH_FILE if on_disk else _WATCH_SYSTEM
    return str(kind), (_LOCKED if kind is Kind.PASSPHRASE else _SHEETS) + watch


@dataclass(frozen=True, slots=True)
class Place:
    """Something on the disk that is no table of ours. `path` is below the data folder, or a database."""

    path: str
    tells: str


PLACES = (
    Place("ayni.json", "that this is an Ayni hub, and since when."),
    Place("settings.toml", "the network's name, its languages, its domain."),
    Place(
        "keys/",
        "the watch key, the database's passwords, the token of this terminal; the archive key where it is"
        " kept as a file: then everything opens.",
    ),
    Place(
        "keys/slots, keys/epoch.key",
        "how many people have or had a key of their own. Each key is wrapped under a key of the day, and that"
        " under the archive key. Keys of people who left were overwritten; so is the key of each day that is"
        " over.",
    ),
    Place("keys/way-in", "the part of the pages' address that nobody can guess."),
    Place("homeserver.json", "the homeserver's name and public key."),
    Place("ports.json", "which ports are used."),
    Place(
        "keys/watch.data",
        "the key under which alarms and bindings are sealed, wrapped under the watch key: opens with it.",
    ),
    Place(
        "hand-over/",
        "key pages of the network that were not handed over yet: whoever has enough of them speaks for it.",
    ),
    Place("run/", "process numbers and times, and how often each part was started; counts of messages."),
    Place("logs/", "times of starts, stops and errors. No person, room or network."),
    Place("reserve", "nothing: room kept free for alarms."),
    Place(
        "postgres/",
        "the tables above, deleted rows until they are overwritten, and the homeserver's database.",
    ),
    Place(
        "synapse/",
        "the homeserver's signing key and secrets: whoever has them can speak as this homeserver. Files that"
        " people sent each other, encrypted.",
    ),
    Place(
        "database synapse",
        "every account's Matrix id and device names, who is in which room with whom, when each message was"
        " sent, addresses of the last hour. What was said is end-to-end encrypted, except in rooms between"
        " hubs, which carry sealed envelopes and are purged after a day. All else stays.",
    ),
    Place(
        "database ayni, tables procrastinate_*",
        "when background work ran, and of which kind; not about whom.",
    ),
    Place("database ayni, table alembic_version", "which version of Ayni this was."),
)


def explain() -> Iterator[tuple[str, str, dict[str, list[str]]]]:
    """(table, what its open columns tell, columns by how they lie)."""
    for shelf in SHELVES:
        columns: dict[str, list[str]] = {}
        for column, lies in shelf.columns():
            columns.setdefault(str(lies), []).append(column)
        yield shelf.table, shelf.tells, columns


def sealed_count() -> tuple[int, int]:
    """(columns that are sealed or digests, all columns)."""
    every = [lies for shelf in SHELVES for _, lies in shelf.columns()]
    return sum(lies is not Lies.OPEN for lies in every), len(every)
