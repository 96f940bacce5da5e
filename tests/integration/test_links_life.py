"""Two networks become linked, step by step, and both sides always say the same."""

from __future__ import annotations

from dataclasses import replace

from two_hubs import Neighbours, pair

from hub.federation import links
from hub.store.links import know_network

__all__ = ["pair"]


async def states(pair: Neighbours) -> tuple[str, str]:
    return (await pair.a.link(pair.b)).state, (await pair.b.link(pair.a)).state


async def test_two_networks_meet_compare_words_and_sign(pair: Neighbours) -> None:
    await pair.introduce()
    assert await states(pair) == ("proposed", "proposed")
    assert (await pair.a.link(pair.b)).name == "Réseau du Nord"
    assert (await pair.b.link(pair.a)).name == "Red del Sur"
    async with pair.a.turn() as turn:
        ours = await links.words(turn, pair.b.home, "es")
    async with pair.b.turn() as turn:
        theirs = await links.words(turn, pair.a.home, "es")
    assert ours == theirs
    assert len(ours) == 10
    await pair.compare()
    assert await states(pair) == ("verified", "verified")
    await pair.agree()
    assert await states(pair) == ("active", "active")
    a, b = await pair.a.link(pair.b), await pair.b.link(pair.a)
    assert a.agreement == b.agreement
    assert (a.signed_here, a.signed_there) == (b.signed_there, b.signed_here)


async def test_each_administrator_reads_the_safety_words_in_their_own_language(pair: Neighbours) -> None:
    """The same things in the same places: one reads Spanish, the other Arabic, and each sees the other's."""
    await pair.introduce()
    sides = []
    for here, there, locale, other in ((pair.a, pair.b, "es", "ar"), (pair.b, pair.a, "ar", "es")):
        async with here.turn() as turn:
            await know_network(turn.tx, there.home, name="Otra", languages=(other,))
            reader = replace(turn, viewer=replace(turn.viewer, locale=locale))
            sides.append(await links.words_side_by_side(reader, there.home))
    ours, theirs = sides
    assert [pair[0] for pair in ours] == [pair[1] for pair in theirs]
    assert [pair[1] for pair in ours] == [pair[0] for pair in theirs]
    assert [pair[2] for pair in ours] == [pair[2] for pair in theirs]
    assert ours[0][0] != ours[0][1]


async def test_a_severed_link_purges_both_sides_and_can_begin_anew(pair: Neighbours) -> None:
    await pair.link()
    async with pair.b.turn() as turn:
        assert await links.sever(turn, pair.a.home) == "severed"
    await pair.settle()
    assert await states(pair) == ("severed", "severed")
    await pair.link()
    assert await states(pair) == ("active", "active")


async def test_new_keys_are_announced_and_the_old_private_half_is_gone_after_nine_days(
    pair: Neighbours,
) -> None:
    await pair.link()
    sealing = (await pair.a.link(pair.b)).peer.sealing
    pair.clock.move(days=6)
    await pair.settle(seconds=20)
    assert (await pair.a.link(pair.b)).peer.sealing != sealing
    assert await states(pair) == ("active", "active")
    pair.clock.move(days=3)
    await pair.settle(seconds=20)
    kept = await pair.b.rows(
        "select 1 from hub_keys where purpose = 'sealing' and public = :p", p=bytes.fromhex(sealing)
    )
    assert kept == []


async def test_an_agreement_that_ends_stops_sharing_until_a_new_one_is_signed(pair: Neighbours) -> None:
    await pair.introduce()
    await pair.compare()
    await pair.agree(links.Terms(days=1))
    pair.clock.move(days=1)
    await pair.settle(seconds=20)
    assert await states(pair) == ("verified", "verified")
    await pair.agree()
    assert await states(pair) == ("active", "active")


async def test_the_administrator_sees_each_link_with_what_is_on_the_table(pair: Neighbours) -> None:
    await pair.introduce()
    await pair.compare()
    async with pair.a.turn() as turn:
        await links.propose(turn, pair.b.home, links.Terms())
    await pair.settle()
    async with pair.b.turn() as turn:
        (view,) = await links.links(turn)
    assert (view.signed_here, view.signed_there, view.agreement) == (False, True, ())
    assert "Red del Sur" in str(view.draft[0])
    async with pair.b.turn() as turn:
        await links.sign(turn, pair.a.home)
        (view,) = await links.links(turn)
    assert (view.signed_here, view.draft, bool(view.agreement)) == (True, (), True)
    assert view.state == "active"
