"""A checkpoint says what is shared: what is held here is compared with it, and mended without end or loop."""

from __future__ import annotations

from people import a_member, an_organisation, seen_as
from two_hubs import AHub, Neighbours, pair

from directory import consent, sharing
from directory.core.effects import CardChanged
from directory.sharing import LedgerRow
from hub.federation import links

__all__ = ["pair"]

PROFILE = {"country": "GT", "issues": ("land-and-territory",), "languages": ("es",)}


async def say_yes(here: AHub, member: str, there: AHub) -> None:
    async with here.turn(await seen_as(here, member, word=True)) as turn:
        await consent.say_yes(turn, there.home, "page")


async def held_at(hub: AHub) -> list[str]:
    """Titles of the cards a hub holds of others."""
    found = await hub.rows("select body->>'title' from cards where member is null order by 1")
    return [str(row[0]) for row in found]


async def spoil(hub: AHub, statement: str) -> None:
    async with hub.turn() as turn:
        await turn.tx.exec_driver_sql(statement)


async def a_day(pair: Neighbours) -> None:
    """The next checkpoint, and what follows from it."""
    pair.clock.move(hours=24)
    await pair.settle(seconds=20)


async def card_epoch(hub: AHub) -> int:
    rows = await hub.rows("select epoch from heads where direction = 'out' and stream = 'cards'")
    return int(str(rows[0][0]))


async def given(here: AHub, there: AHub) -> dict[str | None, LedgerRow]:
    async with here.turn() as turn:
        rows = await sharing.ledger(turn, there.home)
    return {row.title: row for row in rows if row.direction == "given"}


async def test_what_is_held_is_what_was_counted_and_nothing_begins_anew(pair: Neighbours) -> None:
    await pair.link()
    xochitl = await a_member(pair.b, "Xochitl77", **PROFILE)
    await say_yes(pair.b, xochitl, pair.a)
    await pair.settle()
    for _ in range(3):
        await a_day(pair)
    assert await held_at(pair.a) == ["Xochitl77"]
    assert await card_epoch(pair.b) == 0
    ((lease,),) = await pair.a.rows("select lease_until from cards where member is null")
    assert lease > pair.clock.move(days=6)


async def test_a_card_that_got_lost_here_is_asked_for_after_the_next_checkpoint(pair: Neighbours) -> None:
    await pair.link()
    for name in ("Xochitl77", "Itzel"):
        await say_yes(pair.b, await a_member(pair.b, name, **PROFILE), pair.a)
    await pair.settle()
    await spoil(pair.a, "delete from cards where body->>'title' = 'Itzel'")
    await spoil(pair.a, "update cards set body = jsonb_set(body, '{title}', '\"Old\"') where member is null")
    await spoil(pair.a, "update holdings set version = version - 1")
    await a_day(pair)
    assert await held_at(pair.a) == ["Itzel", "Xochitl77"]
    began = await card_epoch(pair.b)
    assert began > 0
    for _ in range(2):
        await a_day(pair)
    assert await card_epoch(pair.b) == began, "what was mended is asked for again"


async def test_a_difference_that_repeating_cannot_mend_is_asked_about_once_a_day(pair: Neighbours) -> None:
    await pair.link()
    await say_yes(pair.b, await a_member(pair.b, "Xochitl77", **PROFILE), pair.a)
    await pair.settle()
    await spoil(pair.a, "update holdings set state = 'withdrawn'")
    await spoil(pair.a, "delete from cards where member is null")
    begun, already = set(), len(pair.seen)
    for _ in range(4):
        await a_day(pair)
        begun.add(await card_epoch(pair.b))
    assert len(begun) <= 4
    assert len(pair.seen) - already < 4 * 40
    assert await held_at(pair.a) == [], "what was withdrawn never comes back"


async def test_a_narrower_agreement_takes_people_back_with_a_receipt_and_leaves_organisations(
    pair: Neighbours,
) -> None:
    await pair.link()
    casa = await an_organisation(pair.b, "Casa Abierta", country="GT")
    async with pair.b.turn() as turn:
        await turn.record(CardChanged(casa))
    await say_yes(pair.b, await a_member(pair.b, "Xochitl77", **PROFILE), pair.a)
    await pair.settle()
    assert await held_at(pair.a) == ["Casa Abierta", "Xochitl77"]
    await pair.agree(links.Terms(they_share=frozenset({"organisation", "bot"})))
    assert await held_at(pair.a) == ["Casa Abierta"]
    assert "Xochitl77" not in await pair.a.everything()
    ledger = await given(pair.b, pair.a)
    assert ledger["Casa Abierta"].state == "shared"
    assert ledger[None].state == "withdrawn"
    assert ledger[None].withdrawal_confirmed_at is not None
    await pair.agree(links.Terms(they_share=frozenset({"person"})))
    assert await held_at(pair.a) == ["Xochitl77"], "her yes stands, and organisations are taken back"


async def test_both_propose_at_once_and_sign_the_others_and_both_end_under_the_same_agreement(
    pair: Neighbours,
) -> None:
    await pair.introduce()
    await pair.compare()
    for days in (300, 200):
        for here, there, more in ((pair.a, pair.b, 1), (pair.b, pair.a, 2)):
            async with here.turn() as turn:
                await links.propose(turn, there.home, links.Terms(days=days + more))
        await pair.carry()
        for here, there in ((pair.a, pair.b), (pair.b, pair.a)):
            async with here.turn() as turn:
                await links.sign(turn, there.home)
        await pair.settle()
        a, b = await pair.a.link(pair.b), await pair.b.link(pair.a)
        assert (a.state, b.state) == ("active", "active")
        assert a.agreement == b.agreement
        assert (a.signed_here, a.signed_there) == (b.signed_there, b.signed_here)
        async with pair.a.turn() as turn:
            (view,) = await links.links(turn)
        assert (view.draft, bool(view.agreement)) == ((), True)


async def test_a_proposal_that_crossed_with_a_signature_is_not_on_the_table(pair: Neighbours) -> None:
    await pair.introduce()
    await pair.compare()
    async with pair.a.turn() as turn:
        await links.propose(turn, pair.b.home, links.Terms(days=100))
    await pair.carry()
    async with pair.b.turn() as turn:
        await links.sign(turn, pair.a.home)
    async with pair.a.turn() as turn:
        await links.propose(turn, pair.b.home, links.Terms(days=200))
    await pair.settle()
    a, b = await pair.a.link(pair.b), await pair.b.link(pair.a)
    assert (a.state, b.state, a.agreement) == ("active", "active", b.agreement)
    for hub in (pair.a, pair.b):
        async with hub.turn() as turn:
            (view,) = await links.links(turn)
        assert view.draft == ()
    await pair.agree(links.Terms(days=200))
    a, b = await pair.a.link(pair.b), await pair.b.link(pair.a)
    assert a.agreement == b.agreement
    assert a.ends_at is not None
    assert (a.ends_at - pair.clock()).days >= 199
