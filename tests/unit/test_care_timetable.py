"""When check-ins come again: on the person's own clock, whatever summer time does, never in their rest."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bots.core.timetable import EVERY_DAY, Timetable, coming, moment, next_after, spread
from bots.core.when import again

PARIS = ZoneInfo("Europe/Paris")
ZONES = ("Europe/Paris", "America/Mexico_City", "America/Bogota", "Australia/Lord_Howe", "Africa/Cairo")
MINUTE = st.integers(0, 1439)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_time_that_the_clock_skips_is_due_at_the_jump() -> None:
    assert moment(date(2026, 3, 29), 2 * 60 + 30, PARIS) == at("2026-03-29T01:00")
    assert moment(date(2026, 3, 28), 2 * 60 + 30, PARIS) == at("2026-03-28T01:30")


def test_of_a_time_that_comes_twice_the_first_is_meant_and_it_is_due_once() -> None:
    assert moment(date(2026, 10, 25), 2 * 60 + 30, PARIS) == at("2026-10-25T00:30")
    table = Timetable("Europe/Paris", EVERY_DAY, (150,))
    found = list(islice(coming(table, at("2026-10-24T12:00")), 2))
    assert [one.isoformat() for one in found] == ["2026-10-25T00:30:00+00:00", "2026-10-26T01:30:00+00:00"]


def test_a_jump_of_half_an_hour_is_found_too() -> None:
    zone = ZoneInfo("Australia/Lord_Howe")
    assert moment(date(2026, 10, 4), 2 * 60 + 15, zone).astimezone(zone).strftime("%H:%M") == "02:30"


def test_what_falls_into_hours_of_rest_is_due_when_they_end() -> None:
    table = Timetable("America/Bogota", EVERY_DAY, (7 * 60, 23 * 60), (22 * 60, 6 * 60))
    shown = [
        one.astimezone(ZoneInfo("America/Bogota")).strftime("%d %H:%M")
        for one in islice(coming(table, at("2026-11-24T12:30")), 3)
    ]
    assert shown == ["25 06:00", "25 07:00", "26 06:00"]


def test_every_four_hours_begins_when_rest_ends() -> None:
    assert spread(240, (22 * 60, 6 * 60)) == (360, 600, 840, 1080, 1320)
    assert len(spread(60, None)) == 24


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.sets(st.integers(1, 7), min_size=1),
    st.sets(MINUTE, min_size=1, max_size=4),
    st.none() | st.tuples(MINUTE, MINUTE).filter(lambda rest: rest[0] != rest[1]),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1)),
)
def test_times_only_go_forward_are_never_in_rest_and_none_is_left_out(
    zone: str, days: set[int], minutes: set[int], rest: tuple[int, int] | None, since: datetime
) -> None:
    table = Timetable(zone, tuple(sorted(days)), tuple(sorted(minutes)), rest)
    found = list(islice(coming(table, since.replace(tzinfo=UTC)), 12))
    assert all(earlier < later for earlier, later in pairwise([since.replace(tzinfo=UTC), *found]))
    assert all(later - earlier <= timedelta(days=9) for earlier, later in pairwise(found))
    assert found[1] == next_after(table, found[0]), "the same, however one asks"
    for one in found:
        here = one.astimezone(ZoneInfo(zone))
        minute, usual = here.hour * 60 + here.minute, not _changes(here)
        if rest is not None and usual:
            start, end = rest
            resting = start <= minute < end if start < end else minute >= start or minute < end
            assert not resting
        if usual:
            assert minute in minutes or (rest is not None and minute == rest[1])


def _changes(here: datetime) -> bool:
    """Does a clock change on this day or around it?"""
    around = [here - timedelta(days=1), here + timedelta(days=1)]
    return len({one.astimezone(UTC).astimezone(here.tzinfo).utcoffset() for one in around}) > 1


def test_people_type_it_as_they_would_say_it() -> None:
    read = again("1 3 5 08:00 21:00 rest 22:00-06:00 the farm")
    assert read is not None
    assert (read.days, read.minutes, read.rest) == ((1, 3, 5), (480, 1260), (1320, 360))
    assert read.about == "the farm"
    event = again("14:00-18:00 every 1 h march in town")
    assert event is not None
    assert (event.span, event.every, event.about) == ((840, 1080), 60, "march in town")
    assert again("sometime soon") is None


def test_a_timetable_that_can_never_come_due_is_not_sound() -> None:
    assert not Timetable("UTC", (), (480,)).sound
    assert not Timetable("UTC", EVERY_DAY, (480, 485)).sound
    assert not Timetable("UTC", EVERY_DAY, (480,), (0, 0)).sound
    assert Timetable("UTC", EVERY_DAY, (480,), (1320, 360)).sound
