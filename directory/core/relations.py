"""In which relations a viewer stands to our network and to one entry in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from directory.core.viewer import Lane, Role, Viewer


class Relation(StrEnum):
    """One way to stand to a thing. A viewer usually stands in several."""

    ANYONE = "anyone"
    JOINING = "joining"
    HOME = "home"
    CONNECTOR = "connector"
    RESPONDER = "responder"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
    REVIEWER = "reviewer"
    SELF = "self"
    SPOKESPERSON = "spokesperson"
    INTRODUCED = "introduced"
    INVITER = "inviter"
    CIRCLE = "circle"
    CUSTODIAN = "custodian"
    PEER = "peer"
    TECHNICIAN = "technician"
    INTEGRATOR = "integrator"
    CLOCK = "clock"


_BY_ROLE = {
    Role.MEMBER: Relation.HOME,
    Role.CONNECTOR: Relation.CONNECTOR,
    Role.RESPONDER: Relation.RESPONDER,
    Role.COORDINATOR: Relation.COORDINATOR,
    Role.ADMINISTRATOR: Relation.ADMINISTRATOR,
    Role.REVIEWER: Relation.REVIEWER,
}
_BY_LANE = {
    Lane.TERMINAL: Relation.TECHNICIAN,
    Lane.TOKEN: Relation.INTEGRATOR,
    Lane.PEER: Relation.PEER,
    Lane.CLOCK: Relation.CLOCK,
}


@dataclass(frozen=True, slots=True)
class Ties:
    """What the rows say about one viewer and one entry; nothing unless said."""

    owner: str | None = None
    """The member the entry is about."""
    introduced: bool = False
    spokesperson: bool = False
    inviter: bool = False
    circle: bool = False
    custodian: bool = False
    """Named as a second person for what needs two."""


NO_TIES = Ties()


def relations(viewer: Viewer, ties: Ties = NO_TIES) -> frozenset[Relation]:
    """All relations of a viewer to an entry, from the viewer's roles and lane and the rows' ties."""
    plain = _untied(viewer.lane, viewer.roles, a_member=viewer.member is not None)
    if viewer.member is None or ties is NO_TIES:
        return plain
    found = set(plain)
    found |= {Relation.SELF} if viewer.member == ties.owner else set()
    found |= {Relation.INTRODUCED} if ties.introduced else set()
    found |= {Relation.SPOKESPERSON} if ties.spokesperson else set()
    found |= {Relation.INVITER} if ties.inviter else set()
    found |= {Relation.CIRCLE} if ties.circle else set()
    found |= {Relation.CUSTODIAN} if ties.custodian else set()
    return frozenset(found)


@lru_cache(maxsize=256)
def _untied(lane: Lane, roles: frozenset[Role], *, a_member: bool) -> frozenset[Relation]:
    """To what is about nobody in particular: the same for everybody with these roles on this lane."""
    found = {Relation.ANYONE} | {_BY_ROLE[role] for role in roles}
    if a_member:
        return frozenset(found | {Relation.JOINING})
    return frozenset(found | ({_BY_LANE[lane]} if lane in _BY_LANE else set()))
