"""What an envelope can say: one closed shape a type, the stream it travels in, and how long it may be.

A type that is not here is kept and ignored, so that an older hub survives a newer one. A known type whose
body has a field too many or a wrong value is refused whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, ValidationError, convert

from directory.core.effects import Stream
from hub.federation.core.canonical import Json
from hub.federation.core.link_bodies import LinkStep
from hub.federation.core.shapes import (
    Count,
    Document,
    Hex32,
    Id,
    Long,
    MatrixId,
    Millis,
    Name,
    Short,
    Tag,
    Tags,
)

CardIds = Annotated[tuple[Id, ...], Meta(min_length=1, max_length=500)]

# --- urgent -----------------------------------------------------------------------------------------------


class Keys(Document, frozen=True):
    """The sender's network card with its newest keys."""

    card: Json


class Revoke(Document, frozen=True):
    """An operating key that must not be believed any more (identity.SignedRevocation)."""

    revocation: Json


class Alarm(Document, frozen=True):
    """Somebody asks for help. Who and where exactly follows as `action`, after someone took it.

    `silent`: they may be forced; nobody writes to them or calls them.
    """

    id: Id
    kind_of_help: Tag
    severity: Literal["low", "high", "critical"]
    raised_at: Millis
    country: Annotated[str, Meta(pattern=r"^([A-Z]{2})?\Z")] = ""
    language: Tag = "en"
    state: Literal["open", "over"] = "open"
    silent: bool = False


class Acknowledge(Document, frozen=True):
    """A named person says "I have it": the ladder stops. `has_it` false: they pass it on, it goes on."""

    alarm: Id
    by: Name
    at: Millis
    has_it: bool = True


class Freeze(Document, frozen=True):
    """Hide these cards at once (`frozen` false shows them again)."""

    cards: CardIds
    frozen: bool = True


class Suspend(Document, frozen=True):
    """The sender stops, or takes up again, what the agreement allows. Alarms still reach a person."""

    suspended: bool
    reason: Short = ""


class StreamHead(Document, frozen=True):
    """How far one stream has come: applied up to `seq`, held beyond a gap up to `seen` (0: nothing).

    `seen_epoch` names the epoch of what is held when it is a later one, whose opening is still missing.
    """

    stream: Stream
    epoch: Count
    seq: Count
    hash: Hex32
    seen: Count = 0
    seen_epoch: Count = 0


Heads = Annotated[tuple[StreamHead, ...], Meta(max_length=3)]


class Heartbeat(Document, frozen=True):
    """The sender is awake; its own heads, so that a lost last envelope is missed too; when to worry."""

    heads: Heads = ()
    next_within: Annotated[int, Meta(ge=1, le=604_800)] = 300
    speaks: Tags = ()


Quarters = Annotated[str, Meta(pattern=r"^[0-9a-f]{28}\Z")]
SealedContact = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]{747}=\Z")]


class Watch(Document, frozen=True):
    """In which quarter hours from `begins` on something is due (bits in hex, the lowest first), and two
    sealed contacts: whom to tell if the sender falls silent. Never about whom; always of one length."""

    begins: Millis
    quarters: Quarters
    contacts: tuple[SealedContact, SealedContact]


# --- work -------------------------------------------------------------------------------------------------


class ShownCard(Document, frozen=True):
    """What somebody chose to show of themselves to a person they ask for an introduction.

    `card` is the id by which the receiver holds their card: its withdrawal takes this along.
    """

    handle: Name
    card: Id | None = None
    kind: Literal["person", "organisation", "community"] = "person"
    country: Annotated[str, Meta(pattern=r"^([A-Z]{2})?\Z")] = ""
    works_in: Tags = ()
    issues: Tags = ()
    languages: Tags = ()
    offers: Tags = ()
    about: Long = ""


class Introduction(Document, frozen=True):
    """One person asks to be put in touch with another. No contact detail crosses with it."""

    id: Id
    to_card: Id
    from_card: ShownCard
    purpose: Long = ""
    expires_at: Millis | None = None


class Decision(Document, frozen=True):
    """The answer to an introduction; `contact` only with a yes. A no and silence look alike to the asker."""

    introduction: Id
    yes: bool
    contact: MatrixId | None = None

    def __post_init__(self) -> None:
        if self.contact is not None and not self.yes:
            raise ValueError("a no carries no contact")


class Action(Document, frozen=True):
    """What the one who took an alarm needs to know, and how it goes on. `about` is the alarm's id."""

    about: Id
    step: Literal["detail", "note", "closed"]
    text: Long = ""
    handle: Short = ""
    contact: MatrixId | None = None
    at: Millis | None = None


class Second(Document, frozen=True):
    """The sender needs a second person for one act; about whom is not said. `over`: not any more."""

    id: Id
    act: Tag
    by: Name
    ends_at: Millis
    state: Literal["open", "over"] = "open"


class Seconded(Document, frozen=True):
    """A coordinator's answer as the second person; counts only from the network that was asked."""

    request: Id
    yes: bool
    by: Short = ""


# --- cards ------------------------------------------------------------------------------------------------


class Cards(Document, frozen=True):
    """A batch of signed cards (see cards.py); each is checked by itself."""

    cards: Annotated[tuple[Json, ...], Meta(min_length=1, max_length=200)]


class Tombstone(Document, frozen=True):
    """These cards are withdrawn, for good: an id never comes back."""

    cards: CardIds


class Checkpoint(Document, frozen=True):
    """What is shared at this point of the stream, and until when it may be kept."""

    count: Count
    digest: Hex32
    lease_until: Millis


class Snapshot(Document, frozen=True):
    """One part of everything that is shared, for a peer that starts or was away too long."""

    id: Id
    part: Count
    parts: Annotated[int, Meta(ge=1, le=1_000_000)]
    digest: Hex32
    data: Annotated[str, Meta(max_length=38_000)]


# --- streams themselves -----------------------------------------------------------------------------------


class OpenEpoch(Document, frozen=True):
    """The sender started, was restored or lost its place: it begins anew after what the peer had applied.

    `continues`: the peer had all of it just now, so that in the stream of cards nothing is repeated.
    """

    closed_epoch: Count
    last_seq: Count
    last_hash: Hex32
    continues: bool = False


class Nothing(Document, frozen=True):
    """Only the receipt in front of it matters."""


class AskHeads(Document, frozen=True):
    """How far have you come with my streams? `mine` says how far I have come with yours.

    A question carries a fresh `nonce`, the answer to it the same in `answers`: whatever follows from a head
    that is *lower* than expected is done only on such an answer, because an old question may arrive late.
    `differs`: the cards I hold of yours are not those your last checkpoint counted, please send all again.
    `card`: who I am now, for a hub that may know none of my keys any more (core/absence.py).
    """

    mine: Heads = ()
    answer: bool = False
    nonce: Id | None = None
    answers: Id | None = None
    differs: bool = False
    card: Json | None = None


class Resend(Document, frozen=True):
    """Please send these again."""

    stream: Stream
    epoch: Count
    first: Annotated[int, Meta(ge=1, le=(1 << 53) - 1)]
    last: Annotated[int, Meta(ge=1, le=(1 << 53) - 1)]

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("the last comes before the first")


class UnknownBody(Document, frozen=True):
    """A type this version does not know: kept, confirmed, ignored."""

    raw: Json


Body: TypeAlias = (
    LinkStep
    | Keys
    | Revoke
    | Alarm
    | Acknowledge
    | Freeze
    | Suspend
    | Heartbeat
    | Watch
    | Introduction
    | Decision
    | Action
    | Second
    | Seconded
    | Cards
    | Tombstone
    | Checkpoint
    | Snapshot
    | OpenEpoch
    | Nothing
    | AskHeads
    | Resend
    | UnknownBody
)

ALL = frozenset(Stream)
URGENT, WORK, CARDS = (frozenset({each}) for each in (Stream.URGENT, Stream.WORK, Stream.CARDS))
KIB = 1 << 10
LARGEST = 40 * KIB - 73
"""What fits the largest size class beside key id, signature and one byte of padding."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One type: its shape, its streams, how long the whole signed JSON may be, and whether it counts.

    Types that do not count (`numbered` false) have sequence number 0: they can be asked at any time, also by
    a hub that no longer knows its own numbers, and change nothing by being repeated.
    """

    shape: object
    streams: frozenset[Stream]
    limit: int
    numbered: bool = True


KINDS: Mapping[str, Kind] = {
    "link": Kind(LinkStep, URGENT, LARGEST),
    "keys": Kind(Keys, URGENT, LARGEST),
    "revoke": Kind(Revoke, URGENT, 15 * KIB),
    "alarm": Kind(Alarm, URGENT, 2 * KIB),
    "acknowledge": Kind(Acknowledge, URGENT, 2 * KIB),
    "freeze": Kind(Freeze, URGENT, LARGEST),
    "suspend": Kind(Suspend, URGENT, 2 * KIB),
    "heartbeat": Kind(Heartbeat, URGENT, 4 * KIB),
    "watch": Kind(Watch, URGENT, LARGEST),
    "introduction": Kind(Introduction, WORK, LARGEST),
    "decision": Kind(Decision, WORK, 2 * KIB),
    "action": Kind(Action, WORK, 15 * KIB),
    "second": Kind(Second, WORK, 2 * KIB),
    "seconded": Kind(Seconded, WORK, 2 * KIB),
    "card": Kind(Cards, CARDS, LARGEST),
    "tombstone": Kind(Tombstone, CARDS, LARGEST),
    "checkpoint": Kind(Checkpoint, CARDS, 2 * KIB),
    "snapshot": Kind(Snapshot, CARDS, LARGEST),
    "epoch": Kind(OpenEpoch, ALL, 2 * KIB),
    "receipt": Kind(Nothing, ALL, 2 * KIB),
    "heads": Kind(AskHeads, URGENT, LARGEST, numbered=False),
    "resend": Kind(Resend, ALL, 2 * KIB, numbered=False),
}


def read_body(kind: str, raw: Json) -> Body | None:
    """The body in its shape; UnknownBody for a type that is not here; None for one that is, misshapen."""
    known = KINDS.get(kind)
    if known is None:
        return UnknownBody(raw=raw)
    try:
        body: Body = convert(raw, known.shape)
    except ValidationError:
        return None
    return body
