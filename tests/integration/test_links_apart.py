"""Two hubs that were apart for weeks find each other again; after sixty days the link ends on both sides."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from conftest import Clock
from people import an_organisation
from two_hubs import AHub, Neighbours, OnTheWay
from two_hubs import pair as pair

from directory.core.effects import CardChanged, Post, Stream
from hub.federation import bridging, identity
from hub.federation.receive import Verdict

ALARM = {"id": "a" * 32, "kind_of_help": "alarm", "severity": "high", "raised_at": 1_795_000_000_000}


async def apart(pair: Neighbours, clock: Clock, days: int) -> None:
    """Nothing arrives; keys run out meanwhile on both sides."""
    pair.change = lambda _events: []
    clock.move(days=days)
    await pair.settle(seconds=30)


async def titles(hub: AHub) -> list[object]:
    return [
        title
        for (title,) in await hub.rows("select body->>'title' from cards where origin <> :h", h=hub.home)
    ]


async def test_after_three_weeks_apart_an_alarm_a_card_and_a_receipt_go_through_by_themselves(
    pair: Neighbours, clock: Clock
) -> None:
    await pair.link()
    before = [
        await hub.rows("select public from hub_keys where purpose = 'sealing'") for hub in (pair.a, pair.b)
    ]
    await apart(pair, clock, 21)
    house = await an_organisation(pair.a, "Casa Abierta")
    async with pair.a.turn() as turn:
        await turn.record(CardChanged(house))
        await turn.record(Post(pair.b.home, Stream.URGENT, "alarm", ALARM))
    await pair.settle(seconds=30)
    assert [
        await hub.rows("select public from hub_keys where purpose = 'sealing'") for hub in (pair.a, pair.b)
    ] != (before), "what was sealed before can be opened by nobody"
    pair.change = list
    await pair.settle(seconds=3700)
    await pair.settle(seconds=60)
    assert [body["id"] for kind, _, body in pair.b.heard if kind == "alarm"] == ["a" * 32]
    assert "Casa Abierta" in await titles(pair.b)
    waiting = (
        "select count(*) from envelopes where direction = 'out' and type = 'alarm' and confirmed_at is null"
    )
    assert (await pair.a.rows(waiting))[0][0] == 0
    assert (await pair.a.link(pair.b)).state == (await pair.b.link(pair.a)).state == "active"


async def test_after_sixty_days_the_link_ends_on_both_sides_and_says_so(
    pair: Neighbours, clock: Clock
) -> None:
    await pair.link()
    await apart(pair, clock, 61)
    assert (await pair.a.link(pair.b)).state == "active", "first the others are looked for"
    await apart(pair, clock, 8)
    for here, there in ((pair.a, pair.b), (pair.b, pair.a)):
        assert (await here.link(there)).state == "severed"
        assert any("sixty days" in told.text.message for told in here.told)


async def test_administrators_are_told_every_week_of_silence_until_when_a_person_can_do_something(
    pair: Neighbours, clock: Clock
) -> None:
    """Also when this hub itself was off when the week was over."""
    await pair.link()
    heard = (await pair.a.link(pair.b)).last_heard_at
    assert heard is not None
    told: list[tuple[int, object]] = []
    pair.change = lambda _events: []
    for days in (2, 8, 1, 1, 5):
        clock.move(days=days)
        for _ in range(2):
            await pair.a.due.fire_all()
        said = [dict(one.text.params) for one in pair.a.told if one.text.message == bridging.LONG.message]
        told.append((len(said), said[-1]["ends"] if said else None))
    ends = heard + timedelta(days=60)
    assert told == [(0, None), (1, ends), (1, ends), (1, ends), (2, ends)]
    pair.change = list
    await pair.settle(seconds=3700)
    clock.move(minutes=1)
    await pair.a.due.fire_all()
    assert len([one for one in pair.a.told if one.text.message == bridging.LONG.message]) == 2


async def test_what_a_hub_said_while_it_lived_is_no_sign_of_life_and_no_news_when_it_is_repeated(
    pair: Neighbours, clock: Clock
) -> None:
    """Else whoever keeps its letters could hide that it is gone from those who watch for it, or bring back an
    address and keys that it gave up."""
    await pair.link()
    await apart(pair, clock, 2)
    caught: list[OnTheWay] = []
    pair.change = lambda events: caught.extend(events) or []
    await pair.settle(seconds=3700)
    asked = [each for each in caught if each.sender == pair.a.envoy]
    verdicts = [await pair.b.take(each) for each in asked]
    assert Verdict.ANSWERED in verdicts, "the twin: it was found again"
    pair.change = list
    await pair.settle(seconds=10)
    async with pair.a.turn() as turn:
        await identity.name_https(turn, "new.example", [])
    await pair.settle(seconds=10)
    before = await pair.b.link(pair.a)
    assert before.peer.host == "new.example", "the twin: its newest card counts"
    clock.move(minutes=50)
    assert Verdict.ANSWERED in [await pair.b.take(each) for each in asked]
    after = await pair.b.link(pair.a)
    assert (after.last_heard_at, after.peer) == (before.last_heard_at, before.peer)


async def test_an_old_card_sealed_to_the_key_of_the_link_changes_nothing(
    pair: Neighbours, clock: Clock
) -> None:
    """Whoever kept what was said then cannot put an old key in place of a newer one."""
    await pair.link()
    await apart(pair, clock, 2)
    caught: list[OnTheWay] = []
    pair.change = lambda events: caught.extend(events) or []
    await pair.settle(seconds=3700)
    asked = [replace(each) for each in caught if each.sender == pair.a.envoy]
    pair.change = list
    await pair.settle(seconds=7200)
    clock.move(days=6)
    await pair.settle(seconds=4000)
    known = (await pair.b.link(pair.a)).peer.sealing
    verdicts = [await pair.b.take(each) for each in asked]
    assert Verdict.ANSWERED not in verdicts
    assert (await pair.b.link(pair.a)).peer.sealing == known
