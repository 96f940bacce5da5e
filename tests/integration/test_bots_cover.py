"""A linked network is asked only when it promised to answer; who plans reads the promise."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from bots_stage import Stage, a_person
from conftest import NOON, Desk

from bots.desk import Desk as BotsDesk
from bots.promises import Promise
from directory.core.effects import Post
from directory.core.text import say
from directory.store.tables import networks
from directory.turn import Turn

THERE = "there" + "0" * 59


@dataclass
class Promising(Stage):
    """A stage on which the one linked network promised something."""

    promise: Promise = field(default_factory=Promise)

    @property
    def desk(self) -> BotsDesk:
        async def promises(_turn: Turn, _network: str) -> Promise:
            return self.promise

        plain = super().desk
        return BotsDesk(plain.vocabulary, plain.network_name, plain.times, promises=promises)


@pytest.fixture
async def stage(desk: Desk) -> Promising:
    async with desk.turn() as turn:
        row = networks.insert().values(id=THERE, name="Tejido", home=False, state="active", since=NOON)
        await turn.tx.execute(row)
    return Promising(desk)


def asked(stage: Stage) -> list[Post]:
    return [post for post in stage.posts if post.type == "alarm"]


async def _calls(stage: Promising, **passes: float) -> str:
    lupe = await a_person(stage, "Lupe")
    await stage.say("Lupe", "plan networks Tejido")
    await stage.say("Lupe", "plan window 0")
    await stage.say("Lupe", "alarm")
    await stage.pass_time(**passes)
    return "\n".join(await stage.heard_by(lupe))


async def test_a_network_that_promised_is_asked(stage: Promising) -> None:
    heard = await _calls(stage, minutes=6)
    assert len(asked(stage)) == 1
    assert "Asked now: Tejido." in heard


async def test_a_network_that_promised_nothing_is_passed_over(stage: Promising) -> None:
    stage.promise = Promise(ever=False, now=False)
    await _calls(stage, minutes=30)
    assert asked(stage) == []


async def test_a_network_that_does_not_speak_the_language_is_passed_over_and_another_hour_asks_it(
    stage: Promising,
) -> None:
    stage.promise = Promise(languages=("fr",))
    await _calls(stage, minutes=6)
    assert asked(stage) == []
    stage.promise = Promise(languages=("en",))
    await stage.pass_time(minutes=30)
    assert len(asked(stage)) == 1, "its hours have come since: it is asked, once"
    await stage.pass_time(minutes=90)
    assert len(asked(stage)) == 1


async def test_who_plans_reads_what_the_network_promised(stage: Promising) -> None:
    stage.promise = Promise(now=False, lines=(say("It answers calls for help at night."),))
    await a_person(stage, "Lupe")
    await stage.say("Lupe", "plan networks Tejido")
    shown = "\n".join(await stage.say("Lupe", "plan"))
    assert "It answers calls for help at night." in shown
    assert "Tejido would not answer you now." in shown


async def test_the_kind_of_help_named_while_planning_travels_and_nothing_more(stage: Promising) -> None:
    lupe = await a_person(stage, "Lupe")
    await stage.say("Lupe", "plan help legal")
    await _calls_again(stage)
    (post,) = asked(stage)
    assert post.body["kind_of_help"] not in ("alarm", "")
    assert set(post.body) == {
        "id",
        "kind_of_help",
        "country",
        "language",
        "severity",
        "raised_at",
        "state",
    }
    assert lupe not in str(post.body)
    assert "Lupe" not in str(post.body)


async def _calls_again(stage: Promising) -> None:
    await stage.say("Lupe", "plan networks Tejido")
    await stage.say("Lupe", "plan window 0")
    await stage.say("Lupe", "alarm")
    await stage.pass_time(minutes=6)
