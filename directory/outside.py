"""Outside contacts and their keepers: entering one, asking for something, what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

import msgspec

from directory import audit, members, vocabularies
from directory.core.effects import Tell, Urgency
from directory.core.outside import LONGEST_ASK, Came, MayAsk, Said, checked, is_stale, may_see
from directory.core.rules import may
from directory.core.text import say
from directory.core.viewer import Role
from directory.refusals import BadAnswer, NotYours, TooMany
from directory.store import outside as store
from directory.store.outside import AskRow, ContactRow
from directory.turn import Turn

MOST_OPEN = 5
"""Asks of one person that may wait at the same time."""
MOST_KEPT = 20
"""Contacts of one keeper; the list shows the oldest hundred, and nobody shall push out others'."""
OUTCOMES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """One ask: for its asker and the keeper."""

    id: str
    who: str
    what: str
    came: Came
    outcome: str
    asked_at: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an earlier ask, for whoever thinks of asking: never who asked, nor what."""

    came: Came
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact as the viewer may know it; `said.reach` is empty for everybody but the keeper. `may_hand`:
    the viewer may give it to another keeper."""

    id: str
    keeper: str
    mine: bool
    may_ask: MayAsk
    said: Said
    stale: bool
    confirmed_at: datetime
    outcomes: tuple[Outcome, ...]
    asks: tuple[Asked, ...]
    may_hand: bool


async def contacts(turn: Turn) -> tuple[Contact, ...]:
    """Those the viewer may ask for something, and those they keep. Raises NotYours."""
    if not may("act:outside", turn.viewer):
        raise NotYours
    return tuple([await _shown(turn, row) for row in await store.every(turn.tx) if _sees(turn, row)])


async def keep(turn: Turn, fields: Mapping[str, object], may_ask: MayAsk, contact: str = "") -> str:
    """Enter a contact, or say something else of one that the viewer keeps; its id. Raises NotYours,
    BadAnswer, TooMany."""
    if turn.viewer.member is None or not may("act:outside", turn.viewer):
        raise NotYours
    said = checked(fields, vocabularies.known())
    if not isinstance(said, Said):
        raise BadAnswer(said[1], field=said[0])
    if contact:
        await _kept(turn, contact)
    id = contact or turn.ids()
    sealed = turn.guard.seal_fields("outside_contacts", id, asdict(said))
    values = {"may_ask": may_ask.value, "guarded": sealed, "confirmed_at": turn.now}
    if contact:
        await store.change(turn.tx, id, values)
    else:
        if await store.kept_by(turn.tx, turn.viewer.member) >= MOST_KEPT:
            text = say("You keep {most} contacts already. Hand one on or take one out first.", most=MOST_KEPT)
            raise TooMany(text)
        await store.add(turn.tx, {**values, "id": id, "keeper": turn.viewer.member, "since": turn.now})
    return id


async def confirm(turn: Turn, contact: str) -> None:
    """The keeper says that it still holds. Raises NotYours."""
    row = await _kept(turn, contact)
    await store.change(turn.tx, row.id, {"confirmed_at": turn.now})


async def hand(turn: Turn, contact: str, handle: str) -> None:
    """Somebody else keeps it from now on, reads how to reach them, and is told. By the keeper, or by a
    coordinator while the keeper can do nothing here. Raises NotYours, BadAnswer."""
    row = await store.load(turn.tx, contact)
    if row is None or not may("act:outside", turn.viewer):
        raise NotYours
    if not _may_hand(turn, row):
        raise NotYours
    keeper = await members.find_handle(turn, handle)
    if keeper is None:
        raise BadAnswer(say("There is nobody of this name here."), field="handle")
    await store.change(turn.tx, row.id, {"keeper": keeper})
    if not _keeps(turn, row):
        await audit.note(turn, "outside-handed", row.keeper)
    text = say("You keep a contact outside the network from now on: {name}.", name=_said(turn, row).name)
    await turn.record(Tell(keeper, text, Urgency.ANSWER))


async def forget(turn: Turn, contact: str) -> None:
    """The keeper takes it out, with all that was asked of it. Raises NotYours."""
    row = await _kept(turn, contact)
    await store.forget(turn.tx, row.id)


async def ask(turn: Turn, contact: str, what: str) -> str:
    """Ask the keeper for something of this contact. Raises NotYours, BadAnswer, TooMany."""
    row, asker = await store.load(turn.tx, contact), turn.viewer.member
    if row is None or asker is None or not may("act:outside", turn.viewer) or not _sees(turn, row):
        raise NotYours
    words = what.strip()
    if not words or len(words) > LONGEST_ASK:
        raise BadAnswer(
            say("Please say in at most {most} letters what is needed.", most=LONGEST_ASK), field="what"
        )
    if await store.open_of(turn.tx, asker) >= MOST_OPEN:
        raise TooMany
    id = turn.ids()
    sealed = turn.guard.seal_fields("outside_asks", id, {"what": words, "outcome": ""})
    values = {"id": id, "contact": row.id, "asker": asker, "state": Came.ASKED.value, "guarded": sealed}
    await store.add_ask(turn.tx, {**values, "asked_at": turn.now})
    handle = await members.handle_of(turn.tx, asker)
    text = say("{handle} asks you for something of a contact you keep. Write “outside”.", handle=handle)
    await turn.record(Tell(row.keeper, text, Urgency.ANSWER, wakes=True))
    return id


async def settle(turn: Turn, asked: str, came: Came, outcome: str = "") -> None:
    """The keeper says what came of it: everybody who may ask reads that, not who asked. Raises NotYours,
    BadAnswer."""
    row = await store.load_ask(turn.tx, asked)
    if row is None or came is Came.ASKED:
        raise NotYours
    await _kept(turn, row.contact)
    if len(outcome) > LONGEST_ASK:
        raise BadAnswer(say("Please say it in at most {most} letters.", most=LONGEST_ASK), field="outcome")
    said = {**turn.guard.open_fields("outside_asks", row.id, row.guarded), "outcome": outcome.strip()}
    sealed = turn.guard.seal_fields("outside_asks", row.id, said)
    values = {"state": came.value, "guarded": sealed, "settled_at": turn.now}
    await store.change_ask(turn.tx, row.id, values)
    if row.asker is not None and row.asker != turn.viewer.member:
        text = say("There is an answer to what you asked of a contact outside. Write “outside”.")
        await turn.record(Tell(row.asker, text, Urgency.ANSWER, wakes=True))


def _keeps(turn: Turn, row: ContactRow) -> bool:
    return turn.viewer.member is not None and row.keeper == turn.viewer.member


def _may_hand(turn: Turn, row: ContactRow) -> bool:
    return _keeps(turn, row) or (row.left and turn.viewer.may_act_as(Role.COORDINATOR))


def _sees(turn: Turn, row: ContactRow) -> bool:
    keeps = _keeps(turn, row)
    return may_see(MayAsk(row.may_ask), keeper=keeps, left=row.left, roles=turn.viewer.roles)


async def _kept(turn: Turn, contact: str) -> ContactRow:
    row = await store.load(turn.tx, contact)
    if row is None or not _keeps(turn, row) or not may("act:outside", turn.viewer):
        raise NotYours
    return row


def _said(turn: Turn, row: ContactRow) -> Said:
    return msgspec.convert(turn.guard.open_fields("outside_contacts", row.id, row.guarded), type=Said)


async def _shown(turn: Turn, row: ContactRow) -> Contact:
    mine, said = _keeps(turn, row), _said(turn, row)
    asks = [_asked(turn, one) for one in await store.asks(turn.tx, row.id, store.MOST)]
    settled = [one for one in asks if one[0].came in (Came.HELPED, Came.NOT_HELPED)]
    return Contact(
        row.id,
        row.handle,
        mine,
        MayAsk(row.may_ask),
        said if mine else replace(said, reach=""),
        is_stale(row.confirmed_at, turn.now),
        row.confirmed_at,
        tuple(Outcome(one.came, one.outcome, at) for one, at in settled[:OUTCOMES_SHOWN]),
        tuple(one for one, _ in asks if mine or one.mine),
        _may_hand(turn, row),
    )


def _asked(turn: Turn, row: AskRow) -> tuple[Asked, datetime]:
    said = turn.guard.open_fields("outside_asks", row.id, row.guarded)
    mine = row.asker is not None and row.asker == turn.viewer.member
    shown = Asked(
        row.id,
        row.handle or "",
        str(said.get("what", "")),
        Came(row.state),
        str(said.get("outcome", "")),
        row.asked_at,
        mine,
    )
    return shown, row.settled_at or row.asked_at
