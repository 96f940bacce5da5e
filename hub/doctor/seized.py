"""What whoever takes this disk reads, field by field (DESIGN 4.9): the tables, the files, the homeserver.

Said for a hub that is switched off. While it runs, its memory holds both ring keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hub.doctor.seized_tables import SHELVES, Lies

CUSTODY = (
    "The ring keys are plain files (keys/watch.key, keys/archive.key) on this same disk. Whoever takes the"
    " disk has them: everything below that is called sealed opens too, and every digest can be guessed at."
    " What sealing helps against today: a stolen copy or backup of the database alone, and somebody who"
    " breaks into PostgreSQL. To keep the keys from a thief, encrypt this disk with a passphrase that"
    " somebody types in at every start."
)


@dataclass(frozen=True, slots=True)
class Place:
    """Something on the disk that is no table of ours. `path` is below the data folder, or a database."""

    path: str
    tells: str


PLACES = (
    Place("ayni.json", "that this is an Ayni hub, and since when."),
    Place("settings.toml", "the network's name, its languages, its domain."),
    Place("keys/", "both ring keys, the database's passwords, the token of this terminal: everything opens."),
    Place("homeserver.json", "the homeserver's name and public key."),
    Place("ports.json", "which ports are used."),
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
        " hubs, which carry sealed envelopes; none of it is purged yet.",
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
