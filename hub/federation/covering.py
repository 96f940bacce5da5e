"""Who answers whose calls for help: the covers of the agreement in force, read for bots and pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bots.promises import Promise
from directory.core.text import Text
from directory.turn import Turn
from hub.federation import life
from hub.federation.core.agreement import Cover, covers
from hub.federation.core.agreement_page import cover_lines
from hub.store import links

NEVER = Promise(ever=False, now=False, second=False)


async def promise_of(turn: Turn, network: str) -> Promise:
    """Their cover for us now. Without an agreement in force nothing is promised."""
    link = await links.of(turn.tx, turn.guard, network)
    agreed = None if link is None or link.state not in life.IN_FORCE else life.agreement_of(link)
    if agreed is None or agreed.is_over(turn.now):
        return NEVER
    here, there = agreed.party(turn.home), agreed.party(network)
    lines = tuple(cover_lines(there, here))
    return Promise(
        ever=bool(there.cover.hours),
        now=covers(there.cover, in_zone(there.cover, turn.now)),
        languages=there.cover.languages,
        help=there.cover.help,
        second=there.second,
        lines=lines,
    )


async def answers_calls_of(turn: Turn, network: str) -> bool:
    """Did we promise to answer calls for help of this network, at any hour?"""
    link = await links.of(turn.tx, turn.guard, network)
    agreed = None if link is None or link.state not in life.IN_FORCE else life.agreement_of(link)
    return agreed is not None and not agreed.is_over(turn.now) and bool(agreed.party(turn.home).cover.hours)


async def lends_second(turn: Turn, network: str) -> bool:
    """Did we agree to be the second person of this network?"""
    link = await links.of(turn.tx, turn.guard, network)
    agreed = None if link is None or link.state not in life.IN_FORCE else life.agreement_of(link)
    return agreed is not None and not agreed.is_over(turn.now) and agreed.party(turn.home).second


@dataclass(frozen=True, slots=True)
class Covers:
    """Both covers of an agreement, sentence by sentence; empty while none is in force."""

    ours: tuple[Text, ...] = ()
    theirs: tuple[Text, ...] = ()
    theirs_now: bool = False


async def covers_of(turn: Turn, network: str) -> Covers:
    """What we promised the other network, and what it promised us."""
    link = await links.of(turn.tx, turn.guard, network)
    agreed = None if link is None or link.state not in life.IN_FORCE else life.agreement_of(link)
    if agreed is None:
        return Covers()
    here, there = agreed.party(turn.home), agreed.party(network)
    now = covers(there.cover, in_zone(there.cover, turn.now)) and not agreed.is_over(turn.now)
    return Covers(tuple(cover_lines(here, there)), tuple(cover_lines(there, here)), now)


def in_zone(cover: Cover, at: datetime) -> datetime:
    """The moment on the clocks of who signed it; a zone nobody here knows any more is read as UTC."""
    try:
        return at.astimezone(ZoneInfo(cover.zone))
    except (ZoneInfoNotFoundError, ValueError):
        return at
