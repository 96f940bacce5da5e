"""Room events as a hostile homeserver, a rogue device or a clumsy app would bring them, and the real verdict.

`carried` builds what hub/matrix/reading.py would have in its hands (an event as shown, what was inside, the
identity of the sender) and asks hub/matrix/inbound.py what it is worth.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from people import matrix_id

from hub.matrix.identities import Device, Identity
from hub.matrix.inbound import Inbound, RoomEvent, opened, plain, unreadable
from hub.matrix.ratchets import Opened

BOT = "@ayni:example.org"
MASTER = "key"


@dataclass(frozen=True)
class Made:
    """One event on its way: `inner` is the content in the ciphertext, `outer` what lies open beside it."""

    who: str
    body: str
    inner: dict[str, Any]
    outer: dict[str, Any] = field(default_factory=dict)
    kind: str = "m.room.message"
    maker: str = "own"
    signed: bool = True
    master: str = MASTER
    forwarded: bool = False


Carrier = Callable[[Made], Made]
RELATION = {"rel_type": "m.replace", "event_id": "$earlier"}
REPLY = {"m.in_reply_to": {"event_id": "$earlier"}}
THREAD = {"rel_type": "m.thread", "event_id": "$earlier"}


def _inner(**more: Any) -> Carrier:
    names = {"relation": "m.relates_to", "fresh": "m.new_content"}

    def change(made: Made) -> Made:
        return replace(
            made, inner={**made.inner, **{names.get(key, key): value for key, value in more.items()}}
        )

    return change


def _outer(relation: Mapping[str, Any]) -> Carrier:
    return lambda made: replace(made, outer={**made.outer, "m.relates_to": dict(relation)})


def _media(msgtype: str) -> Carrier:
    return lambda made: replace(made, inner={"msgtype": msgtype, "body": made.body, "url": "mxc://x/y"})


def _kind(kind: str) -> Carrier:
    return lambda made: replace(made, kind=kind)


def _quoted(made: Made) -> Made:
    body = f"> <@x:example.org> earlier words\n\n{made.body}"
    return replace(made, inner={**made.inner, "body": body, "m.relates_to": REPLY})


def _reaction(made: Made) -> Made:
    relation = {"rel_type": "m.annotation", "event_id": "$earlier", "key": made.body}
    return replace(made, kind="m.reaction", inner={"m.relates_to": relation})


def _edit(made: Made) -> Made:
    fresh = {"msgtype": "m.text", "body": made.body}
    return replace(
        made, inner={"msgtype": "m.text", "body": "* x", "m.new_content": fresh, "m.relates_to": RELATION}
    )


def _html(made: Made) -> Made:
    inner = {"msgtype": "m.text", "format": "org.matrix.custom.html", "formatted_body": made.body}
    return replace(made, inner=inner)


SHAPES: Mapping[str, Carrier] = {
    "edit": _edit,
    "edit inside": _inner(relation=RELATION),
    "new content": _inner(fresh={"msgtype": "m.text", "body": "x"}),
    "reaction": _reaction,
    "reply": _inner(relation=REPLY),
    "reply with old quote": _quoted,
    "thread": _inner(relation=THREAD),
    "injected edit": _outer(RELATION),
    "injected reference": _outer({"rel_type": "m.reference", "event_id": "$earlier"}),
    "emote": _inner(msgtype="m.emote"),
    "only html": _html,
    "caption of a picture": _media("m.image"),
    "name of a file": _media("m.file"),
    "voice message": _media("m.audio"),
    "video": _media("m.video"),
    "sticker": _kind("m.sticker"),
    "place": _media("m.location"),
    "poll": _kind("org.matrix.msc3381.poll.response"),
    "own type": _kind("org.ayni.order"),
    "unknown device": lambda made: replace(made, maker="rogue"),
    "unsigned device": lambda made: replace(made, signed=False),
    "new owner": lambda made: replace(made, master="another key"),
    "key through somebody else": lambda made: replace(made, forwarded=True),
    "made by another account": lambda made: replace(made, maker="eve"),
    "device of another member": lambda made: replace(made, maker="mallory"),
    "notice": _inner(msgtype="m.notice"),
}
SEALED_AWAY = frozenset({"key missing", "damaged"})
_places = itertools.count(1)


def _device(owner: str, signed: bool = True) -> Device:
    return Device(matrix_id(owner), f"{owner}-phone", f"ed-{owner}", f"curve-{owner}", signed)


def carried(
    carrier: str, who: str, body: str, at: datetime, *, room: str | None = None, place: int | None = None
) -> Inbound:
    """What the bot's ear gets. `place`: the position in the sender's ratchet; the same again is a replay."""
    index = next(_places) if place is None else place
    room = room or f"!{who}:example.org"
    made = Made(who, body, {"msgtype": "m.text", "body": body})
    if carrier in SHAPES:
        made = SHAPES[carrier](made)
    event = RoomEvent(
        event_id=f"$event-{next(_places)}",
        sender=matrix_id(who),
        type="m.room.encrypted",
        content={"algorithm": "m.megolm.v1.aes-sha2", **made.outer},
        origin_server_ts=int(at.timestamp() * 1000),
    )
    if carrier == "not encrypted":
        event.type, event.content = made.kind, made.inner
        return plain(BOT, room, event)
    if carrier in SEALED_AWAY:
        return unreadable(BOT, room, event, MASTER)
    maker = who if made.maker == "own" else made.maker
    inside = Opened(
        made.kind, made.inner, f"curve-{maker}", f"ed-{maker}", f"session-{who}", index, made.forwarded
    )
    sender = Identity(matrix_id(who), made.master, (_device(who, made.signed),))
    return opened(BOT, room, event, inside, sender, MASTER)
