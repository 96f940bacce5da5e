"""Who may see one field of a member: the defaults of DESIGN 6, and the one function that says yes.

An audience holds those before it in the list: what my network sees, introduced people see too. It never
grows by accident: a field without an entry here, an unknown word and an empty list of networks are nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from directory.core.relations import Relation


class Audience(StrEnum):
    """From nobody to every linked network the member said yes to."""

    NOBODY = "nobody"
    INTRODUCED = "introduced"
    COORDINATORS = "coordinators"
    NETWORK = "network"
    NAMED = "named"
    LINKED = "linked"


@dataclass(frozen=True, slots=True)
class Setting:
    """One field's audience. `networks` counts for NAMED only; `chosen` is False for what DESIGN 6 sets."""

    audience: Audience
    networks: frozenset[str] = frozenset()
    chosen: bool = True


def _by_default(audience: Audience) -> Setting:
    return Setting(audience, chosen=False)


DEFAULTS: Mapping[str, Setting] = {
    "handle": _by_default(Audience.NETWORK),
    "languages": _by_default(Audience.NETWORK),
    "offers": _by_default(Audience.NETWORK),
    "country": _by_default(Audience.NETWORK),
    "works_in": _by_default(Audience.NETWORK),
    "issues": _by_default(Audience.NETWORK),
    "marked_issues": _by_default(Audience.INTRODUCED),
    "subdivision": _by_default(Audience.INTRODUCED),
    "city": _by_default(Audience.INTRODUCED),
    "text": _by_default(Audience.INTRODUCED),
    "organisation": _by_default(Audience.INTRODUCED),
}
"""Every field of a member that others may see. There is no other."""

NOBODY = Setting(Audience.NOBODY)

_INTRODUCED = frozenset({Relation.SELF, Relation.INTRODUCED})
_COORDINATORS = _INTRODUCED | {Relation.COORDINATOR}
_NETWORK = _COORDINATORS | {Relation.HOME}

REACHES: Mapping[Audience, frozenset[Relation]] = {
    Audience.NOBODY: frozenset({Relation.SELF}),
    Audience.INTRODUCED: _INTRODUCED,
    Audience.COORDINATORS: _COORDINATORS,
    Audience.NETWORK: _NETWORK,
    Audience.NAMED: _NETWORK,
    Audience.LINKED: _NETWORK,
}
"""Which relations of our own network an audience reaches. Linked networks are `admits_network`'s business."""


def setting_of(field: str, chosen: Mapping[str, Setting]) -> Setting:
    """A member's own choice for a field, else the default; nobody for a field that does not exist."""
    default = DEFAULTS.get(field)
    return NOBODY if default is None else chosen.get(field, default)


def admits(setting: Setting, relations: frozenset[Relation]) -> bool:
    """May somebody of our own network, who stands in these relations to the member, see the field?"""
    if setting.audience is Audience.NAMED and not setting.networks:
        return Relation.SELF in relations
    return not REACHES[setting.audience].isdisjoint(relations)


def widens(old: Setting, new: Setting) -> bool:
    """Would anybody see the field who does not see it now? Then the member's word is needed."""
    rank = list(Audience).index
    if new.audience is Audience.NAMED and old.audience is Audience.NAMED:
        return not new.networks <= old.networks
    return rank(new.audience) > rank(old.audience)


def admits_network(setting: Setting, network: str, *, said_yes: bool) -> bool:
    """May a linked network hold the field of a person?

    Nothing crosses before the person said yes to that network by name. A yes opens what still stands at
    the default "my network" (the person is shown exactly this first); what the person narrowed stays narrow.
    """
    if not said_yes:
        return False
    if setting.audience is Audience.NETWORK:
        return not setting.chosen
    if setting.audience is Audience.NAMED:
        return network in setting.networks
    return setting.audience is Audience.LINKED
