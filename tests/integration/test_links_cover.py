"""What two networks signed about calls for help and withdrawals, and what follows from it by itself."""

from __future__ import annotations

from datetime import timedelta

from conftest import Clock
from sqlalchemy import text
from two_hubs import Neighbours
from two_hubs import pair as pair

from hub.federation import links, overdue
from hub.federation.core.agreement import Cover, Hours
from hub.federation.core.ledger import Waiting
from hub.federation.covering import covers_of, promise_of

NIGHTS = Cover(
    hours=(Hours(days=(1, 2, 3, 4, 5, 6, 7), start=22 * 60, end=6 * 60),),
    zone="America/Guatemala",
    languages=("es",),
)


async def _linked(pair: Neighbours, theirs: Cover | None) -> None:
    await pair.introduce()
    await pair.compare()
    await pair.agree(links.Terms(their_cover=theirs))


async def test_a_network_that_promised_nothing_is_asked_for_nothing(pair: Neighbours) -> None:
    await _linked(pair, None)
    async with pair.a.turn() as turn:
        promise = await promise_of(turn, pair.b.home)
    assert not promise.ever
    assert not promise.answers(("es",), "")
    assert promise.lines, "and it says so to whoever plans"


async def test_a_network_answers_in_its_hours_and_languages_by_its_own_clocks(
    pair: Neighbours, clock: Clock
) -> None:
    await _linked(pair, NIGHTS)
    async with pair.a.turn() as turn:
        at_noon_utc = await promise_of(turn, pair.b.home)
    assert at_noon_utc.ever
    assert not at_noon_utc.now, "noon UTC is six in the morning there"
    clock.move(hours=-1)
    async with pair.a.turn() as turn:
        an_hour_before = await promise_of(turn, pair.b.home)
        seen = await covers_of(turn, pair.b.home)
    assert an_hour_before.answers(("es", "kek"), "")
    assert not an_hour_before.answers(("fr",), "")
    assert seen.theirs_now
    assert seen.ours != seen.theirs


async def test_a_new_proposal_keeps_what_was_agreed_of_the_other_side(pair: Neighbours) -> None:
    await _linked(pair, NIGHTS)
    await pair.agree(links.Terms(days=100))
    async with pair.a.turn() as turn:
        assert (await promise_of(turn, pair.b.home)).ever


async def _a_withdrawal_goes_out(pair: Neighbours) -> None:
    async with pair.a.turn() as turn:
        insert = "insert into shares (card, network, state, version, shared_at, withdrawn_at, sent_seq)"
        values = "values ('c1', :network, 'withdrawn', 1, :now, :now, 900)"
        await turn.tx.execute(text(f"{insert} {values}"), {"network": pair.b.home, "now": turn.now})
        await overdue.expect(turn, pair.b.home)


async def test_a_withdrawal_without_an_answer_turns_red_and_then_stops_cards_until_it_is_confirmed(
    pair: Neighbours, clock: Clock
) -> None:
    await pair.link()
    await _a_withdrawal_goes_out(pair)
    for hours, stands in ((0, Waiting.PATIENT), (2, Waiting.RED), (23, Waiting.SUSPEND)):
        clock.move(hours=hours)
        async with pair.a.turn() as turn:
            assert await overdue.standing(turn, pair.b.home) is stands
            await overdue.look(turn, pair.b.home)
    link = await pair.a.link(pair.b)
    assert link.state == "active", "only cards wait: alarms go on"
    async with pair.a.turn() as turn:
        assert await overdue.held_back(turn, link)
        await turn.tx.execute(text("update shares set withdrawal_confirmed_at = :now"), {"now": turn.now})
        assert not await overdue.held_back(turn, link)
        await overdue.look(turn, pair.b.home)
        due = await turn.tx.execute(text("select kind from due where kind in ('cards', 'checkpoint')"))
        assert len(due.all()) == 2, "cards go on by themselves"


async def test_a_withdrawal_that_was_confirmed_in_time_stops_nothing(pair: Neighbours, clock: Clock) -> None:
    await pair.link()
    await _a_withdrawal_goes_out(pair)
    async with pair.a.turn() as turn:
        await turn.tx.execute(text("update shares set withdrawal_confirmed_at = :now"), {"now": turn.now})
    clock.move(hours=30)
    assert timedelta(hours=30) > timedelta(hours=24)
    async with pair.a.turn() as turn:
        assert await overdue.standing(turn, pair.b.home) is None
