"""What an administrator reads of a link, and a member of what she took back, as it changes."""

from __future__ import annotations

from conftest import Clock
from people import a_member, an_organisation
from two_hubs import Neighbours
from two_hubs import pair as pair

from directory import consent, sharing
from directory.core.effects import CardChanged
from directory.core.viewer import Lane, Role, Viewer
from hub.federation.condition import condition_of


async def lines(pair: Neighbours) -> list[str]:
    administrator = Viewer(Lane.PAGE, roles=frozenset({Role.ADMINISTRATOR}))
    async with pair.a.turn(administrator) as turn:
        return [line.message for line in await condition_of(turn, pair.b.home)]


async def test_a_link_shows_how_it_does_and_when_it_does_not(pair: Neighbours, clock: Clock) -> None:
    await pair.link()
    house = await an_organisation(pair.b, "Maison ouverte")
    async with pair.b.turn() as turn:
        await turn.record(CardChanged(house))
    await pair.settle(seconds=700)
    well = await lines(pair)
    assert "Their hub was heard at {at}, as it should be." in well
    assert "Their clock and ours agree." in well
    assert "Both hubs speak version {version}." in well
    assert "Messages go over Matrix only." in well
    assert "{count} cards of theirs are here, confirmed until {until}." in well
    pair.change = lambda _events: []
    clock.move(minutes=20)
    house = await an_organisation(pair.a, "Casa Abierta")
    async with pair.a.turn() as turn:
        await turn.record(CardChanged(house))
    await pair.settle(seconds=5)
    ill = await lines(pair)
    assert "Their hub is silent since {since}." in ill
    assert "{count} messages wait for their answer, the oldest since {since}." in ill


async def test_a_member_reads_who_has_not_confirmed_that_her_card_is_gone(
    pair: Neighbours, clock: Clock
) -> None:
    await pair.link()
    ixchel = await a_member(pair.a, "Ixchel", country="GT")
    viewer = Viewer(Lane.PAGE, ixchel, roles=frozenset({Role.MEMBER}), word_at=clock())
    async with pair.a.turn(viewer) as turn:
        await consent.say_yes(turn, pair.b.home, "page")
    await pair.settle()
    pair.change = lambda _events: []
    async with pair.a.turn(viewer) as turn:
        await consent.withdraw(turn, pair.b.home)
    await pair.settle()

    async def reads() -> list[str]:
        async with pair.a.turn(viewer) as turn:
            return [str(line) for line in await sharing.my_taken_back(turn)]

    waiting = await reads()
    assert waiting[0] == "Taken back: 0 of 1 networks confirmed that it is gone."
    assert waiting[1].startswith("Réseau du Nord has not confirmed since")
    pair.change = list
    await pair.settle(seconds=40)
    assert await reads() == ["Taken back: 1 of 1 networks confirmed that it is gone."]
