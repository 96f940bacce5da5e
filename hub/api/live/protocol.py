"""The messages of graphql-transport-ws (enisdenjo/graphql-ws, PROTOCOL.md): read strictly."""

from __future__ import annotations

from typing import Any

import msgspec

SUBPROTOCOL = "graphql-transport-ws"
BAD_MESSAGE = 4400
NOT_ALLOWED = 4403
TOO_LATE = 4408
SAME_ID = 4409
TOO_MANY = 4429


class Wanted(msgspec.Struct, frozen=True):
    """The payload of `subscribe`: a trusted document by its id. A text is looked at to say that it is not
    taken."""

    documentId: str = ""
    variables: dict[str, Any] | None = None
    query: str | None = None


class Init(msgspec.Struct, frozen=True, tag="connection_init"):
    """The first message. Its payload is not looked at: who asks was known before the socket opened."""


class Ping(msgspec.Struct, frozen=True, tag="ping"):
    """Are you there?"""


class Pong(msgspec.Struct, frozen=True, tag="pong"):
    """I am."""


class Subscribe(msgspec.Struct, frozen=True, tag="subscribe"):
    """Watch this, under an id of the caller's own choice."""

    id: str
    payload: Wanted


class Complete(msgspec.Struct, frozen=True, tag="complete"):
    """Watch it no more."""

    id: str


Message = Init | Ping | Pong | Subscribe | Complete
_DECODER: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)


class Broken(Exception):
    """The message is none of this protocol; the socket is closed with 4400."""


def read(text: str) -> Message:
    """One message. Raises Broken."""
    try:
        return _DECODER.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        raise Broken from None


def written(kind: str, id: str | None = None, payload: object = None) -> str:
    """One message of ours: connection_ack, pong, next, error or complete."""
    message: dict[str, object] = {"type": kind}
    message |= {} if id is None else {"id": id}
    message |= {} if payload is None else {"payload": payload}
    return msgspec.json.encode(message).decode()
