"""Cards cross by a yes, and a withdrawal is proved on both sides."""

from __future__ import annotations

from people import a_member, seen_as
from two_hubs import AHub, Neighbours, pair

from directory import consent, sharing
from directory.core.effects import CardChanged
from directory.sharing import LedgerRow
from directory.store import members
from hub.federation import links

__all__ = ["pair"]

PROFILE = {"country": "GT", "issues": ("land-and-territory",), "languages": ("es",)}


async def say_yes(here: AHub, member: str, there: AHub) -> None:
    async with here.turn(await seen_as(here, member, word=True)) as turn:
        await consent.say_yes(turn, there.home, "page")


async def withdraw(here: AHub, member: str, there: AHub) -> None:
    async with here.turn(await seen_as(here, member)) as turn:
        await consent.withdraw(turn, there.home)


async def held_at(hub: AHub) -> list[str]:
    """Titles of the cards a hub holds of others."""
    found = await hub.rows("select body->>'title' from cards where member is null order by 1")
    return [str(row[0]) for row in found]


async def ledger(here: AHub, there: AHub) -> tuple[LedgerRow, ...]:
    async with here.turn() as turn:
        return await sharing.ledger(turn, there.home)


async def test_a_person_is_seen_by_a_linked_network_only_after_their_own_yes(pair: Neighbours) -> None:
    await pair.link()
    xochitl = await a_member(pair.b, "Xochitl77", **PROFILE)
    await pair.settle()
    assert await held_at(pair.a) == []
    await say_yes(pair.b, xochitl, pair.a)
    await pair.settle()
    assert await held_at(pair.a) == ["Xochitl77"]
    (row,) = await ledger(pair.b, pair.a)
    assert row.confirmed_at is not None


async def test_a_withdrawal_is_confirmed_on_both_ledgers_and_nothing_of_the_person_stays(
    pair: Neighbours,
) -> None:
    await pair.link()
    xochitl = await a_member(pair.b, "Xochitl77", **PROFILE)
    await say_yes(pair.b, xochitl, pair.a)
    await pair.settle()
    assert "Xochitl77" in await pair.a.everything()
    began = pair.clock()
    await withdraw(pair.b, xochitl, pair.a)
    await pair.settle(seconds=2)
    (given,) = await ledger(pair.b, pair.a)
    (held,) = await ledger(pair.a, pair.b)
    assert given.state == held.state == "withdrawn"
    assert given.withdrawal_confirmed_at is not None
    assert (given.withdrawal_confirmed_at - began).total_seconds() < 2
    assert await held_at(pair.a) == []
    assert "Xochitl77" not in await pair.a.everything()
    carried = await pair.a.rows("select count(*) from envelopes where cards <> '{}' and guarded is not null")
    assert carried == [(0,)], "an envelope that carried the card can still be opened"


async def test_organisations_cross_as_agreed_and_a_kind_nobody_agreed_to_does_not(pair: Neighbours) -> None:
    async with pair.b.turn() as turn:
        listed = {"id": turn.ids(), "kind": "organisation", "state": "listed", "title": "Casa Abierta"}
        where = {"country": "GT", "issues": ["land-and-territory"], "since": turn.now}
        await members.insert_member(turn.tx, listed | where)
        await turn.record(CardChanged(listed["id"]))
    await pair.introduce()
    await pair.compare()
    await pair.agree(links.Terms(they_share=frozenset({"person"})))
    await pair.settle()
    assert await held_at(pair.a) == []
    await pair.agree()
    await pair.settle()
    assert await held_at(pair.a) == ["Casa Abierta"]


async def test_a_withdrawal_crosses_a_paused_link_too(pair: Neighbours) -> None:
    await pair.link()
    xochitl = await a_member(pair.b, "Xochitl77", **PROFILE)
    await say_yes(pair.b, xochitl, pair.a)
    await pair.settle()
    async with pair.a.turn() as turn:
        await links.suspend(turn, pair.b.home)
    await pair.settle()
    await withdraw(pair.b, xochitl, pair.a)
    await pair.settle()
    assert await held_at(pair.a) == []
    (given,) = await ledger(pair.b, pair.a)
    assert given.withdrawal_confirmed_at is not None


async def test_a_withdrawal_that_was_lost_on_the_way_arrives_when_the_way_is_free(pair: Neighbours) -> None:
    await pair.link()
    xochitl = await a_member(pair.b, "Xochitl77", **PROFILE)
    await say_yes(pair.b, xochitl, pair.a)
    await pair.settle()
    pair.change = lambda _: []
    await withdraw(pair.b, xochitl, pair.a)
    await pair.settle(seconds=5)
    assert await held_at(pair.a) == ["Xochitl77"]
    pair.change = list
    await pair.settle(seconds=30)
    assert await held_at(pair.a) == []
    (given,) = await ledger(pair.b, pair.a)
    assert given.withdrawal_confirmed_at is not None
