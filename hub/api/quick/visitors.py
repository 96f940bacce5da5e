"""Who has an open session, in memory: kept only while the index follows what changes about them.

A member, role or session that changes is forgotten here when the change is read (hub/index/following.py), and
nobody is known when nothing was read for 200 ms. So an ended session, a freeze or a lost role counts within
that time here, and at once everywhere else.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from directory import search
from directory.core.questions import Asker
from directory.core.viewer import Viewer
from directory.refusals import NotYours
from directory.store import following
from directory.turn import Turn
from hub.api import sessions
from hub.index.following import Follower

MOST = 20_000


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with an open session. `asker`: None when they may not look for allies; `own`: their card."""

    viewer: Viewer
    until: datetime
    asker: Asker | None
    own: int | None


class Visitors:
    """By the code in their cookie, which lies nowhere else."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower
        self._known: dict[str, Visitor] = {}
        self._codes: dict[str, set[str]] = {}
        self._changed: dict[str, float] = {}
        follower.people_changed = self.forget

    def known(self, code: str, now: datetime) -> Visitor | None:
        """Whose session this is, if that is known for sure at this moment."""
        found = self._known.get(code)
        if found is None or found.until <= now or not self._follower.serves(found.viewer):
            return None
        return found

    async def learn(self, turn: Turn, code: str) -> None:
        """Look somebody up, and remember them unless they change meanwhile."""
        began = self._follower.elapsed()
        who = await sessions.known(turn, code)
        member = who.viewer.member if who is not None else None
        if who is None or member is None:
            return
        try:
            asker = await search.asker_of(turn, who.viewer)
        except NotYours:
            asker = None
        own = await following.number_of(turn.tx, member)
        if self._changed.get(member, -1.0) < began:
            self._keep(code, Visitor(who.viewer, who.session.expires_at, asker, own))

    def forget(self, members: Collection[str]) -> None:
        """Something about these members changed."""
        now = self._follower.elapsed()
        if len(self._changed) > MOST:
            self._changed = {member: at for member, at in self._changed.items() if now - at < 60}
        for member in members:
            self._changed[member] = now
            for code in self._codes.pop(member, ()):
                self._known.pop(code, None)

    def _keep(self, code: str, visitor: Visitor) -> None:
        if len(self._known) >= MOST:
            self._known.clear()
            self._codes.clear()
        self._known[code] = visitor
        self._codes.setdefault(visitor.viewer.member or "", set()).add(code)
