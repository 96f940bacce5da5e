"""A stage for the bots: real database and services; only time is ours. What is due fires as it moves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from people import matrix_id, seen_as

from bots import checking, drills, later, pressed, ringing, rota, sentinel, silence, unclear, widening
from bots.core.ladder import LadderTimes
from bots.core.silence import Heard
from bots.desk import Desk
from bots.dispatch import hear
from bots.said import Form, Said
from bots.store import conversations
from directory import cards, erasing, joining, members, words
from directory.core.effects import (
    Answer,
    CardChanged,
    DueAt,
    Effect,
    MeetInRoom,
    NoLongerDue,
    Post,
    Tell,
    TellRoles,
)
from directory.core.viewer import Lane, Role, Viewer
from directory.languages import render
from directory.store import safekeeping
from directory.store.roles import give_roles, holders
from directory.turn import Turn
from directory.vocabulary import load
from hub.chance import random_id

if TYPE_CHECKING:
    import conftest

WORD = "luna azul"
PAGES = "https://red.example/way"
TIMES = LadderTimes(circle_s=180, coordinators_s=300, networks_s=600, unclear_s=120, cancel_window_s=30)


async def _later(_desk: Desk, turn: Turn, ref: str) -> None:
    await later.on_due(turn, ref)


async def _forget_keys(_desk: Desk, turn: Turn, ref: str) -> None:
    await erasing.forget(turn, ref)


async def _forget_place(_desk: Desk, turn: Turn, ref: str) -> None:
    await sentinel.on_forget(turn, ref)


async def _rota(_desk: Desk, turn: Turn, ref: str) -> None:
    await rota.on_due(turn, ref)


async def _duty_begins(_desk: Desk, turn: Turn, ref: str) -> None:
    await rota.on_begins(turn, ref)


async def _page(_desk: Desk, turn: Turn, ref: str) -> None:
    await ringing.on_due(turn, ref)


async def _hears_again(_desk: Desk, turn: Turn, ref: str) -> None:
    await silence.on_back(turn, ref)


HANDLERS = {
    ringing.DUE: _page,
    silence.BACK: _hears_again,
    widening.FORGET: _forget_place,
    drills.DUE: drills.on_due,
    rota.DUE: _rota,
    rota.BEGINS: _duty_begins,
    "alarm": sentinel.on_due,
    "check-in": checking.on_due,
    "unclear": unclear.on_due,
    words.GIVEN: pressed.on_given,
    pressed.ENDED: pressed.on_ended,
    later.DUE: _later,
    erasing.DUE: _forget_keys,
}


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as its reader sees it."""

    member: str
    body: str
    wakes: bool
    at: datetime


@dataclass
class Stage:
    """Members write to the bot, time passes, and whoever is told has it in `letters`."""

    base: conftest.Desk
    times: LadderTimes = TIMES
    letters: list[Letter] = field(default_factory=list)
    lobby: list[Answer] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    meetings: list[MeetInRoom] = field(default_factory=list)
    due: dict[tuple[str, str], datetime] = field(default_factory=dict)
    heard: Heard = field(default_factory=Heard)
    """When the hub could hear people: a test closes its ear."""

    @property
    def desk(self) -> Desk:
        """What handlers are given."""
        return Desk(load(), "Red Ayni", self.times, pages=lambda: PAGES, hearing=self._heard)

    async def _heard(self, _turn: Turn) -> Heard:
        return self.heard

    @asynccontextmanager
    async def turn(self, viewer: Viewer) -> AsyncIterator[Turn]:
        """A transaction whose effects reach this stage as hub/effects.py would write them."""
        base = self.base
        async with base.database.transaction() as tx:

            async def record(effect: Effect) -> None:
                await self._happen(turn, effect)

            turn = Turn(tx, viewer, base.clock(), record, random_id, base.guard, base.home)
            yield turn

    async def say(
        self,
        who: str,
        body: str,
        *,
        form: Form = Form.WORDS,
        trusted: bool = True,
        age_s: float = 0,
        key: str = "key",
        alone: bool = True,
    ) -> list[str]:
        """A person (by account) writes; what they are answered, as they read it."""
        before = len(self.letters)
        sent = self.base.clock() - timedelta(seconds=age_s)
        said = Said(
            f"!{who}:example.org", matrix_id(who), form, body, trusted, key, sent, signed=True, alone=alone
        )
        async with self.turn(Viewer(Lane.CHAT)) as turn:
            viewer = await members.viewer_of(
                turn.tx, turn.guard, matrix_id=said.sender, lane=Lane.CHAT, now=turn.now
            )
            if viewer is not None and await safekeeping.is_closed(turn.tx, viewer.member or ""):
                said = replace(said, trusted=False)
            await hear(self.desk, turn if viewer is None else replace(turn, viewer=viewer), said, viewer)
            me = viewer.member if viewer is not None else None
            me = me or await self._just_came_in(turn, said.sender)
        answers = [letter.body for letter in self.letters[before:] if letter.member == me]
        await self.settle()
        return answers

    async def settle(self) -> None:
        """What is due at this very moment fires, as it would a blink later."""
        await self.pass_time(seconds=0)

    async def pass_time(self, **by: float) -> None:
        """Move the clock; whatever falls due on the way fires at its time, in order."""
        until = self.base.clock() + timedelta(**by)
        while self.due and min(self.due.values()) <= until:
            at, (kind, ref) = min((at, key) for key, at in self.due.items())
            del self.due[kind, ref]
            self.base.clock.now = max(self.base.clock.now, at)
            async with self.turn(Viewer(Lane.CLOCK)) as turn:
                await HANDLERS[kind](self.desk, turn, ref)
        self.base.clock.now = until

    async def heard_by(self, member: str) -> list[str]:
        """Everything this member has read, oldest first."""
        return [letter.body for letter in self.letters if letter.member == member]

    async def _happen(self, turn: Turn, effect: Effect) -> None:
        self.base.recorded.append(effect)
        match effect:
            case Tell():
                await self._tell(turn, effect)
            case TellRoles():
                for one in await holders(turn.tx, effect.role):
                    tell = Tell(
                        one, effect.text, effect.urgency, effect.wakes, effect.question, effect.context
                    )
                    await self._tell(turn, tell)
            case Answer():
                self.lobby.append(effect)
            case Post():
                self.posts.append(effect)
            case DueAt():
                self.due[effect.kind, effect.ref] = effect.at
            case NoLongerDue():
                self.due.pop((effect.kind, effect.ref), None)
            case CardChanged():
                await cards.refresh(turn, effect.member)
            case MeetInRoom():
                self.meetings.append(effect)

    async def _tell(self, turn: Turn, tell: Tell) -> None:
        if tell.question is not None:
            await conversations.remember(turn, tell.member, tell.question, tell.context)
        if await safekeeping.is_closed(turn.tx, tell.member):
            return
        known = await members.standing(turn.tx, tell.member)
        locale = known.locale if known is not None else "en"
        self.letters.append(Letter(tell.member, render(tell.text, locale), tell.wakes, turn.now))

    async def _just_came_in(self, turn: Turn, account: str) -> str | None:
        viewer = await members.viewer_of(turn.tx, turn.guard, matrix_id=account, lane=Lane.CHAT, now=turn.now)
        return viewer.member if viewer is not None else None


async def a_person(
    stage: Stage, handle: str, *roles: Role, word: str | None = WORD, **profile: object
) -> str:
    """A confirmed member with a word, who speaks English unless said otherwise; the id."""
    profile = {"locale": "en", "languages": ["en"], "country": "GT", **profile}
    async with stage.base.turn() as turn:
        code = (await joining.invite(turn, roles=frozenset(roles) - {Role.ADMINISTRATOR})).typed
    async with stage.base.turn(Viewer(Lane.CHAT)) as turn:
        entered = await joining.enter(
            turn, matrix_id=matrix_id(handle), master_key="key", room=f"!{handle}:example.org", code=code
        )
    assert isinstance(entered, joining.Entered)
    async with stage.base.turn(await seen_as(stage.base, entered.member)) as turn:
        await joining.profile(turn, entered.member, handle=handle, **profile)
        if word is not None:
            await words.set_word(turn, entered.member, word)
        await joining.finish(turn, entered.member)
    async with stage.base.turn() as turn:
        await joining.confirm(turn, entered.member)
        admin = frozenset(roles) & {Role.ADMINISTRATOR}
        await give_roles(turn.tx, entered.member, admin, turn.now)  # else two people do
        await cards.refresh(turn, entered.member)
    return entered.member


async def in_circle(stage: Stage, member: str, *handles: str) -> None:
    """`member` (a handle) asks these people into the circle, and they say yes."""
    await stage.say(member, "circle " + " ".join(handles))
    for handle in handles:
        await stage.say(handle, "1")
