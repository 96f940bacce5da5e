"""The few people a member's alarm reaches first, and how the member wants an alarm to run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from bots.store.tables import circles, plans
from directory.store.database import Tx
from directory.store.guarded import Guard
from directory.store.tables import members


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody in a circle; `state` is asked until they said yes."""

    member: str
    handle: str
    state: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """How a member's alarm runs. None where the member never said: the hub's usual times hold."""

    cancel_window_s: int | None = None
    circle_wait_s: int | None = None
    networks: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


async def ask(tx: Tx, member: str, contact: str, at: datetime) -> bool:
    """Put a contact into the circle as asked; False when they are in it already."""
    new = (
        insert(circles)
        .values(member=member, contact=contact, state="asked", since=at)
        .on_conflict_do_nothing()
        .returning(circles.c.contact)
    )
    return (await tx.execute(new)).first() is not None


async def say_yes(tx: Tx, member: str, contact: str, at: datetime) -> bool:
    """The contact agreed; False when nobody had asked them."""
    mine = (circles.c.member == member) & (circles.c.contact == contact)
    done = await tx.execute(circles.update().where(mine).values(state="yes", since=at))
    return done.rowcount == 1


async def remove(tx: Tx, member: str, contact: str) -> bool:
    """Take a contact out of a circle, whoever asks for it; False when they were not in it."""
    mine = (circles.c.member == member) & (circles.c.contact == contact)
    return (await tx.execute(circles.delete().where(mine))).rowcount == 1


async def circle_of(tx: Tx, member: str) -> tuple[Contact, ...]:
    """Everyone in the member's circle, asked or agreed, who is still here."""
    rows = await tx.execute(
        select(circles.c.contact, circles.c.state, members.c.handle, members.c.country)
        .join(members, members.c.id == circles.c.contact)
        .where(circles.c.member == member, members.c.state == "active")
        .order_by(circles.c.since, circles.c.contact)
    )
    return tuple(Contact(row.contact, row.handle or "", row.state, row.country) for row in rows)


async def plan_of(tx: Tx, guard: Guard, member: str) -> PlanRow:
    """The member's plan, or the empty one."""
    row = (await tx.execute(select(plans).where(plans.c.member == member))).one_or_none()
    if row is None:
        return PlanRow()
    opened = guard.open_fields("plans", member, row.guarded, watch=True)
    texts = {name: str(value) for name, value in opened.items()}
    return PlanRow(row.cancel_window_s, row.circle_wait_s, tuple(row.networks), texts)


async def keep_plan(tx: Tx, guard: Guard, member: str, plan: PlanRow, usual_window_s: int) -> None:
    """Write the whole plan."""
    values = {
        "cancel_window_s": usual_window_s if plan.cancel_window_s is None else plan.cancel_window_s,
        "circle_wait_s": plan.circle_wait_s,
        "networks": list(plan.networks),
        "guarded": guard.seal_fields("plans", member, plan.fields, watch=True) if plan.fields else None,
    }
    await tx.execute(
        insert(plans)
        .values(member=member, **values)
        .on_conflict_do_update(index_elements=[plans.c.member], set_=values)
    )
