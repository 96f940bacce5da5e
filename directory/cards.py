"""Cards follow their members: the home card is rewritten, and linked networks' copies marked for sending.

`refresh` is what the effect CardChanged does (hub/effects.py), in the same transaction as the change.
"""

from __future__ import annotations

import msgspec

from directory import crypto, vocabularies
from directory.core.audiences import Audience, setting_of
from directory.core.cards import Body, Entry, home_body, shared_body, tags
from directory.store import audiences, consents, networks, shares
from directory.store import cards as store
from directory.store import members as rows
from directory.store.networks import NetworkRow
from directory.store.shares import ShareRow
from directory.turn import Turn

_WIDE = frozenset({Audience.NETWORK, Audience.NAMED, Audience.LINKED})


async def refresh(turn: Turn, member: str) -> None:
    """Make every card of this member say what it should now; withdraw those that should not be any more."""
    entry = await entry_of(turn, member)
    await _refresh_home(turn, member, entry)
    yes = await consents.standing(turn.tx, member) if entry is not None else frozenset()
    known = {share.network: share for share in await shares.of_member(turn.tx, member) if _is_open(share)}
    # Of a person nothing goes where there is no yes; organisations and bots may go anywhere.
    asked = None if entry is not None and entry.is_public else {*yes, *known}
    for network in await networks.linked(turn.tx) if asked is None or asked else ():
        if asked is None or network.id in asked:
            body = body_for(entry, network, said_yes=network.id in yes)
            await _refresh_share(turn, member, network.id, known.get(network.id), body)


async def entry_of(turn: Turn, member: str) -> Entry | None:
    """A member as cards are made from it; None when gone. Opens marked issues only where they may be seen."""
    row = await rows.load(turn.tx, member)
    if row is None:
        return None
    chosen = await audiences.chosen(turn.tx, member)
    marked: tuple[str, ...] = ()
    if row.guarded is not None and setting_of("marked_issues", chosen).audience in _WIDE:
        opened = turn.guard.open_fields("members", member, row.guarded).get("marked_issues")
        marked = tuple(map(str, opened)) if isinstance(opened, list) else ()
    return Entry(
        id=row.id,
        kind=row.kind,
        state=row.state if row.dormant_at is None else "dormant",
        title=row.name,
        acronym=row.acronym,
        country=row.country,
        works_in=row.works_in,
        issues=row.issues,
        marked_issues=marked,
        languages=row.languages,
        offers=row.offers,
        website=row.website,
        purpose=row.purpose,
        confirmed_at=row.confirmed_at,
        audiences=chosen,
    )


def body_for(entry: Entry | None, network: NetworkRow, *, said_yes: bool, card: str = "") -> Body | None:
    """What one linked network gets of an entry, if anything."""
    if entry is None:
        return None
    return shared_body(
        entry, card, network.id, vocabularies.known(), said_yes=said_yes, shares=network.shares
    )


def digest_of(body: Body) -> bytes:
    """What tells two bodies of one card apart; the card's own id does not count."""
    return crypto.hash32("card-body", msgspec.json.encode({**body, "id": ""}, order="sorted"))


def _is_open(share: ShareRow) -> bool:
    return share.state != shares.WITHDRAWN


async def _refresh_home(turn: Turn, member: str, entry: Entry | None) -> None:
    known = vocabularies.known()
    old = await store.of_member(turn.tx, member)
    card = old.id if old else turn.ids()
    body = home_body(entry, card, known) if entry else None
    if entry is None or body is None:
        await store.drop_home(turn.tx, member)
        return
    fresh_at = entry.confirmed_at or (old.fresh_at if old else turn.now)
    row = store.CardRow(card, turn.home, member, entry.kind, body, fresh_at, None)
    await store.put_home(turn.tx, row, tags(body, known), new=old is None)


async def _refresh_share(
    turn: Turn, member: str, network: str, share: ShareRow | None, body: Body | None
) -> None:
    if share is None:
        if body is not None:
            await shares.begin(turn.tx, turn.ids(), network, member)
    elif body is None:
        await withdraw(turn, share)
    elif share.state == shares.WITHDRAWING or _says_other(share, body):
        await shares.mark(turn.tx, share.card, shares.DIRTY, newer=True)


def _says_other(share: ShareRow, body: Body) -> bool:
    return share.state == shares.SHARED and share.digest != digest_of(body)


async def withdraw(turn: Turn, share: ShareRow) -> None:
    """Take one card back from the network that has it, or forget it when nothing of it ever crossed."""
    if share.shared_at is None:
        await shares.forget_unsent(turn.tx, share.card)
    elif share.state != shares.WITHDRAWING:
        await shares.mark(turn.tx, share.card, shares.WITHDRAWING)
