"""Who may read in a room of ours, by our own rows: whomever a homeserver puts there besides gets no key."""

from __future__ import annotations

from directory.members import matrix_id_of, rooms_so_far
from directory.turn import Turn
from hub.store import rooms


async def readers_of(turn: Turn, matrix_room: str) -> frozenset[str] | None:
    """Matrix ids. None for a lobby, where nobody is bound yet, and for a room that holds no people.

    The direct room of a member who lost their binding is read by nobody. The room of an earlier device is
    read by its account: all that is still sent there is that another device has taken its place.
    """
    room = await rooms.by_matrix(turn.tx, turn.guard, matrix_room)
    if room is None or room.purpose in {"lobby", "link"}:
        return None
    if room.purpose != "direct" or room.ref is None:
        wanted = await rooms.places(turn.tx, turn.guard, room.id)
        return frozenset(place.user for place in wanted if place.wanted)
    for place in (await rooms_so_far(turn, room.ref))[1:]:
        if place["room"] == matrix_room:
            return frozenset({place["matrix_id"]})
    theirs = await matrix_id_of(turn.tx, turn.guard, room.ref)
    return frozenset() if theirs is None else frozenset({theirs})
