"""Importing public organisations from a table: look first, then keep."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from directory.core.reading.findings import FindingKind
from directory.core.rules import may
from directory.core.text import say
from directory.refusals import BadAnswer, NotYours, Refusal
from hub.api.asking import Asking
from hub.api.schema.acts import act
from hub.api.schema.kinds import named, some
from hub.importing import Remark, Report, Wish
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


class ImportReportType(graphene.ObjectType):
    """What was written, or would be."""

    class Meta:
        name = "ImportReport"

    added = graphene.Int(required=True, description="New organisations.")
    changed = graphene.Int(required=True, description="Known ones that now say something else.")
    unchanged = graphene.Int(required=True, description="Known ones as before.")
    taken = graphene.Boolean(required=True, description="False when refused lines stop all of it.")
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


async def _import(
    asking: Asking, data: str, source: str, trial: bool = True, partly: bool = False
) -> Mapping[str, Any]:
    """Judged here; done in a niced child, since reading a table takes long and pages must not wait."""
    if not may("act:import", asking.turn.viewer):
        raise NotYours
    try:
        raw = b64decode(data, validate=True)
    except binascii.Error:
        raise BadAnswer(say("The file did not arrive whole. Please send it again."), field="data") from None
    if not source.strip():
        raise BadAnswer(say("Please say where the table is from."), field="source")
    viewer = asking.turn.viewer
    named = source.strip()[:120]
    wish = Wish(source=named, trial=trial, partial=partly, locale=viewer.locale, by=viewer.member)
    try:
        return {"report": await asking.office.import_table(raw, wish)}
    except Trouble as ended:
        raise Refusal(ended.text) from ended


class ImportMutations:
    """Root fields."""

    import_organisations = act(
        "ImportOrganisations",
        "Read a table of public organisations. All or nothing unless asked otherwise; twice changes nothing.",
        _import,
        takes={
            "data": graphene.String(required=True, description="The file's bytes in base64."),
            "source": graphene.String(required=True, description="Where it is from, for everybody to read."),
            "trial": graphene.Boolean(description="Only say what would happen; true unless said otherwise."),
            "partly": graphene.Boolean(description="Keep the good lines although some are refused."),
        },
        gives={"report": graphene.Field(ImportReportType, description="What happened.")},
    )
