"""What the homeserver cut out of a timeline, fetched back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import json

from hub.matrix.wire import Wire, path

PAGE = 100
FEDERATION_FORMAT = '{"event_format":"federation"}'
"""Shows which events each event follows, and how deep in the room it is (client-server spec, filtering)."""
MAX_PAGES = 50
PAGES_TO_INVITE = 4
PAGES_TO_SENT = 5
KNOWN_IN_A_ROW = 50
KNOWN_IN_ALL = 250
"""Fewer than handled.KEPT: a walk never reaches what we handled and forgot that we did."""

Raw = Mapping[str, Any]
"""An event as it came."""
Known = Callable[[Raw], bool]


async def _page(
    wire: Wire, room_id: str, token: str | None, until: str | None
) -> tuple[list[Raw], str | None]:
    query = {"dir": "b", "limit": str(PAGE), "filter": FEDERATION_FORMAT}
    if token is not None:
        query["from"] = token
    if until is not None:
        query["to"] = until
    answer = await wire.get(path("rooms", room_id, "messages"), query, within_s=60)
    chunk: list[Raw] = [raw for raw in answer.get("chunk") or () if isinstance(raw, dict)]
    end = answer.get("end")
    return chunk, end if isinstance(end, str) and end != token else None


async def fetch_gap(
    wire: Wire, room_id: str, prev_batch: str, since: str, known: Known, me: str
) -> list[Raw]:
    """What lies before `prev_batch` and was not handled yet, oldest first. Raises MatrixTrouble.

    Two walks, because each alone loses something (measured, 16 messages in flight across federation). Back
    through the room until we are well among what is known: finds what our server itself had missed and only
    now fetches from another one; such events have no place in its stream and lie between known ones. And
    everything that arrived after `since`: finds what came late but belongs much earlier in the room.
    """
    back = await _walk(wire, room_id, prev_batch, None, _Among(known, me).enough)
    late = await _walk(wire, room_id, prev_batch, since, lambda raw: False)
    found = {raw.get("event_id") for raw in back}
    return [raw for raw in late if raw.get("event_id") not in found] + back


async def look_for(wire: Wire, room_id: str, wanted: set[str], known: Known, me: str) -> list[Raw]:
    """Walk back from the newest event until all that is wanted was met; what was met and is not known, oldest
    first. Asking makes our server fetch what it lacks from others, often only after it has answered."""
    left, among = set(wanted), _Among(known, me)

    def enough(raw: Raw) -> bool:
        left.discard(str(raw.get("event_id")))
        return among.enough(raw, run=not left)

    found = await _walk(wire, room_id, None, None, enough)
    return [raw for raw in found if raw.get("event_id") in wanted or not known(raw)]


@dataclass(slots=True)
class _Among:
    """Decides when a walk back has gone far enough."""

    known: Known
    me: str
    in_a_row: int = 0
    in_all: int = 0

    def enough(self, raw: Raw, *, run: bool = True) -> bool:
        """Fed from the newest on: true where we were asked in, among what we may have forgotten, and after a
        `run` of known events."""
        if own_membership(raw, self.me, "invite"):
            return True
        if self.known(raw):
            self.in_a_row += 1
            self.in_all += 1
        else:
            self.in_a_row = 0
        return (run and self.in_a_row >= KNOWN_IN_A_ROW) or self.in_all >= KNOWN_IN_ALL


async def _walk(
    wire: Wire,
    room_id: str,
    token: str | None,
    until: str | None,
    enough: Callable[[Raw], bool],
) -> list[Raw]:
    """From `token` (None: from the newest) back; oldest first. What made it `enough` is the last taken."""
    found: list[Raw] = []
    for _ in range(MAX_PAGES):
        chunk, token = await _page(wire, room_id, token, until)
        for raw in chunk:
            found.append(raw)
            if enough(raw):
                return found[::-1]
        if token is None:
            break
    return found[::-1]


def own_membership(raw: Raw, me: str, membership: str) -> bool:
    """Is this the event that made us a member, or asked us in?"""
    content = raw.get("content")
    return (
        raw.get("type") == "m.room.member"
        and raw.get("state_key") == me
        and isinstance(content, dict)
        and content.get("membership") == membership
    )


def our_entry(events: list[Raw], me: str) -> int | None:
    """Where in these events we entered the room, when we did."""
    for place in range(len(events) - 1, -1, -1):
        raw = events[place]
        if own_membership(raw, me, "join"):
            unsigned = raw.get("unsigned")
            before = unsigned.get("prev_content") if isinstance(unsigned, dict) else None
            if not isinstance(before, dict) or before.get("membership") != "join":
                return place
    return None


def since_we_came(events: list[Raw], me: str) -> tuple[list[Raw], bool]:
    """Of a room we entered within these events: what was said since we were asked in, and whether that is
    all. Older history is nobody's order to us."""
    entered = our_entry(events, me)
    if entered is None:
        return events, True
    for place in range(entered, -1, -1):
        if own_membership(events[place], me, "invite"):
            return events[place:], True
    return events[entered:], False


async def fetch_entry(wire: Wire, room_id: str, token: str, me: str) -> list[Raw]:
    """From our invitation to `token`, oldest first; nothing when the invitation lies further back than a few
    hundred events."""
    found: list[Raw] = []
    page: str | None = token
    for _ in range(PAGES_TO_INVITE):
        chunk, page = await _page(wire, room_id, page, None)
        for raw in chunk:
            found.append(raw)
            if own_membership(raw, me, "invite"):
                return found[::-1]
        if page is None:
            break
    return []


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


async def own_events(wire: Wire, room_id: str, me: str) -> list[str]:
    """Every event of ours in a room that still says something, the newest first, as far back as it goes."""
    found: list[str] = []
    token: str | None = None
    for _ in range(MAX_PAGES):
        query = {"dir": "b", "limit": str(PAGE), "filter": json.encode({"senders": [me]}).decode()}
        answer = await wire.get(
            path("rooms", room_id, "messages"), query | ({"from": token} if token else {}), within_s=60
        )
        for raw in answer.get("chunk") or ():
            if "state_key" not in raw and raw.get("type") != "m.room.redaction" and raw.get("content"):
                found.append(str(raw["event_id"]))
        token = answer.get("end")
        if not token:
            break
    return found
