"""Rows of alarms (and of unclear calls), who was told of them, and what happened when."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import DateTime, Row, Select, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from bots.store.tables import actions, timeline, told
from directory.store.database import Tx
from directory.store.guarded import Guard

ALARM, SILENT = "alarm", "silent"
CALLS = (ALARM, SILENT)
"""Kinds that call for help. A silent one is never shown to the person it is about."""


@dataclass(frozen=True, slots=True)
class Action:
    """One alarm. `member` is None when it is about somebody of the linked network `network`.

    `fields` are opened: text, place, handle, taken_by, kind_of_help, country, language, sent_at, source.
    """

    id: str
    kind: str
    member: str | None
    network: str
    peer_ref: str | None
    state: str
    severity: str
    rung: int
    asked_again: int
    raised_at: datetime
    cancel_until: datetime | None
    next_at: datetime | None
    fields: Mapping[str, str]

    @property
    def silent(self) -> bool:
        """Was it called with the phrase for danger, here or at a linked network?"""
        return self.kind == SILENT or self.fields.get("silent") == "yes"

    @property
    def listener(self) -> str | None:
        """The person it is about, when they are ours and may hear of it."""
        return None if self.silent else self.member


@dataclass(frozen=True, slots=True)
class Told:
    """That a member was told, on which rung, and what they answered (yes | no | None)."""

    member: str
    rung: str
    told_at: datetime
    answer: str | None


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a timeline."""

    step: str
    rung: str | None
    at: datetime
    note: Mapping[str, str]


async def add(tx: Tx, guard: Guard, action: str, fields: Mapping[str, str], **columns: object) -> None:
    """Write a new action; `fields` are sealed under the Watch ring."""
    sealed = guard.seal_fields("actions", action, fields, watch=True)
    await tx.execute(actions.insert().values(id=action, guarded=sealed, **columns))


async def change(
    tx: Tx, guard: Guard, action: Action, fields: Mapping[str, str] | None = None, /, **columns: object
) -> None:
    """Change columns, and lay `fields` over the sealed ones."""
    values = dict(columns)
    if fields:
        values["guarded"] = guard.seal_fields("actions", action.id, {**action.fields, **fields}, watch=True)
    if values:
        await tx.execute(actions.update().where(actions.c.id == action.id).values(**values))


async def get(tx: Tx, guard: Guard, action: str) -> Action | None:
    """The action, locked until the end of the turn."""
    return await _one(tx, guard, select(actions).where(actions.c.id == action).with_for_update())


async def read(tx: Tx, guard: Guard, action: str) -> Action | None:
    """The action as it is, without waiting for anybody: for showing, never for deciding."""
    return await _one(tx, guard, select(actions).where(actions.c.id == action))


async def newest_of(
    tx: Tx,
    guard: Guard,
    member: str,
    states: frozenset[str],
    kind: str = "alarm",
    *,
    lock: bool = True,
) -> Action | None:
    """The member's newest action in one of these states; locked, unless it is only shown."""
    found = (
        select(actions)
        .where(actions.c.member == member, actions.c.kind == kind, actions.c.state.in_(states))
        .order_by(actions.c.raised_at.desc())
        .limit(1)
    )
    return await _one(tx, guard, found.with_for_update() if lock else found)


async def of_network(tx: Tx, guard: Guard, network: str, ref: str) -> Action | None:
    """What a linked network calls `ref`, locked."""
    found = select(actions).where(actions.c.network == network, actions.c.peer_ref == ref).with_for_update()
    return await _one(tx, guard, found)


async def in_states(
    tx: Tx,
    guard: Guard,
    states: frozenset[str],
    limit: int = 50,
    *,
    kinds: Collection[str] = CALLS,
    member: str | None = None,
) -> tuple[Action, ...]:
    """Alarms in these states, newest first; of one member, or of everybody."""
    found = select(actions).where(actions.c.kind.in_(kinds), actions.c.state.in_(states))
    found = found if member is None else found.where(actions.c.member == member)
    found = found.order_by(actions.c.raised_at.desc()).limit(limit)
    return tuple(_action(guard, row) for row in await tx.execute(found))


async def write(
    tx: Tx,
    guard: Guard,
    action: str,
    step: str,
    at: datetime,
    *,
    rung: str | None = None,
    note: Mapping[str, str] | None = None,
) -> None:
    """One line of the timeline; `note` is sealed under the Watch ring."""
    sealed = guard.seal_fields("timeline", action, note, watch=True) if note else None
    await tx.execute(timeline.insert().values(action=action, step=step, rung=rung, guarded=sealed, at=at))


async def story(tx: Tx, guard: Guard, action: str) -> tuple[Moment, ...]:
    """The timeline, oldest first."""
    rows = await tx.execute(select(timeline).where(timeline.c.action == action).order_by(timeline.c.id))
    return tuple(
        Moment(
            row.step, row.rung, row.at, _texts(guard.open_fields("timeline", action, row.guarded, watch=True))
        )
        for row in rows
    )


async def stories(tx: Tx, guard: Guard, wanted: Collection[str]) -> dict[str, tuple[Moment, ...]]:
    """The timelines of several at once; of each the oldest line first."""
    mine = timeline.c.action.in_(set(wanted))
    found: dict[str, list[Moment]] = {action: [] for action in wanted}
    for row in await tx.execute(select(timeline).where(mine).order_by(timeline.c.id)):
        fields = guard.open_fields("timeline", row.action, row.guarded, watch=True)
        found[row.action].append(Moment(row.step, row.rung, row.at, _texts(fields)))
    return {action: tuple(lines) for action, lines in found.items()}


_WHO = func.unnest(bindparam("who", type_=ARRAY(Text))).column_valued("who")
_TELL = (
    insert(told)
    .from_select(
        ["action", "member", "rung", "told_at"],
        select(
            bindparam("action", type_=Text),
            _WHO,
            bindparam("rung", type_=Text),
            bindparam("at", type_=DateTime(timezone=True)),
        ).order_by(_WHO),
    )
    .on_conflict_do_nothing()
)


async def tell(tx: Tx, action: str, members: tuple[str, ...], rung: str, at: datetime) -> None:
    """Note that these members are told now. Who was told before stays on their first rung."""
    columns = {"action": action, "rung": rung, "at": at, "who": list(dict.fromkeys(members))}
    if members:
        await tx.execute(_TELL, columns)


async def told_of(tx: Tx, action: str) -> tuple[Told, ...]:
    """Everyone who was told, in the order they were."""
    rows = await tx.execute(
        select(told).where(told.c.action == action).order_by(told.c.told_at, told.c.member)
    )
    return tuple(Told(row.member, row.rung, row.told_at, row.answer) for row in rows)


async def answered(tx: Tx, action: str, member: str, answer: str | None, at: datetime) -> None:
    """Keep what a member answered; None takes an answer back."""
    mine = (told.c.action == action) & (told.c.member == member)
    await tx.execute(
        told.update().where(mine).values(answer=answer, answered_at=at if answer is not None else None)
    )


async def waiting_for(tx: Tx, guard: Guard, member: str, states: frozenset[str]) -> tuple[Action, ...]:
    """Open alarms that this member was told of and has not answered with a no, newest first."""
    found = (
        select(actions)
        .join(told, told.c.action == actions.c.id)
        .where(told.c.member == member, actions.c.kind.in_(CALLS), actions.c.state.in_(states))
        .where(told.c.answer.is_distinct_from("no"))
        .order_by(actions.c.raised_at.desc())
    )
    return tuple(_action(guard, row) for row in await tx.execute(found))


async def _one(tx: Tx, guard: Guard, found: Select[tuple[object, ...]]) -> Action | None:
    row = (await tx.execute(found)).one_or_none()
    return _action(guard, row) if row is not None else None


def _action(guard: Guard, row: Row[tuple[object, ...]]) -> Action:
    return Action(
        id=row.id,
        kind=row.kind,
        member=row.member,
        network=row.network,
        peer_ref=row.peer_ref,
        state=row.state,
        severity=row.severity,
        rung=row.rung,
        asked_again=row.asked_again,
        raised_at=row.raised_at,
        cancel_until=row.cancel_until,
        next_at=row.next_at,
        fields=_texts(guard.open_fields("actions", row.id, row.guarded, watch=True)),
    )


def _texts(fields: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in fields.items()}
