"""Who does not belong in a room is put out or told of; who was never asked in is asked; a room that served is
left, and nothing of who was in it stays."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from bare_bot import BareBot
from fixtures_embedded import Pair, eventually
from matrix_parts import Bot, People, a_login, listening, together

from directory.core.effects import TellRoles
from directory.store import bindings
from directory.store.database import Database
from directory.store.guarded import Guard
from hub.due import CLOCK
from hub.matrix.person import Person
from hub.matrix.rooms import Purpose
from hub.rooming import RoomMaker
from hub.roster import Rosters
from hub.store import rooms


@pytest.fixture
async def people() -> AsyncIterator[People]:
    here = People()
    yield here
    await here.close()


@pytest.fixture
def hub(database: Database, guard: Guard) -> BareBot:
    return BareBot(database, guard)


async def _direct(hub: BareBot, person: Person, room: str) -> None:
    """The room belongs to a member who is this person."""
    member = await hub.a_member("ana")
    async with hub.turn(CLOCK) as turn:
        kept = {"matrix_id": person.user_id, "room": room}
        sealed = turn.guard.seal_fields("bindings", member, kept, watch=True)
        digest = turn.guard.digest("matrix-id", person.user_id)
        await bindings.bind(turn.tx, member, digest, sealed, turn.now)
        await rooms.known(
            turn.tx,
            turn.guard,
            room=turn.ids(),
            account="bot",
            purpose="direct",
            ref=member,
            matrix=room,
            now=turn.now,
        )


async def _told(hub: BareBot) -> list[str]:
    return [effect.text.message for effect in hub.recorded if isinstance(effect, TellRoles)]


async def test_a_stranger_in_a_persons_room_is_put_out_and_coordinators_hear_of_it_once(
    homeservers: Pair, people: People, hub: BareBot
) -> None:
    ana, stranger = await people.a_person(homeservers.b), await people.a_person(homeservers.a)
    async with listening(await a_login(homeservers.a)) as bot:
        room = await together(bot, ana)
        await _direct(hub, ana, room)
        rosters = Rosters("bot", bot.account, hub.turn)
        await rosters.compare_all()
        assert await _told(hub) == []
        await bot.account.invite(room, stranger.user_id)
        await stranger.accept()
        await bot.ear.joined(room, stranger.user_id)
        await rosters.compare_all()
        assert (await bot.account.members_now(room)).joined == {bot.user_id, ana.user_id}
        (told,) = await _told(hub)
        assert "does not belong there" in told
        await rosters.compare_all()
        assert len(await _told(hub)) == 1


async def test_who_was_never_asked_in_is_asked_and_who_left_is_left_in_peace(
    homeservers: Pair, people: People, hub: BareBot
) -> None:
    ana, bea = await people.a_person(homeservers.b), await people.a_person(homeservers.a)
    async with listening(await a_login(homeservers.a)) as bot:
        room = await _introduction(hub, bot, ana, bea, invited=[ana])
        rosters = Rosters("bot", bot.account, hub.turn)
        await rosters.compare_all()
        assert await bot.account.membership(room, bea.user_id) == "invite"
        await bea.accept()
        await bea.leave(room)
        await eventually(lambda: _is(bot, room, bea, "leave"))
        await rosters.compare_all()
        assert await bot.account.membership(room, bea.user_id) == "leave"


async def test_a_room_somebody_withdrew_from_is_left_and_its_roster_forgotten(
    homeservers: Pair, people: People, hub: BareBot
) -> None:
    ana, bea = await people.a_person(homeservers.b), await people.a_person(homeservers.a)
    async with listening(await a_login(homeservers.a)) as bot:
        room = await _introduction(hub, bot, ana, bea, invited=[ana, bea])
        for person in (ana, bea):
            await person.accept()
        maker = RoomMaker("bot", bot.account, hub.turn, _nobody_met)
        async with hub.turn(CLOCK) as turn:
            await rooms.leave_all(turn.tx, "introduction", ["intro"])
        await maker.make_all()
        await eventually(lambda: _gone(ana, room, bot))
        async with hub.turn(CLOCK) as turn:
            kept = await turn.tx.exec_driver_sql("select guarded from rooms where ref = 'intro'")
            assert kept.scalars().all() == [None]
            left = await turn.tx.exec_driver_sql("select count(*) from roster")
            assert left.scalar_one() == 0
        await ana.say(room, "we go on without it")
        await bea.wait_for(lambda heard: heard.body == "we go on without it")


async def test_a_room_that_the_homeserver_refuses_holds_up_no_other(
    homeservers: Pair, people: People, hub: BareBot
) -> None:
    ana = await people.a_person(homeservers.a)
    async with listening(await a_login(homeservers.a)) as bot:
        for number, user in enumerate(("nobody at all", ana.user_id)):
            async with hub.turn(CLOCK) as turn:
                await rooms.want(
                    turn.tx,
                    turn.guard,
                    room=f"room {number}",
                    account="bot",
                    purpose="introduction",
                    ref=f"intro {number}",
                    users=[user],
                    now=turn.now,
                )
        await RoomMaker("bot", bot.account, hub.turn, _nobody_met).make_all()
        async with hub.turn(CLOCK) as turn:
            states = await turn.tx.exec_driver_sql("select state from rooms order by id")
            assert states.scalars().all() == ["wanted", "open"]
        await ana.accept(inviter=bot.user_id)


async def _introduction(hub: BareBot, bot: Bot, ana: Person, bea: Person, *, invited: list[Person]) -> str:
    """A room for two that stands, with its roster."""
    both = [ana.user_id, bea.user_id]
    room = await bot.account.create_room(
        Purpose.GROUP, [one.user_id for one in invited], additional_creators=both
    )
    async with hub.turn(CLOCK) as turn:
        own = turn.ids()
        await rooms.want(
            turn.tx,
            turn.guard,
            room=own,
            account="bot",
            purpose="introduction",
            ref="intro",
            users=both,
            now=turn.now,
        )
        await rooms.made(turn.tx, turn.guard, own, room)
        await rooms.opened(turn.tx, own)
    return room


async def _is(bot: Bot, room: str, person: Person, membership: str) -> bool:
    return await bot.account.membership(room, person.user_id) == membership


async def _gone(person: Person, room: str, bot: Bot) -> bool:
    return bot.user_id not in person.client.rooms[room].users


async def _nobody_met(_turn: object, _introduction: str) -> None:
    return None
