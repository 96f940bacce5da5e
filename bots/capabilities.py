"""What our bots can do, as four parts; one account does all of it unless the network gives a part its own.

Each part is an entry of the directory, with its purpose and its commands; the envoy is a fifth, which talks
with nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from directory.core.text import Text, say


@dataclass(frozen=True, slots=True)
class Capability:
    """One part: its key, its name in the directory, what it is for, and the commands it answers."""

    key: str
    name: str
    purpose: Text
    commands: frozenset[str] = frozenset()


def _words(names: str) -> frozenset[str]:
    return frozenset(names.split(","))


STEWARD = Capability(
    "steward",
    "Steward",
    say("Helps you join, find allies, meet them, and decide who sees you."),
    _words(
        "join,find,more,meet,introductions,card,see-as,networks,yes,no,word,sign-ins,page,pictures,bots,"
        "phrase,copy,leave,outside,clear,language,voice,help,stop,status"
    ),
)
SENTINEL = Capability(
    "sentinel",
    "Sentinel",
    say("Passes on calls for help and missed check-ins until somebody has them."),
    _words(
        "alarm,here,cancel,safe,check-in,ok,journey,later,call-off,answer-for,silence,circle,plan,lost,vouch,"
        "freeze,keep,lift,texts,wish,seen,begin,steps,halt,all-clear"
    ),
)
ORGANIZER = Capability(
    "organizer",
    "Organizer",
    say("Keeps the people who answer together: who is on duty, who has it."),
    _words("have,pass on,done,debrief,alarms,duty,drill,wake,figures,waiting,confirm,invite,back"),
)
AUDITOR = Capability(
    "auditor",
    "Auditor",
    say("Shows coordinators whom the network reaches, and whom it does not."),
    _words("audit,give-role,take-role,off-board,second,custodian"),
)
ENVOY = Capability(
    "envoy",
    "Envoy",
    say("Carries sealed messages between linked networks. It talks with no person."),
)

TALKING = (STEWARD, SENTINEL, ORGANIZER, AUDITOR)
EVERYWHERE = _words("help,stop,status,language,voice,clear,alarm,here,cancel,safe,ok,lost")
"""What every account answers, whatever it is for: nobody looks for the right address in need."""

_OF: Mapping[str, Capability] = {name: one for one in TALKING for name in one.commands}
BY_NAME: Mapping[str, Capability] = {one.name: one for one in (*TALKING, ENVOY)}


def part_of(command: str) -> Capability:
    """The part a command belongs to; whatever belongs to none is the steward's."""
    return _OF.get(command, STEWARD)
