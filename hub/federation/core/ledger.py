"""What became of one card at one linked network, as one table: the side that shares.

The same words are shown to both sides and to the member: shared, narrowed, withdrawn, and whether it was
confirmed. A confirmation is a signed receipt for the envelope that carried it, nothing less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Shared(StrEnum):
    """State of one (network, card)."""

    DIRTY = "dirty"
    SENT = "sent"
    CONFIRMED = "confirmed"
    NARROWED = "narrowed"
    WITHDRAWING = "withdrawing"
    WITHDRAWAL_SENT = "withdrawal sent"
    WITHDRAWN = "withdrawn"


class Happened(StrEnum):
    """What happens to it. SENT is the writing of an envelope that carries the newest state.

    RECEIPT is a receipt whose number covers that envelope; a receipt for an earlier one is none. LOST: the
    peer began anew without what it had.
    """

    CHANGED = "changed"
    NARROWED = "narrowed"
    WITHDRAWN = "withdrawn"
    SENT = "sent"
    RECEIPT = "receipt"
    LOST = "lost"


MOVES: Mapping[tuple[Shared, Happened], Shared] = {
    (Shared.DIRTY, Happened.CHANGED): Shared.DIRTY,
    (Shared.DIRTY, Happened.NARROWED): Shared.NARROWED,
    (Shared.DIRTY, Happened.WITHDRAWN): Shared.WITHDRAWING,
    (Shared.DIRTY, Happened.SENT): Shared.SENT,
    (Shared.DIRTY, Happened.RECEIPT): Shared.DIRTY,
    (Shared.DIRTY, Happened.LOST): Shared.DIRTY,
    (Shared.NARROWED, Happened.CHANGED): Shared.NARROWED,
    (Shared.NARROWED, Happened.NARROWED): Shared.NARROWED,
    (Shared.NARROWED, Happened.WITHDRAWN): Shared.WITHDRAWING,
    (Shared.NARROWED, Happened.SENT): Shared.SENT,
    (Shared.NARROWED, Happened.RECEIPT): Shared.NARROWED,
    (Shared.NARROWED, Happened.LOST): Shared.NARROWED,
    (Shared.SENT, Happened.CHANGED): Shared.DIRTY,
    (Shared.SENT, Happened.NARROWED): Shared.NARROWED,
    (Shared.SENT, Happened.WITHDRAWN): Shared.WITHDRAWING,
    (Shared.SENT, Happened.RECEIPT): Shared.CONFIRMED,
    (Shared.SENT, Happened.LOST): Shared.DIRTY,
    (Shared.CONFIRMED, Happened.CHANGED): Shared.DIRTY,
    (Shared.CONFIRMED, Happened.NARROWED): Shared.NARROWED,
    (Shared.CONFIRMED, Happened.WITHDRAWN): Shared.WITHDRAWING,
    (Shared.CONFIRMED, Happened.RECEIPT): Shared.CONFIRMED,
    (Shared.CONFIRMED, Happened.LOST): Shared.DIRTY,
    (Shared.WITHDRAWING, Happened.WITHDRAWN): Shared.WITHDRAWING,
    (Shared.WITHDRAWING, Happened.SENT): Shared.WITHDRAWAL_SENT,
    (Shared.WITHDRAWING, Happened.RECEIPT): Shared.WITHDRAWING,
    (Shared.WITHDRAWING, Happened.LOST): Shared.WITHDRAWING,
    (Shared.WITHDRAWAL_SENT, Happened.WITHDRAWN): Shared.WITHDRAWAL_SENT,
    (Shared.WITHDRAWAL_SENT, Happened.RECEIPT): Shared.WITHDRAWN,
    (Shared.WITHDRAWAL_SENT, Happened.LOST): Shared.WITHDRAWING,
    (Shared.WITHDRAWN, Happened.WITHDRAWN): Shared.WITHDRAWN,
    (Shared.WITHDRAWN, Happened.RECEIPT): Shared.WITHDRAWN,
    (Shared.WITHDRAWN, Happened.LOST): Shared.WITHDRAWING,
}
"""A withdrawn card never comes back under its id: sharing again is a new card with a new random id."""


class IllegalMove(Exception):
    """This card was withdrawn here; sharing it again needs a new card."""


def step(now: Shared, happened: Happened) -> Shared:
    """The next state. Raises IllegalMove where the table knows no way."""
    try:
        return MOVES[now, happened]
    except KeyError:
        raise IllegalMove(f"{happened} while {now}") from None


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an unanswered withdrawal may wait before it turns red, and before the link is suspended."""

    red: timedelta = timedelta(hours=1)
    suspend: timedelta = timedelta(hours=24)


class Waiting(StrEnum):
    """How a withdrawal stands that no receipt covers yet."""

    PATIENT = "waiting"
    RED = "red"
    SUSPEND = "suspend"


def overdue(state: Shared, since: datetime, now: datetime, patience: Patience) -> Waiting | None:
    """None when nothing is being withdrawn; else how long that has gone unanswered since `since`."""
    if state not in (Shared.WITHDRAWING, Shared.WITHDRAWAL_SENT):
        return None
    waited = now - since
    if waited >= patience.suspend:
        return Waiting.SUSPEND
    return Waiting.RED if waited >= patience.red else Waiting.PATIENT
