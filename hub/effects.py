"""Writes what was decided: each effect is a row in the same transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import msgspec

from bots.store import conversations
from directory import together
from directory.core.effects import (
    Answer,
    CardChanged,
    ClearRoom,
    CloseRoom,
    ComparePictures,
    DueAt,
    Effect,
    LetIn,
    MeetInRoom,
    NoLongerDue,
    Post,
    PutOut,
    SecretSaid,
    TakeBack,
    Tell,
    TellRoles,
    TextBack,
    Unsay,
    Urgency,
    WorkEnded,
)
from directory.core.text import Text, say
from directory.languages import render
from directory.store import bindings, roles, safekeeping
from directory.store.database import surely
from directory.store.members import load
from directory.turn import Turn
from hub import handing_back, passing, putting_out, recordings
from hub.federation.core.watch import EVERY, QUARTER
from hub.federation.post import DUE_WATCH_SOON
from hub.letters import LetterBox
from hub.store import audience, due, letters, rings, rooms
from hub.store.audience import Reader
from hub.taking_back import take_back

COMPARE = say("Shall we compare pictures? Your app can show you how.")
"""Read only in an app that cannot."""
BOT = "bot"
ENVOY = "envoy"
MESSAGE = "m.room.message"
Asked = tuple[str, str, Mapping[str, str]]
"""(member, question, context)"""
Due = tuple[str, str]
"""(kind, ref)"""
SOON = timedelta(seconds=1)
"""What begins in the same second is told together."""


class Binding(msgspec.Struct, frozen=True):
    """What is kept sealed of a binding (Watch ring)."""

    matrix_id: str
    room: str
    master_key: str | None = None
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Recorder:
    """Where effects go. `post` seals and numbers an envelope, `refresh` rewrites cards, `remember` keeps a
    question that was asked so that "1" has a meaning."""

    letters: LetterBox
    post: Callable[[Turn, Post], Awaitable[None]]
    refresh: Callable[[Turn, str], Awaitable[None]]
    remember: Callable[[Turn, str, str, Mapping[str, str]], Awaitable[None]]
    remember_all: Callable[[Turn, Sequence[Asked]], Awaitable[None]] = conversations.remember_all
    watched: frozenset[str] = frozenset()
    """Kinds of due times that are told to whoever watches for this hub (hub/federation/watch_out.py)."""

    async def record(self, turn: Turn, effect: Effect) -> None:
        """Write one effect. Whatever else its transaction holds: it outlives a power cut."""
        await surely(turn.tx)
        match effect:
            case Tell():
                await self._tell_soon(turn, effect)
            case TellRoles():
                for member in await roles.holders(turn.tx, effect.role):
                    await self._tell_soon(turn, _to(member, effect))
            case Answer() | TextBack():
                await self._back(turn, effect)
            case Post():
                await self.post(turn, effect)
            case DueAt() | NoLongerDue():
                await self._due_soon(turn, effect)
            case CardChanged():
                await self.refresh(turn, effect.member)
            case CloseRoom() | PutOut() | LetIn() | WorkEnded():
                await self._at_the_door(turn, effect)
            case MeetInRoom() | ComparePictures() | ClearRoom() | Unsay() | TakeBack() | SecretSaid():
                await self._in_matrix(turn, effect)

    async def _tell_soon(self, turn: Turn, tell: Tell) -> None:
        if tell.room is not None or tell.passes or not self._held(turn, tell):
            await self._tell(turn, tell)

    async def _due_soon(self, turn: Turn, effect: DueAt | NoLongerDue) -> None:
        if self._held(turn, effect):
            return
        if isinstance(effect, DueAt):
            times = {(effect.kind, effect.ref): effect.at}
            await due.put_all(turn.tx, times | self._to_watch(turn, times))
        else:
            await due.remove(turn.tx, effect.kind, effect.ref)

    def _to_watch(self, turn: Turn, times: Mapping[Due, datetime]) -> dict[Due, datetime]:
        """What whoever watches for us may have to hear of before they are told again anyway."""
        near = turn.now + EVERY + QUARTER
        return {
            (DUE_WATCH_SOON, f"{kind}:{ref}"): turn.now + SOON
            for (kind, ref), at in times.items()
            if kind in self.watched and at <= near
        }

    def _held(self, turn: Turn, effect: Effect) -> bool:
        """In a block of directory/together.py: written at its end, with the others."""
        held = together.held(turn.tx)
        if held is None:
            return False
        held.effects.append(effect)
        held.write = partial(self._write_together, turn)
        return True

    async def _write_together(self, turn: Turn, effects: Sequence[Effect]) -> None:
        times: dict[Due, datetime | None] = {}
        for effect in effects:
            if isinstance(effect, DueAt | NoLongerDue):
                times[effect.kind, effect.ref] = effect.at if isinstance(effect, DueAt) else None
        for kind, ref in sorted(key for key, at in times.items() if at is None):
            await due.remove(turn.tx, kind, ref)
        if wanted := {key: at for key, at in times.items() if at is not None}:
            await due.put_all(turn.tx, wanted | self._to_watch(turn, wanted))
        if tells := [effect for effect in effects if isinstance(effect, Tell)]:
            await self._tell_all(turn, tells)

    async def _tell_all(self, turn: Turn, tells: Sequence[Tell]) -> None:
        """Everybody's rows in one statement, everybody's letters in another."""
        asked = [(tell.member, tell.question, tell.context) for tell in tells if tell.question is not None]
        if asked:
            await self.remember_all(turn, asked)
        found = await audience.readers(turn.tx, {tell.member for tell in tells})
        open_ones = {name: reader for name, reader in found.items() if not reader.closed}
        woken = [(turn.ids(), tell.member) for tell in tells if tell.wakes and tell.member in open_ones]
        await rings.write(turn.tx, woken, turn.now)
        async with letters.held(turn.tx):
            for tell in tells:
                reader = open_ones.get(tell.member)
                if reader is not None and reader.binding is not None:
                    await self._tell_one_of(turn, tell, reader, _opened(turn, tell.member, reader.binding))

    async def _tell_one_of(self, turn: Turn, tell: Tell, reader: Reader, binding: Binding) -> None:
        room = reader.rooms.get(turn.guard.digest("matrix-room", binding.room))
        where = room or await self._room(turn, binding.room, "direct", tell.member)
        await self._write_to(turn, tell, reader.locale, reader.voice, binding, where)

    async def _tell(self, turn: Turn, tell: Tell) -> None:
        if tell.question is not None:
            await self.remember(turn, tell.member, tell.question, tell.context)
        member = await load(turn.tx, tell.member)
        binding = await binding_of(turn, tell.member)
        if await safekeeping.is_closed(turn.tx, tell.member):
            return  # the device is lost or the person held back: it is told nothing
        if tell.wakes:
            await rings.write(turn.tx, [(turn.ids(), tell.member)], turn.now)
        if member is None or binding is None:
            return  # without a phone of their own they read it on their page or hear it from their connector
        where = await self._room(turn, tell.room or binding.room, "direct", tell.member)
        await self._write_to(turn, tell, member.locale, member.voice, binding, where)

    async def _write_to(
        self, turn: Turn, tell: Tell, locale: str, voice: bool, binding: Binding, where: tuple[str, str]
    ) -> None:
        room, account = where
        content = message(render(tell.text, locale), binding.matrix_id if tell.wakes else None)
        passes_at = turn.now + passing.KEPT if tell.passes else None
        about = _measured(tell)
        letter = await self._write(
            turn, room, tell.urgency, content, about=about, account=account, passes_at=passes_at
        )
        if passes_at is not None:
            await due.put(turn.tx, passing.DUE, letter, passes_at)
        for recording in recordings.along(tell.text, locale) if voice else ():
            await self._write(turn, room, tell.urgency, recording, recordings.EVENT, account=account)

    async def _at_the_door(self, turn: Turn, effect: CloseRoom | PutOut | LetIn | WorkEnded) -> None:
        match effect:
            case CloseRoom():
                await letters.give_up_for(turn.tx, effect.member)
            case PutOut():
                await putting_out.put_out(self.letters, turn, effect)
            case WorkEnded():
                await handing_back.hand_back(turn, effect.member)
            case LetIn():
                await putting_out.let_in(self.letters, turn, effect)

    async def _in_matrix(
        self, turn: Turn, effect: MeetInRoom | ComparePictures | ClearRoom | Unsay | TakeBack | SecretSaid
    ) -> None:
        """Of a secret there is something to take back only where it was heard in chat (hub/ear.py)."""
        match effect:
            case MeetInRoom():
                await self._meet(turn, effect)
            case ComparePictures():
                await self._compare(turn, effect)
            case ClearRoom():
                await passing.clear(self.letters, turn, effect)
            case Unsay():
                await passing.unsay(self.letters, turn, effect)
            case TakeBack():
                await take_back(self.letters, turn, effect)

    async def _compare(self, turn: Turn, compare: ComparePictures) -> None:
        member = await load(turn.tx, compare.member)
        binding = await binding_of(turn, compare.member)
        if member is None or binding is None or await safekeeping.is_closed(turn.tx, compare.member):
            return
        room, _ = await self._room(turn, binding.room, "direct", compare.member)
        asks: dict[str, object] = {
            "msgtype": "m.key.verification.request",
            "body": render(COMPARE, member.locale),
            "methods": ["m.sas.v1"],
            "to": binding.matrix_id,
        }
        await self._write(turn, room, Urgency.ANSWER, asks)

    async def _back(self, turn: Turn, effect: Answer | TextBack) -> None:
        if isinstance(effect, Answer):
            await self._answer(turn, effect)
        elif not await safekeeping.is_closed(turn.tx, effect.member):
            await rings.write_heard(turn.tx, turn.ids(), effect.member, turn.now)

    async def _answer(self, turn: Turn, answer: Answer) -> None:
        room, _ = await self._room(turn, answer.room, "lobby", None)
        await self._write(turn, room, answer.urgency, message(render(answer.text, answer.locale), None))

    async def _room(self, turn: Turn, matrix: str, purpose: str, ref: str | None) -> tuple[str, str]:
        """Our id of a room, and the account that is in it."""
        found = await rooms.by_matrix(turn.tx, turn.guard, matrix)
        if found is not None and (ref is None or found.ref == ref):
            return found.id, found.account
        made = await rooms.known(
            turn.tx,
            turn.guard,
            room=turn.ids(),
            account=BOT,
            purpose=purpose,
            ref=ref,
            matrix=matrix,
            now=turn.now,
        )
        return made, BOT

    async def _write(
        self,
        turn: Turn,
        room: str,
        urgency: Urgency,
        content: dict[str, object],
        event_type: str = MESSAGE,
        about: str | None = None,
        account: str = BOT,
        passes_at: datetime | None = None,
    ) -> str:
        letter = turn.ids()
        await self.letters.write(
            turn.tx,
            letter_id=letter,
            room=room,
            account=account,
            urgency=urgency,
            event_type=event_type,
            content=content,
            now=turn.now,
            about=about,
            passes_at=passes_at,
        )
        return letter

    async def _meet(self, turn: Turn, meet: MeetInRoom) -> None:
        await rooms.want(
            turn.tx,
            turn.guard,
            room=turn.ids(),
            account=BOT,
            purpose="introduction",
            ref=meet.introduction,
            users=meet.matrix_ids,
            now=turn.now,
        )


def _measured(tell: Tell) -> str | None:
    """The alarm or drill of which it is measured whether this arrives and is read."""
    return tell.context.get("action") or tell.context.get("drill") if tell.wakes else None


def message(body: str, wakes: str | None) -> dict[str, object]:
    """A chat message. Only a text that mentions its one reader rings a phone: notices are silenced."""
    if wakes is None:
        return {"msgtype": "m.notice", "body": body, "m.mentions": {}}
    return {"msgtype": "m.text", "body": body, "m.mentions": {"user_ids": [wakes]}}


async def binding_of(turn: Turn, member: str) -> Binding | None:
    """The Matrix account and direct room of a member, opened; None for somebody without one."""
    sealed = await bindings.binding_of(turn.tx, member)
    return None if sealed is None else _opened(turn, member, sealed)


def _opened(turn: Turn, member: str, sealed: bytes) -> Binding:
    fields = turn.guard.open_fields("bindings", member, sealed, watch=True)
    return msgspec.convert(fields, Binding, strict=False)


def _to(member: str, tell: TellRoles) -> Tell:
    return Tell(member, tell.text, tell.urgency, tell.wakes, tell.question, tell.context)


def plain(text: Text) -> str:
    """A Text in English, for terminals whose language we do not know."""
    return render(text, "en")
