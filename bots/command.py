"""A command is a description: its words in every language, who may say it, what it needs, what it does.

Who may say it is a line `command:<name>` in directory/core/rule_table.py, checked before anything is read.
Help and completion come from the same description.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from bots.desk import Desk
from bots.kinds import TEXT, Kind
from bots.said import Said
from bots.saying import answer
from bots.store.people import Person
from directory.core.effects import Tell, Urgency
from directory.core.text import Text, say
from directory.core.tongues import complete
from directory.turn import Turn


class Where(StrEnum):
    """In which room a command is read."""

    LOBBY = "lobby"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class Arg:
    """One argument, in the order it is typed."""

    name: str
    kind: Kind = TEXT
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Talk:
    """One thing a member said, and everything its handler may touch. `asked`: what was asked in reply."""

    desk: Desk
    turn: Turn
    said: Said
    me: Person
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    async def reply(self, text: Text, question: str | None = None, /, **context: str) -> None:
        """Answer the person who spoke; with `question`, what they say next is its answer."""
        await answer(self.turn, self.me.id, text, question, **context)
        if question is not None:
            self.asked.append((question, context))

    async def show(self, text: Text, question: str | None = None, /, **context: str) -> None:
        """Answer with what does not stay: cards, introductions, the second phrase. Taken back out of the room
        after an hour."""
        tell = Tell(self.me.id, text, Urgency.ANSWER, question=question, context=context, passes=True)
        await self.turn.record(tell)
        if question is not None:
            self.asked.append((question, context))

    def stays_open(self, question: str, context: Mapping[str, str]) -> None:
        """What was asked is not answered yet, though what was said was meant for it."""
        self.asked.append((question, dict(context)))


Args = Mapping[str, str]
Handler = Callable[[Talk, Args], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Command:
    """`words` are phrases by language, the first of each is shown in help. `lowers`: it makes somebody less
    watched over, so it has to be fresh. `listed`: shown by `help`; `rare`: only by `help all`."""

    name: str
    words: Mapping[str, tuple[str, ...]]
    help: Text
    run: Handler
    args: tuple[Arg, ...] = ()
    where: Where = Where.DIRECT
    lowers: bool = False
    listed: bool = True
    rare: bool = False

    @property
    def rule(self) -> str:
        """Its line in the rule table."""
        return f"command:{self.name}"

    def shown(self, locale: str) -> str:
        """The phrase a person of this language is told to write."""
        return self.words[complete(locale)][0]


QuestionAnswer = Callable[[Talk, Mapping[str, str], str], Awaitable[bool]]
Put = Callable[[Talk, Mapping[str, str]], Awaitable[Text | None]]


@dataclass(frozen=True, slots=True)
class Question:
    """Something a person was asked. `take` answers False when what was said is no answer to it.

    `lowers`: its answer makes somebody less watched over, so one that was held back is no answer. `free`: any
    words may be the answer, so only a few whole-line commands come before it. `put` says it
    again when what lay above it is answered; None: it has lost its sense and is dropped.
    """

    name: str
    take: QuestionAnswer
    put: Put
    free: bool = False
    lowers: bool = False


STALE = timedelta(minutes=10)
HELD_BACK = say("This message was sent a while ago and came only now. Please write it again.")


def held_back(talk: Talk) -> bool:
    """Was this said before something that was heard already, or long ago by its homeserver's word?"""
    return talk.said.late or talk.turn.now - talk.said.sent_at > STALE


@dataclass(frozen=True, slots=True)
class Unfit:
    """A line that does not fit its command: what is missing, or (`wrong`) what was typed in its place."""

    arg: Arg
    wrong: Text | None = None


def read_args(command: Command, rest: str) -> dict[str, str] | Unfit:
    """The arguments of a line, each in the one form of its kind, or why they are none."""
    found: dict[str, str] = {}
    left = rest.strip()
    for arg in command.args:
        typed, value, after = _taken(arg.kind, left)
        if value is not None:
            found[arg.name], left = value, after
        elif arg.needed:
            return Unfit(arg, arg.kind.wrong if typed else None)
        elif typed and arg.kind.whole:
            return Unfit(arg, arg.kind.wrong)
    return found


def _taken(kind: Kind, left: str) -> tuple[str, str | None, str]:
    """What of the line an argument took, its one form if it has one, and what is left behind it."""
    if kind.whole:
        return left, kind.read(left) if left else None, ""
    words = left.split(None, kind.most)
    for size in range(min(kind.most, len(words)), 0, -1):
        typed = " ".join(words[:size])
        if (value := kind.read(typed)) is not None:
            after = left.split(None, size)[size:]
            return typed, value, after[0] if after else ""
    return " ".join(words[:1]), None, left
