"""Is our clock right? Judged against clocks that somebody else sets: the homeserver's and linked hubs'.

An embedded homeserver reads the same clock as we do, so alone it proves nothing; linked hubs do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from hub.trouble import Trouble

MOST = timedelta(seconds=60)


class ClockOff(Trouble):
    """The clock of this computer shows {ours}, but {whose} says {theirs} (both UTC). Set it right, for
    example with: timedatectl set-ntp true. Check-ins and alarms are timed by it."""

    needs_person = True


class PeersDisagree(Trouble):
    """The clock of this computer is about {minutes} minutes {way} those of {count} linked hubs. Set it
    right, for example with: timedatectl set-ntp true. Check-ins and alarms are timed by it."""

    needs_person = True


def clock_trouble(
    ours: datetime, theirs: Mapping[str, datetime], *, most: timedelta = MOST
) -> ClockOff | None:
    """The first of `theirs` (whose clock: what it says) that differs from ours by more than `most`.

    For a start too: `ayni up` asks the homeserver once it answers (hub/doctor/homeserver.py: ask).
    """
    for whose, says in theirs.items():
        if abs(says - ours) > most:
            return ClockOff(ours=_plain(ours), whose=whose, theirs=_plain(says))
    return None


def peers_trouble(
    delays: Mapping[str, Sequence[timedelta]], *, most: timedelta = MOST
) -> PeersDisagree | None:
    """Judge by how long envelopes of each linked hub seem to have travelled (received minus signed).

    The shortest delay of a hub is nearest the truth: letters may be late, never early. One hub against us
    may be wrong itself; half of them, and at least two or the only one, are believed.
    """
    shortest = [min(several) for several in delays.values() if several]
    for way, sign in (("ahead of", 1), ("behind", -1)):
        off = sorted(sign * delay for delay in shortest if sign * delay > most)
        if off and 2 * len(off) >= len(shortest) and len(off) >= min(2, len(shortest)):
            return PeersDisagree(minutes=round(off[0].total_seconds() / 60), way=way, count=len(off))
    return None


def _plain(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")
