"""Drills, what wakes a responder, and whether a network counts as staffed."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from bots_stage import Stage, a_person, in_circle
from conftest import Desk
from people import seen_as

from bots import drills, measuring, waking
from bots.core.addresses import may_knock
from bots.desk import Desk as BotsDesk
from bots.store import wakers
from bots.waking import NotWoken
from directory.core.viewer import Lane, Role, Viewer
from directory.refusals import NotYours
from hub.push import Push, is_open_internet
from hub.rings import RingPump
from hub.store import rings


@pytest.fixture
def stage(desk: Desk) -> Stage:
    return Stage(desk)


async def _passes(stage: Stage, handle: str, answer: str = "1") -> list[str]:
    await stage.say(handle, "drill")
    await stage.pass_time(minutes=3)
    return await stage.say(handle, answer)


async def test_a_drill_rings_in_a_moment_and_a_phone_that_rang_counts(stage: Stage) -> None:
    rosa = await a_person(stage, "Rosa", Role.RESPONDER)
    told = "\n".join(await _passes(stage, "Rosa"))
    assert "Your phone wakes you. You answered after" in told
    rang = [one for one in stage.letters if one.member == rosa and "This is a drill" in one.body]
    assert [one.wakes for one in rang] == [True]
    async with stage.turn(await seen_as(stage.base, rosa)) as turn:
        assert (await drills.staffed(stage.desk, turn)).ready == 1


async def test_a_phone_that_did_not_ring_does_not_count_and_is_helped(stage: Stage) -> None:
    rosa = await a_person(stage, "Rosa", Role.RESPONDER)
    told = "\n".join(await _passes(stage, "Rosa", "0"))
    assert "Then your phone would not wake you." in told
    async with stage.turn(await seen_as(stage.base, rosa)) as turn:
        assert (await drills.staffed(stage.desk, turn)).ready == 0


async def test_nobody_is_blamed_for_a_drill_that_was_missed(stage: Stage) -> None:
    rosa = await a_person(stage, "Rosa", Role.RESPONDER)
    await stage.say("Rosa", "drill")
    await stage.pass_time(minutes=20)
    assert "That can happen." in "\n".join(await stage.heard_by(rosa))


async def test_until_two_people_passed_a_member_is_told_so_before_anything_is_sent(stage: Stage) -> None:
    lupe = await a_person(stage, "Lupe")
    ana = await a_person(stage, "Ana", Role.COORDINATOR)
    await a_person(stage, "Rosa", Role.RESPONDER)
    before = "\n".join(await stage.say("Lupe", "plan"))
    assert "Nobody here has tested yet that their phone wakes them." in before
    await _passes(stage, "Ana")
    await stage.say("Lupe", "alarm")
    heard = "\n".join(await stage.heard_by(lupe))
    assert "Only one person here has tested that their phone wakes them." in heard
    assert "Your call still goes to your circle and to everyone on call." in heard
    await stage.pass_time(seconds=31)
    assert any("asks for help" in one for one in await stage.heard_by(ana)), "and it still does"


async def test_with_two_who_passed_nothing_is_said(stage: Stage) -> None:
    await a_person(stage, "Lupe")
    for handle in ("Ana", "Rosa"):
        await a_person(stage, handle, Role.COORDINATOR)
        await _passes(stage, handle)
    assert "tested" not in "\n".join(await stage.say("Lupe", "plan"))


async def test_a_drill_answered_on_a_page_counts_only_where_everything_is_practice(stage: Stage) -> None:
    rosa = await a_person(stage, "Rosa", Role.RESPONDER)
    await stage.say("Rosa", "drill")
    await stage.pass_time(minutes=3)
    viewer = await seen_as(stage.base, rosa)
    page = Viewer(Lane.PAGE, rosa, roles=viewer.roles)
    async with stage.turn(page) as turn:
        mine = await drills.mine(turn)
        assert mine is not None
        came, _ = await drills.answer(stage.desk, turn, mine.id, True)
        assert came is drills.Answered.NOT_HERE
        plain = stage.desk
        trying = BotsDesk(plain.vocabulary, plain.network_name, plain.times, evaluation=True)
        came, _ = await drills.answer(trying, turn, mine.id, True)
        assert came is drills.Answered.PASSED
        assert (await drills.staffed(trying, turn)).ready == 1
        assert (await drills.staffed(plain, turn)).ready == 0, "practice is no real drill"


async def test_an_unannounced_drill_comes_by_day_within_six_weeks_and_nobody_sees_it_coming(
    stage: Stage,
) -> None:
    rosa = await a_person(stage, "Rosa", Role.RESPONDER)
    await stage.say("Rosa", "drill")
    await stage.pass_time(minutes=4)
    await stage.say("Rosa", "1")
    before = len(stage.letters)
    async with stage.turn(Viewer(Lane.CLOCK)) as turn:
        await drills.keep_coming(stage.desk, turn)
        await drills.keep_coming(stage.desk, turn)
    assert sum(kind == drills.DUE for kind, _ in stage.due) == 1, "one at a time"
    assert len(stage.letters) == before, "and it is not announced"
    await stage.pass_time(days=41)
    rang = [one for one in stage.letters[before:] if one.member == rosa and "This is a drill" in one.body]
    assert len(rang) == 1
    assert rang[0].at.hour >= 15 or rang[0].at.hour < 3, "nine to nine in Guatemala"


async def test_whoever_begins_to_answer_calls_is_rung_once_by_day_and_told_so_before(stage: Stage) -> None:
    rosa = await a_person(stage, "Rosa", Role.RESPONDER)
    async with stage.turn(Viewer(Lane.CLOCK)) as turn:
        await drills.keep_coming(stage.desk, turn)
    assert await stage.heard_by(rosa) == [], "six in the morning in Guatemala"
    await stage.pass_time(hours=4)
    for _ in range(2):
        async with stage.turn(Viewer(Lane.CLOCK)) as turn:
            await drills.keep_coming(stage.desk, turn)
    assert ["turn its screen off" in one for one in await stage.heard_by(rosa)] == [True]
    await stage.pass_time(minutes=4)
    last = [one for one in stage.letters if one.member == rosa][-1]
    assert last.wakes and "This is a drill" in last.body
    assert "Your phone wakes you" in "\n".join(await stage.say("Rosa", "1"))


async def test_delivered_read_and_answered_are_kept_apart_and_the_figure_is_a_persons_answer(
    stage: Stage,
) -> None:
    lupe = await a_person(stage, "Lupe")
    rosa, ines = await a_person(stage, "Rosa"), await a_person(stage, "Ines")
    ana = await a_person(stage, "Ana", Role.COORDINATOR)
    await in_circle(stage, "Lupe", "Rosa", "Ines")
    await stage.say("Lupe", "plan window 0")
    await stage.say("Lupe", "alarm")
    async with stage.turn(await seen_as(stage.base, lupe)) as turn:
        from bots import sentinel

        mine = await sentinel.my_alarm(turn)
        assert mine is not None
    async with stage.turn(Viewer(Lane.CLOCK)) as turn:
        await measuring.read(turn, rosa, (mine.id,), turn.now)
    await stage.pass_time(seconds=50)
    await stage.say("Rosa", "1")
    async with stage.turn(await seen_as(stage.base, lupe)) as turn:
        known = {one.member: one for one in await measuring.contacts_of(turn, mine.id)}
    assert known[rosa].read_at is not None
    assert known[rosa].answer == "yes"
    assert known[ines].read_at is None
    assert known[ines].answer is None
    async with stage.turn(await seen_as(stage.base, ana)) as turn:
        figures = await measuring.figures(stage.desk, turn)
    assert figures.alarms == 1
    assert figures.median is not None
    assert figures.median.total_seconds() == 50
    assert (figures.told, figures.read, figures.answered) == (2, 1, 1)
    assert "From a call to “I have it”: 50 seconds" in "\n".join(await stage.say("Ana", "figures"))


async def test_figures_are_for_those_who_look_after_the_network(stage: Stage) -> None:
    lupe = await a_person(stage, "Lupe")
    async with stage.turn(await seen_as(stage.base, lupe)) as turn:
        with pytest.raises(NotYours):
            await measuring.figures(stage.desk, turn)


INSIDE = (
    "https://127.0.0.1/x",
    "https://[::1]/x",
    "https://10.0.0.8/x",
    "https://169.254.169.254/latest",
    "https://localhost/x",
    "https://db.internal/x",
    "https://printer.local/x",
    "http://ntfy.example.org/x",
    "https://user:secret@ntfy.example.org/x",
    "https://2130706433/x",
    "https://0x7f000001/x",
    "https://127.1/x",
    "ftp://ntfy.example.org/x",
    "https://ntfy.example.org:0/x",
    "https:///x",
    "https://ntfy.example.org/x y",
    "https://ntfy.example.org\\@127.0.0.1/x",
    "https://[::ffff:10.0.0.1]/x",
)


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_is_knocked_at(address: str) -> None:
    assert not may_knock(address)


@pytest.mark.parametrize("address", ("https://ntfy.example.org/aBc1", "https://push.example.net:8443/UP?t=1"))
def test_a_public_one_is(address: str) -> None:
    assert may_knock(address)


@pytest.mark.parametrize(
    "address",
    (
        *("127.0.0.1", "10.1.2.3", "::1", "fe80::1%eth0", "::ffff:192.168.0.1", "0.0.0.0"),
        *("64:ff9b::a01:203", "64:ff9b::7f00:1", "64:ff9b:1::101:101", "2002:7f00:1::1", "2002:c0a8:1::1"),
        *("::7f00:1", "::ffff:0:7f00:1", "fec0::1"),
    ),
)
async def test_what_a_name_points_to_is_looked_at_again(address: str) -> None:
    assert not is_open_internet(address)
    if ":" in address:
        with pytest.raises(NotWoken):
            await Push(may_address=lambda _: True).ring(f"https://[{address}]/x", "1", "en")


@pytest.mark.parametrize("address", ("1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"))
def test_an_address_of_the_open_internet_is_one_however_it_is_written(address: str) -> None:
    assert is_open_internet(address)


async def test_a_name_that_points_inside_is_not_connected_to() -> None:
    reached = []

    async def take(request: web.Request) -> web.Response:
        reached.append(request)
        return web.Response()

    app = web.Application()
    app.router.add_post("/topic", take)
    async with TestServer(app, host="127.0.0.1") as server:
        knock = Push(may_address=lambda _address: True)
        with pytest.raises(NotWoken):
            await knock.ring(f"http://localhost:{server.port}/topic", "r1", "en")
    assert reached == []


async def test_a_knock_is_one_post_without_content_and_follows_no_redirect(stage: Stage) -> None:
    heard: list[tuple[str, bytes, str]] = []

    async def take(request: web.Request) -> web.Response:
        heard.append((request.method, await request.read(), request.headers.get("TTL", "")))
        return web.Response()

    async def elsewhere(_request: web.Request) -> web.Response:
        raise web.HTTPFound("/topic")

    app = web.Application()
    app.router.add_post("/topic", take)
    app.router.add_post("/moved", elsewhere)
    rosa = await a_person(stage, "Rosa", Role.RESPONDER)
    async with TestServer(app, host="127.0.0.1") as server:
        base, any_address = f"http://localhost:{server.port}", lambda _address: True
        knock = Push(may_address=any_address, may_connect=any_address)
        pump = RingPump(stage.base.database, stage.base.guard, {waking.PUSH: knock}, stage.base.clock)
        with pytest.raises(NotWoken):
            await knock.ring(f"{base}/moved", "r0", "en")
        async with stage.turn(await seen_as(stage.base, rosa)) as turn:
            chosen = wakers.Waking(waking.PUSH, f"{base}/topic")
            await wakers.keep(turn.tx, turn.guard, rosa, chosen, turn.now)
            await rings.write(turn.tx, [("letter", rosa)], turn.now)
        assert await pump.ring_all() == 1
        assert await pump.ring_all() == 0, "once"
    assert heard == [("POST", b"", "120")]


async def test_who_answers_no_calls_chooses_no_waker_and_nobody_an_address_inside(stage: Stage) -> None:
    lupe = await a_person(stage, "Lupe")
    await a_person(stage, "Rosa", Role.RESPONDER)
    async with stage.turn(await seen_as(stage.base, lupe)) as turn:
        with pytest.raises(NotYours):
            await waking.choose(stage.desk, turn, waking.PUSH, "https://ntfy.example.org/x")
    assert "open to the internet" in "\n".join(await stage.say("Rosa", "wake push https://10.0.0.1/x"))
    assert "This network cannot do that yet." in "\n".join(await stage.say("Rosa", "wake sms +50255512345"))
    assert "Also: a push address" in "\n".join(
        await stage.say("Rosa", "wake push https://ntfy.example.org/x")
    )
    assert "Also:" not in "\n".join(await stage.say("Rosa", "wake push 0"))
