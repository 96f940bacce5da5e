"""Importing public organisations from a table: look first, then keep."""

from __future__ import annotations

import asyncio
import binascii
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from directory import imports
from directory.core.reading.findings import Finding, FindingKind
from directory.core.reading.reader import read
from directory.core.text import say
from directory.imports import ImportReport
from directory.refusals import BadAnswer
from hub.api.asking import Asking, of
from hub.api.schema.acts import act
from hub.api.schema.kinds import named, some

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
    text = graphene.String(required=True, description="What it was read as, or why it was not.")

    @staticmethod
    def resolve_text(finding: Finding, info: GraphQLResolveInfo) -> str:
        """In the viewer's language."""
        return of(info).say(finding.text)


class ImportReportType(graphene.ObjectType):
    """What was written, or would be."""

    class Meta:
        name = "ImportReport"

    added = graphene.Int(required=True, description="New organisations.")
    changed = graphene.Int(required=True, description="Known ones that now say something else.")
    unchanged = graphene.Int(required=True, description="Known ones as before.")
    taken = graphene.Boolean(required=True, description="False when refused lines stopped all of it.")
    findings = some(FindingType, f"What to look at, at most {MOST_FINDINGS}, the gravest first.")

    @staticmethod
    def resolve_findings(report: ImportReport, _info: GraphQLResolveInfo) -> list[Finding]:
        """Refused lines first, understood ones last."""
        order = list(reversed(FindingKind))
        ranked = sorted(report.findings, key=lambda one: (order.index(one.kind), one.line))
        return ranked[:MOST_FINDINGS]


async def _import(
    asking: Asking, data: str, source: str, trial: bool = True, partly: bool = False
) -> Mapping[str, Any]:
    try:
        raw = b64decode(data, validate=True)
    except binascii.Error:
        raise BadAnswer(say("The file did not arrive whole. Please send it again."), field="data") from None
    if not source.strip():
        raise BadAnswer(say("Please say where the table is from."), field="source")
    reading = await asyncio.to_thread(read, raw, asking.vocabulary)
    report = await asking.ask(
        imports.import_organisations, reading, source=source.strip()[:120], dry_run=trial, partly=partly
    )
    return {"report": report}


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
