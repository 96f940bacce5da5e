"""Rows of links, of the networks behind them, and of invitations to link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from directory.store.database import Tx
from directory.store.guarded import Guard
from directory.store.tables import networks, shares
from hub.store.tables import envelopes, link_invitations, links

CHANNEL = "ayni_links"
"""Notified when a link is new or its state changes."""


class PeerKey(msgspec.Struct, frozen=True):
    """An operating key of a peer in hex, its times in milliseconds; once revoked, how far it is believed."""

    public: str
    valid_from: int
    valid_until: int
    last_good: dict[str, tuple[int, int]] | None = None


class Peer(msgspec.Struct, frozen=True, kw_only=True):
    """What we know of a linked network's hub. All of it is sealed under the Watch ring.

    `invitation`, `secret` and `nonce` (hex) are what the link was opened with; `met_us` and `met_them` are
    the operating and sealing keys both sides had then: the safety words are made of these. `card` is the
    network card as it was received and checked (canonical JSON), empty before. `sealing` is the key to seal
    to, in hex. Then what each side (`here`, `there`) did for the life of the link, hashes in hex; `draft` is
    the agreement on the table (canonical JSON), `signs` each side's signatures by the hash of what it signed.
    `host` and `pins` are where its hub takes envelopes over HTTPS, as its card says; empty: Matrix only.
    """

    envoy: str
    invitation: str = ""
    secret: str = ""
    nonce: str = ""
    met_us: tuple[str, str] = ("", "")
    met_them: tuple[str, str] = ("", "")
    card: str = ""
    operating: tuple[PeerKey, ...] = ()
    sealing: str = ""
    compared: dict[str, str] = {}
    suspended_by: tuple[str, ...] = ()
    draft: str = ""
    signs: dict[str, dict[str, str]] = {}
    host: str = ""
    pins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link as it stands. `network` is the other network's id; times are UTC.

    `question` is the nonce of what we ask its hub until it answers. `queued`: is something written for it
    that has no number yet? Known by `if_free` only.
    """

    network: str
    state: str
    opened_by_us: bool
    room: str | None
    peer: Peer
    words_ok_here_at: datetime | None
    words_ok_there_at: datetime | None
    agreement: bytes | None
    agreement_hash: bytes | None
    signed_here: bytes | None
    signed_there: bytes | None
    ends_at: datetime | None
    last_heard_at: datetime | None
    question: str | None
    asked_at: datetime | None
    repeated_at: datetime | None
    clock_ms: int | None
    speaks: tuple[str, ...]
    https_until: datetime | None
    since: datetime
    name: str = ""
    languages: tuple[str, ...] = ()
    queued: bool = False


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time invitation; `secret` is 16 bytes, the keys (public) are those its code names."""

    id: str
    secret: bytes
    operating: bytes
    sealing: bytes


def _found(guard: Guard, row: Row[Any]) -> LinkRow:
    columns = dict(row._mapping)
    opened = guard.open_fields("links", columns["network"], columns.pop("guarded"), watch=True)
    languages, speaks = tuple(columns.pop("languages")), tuple(columns.pop("speaks"))
    return LinkRow(peer=msgspec.convert(opened, Peer), languages=languages, speaks=speaks, **columns)


def _all() -> Select[Any]:
    return select(links, networks.c.name, networks.c.languages).join(
        networks, networks.c.id == links.c.network
    )


async def of(tx: Tx, guard: Guard, network: str, *, lock: bool = False) -> LinkRow | None:
    """The link with `network`, or None. `lock` keeps others from changing it until this transaction ends.

    Only who holds no other lock yet may wait for one here; everybody else takes it `if_free`.
    """
    statement = _all().where(links.c.network == network)
    if lock:
        statement = statement.with_for_update(of=links)
    row = (await tx.execute(statement)).one_or_none()
    return None if row is None else _found(guard, row)


async def if_free(tx: Tx, guard: Guard, network: str) -> LinkRow | None:
    """The link, locked, unless somebody else is at it; None then, and when there is none."""
    written = select(envelopes.c.id).where(envelopes.c.network == network, envelopes.c.direction == "next")
    statement = (
        _all()
        .add_columns(written.exists().label("queued"))
        .where(links.c.network == network)
        .with_for_update(of=links, skip_locked=True)
    )
    row = (await tx.execute(statement)).one_or_none()
    return None if row is None else _found(guard, row)


async def exists(tx: Tx, network: str) -> bool:
    """Is there a link with this network, whoever is at it?"""
    statement = select(links.c.network).where(links.c.network == network)
    return (await tx.execute(statement)).first() is not None


async def ask(tx: Tx, network: str, nonce: str, now: datetime, *, anew: bool = False) -> str:
    """The nonce of the question that is open; `nonce` when none was, or when it is asked `anew`."""
    if anew:
        values: dict[str, object] = {"question": nonce, "asked_at": now}
    else:
        kept = func.coalesce(links.c.question, nonce)
        values = {"question": kept, "asked_at": func.coalesce(links.c.asked_at, now)}
    statement = update(links).where(links.c.network == network).values(values).returning(links.c.question)
    asked: str = (await tx.execute(statement)).scalar_one()
    return asked


async def every(tx: Tx, guard: Guard) -> tuple[LinkRow, ...]:
    """All links, the oldest first."""
    found = await tx.execute(_all().order_by(links.c.since, links.c.network))
    return tuple(_found(guard, row) for row in found)


async def of_room(tx: Tx, guard: Guard, room: str) -> LinkRow | None:
    """The link that lives in one of our rooms (our own room id)."""
    row = (await tx.execute(_all().where(links.c.room == room))).one_or_none()
    return None if row is None else _found(guard, row)


async def add(
    tx: Tx, guard: Guard, *, network: str, name: str, peer: Peer, opened_by_us: bool, room: str, now: datetime
) -> None:
    """A new link, PROPOSED, and the network behind it. Its room exists already. A severed one is replaced."""
    fresh = insert(networks).values(id=network, name=name, home=False, state="proposed", since=now)
    await tx.execute(
        fresh.on_conflict_do_update(index_elements=["id"], set_={"name": name, "state": "proposed"})
    )
    await tx.execute(delete(links).where(links.c.network == network, links.c.state == "severed"))
    await tx.execute(
        links.insert().values(
            network=network,
            state="proposed",
            opened_by_us=opened_by_us,
            room=room,
            guarded=_sealed(guard, network, peer),
            since=now,
        )
    )
    await tx.execute(select(func.pg_notify(CHANNEL, "")))


def _sealed(guard: Guard, network: str, peer: Peer) -> bytes:
    fields = msgspec.to_builtins(peer)
    return guard.seal_fields("links", network, fields, watch=True)


async def know_peer(tx: Tx, guard: Guard, network: str, peer: Peer) -> None:
    """Replace what is known of the peer."""
    await tx.execute(
        update(links).where(links.c.network == network).values(guarded=_sealed(guard, network, peer))
    )


async def know_network(tx: Tx, network: str, *, name: str, languages: tuple[str, ...]) -> None:
    """What a network calls itself, and the languages it answers in."""
    await tx.execute(
        update(networks).where(networks.c.id == network).values(name=name, languages=list(languages))
    )


async def change(tx: Tx, network: str, **columns: object) -> None:
    """Write columns of one link; the network's own state follows the link's."""
    await tx.execute(update(links).where(links.c.network == network).values(**columns))
    if "state" in columns:
        await tx.execute(update(networks).where(networks.c.id == network).values(state=columns["state"]))
        await tx.execute(select(func.pg_notify(CHANNEL, "")))


async def answer_over_https(tx: Tx, network: str, now: datetime, until: datetime) -> None:
    """Its envelopes come over HTTPS, or Matrix is slow: answer it there. Written once in a while only."""
    late = links.c.https_until.is_(None) | (links.c.https_until < now + (until - now) / 2)
    mine = links.c.network == network
    await tx.execute(update(links).where(mine, late).values(https_until=until))


async def invite(tx: Tx, guard: Guard, made: Invitation, *, now: datetime, expires: datetime) -> None:
    """Keep one open invitation."""
    fields = {
        "secret": made.secret.hex(),
        "operating": made.operating.hex(),
        "sealing": made.sealing.hex(),
    }
    guarded = guard.seal_fields("link_invitations", made.id, fields, watch=True)
    await tx.execute(
        link_invitations.insert().values(id=made.id, guarded=guarded, made_at=now, expires_at=expires)
    )


def _invitation(guard: Guard, row: Row[Any]) -> Invitation:
    opened = guard.open_fields("link_invitations", row.id, row.guarded, watch=True)
    secret, operating, sealing = (
        bytes.fromhex(str(opened[name])) for name in ("secret", "operating", "sealing")
    )
    return Invitation(row.id, secret, operating, sealing)


async def open_invitations(tx: Tx, guard: Guard, now: datetime) -> tuple[Invitation, ...]:
    """Invitations neither used nor expired, locked for this transaction."""
    statement = (
        select(link_invitations)
        .where(link_invitations.c.used_at.is_(None), link_invitations.c.expires_at > now)
        .order_by(link_invitations.c.made_at, link_invitations.c.id)
        .with_for_update()
    )
    return tuple(_invitation(guard, row) for row in await tx.execute(statement))


async def invitation(tx: Tx, guard: Guard, id: str) -> Invitation | None:
    """One invitation, used or not."""
    statement = select(link_invitations).where(link_invitations.c.id == id).with_for_update()
    row = (await tx.execute(statement)).one_or_none()
    return None if row is None else _invitation(guard, row)


async def use_invitation(tx: Tx, invitation: str, now: datetime) -> None:
    """One-time: it opens nothing from now on."""
    await tx.execute(update(link_invitations).where(link_invitations.c.id == invitation).values(used_at=now))


async def forget_invitations_before(tx: Tx, when: datetime) -> None:
    """Delete invitations that expired before `when`."""
    await tx.execute(delete(link_invitations).where(link_invitations.c.expires_at < when))


async def with_pending_cards(tx: Tx) -> tuple[str, ...]:
    """Networks for which a card or a withdrawal waits to be sent."""
    waiting = select(shares.c.network).where(shares.c.state.in_(("dirty", "withdrawing")))
    statement = waiting.distinct().order_by(shares.c.network)
    return tuple((await tx.execute(statement)).scalars())


async def home(tx: Tx) -> tuple[str, str, tuple[str, ...]] | None:
    """(id, name, languages) of the network this hub belongs to, once it is founded."""
    statement = select(networks.c.id, networks.c.name, networks.c.languages).where(networks.c.home)
    row = (await tx.execute(statement)).one_or_none()
    return None if row is None else (row.id, row.name, tuple(row.languages))


async def found_home(tx: Tx, *, network: str, name: str, languages: tuple[str, ...], now: datetime) -> None:
    """The row of the network this hub belongs to."""
    await tx.execute(
        networks.insert().values(
            id=network, name=name, home=True, languages=list(languages), state="active", since=now
        )
    )
