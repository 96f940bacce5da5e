"""A paper: what the holders of a network's root keys sign, as one file that travels on a stick.

It holds a new root document, operating keys, revocations, or several of them, and the chain of root documents
before it, so that a holder's machine can check and sign it without any network. Signing changes nothing but
the signatures; who may sign what, and how many are missing, is said by the file itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, ValidationError, convert
from msgspec.structs import replace

from directory import crypto
from hub.federation.core import canonical
from hub.federation.core.canonical import Json
from hub.federation.core.identity import (
    MAX_ROTATIONS,
    OPERATING_LIFE,
    Certificate,
    Doubt,
    Revocation,
    Root,
    Signature,
    Signatures,
    SignedRoot,
    countersign,
    root_hash,
    signed_by,
    verify_roots,
)
from hub.federation.core.shapes import Document, Hex32, Name, NetworkId, as_json, base32

_LIFE_MS = OPERATING_LIFE.total_seconds() * 1000
Purpose = Literal["root", "operating-key", "revocation"]


class Statement(Document, frozen=True):
    """One thing to be signed, and who signed it."""

    purpose: Purpose
    statement: Json
    signatures: Signatures = ()


class Paper(Document, frozen=True):
    """`roots`: the chain in force when it was written."""

    network: NetworkId
    roots: Annotated[tuple[Json, ...], Meta(min_length=1, max_length=MAX_ROTATIONS)]
    statements: Annotated[tuple[Statement, ...], Meta(min_length=1, max_length=300)]
    names: Annotated[dict[Hex32, Name], Meta(max_length=9)] = msgspec.field(default_factory=dict)
    """Who holds the keys of a new root document. Not signed: it is for people."""


@dataclass(frozen=True, slots=True)
class Need:
    """`signed` of the keys in `keys` (hex) signed; `wanted` must."""

    purpose: Purpose
    keys: tuple[str, ...]
    wanted: int
    signed: int

    @property
    def missing(self) -> int:
        """How many more."""
        return max(0, self.wanted - self.signed)


def read_paper(raw: bytes) -> Paper | Doubt:
    """A paper whose chain of root documents holds. Its new statements are not believed yet."""
    parsed = canonical.parse(raw.strip(), limit=1 << 20)
    if isinstance(parsed, canonical.Flaw):
        return Doubt.SHAPE
    try:
        paper = convert(parsed, Paper)
        known = verify_roots(paper.network, paper.roots)
        if isinstance(known, Doubt):
            return known
        return _doubt(paper, known) or paper
    except (ValidationError, canonical.NotWritable):
        return Doubt.SHAPE


def _doubt(paper: Paper, known: Root) -> Doubt | None:
    """Would something in it be believed by nobody once it is signed? Then nobody signs it. Raises
    ValidationError, NotWritable."""
    roots = [convert(each.statement, Root) for each in paper.statements if each.purpose == "root"]
    before = convert(paper.roots[-1], SignedRoot).root
    if len(roots) > 1 or any(not _follows(root, known, before) for root in roots):
        return Doubt.BROKEN_CHAIN
    for each in paper.statements:
        if each.purpose == "operating-key":
            certificate = convert(each.statement, Certificate)
            if certificate.network != paper.network or certificate.purpose != "operating":
                return Doubt.OTHER_NETWORK
            if not 0 < certificate.valid_until - certificate.valid_from <= _LIFE_MS:
                return Doubt.TOO_LONG_LIVED
        if each.purpose == "revocation" and convert(each.statement, Revocation).network != paper.network:
            return Doubt.OTHER_NETWORK
    return None


def _follows(root: Root, known: Root, before: Json) -> bool:
    follows = root.number == known.number + 1 and root.previous == root_hash(before).hex()
    return follows and root.threshold <= len(set(root.keys))


def fingerprint(paper: Paper) -> str:
    """Sixteen letters of what is to be signed, whoever has signed so far (80 bits). A file on a stick can be
    changed by whoever carries it, names included: only these, compared with what the hub showed, tell."""
    plain: Json = {
        "network": paper.network,
        "roots": list(paper.roots),
        "statements": [{"purpose": each.purpose, "statement": each.statement} for each in paper.statements],
    }
    letters = base32(crypto.hash32("paper", canonical.encode(plain)))[:16]
    return " ".join(letters[at : at + 4] for at in range(0, 16, 4))


def write_paper(paper: Paper) -> bytes:
    """The file."""
    return canonical.encode(as_json(paper))


def root_in_force(paper: Paper) -> Root:
    """The last of the chain. Raises ValueError for a paper that did not come from `read_paper`."""
    root = verify_roots(paper.network, paper.roots)
    if isinstance(root, Doubt):
        raise ValueError(root)
    return root


def root_after(paper: Paper) -> Root:
    """The root document once this paper is taken: operating keys and revocations are signed by its keys."""
    for each in paper.statements:
        if each.purpose == "root":
            return convert(each.statement, Root)
    return root_in_force(paper)


def needs(paper: Paper) -> tuple[Need, ...]:
    """What has to be signed by whom; a new root document by the old and by the new keys."""
    return tuple(_needs(paper))


def _needs(paper: Paper) -> Iterator[Need]:
    before, after = root_in_force(paper), root_after(paper)
    for each in paper.statements:
        for root in (before, after) if each.purpose == "root" else (after,):
            signed = signed_by(each.purpose, each.statement, each.signatures, root.keys)
            yield Need(each.purpose, root.keys, root.threshold, signed)


def complete(paper: Paper) -> bool:
    """Did enough holders sign all of it?"""
    return all(need.missing == 0 for need in needs(paper))


def sign_paper(paper: Paper, seed: bytes) -> Paper | None:
    """With the signatures of this root key wherever it is asked for; None when it is asked for nowhere."""
    public = crypto.signing_public(seed).hex()
    after = root_after(paper).keys
    both = {*root_in_force(paper).keys, *after}
    found = [
        _signed(each, seed, public, both if each.purpose == "root" else after) for each in paper.statements
    ]
    return None if not any(found) else replace(paper, statements=_merged(paper.statements, found))


def _signed(each: Statement, seed: bytes, public: str, keys: Sequence[str] | set[str]) -> Statement | None:
    if public not in keys:
        return None
    others = tuple(one for one in each.signatures if one.by != public)
    (own,) = countersign(each.purpose, each.statement, [seed])
    return replace(each, signatures=(*others, convert(own, Signature)))


def _merged(old: Sequence[Statement], new: Sequence[Statement | None]) -> tuple[Statement, ...]:
    return tuple(fresh or before for before, fresh in zip(old, new, strict=True))
