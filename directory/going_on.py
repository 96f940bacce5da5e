"""What ends by itself unless somebody says that it goes on: a yes to a linked network, and a card.

Asked in time, by letter. A yes that nobody renews is over when its year is; a card of which its owner has not
said for a year that it holds is not shown any more. Nothing else of a person rests with their card.
"""

from __future__ import annotations

from datetime import timedelta

from directory import carried, consent
from directory.core.effects import CardChanged, Tell
from directory.core.rules import may
from directory.core.text import say
from directory.refusals import NeedsWord, NotYours
from directory.store import audiences, consents, roles
from directory.store import members as rows
from directory.store.consents import ConsentRow
from directory.turn import Turn

ASKED_BEFORE = timedelta(days=21)
"""So long before its end somebody is asked."""
CARD_HOLDS = timedelta(days=365)
YES_AGAIN = "consent-again"
"""The question whether a yes goes on; context: {"network": id}. 1 = yes, 0 = no."""
RIGHT = "card-right"
"""The question whether one's card still holds. 1 = yes, 0 = it is shown no more."""
AT_ONCE = 200
"""So many are asked an hour: a restored hub does not write to everybody in one minute."""


async def go_on(turn: Turn, network: str, asked_how: str) -> None:
    """The viewer's standing yes goes on for a year. Needs no word: nobody sees more. Raises NotYours."""
    member = turn.viewer.member
    if member is None or not may("act:consent", turn.viewer):
        raise NotYours
    if network not in await consents.standing(turn.tx, member):
        raise NotYours
    await consent.give(turn, member, network, asked_how)


async def still_right(turn: Turn) -> None:
    """The viewer's card holds as it is, for another year. A card that rested is shown again: that needs the
    word. Raises NotYours, NeedsWord."""
    row = await rows.load(turn.tx, turn.viewer.member or "", lock=True)
    if row is None or row.state != "active" or not may("act:consent", turn.viewer):
        raise NotYours
    if row.dormant_at is not None and not turn.viewer.gave_word(turn.now):
        raise NeedsWord
    said = {"confirmed_at": turn.now, "still_asked_at": None, "dormant_at": None}
    await rows.change(turn.tx, row.id, said)
    await turn.record(CardChanged(row.id))


async def rest(turn: Turn) -> None:
    """The viewer's card is shown to nobody from now on, until they say that it holds. Raises NotYours."""
    row = await rows.load(turn.tx, turn.viewer.member or "", lock=True)
    if row is None or row.state != "active" or not may("act:consent", turn.viewer):
        raise NotYours
    await _rest(turn, row.id)


async def rests(turn: Turn) -> bool:
    """Is the viewer's own card shown to nobody?"""
    row = await rows.load(turn.tx, turn.viewer.member or "")
    return row is not None and row.dormant_at is not None


async def tend(turn: Turn) -> None:
    """By the clock, hourly: whom to ask, and what is over."""
    for yes in await consents.to_tell(turn.tx, turn.now + ASKED_BEFORE, AT_ONCE):
        await _ask(turn, yes)
    for yes in await consents.over(turn.tx, turn.now, AT_ONCE):
        await _end(turn, yes)
    for member in await rows.to_ask_still(turn.tx, turn.now - (CARD_HOLDS - ASKED_BEFORE), AT_ONCE):
        await _ask_still(turn, member)
    for member in await rows.to_rest(turn.tx, turn.now - ASKED_BEFORE, AT_ONCE):
        await _rest(turn, member)
        text = say("Your card is shown to nobody now: you did not say that it is right. Write: card is right")
        await turn.record(Tell(member, text))


async def _ask(turn: Turn, yes: ConsentRow) -> None:
    name, day = await rows.network_name(turn.tx, yes.network), (yes.ends_at or turn.now).date()
    await consents.renew(turn.tx, yes.member, yes.network, {"told_at": turn.now})
    row = await rows.load(turn.tx, yes.member)
    if row is not None and row.kind == "community":
        text = say(
            "{network} sees {community} until {day}. To go on, decide it again on the page of communities.",
            network=name,
            community=row.name,
            day=day,
        )
        for one in await roles.spokespersons_of(turn.tx, row.id):
            await turn.record(Tell(one, text))
        return
    text = say("{network} sees you until {day}. Shall it go on? 1 = yes, 0 = no", network=name, day=day)
    await turn.record(Tell(yes.member, text, question=YES_AGAIN, context={"network": yes.network}))


async def _end(turn: Turn, yes: ConsentRow) -> None:
    await consents.take_back(turn.tx, yes.member, yes.network, turn.now)
    await audiences.drop_network(turn.tx, yes.member, yes.network)
    await turn.record(CardChanged(yes.member))
    name = await rows.network_name(turn.tx, yes.network)
    row = await rows.load(turn.tx, yes.member)
    if row is not None and row.kind == "person":
        text = say("{network} no longer sees you: your yes has ended after a year.", network=name)
        await turn.record(Tell(yes.member, text))


async def _ask_still(turn: Turn, member: str) -> None:
    await rows.change(turn.tx, member, {"still_asked_at": turn.now})
    if await carried.is_carried(turn, member):
        return  # their carrier is asked, earlier than this
    text = say(
        "Is what your card says still right? To read it, write: card. 1 = it is right, 0 = show it to nobody."
        " Without an answer nobody sees it in three weeks."
    )
    await turn.record(Tell(member, text, question=RIGHT))


async def _rest(turn: Turn, member: str) -> None:
    await rows.change(turn.tx, member, {"dormant_at": turn.now})
    await turn.record(CardChanged(member))
