"""Where a request for a hand-written read is answered: a session that is known, a document that is quick."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from aiohttp import web

from directory import budgets, decoys, search
from directory.core.questions import Question
from directory.core.ranking import Place
from directory.core.verdicts import Verdict
from directory.core.viewer import Viewer
from directory.store.database import DATABASE_GONE
from directory.store.guarded import Guard
from hub import log
from hub.api.contract import Contract
from hub.api.identity import STRANGER, Cookies, bearer
from hub.api.quick.allies import Allies
from hub.api.quick.visitors import Visitor, Visitors
from hub.api.ruled import document_things, thing_verdict
from hub.api.run import Turns
from hub.index.following import Follower

FIND_ALLIES = "FindAllies"


class Quick:
    """The hand-written reads of one door."""

    def __init__(
        self,
        contract: Contract,
        turns: Turns,
        follower: Follower,
        guard: Guard,
        purse: budgets.Purse,
        clock: Callable[[], datetime],
    ) -> None:
        self._turns = turns
        self._follower = follower
        self._guard = guard
        self._purse = purse
        self._clock = clock
        self.visitors = Visitors(follower)
        self._allies = Allies(lambda: follower.catalogue, self._spend, self._seal, self._sighted)
        self.telling: set[asyncio.Task[None]] = set()
        document = contract.by_name[FIND_ALLIES]
        self._id = document.id
        self._things = document_things(contract.schema, document.document)
        self._may: dict[tuple[object, ...], bool] = {}

    def knows(self, request: web.Request, cookies: Cookies) -> bool:
        """Has whoever asks an open session, as far as is known here?"""
        code = request.cookies.get(cookies.session)
        return code is not None and bearer(request) is None and self._known(code) is not None

    async def visitor(self, request: web.Request, cookies: Cookies, document: str) -> Visitor | None:
        """Whoever may be answered by hand, for a document that can be."""
        code = request.cookies.get(cookies.session)
        if document != self._id or code is None or bearer(request) is not None:
            return None
        found = self._known(code)
        if found is None:
            async with self._turns(STRANGER) as turn:
                await self.visitors.learn(turn, code)
            found = self._known(code)
        return found if found is not None and self._allowed(found.viewer) else None

    def answer(self, visitor: Visitor, variables: Mapping[str, object]) -> bytes | None:
        """The data of the answer; None when graphql-core shall answer."""
        if self._purse.may_be_spent(visitor.viewer.member or ""):
            return None
        return self._allies.answer(visitor, variables, self._clock())

    def _known(self, code: str) -> Visitor | None:
        return self.visitors.known(code, self._clock())

    def _allowed(self, viewer: Viewer) -> bool:
        """Does the one rule table show this viewer the document, and every field and argument of it?"""
        key = (viewer.lane, viewer.roles)
        if key not in self._may:
            self._may[key] = all(thing_verdict(thing, viewer) is Verdict.SHOW for thing in self._things)
        return self._may[key]

    def _spend(self, visitor: Visitor, people: int, now: datetime) -> bool:
        return self._purse.take(visitor.viewer.member or "", people, now)

    def _sighted(self, visitor: Visitor, cards: Collection[str]) -> None:
        """Written down beside the answer: whoever waited for it would know which cards stand for nobody."""
        task = asyncio.get_running_loop().create_task(self._tell(visitor.viewer, cards))
        self.telling.add(task)
        task.add_done_callback(self.telling.discard)

    async def _tell(self, viewer: Viewer, cards: Collection[str]) -> None:
        try:
            async with self._turns(viewer) as turn:
                await decoys.shown(turn, cards)
        except DATABASE_GONE as gone:
            log.trouble("what was shown was not written down", error=type(gone).__name__)

    def _seal(self, visitor: Visitor, question: Question, place: Place) -> str:
        return search.cursor(self._guard, visitor.viewer, question, place)
