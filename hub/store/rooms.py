"""Rows of rooms and their rosters: who should be where. Reality is compared with them by hub/roster.py."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    any_,
    bindparam,
    delete,
    func,
    literal,
    select,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from bots.store.tables import circles
from directory.store.database import Tx
from directory.store.guarded import Guard
from directory.store.recall import UNKNOWN, keep, recalled
from directory.store.tables import bindings, roles
from hub.store.tables import rooms, roster

CHANNEL = "ayni_rooms"


@dataclass(frozen=True, slots=True)
class Room:
    """One room of ours. `matrix` is None until it exists on the homeserver; it is `wanted` until everybody

    was invited, `open` then, and `left` when we want nothing of it any more.
    """

    id: str
    account: str
    purpose: str
    ref: str | None
    state: str
    matrix: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """One person or bot on a room's roster."""

    user: str
    wanted: bool
    present: bool


async def want(
    tx: Tx,
    guard: Guard,
    *,
    room: str,
    account: str,
    purpose: str,
    ref: str,
    users: Iterable[str],
    now: datetime,
) -> None:
    """Ask for a room; whoever owns `account` makes it and invites `users`."""
    await tx.execute(
        rooms.insert().values(id=room, account=account, purpose=purpose, ref=ref, state="wanted", since=now)
    )
    for user in users:
        await expect(tx, guard, room, user, now)
    await tx.execute(select(func.pg_notify(CHANNEL, account)))


async def known(
    tx: Tx,
    guard: Guard,
    *,
    room: str,
    account: str,
    purpose: str,
    ref: str | None,
    matrix: str,
    now: datetime,
) -> str:
    """Note a Matrix room that already exists; returns our id of it, the old one if it was known."""
    digest = guard.digest("matrix-room", matrix)
    found: str | None = (
        await tx.execute(select(rooms.c.id).where(rooms.c.matrix_digest == digest))
    ).scalar_one_or_none()
    if found is not None:
        await tx.execute(
            update(rooms).where(rooms.c.id == found).values(purpose=purpose, ref=ref, state="open")
        )
        return found
    await tx.execute(
        rooms.insert().values(
            id=room,
            account=account,
            purpose=purpose,
            ref=ref,
            state="open",
            matrix_digest=digest,
            guarded=guard.seal_fields("rooms", room, {"room": matrix}, watch=True),
            since=now,
        )
    )
    return room


async def made(tx: Tx, guard: Guard, room: str, matrix: str) -> None:
    """The homeserver made it. Nobody is invited yet, so letters still wait."""
    await tx.execute(
        update(rooms)
        .where(rooms.c.id == room)
        .values(
            matrix_digest=guard.digest("matrix-room", matrix),
            guarded=guard.seal_fields("rooms", room, {"room": matrix}, watch=True),
        )
    )


async def opened(tx: Tx, room: str) -> None:
    """Everybody was invited: letters that waited for it can go."""
    mine = (rooms.c.id == room) & (rooms.c.state == "wanted")
    await tx.execute(update(rooms).where(mine).values(state="open"))


async def left(tx: Tx, room: str) -> None:
    """We want nothing of it any more, and forget who was to be in it. Whoever owns the account goes out."""
    await _leave(tx, rooms.c.id == room)


async def leave_all(tx: Tx, purpose: str, refs: Iterable[str]) -> None:
    """The same for every room with this purpose for one of these members, networks or introductions."""
    await _leave(tx, (rooms.c.purpose == purpose) & rooms.c.ref.in_(sorted(refs)))


async def leave_unmet(tx: Tx, before: datetime) -> None:
    """The same for rooms made for an introduction before this time, in which the two have not met."""
    await _leave(
        tx, (rooms.c.purpose == "introduction") & (rooms.c.since < before) & (rooms.c.state != "left")
    )


async def leave_those_of(tx: Tx, guard: Guard, user: str) -> None:
    """The same for every room made for others with this person, who was to be in it."""
    theirs = select(roster.c.room).where(roster.c.matrix_digest == guard.digest("matrix-id", user))
    await _leave(tx, (rooms.c.purpose == "introduction") & rooms.c.id.in_(theirs) & (rooms.c.state != "left"))


async def direct_of(tx: Tx, guard: Guard, member: str) -> tuple[str, ...]:
    """Matrix ids of the open rooms in which a bot of ours talks with this member."""
    mine = rooms.c.purpose == "direct", rooms.c.ref == member, rooms.c.state == "open"
    found = await tx.execute(select(rooms).where(*mine, rooms.c.guarded.is_not(None)).order_by(rooms.c.id))
    listed = [_room(row, guard) for row in found.mappings()]
    return tuple(one.matrix for one in listed if one.matrix is not None)


async def _leave(tx: Tx, which: ColumnElement[bool]) -> None:
    found = await tx.execute(
        update(rooms).where(which).values(state="left").returning(rooms.c.id, rooms.c.account)
    )
    gone = found.all()
    await tx.execute(delete(roster).where(roster.c.room.in_(sorted(row.id for row in gone))))
    for account in sorted({row.account for row in gone}):
        await tx.execute(select(func.pg_notify(CHANNEL, account)))


async def to_leave(tx: Tx, guard: Guard, account: str) -> tuple[Room, ...]:
    """Rooms of which we want nothing any more, and in which the account may still be."""
    of_account = rooms.c.account == account, rooms.c.state == "left", rooms.c.guarded.is_not(None)
    found = await tx.execute(select(rooms).where(*of_account))
    return tuple(_room(row, guard) for row in found.mappings())


async def gone(tx: Tx, room: str) -> None:
    """The account is out: which room it was is forgotten; its digest stays, so that nothing from there is
    taken for a new room."""
    await tx.execute(update(rooms).where(rooms.c.id == room, rooms.c.state == "left").values(guarded=None))


async def open_ones(tx: Tx, guard: Guard, account: str) -> tuple[Room, ...]:
    """All rooms of an account that are in use."""
    found = await tx.execute(select(rooms).where(rooms.c.account == account, rooms.c.state == "open"))
    return tuple(_room(row, guard) for row in found.mappings())


_WOKEN = union(
    select(circles.c.contact).where(circles.c.state == "yes"),
    select(roles.c.member).where(roles.c.role.in_(("coordinator", "responder"))),
)


async def of_woken(tx: Tx, guard: Guard, account: str) -> tuple[str, ...]:
    """Matrix rooms of everybody whom an alarm may wake: of somebody's circle, or who answers calls."""
    theirs = rooms.c.account == account, rooms.c.state == "open", rooms.c.purpose == "direct"
    found = await tx.execute(select(rooms).where(*theirs, rooms.c.ref.in_(_WOKEN)).order_by(rooms.c.id))
    known = (_room(row, guard).matrix for row in found.mappings())
    return tuple(matrix for matrix in known if matrix is not None)


async def wanted(tx: Tx, guard: Guard, account: str) -> tuple[Room, ...]:
    """Rooms this account still has to make."""
    statement = select(rooms).where(rooms.c.account == account, rooms.c.state == "wanted")
    return tuple(_room(row, guard) for row in (await tx.execute(statement)).mappings())


async def by_matrix(tx: Tx, guard: Guard, matrix: str) -> Room | None:
    """The room with that Matrix id, if it is one of ours."""
    digest = guard.digest("matrix-room", matrix)
    known = recalled(tx, "rooms", digest)
    if known is not UNKNOWN:
        kept: Room | None = known
        return kept
    statement = select(rooms).where(rooms.c.matrix_digest == digest)
    row = (await tx.execute(statement)).mappings().one_or_none()
    return None if row is None else _room_called(row, matrix)


_AND_BINDING = (
    select(rooms, bindings.c.guarded.label("binding"))
    .outerjoin(bindings, (bindings.c.member == rooms.c.ref) & (rooms.c.purpose == "direct"))
    .where(rooms.c.matrix_digest == bindparam("digest"))
)


async def and_binding(tx: Tx, guard: Guard, matrix: str) -> tuple[Room, bytes | None] | None:
    """`by_matrix`, and the sealed binding of whose direct room it is: asked for each letter."""
    given = {"digest": guard.digest("matrix-room", matrix)}
    row = (await tx.execute(_AND_BINDING, given)).mappings().one_or_none()
    return None if row is None else (_room_called(row, matrix), row["binding"])


async def meet(tx: Tx, guard: Guard, matrix: Iterable[str]) -> None:
    """Read the rooms with these Matrix ids together (see recall.py)."""
    digests = {guard.digest("matrix-room", one): one for one in matrix}
    statement = select(rooms).where(rooms.c.matrix_digest == any_(literal(list(digests), ARRAY(LargeBinary))))
    rows = {row["matrix_digest"]: row for row in (await tx.execute(statement)).mappings()}
    found = {digest: _room_called(row, digests[digest]) for digest, row in rows.items()}
    for digest in digests:
        keep(tx, "rooms", digest, found.get(digest))


async def by_ref(tx: Tx, guard: Guard, purpose: str, ref: str) -> Room | None:
    """The newest room with this purpose for a member, network or introduction."""
    statement = (
        select(rooms)
        .where(rooms.c.purpose == purpose, rooms.c.ref == ref, rooms.c.state != "left")
        .order_by(rooms.c.since.desc())
        .limit(1)
    )
    row = (await tx.execute(statement)).mappings().one_or_none()
    return None if row is None else _room(row, guard)


async def expect(tx: Tx, guard: Guard, room: str, user: str, now: datetime, *, present: bool = False) -> None:
    """Put somebody on the roster."""
    digest = guard.digest("matrix-id", user)
    statement = insert(roster).values(
        room=room,
        matrix_digest=digest,
        guarded=guard.seal_fields("roster", f"{room}|{digest.hex()}", {"user": user}, watch=True),
        wanted=True,
        present=present,
        since=now,
    )
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["room", "matrix_digest"], set_={"wanted": True, "present": present}
        )
    )


async def seen(tx: Tx, guard: Guard, room: str, user: str, *, present: bool) -> bool:
    """Somebody on the roster joined or left; False when they are not on it."""
    done = await tx.execute(
        update(roster)
        .where(roster.c.room == room, roster.c.matrix_digest == guard.digest("matrix-id", user))
        .values(present=present)
    )
    return done.rowcount > 0


async def places(tx: Tx, guard: Guard, room: str) -> tuple[Place, ...]:
    """The whole roster of one room."""
    statement = select(roster).where(roster.c.room == room)
    return tuple(
        Place(
            user=str(
                guard.open_fields("roster", f"{room}|{row.matrix_digest.hex()}", row.guarded, watch=True)[
                    "user"
                ]
            ),
            wanted=row.wanted,
            present=row.present,
        )
        for row in await tx.execute(statement)
    )


def _room(row: object, guard: Guard) -> Room:
    values = dict(row)  # type: ignore[call-overload]
    fields = guard.open_fields("rooms", values["id"], values["guarded"], watch=True)
    matrix = fields.get("room")
    return _room_called(values, None if matrix is None else str(matrix))


def _room_called(values: Any, matrix: str | None) -> Room:
    """`matrix`: what the row holds sealed; whoever found it by its digest knows it already."""
    return Room(
        id=values["id"],
        account=values["account"],
        purpose=values["purpose"],
        ref=values["ref"],
        state=values["state"],
        matrix=matrix,
    )
