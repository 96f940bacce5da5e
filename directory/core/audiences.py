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
    return not _at_home(setting).isdisjoint(relations)


def widens(old: Setting, new: Setting) -> bool:
    """Would anybody see the field who does not see it now? Then the member's word is needed."""
    if not _at_home(new) <= _at_home(old):
        return True
    return not _opens_all(old) and (_opens_all(new) or not _named(new) <= _named(old))


def admits_network(setting: Setting, network: str, *, said_yes: bool) -> bool:
    """May a linked network hold the field of a person?

    Nothing crosses before the person said yes to that network by name. A yes opens what still stands at
    the default "my network" (the person is shown exactly this first); what the person narrowed stays narrow.
    """
    return said_yes and (_opens_all(setting) or network in _named(setting))


def _at_home(setting: Setting) -> frozenset[Relation]:
    names_nobody = setting.audience is Audience.NAMED and not setting.networks
    return REACHES[Audience.NOBODY if names_nobody else setting.audience]


def _opens_all(setting: Setting) -> bool:
    """Does a yes by name open the field to that network, whichever it is?"""
    by_default = setting.audience is Audience.NETWORK and not setting.chosen
    return by_default or setting.audience is Audience.LINKED


def _named(setting: Setting) -> frozenset[str]:
    return setting.networks if setting.audience is Audience.NAMED else frozenset()
