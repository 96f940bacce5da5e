"""What an introduction says to whom: shown to the target, answered to the asker, and the room at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from directory import carried, members
from directory.core.cards import Body, words
from directory.core.effects import DueAt, MeetInRoom, Post, Stream, Tell, TellRoles, Urgency
from directory.core.introductions import DAY, next_showing
from directory.core.text import Text, lines, say
from directory.core.viewer import Role
from directory.store import introductions as store
from directory.store import members as rows
from directory.store import person_keys, roles
from directory.store.introductions import IntroductionRow
from directory.turn import Turn

DUE = QUESTION = "introduction"
"""The due kind, and the question put to the target; context: {"introduction": id}. 1 = yes, 2 = no."""

_LISTS = ("works_in", "issues", "languages", "offers")


@dataclass(frozen=True, slots=True)
class Kept:
    """The sealed part of a request: why, who asks (a ShownCard of bodies.py), and whom they asked for."""

    purpose: str
    shown: Mapping[str, object]
    title: str

    @property
    def name(self) -> str:
        """What the asker calls themselves."""
        return str(self.shown.get("handle") or "")


async def sealed(
    turn: Turn, id: str, purpose: str, shown: Mapping[str, object], *, title: str, person: str
) -> bytes:
    """The guarded column of a request, under the key of `person`: the one of our own whom it concerns."""
    fields = {"purpose": purpose, "shown": dict(shown), "title": title}
    slot = await person_keys.slot_for(turn.tx, turn.guard, person)
    return turn.guard.seal_fields("introductions", id, fields, person=slot)


def opened(turn: Turn, row: IntroductionRow) -> Kept:
    """The guarded column, open."""
    kept = turn.guard.open_fields("introductions", row.id, row.guarded)
    shown = kept.get("shown")
    return Kept(
        str(kept.get("purpose") or ""),
        shown if isinstance(shown, dict) else {},
        str(kept.get("title") or ""),
    )


def shown_card(body: Body) -> dict[str, object]:
    """What the asker shows of themselves: the open part of the card the other side may see anyway."""
    kept: dict[str, object] = {"handle": body.get("title") or "", "kind": body.get("kind") or "person"}
    if body.get("country"):
        kept["country"] = body["country"]
    lists = {"works_in": words(body, "regions")} | {name: words(body, name) for name in _LISTS[1:]}
    return kept | {name: keys for name, keys in lists.items() if keys}


def request_body(row: IntroductionRow, purpose: str, body: Body) -> dict[str, object]:
    """The envelope body that carries a request: no contact in it."""
    shown = shown_card(body) | ({"card": row.asker_card} if row.asker_card else {})
    return {
        "id": row.id,
        "to_card": row.target_card,
        "from_card": shown,
        "purpose": purpose,
        "expires_at": int(row.expires_at.timestamp() * 1000),
    }


def moment(millis: object, otherwise: datetime) -> datetime:
    """A time from an envelope."""
    if not isinstance(millis, int) or not 0 <= millis < 1 << 43:
        return otherwise
    return datetime.fromtimestamp(millis / 1000, UTC)


async def show(turn: Turn, row: IntroductionRow) -> None:
    """Put a request to its target, or on a later day when three were shown in the last 24 hours."""
    target = row.target or ""
    shown = await store.shown_since(turn.tx, target, turn.now - DAY)
    at = next_showing(shown, turn.now)
    if at > turn.now:
        await turn.record(DueAt(DUE, row.id, min(at, row.expires_at)))
        return
    await store.change(turn.tx, row.id, shown_at=turn.now)
    await turn.record(DueAt(DUE, row.id, row.expires_at))
    text = await _question(turn, row)
    for member in await _listeners(turn, row):
        await turn.record(
            Tell(
                member,
                text,
                Urgency.NOTE,
                question=QUESTION,
                context={"introduction": row.id},
                passes=True,
            )
        )


async def tell_no_answer(turn: Turn, row: IntroductionRow) -> None:
    """The time is up, or a no was said: the asker hears the same."""
    title = opened(turn, row).title
    text = say("No answer came from {name}. You can look for somebody else.", name=title)
    await turn.record(Tell(row.asker or "", text))


async def accepted_here(turn: Turn, row: IntroductionRow) -> None:
    """Our side said yes: to an asker of our own, or with the contact to the asker's hub."""
    mine = await members.matrix_id_of(turn.tx, turn.guard, turn.viewer.member or "")
    if row.asker is None:
        decision: dict[str, object] = {"introduction": row.id, "yes": True}
        contact = {"contact": mine} if mine else {}
        await turn.record(Post(row.asker_network, Stream.WORK, "decision", decision | contact))
        return
    await _meet(turn, row, mine)


async def accepted_there(turn: Turn, row: IntroductionRow, contact: str | None) -> None:
    """The other side said yes: the room is made here, on the asker's side."""
    await _meet(turn, row, contact)


async def _meet(turn: Turn, row: IntroductionRow, other: str | None) -> None:
    asker = row.asker or ""
    own = await members.matrix_id_of(turn.tx, turn.guard, asker)
    name = opened(turn, row).title
    if own is not None and other is not None:
        await turn.record(MeetInRoom(row.id, (own, other)))
        text = say("{name} said yes. An invitation to a room for the two of you is on its way.", name=name)
        await turn.record(Tell(asker, text, Urgency.ANSWER, wakes=True))
        return
    text = say("{name} said yes. The coordinators will bring you together.", name=name)
    await turn.record(Tell(asker, text, Urgency.ANSWER, wakes=True))
    asks = say(
        "Two people said yes to meeting, and one of them has no chat. Please help: {asker}, {name}.",
        asker=await members.handle_of(turn.tx, asker),
        name=name,
    )
    await turn.record(TellRoles(Role.COORDINATOR, asks))


async def _listeners(turn: Turn, row: IntroductionRow) -> list[str]:
    """The target, or everybody who speaks for it; never the asker."""
    target = await rows.load(turn.tx, row.target or "")
    if target is None:
        return []
    if target.kind == "person":
        if await carried.is_carried(turn, target.id):
            carrier = await carried.carrier_of(turn, target.id)
            return [carrier] if carrier is not None and carrier != row.asker else []
        return [target.id]
    return [member for member in await roles.spokespersons_of(turn.tx, target.id) if member != row.asker]


async def _question(turn: Turn, row: IntroductionRow) -> Text:
    kept = opened(turn, row)
    target = await rows.load(turn.tx, row.target or "")
    values = {
        "name": kept.name,
        "network": await rows.network_name(turn.tx, row.asker_network),
    }
    if target is None or (target.kind == "person" and not await carried.is_carried(turn, target.id)):
        who = say("{name} ({network}) would like to meet you.", **values)
    else:
        who = say("{name} ({network}) would like to meet {organisation}.", organisation=target.name, **values)
    return lines(
        who,
        say("They write: “{purpose}”", purpose=kept.purpose),
        say("Only after a yes do they learn how to reach you. 1 = yes, 2 = no"),
    )
