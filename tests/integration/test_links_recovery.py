"""What is lost, doubled or out of order on the way arrives once and in order all the same."""

from __future__ import annotations

import pytest
from two_hubs import Neighbours, OnTheWay, pair

from directory.core.effects import Post, Stream
from hub.federation.receive import Verdict

__all__ = ["pair"]

ALARM = {
    "kind_of_help": "alarm",
    "severity": "high",
    "raised_at": 1_795_000_000_000,
    "country": "GT",
    "language": "es",
}


async def raise_at_b(pair: Neighbours, number: int) -> None:
    async with pair.b.turn() as turn:
        body = {**ALARM, "id": f"{number:032x}"}
        await turn.record(Post(pair.a.home, Stream.URGENT, "alarm", body))


def numbers_heard(pair: Neighbours) -> list[int]:
    return [int(str(body["id"]), 16) for kind, _, body in pair.a.heard if kind == "alarm"]


async def unconfirmed_at_b(pair: Neighbours) -> object:
    rows = await pair.b.rows(
        "select count(*) from envelopes where direction = 'out'"
        " and confirmed_at is null and type not in ('receipt', 'heartbeat')"
    )
    return rows[0][0]


async def test_an_alarm_and_its_answer_cross_in_seconds(pair: Neighbours) -> None:
    await pair.link()
    await raise_at_b(pair, 1)
    await pair.settle()
    ((kind, network, body),) = pair.a.heard
    assert (kind, network) == ("alarm", pair.b.home)
    assert body == {**ALARM, "id": f"{1:032x}", "state": "open", "silent": False}
    async with pair.a.turn() as turn:
        answer = {"alarm": body["id"], "by": "Awa", "at": 1_795_000_060_000}
        await turn.record(Post(pair.b.home, Stream.URGENT, "acknowledge", answer))
    await pair.settle()
    assert pair.b.heard == [("acknowledge", pair.a.home, {**answer, "has_it": True})]
    assert await unconfirmed_at_b(pair) == 0


async def test_what_comes_twice_or_again_much_later_is_applied_once(pair: Neighbours) -> None:
    await pair.link()
    pair.change = lambda under_way: [each for each in under_way for _ in range(2)]
    for number in (1, 2, 3):
        await raise_at_b(pair, number)
    await pair.settle()
    pair.change = list
    before = len(pair.a.heard)
    from_b = [each for each in pair.seen if each.sender == pair.b.envoy]
    verdicts = {await pair.a.take(each) for each in reversed(from_b)}
    assert numbers_heard(pair) == [1, 2, 3]
    assert len(pair.a.heard) == before
    assert verdicts <= {Verdict.HAD_IT, Verdict.ANSWERED, Verdict.REFUSED}


async def test_envelopes_that_arrive_backwards_are_applied_in_order(pair: Neighbours) -> None:
    await pair.link()
    for number in range(1, 6):
        await raise_at_b(pair, number)
    pair.change = lambda under_way: under_way[::-1]
    await pair.settle()
    assert numbers_heard(pair) == [1, 2, 3, 4, 5]
    assert await unconfirmed_at_b(pair) == 0


@pytest.mark.parametrize("lost", [{0}, {1, 2}, {4}, {0, 1, 2, 3, 4}])
async def test_what_was_lost_is_asked_for_and_sent_again(pair: Neighbours, lost: set[int]) -> None:
    await pair.link()
    for number in range(5):
        await raise_at_b(pair, number)
    counter = iter(range(1_000))

    def lose(under_way: list[OnTheWay]) -> list[OnTheWay]:
        return [each for each in under_way if each.sender != pair.b.envoy or next(counter) not in lost]

    pair.change = lose
    await pair.settle(seconds=30)
    assert numbers_heard(pair) == [0, 1, 2, 3, 4]
    assert await unconfirmed_at_b(pair) == 0


async def test_a_lost_receipt_is_given_again(pair: Neighbours) -> None:
    await pair.link()
    await raise_at_b(pair, 1)
    pair.change = lambda under_way: [each for each in under_way if each.sender == pair.b.envoy]
    await pair.settle(seconds=2)
    assert await unconfirmed_at_b(pair) == 1
    pair.change = list
    await pair.settle(seconds=30)
    assert await unconfirmed_at_b(pair) == 0
    assert numbers_heard(pair) == [1]


async def test_a_quiet_link_speaks_every_five_minutes_and_no_more(pair: Neighbours) -> None:
    await pair.link()
    await pair.settle(seconds=60)
    already = len(pair.seen)
    await pair.settle(seconds=3600)
    assert 12 <= len(pair.seen) - already <= 2 * 2 * 13
    link = await pair.a.link(pair.b)
    assert link.last_heard_at is not None
    assert (pair.clock() - link.last_heard_at).total_seconds() <= 310
