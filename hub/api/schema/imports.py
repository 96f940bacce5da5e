"""Importing public organisations from a table: look first, then keep."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any

import graphene
import msgspec
from graphql import GraphQLResolveInfo

from directory import import_runs
from directory.core.reading.findings import FindingKind
from directory.core.reading.headers import FIELDS, LEFT_OUT
from directory.core.rules import may
from directory.core.text import say
from directory.refusals import BadAnswer, NotYours, Refusal
from hub.api.asking import Asking, of
from hub.api.schema.acts import act
from hub.api.schema.kinds import named, some
from hub.importing import ColumnRead, Remark, Report, Wish
from hub.trouble import Trouble

FindingKindType = named(FindingKind, "FindingKind", "What became of a value, a line or the whole file.")
MOST_FINDINGS = 200


class FindingType(graphene.ObjectType):
    """One thing to know about the table, with its place."""

    class Meta:
        name = "Finding"

    line = graphene.Int(required=True, description="Counted from 1; 0 is the whole file.")
    column = graphene.String(description="The header as written.")
    kind = FindingKindType(required=True, description="What became of it.")
    value = graphene.String(description="What stood there, without contact details.")
    text = graphene.String(
        required=True, description="What it was read as, or why it was not, in the viewer's language."
    )


class ImportColumnType(graphene.ObjectType):
    """A column of a table."""

    class Meta:
        name = "ImportColumn"

    header = graphene.String(required=True, description="As it is written.")
    field = graphene.String(description="What it is read as: null not at all, empty as somebody said so.")
    about = graphene.String(description="What of people it seems to hold; then somebody has to answer.")

    @staticmethod
    def resolve_about(column: ColumnRead, _info: GraphQLResolveInfo) -> str | None:
        """Nothing rather than an empty word."""
        return column.about or None


class ImportRunType(graphene.ObjectType):
    """A table that is being read, or was."""

    class Meta:
        name = "ImportRun"

    id = graphene.ID(required=True, description="What to ask by.")
    state = graphene.String(required=True, description="waiting, working, done or failed.")
    progress = graphene.String(required=True, description="How far it is, in the language it was asked in.")
    source = graphene.String(required=True, description="Where the table is from.")
    trial = graphene.Boolean(required=True, description="Nothing is written.")
    people = graphene.Boolean(required=True, description="People are noted as well.")
    report = graphene.Field(lambda: ImportReportType, description="What came of it.")


class ImportReportType(graphene.ObjectType):
    """What was written, or would be."""

    class Meta:
        name = "ImportReport"

    added = graphene.Int(required=True, description="New organisations.")
    changed = graphene.Int(required=True, description="Known ones that now say something else.")
    unchanged = graphene.Int(required=True, description="Known ones as before.")
    noted = graphene.Int(required=True, description="People who wait for their own yes; nobody sees them.")
    taken = graphene.Boolean(
        required=True, description="False when refused lines, or a question about a column, stop all of it."
    )
    kept = graphene.Boolean(required=True, description="False after a trial, and when it was not taken.")
    more = graphene.Int(required=True, description="Findings that were only counted.")
    columns = some(ImportColumnType, "The table's columns, as they were read.")
    findings = some(FindingType, f"What to look at, at most {MOST_FINDINGS}, the gravest first.")

    @staticmethod
    def resolve_findings(report: Report, _info: GraphQLResolveInfo) -> list[Remark]:
        """Refused lines first, understood ones last."""
        order = [str(kind) for kind in reversed(FindingKind)]
        ranked = sorted(report.remarks, key=lambda one: (order.index(one.kind), one.line))
        return ranked[:MOST_FINDINGS]

    @staticmethod
    def resolve_taken(report: Report, _info: GraphQLResolveInfo) -> bool:
        """What was kept, or in a trial would have been."""
        return report.takes


def _wish(
    asking: Asking,
    source: str,
    trial: bool = True,
    partly: bool = False,
    people: bool = False,
    columns: Sequence[Mapping[str, str]] = (),
) -> Wish:
    """Judged here; done in a niced child, since reading a table takes long and pages must not wait."""
    viewer = asking.turn.viewer
    if not may("act:import", viewer):
        raise NotYours
    if not source.strip():
        raise BadAnswer(say("Please say where the table is from."), field="source")
    said = tuple((one["header"], one["field"]) for one in columns)
    if any(field not in (*FIELDS, LEFT_OUT) for _, field in said):
        raise BadAnswer(say("There is no such field."), field="columns")
    named = source.strip()[:120]
    return Wish(
        named,
        trial=trial,
        partial=partly,
        locale=viewer.locale,
        by=viewer.member,
        people=people,
        columns=said,
    )


def _bytes(data: str) -> bytes:
    try:
        return b64decode(data, validate=True)
    except binascii.Error:
        raise BadAnswer(say("The file did not arrive whole. Please send it again."), field="data") from None


async def _import(asking: Asking, data: str, **how: Any) -> Mapping[str, Any]:
    wish, raw = _wish(asking, **how), _bytes(data)
    try:
        return {"report": await asking.office.import_table(raw, wish)}
    except Trouble as ended:
        raise Refusal(ended.text) from ended


async def _start(
    asking: Asking, data: str | None = None, run: str | None = None, **how: Any
) -> Mapping[str, Any]:
    wish = msgspec.to_builtins(_wish(asking, **how))
    if run is None:
        run = await asking.ask(import_runs.begin, _bytes(data or ""), wish)
    else:
        await asking.ask(import_runs.again, run, wish)
    await asking.ask(asking.office.later, "import")
    return {"run": run}


async def _look(_root: None, info: GraphQLResolveInfo, run: str) -> dict[str, Any] | None:
    asking = of(info)
    try:
        found = await asking.ask(import_runs.look, run)
    except NotYours:
        return None
    wish = msgspec.convert(found.wish, type=Wish)
    report = None if found.report is None else msgspec.convert(found.report, type=Report)
    how = {"source": wish.source, "trial": wish.trial, "people": wish.people}
    return {"id": found.id, "state": found.state, "progress": found.progress, "report": report, **how}


class ImportQueries:
    """Root fields."""

    import_run = graphene.Field(
        ImportRunType,
        resolver=_look,
        description="How far a table of the viewer's is; null for any other.",
        run=graphene.Argument(graphene.ID, required=True, description="The id startImport gave."),
    )


class ImportColumnInput(graphene.InputObjectType):
    """What somebody says of a column; kept for this source."""

    header = graphene.String(required=True, description="As it is written.")
    field = graphene.String(required=True, description=f"One of {', '.join(FIELDS)}; empty to leave it out.")


_HOW: Mapping[str, Any] = {
    "source": graphene.String(required=True, description="Where it is from, for everybody to read."),
    "trial": graphene.Boolean(description="Only say what would happen; true unless said otherwise."),
    "partly": graphene.Boolean(description="Keep the good lines although some are refused."),
    "people": graphene.Boolean(description="Note people too; without a column kind, every line is one."),
    "columns": graphene.List(graphene.NonNull(ImportColumnInput), description="What columns are."),
}


class ImportMutations:
    """Root fields."""

    import_organisations = act(
        "ImportOrganisations",
        "Read a table of public organisations. All or nothing unless asked otherwise; twice changes nothing.",
        _import,
        takes={"data": graphene.String(required=True, description="The file's bytes in base64."), **_HOW},
        gives={"report": graphene.Field(ImportReportType, description="What happened.")},
    )
    start_import = act(
        "StartImport",
        "The same in the background: asked for by its id, it says how far it is. The file is sent once.",
        _start,
        takes={
            "data": graphene.String(description="The file's bytes in base64, the first time."),
            "run": graphene.ID(description="The file of an earlier run, instead."),
            **_HOW,
        },
        gives={"run": graphene.ID(description="What to ask importRun by.")},
    )
