"""The life of a link between two networks, as one table.

PROPOSED → VERIFIED (both administrators compared the safety words) → ACTIVE (both signed the same agreement)
⇄ SUSPENDED → SEVERED. Each side reports what it did; a step is taken when both did it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias


class Stage(StrEnum):
    """Where a link stands."""

    PROPOSED = "proposed"
    VERIFIED = "verified"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    SEVERED = "severed"


class Side(StrEnum):
    """Who did it: our network or the other."""

    HERE = "here"
    THERE = "there"


BOTH = frozenset(Side)


@dataclass(frozen=True, slots=True)
class Compared:
    """An administrator compared the safety words; `about` names the keys the words stood for."""

    side: Side
    about: bytes


@dataclass(frozen=True, slots=True)
class SignedAgreement:
    """A side signed the agreement with this hash. `amends` is the one it follows, None for the first.

    A signature stays given: a side may sign another one before it hears what the other side signed.
    """

    side: Side
    agreement: bytes
    amends: bytes | None = None


@dataclass(frozen=True, slots=True)
class Suspended:
    """A side stops what the agreement allows; one side is enough, at once."""

    side: Side


@dataclass(frozen=True, slots=True)
class Resumed:
    """A side takes back its own suspension, not the other's."""

    side: Side


@dataclass(frozen=True, slots=True)
class Ended:
    """The agreement came to its end without a new one: sharing stops, the words stay compared."""


@dataclass(frozen=True, slots=True)
class Severed:
    """A side ends the link for good."""

    side: Side


Event: TypeAlias = Compared | SignedAgreement | Suspended | Resumed | Ended | Severed


class Milestone(StrEnum):
    """What the two sides' events add up to."""

    HALF_COMPARED = "one side compared the words"
    WORDS_COMPARED = "both compared the same words"
    HALF_AGREED = "one side signed"
    AGREED = "both signed the same agreement"
    SUSPENDED = "at least one side suspends"
    RESUMED = "nobody suspends any more"
    ENDED = "the agreement ended"
    SEVERED = "one side severed"


MOVES: Mapping[tuple[Stage, Milestone], Stage] = {
    (Stage.PROPOSED, Milestone.HALF_COMPARED): Stage.PROPOSED,
    (Stage.PROPOSED, Milestone.WORDS_COMPARED): Stage.VERIFIED,
    (Stage.PROPOSED, Milestone.SEVERED): Stage.SEVERED,
    (Stage.VERIFIED, Milestone.HALF_COMPARED): Stage.VERIFIED,
    (Stage.VERIFIED, Milestone.WORDS_COMPARED): Stage.VERIFIED,
    (Stage.VERIFIED, Milestone.HALF_AGREED): Stage.VERIFIED,
    (Stage.VERIFIED, Milestone.AGREED): Stage.ACTIVE,
    (Stage.VERIFIED, Milestone.SEVERED): Stage.SEVERED,
    (Stage.ACTIVE, Milestone.HALF_COMPARED): Stage.ACTIVE,
    (Stage.ACTIVE, Milestone.WORDS_COMPARED): Stage.ACTIVE,
    (Stage.ACTIVE, Milestone.HALF_AGREED): Stage.ACTIVE,
    (Stage.ACTIVE, Milestone.AGREED): Stage.ACTIVE,
    (Stage.ACTIVE, Milestone.SUSPENDED): Stage.SUSPENDED,
    (Stage.ACTIVE, Milestone.ENDED): Stage.VERIFIED,
    (Stage.ACTIVE, Milestone.SEVERED): Stage.SEVERED,
    (Stage.SUSPENDED, Milestone.HALF_AGREED): Stage.SUSPENDED,
    (Stage.SUSPENDED, Milestone.AGREED): Stage.SUSPENDED,
    (Stage.SUSPENDED, Milestone.SUSPENDED): Stage.SUSPENDED,
    (Stage.SUSPENDED, Milestone.RESUMED): Stage.ACTIVE,
    (Stage.SUSPENDED, Milestone.ENDED): Stage.VERIFIED,
    (Stage.SUSPENDED, Milestone.SEVERED): Stage.SEVERED,
    (Stage.SEVERED, Milestone.SEVERED): Stage.SEVERED,
}


class IllegalMove(Exception):
    """The link between the two networks cannot take this step from where it stands."""


@dataclass(frozen=True, slots=True)
class Link:
    """`compared`: side → which keys the words stood for. `signed`: side → hashes of what it signed.

    `agreement` is the hash of the one in force, `amends` of the one that it follows; without one in force
    `amends` is the last that was, which the next one has to follow.
    """

    stage: Stage = Stage.PROPOSED
    compared: Mapping[Side, bytes] = field(default_factory=dict)
    signed: Mapping[Side, frozenset[bytes]] = field(default_factory=dict)
    suspended_by: frozenset[Side] = frozenset()
    agreement: bytes | None = None
    amends: bytes | None = None


def step(link: Link, event: Event) -> Link:
    """The link after the event. Raises IllegalMove where the table knows no way."""
    told = _tell(link, event)
    milestone = _adds_up_to(told, event)
    try:
        stage = MOVES[link.stage, milestone]
    except KeyError:
        raise IllegalMove(f"{type(event).__name__} while {link.stage}") from None
    if milestone is Milestone.AGREED and isinstance(event, SignedAgreement):
        return _in_force(replace(told, stage=stage), event)
    if milestone is Milestone.ENDED:
        ended = link.agreement or link.amends
        return replace(told, stage=stage, agreement=None, amends=ended, signed={}, suspended_by=frozenset())
    return replace(told, stage=stage)


def follows(link: Link, amends: bytes | None) -> bool:
    """Is an agreement that follows `amends` the next one from here, as both sides see it?"""
    return amends == (link.agreement or link.amends)


def _in_force(link: Link, event: SignedAgreement) -> Link:
    """Both proposed at once and both signed the other's: the lower hash holds, on both sides alike."""
    crossed = link.agreement is not None and not follows(link, event.amends)
    if crossed and link.agreement is not None and link.agreement <= event.agreement:
        return link
    return replace(link, agreement=event.agreement, amends=event.amends)


def may(link: Link, event: Event) -> bool:
    """Would `step` take this event? For buttons not shown, and for events of a peer not believed."""
    return (link.stage, _adds_up_to(_tell(link, event), event)) in MOVES


def _tell(link: Link, event: Event) -> Link:
    match event:
        case Compared(side, about):
            return replace(link, compared={**link.compared, side: about})
        case SignedAgreement(side, agreement):
            return replace(link, signed={**link.signed, side: _of(link, side) | {agreement}})
        case Suspended(side):
            return replace(link, suspended_by=link.suspended_by | {side})
        case Resumed(side):
            return replace(link, suspended_by=link.suspended_by - {side})
        case _:
            return link


def _adds_up_to(link: Link, event: Event) -> Milestone:
    match event:
        case Compared():
            return Milestone.WORDS_COMPARED if _same(link.compared) else Milestone.HALF_COMPARED
        case SignedAgreement(_, agreement, amends):
            both = all(agreement in _of(link, side) for side in Side)
            counts = follows(link, amends) or (link.agreement is not None and amends == link.amends)
            return Milestone.AGREED if both and counts else Milestone.HALF_AGREED
        case Suspended():
            return Milestone.SUSPENDED
        case Resumed():
            return Milestone.SUSPENDED if link.suspended_by else Milestone.RESUMED
        case Ended():
            return Milestone.ENDED
        case Severed():
            return Milestone.SEVERED


def _of(link: Link, side: Side) -> frozenset[bytes]:
    return link.signed.get(side, frozenset())


def _same(by_side: Mapping[Side, bytes]) -> bool:
    return by_side.keys() == BOTH and len(set(by_side.values())) == 1
