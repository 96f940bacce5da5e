"""Run one trusted document on behalf of one viewer, in one turn. Pages, CLI and the door all come here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from graphql import ExecutionResult, GraphQLError, execute

from directory.core.questions import Plan
from directory.core.ranking import Place
from directory.core.text import Text, say
from directory.core.verdicts import Verdict
from directory.core.viewer import NOT_YOURS, Viewer
from directory.languages import render
from directory.refusals import Refusal
from directory.store.guarded import HubSealed
from directory.store.search import Found
from directory.turn import Turn
from hub.api.asking import Asking, Office
from hub.api.codes import fix_of
from hub.api.contract import Contract, Trusted
from hub.api.names import code_of
from hub.api.open_queries.bounded import Bounded, Budget, Tidy
from hub.api.ruled import thing_verdict
from hub.api.turnstile import (
    ACCOUNTS,
    DERIVING,
    KEPT_FOR_KNOWN,
    MOST_ACCOUNTS_WAITING,
    Busy,
    Turnstile,
)

Turns = Callable[[Viewer], AbstractAsyncContextManager[Turn]]
Trouble = Callable[[str, BaseException], None]
Answer = dict[str, Any]
"""`{"data": …, "errors": […]?}` as in the GraphQL specification, section 7."""

MOST_ERRORS = 20
"""Entries of `errors` in one answer; whoever has more to put right begins with these."""
DEADLINE = 10.0
"""Seconds one document may take."""
LONGER: Mapping[str, float] = {"ImportOrganisations": 300.0}
"""Seconds for documents whose work a niced child does, which gives way to everything else."""

UNKNOWN_DOCUMENT = say("This hub does not run that document. Use one of the ids in trusted.json.")
OUT_OF_TIME = say("This took too long and was stopped. Nothing was changed. Please try again.")
BROKEN = say("Something went wrong here. Nothing was changed. Please try again.")
BEING_OPENED = say("This hub is being opened. Alarms are running. Please come back in a while.")


class _Undo(Exception):
    """Carries an answer out of a turn that must not be kept."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


class Finder(Protocol):
    """Finds cards from memory (hub/index), and hears what was written: people read what they wrote."""

    async def find(
        self, turn: Turn, plan: Plan, *, leases_from: datetime, after: Place | None, first: int
    ) -> Found:
        """As directory/turn.py says of Find."""
        ...

    def wrote(self, viewer: Viewer) -> None:
        """Something of this viewer was just committed."""


@dataclass(frozen=True, slots=True)
class Runner:
    """Executes what the contract trusts. `trouble` hears (document, exception) of the unexpected.

    Without a `finder`, and in whatever changes something, PostgreSQL answers searches.
    """

    contract: Contract
    turns: Turns
    office: Office
    trouble: Trouble
    finder: Finder | None = None
    turnstile: Turnstile = field(default_factory=lambda: Turnstile(kept_for_known=KEPT_FOR_KNOWN))
    """Where whoever gives or chooses a word waits, before a turn of the database is begun."""
    accounts: Turnstile = field(default_factory=lambda: Turnstile(most_waiting=MOST_ACCOUNTS_WAITING))
    """The same for accounts, for which a homeserver is asked meanwhile."""

    async def run(self, name_or_id: str, variables: Mapping[str, object], viewer: Viewer) -> Answer:
        """The answer to one trusted document; every failure is an entry in `errors`, never an exception."""
        trusted = self.contract.find(name_or_id)
        if trusted is None:
            return failure("UNKNOWN_DOCUMENT", UNKNOWN_DOCUMENT, viewer)
        if thing_verdict(f"operation:{trusted.name}", viewer) is not Verdict.SHOW:
            return not_yours(viewer)
        stile = {**dict.fromkeys(DERIVING, self.turnstile), ACCOUNTS: self.accounts}.get(trusted.name)
        if stile is None:
            return await self.perform(trusted, variables, viewer)
        try:
            async with stile.through(viewer.member):
                return await self.perform(trusted, variables, viewer)
        except Busy as busy:
            return failure("BUSY", busy.text, viewer)

    async def perform(
        self,
        trusted: Trusted,
        variables: Mapping[str, object],
        viewer: Viewer,
        budget: Budget | None = None,
        root: object = None,
    ) -> Answer:
        """Run a document that somebody else has allowed. With a `budget` every field counts against it."""
        try:
            async with asyncio.timeout(LONGER.get(trusted.name, DEADLINE)), self.turns(viewer) as turn:
                if self.finder is not None and not trusted.changes:
                    turn = replace(turn, find=self.finder.find)
                asking = Asking(turn, self.office, budget=budget or Budget())
                answer, keep = await self._execute(trusted, variables, asking, budget is not None, root)
                if not keep:
                    raise _Undo(answer)
            if self.finder is not None and trusted.changes:
                self.finder.wrote(viewer)
            return answer
        except _Undo as undone:
            return undone.answer
        except TimeoutError:
            return failure("TOO_SLOW", OUT_OF_TIME, viewer)
        except HubSealed:
            return failure("BEING_OPENED", BEING_OPENED, viewer)
        except Exception as unexpected:  # noqa: BLE001 — the last hand before the socket: told, then answered
            self.trouble(trusted.name, unexpected)
            return failure("BROKEN", BROKEN, viewer)

    async def _execute(
        self, trusted: Trusted, variables: Mapping[str, object], asking: Asking, bounded: bool, root: object
    ) -> tuple[Answer, bool]:
        outcome = execute(
            self.contract.schema,
            trusted.document,
            root_value=root,
            context_value=asking,
            variable_values=dict(variables),
            execution_context_class=Bounded if bounded else Tidy,
            hide_suggestions=True,
        )
        result = outcome if isinstance(outcome, ExecutionResult) else await outcome
        if asking.budget.over is not None:
            return {"data": None}, False
        answer: Answer = {"data": result.data}
        if result.errors:
            answer["errors"] = [
                self._told(error, trusted, asking.turn.viewer) for error in result.errors[:MOST_ERRORS]
            ]
        return answer, not asking.refused and not (trusted.changes and result.errors)

    def _told(self, error: GraphQLError, trusted: Trusted, viewer: Viewer) -> dict[str, Any]:
        cause = error.original_error
        if isinstance(cause, Refusal):
            told = entry(code_of(cause), cause.text, viewer)
        elif isinstance(cause, HubSealed):
            told = entry("BEING_OPENED", BEING_OPENED, viewer)
        elif cause is None or (error.path is None and isinstance(cause, GraphQLError)):
            told = {
                "message": error.message,
                "extensions": _known("BAD_INPUT"),
            }  # a variable of a wrong shape
        else:
            self.trouble(trusted.name, cause)
            told = entry("BROKEN", BROKEN, viewer)
        if error.path:
            told["path"] = list(error.path)
        return told


def entry(code: str, text: Text, viewer: Viewer) -> dict[str, Any]:
    """One entry of `errors`, in the viewer's language."""
    return {"message": render(text, viewer.locale), "extensions": _known(code)}


def _known(code: str) -> dict[str, str]:
    fix = fix_of(code)
    return {"code": code} if fix is None else {"code": code, "fix": fix}


def failure(code: str, text: Text, viewer: Viewer) -> Answer:
    """An answer that is nothing but one error."""
    return {"data": None, "errors": [entry(code, text, viewer)]}


def not_yours(viewer: Viewer) -> Answer:
    """What somebody gets who may not ask this, and who asks for what is not there."""
    return failure("NOT_YOURS", NOT_YOURS, viewer)
