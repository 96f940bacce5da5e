"""Reach: the newest release of protected tables, the same bytes for every reader until the next one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from directory import reaching
from directory.core.rules import may
from directory.core.text import say
from directory.languages import number
from directory.reaching import ReachRow, ReachTable, Release
from directory.refusals import NotYours
from hub.api.asking import Asking, of, said
from hub.api.schema.acts import act
from hub.api.schema.kinds import some

TOO_FEW = say("too few to show")


class ReachCell(graphene.ObjectType):
    """One number, or the words that it is too small to show."""

    number = graphene.Int(description="People; null when there are too few to show.")
    text = graphene.String(required=True, description="As it is shown.")

    @staticmethod
    def resolve_number(cell: Sequence[int | None], _info: GraphQLResolveInfo) -> int | None:
        """The count."""
        return cell[0]

    @staticmethod
    def resolve_text(cell: Sequence[int | None], info: GraphQLResolveInfo) -> str:
        """In the viewer's language."""
        count = cell[0]
        return of(info).say(TOO_FEW) if count is None else number(count, of(info).turn.viewer.locale)


class ReachRowType(graphene.ObjectType):
    """One line of a table."""

    class Meta:
        name = "ReachRow"

    name = graphene.String(
        required=True, description="A country, an issue or a language.", resolver=said("label")
    )
    cells = some(ReachCell, "One for each column.")
    total = graphene.Field(ReachCell, required=True, description="All people of this line.")

    @staticmethod
    def resolve_cells(row: ReachRow, _info: GraphQLResolveInfo) -> list[tuple[int | None]]:
        """Each in a box: a bare None would be a missing cell."""
        return [(count,) for count in row.cells]

    @staticmethod
    def resolve_total(row: ReachRow, _info: GraphQLResolveInfo) -> tuple[int | None]:
        """Boxed as well."""
        return (row.total,)


class ReachTableType(graphene.ObjectType):
    """People by region, issue or language, and by their tie to the network."""

    class Meta:
        name = "ReachTable"

    about = graphene.String(required=True, description="region, issue or language.")
    title = graphene.String(required=True, description="In words.", resolver=said("title"))
    columns = some(graphene.String, "What each cell of a row counts.")
    rows = some(ReachRowType, "Line by line.")

    @staticmethod
    def resolve_columns(table: ReachTable, info: GraphQLResolveInfo) -> list[str]:
        """In the viewer's language."""
        return [of(info).say(column) for column in table.columns]


class ReachRelease(graphene.ObjectType):
    """A dated release."""

    id = graphene.ID(required=True, description="Opaque.")
    made_at = graphene.DateTime(required=True, description="When it was made, UTC.")
    next_at = graphene.DateTime(required=True, description="When the next one may be made, UTC.")
    sentences = some(graphene.String, "What it says in short.")
    tables = some(ReachTableType, "The tables.")

    @staticmethod
    def resolve_sentences(release: Release, info: GraphQLResolveInfo) -> list[str]:
        """In the viewer's language."""
        return [of(info).say(sentence) for sentence in release.sentences]


async def _release(asking: Asking) -> None:
    if not may("act:reach", asking.turn.viewer):
        raise NotYours
    await asking.office.later(asking.turn, "reach")


class ReachQueries:
    """Root fields."""

    reach = graphene.Field(ReachRelease, description="The newest release; null before the first.")

    @staticmethod
    async def resolve_reach(_root: Any, info: GraphQLResolveInfo) -> Release | None:
        """The newest."""
        return await of(info).ask(reaching.latest)


class ReachMutations:
    """Root fields."""

    make_release = act(
        "MakeRelease", "Count again in the background, when the time for a new release has come.", _release
    )
