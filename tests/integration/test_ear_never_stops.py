"""Whatever one person sends, those behind them are heard, and whoever sent it is not lost."""

from __future__ import annotations

import pytest
from bots_stage import Stage, a_person
from conftest import Desk
from people import matrix_id
from sqlalchemy import text

from bots.said import Form
from directory.core.effects import TellRoles
from hub.ear import BotEar
from hub.matrix.inbound import Inbound

# The ear asks these two only for invitations and memberships, which no test here sends.
UNUSED = None


def a_message(who: str, body: str, number: int) -> Inbound:
    """As hub/matrix hands it on from a trusted device."""
    return Inbound(
        account="bot",
        room=f"!{who}:example.org",
        event_id=f"$event-{number}",
        sender=matrix_id(who),
        sent_at_ms=1_795_521_600_000,
        event_type="m.room.message",
        form=Form.WORDS,
        body=body,
        trusted=True,
        doubt=None,
        master_key="key",
    )


@pytest.fixture
def stage(desk: Desk) -> Stage:
    return Stage(desk)


def an_ear(stage: Stage, desk: Desk) -> BotEar:
    return BotEar(stage.desk, desk.turn, UNUSED, UNUSED)  # type: ignore[arg-type]


async def test_a_message_that_nothing_can_handle_reaches_the_coordinators_and_the_next_one_is_heard(
    stage: Stage, desk: Desk
) -> None:
    await a_person(stage, "ixchel")
    desk.recorded.clear()
    ear = an_ear(stage, desk)
    async with desk.turn() as turn:
        await turn.tx.execute(text("alter table actions rename to lost"))
    await ear.deliver(a_message("ixchel", "help me", 1))
    (told,) = desk.heard(TellRoles)
    assert told.role == "coordinator"
    assert told.wakes
    assert "ixchel" in str(told.text)
    await ear.deliver(a_message("ixchel", "help me", 1))
    assert len(desk.heard(TellRoles)) == 1, "the same message is told once"
    async with desk.turn() as turn:
        await turn.tx.execute(text("alter table lost rename to actions"))
    before = len(desk.recorded)
    await ear.deliver(a_message("ixchel", "help", 2))
    assert len(desk.recorded) > before, "the next message is answered"


async def test_a_stranger_whose_message_breaks_something_wakes_nobody(stage: Stage, desk: Desk) -> None:
    ear = an_ear(stage, desk)
    async with desk.turn() as turn:
        await turn.tx.execute(text("alter table lobbies rename to lost"))
    await ear.deliver(a_message("nobody", "join abcd", 1))
    assert desk.heard(TellRoles) == []
