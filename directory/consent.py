"""A member's yes to being shown to one linked network by name; what it would show; and taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from directory import apart, cards
from directory.core.cards import Body
from directory.core.effects import CardChanged
from directory.core.rules import may
from directory.core.text import say
from directory.refusals import NeedsWord, NotYours, Refusal
from directory.store import audiences, consents, networks, shares
from directory.store.networks import NetworkRow
from directory.turn import Turn

LASTS = timedelta(days=365)
"""How long a yes holds; whoever gave it is asked in time whether it shall go on (directory/going_on.py)."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One network a member is shown to, or was. `holds` is whether it still may hold a copy."""

    network: str
    name: str
    given_at: datetime
    withdrawn_at: datetime | None
    given_confirmed_at: datetime | None
    withdrawal_confirmed_at: datetime | None
    holds: bool
    ends_at: datetime | None = None


async def preview(turn: Turn, network: str) -> Body:
    """Exactly the card that this network would hold after a yes. Raises NotYours or Refusal."""
    return await preview_of(turn, turn.viewer.member or "", network)


async def preview_of(turn: Turn, member: str, network: str) -> Body:
    """The same of another entry, for callers who have judged already."""
    row = await _asked(turn, network)
    entry = await cards.entry_of(turn, member)
    body = cards.body_for(entry, row, said_yes=True)
    if body is None:
        raise Refusal(
            say(
                "There is nothing to show to {network}: the agreement with it, or your own settings, say no.",
                network=row.name,
            )
        )
    return body


async def say_yes(turn: Turn, network: str, asked_how: str) -> None:
    """Be shown to this network's members from now on. `asked_how`: "chat", "page", or how a connector did.

    It holds for a year. Widening needs the member's word; said again while it stands, it goes on for another
    year and needs none. Raises NotYours, NeedsWord, Refusal.
    """
    await preview(turn, network)
    member = turn.viewer.member or ""
    if network in await consents.standing(turn.tx, member):
        await give(turn, member, network, asked_how)
        return
    if await apart.refuses(turn, member, network, None):
        raise Refusal(say("You named this network as never to be brought together with you."))
    if not turn.viewer.gave_word(turn.now):
        raise NeedsWord
    await give(turn, member, network, asked_how)


async def give(turn: Turn, member: str, network: str, asked_how: str) -> None:
    """The deed of `say_yes`, for callers who have judged already."""
    ends = turn.now + LASTS
    if network in await consents.standing(turn.tx, member):
        again = {"renewed_at": turn.now, "ends_at": ends, "told_at": None, "asked_how": asked_how}
        await consents.renew(turn.tx, member, network, {**again, "locale": turn.viewer.locale})
        return
    yes = consents.ConsentRow(
        id=turn.ids(),
        member=member,
        network=network,
        purpose=consents.SHOWN,
        asked_how=asked_how,
        locale=turn.viewer.locale,
        given_at=turn.now,
        withdrawn_at=None,
        ends_at=ends,
    )
    await consents.add(turn.tx, yes)
    await turn.record(CardChanged(member))


async def withdraw(turn: Turn, network: str) -> None:
    """Be shown to this network no more. Needs no word, works while the link is down, and may be repeated."""
    member = turn.viewer.member
    if member is None or not may("act:withdraw", turn.viewer):
        raise NotYours
    await consents.take_back(turn.tx, member, network, turn.now)
    await audiences.drop_network(turn.tx, member, network)
    await turn.record(CardChanged(member))


async def mine(turn: Turn) -> tuple[Shown, ...]:
    """Every network the member ever said yes to, with what that network confirmed; the newest first."""
    member = turn.viewer.member
    if member is None or not may("act:withdraw", turn.viewer):
        raise NotYours
    given = await shares.of_member(turn.tx, member)
    found = []
    for yes in await consents.of(turn.tx, member):
        copies = [share for share in given if share.network == yes.network]
        found.append(await _shown(turn, yes, copies))
    return tuple(found)


async def _asked(turn: Turn, network: str) -> NetworkRow:
    row = await networks.load(turn.tx, network)
    if row is None or row.home or row.state != "active" or not may("act:consent", turn.viewer):
        raise NotYours
    return row


async def _shown(turn: Turn, yes: consents.ConsentRow, copies: list[shares.ShareRow]) -> Shown:
    row = await networks.load(turn.tx, yes.network)
    open_ones = [copy for copy in copies if copy.withdrawal_confirmed_at is None and copy.shared_at]
    newest = max(copies, key=lambda copy: copy.shared_at or yes.given_at, default=None)
    return Shown(
        network=yes.network,
        name=row.name if row else "",
        given_at=yes.given_at,
        withdrawn_at=yes.withdrawn_at,
        given_confirmed_at=newest.confirmed_at if newest else None,
        withdrawal_confirmed_at=newest.withdrawal_confirmed_at if newest else None,
        holds=bool(open_ones),
        ends_at=yes.ends_at if yes.withdrawn_at is None else None,
    )
