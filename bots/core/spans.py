"""How long and until when, as people type it: "10 s", "2 h", "1 h 30", "90 minutos", "ساعتين", "22:00"."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

from bots.core.folding import fold

LONGEST = timedelta(days=60)

_UNITS: dict[str, int] = {
    word: seconds
    for seconds, names in {
        1: "s sec secs second seconds seg segundo segundos seconde secondes ث ثانيه ثواني ثوان",
        60: "m min mins minute minutes minuto minutos د دقيقه دقايق دقائق",
        3600: "h hr hrs hour hours hora horas heure heures س ساعه ساعات",
        86400: "d day days dia dias j jour jours يوم ايام",
    }.items()
    for word in names.split()
}
_WHOLE: dict[str, int] = {
    "ساعه": 3600,
    "ساعتين": 7200,
    "ساعتان": 7200,
    "دقيقتين": 120,
    "يومين": 172800,
    "an hour": 3600,
    "una hora": 3600,
    "une heure": 3600,
    "a day": 86400,
    "un dia": 86400,
    "un jour": 86400,
    "half an hour": 1800,
    "media hora": 1800,
    "une demi-heure": 1800,
    "نصف ساعه": 1800,
}
_PART = re.compile(r"(\d{1,6})\s*([^\W\d_]+)\.?\s*(?:and|y|et|و)?\s*")
_HOURS_AND_MINUTES = re.compile(r"(\d{1,3})\s*h\s*(\d{1,2})")
_CLOCK = re.compile(r"(\d{1,2})\s*[:h.]\s*(\d{2})")


def duration(text: str) -> timedelta | None:
    """The length of time a person typed, at most 60 days, or None when it is none."""
    folded = fold(text)
    if folded in _WHOLE:
        return timedelta(seconds=_WHOLE[folded])
    if both := _HOURS_AND_MINUTES.fullmatch(folded):
        return timedelta(hours=int(both[1]), minutes=int(both[2]))
    seconds = _sum_of_parts(folded)
    if seconds is None or seconds > LONGEST.total_seconds():
        return None
    return timedelta(seconds=seconds)


def _sum_of_parts(folded: str) -> int | None:
    seconds, at = 0, 0
    while at < len(folded):
        part = _PART.match(folded, at)
        if part is None or part[2] not in _UNITS:
            return None
        seconds += int(part[1]) * _UNITS[part[2]]
        at = part.end()
    return seconds if at else None


def clock_time(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """The next moment the clock of `zone` shows "22:00" or "22h00", in UTC; None when it is no time.

    A time the clocks skip (daylight saving) comes out as the moment just after the gap; of a doubled time the
    first is meant.
    """
    match = _CLOCK.fullmatch(fold(text))
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    here = now.astimezone(zone)
    for days in (0, 1):
        shown = (here + timedelta(days=days)).replace(
            hour=int(match[1]), minute=int(match[2]), second=0, microsecond=0, fold=0
        )
        moment = shown.astimezone(now.tzinfo)
        if moment > now:
            return moment
    return None
