"""What must happen because of something that was decided: recorded as rows in the same transaction.

The directory and the bots return or record these; hub/effects.py writes each as a letter, an envelope,
a due time or a room. A crash after the commit loses nothing, a crash before it sends nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from directory.core.text import Text


class Urgency(IntEnum):
    """Who overtakes whom among letters; smaller goes first."""

    ALARM = 0
    ANSWER = 1
    NOTE = 2


class Stream(StrEnum):
    """The three ordered lanes of a link and direction (DESIGN 5)."""

    URGENT = "urgent"
    WORK = "work"
    CARDS = "cards"


@dataclass(frozen=True, slots=True)
class Tell:
    """One message to one member, in the member's own language, in their direct room with the bot.

    `wakes` sends it as a text that mentions the person, so that a phone rings; anything else is a quiet
    notice. `choices` numbers the possible answers; what a number means is kept with `question`.
    """

    member: str
    text: Text
    urgency: Urgency = Urgency.NOTE
    wakes: bool = False
    question: str | None = None
    context: Mapping[str, str] = field(default_factory=dict)
    room: str | None = None
    """The Matrix room where they just spoke, when that is not their room with the main bot."""
    passes: bool = False
    """Taken back out of the room after an hour: a card, an introduction."""


@dataclass(frozen=True, slots=True)
class TellRoles:
    """The same message to everyone who holds a role, on the page and in chat where they have one."""

    role: str
    text: Text
    urgency: Urgency = Urgency.NOTE
    wakes: bool = False
    question: str | None = None
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply into the room somebody spoke in, before or without a binding (the lobby)."""

    room: str
    text: Text
    locale: str
    urgency: Urgency = Urgency.ANSWER


@dataclass(frozen=True, slots=True)
class Post:
    """One envelope body to one linked network; sealed, numbered and sent by hub/federation."""

    network: str
    stream: Stream
    type: str
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class TextBack:
    """A text message of this member arrived: their phone is told so, in words that say nothing else."""

    member: str


@dataclass(frozen=True, slots=True)
class DueAt:
    """A time at which `kind` must look at `ref` again; setting it anew moves it."""

    kind: str
    ref: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NoLongerDue:
    """What was waiting for its time need not happen any more."""

    kind: str
    ref: str


@dataclass(frozen=True, slots=True)
class CardChanged:
    """A member's or a bot's card is other than it was: whoever holds a copy must hear of it."""

    member: str


@dataclass(frozen=True, slots=True)
class MeetInRoom:
    """Two people said yes: invite both into an encrypted room that our bot makes and then leaves."""

    introduction: str
    matrix_ids: tuple[str, str]


@dataclass(frozen=True, slots=True)
class TakeBack:
    """What bots wrote about this alarm is taken back from the rooms it was written in."""

    about: str


@dataclass(frozen=True, slots=True)
class ClearRoom:
    """What would be taken back from a member's rooms within the hour is taken back now."""

    member: str


@dataclass(frozen=True, slots=True)
class SecretSaid:
    """What was just heard holds somebody's word: in chat it is taken back where that is possible."""


@dataclass(frozen=True, slots=True)
class Unsay:
    """Take back one event that somebody wrote into a room of ours (Matrix ids)."""

    room: str
    event: str


@dataclass(frozen=True, slots=True)
class CloseRoom:
    """A member's device is closed: letters that still wait for their room are given up."""

    member: str


@dataclass(frozen=True, slots=True)
class PutOut:
    """A member may be forced: what bots wrote to them is taken back, they are put out of every room with a
    bot of ours, and signed out of our homeserver on every device."""

    member: str


@dataclass(frozen=True, slots=True)
class WorkEnded:
    """A member works for the network no more: papers they keep open nothing from now on, and bots of ours go
    out of rooms that were made for them with others."""

    member: str


@dataclass(frozen=True, slots=True)
class LetIn:
    """The member may come back into their room with the bot."""

    member: str


@dataclass(frozen=True, slots=True)
class ComparePictures:
    """Ask a member's app to compare pictures with the bot: the emoji verification of Matrix."""

    member: str


Effect = (
    Tell
    | TellRoles
    | Answer
    | TextBack
    | Post
    | DueAt
    | NoLongerDue
    | CardChanged
    | MeetInRoom
    | CloseRoom
    | PutOut
    | WorkEnded
    | LetIn
    | TakeBack
    | ComparePictures
    | ClearRoom
    | SecretSaid
    | Unsay
)
