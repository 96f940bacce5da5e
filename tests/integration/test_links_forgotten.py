"""After she withdrew, nothing of her can be read at the network that helped her and met her."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from bots_stage import TIMES, WORD
from people import a_member, an_organisation, matrix_id, seen_as
from sqlalchemy import update
from two_hubs import AHub, Neighbours, pair

from bots import guests, pressed, seconding, widening
from bots.desk import Desk
from bots.dispatch import hear
from bots.said import Form, Said
from bots.store import conversations
from directory import consent, introductions, meeting, members, sharing, words
from directory.core.effects import CardChanged
from directory.core.questions import Question
from directory.core.viewer import Lane, Role, Viewer
from directory.search import find_allies
from directory.turn import Turn
from directory.vocabularies import known
from hub.due import DuePump
from hub.effects import Recorder
from hub.federation import cards, parts
from hub.federation.receive import Verdict
from hub.letters import LetterBox
from hub.store import rooms
from hub.store.everything import holding
from hub.store.tables import letters

__all__ = ["pair"]

HANDLE, PURPOSE, CRY = "Xochitl77", "We look after the same river", "two men at the gate"
OF_HER = (HANDLE, matrix_id(HANDLE), PURPOSE, CRY)


async def _remember(turn: Turn, member: str, question: str, context: object) -> None:
    await conversations.ask(turn.tx, turn.guard, member, question, context, turn.now)  # type: ignore[arg-type]


def with_bots(hub: AHub, name: str) -> Desk:
    """Give a hub its real bots and directory, as hub/node.py and hub/handlers.py do."""
    desk = Desk(known(), name, TIMES)
    hub.recorder = Recorder(LetterBox(hub.guard), hub.poster, cards.changed, _remember)
    hub.inbox = parts.inbox(
        hub.poster,
        {
            "alarm": partial(guests.receive_alarm, desk),
            "acknowledge": partial(guests.receive_acknowledge, desk),
            "action": guests.receive_detail,
            "introduction": introductions.receive_request,
            "decision": introductions.receive_decision,
            "freeze": sharing.hide_at_once,
            "second": seconding.receive_second,
            "seconded": seconding.receive_seconded,
        },
    )

    handlers = {
        widening.DUE: partial(widening.on_due, desk),
        words.GIVEN: partial(pressed.on_given, desk),
        pressed.ENDED: partial(pressed.on_ended, desk),
        meeting.DUE: introductions.expire,
        **parts.due_handlers(hub.poster),
    }
    hub.due = DuePump(hub.turn, handlers, hub.clock)
    return desk


async def says(hub: AHub, desk: Desk, handle: str, body: str) -> None:
    """A person writes to the bot."""
    said = Said(f"!{handle}:example.org", matrix_id(handle), Form.WORDS, body, True, "key", hub.clock())
    async with hub.turn(Viewer(Lane.CHAT)) as turn:
        viewer = await members.viewer_of(
            turn.tx, turn.guard, matrix_id=said.sender, lane=Lane.CHAT, now=turn.now
        )
        assert viewer is not None
        await hear(desk, replace(turn, viewer=viewer), said, viewer)


async def all_sent(hub: AHub) -> None:
    """The bot's letters arrived: what they said is forgotten, as hub/letters.py does."""
    async with hub.turn() as turn:
        done = update(letters).where(letters.c.account == "bot").values(state="sent", content=None)
        await turn.tx.execute(done)


async def card_of(hub: AHub, asker: str, title: str) -> str:
    async with hub.turn(await seen_as(hub, asker)) as turn:
        page = await find_allies(turn, Question(first=50))
    return next(card.id for card in page.cards if card.title == title)


async def readable(hub: AHub, *needles: str) -> list[str]:
    async with hub.turn() as turn:
        return await holding(turn.tx, hub.guard, *needles)


@pytest.fixture
async def story(pair: Neighbours) -> tuple[Neighbours, Desk, Desk, str, str]:
    """Two linked networks with bots: Xochitl in one, Awa of Casa Abierta, on call, in the other."""
    here, there = with_bots(pair.b, "Réseau du Nord"), with_bots(pair.a, "Red del Sur")
    await pair.link()
    casa = await an_organisation(pair.a, "Casa Abierta", country="GT", works_in=["GT"])
    async with pair.a.turn() as turn:
        await turn.record(CardChanged(casa))
    awa = await a_member(pair.a, "Awa", roles=frozenset({Role.COORDINATOR}), organisation=casa)
    xochitl = await a_member(pair.b, HANDLE, country="GT", languages=("es",), locale="en")
    async with pair.b.turn(await seen_as(pair.b, xochitl, word=True)) as turn:
        await words.set_word(turn, xochitl, WORD)
        await consent.say_yes(turn, pair.a.home, "page")
    async with pair.a.turn(await seen_as(pair.a, awa, word=True)) as turn:
        await consent.say_yes(turn, pair.b.home, "page")
    await pair.settle()
    return pair, here, there, xochitl, awa


async def an_alarm_taken(pair: Neighbours, here: Desk, there: Desk) -> None:
    await says(pair.b, here, HANDLE, "plan networks Red del Sur")
    await says(pair.b, here, HANDLE, f"alarm {CRY}")
    await pair.settle(seconds=40)
    await says(pair.a, there, "Awa", "1")
    await pair.settle()
    assert await readable(pair.a, CRY), "whoever has it reads what she wrote"


async def both_meet(pair: Neighbours, xochitl: str, awa: str) -> None:
    """Each asks for the other, and each says yes."""
    for hub, asker, title in ((pair.b, xochitl, "Casa Abierta"), (pair.a, awa, HANDLE)):
        async with hub.turn(await seen_as(hub, asker)) as turn:
            await introductions.ask(turn, await card_of(hub, asker, title), PURPOSE)
        await pair.settle()
    for hub, member in ((pair.a, awa), (pair.b, xochitl)):
        async with hub.turn(await seen_as(hub, member)) as turn:
            for asked in (await introductions.mine(turn)).received:
                await introductions.answer(turn, asked.id, True)
        await pair.settle()


async def withdraw(pair: Neighbours, xochitl: str) -> None:
    await all_sent(pair.a)
    async with pair.b.turn(await seen_as(pair.b, xochitl)) as turn:
        await consent.withdraw(turn, pair.a.home)
    await pair.settle(seconds=5)


async def test_after_an_alarm_a_meeting_and_a_withdrawal_nothing_of_her_can_be_read_there(
    story: tuple[Neighbours, Desk, Desk, str, str],
) -> None:
    pair, here, there, xochitl, awa = story
    await an_alarm_taken(pair, here, there)
    await both_meet(pair, xochitl, awa)
    assert {"introductions", "roster"} <= set(await readable(pair.a, *OF_HER))
    await says(pair.b, here, HANDLE, f"safe {WORD}")
    await pair.settle()
    await withdraw(pair, xochitl)
    assert await readable(pair.a, *OF_HER) == []
    assert set(await readable(pair.b, HANDLE)) >= {"members"}, "at home she is who she was"


async def test_what_is_about_an_alarm_that_still_runs_stays_until_it_is_over(
    story: tuple[Neighbours, Desk, Desk, str, str],
) -> None:
    pair, here, there, xochitl, _awa = story
    await an_alarm_taken(pair, here, there)
    await withdraw(pair, xochitl)
    assert await readable(pair.a, *OF_HER) == ["actions"]
    await says(pair.b, here, HANDLE, f"safe {WORD}")
    await pair.settle()
    await all_sent(pair.a)
    assert await readable(pair.a, *OF_HER) == []


async def test_a_request_that_arrives_after_the_withdrawal_is_not_kept(
    story: tuple[Neighbours, Desk, Desk, str, str],
) -> None:
    pair, _here, _there, xochitl, _awa = story
    async with pair.b.turn(await seen_as(pair.b, xochitl)) as turn:
        await introductions.ask(turn, await card_of(pair.b, xochitl, "Casa Abierta"), PURPOSE)
    late = await pair.b.outgoing()
    await withdraw(pair, xochitl)
    for event in late:
        assert await pair.a.take(event) is Verdict.APPLIED
    await all_sent(pair.a)
    assert await readable(pair.a, *OF_HER) == []


async def test_what_was_said_about_people_is_kept_where_it_belongs_and_not_in_its_envelope(
    story: tuple[Neighbours, Desk, Desk, str, str],
) -> None:
    pair, here, there, xochitl, awa = story
    await an_alarm_taken(pair, here, there)
    await both_meet(pair, xochitl, awa)
    kept = await pair.a.rows(
        "select distinct type from envelopes where direction = 'in' and guarded is not null"
    )
    assert {str(row[0]) for row in kept} & cards.ABOUT_PEOPLE == set()


async def test_a_meeting_at_which_both_were_leaves_nobody_on_a_list(
    story: tuple[Neighbours, Desk, Desk, str, str],
) -> None:
    pair, _here, _there, xochitl, awa = story
    await both_meet(pair, xochitl, awa)
    ((room, introduction),) = await pair.a.rows("select id, ref from rooms where purpose = 'introduction'")
    async with pair.a.turn() as turn:
        await introductions.met(turn, str(introduction))
        await rooms.left(turn.tx, str(room))
    assert "roster" not in await readable(pair.a, matrix_id(HANDLE))
