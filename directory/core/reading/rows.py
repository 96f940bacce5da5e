"""One organisation as a table describes it, in keys of the vocabularies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from directory.core.reading.findings import Finding
from directory.vocabulary.fold import fold

SHARED_HOSTS = frozenset(
    ["facebook.com", "instagram.com", "linkedin.com", "linktr.ee", "medium.com", "t.me", "twitter.com",
     "x.com", "youtube.com", "sites.google.com", "github.io", "tiktok.com", "vk.com", "ok.ru",
     "wordpress.com", "blogspot.com", "bsky.app", "mailchi.mp", "google.com", "docs.google.com",
     "drive.google.com"]
)  # fmt: skip
"""Hosts under which many organisations live: there the path tells them apart."""


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """`country` and the tuples hold keys. `also_lines` are later lines about the same organisation.

    `apart` is set where two organisations would have one key: it is then part of the key.
    """

    line: int
    name: str
    acronym: str | None = None
    country: str | None = None
    works_in: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    website: str | None = None
    also_lines: tuple[int, ...] = ()
    apart: str = ""

    @property
    def key(self) -> str:
        """The same for the same organisation in every file: its website's host, else its name and country."""
        place = web_key(self.website) or f"name:{compact(self.name)}:{self.country or ''}"
        return f"{place}#{self.apart}" if self.apart else place


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person as a network's own list describes them: `handle` is the name they go by. Never an entry of
    the directory; what stands here waits, sealed, for their own yes (directory/noted.py)."""

    line: int
    handle: str
    country: str | None = None
    works_in: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A header as written and the field it was read as; None for a column that is not read.

    `about` says what of people it seems to hold, "" for nothing.
    """

    header: str
    field: str | None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole table. `encoding` is a Python codec name, `delimiter` one character, "" in a workbook or in
    JSON lines."""

    rows: tuple[OrganisationRow, ...]
    findings: tuple[Finding, ...]
    encoding: str
    delimiter: str
    columns: tuple[Column, ...]
    people: tuple[PersonRow, ...] = ()


@lru_cache(maxsize=16_384)
def compact(name: str) -> str:
    """A name for comparing: folded, without spaces and little words ("The Centre of X" = "centre x")."""
    words = fold(name).split()
    return "".join(word for word in words if word not in {"the", "of", "for", "and"}) or "".join(words)


def web_key(website: str | None) -> str:
    """`https://www.a.org/en` → "web:a.org", on a shared host with the first step of the path; "" for none."""
    if not website:
        return ""
    host, _, path = website.partition("://")[2].partition("/")
    host = host.lower().removeprefix("www.").rstrip(".")
    step = path.partition("/")[0].partition("?")[0].lower()
    return f"web:{host}/{step}" if host in SHARED_HOSTS else f"web:{host}"
