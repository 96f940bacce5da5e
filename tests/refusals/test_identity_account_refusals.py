"""Chat accounts made by the page: one at a time, a few a person, and never without end."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from doors import a_door

from directory import joining
from directory.core.viewer import Lane, Viewer
from directory.refusals import TooMany
from hub.accounts import ChatAccount

if TYPE_CHECKING:
    from conftest import Desk


class _Homeserver:
    """Counts; it answers only when it is let."""

    def __init__(self) -> None:
        self.made, self.go_on = 0, asyncio.Event()

    async def __call__(self) -> ChatAccount:
        self.made += 1
        await self.go_on.wait()
        return ChatAccount(f"@made{self.made}:example.org", "once", "example.org")


async def test_ten_requests_at_once_make_one_account_and_the_next_person_gets_theirs(desk: Desk) -> None:
    luz, mar = await _by_page(desk), await _by_page(desk)
    homeserver = _Homeserver()
    async with a_door(desk) as door:
        object.__setattr__(door.runner, "office", replace(door.runner.office, accounts=homeserver))
        session = await door.session(luz)
        asked = [
            asyncio.create_task(door.ask("MakeChatAccount", {"input": {}}, session=session))
            for _ in range(10)
        ]
        homeserver.go_on.set()
        answers = [answer for _, answer in await asyncio.gather(*asked)]
        assert homeserver.made == 1
        codes = sorted(_outcome(answer) for answer in answers)
        assert codes.count("made") == 1
        assert set(codes) <= {"made", "BUSY", "TOO_MANY"}
        _, answer = await door.ask("MakeChatAccount", {"input": {}}, session=await door.session(mar))
        assert _outcome(answer) == "made"


async def test_a_few_accounts_a_person_and_never_more_than_the_network_can_wait_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    luz, mar = await _by_page(desk), await _by_page(desk)
    for at in range(joining.MOST_ACCOUNTS_EACH):
        await _one_more(desk, luz, at)
        desk.clock.move(minutes=11)
    with pytest.raises(TooMany):
        await _one_more(desk, luz, 9)
    await _one_more(desk, mar, 10)
    monkeypatch.setattr(joining, "MOST_ACCOUNTS", 4)
    desk.clock.move(minutes=11)
    with pytest.raises(TooMany):
        await _one_more(desk, mar, 11)


async def _by_page(desk: Desk) -> str:
    """Somebody who comes in with a browser and has no account; the id."""
    async with desk.turn() as turn:
        entered = await joining.enter_by_page(turn, (await joining.invite(turn)).typed, "en")
    assert entered is not None
    return entered.member


async def _one_more(desk: Desk, member: str, at: int) -> None:
    async with desk.turn(Viewer(Lane.PAGE, member=member)) as turn:
        await joining.may_expect(turn)
        await joining.expect_account(turn, f"@q{at}:example.org")


def _outcome(answer: dict[str, Any]) -> str:
    if answer["data"] is None:
        return str(answer["errors"][0]["extensions"]["code"])
    made = answer["data"]["makeChatAccount"]
    return str(made["errors"][0]["code"]) if made["errors"] else "made"
