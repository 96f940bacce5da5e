"""The questions a person was asked and has not answered yet, newest on top; they survive a restart.

Only one is open at a time. A call for help, or a doubt whether there is one, is laid on top of what was
being talked about; once answered, the talk goes on below. Any other new question takes the place of the last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from bots.store.tables import conversations
from directory.store.database import Tx
from directory.store.guarded import Guard
from directory.turn import Turn

ON_TOP = frozenset({"alarm", "unclear", "check-in"})
MOST_OPEN = 12


class Open(msgspec.Struct, frozen=True):
    """One question: its name, what it is about, and when it was asked."""

    question: str
    context: dict[str, str]
    asked_at: datetime


class _Stack(msgspec.Struct, frozen=True):
    below: list[Open] = []
    context: dict[str, str] = {}
    answer: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is open with one person. `top` is what a bare number answers; `page` is the last long answer."""

    top: Open | None = None
    below: tuple[Open, ...] = ()
    page: Mapping[str, str] = field(default_factory=dict)


async def ask(
    tx: Tx, guard: Guard, member: str, question: str, context: Mapping[str, str], now: datetime
) -> None:
    """Open a question. Called for every Tell that carries one, in the transaction that writes its letter."""
    talk = await of(tx, guard, member)
    waiting = [talk.top, *talk.below] if talk.top else []
    fresh = Open(question, dict(context), now)
    kept = [one for one in waiting if one is not None and not _same(one, fresh)]
    if question not in ON_TOP:
        urgent = [one for one in kept if one.question in ON_TOP]
        kept = [*urgent, fresh]
    else:
        kept = [fresh, *kept]
    await _keep(tx, guard, member, Conversation(kept[0], tuple(kept[1:MOST_OPEN]), talk.page), now)


async def remember(turn: Turn, member: str, question: str, context: Mapping[str, str]) -> None:
    """`ask`, in the form hub/effects.py wants it."""
    await ask(turn.tx, turn.guard, member, question, context, turn.now)


async def of(tx: Tx, guard: Guard, member: str) -> Conversation:
    """What is open with a member."""
    row = (
        await tx.execute(select(conversations).where(conversations.c.member == member).with_for_update())
    ).one_or_none()
    if row is None:
        return Conversation()
    sealed = guard.open("conversations", "guarded", member, row.guarded, watch=True)
    stack = msgspec.json.decode(sealed, type=_Stack)
    top = Open(row.question, stack.context, row.asked_at) if row.question else None
    return Conversation(top, tuple(stack.below), stack.answer)


async def done(
    tx: Tx, guard: Guard, member: str, question: str, context: Mapping[str, str], now: datetime
) -> None:
    """Close one question, wherever it lies, and let the one below come up."""
    talk = await of(tx, guard, member)
    gone = Open(question, dict(context), now)
    kept = [one for one in (talk.top, *talk.below) if one is not None and not _same(one, gone)]
    await _keep(tx, guard, member, Conversation(kept[0] if kept else None, tuple(kept[1:]), talk.page), now)


async def drop_all(tx: Tx, guard: Guard, member: str, now: datetime) -> None:
    """Leave every conversation except what is about somebody's safety."""
    talk = await of(tx, guard, member)
    kept = [one for one in (talk.top, *talk.below) if one is not None and one.question in ON_TOP]
    await _keep(tx, guard, member, Conversation(kept[0] if kept else None, tuple(kept[1:])), now)


async def keep_page(tx: Tx, guard: Guard, member: str, page: Mapping[str, str], now: datetime) -> None:
    """Remember where a long answer stopped, for `more` and for "the second of them"."""
    talk = await of(tx, guard, member)
    await _keep(tx, guard, member, Conversation(talk.top, talk.below, page), now)


def _same(one: Open, other: Open) -> bool:
    return one.question == other.question and (one.question not in ON_TOP or one.context == other.context)


async def _keep(tx: Tx, guard: Guard, member: str, talk: Conversation, now: datetime) -> None:
    stack = _Stack(
        below=list(talk.below), context=talk.top.context if talk.top else {}, answer=dict(talk.page)
    )
    values = {
        "question": talk.top.question if talk.top else "",
        "asked_at": talk.top.asked_at if talk.top else now,
        "guarded": guard.seal("conversations", "guarded", member, msgspec.json.encode(stack), watch=True),
    }
    await tx.execute(
        insert(conversations)
        .values(member=member, **values)
        .on_conflict_do_update(index_elements=[conversations.c.member], set_=values)
    )
