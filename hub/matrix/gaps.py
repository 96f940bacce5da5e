"""What the homeserver cut out of a timeline, fetched back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import json

from hub.matrix.wire import Wire, path

PAGE = 100
MAX_PAGES = 50
PAGES_TO_INVITE = 4
PAGES_TO_SENT = 5


async def _page(
    wire: Wire, room_id: str, token: str, until: str | None
) -> tuple[list[Mapping[str, Any]], str | None]:
    query = {"dir": "b", "from": token, "limit": str(PAGE)}
    if until is not None:
        query["to"] = until
    answer = await wire.get(path("rooms", room_id, "messages"), query, within_s=60)
    chunk: list[Mapping[str, Any]] = [raw for raw in answer.get("chunk") or () if isinstance(raw, dict)]
    end = answer.get("end")
    return chunk, end if isinstance(end, str) and end != token else None


async def fetch_gap(
    wire: Wire, room_id: str, prev_batch: str, since: str, last_event: str | None, me: str
) -> list[Mapping[str, Any]]:
    """What lies between the last event handled and `prev_batch`, oldest first. Raises MatrixTrouble.

    Two walks, because each alone loses something. Back through the room until the last event handled: also
    finds what our server itself had missed and fetches only now from another one (such events have no place
    in its stream). And everything that arrived after `since`: also finds an event that came late but belongs
    earlier in the room. Events handled before may come again; whoever handles them dedupes.
    """
    back = await _walk(wire, room_id, prev_batch, None, lambda raw: _known(raw, last_event, me))
    late = await _walk(wire, room_id, prev_batch, since, lambda raw: False)
    found = {raw.get("event_id") for raw in back}
    return [raw for raw in late if raw.get("event_id") not in found] + back


async def _walk(
    wire: Wire,
    room_id: str,
    token: str | None,
    until: str | None,
    enough: Callable[[Mapping[str, Any]], bool],
) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for _ in range(MAX_PAGES):
        if token is None:
            break
        chunk, token = await _page(wire, room_id, token, until)
        for raw in chunk:
            if enough(raw):
                return found[::-1]
            found.append(raw)
    return found[::-1]


def _known(raw: Mapping[str, Any], last_event: str | None, me: str) -> bool:
    """Everything before this was handled, or was said before we were asked in."""
    return raw.get("event_id") == last_event or own_membership(raw, me, "invite")


def own_membership(raw: Mapping[str, Any], me: str, membership: str) -> bool:
    """Is this the event that made us a member, or asked us in?"""
    content = raw.get("content")
    return (
        raw.get("type") == "m.room.member"
        and raw.get("state_key") == me
        and isinstance(content, dict)
        and content.get("membership") == membership
    )


def our_entry(events: list[Mapping[str, Any]], me: str) -> int | None:
    """Where in these events we entered the room, when we did."""
    for place in range(len(events) - 1, -1, -1):
        raw = events[place]
        if own_membership(raw, me, "join"):
            unsigned = raw.get("unsigned")
            before = unsigned.get("prev_content") if isinstance(unsigned, dict) else None
            if not isinstance(before, dict) or before.get("membership") != "join":
                return place
    return None


async def since_we_came(
    wire: Wire, room_id: str, events: list[Mapping[str, Any]], prev_batch: str | None, me: str
) -> list[Mapping[str, Any]]:
    """Of a room just entered: what was said since we were asked in. Older history is nobody's order to us."""
    entered = our_entry(events, me)
    if entered is None:
        return events
    token = prev_batch
    for _ in range(PAGES_TO_INVITE):
        asked = next((n for n, raw in enumerate(events) if own_membership(raw, me, "invite")), None)
        if asked is not None:
            return events[asked:]
        if token is None:
            break
        chunk, token = await _page(wire, room_id, token, None)
        known = {raw.get("event_id") for raw in events}
        events = [raw for raw in reversed(chunk) if raw.get("event_id") not in known] + events
    entered = our_entry(events, me)
    return events if entered is None else events[entered:]


async def find_sent(wire: Wire, room_id: str, me: str, tx_id: str) -> str | None:
    """The event of ours that was sent with this transaction id, looked for from the newest on."""
    token: str | None = None
    for _ in range(PAGES_TO_SENT):
        query = {"dir": "b", "limit": str(PAGE), "filter": json.encode({"senders": [me]}).decode()}
        answer = await wire.get(
            path("rooms", room_id, "messages"), query | ({"from": token} if token else {}), within_s=60
        )
        for raw in answer.get("chunk") or ():
            if (raw.get("unsigned") or {}).get("transaction_id") == tx_id:
                return str(raw["event_id"])
        token = answer.get("end")
        if not token:
            break
    return None
