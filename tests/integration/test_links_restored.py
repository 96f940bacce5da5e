"""A hub whose disk was put back from a backup never looks like a liar, and its alarms do not wait."""

from __future__ import annotations

from people import a_member, seen_as
from two_hubs import AHub, Neighbours, OnTheWay, pair

from directory import consent
from directory.core.effects import Post, Stream
from hub.federation.core.bodies import AskHeads, Resend
from hub.federation.core.envelope import VerifiedEnvelope, open_envelope
from hub.federation.keyrings import keyring_for
from hub.federation.lanes import room as room_lane
from hub.federation.receive import Verdict

__all__ = ["pair"]

ALARM = {"kind_of_help": "alarm", "severity": "high", "raised_at": 1_795_000_000_000}
PROFILE = {"country": "GT", "issues": ("land-and-territory",), "languages": ("es",)}


async def raise_alarm(here: AHub, there: AHub, number: int) -> None:
    async with here.turn() as turn:
        await turn.record(Post(there.home, Stream.URGENT, "alarm", {**ALARM, "id": f"{number:032x}"}))


async def say_yes(here: AHub, member: str, there: AHub) -> None:
    async with here.turn(await seen_as(here, member, word=True)) as turn:
        await consent.say_yes(turn, there.home, "page")


def numbers_heard(hub: AHub) -> list[int]:
    return [int(str(body["id"]), 16) for kind, _, body in hub.heard if kind == "alarm"]


async def held_at(hub: AHub) -> list[str]:
    """Titles of the cards a hub holds of others."""
    found = await hub.rows("select body->>'title' from cards where member is null order by 1")
    return [str(row[0]) for row in found]


async def epochs(hub: AHub) -> dict[str, int]:
    """The epoch of each stream that a hub sends."""
    rows = await hub.rows("select stream, epoch from heads where direction = 'out'")
    return {str(stream): int(str(epoch)) for stream, epoch in rows}


async def unconfirmed(hub: AHub) -> object:
    rows = await hub.rows(
        "select count(*) from envelopes join heads using (network, direction, stream, epoch)"
        " where direction = 'out' and confirmed_at is null and type not in ('receipt', 'heartbeat')"
    )
    return rows[0][0]


async def read(hub: AHub, sender: AHub, event: OnTheWay) -> VerifiedEnvelope | None:
    """What is in an event for this hub, without it taking any notice."""
    link = await hub.link(sender)
    async with hub.turn() as turn:
        wire = room_lane.from_content(event.content) or b""
        opened = open_envelope(wire, await keyring_for(turn, link), turn.now)
    return opened if isinstance(opened, VerifiedEnvelope) else None


async def test_a_restored_hub_is_not_taken_for_a_liar_and_its_alarm_goes_out_at_once(
    pair: Neighbours,
) -> None:
    await pair.link()
    backup = await pair.b.backup()
    for number in range(1, 6):
        await raise_alarm(pair.b, pair.a, number)
    await pair.settle()
    assert numbers_heard(pair.a) == [1, 2, 3, 4, 5]
    pair.clock.move(minutes=10)
    await pair.b.restore(backup)
    await pair.b.start()
    await raise_alarm(pair.b, pair.a, 6)
    await pair.carry()
    assert numbers_heard(pair.a) == [1, 2, 3, 4, 5, 6], "the alarm waited for something"
    await pair.settle(seconds=30)
    await raise_alarm(pair.b, pair.a, 7)
    await pair.settle(seconds=30)
    assert numbers_heard(pair.a) == [1, 2, 3, 4, 5, 6, 7]
    assert Verdict.CONTRADICTED not in pair.a.verdicts + pair.b.verdicts
    assert (await pair.a.link(pair.b)).state == (await pair.b.link(pair.a)).state == "active"
    assert await unconfirmed(pair.b) == await unconfirmed(pair.a) == 0


async def test_a_restored_hub_whose_question_nobody_answers_still_gets_its_alarm_through(
    pair: Neighbours,
) -> None:
    await pair.link()
    backup = await pair.b.backup()
    await raise_alarm(pair.b, pair.a, 1)
    await pair.settle()
    pair.clock.move(minutes=10)
    await pair.b.restore(backup)
    await pair.b.start()
    pair.change = lambda under_way: [each for each in under_way if each.sender == pair.b.envoy]
    await raise_alarm(pair.b, pair.a, 2)
    await pair.settle()
    assert numbers_heard(pair.a) == [1, 2]
    pair.change = list
    await pair.settle(seconds=60)
    assert Verdict.CONTRADICTED not in pair.a.verdicts + pair.b.verdicts
    assert await unconfirmed(pair.b) == await unconfirmed(pair.a) == 0


async def test_an_ordinary_start_repeats_no_card_and_what_waited_goes_out(pair: Neighbours) -> None:
    await pair.link()
    xochitl = await a_member(pair.b, "Xochitl77", **PROFILE)
    await say_yes(pair.b, await a_member(pair.b, "Itzel", **PROFILE), pair.a)
    await pair.settle()
    pair.clock.move(minutes=10)
    await pair.b.start()
    await say_yes(pair.b, xochitl, pair.a)
    await pair.b.due.fire_all()
    assert await sent_since_a_start(pair.b, "card") == 0, "cards wait for the answer"
    await pair.settle()
    assert await held_at(pair.a) == ["Itzel", "Xochitl77"]
    assert await sent_since_a_start(pair.b, "card") == 1, "only what is new"
    await raise_alarm(pair.b, pair.a, 1)
    await pair.settle()
    assert numbers_heard(pair.a) == [1]
    assert await unconfirmed(pair.b) == 0
    pair.clock.move(hours=24)
    await pair.settle(seconds=20)
    assert await held_at(pair.a) == ["Itzel", "Xochitl77"]
    assert await sent_since_a_start(pair.b, "card") == 1


async def sent_since_a_start(hub: AHub, kind: str) -> object:
    rows = await hub.rows(
        "select count(*) from envelopes where direction = 'out' and epoch > 0 and type = :k", k=kind
    )
    return rows[0][0]


async def test_what_was_sent_before_a_restore_and_arrives_after_it_makes_nobody_a_liar(
    pair: Neighbours,
) -> None:
    """It was lost, or held back: the number was given, and the peer did not know."""
    await pair.link()
    xochitl, itzel = [await a_member(pair.b, name, **PROFILE) for name in ("Xochitl77", "Itzel")]
    backup = await pair.b.backup()
    await raise_alarm(pair.b, pair.a, 1)
    await say_yes(pair.b, xochitl, pair.a)
    await pair.b.due.fire_all()
    held_back = await pair.b.outgoing()
    pair.clock.move(minutes=10)
    await pair.b.restore(backup)
    await pair.b.start()
    await pair.settle()
    await raise_alarm(pair.b, pair.a, 2)
    await say_yes(pair.b, itzel, pair.a)
    await pair.settle()
    pair.a.told.clear()
    for each in held_back:
        assert await pair.a.take(each) in (Verdict.LATE, Verdict.ANSWERED)
    assert [each.wakes for each in pair.a.told] == [True], "the alarm reaches a person all the same"
    await pair.settle(seconds=30)
    assert numbers_heard(pair.a) == [2]
    assert await held_at(pair.a) == ["Itzel"]
    assert (await pair.a.link(pair.b)).state == "active"


async def test_what_arrives_between_the_answer_and_what_follows_from_it_is_mended(pair: Neighbours) -> None:
    """The peer said that it has all we know of; then came more, which we had forgotten."""
    await pair.link()
    xochitl = await a_member(pair.b, "Xochitl77", **PROFILE)
    await say_yes(pair.b, await a_member(pair.b, "Itzel", **PROFILE), pair.a)
    await pair.settle()
    backup = await pair.b.backup()
    await say_yes(pair.b, xochitl, pair.a)
    await pair.b.due.fire_all()
    held_back = await pair.b.outgoing()
    pair.clock.move(minutes=10)
    await pair.b.restore(backup)
    await pair.b.start()
    for each in await pair.b.outgoing():
        await pair.a.take(each)
    for each in await pair.a.outgoing():
        await pair.b.take(each)
    for each in held_back:
        await pair.a.take(each)
    assert await held_at(pair.a) == ["Itzel", "Xochitl77"]
    await pair.settle(seconds=30)
    assert await held_at(pair.a) == ["Itzel"], "B does not know any more that it gave the other one"
    assert Verdict.CONTRADICTED not in pair.a.verdicts


async def test_a_home_that_forgot_a_withdrawal_does_not_get_the_card_back_in_and_nothing_loops(
    pair: Neighbours,
) -> None:
    await pair.link()
    xochitl = await a_member(pair.b, "Xochitl77", **PROFILE)
    await say_yes(pair.b, xochitl, pair.a)
    await say_yes(pair.b, await a_member(pair.b, "Itzel", **PROFILE), pair.a)
    await pair.settle()
    backup = await pair.b.backup()
    async with pair.b.turn(await seen_as(pair.b, xochitl)) as turn:
        await consent.withdraw(turn, pair.a.home)
    await pair.settle()
    pair.clock.move(minutes=10)
    await pair.b.restore(backup)
    await pair.b.start()
    await pair.settle(seconds=30)
    began = await epochs(pair.b)
    for _ in range(3):
        pair.clock.move(hours=24)
        await pair.settle(seconds=20)
    assert await held_at(pair.a) == ["Itzel"]
    assert await epochs(pair.b) == began


async def test_what_a_restored_hub_had_shared_since_the_backup_goes_and_what_it_still_shares_stays(
    pair: Neighbours,
) -> None:
    await pair.link()
    xochitl = await a_member(pair.b, "Xochitl77", **PROFILE)
    itzel = await a_member(pair.b, "Itzel", **PROFILE)
    await say_yes(pair.b, xochitl, pair.a)
    await pair.settle()
    backup = await pair.b.backup()
    await say_yes(pair.b, itzel, pair.a)
    await pair.settle()
    assert await held_at(pair.a) == ["Itzel", "Xochitl77"]
    orphan = await pair.a.rows("select id from cards where body->>'title' = 'Itzel'")
    pair.clock.move(minutes=10)
    await pair.b.restore(backup)
    await pair.b.start()
    await pair.settle(seconds=20)
    assert await held_at(pair.a) == ["Xochitl77"]
    assert "Itzel" not in await pair.a.everything()
    carried = "select count(*) from envelopes where :card = any(cards) and guarded is not null"
    assert await pair.a.rows(carried, card=orphan[0][0]) == [(0,)], "what carried it can still be opened"
    await say_yes(pair.b, itzel, pair.a)
    await pair.settle()
    assert await held_at(pair.a) == ["Itzel", "Xochitl77"]


async def test_a_peer_that_was_restored_is_given_again_what_it_had(pair: Neighbours) -> None:
    await pair.link()
    xochitl = await a_member(pair.b, "Xochitl77", **PROFILE)
    backup = await pair.a.backup()
    await say_yes(pair.b, xochitl, pair.a)
    await raise_alarm(pair.b, pair.a, 1)
    await pair.settle()
    pair.clock.move(minutes=10)
    await pair.a.restore(backup)
    assert await held_at(pair.a) == []
    await pair.a.start()
    await pair.settle(seconds=30)
    assert await held_at(pair.a) == ["Xochitl77"]
    assert numbers_heard(pair.a) == [1, 1], "before the restore and after it"
    assert (await epochs(pair.b))["cards"] > 0
    assert await unconfirmed(pair.b) == await unconfirmed(pair.a) == 0


async def test_a_card_withdrawn_before_its_holder_was_restored_does_not_come_back(pair: Neighbours) -> None:
    await pair.link()
    xochitl = await a_member(pair.b, "Xochitl77", **PROFILE)
    await say_yes(pair.b, xochitl, pair.a)
    await pair.settle()
    backup = await pair.a.backup()
    async with pair.b.turn(await seen_as(pair.b, xochitl)) as turn:
        await consent.withdraw(turn, pair.a.home)
    await pair.settle()
    pair.clock.move(minutes=10)
    await pair.a.restore(backup)
    assert await held_at(pair.a) == ["Xochitl77"]
    await pair.a.start()
    await pair.settle(seconds=30)
    assert await held_at(pair.a) == []
    assert "Xochitl77" not in await pair.a.everything()


async def test_an_old_question_that_arrives_late_begins_nothing_anew(pair: Neighbours) -> None:
    await pair.link()
    xochitl = await a_member(pair.b, "Xochitl77", **PROFILE)
    await pair.a.start()
    await pair.settle()
    counter = iter(range(1_000))
    pair.change = lambda under_way: [
        each for each in under_way if each.sender == pair.a.envoy or next(counter) != 0
    ]
    await say_yes(pair.b, xochitl, pair.a)
    await raise_alarm(pair.b, pair.a, 1)
    await pair.settle(seconds=30)
    pair.change = list
    await raise_alarm(pair.b, pair.a, 2)
    await pair.settle(seconds=30)
    from_a = [each for each in pair.seen if each.sender == pair.a.envoy]
    old = [(each, await read(pair.b, pair.a, each)) for each in from_a]
    questions = [each for each, said in old if said and isinstance(said.body, AskHeads | Resend)]
    assert questions
    for each in questions:
        assert await pair.b.take(each) is Verdict.ANSWERED
    await pair.settle(seconds=30)
    assert await epochs(pair.b) == {"urgent": 0, "work": 0, "cards": 0}
    assert await held_at(pair.a) == ["Xochitl77"]


async def nonces(pair: Neighbours, events: list[OnTheWay]) -> list[str | None]:
    """What B asked A, in the order of asking."""
    found = [await read(pair.a, pair.b, each) for each in events if each.sender == pair.b.envoy]
    bodies = [each.body for each in found if each is not None]
    return [body.nonce for body in bodies if isinstance(body, AskHeads) and not body.answer]


async def test_the_same_question_is_repeated_until_it_is_answered_and_then_no_more(
    pair: Neighbours,
) -> None:
    await pair.link()
    await pair.b.start()
    lost: list[OnTheWay] = []
    pair.change = lambda under_way: lost.extend(under_way) or []
    await pair.settle(seconds=300)
    pair.change = list
    pair.seen.clear()
    await pair.settle(seconds=600)
    asked_in_vain = await nonces(pair, lost)
    asked = await nonces(pair, pair.seen)
    assert len(asked_in_vain) > 3
    assert {*asked_in_vain, *asked} == {asked[0]}
    assert len(asked) == 1
    (question,) = await pair.b.rows("select question from links")
    assert question == (None,)


async def test_a_peer_that_holds_more_than_it_could_apply_shows_a_restored_hub_that_it_forgot(
    pair: Neighbours,
) -> None:
    await pair.link()
    backup = await pair.b.backup()
    counter = iter(range(1_000))
    pair.change = lambda under_way: [
        each for each in under_way if each.sender == pair.b.envoy and next(counter) > 0
    ]
    for number in (1, 2, 3):
        await raise_alarm(pair.b, pair.a, number)
    await pair.carry()
    assert numbers_heard(pair.a) == [], "the first was lost, the others wait for it"
    pair.clock.move(minutes=10)
    await pair.b.restore(backup)
    pair.change = list
    await pair.b.start()
    await pair.carry()
    await pair.carry()
    assert (await epochs(pair.b))["urgent"] > 0, "numbers that were given out would be given again"
    await raise_alarm(pair.b, pair.a, 4)
    await pair.settle(seconds=30)
    assert numbers_heard(pair.a)[-1] == 4
    assert Verdict.CONTRADICTED not in pair.a.verdicts


async def test_an_alarm_of_an_epoch_its_sender_has_left_reaches_a_person_once(pair: Neighbours) -> None:
    await pair.link()
    backup = await pair.b.backup()
    await raise_alarm(pair.b, pair.a, 1)
    late = await pair.b.outgoing()
    pair.clock.move(minutes=10)
    await pair.b.restore(backup)
    await pair.b.start()
    await raise_alarm(pair.b, pair.a, 2)
    await pair.settle()
    assert numbers_heard(pair.a) == [2]
    pair.a.told.clear()
    for _ in range(2):
        for each in late:
            await pair.a.take(each)
    assert [each.wakes for each in pair.a.told] == [True]
    assert numbers_heard(pair.a) == [2]
