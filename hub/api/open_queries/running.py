"""One open query from text to answer: read, counted, validated, reckoned, then run with a budget.

Only tokens with the scope `open` come here (hub/api/endpoint.py). Rules hold as everywhere: every field and
argument asks its line of the table for this viewer.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError, execute_sync, validate

from directory.core.viewer import Viewer
from hub.api.codes import FIXES
from hub.api.contract import Trusted
from hub.api.open_queries import costing, counting, reading
from hub.api.open_queries.bounded import Budget
from hub.api.open_queries.counting import Asked
from hub.api.open_queries.limits import LIMITS, Limits, Refused
from hub.api.run import Answer, Runner

AT_ONCE = 4
"""Open queries that are run at the same time; the next ones wait, within their own time."""
OF_THE_SCHEMA = Limits(bytes=20_000, depth=24, nesting=40, fields=400, fragments=20, spreads=60)
"""For documents that ask for the schema and nothing else: no database is asked, and answers are kept."""
KEPT = 8
_SUGGESTION = re.compile(r"\s*Did you mean .*$", re.DOTALL)
_SCHEMA_FIELDS = frozenset({"__schema", "__type", "__typename"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer, and the points it cost; None when it was refused before that was known."""

    answer: Answer
    cost: int | None = None
    refused: bool = False


@dataclass(slots=True)
class OpenRunner:
    """Runs what nobody trusts."""

    runner: Runner
    limits: Limits = LIMITS
    _turnstile: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _schemas: dict[str, Answer] = field(default_factory=dict)

    async def run(
        self, text: str, variables: Mapping[str, Any], viewer: Viewer, *, introspect: bool = False
    ) -> Outcome:
        """Every refusal is an entry in `errors`; nothing is raised."""
        try:
            if introspect and "__" in text and (about := await self._schema(text, variables)) is not None:
                return Outcome(about, self.limits.cost)
            asked = self._checked(text, variables, introspect=introspect)
            points = costing.cost(asked, self.runner.contract.schema, variables, self.limits)
        except Refused as refused:
            return Outcome(told(refused), refused=True)
        return await self._run(asked, variables, viewer, points)

    def _checked(self, text: str, variables: Mapping[str, Any], *, introspect: bool) -> Asked:
        if not reading.shape(variables, self.limits):
            raise Refused("TOO_NESTED")
        asked = counting.count(reading.read(text, self.limits), self.limits)
        if asked.introspects and not introspect:
            raise Refused("NO_INTROSPECTION")
        self._valid(asked)
        return asked

    def _valid(self, asked: Asked) -> None:
        schema = self.runner.contract.schema
        if errors := validate(schema, asked.document, max_errors=self.limits.errors, hide_suggestions=True):
            raise Refused("NOT_VALID", *(_placed(error) for error in errors))

    async def _run(self, asked: Asked, variables: Mapping[str, Any], viewer: Viewer, points: int) -> Outcome:
        budget = Budget(self.limits)
        document = Trusted("open query", "", asked.document, changes=False)
        try:
            async with asyncio.timeout(self.limits.seconds), self._turnstile:
                answer = await self.runner.perform(document, variables, viewer, budget)
        except TimeoutError:
            return Outcome(told(Refused("TOO_SLOW")), points, refused=True)
        if budget.over is not None:
            return Outcome(told(Refused(budget.over)), points, refused=True)
        return Outcome(answer, points)

    async def _schema(self, text: str, variables: Mapping[str, Any]) -> Answer | None:
        """The answer to a document that asks for the schema only; None for any other. In a thread: it is
        long, and pages must not wait for it."""
        if text in self._schemas:
            return dict(self._schemas[text])
        asked = counting.count(reading.read(text, OF_THE_SCHEMA), OF_THE_SCHEMA)
        if not asked.root_fields() <= _SCHEMA_FIELDS or not reading.shape(variables, self.limits):
            return None
        self._valid(asked)
        answer = await asyncio.to_thread(self._introspected, asked, dict(variables))
        if not variables and len(self._schemas) < KEPT:
            self._schemas[text] = answer
        return dict(answer)

    def _introspected(self, asked: Asked, variables: dict[str, Any]) -> Answer:
        result = execute_sync(self.runner.contract.schema, asked.document, variable_values=variables)
        return {"data": result.data, **({"errors": [_entry("NOT_VALID")]} if result.errors else {})}


def told(refused: Refused) -> Answer:
    """A refusal as an answer: one entry for each thing that was wrong."""
    entries = [_entry(refused.code, each) for each in refused.detail] or [_entry(refused.code)]
    return {"errors": entries}


def _entry(code: str, message: str | None = None) -> dict[str, Any]:
    return {"message": message or FIXES[code], "extensions": {"code": code, "fix": FIXES[code]}}


def _placed(error: GraphQLError) -> str:
    """What is wrong and where. One rule of graphql-core suggests even when told not to."""
    said = _SUGGESTION.sub("", error.message)
    where = error.locations[0] if error.locations else None
    return said if where is None else f"{said} (line {where.line}, column {where.column})"
