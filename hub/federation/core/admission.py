"""What each type of envelope may do at each stage of a link. A type without a row stops the server at start.

Nothing here loses a call for help: what a suspended or unfinished link may not do by itself, a person sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from hub.federation.core.bodies import KINDS
from hub.federation.core.link import Stage


class Admission(StrEnum):
    """APPLY it; TELL a person, who decides; KEEP it in its place in the stream and do nothing."""

    APPLY = "apply"
    TELL = "tell"
    KEEP = "keep"


_P, _V, _A, _S, _X = Stage.PROPOSED, Stage.VERIFIED, Stage.ACTIVE, Stage.SUSPENDED, Stage.SEVERED
_ALWAYS = frozenset(Stage)
_NOT_SEVERED = _ALWAYS - {_X}
_HELD = frozenset({_A, _S, _X})
_ONLY_ACTIVE = frozenset({_A})

APPLIES: Mapping[str, frozenset[Stage]] = {
    "link": _NOT_SEVERED,
    "keys": _NOT_SEVERED,
    "revoke": _NOT_SEVERED,
    "heartbeat": _NOT_SEVERED,
    "epoch": _ALWAYS,
    "receipt": _ALWAYS,
    "heads": _ALWAYS,
    "resend": _ALWAYS,
    "suspend": frozenset({_A, _S}),
    "alarm": _ONLY_ACTIVE,
    "acknowledge": _HELD,
    "freeze": _HELD,
    "watch": _ONLY_ACTIVE,
    "introduction": _ONLY_ACTIVE,
    "decision": frozenset({_A, _S}),
    "action": frozenset({_A, _S}),
    "second": _ONLY_ACTIVE,
    "seconded": _ONLY_ACTIVE,
    "card": _ONLY_ACTIVE,
    "tombstone": _HELD,
    "checkpoint": _ONLY_ACTIVE,
    "snapshot": _ONLY_ACTIVE,
}
"""Withdrawals are applied for as long as anything may still be held here, also after the end."""

TELLS: Mapping[str, frozenset[Stage]] = {
    "alarm": frozenset({_V, _S}),
    "acknowledge": frozenset({_V}),
    "action": frozenset({_V}),
}


class WithoutRule(Exception):
    """An envelope type has no rule that says when it counts: the hub does not start like this."""


def admit(kind: str, stage: Stage) -> Admission:
    """What an envelope of this type may do now. A type this version does not know is kept and ignored."""
    if stage in APPLIES.get(kind, frozenset()):
        return Admission.APPLY
    return Admission.TELL if stage in TELLS.get(kind, frozenset()) else Admission.KEEP


def check_coverage(kinds: Iterable[str] = KINDS) -> None:
    """Every known type has a row and no row is about an unknown one. Raises WithoutRule."""
    stray = set(kinds) ^ set(APPLIES)
    if stray:
        raise WithoutRule(", ".join(sorted(stray)))
