"""What one room event is worth, as a value the hub can keep: who, what kind, how far it can be believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec

from bots.said import Form, Said
from hub.matrix.identities import Device, Identity
from hub.matrix.ratchets import Opened

VERIFICATION = "m.key.verification."
REQUEST = VERIFICATION + "request"


class Doubt(StrEnum):
    """Why an event is not trusted. One event has one doubt: the first that applies."""

    PLAIN = "not encrypted"
    UNREADABLE = "key missing or message damaged"
    OTHER_DEVICE = "not made by a device of its sender"
    UNSIGNED = "device not signed by its owner"
    OTHER_IDENTITY = "owner is not who was bound"
    FORWARDED = "key came through somebody else"


@dataclass(frozen=True, slots=True)
class Ratchet:
    """Which Megolm message this was. The same one under a new event id is a replay (dedupe durably on it)."""

    session_id: str
    index: int


@dataclass(frozen=True, slots=True)
class Inbound:
    """One event somebody else sent. `sent_at_ms` is their homeserver's word. Keys are unpadded base64.

    `trusted` means: decrypted, made by a device of the sender which its owner signed, and the owner's master
    key is the bound one where somebody is bound. `body` only for WORDS and REPLY. `content` only for types of
    our own (link rooms) and for comparing pictures (hub/matrix/comparing.py); a person's media, relations and
    formatting are not handed on. `signed`, `alone` and `late` as in bots/said.py.
    """

    account: str
    room: str
    event_id: str
    sender: str
    sent_at_ms: int
    event_type: str
    form: Form
    body: str
    trusted: bool
    doubt: Doubt | None
    master_key: str | None = None
    device_ed25519: str | None = None
    device_curve25519: str | None = None
    ratchet: Ratchet | None = None
    notice: bool = False
    content: Mapping[str, Any] = field(default_factory=dict)
    signed: bool = False
    alone: bool = False
    late: bool = False

    @property
    def once(self) -> str:
        """What to dedupe on besides the ratchet: an event told as unreadable may still come once as read."""
        return self.event_id + (" unreadable" if self.form is Form.UNREADABLE else "")

    def said(self) -> Said:
        """The same for the bots, who know no Matrix."""
        at = datetime.fromtimestamp(self.sent_at_ms / 1000, UTC)
        return Said(
            self.room,
            self.sender,
            self.form,
            self.body,
            self.trusted,
            self.master_key,
            at,
            signed=self.signed,
            alone=self.alone,
            late=self.late,
        )


class RoomEvent(msgspec.Struct):
    """One timeline event as the homeserver shows it; nothing in it is proven."""

    event_id: str
    sender: str
    type: str
    content: dict[str, Any]
    origin_server_ts: int = 0
    state_key: str | None = None
    unsigned: dict[str, Any] = {}


def parse_event(raw: object) -> RoomEvent | None:
    """None for something that is not an event."""
    try:
        event = msgspec.convert(raw, RoomEvent)
    except msgspec.ValidationError:
        return None
    if not 0 <= event.origin_server_ts < 1 << 47:
        event.origin_server_ts = 0
    return event


_FORMS = {"m.audio": Form.VOICE, "m.image": Form.PICTURE, "m.video": Form.PICTURE, "m.file": Form.FILE}


def form_of(event_type: str, content: Mapping[str, Any], relation: object) -> Form:
    """`relation` is m.relates_to from inside or outside the ciphertext: it is cleartext by specification and
    a
    homeserver can add one, so it can only ever take authority away."""
    if event_type == "m.reaction":
        return Form.REACTION
    if event_type == "m.sticker":
        return Form.PICTURE
    if event_type != "m.room.message":
        return Form.OTHER
    if isinstance(relation, Mapping) and relation:
        if relation.get("rel_type") == "m.replace":
            return Form.EDIT
        return Form.REPLY
    msgtype = content.get("msgtype")
    if msgtype == "m.text" and isinstance(content.get("body"), str) and "m.new_content" not in content:
        return Form.WORDS
    return _FORMS.get(msgtype, Form.OTHER) if isinstance(msgtype, str) else Form.OTHER


def _body(form: Form, content: Mapping[str, Any]) -> str:
    body = content.get("body")
    if form not in {Form.WORDS, Form.REPLY} or not isinstance(body, str):
        return ""
    if form is Form.REPLY and body.startswith("> "):  # the old quoting of what was replied to
        return body.partition("\n\n")[2]
    return body


def plain(account: str, room: str, event: RoomEvent) -> Inbound:
    """An event that was not encrypted: a link room's envelope, or something nobody should believe."""
    relation = event.content.get("m.relates_to")
    form = form_of(event.type, event.content, relation)
    return Inbound(
        account=account,
        room=room,
        event_id=event.event_id,
        sender=event.sender,
        sent_at_ms=event.origin_server_ts,
        event_type=event.type,
        form=form,
        body=_body(form, event.content),
        trusted=False,
        doubt=Doubt.PLAIN,
        notice=event.content.get("msgtype") == "m.notice",
        content=_handed_on(event.type, event.content, None),
    )


def unreadable(account: str, room: str, event: RoomEvent, master_key: str | None) -> Inbound:
    """Something that could not be opened: never an order, never lost (DESIGN 4.6)."""
    return Inbound(
        account=account,
        room=room,
        event_id=event.event_id,
        sender=event.sender,
        sent_at_ms=event.origin_server_ts,
        event_type=event.type,
        form=Form.UNREADABLE,
        body="",
        trusted=False,
        doubt=Doubt.UNREADABLE,
        master_key=master_key,
    )


def opened(
    account: str, room: str, event: RoomEvent, inside: Opened, sender: Identity, bound: str | None
) -> Inbound:
    """A decrypted event and the verdict on it. `bound` is the master key the hub knows for the sender."""
    relation = inside.content.get("m.relates_to") or event.content.get("m.relates_to")
    form = form_of(inside.event_type, inside.content, relation)
    doubt = _doubt(inside, sender, bound)
    return Inbound(
        account=account,
        room=room,
        event_id=event.event_id,
        sender=event.sender,
        sent_at_ms=event.origin_server_ts,
        event_type=inside.event_type,
        form=form,
        body=_body(form, inside.content),
        trusted=doubt is None,
        doubt=doubt,
        master_key=sender.master,
        device_ed25519=inside.fingerprint,
        device_curve25519=inside.sender_key,
        ratchet=Ratchet(inside.session_id, inside.index),
        notice=inside.content.get("msgtype") == "m.notice",
        content=_handed_on(inside.event_type, inside.content, relation),
        signed=doubt in {None, Doubt.OTHER_IDENTITY} and sender.master is not None and not inside.forwarded,
        alone=sum(device.owner_signed for device in sender.devices) == 1,
        late=inside.late,
    )


def compares(event_type: str, content: Mapping[str, Any]) -> bool:
    """Is this a step of comparing pictures?"""
    return event_type.startswith(VERIFICATION) or content.get("msgtype") == REQUEST


def _handed_on(event_type: str, content: Mapping[str, Any], relation: object) -> Mapping[str, Any]:
    if not compares(event_type, content):
        return {} if event_type.startswith("m.") else content
    return {**content, "m.relates_to": relation} if relation else content


def _doubt(inside: Opened, sender: Identity, bound: str | None) -> Doubt | None:
    device = _maker(inside, sender)
    if device is None:
        return Doubt.OTHER_DEVICE
    if not device.owner_signed:
        return Doubt.UNSIGNED
    if sender.master is None or bound not in {None, sender.master}:
        return Doubt.OTHER_IDENTITY
    if inside.forwarded:
        return Doubt.FORWARDED
    return None


def _maker(inside: Opened, sender: Identity) -> Device | None:
    """The sender's own device that owns the session. The device id an event names proves nothing."""
    for device in sender.devices:
        if (device.curve25519, device.ed25519) == (inside.sender_key, inside.fingerprint):
            return device
    return None
