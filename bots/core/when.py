"""How people type check-ins that come again: days, times, hours of rest, a zone, hours of an event. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bots.core.folding import fold_word
from bots.core.spans import duration
from bots.core.timetable import EVERY_DAY

CLOCK = re.compile(r"^(\d{1,2})[:h.](\d{2})$")
HOURS = re.compile(r"^(\d{1,2})(?:[:h.](\d{2}))?\s*[-–]\s*(\d{1,2})(?:[:h.](\d{2}))?$")
ZONE = re.compile(r"^[A-Z][A-Za-z]+/[A-Za-z_]+(?:/[A-Za-z_]+)?$")
DAYS = re.compile(r"^[1-7]+$")
EVERY = frozenset(("every", "cada", "chaque", "toutes", "tous", "كل"))
REST = frozenset(("rest", "sleep", "descanso", "sueno", "repos", "sommeil", "راحه", "نوم"))
DAILY = frozenset(("daily", "diario", "diaria", "quotidien", "يوميا"))
WEEK = frozenset(("week", "weekly", "semana", "semaine", "اسبوع", "اسبوعيا"))
RISK = frozenset(("risky", "danger", "peligro", "peligroso", "riesgo", "risque", "dangereux", "خطر", "خطير"))
FOR = frozenset(("for", "para", "por", "pour", "عن", "لاجل"))
EVENT = frozenset(("event", "evento", "acto", "evenement", "فعاليه", "حدث"))


@dataclass(frozen=True, slots=True)
class Again:
    """What was typed. `minutes` of the day; `every` minutes; `span` of an event; what is left is `about`."""

    days: tuple[int, ...] = EVERY_DAY
    minutes: tuple[int, ...] = ()
    every: int = 0
    rest: tuple[int, int] | None = None
    span: tuple[int, int] | None = None
    zone: str = ""
    about: str = ""


def again(text: str) -> Again | None:
    """Read "1 2 3 08:00 21:00 rest 22:00-06:00", "every 4 h rest 22-6", "14:00-18:00 every 1 h march"; None
    when it holds no time."""
    words = text.replace(",", " ").split()
    found: dict[str, object] = {}
    days: set[int] = set()
    minutes: set[int] = set()
    while words:
        first = fold_word(words[0])
        if first in REST and len(words) > 1 and (hours := span_of(words[1])) is not None:
            found["rest"], words = hours, words[2:]
        elif first in EVERY and (taken := _length(words[1:])) is not None:
            found["every"], words = taken[0], words[1 + taken[1] :]
        elif (hours := span_of(words[0])) is not None:
            found["span"], words = hours, words[1:]
        elif (minute := minute_of(words[0])) is not None:
            minutes.add(minute)
            words = words[1:]
        elif DAYS.match(first):
            days |= {int(day) for day in first}
            words = words[1:]
        elif ZONE.match(words[0]):
            found["zone"], words = words[0], words[1:]
        else:
            break
    if not minutes and not found.keys() & {"every", "span"}:
        return None
    if days:
        found["days"] = tuple(sorted(days))
    return Again(minutes=tuple(sorted(minutes)), about=" ".join(words), **found)  # type: ignore[arg-type]


def span_of(text: str) -> tuple[int, int] | None:
    """ "22:00-06:00" or "22-6" as minutes of the day."""
    hours = HOURS.match(fold_word(text))
    if hours is None:
        return None
    start, end = (int(hours[n]) * 60 + int(hours[n + 1] or 0) for n in (1, 3))
    return (start, end) if max(start, end) < 1440 else None


def minute_of(text: str) -> int | None:
    """ "08:00" as a minute of the day."""
    clock = CLOCK.match(fold_word(text))
    minute = int(clock[1]) * 60 + int(clock[2]) if clock is not None else 1440
    return minute if minute < 1440 else None


def _length(words: list[str]) -> tuple[int, int] | None:
    """A length at the start, in minutes, and how many words it takes."""
    for size in (2, 1):
        length = duration(" ".join(words[:size])) if len(words) >= size else None
        if length is not None:
            return int(length.total_seconds()) // 60, size
    return None
