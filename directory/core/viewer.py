"""On whose behalf anything is asked or done. Every read and every write takes one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from directory.core.text import say

WORD_IS_FRESH_FOR = timedelta(minutes=5)


class Role(StrEnum):
    """What somebody may do in their own network, least privilege first."""

    MEMBER = "member"
    CONNECTOR = "connector"
    RESPONDER = "responder"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
    REVIEWER = "reviewer"


class Lane(StrEnum):
    """How a viewer reached us."""

    CHAT = "chat"
    PAGE = "page"
    TERMINAL = "terminal"
    TOKEN = "token"  # noqa: S105 — the name of a lane, not a secret
    TEXT = "text"
    PEER = "peer"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Viewer:
    """A member, a linked network, the machine's own technician or the clock.

    `member` is None for the technician at the terminal, for a peer and for the clock. `word_at` is when
    the member last gave their word in this conversation or on this page, and `given_as` which of their
    secrets it was, by its place (directory/core/word_places.py). Nothing a person sees may depend on that.
    """

    lane: Lane
    member: str | None = None
    roles: frozenset[Role] = frozenset()
    network: str | None = None
    locale: str = "en"
    word_at: datetime | None = field(default=None, compare=False)
    given_as: int = field(default=0, compare=False, repr=False)

    @property
    def pressed(self) -> bool:
        """Was it the phrase for danger, or what was chosen with it?"""
        return self.given_as > 0

    def may_act_as(self, *roles: Role) -> bool:
        """Does this viewer hold at least one of the roles?"""
        return not self.roles.isdisjoint(roles)

    def gave_word(self, now: datetime) -> bool:
        """Was the member's word given within the last five minutes (DESIGN 6)?"""
        return self.word_at is not None and now - self.word_at <= WORD_IS_FRESH_FOR


NOT_YOURS = say("There is nothing here for you under that name.")
