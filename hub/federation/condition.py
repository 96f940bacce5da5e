"""How a link does, for its administrators: heartbeat, lag, clocks, leases, versions, and its lane."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from directory import sharing
from directory.core.text import Text, say
from directory.core.viewer import Role
from directory.refusals import NotYours
from directory.turn import Turn
from hub.federation.bridging import standing
from hub.federation.core.absence import Away
from hub.federation.core.versions import spoken_by_both
from hub.store import envelopes, links
from hub.store.links import LinkRow

LATE = timedelta(minutes=15)
"""A hub speaks every five minutes."""
WRONG_CLOCK = timedelta(seconds=30)


async def condition_of(turn: Turn, network: str) -> tuple[Text, ...]:
    """Line by line. Administrators only."""
    if not turn.viewer.may_act_as(Role.ADMINISTRATOR):
        raise NotYours
    link = await links.of(turn.tx, turn.guard, network)
    if link is None or not link.peer.card:
        return ()
    waiting = await envelopes.unconfirmed(turn.tx, network, but=("receipt", "heartbeat"))
    oldest = min((each.oldest for each in waiting), default=None)
    count, until = await sharing.leases_of(turn, network)
    lines = [*_heard(turn, link), *_clock(link), *_lane(turn, link), *_version(link)]
    if oldest is not None:
        many = sum(each.count for each in waiting)
        lines.append(
            say("{count} messages wait for their answer, the oldest since {since}.", count=many, since=oldest)
        )
    if until is not None:
        lines.append(
            say("{count} cards of theirs are here, confirmed until {until}.", count=count, until=until)
        )
    return tuple(lines)


def _heard(turn: Turn, link: LinkRow) -> Iterator[Text]:
    if link.last_heard_at is None:
        yield say("Their hub was not heard yet.")
    elif standing(link, turn.now) is not Away.HERE or turn.now - link.last_heard_at > LATE:
        yield say("Their hub is silent since {since}.", since=link.last_heard_at)
    else:
        yield say("Their hub was heard at {at}, as it should be.", at=link.last_heard_at)


def _clock(link: LinkRow) -> Iterator[Text]:
    """As their newest heartbeat showed it; how long that was on its way is part of it."""
    if link.clock_ms is None:
        return
    apart = timedelta(milliseconds=link.clock_ms)
    if abs(apart) < WRONG_CLOCK:
        yield say("Their clock and ours agree.")
    else:
        yield say(
            "Their clock and ours are {seconds} seconds apart.", seconds=abs(round(apart.total_seconds()))
        )


def _lane(turn: Turn, link: LinkRow) -> Iterator[Text]:
    if not link.peer.host:
        yield say("Messages go over Matrix only.")
    elif link.https_until is not None and turn.now < link.https_until:
        yield say("Messages go over HTTPS now, because Matrix is slow.")
    else:
        yield say("Messages go over Matrix, and over HTTPS when that is slow.")


def _version(link: LinkRow) -> Iterator[Text]:
    both = spoken_by_both(link.speaks)
    if both is not None:
        yield say("Both hubs speak version {version}.", version=both)
    elif link.speaks:
        yield say("Their hub speaks no version that ours does. Please update.")
