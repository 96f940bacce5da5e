"""Check-ins that come again, as they are typed, each with "risky" or "for NAME" before it: "check-in daily
08:00 21:00 rest 22:00-06:00", "every 4 h", "week 1 3 08:00", "event 14:00-18:00 every 1 h, march".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bots import checking, proxies, series
from bots.checking import Planned
from bots.command import Talk
from bots.core.folding import fold_word
from bots.core.timetable import DAY, Timetable, moment, spread
from bots.core.when import DAILY, EVENT, EVERY, FOR, RISK, WEEK, Again, again
from bots.promising import Manner
from bots.zones import zone_of
from directory.core.text import say
from directory.refusals import BadAnswer

HOURLY = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """A line without what came before its time: is it risky, and whose is it (None: the writer's)?"""

    rest: str
    high_risk: bool
    whose: str | None


def asked(text: str) -> Asked:
    """Take "risky" and "for NAME" off the front."""
    risky, whose, tokens = False, None, text.split()
    while tokens:
        first = fold_word(tokens[0])
        if first in RISK:
            risky, tokens = True, tokens[1:]
        elif first in FOR and len(tokens) > 2:
            whose, tokens = tokens[1].strip("@,:"), tokens[2:]
        else:
            break
    return Asked(" ".join(tokens), risky, whose)


async def plan(talk: Talk, said: Asked) -> Planned | None:
    """Plan it when the line is one of these; None when it is not. Raises BadAnswer."""
    first, _, rest = said.rest.partition(" ")
    word = fold_word(first)
    if word not in DAILY | WEEK | EVERY | EVENT:
        return None
    read = again(said.rest if word in EVERY else rest)
    if read is None:
        raise BadAnswer(HOW)
    zone = _zone(talk, read)
    return await (_event if word in EVENT else _weekly)(talk, said, read, zone)


async def _weekly(talk: Talk, said: Asked, read: Again, zone: ZoneInfo) -> Planned:
    minutes = read.minutes or spread(read.every, read.rest)
    table = Timetable(zone.key, read.days, minutes, read.rest)
    manner = Manner(about=read.about, high_risk=said.high_risk)
    row = await series.weekly(talk.desk, talk.turn, await proxies.whose(talk.turn, said.whose), table, manner)
    return await checking.shown(talk.turn, row)


async def _event(talk: Talk, said: Asked, read: Again, zone: ZoneInfo) -> Planned:
    if read.span is None:
        raise BadAnswer(HOW)
    manner = Manner(about=read.about, high_risk=said.high_risk)
    span, every = hours(read.span, talk.turn.now, zone), timedelta(minutes=read.every or HOURLY)
    person = await proxies.whose(talk.turn, said.whose)
    row = await series.event(talk.desk, talk.turn, person, span, every, manner)
    return await checking.shown(talk.turn, row)


def hours(span: tuple[int, int], now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The next time these hours come, or those that run now; UTC."""
    today = now.astimezone(zone).date()
    for day in (today - DAY, today, today + DAY):
        ends = moment(day if span[1] > span[0] else day + DAY, span[1], zone)
        if ends > now:
            return moment(day, span[0], zone), ends
    return now, now.astimezone(UTC)


def _zone(talk: Talk, read: Again) -> ZoneInfo:
    try:
        zone = ZoneInfo(read.zone) if read.zone else zone_of(talk.me.country)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = None
    if zone is None:
        raise BadAnswer(say("Please add your time zone, for example: America/Mexico_City"), field="zone")
    return zone


HOW = say("Write for example: check-in daily 08:00 21:00, or: check-in every 4 h rest 22:00-06:00")
