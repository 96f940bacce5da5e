"""Two networks become linked, step by step, and both sides always say the same."""

from __future__ import annotations

from two_hubs import Neighbours, pair

from hub.federation import links

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
