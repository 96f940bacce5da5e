"""How much the homeserver lets our bot send, invite and create, and how many alarms that carries.

Measured as the bot itself, in a room of its own that nobody else is in, which is left afterwards: at most
`SENDS` small events, `INVITES` invitations of our own envoy and `ROOMS` rooms, never while letters wait. The
first "slow down" ends each count and says how fast it may go on. What is not measured: what other
homeservers let it send to them, and limits of a proxy in between that only strike after more than this.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from directory.core.text import say
from directory.core.viewer import Lane, Viewer
from hub.chance import random_id
from hub.doctor.check import Check, fine, unchecked, wrong
from hub.effects import BOT, ENVOY
from hub.logins import login_of
from hub.matrix.answers import MatrixTrouble, Refused, RetryLater
from hub.matrix.rooms import SHAPES, Purpose, creation
from hub.matrix.wire import Wire, path
from hub.node import Node
from hub.store import letters
from hub.trouble import Trouble

LOOKING = Viewer(Lane.TERMINAL)
SENDS, INVITES, ROOMS = 30, 3, 2
LETTERS_AN_ALARM = 12
"""The person, a circle of five, three coordinators, and the news that somebody has it."""
EVENT = "org.ayni.measure"
NAME = "room for alarms"


class FewAlarms(Trouble):
    """The homeserver lets the bot send only {sends} messages at once and {minute} more a minute. That carries
    {alarms} alarms in the first minute. Raise rc_message in its settings, as in deploy/synapse, or free the
    bot's account from its limits."""


class NoRooms(Trouble):
    """The homeserver lets the bot make no more rooms now, or ask nobody in. Whoever wants to come in has to
    wait. Raise rc_room_creation and rc_invites in its settings, as in deploy/synapse."""


@dataclass(frozen=True, slots=True)
class Measured:
    """`many` went through at once. `minute`: how many more it lets through in one; None when it set no
    limit within what we tried."""

    many: int
    minute: float | None

    @property
    def alarms(self) -> int:
        """How many alarms this carries in the first minute."""
        return int((self.many + (self.minute or 0.0)) // LETTERS_AN_ALARM)


async def measure(act: Callable[[], Awaitable[object]], most: int) -> Measured:
    """Do it until the homeserver asks to slow down, at most so often."""
    for done in range(most):
        try:
            await act()
        except RetryLater as later:
            return Measured(done, 60 / max(later.after_s, 0.001))
    return Measured(most, None)


async def look_at_limits(node: Node, homeserver_url: str) -> Check:
    """One check: what it lets the bot do, said in alarms."""
    async with node.turn(LOOKING) as turn:
        login, envoy = await login_of(turn, BOT), await login_of(turn, ENVOY)
        waiting = await letters.count_waiting(turn.tx, BOT)
    if login is None or envoy is None:
        return unchecked(NAME, say("The bots were never made"))
    if waiting:
        return unchecked(NAME, say("Letters are waiting, and they come first"))
    wire = Wire(homeserver_url, login.token)
    try:
        return await _measured(wire, envoy.user_id)
    except MatrixTrouble as trouble:
        return wrong(NAME, trouble)
    finally:
        await wire.close()


async def _measured(wire: Wire, guest: str) -> Check:
    made: list[str] = []

    async def make() -> None:
        answer = await wire.post(path("createRoom"), creation(SHAPES[Purpose.LINK], None, ()), within_s=60)
        made.append(str(answer["room_id"]))

    async def send() -> None:
        await wire.put(path("rooms", made[0], "send", EVENT, random_id()), {})

    async def ask_in() -> None:
        await wire.post(path("rooms", made[0], "invite"), {"user_id": guest})
        await wire.post(path("rooms", made[0], "kick"), {"user_id": guest})

    try:
        rooms = await measure(make, ROOMS)
        if not made:
            return wrong(NAME, NoRooms())
        invites, sends = await measure(ask_in, INVITES), await measure(send, SENDS)
    finally:
        for room in made:
            await _leave(wire, room)
    return judge(sends, invites, rooms)


async def _leave(wire: Wire, room: str) -> None:
    try:
        await wire.post(path("rooms", room, "leave"), {})
        await wire.post(path("rooms", room, "forget"), {})
    except Refused:
        return  # it is ours alone, and empty


def judge(sends: Measured, invites: Measured, rooms: Measured) -> Check:
    """In trouble when the first minute does not carry two alarms, or nobody can be asked in."""
    if sends.minute is not None and sends.alarms < 2:
        return wrong(NAME, FewAlarms(sends=sends.many, minute=int(sends.minute), alarms=sends.alarms))
    if not invites.many or not rooms.many:
        return wrong(NAME, NoRooms())
    if sends.minute is None:
        return fine(
            NAME,
            say(
                "No limit within {sends} messages at once: {alarms} alarms at once and more",
                sends=sends.many,
                alarms=sends.alarms,
            ),
        )
    return fine(
        NAME,
        say(
            "{sends} messages at once and {minute} more a minute: {alarms} alarms in the first minute",
            sends=sends.many,
            minute=int(sends.minute),
            alarms=sends.alarms,
        ),
    )
