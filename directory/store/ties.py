"""What the rows say about a viewer and a member: introduced, speaking for it, the one who invited them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, false, or_, select

from directory.core.relations import Relation, Ties
from directory.store.carried import carries
from directory.store.database import Tx
from directory.store.tables import introductions, join_codes, members, spokespersons

MET = ("accepted", "met")


def introduced(viewer: str, owner: ColumnElement[str]) -> ColumnElement[bool]:
    """Did both sides say yes to meeting? For an organisation the one who answered counts, and the asker."""
    asked = (introductions.c.asker == viewer) & (introductions.c.target == owner)
    answered = (introductions.c.asker == owner) & or_(
        introductions.c.target == viewer, introductions.c.answerer == viewer
    )
    return exists().where(introductions.c.state.in_(MET), or_(asked, answered))


def speaks(viewer: str, owner: ColumnElement[str]) -> ColumnElement[bool]:
    """Does the viewer speak for this organisation, or carry the entry of this person without a device?"""
    named = exists().where(spokespersons.c.organisation == owner, spokespersons.c.member == viewer)
    return or_(named, carries(viewer, owner))


def invited(viewer: str, owner: ColumnElement[str]) -> ColumnElement[bool]:
    """Did the viewer give the code this member came in with?"""
    return exists().where(join_codes.c.inviter == viewer, join_codes.c.member == owner)


def tie(relation: Relation, viewer: str | None) -> ColumnElement[bool]:
    """The condition on `members` under which the viewer stands in a relation that only rows can tell."""
    if viewer is None:
        return false()
    if relation is Relation.SELF:
        return members.c.id == viewer
    if relation is Relation.INTRODUCED:
        return introduced(viewer, members.c.id)
    if relation is Relation.SPOKESPERSON:
        return speaks(viewer, members.c.id)
    if relation is Relation.INVITER:
        return invited(viewer, members.c.id)
    return false()


async def ties(tx: Tx, viewer: str | None, owner: str) -> Ties:
    """How a viewer and a member are tied, in one statement."""
    if viewer is None:
        return Ties(owner=owner)
    wanted = select(
        introduced(viewer, members.c.id).label("introduced"),
        speaks(viewer, members.c.id).label("spokesperson"),
        invited(viewer, members.c.id).label("inviter"),
    ).where(members.c.id == owner)
    row = (await tx.execute(wanted)).one_or_none()
    return Ties(owner=owner) if row is None else Ties(owner, row.introduced, row.spokesperson, row.inviter)
