"""What the bots need to know of one thing a person sent, without knowing Matrix.

hub/matrix makes these from decrypted events; `trusted` is its verdict (encrypted, device signed by its
owner, master key as bound). The bots decide what an untrusted or unreadable thing may do: never an order,
always a possible call for help (DESIGN 4.6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Form(StrEnum):
    """How something was said. Only WORDS can ever be an order."""

    WORDS = "words"
    VOICE = "voice"
    PICTURE = "picture"
    FILE = "file"
    REPLY = "reply"
    EDIT = "edit"
    REACTION = "reaction"
    UNREADABLE = "unreadable"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Said:
    """One event in a direct room or lobby. `body` is empty unless `form` is WORDS or REPLY.

    `room` is the Matrix room id, `master_key` the sender's Ed25519 master key in base64 or None when
    the sender has none, `sent_at` is the sender's homeserver's word for the time. `signed`: encrypted, and
    made by a device that the owner of `master_key` signed, whoever is bound: enough for a code to come back
    with, for nothing else. `alone`: that owner has signed no other device. `late`: something the sender said
    after it was heard before, by the place in their ratchet, which no homeserver can change; so it was held
    back or overtaken, and answers nothing that was asked meanwhile.
    """

    room: str
    sender: str
    form: Form
    body: str
    trusted: bool
    master_key: str | None
    sent_at: datetime
    signed: bool = False
    alone: bool = False
    late: bool = False
