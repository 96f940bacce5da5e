"""Who may read in a room of ours, by our own rows: whomever a homeserver puts there besides gets no key."""

from __future__ import annotations

from directory.members import places_in
from directory.turn import Turn
from hub.store import rooms


async def readers_of(turn: Turn, matrix_room: str) -> frozenset[str] | None:
    """Matrix ids. None for a lobby, where nobody is bound yet, and for a room that holds no people.

    The direct room of a member who lost their binding is read by nobody. The room of an earlier device is
    read by its account: all that is still sent there is that another device has taken its place.
    """
    found = await rooms.and_binding(turn.tx, turn.guard, matrix_room)
    if found is None or found[0].purpose in {"lobby", "link"}:
        return None
    room, sealed = found
    if room.purpose != "direct" or room.ref is None:
        wanted = await rooms.places(turn.tx, turn.guard, room.id)
        return frozenset(place.user for place in wanted if place.wanted)
    for place in places_in(turn.guard, room.ref, sealed)[1:]:
        if place["room"] == matrix_room:
            return frozenset({place["matrix_id"]})
    theirs = turn.guard.open_fields("bindings", room.ref, sealed, watch=True).get("matrix_id")
    return frozenset({theirs}) if isinstance(theirs, str) else frozenset()
