"""What an administrator reads of a link, and a member of what she took back, as it changes."""

from __future__ import annotations

from datetime import timedelta

from conftest import Clock
from people import a_member, an_organisation
from two_hubs import Neighbours
from two_hubs import pair as pair

from directory import consent, sharing
from directory.core.effects import CardChanged
from directory.core.viewer import Lane, Role, Viewer
from hub.federation import life, links
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


async def test_administrators_are_asked_to_renew_an_agreement_in_time_until_they_do(
    pair: Neighbours, clock: Clock
) -> None:
    await pair.introduce()
    await pair.compare()
    await pair.agree(links.Terms(days=40))
    began = clock()

    def asked() -> int:
        return sum(told.text.message == life.SOON_OVER.message for told in pair.a.told)

    for day, times in ((5, 0), (11, 1), (32, 1), (34, 2)):
        clock.now = began + timedelta(days=day)
        await pair.settle(seconds=20)
        assert asked() == times, day
    async with pair.a.turn() as turn:
        await links.propose(turn, pair.b.home, links.Terms(days=300))
    await pair.settle()
    async with pair.b.turn() as turn:
        await links.sign(turn, pair.a.home)
    await pair.settle()
    clock.now = began + timedelta(days=39, hours=12)
    await pair.settle(seconds=20)
    assert asked() == 2, "the next one is signed: nobody is asked any more"
