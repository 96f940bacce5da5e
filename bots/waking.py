"""What wakes a responder: the message in their own app, and what they chose besides it.

The app's own push carries no content. A self-hosted ntfy or UnifiedPush gets a knock without content at an
address they gave; SMS and ringing calls go through a gateway, where this hub has one. None of them says why.
"""

from __future__ import annotations

from typing import Protocol

from bots.core.addresses import may_knock
from bots.core.numbers import is_number, plain_number
from bots.desk import Desk
from bots.store import wakers
from bots.store.wakers import Waking
from directory.core.text import Text, say
from directory.core.viewer import Role
from directory.refusals import BadAnswer, NotYours
from directory.turn import Turn

PUSH, SMS, CALL = "push", "sms", "call"
KINDS = (PUSH, SMS, CALL)


WHAT_IT_TELLS: tuple[Text, ...] = (
    say("The phone company learns that this network wakes your number, when, and where you are then."),
    say("What it carries says nothing."),
)
"""What a person is told before a number of theirs is used."""


class NotWoken(Exception):
    """The address did not take the knock. It is tried again a few times."""


class Waker(Protocol):
    """Makes one kind of phone ring. The id is the same for a repeat, so that nothing rings twice."""

    async def ring(self, where: str, ring: str, locale: str) -> None:
        """Knock at an address or number, without a word of why; where there are words, in the person's
        language. Raises NotWoken."""


async def choose(desk: Desk, turn: Turn, kind: str, where: str, *, understood: bool = False) -> None:
    """The viewer wants to be woken this way too. A number is taken only from somebody who `understood` what
    the phone company learns of it.

    Raises NotYours for who answers no calls, BadAnswer for what cannot ring here.
    """
    member = _responder(turn)
    if kind not in desk.wakers:
        raise BadAnswer(
            say("This network cannot do that yet. Your own app and a push address work."), field="kind"
        )
    if kind == PUSH and not may_knock(where):
        raise BadAnswer(
            say("Please give an address that begins with https and is open to the internet."), field="where"
        )
    if kind != PUSH:
        where = _number(where, understood)
    await wakers.keep(turn.tx, turn.guard, member, Waking(kind, where), turn.now)


async def drop(turn: Turn, kind: str) -> bool:
    """Not this way any more; False when it was not chosen."""
    return await wakers.drop(turn.tx, _responder(turn), kind)


async def mine(turn: Turn) -> tuple[Waking, ...]:
    """What the viewer chose besides the message itself."""
    return await wakers.of_member(turn.tx, turn.guard, _responder(turn))


def _number(where: str, understood: bool) -> str:
    number = plain_number(where)
    if not is_number(number):
        raise BadAnswer(say("Please write the number with its country, as +502 5555 1234."), field="where")
    if not understood:
        raise BadAnswer(
            say(
                "Write it in chat: wake, sms or call, and the number. There you read what that tells others."
            ),
            field="where",
        )
    return number


def _responder(turn: Turn) -> str:
    if turn.viewer.member is None or not turn.viewer.may_act_as(Role.RESPONDER, Role.COORDINATOR):
        raise NotYours
    return turn.viewer.member
