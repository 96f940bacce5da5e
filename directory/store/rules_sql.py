"""The second reader of the rule table: the same verdict as core/rules.py, written as a condition in SQL.

A test asks both about random members, audiences and viewers, and they have to agree on every pair.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true

from directory.core.audiences import DEFAULTS, NOBODY, REACHES, Audience
from directory.core.relations import Relation, relations
from directory.core.rules import rule_for
from directory.core.viewer import Viewer
from directory.store.tables import audiences, members
from directory.store.ties import tie

TOLD_BY_ROWS = (Relation.SELF, Relation.SPOKESPERSON, Relation.INTRODUCED, Relation.INVITER)


def shown(thing: str, viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `members` under which the rule of `thing` says SHOW to this viewer."""
    rule = rule_for(thing)
    always = _stands_in(rule.to, viewer)
    return always if rule.audience is None else or_(always, _admitted(rule.audience, viewer))


def _stands_in(wanted: frozenset[Relation], viewer: Viewer) -> ColumnElement[bool]:
    if not wanted.isdisjoint(relations(viewer)):
        return true()
    return or_(false(), *(tie(relation, viewer.member) for relation in TOLD_BY_ROWS if relation in wanted))


def _admitted(field: str, viewer: Viewer) -> ColumnElement[bool]:
    mine = (audiences.c.member == members.c.id) & (audiences.c.field == field)
    default = DEFAULTS.get(field, NOBODY).audience.value
    word = func.coalesce(select(audiences.c.audience).where(mine).scalar_subquery(), default)
    by_word = [and_(word == audience.value, _reached(audience, field, viewer)) for audience in Audience]
    return or_(tie(Relation.SELF, viewer.member), *by_word)


def _reached(audience: Audience, field: str, viewer: Viewer) -> ColumnElement[bool]:
    reached = _stands_in(REACHES[audience], viewer)
    if audience is not Audience.NAMED:
        return reached
    names_some = exists().where(
        audiences.c.member == members.c.id,
        audiences.c.field == field,
        func.cardinality(audiences.c.networks) > 0,
    )
    return and_(reached, names_some)
