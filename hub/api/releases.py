"""What was promised: the schema and documents of the last release, and older documents that still run.

`graphql/released/` holds the contract as it was last released; nothing may break it (tests/contract). A
document that changed since then lives on in `graphql/retired.json` under its old id, until its date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

LIVES_ON = timedelta(days=180)
"""How long a document runs after it was replaced, and how long a field is kept once it is deprecated."""


class Retired(msgspec.Struct, frozen=True):
    """A document that was replaced. It runs while today is before `until`."""

    id: str
    name: str
    until: date
    text: str

    @property
    def ends_at(self) -> datetime:
        """The first moment at which it runs no more, UTC."""
        return datetime(self.until.year, self.until.month, self.until.day, tzinfo=UTC)


class Released(msgspec.Struct, frozen=True):
    """A document as it was released."""

    id: str
    text: str


def retired(where: Path) -> tuple[Retired, ...]:
    """Every document that still runs under an older id."""
    path = where / "retired.json"
    return msgspec.json.decode(path.read_bytes(), type=tuple[Retired, ...]) if path.exists() else ()


def released(where: Path) -> Mapping[str, Released]:
    """The documents of the last release by name; none before the first."""
    path = where / "released" / "documents.json"
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Released]) if path.exists() else {}


def retire(where: Path, current: Iterable[str], today: date) -> None:
    """Keep every released document that `current` ids no longer hold, for its time from today on."""
    ids, kept = frozenset(current), {one.id: one for one in retired(where)}
    for name, one in released(where).items():
        if one.id not in ids and one.id not in kept:
            kept[one.id] = Retired(one.id, name, today + LIVES_ON, one.text)
    still = [one for one in kept.values() if one.id not in ids]
    _write(where / "retired.json", sorted(still, key=lambda one: (one.name, one.until)))


def release(where: Path, documents: Mapping[str, Released], schema: str, today: date) -> None:
    """From now on this is what was promised. What has passed its date is forgotten."""
    (where / "released").mkdir(exist_ok=True)
    (where / "released" / "schema.graphql").write_text(schema, encoding="utf-8")
    _write(where / "released" / "documents.json", documents)
    _write(where / "retired.json", [one for one in retired(where) if today < one.until])


def _write(path: Path, what: object) -> None:
    path.write_bytes(msgspec.json.format(msgspec.json.encode(what), indent=2) + b"\n")
