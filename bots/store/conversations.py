"""The questions a person was asked and has not answered yet; they survive a restart.

Three kinds lie above each other. On top what is about somebody's safety; below it the person's own talk, of
which there is one at a time; below that what others ask of them, newest first. What came later is put again
when what lies above it is answered (bots/dispatch.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from sqlalchemy import DateTime, Text, bindparam, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from bots.store.tables import conversations
from directory.store.database import Tx
from directory.store.guarded import Guard
from directory.store.recall import UNKNOWN, recalled
from directory.turn import Turn

ON_TOP = frozenset({"alarm", "unclear", "unclear-told", "check-in", "still", "drill"})
REQUESTS = frozenset(
    {"introduction", "circle", "confirm-member", "swap", "community", "consent-again", "card-right"}
)
MOST_OPEN = 20


class Open(msgspec.Struct, frozen=True):
    """One question: its name, what it is about, and when it was asked."""

    question: str
    context: dict[str, str]
    asked_at: datetime

    @property
    def rank(self) -> int:
        """0 lies on top."""
        return 0 if self.question in ON_TOP else 2 if self.question in REQUESTS else 1


class _Stack(msgspec.Struct, frozen=True):
    below: list[Open] = []
    context: dict[str, str] = {}
    answer: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is open with one person, what comes first first. `page` is the last long answer."""

    open: tuple[Open, ...] = ()
    page: Mapping[str, str] = field(default_factory=dict)

    @property
    def top(self) -> Open | None:
        """What a bare number answers."""
        return self.open[0] if self.open else None


async def remember(turn: Turn, member: str, question: str, context: Mapping[str, str]) -> None:
    """`ask`, in the form hub/effects.py wants it."""
    await ask(turn.tx, turn.guard, member, question, context, turn.now)


async def ask(
    tx: Tx, guard: Guard, member: str, question: str, context: Mapping[str, str], now: datetime
) -> None:
    """Open a question. Called for every Tell that carries one, in the transaction that writes its letter."""
    talk = await _locked(tx, guard, member, now)
    await _keep(tx, guard, member, _with(talk, Open(question, dict(context), now)), now)


async def remember_all(turn: Turn, asked: Sequence[tuple[str, str, Mapping[str, str]]]) -> None:
    """`remember` for several (member, question, context) at once, locked in one order."""
    tx, guard, talks = turn.tx, turn.guard, dict[str, Conversation]()
    for row in await tx.execute(_LOCK_ALL, {"who": sorted({one for one, _, _ in asked}), "now": turn.now}):
        talks[row.member] = opened(guard, row.member, row.question, row.asked_at, row.guarded)
    for member, question, context in asked:
        talks[member] = _with(talks[member], Open(question, dict(context), turn.now))
    rows = [{"who": member, **_row(guard, member, talk, turn.now)} for member, talk in talks.items()]
    given = {name: [row[name] for row in rows] for name in ("who", *_KEPT)}
    await tx.execute(_KEEP_ALL, given)


def _with(talk: Conversation, fresh: Open) -> Conversation:
    kept = [one for one in talk.open if not _gives_way(one, fresh)]
    at = next((n for n, one in enumerate(kept) if one.rank >= fresh.rank), len(kept))
    return Conversation((*kept[:at], fresh, *kept[at:])[:MOST_OPEN], talk.page)


async def of(tx: Tx, guard: Guard, member: str, *, lock: bool = False) -> Conversation:
    """What is open with a member. Reading locks nothing: two people who call for each other must not wait
    for each other."""
    known = UNKNOWN if lock else recalled(tx, "conversations", member)
    if known is not UNKNOWN:
        kept: Conversation = known
        return kept
    found = select(conversations).where(conversations.c.member == member)
    row = (await tx.execute(found.with_for_update() if lock else found)).one_or_none()
    return Conversation() if row is None else opened(guard, member, row.question, row.asked_at, row.guarded)


def opened(
    guard: Guard, member: str, question: str, asked_at: datetime, sealed: bytes | None
) -> Conversation:
    """The row of a member as what it means."""
    if sealed is None:
        return Conversation()
    stack = msgspec.json.decode(
        guard.open("conversations", "guarded", member, sealed, watch=True), type=_Stack
    )
    top = (Open(question, stack.context, asked_at),) if question else ()
    return Conversation((*top, *stack.below), stack.answer)


async def done(tx: Tx, guard: Guard, member: str, gone: Open, now: datetime) -> None:
    """Close one question, wherever it lies."""
    talk = await _locked(tx, guard, member, now)
    kept = tuple(one for one in talk.open if one != gone)
    await _keep(tx, guard, member, Conversation(kept, talk.page), now)


async def drop_own(tx: Tx, guard: Guard, member: str, now: datetime) -> None:
    """Leave one's own talk; what is about safety and what others asked stays open."""
    talk = await _locked(tx, guard, member, now)
    await _keep(tx, guard, member, Conversation(tuple(one for one in talk.open if one.rank != 1)), now)


async def keep_page(tx: Tx, guard: Guard, member: str, page: Mapping[str, str], now: datetime) -> None:
    """Remember where a long answer stopped, for `more` and for "the second of them"."""
    talk = await _locked(tx, guard, member, now)
    await _keep(tx, guard, member, Conversation(talk.open, page), now)


def _gives_way(old: Open, fresh: Open) -> bool:
    """One's own talk has one question at a time; of the others the same one is not asked twice."""
    if old.rank == 1:
        return fresh.rank == 1
    return old.question == fresh.question and old.context == fresh.context


async def _locked(tx: Tx, guard: Guard, member: str, now: datetime) -> Conversation:
    """What is open, with a row to lock even for the first question: of two at once none is lost."""
    first = insert(conversations).values(member=member, question="", asked_at=now)
    await tx.execute(first.on_conflict_do_nothing())
    return await of(tx, guard, member, lock=True)


async def _keep(tx: Tx, guard: Guard, member: str, talk: Conversation, now: datetime) -> None:
    values = _row(guard, member, talk, now)
    await tx.execute(
        insert(conversations)
        .values(member=member, **values)
        .on_conflict_do_update(index_elements=[conversations.c.member], set_=values)
    )


def _row(guard: Guard, member: str, talk: Conversation, now: datetime) -> dict[str, object]:
    top = talk.top
    stack = _Stack(below=list(talk.open[1:]), context=top.context if top else {}, answer=dict(talk.page))
    return {
        "question": top.question if top else "",
        "asked_at": top.asked_at if top else now,
        "guarded": guard.seal("conversations", "guarded", member, msgspec.json.encode(stack), watch=True),
    }


_FIRST = insert(conversations).from_select(
    ["member", "question", "asked_at"],
    select(
        func.unnest(bindparam("who", type_=ARRAY(Text))).column_valued("who"),
        literal(""),
        bindparam("now", type_=DateTime(timezone=True)),
    ),
)
_LOCK_ALL = _FIRST.on_conflict_do_update(
    index_elements=["member"], set_={"question": conversations.c.question}
).returning(
    conversations.c.member, conversations.c.question, conversations.c.guarded, conversations.c.asked_at
)
_KEPT = ("question", "asked_at", "guarded")
_NEW = (
    func.unnest(
        bindparam("who", type_=ARRAY(Text)),
        *(bindparam(name, type_=ARRAY(conversations.c[name].type)) for name in _KEPT),
    )
    .table_valued("who", *_KEPT)
    .render_derived("fresh")
)
_KEEP_ALL = (
    conversations.update()
    .where(conversations.c.member == _NEW.c.who)
    .values({name: _NEW.c[name] for name in _KEPT})
)
