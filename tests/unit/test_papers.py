"""What key holders sign: what would bind nobody is not signed, and what was changed on the way is noticed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from directory import crypto
from hub.federation.core import identity, papers
from hub.federation.core.canonical import Json
from hub.federation.core.identity import Doubt
from hub.federation.core.papers import Paper, Statement

NOW = datetime(2026, 11, 24, tzinfo=UTC)
OLD, NEW, EVIL = (crypto.signing_public(bytes([n]) * 32) for n in (1, 2, 3))
FIRST = identity.first_root([OLD], 1)
NETWORK = identity.network_id(FIRST)


def a_key(public: bytes = NEW, *, days: int = 90, network: str = NETWORK) -> Statement:
    until = NOW + timedelta(days=days)
    return Statement(
        purpose="operating-key",
        statement=identity.certificate_of(
            "operating", network=network, public=public, valid_from=NOW, valid_until=until
        ),
    )


def a_root(keys: list[bytes], threshold: int = 1, **other: object) -> Statement:
    return Statement(purpose="root", statement={**identity.next_root(FIRST, keys, threshold), **other})  # type: ignore[dict-item]


def a_paper(*statements: Statement, names: dict[str, str] | None = None) -> Paper:
    root: Json = {"root": FIRST, "signatures": []}
    return Paper(network=NETWORK, roots=(root,), statements=statements, names=names or {})


def read(paper: Paper) -> Paper | Doubt:
    return papers.read_paper(papers.write_paper(paper))


def test_what_a_hub_drafts_is_read() -> None:
    for paper in (a_paper(a_root([NEW]), a_key()), a_paper(a_key(), a_key(OLD))):
        found = read(paper)
        assert isinstance(found, Paper)
        assert papers.fingerprint(found) == papers.fingerprint(paper)


@pytest.mark.parametrize(
    ("statements", "doubt"),
    [
        ((a_root([NEW]), a_root([EVIL])), Doubt.BROKEN_CHAIN),
        ((a_root([NEW], number=3),), Doubt.BROKEN_CHAIN),
        ((a_root([NEW], previous="0" * 64),), Doubt.BROKEN_CHAIN),
        ((a_root([NEW], threshold=2),), Doubt.BROKEN_CHAIN),
        ((a_key(days=91),), Doubt.TOO_LONG_LIVED),
        ((a_key(days=0),), Doubt.TOO_LONG_LIVED),
        ((a_key(network=identity.network_id(identity.first_root([EVIL], 1))),), Doubt.OTHER_NETWORK),
    ],
)
def test_what_nobody_would_believe_is_signed_by_nobody(
    statements: tuple[Statement, ...], doubt: Doubt
) -> None:
    assert read(a_paper(*statements)) is doubt


def test_the_letters_stay_while_holders_sign_and_change_with_whoever_changes_the_file() -> None:
    names = {NEW.hex(): "Rosa"}
    paper = a_paper(a_root([NEW]), a_key(), names=names)
    letters = papers.fingerprint(paper)
    signed = papers.sign_paper(paper, bytes([1]) * 32)
    assert signed is not None
    assert papers.fingerprint(signed) == letters == papers.fingerprint(replace(paper, names={}))
    swapped = a_paper(a_root([EVIL]), a_key(), names={EVIL.hex(): "Rosa"})
    added = a_paper(a_root([NEW]), a_key(), a_key(EVIL), names=names)
    assert isinstance(read(swapped), Paper) and isinstance(read(added), Paper), "nothing else tells"
    assert len({letters, papers.fingerprint(swapped), papers.fingerprint(added)}) == 3
