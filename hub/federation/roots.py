"""What the holders of this network's root keys decide: who holds them, which keys speak for the hub.

Each decision is a paper (core/papers.py). Where the key on this hub suffices it is signed and taken at once;
else it is a file that goes from holder to holder and comes back. Nothing changes before it is complete.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from directory import audit, crypto
from directory.core.effects import Post, Stream
from directory.turn import Turn
from hub.federation import asking, identity
from hub.federation.core import canonical, papers
from hub.federation.core import identity as statements
from hub.federation.core.canonical import Json
from hub.federation.core.identity import OPERATING_LIFE, Doubt, Revocation, Root, key_id
from hub.federation.core.papers import Paper, Statement
from hub.federation.core.shapes import as_json
from hub.federation.identity import HOLDER, NEXT, OPERATING, ROOT, Holder, HomeIdentity, home_identity
from hub.store import envelopes, keys, links
from hub.store.keys import HubKey
from hub.trouble import Trouble


class NotSigned(Trouble):
    """{missing} more of the key holders must sign this file: ayni network root sign FILE. Nothing was
    changed, and everything runs on."""

    needs_person = True


class OldPaper(Trouble):
    """This file was written before the network's root keys changed, or for another network. Nothing was
    changed. Write a new one."""

    exit_code = 2
    needs_person = True


class BadThreshold(Trouble):
    """{threshold} of {holders} key holders cannot be. Name at least as many holders as must sign, each once.
    Nothing was changed."""

    exit_code = 2
    needs_person = True


@dataclass(frozen=True, slots=True)
class RootState:
    """Who speaks for this network. `kept`: names whose key this hub has too; `ready`: operating keys signed
    for later, and until when they reach."""

    network: str
    number: int
    threshold: int
    holders: tuple[Holder, ...]
    kept: tuple[str, ...]
    valid_until: datetime
    ready: int
    covered_until: datetime


def _root(home: HomeIdentity) -> Root:
    root = statements.verify_roots(home.network, home.roots)
    if isinstance(root, Doubt):
        raise crypto.CannotOpen(root.value)
    return root


async def state(turn: Turn) -> RootState:
    """How things stand. Needs the Archive ring open."""
    home = await home_identity(turn.tx, turn.guard)
    root = _root(home)
    named = {key.public: key.statement.decode() for key in await keys.of_purpose(turn.tx, turn.guard, HOLDER)}
    holders = tuple(Holder(named.get(public, "?"), public) for public in map(bytes.fromhex, root.keys))
    ours = {key.public for key in await keys.of_purpose(turn.tx, turn.guard, ROOT)}
    pending = await keys.of_purpose(turn.tx, turn.guard, NEXT)
    ready = [key for key in pending if key.statement and key.valid_until > turn.now]
    living = [key.valid_until for key in home.operating if key.retired_at is None]
    return RootState(
        network=home.network,
        number=root.number,
        threshold=root.threshold,
        holders=holders,
        kept=tuple(each.name for each in holders if each.public in ours),
        valid_until=max(living),
        ready=len(ready),
        covered_until=max([*living, *(key.valid_until for key in ready)]),
    )


async def draft_rotation(
    turn: Turn, holders: Sequence[Holder], threshold: int, *, kept: bytes | None = None
) -> Paper:
    """Other holders, or another threshold. `kept`: the seed of the one that this hub is to keep too.

    Every operating key has to be signed anew by the new holders. Raises BadThreshold.
    """
    if not 1 <= threshold <= len({each.public for each in holders}) == len(holders):
        raise BadThreshold(threshold=threshold, holders=len(holders))
    home = await home_identity(turn.tx, turn.guard)
    if kept is not None:
        await identity.keep(turn, ROOT, crypto.signing_public(kept), kept, b"", identity.FOR_EVER)
    previous = home.roots[-1]["root"]
    assert isinstance(previous, dict)
    root = statements.next_root(previous, [each.public for each in holders], threshold)
    again = [*home.operating, *await keys.of_purpose(turn.tx, turn.guard, NEXT)]
    return _paper(
        home,
        [Statement(purpose="root", statement=root), *(_vouch(home, key) for key in again)],
        {each.public.hex(): each.name for each in holders},
    )


async def draft_renewal(turn: Turn, count: int) -> Paper:
    """`count` operating keys for the times after those that are ready."""
    home = await home_identity(turn.tx, turn.guard)
    last = (await state(turn)).covered_until
    await identity.new_pending(turn, count, last)
    unsigned = [key for key in await keys.of_purpose(turn.tx, turn.guard, NEXT) if not key.statement]
    return _paper(home, [_vouch(home, key) for key in unsigned])


async def draft_revocation(turn: Turn) -> Paper:
    """Replace the operating key that signs now, because it may be in wrong hands.

    Each linked network is told up to which number of its streams the old key is believed: the last we sent.
    """
    home = await home_identity(turn.tx, turn.guard)
    await identity.new_pending(turn, 1, turn.now + identity.NEXT_OPERATING_BEFORE)
    fresh = [key for key in await keys.of_purpose(turn.tx, turn.guard, NEXT) if not key.statement]
    found = [_vouch(home, key) for key in fresh]
    for link in await links.every(turn.tx, turn.guard):
        last_good = {}
        for stream in Stream:
            out, _ = await envelopes.both_heads(turn.tx, link.network, stream)
            last_good[stream.value] = (out.epoch, out.seq)
        revocation = statements.revocation_of(
            home.network, key_id(home.operating[0].public), last_good, to=link.network
        )
        found.append(Statement(purpose="revocation", statement=revocation))
    if len(found) == len(fresh):
        kid = key_id(home.operating[0].public)
        found.append(
            Statement(purpose="revocation", statement=statements.revocation_of(home.network, kid, {}))
        )
    return _paper(home, found)


def _paper(home: HomeIdentity, found: Sequence[Statement], names: dict[str, str] | None = None) -> Paper:
    return Paper(network=home.network, roots=home.roots, statements=tuple(found), names=names or {})


def _vouch(home: HomeIdentity, key: HubKey) -> Statement:
    certificate = statements.certificate_of(
        "operating",
        network=home.network,
        public=key.public,
        valid_from=key.valid_from,
        valid_until=min(key.valid_until, key.valid_from + OPERATING_LIFE),
    )
    return Statement(purpose="operating-key", statement=certificate)


async def sign_here(turn: Turn, paper: Paper) -> Paper:
    """With what the root keys on this hub can sign. Needs the Archive ring open."""
    for key in await keys.of_purpose(turn.tx, turn.guard, ROOT):
        paper = papers.sign_paper(paper, key.private) or paper
    return paper


async def take(turn: Turn, paper: Paper) -> None:
    """Do what enough holders signed, and tell linked networks. Raises NotSigned, OldPaper before anything."""
    home = await home_identity(turn.tx, turn.guard)
    if paper.network != home.network or tuple(paper.roots) != home.roots:
        raise OldPaper
    if not papers.complete(paper):
        raise NotSigned(missing=max(need.missing for need in papers.needs(paper)))
    for link in await links.every(turn.tx, turn.guard):
        await links.of(turn.tx, turn.guard, link.network, lock=True)
    for each in paper.statements:
        if each.purpose == "root":
            await _new_root(turn, paper, each)
        elif each.purpose == "operating-key":
            await _vouched(turn, each)
    revoked = [each for each in paper.statements if each.purpose == "revocation"]
    if revoked:
        await _revoke(turn, revoked)
    await identity.announce(turn)
    await audit.note(turn, "root-keys", paper.statements[0].purpose)


async def _new_root(turn: Turn, paper: Paper, each: Statement) -> None:
    root = msgspec.convert(each.statement, Root)
    signed = as_json(statements.SignedRoot(root=each.statement, signatures=each.signatures))
    holders = [Holder(paper.names.get(key, "?"), bytes.fromhex(key)) for key in root.keys]
    await identity.keep_root(turn, signed, holders)
    for key in await keys.of_purpose(turn.tx, turn.guard, ROOT):
        if key.public.hex() not in root.keys:
            await keys.forget(turn.tx, key.id)


async def _vouched(turn: Turn, each: Statement) -> None:
    public = bytes.fromhex(str(each.statement["public"]))
    signatures = [as_json(one) for one in each.signatures]
    statement = canonical.encode({"certificate": each.statement, "signatures": signatures})
    for key in await keys.of_purpose(turn.tx, turn.guard, OPERATING):
        if key.public == public:
            await keys.forget(turn.tx, key.id)
            await keys.add(turn.tx, turn.guard, replace(key, statement=statement))
            return
    await identity.prepared(turn, public, statement)


async def _revoke(turn: Turn, revoked: Sequence[Statement]) -> None:
    """The new key shows whom the roots vouch for (learning.py), then says what the old one is worth.

    Whatever linked networks did not get is said again in new epochs: nobody believes the old key any more.
    """
    home = await home_identity(turn.tx, turn.guard)
    old = home.operating[0]
    if any(msgspec.convert(each.statement, Revocation).kid != key_id(old.public).hex() for each in revoked):
        raise OldPaper
    fresh = next(
        key
        for key in await keys.of_purpose(turn.tx, turn.guard, NEXT)
        if key.statement and key.valid_from <= turn.now
    )
    await keys.forget(turn.tx, fresh.id)
    await keys.add(turn.tx, turn.guard, replace(fresh, purpose=OPERATING))
    await identity.new_sealing(turn, home.network, fresh.private)
    await keys.retire(turn.tx, OPERATING, but=fresh.id, at=turn.now)
    await identity.announce(turn)  # with the old key in it, so that what it is worth can be said of it
    await keys.forget(turn.tx, old.id)
    for each in revoked:
        to = str(each.statement.get("to", ""))
        if to and await links.exists(turn.tx, to):
            signatures = [as_json(one) for one in each.signatures]
            body: Json = {"revocation": {"revocation": each.statement, "signatures": signatures}}
            await turn.record(Post(to, Stream.URGENT, "revoke", body))
            await asking.at_start(turn, to)
