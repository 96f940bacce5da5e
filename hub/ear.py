"""What the bots' accounts hear, each event in one transaction: heard once, with its answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bots import measuring, pictures
from bots.core.folding import hides_something
from bots.core.grammar import Order
from bots.desk import Desk
from bots.dispatch import brief, hear
from bots.said import Form, Said
from directory import joining, leaving, members
from directory.core.effects import Effect, SecretSaid, TellRoles, Unsay, Urgency
from directory.core.text import say
from directory.core.viewer import Lane, Role
from directory.store import bindings, safekeeping
from directory.store.database import DATABASE_GONE
from directory.turn import Turn
from hub import apart, log, metrics
from hub.clock import monotonic
from hub.crowd import STRANGER, TALKS, Crowd, marks
from hub.due import CLOCK, Turns
from hub.effects import BOT
from hub.federation.fair import Budgets, Fair
from hub.federation.lanes import room as room_lane
from hub.matrix.account import BotAccount
from hub.matrix.hearing import Compared, Decision, Invite, MemberChange, Pictures
from hub.matrix.inbound import Doubt, Inbound
from hub.matrix.receipts import Read
from hub.rooming import RoomMaker
from hub.store import heard, measured, rooms
from hub.together import Together


async def first_time(turn: Turn, inbound: Inbound) -> bool:
    """Is this event new? Told by its id and, when it was encrypted, by its place in the sender's ratchet."""
    return await heard.first_time(turn.tx, *marks(turn, inbound), turn.now)


def _doubt(inbound: Inbound) -> str:
    """Why this can be no order, or no full one; "none" for what is said plainly and now."""
    if inbound.doubt is not None:
        return inbound.doubt
    if inbound.form is not Form.WORDS:
        return inbound.form
    if hides_something(inbound.body):
        return "hidden signs"
    return "late" if inbound.late else "none"


def _listening_for_secrets(turn: Turn) -> tuple[Turn, list[SecretSaid]]:
    """The same turn, and where it notes that what was said held somebody's word."""
    found: list[SecretSaid] = []

    async def record(effect: Effect) -> None:
        if isinstance(effect, SecretSaid):
            found.append(effect)
        else:
            await turn.record(effect)

    return replace(turn, record=record), found


@dataclass(slots=True)
class BotEar:
    """The members' bot: direct rooms and the lobby."""

    desk: Desk
    turns: Turns
    account: BotAccount
    maker: RoomMaker
    name: str = BOT
    crowd: Together[tuple[Inbound, Order]] = field(init=False)

    def __post_init__(self) -> None:
        self.crowd = Together(Crowd(self.desk, self.turns).hear)

    async def deliver(self, inbound: Inbound) -> None:
        """Hand what a person said to the bots: once, and never so that it stops those behind it.

        Something that breaks a handler is handed on a second time as unreadable, so that whoever sent it is
        asked whether they need help (DESIGN 4.6).
        """
        if inbound.notice:
            metrics.HEARD.labels(doubt="notice").inc()
            return  # notices are what bots say: answering them is how two bots talk for ever
        metrics.HEARD.labels(doubt=_doubt(inbound)).inc()
        order = brief(inbound.said()) if self.name == BOT else None
        if order is not None and self.name == BOT and await self._heard_in_the_crowd(inbound, order):
            return
        try:
            await self._hear(inbound, inbound.said())
        except DATABASE_GONE:
            raise  # it comes again when we listen again
        except Exception as why:  # noqa: BLE001 — named below, and answered as a possible call for help
            log.trouble("something said broke its handler", error=type(why).__name__)
            await self._hear_in_doubt(inbound)

    async def _heard_in_the_crowd(self, inbound: Inbound, order: Order) -> bool:
        """Together with what others say at this moment; False leaves it to be heard alone."""
        try:
            return await self.crowd.do((inbound, order))
        except Exception as why:  # noqa: BLE001 — nothing was done: each is heard alone, with every care
            log.trouble("several things said could not be heard together", error=type(why).__name__)
            return False

    async def _hear_in_doubt(self, inbound: Inbound) -> None:
        """As something unreadable; and when even that cannot be handled, a person is told instead.

        Without the last step one message would end `care` at every start, and no alarm after it be heard.
        """
        doubtful = replace(inbound.said(), form=Form.UNREADABLE, body="", trusted=False)
        try:
            await self._hear(inbound, doubtful)
        except DATABASE_GONE:
            raise
        except Exception as why:  # noqa: BLE001 — named here, and told to people who can ask
            log.trouble("something said could not be handled at all", error=type(why).__name__)
            await self._tell_people(inbound)

    async def _tell_people(self, inbound: Inbound) -> None:
        async with self.turns(CLOCK) as turn:
            if not await first_time(turn, inbound):
                return
            member = await bindings.bound_to(turn.tx, turn.guard.digest("matrix-id", inbound.sender))
            if member is None:
                return  # a stranger: nobody here is missing them
            text = say(
                "{name} wrote something that could not be read here. Please ask them on a way you know "
                "whether they need help.",
                name=await members.handle_of(turn.tx, member),
            )
            await turn.record(TellRoles(Role.COORDINATOR, text, Urgency.ALARM, wakes=True))

    async def _hear(self, inbound: Inbound, said: Said) -> None:
        async with self.turns(STRANGER) as turn:
            if not await first_time(turn, inbound):
                metrics.REPLAYS.inc()
                return
            room = await rooms.by_matrix(turn.tx, turn.guard, inbound.room)
            if room is not None and room.purpose not in TALKS:
                return  # two people met there: what they say is theirs, even while the bot is still leaving
            viewer = await members.viewer_of(
                turn.tx, turn.guard, matrix_id=inbound.sender, lane=Lane.CHAT, now=turn.now
            )
            if viewer is not None and await safekeeping.is_closed(turn.tx, viewer.member or ""):
                said = replace(said, trusted=False)  # a lost device: heard only as a possible call for help
            if self.name != BOT:
                if viewer is None or viewer.member is None:
                    return  # people come in through the main account only
                turn = await apart.in_room(turn, self.name, inbound.room, viewer.member)
                said = replace(said, signed=False)  # and come back through it only
            turn, secrets = _listening_for_secrets(turn)
            await hear(self.desk, turn if viewer is None else replace(turn, viewer=viewer), said, viewer)
            if secrets:
                await turn.record(Unsay(inbound.room, inbound.event_id))
        if said.signed and not said.trusted and await self._bound_now(inbound):
            await self.account.rebound(inbound.sender)  # they came back with other keys than before

    async def _bound_now(self, inbound: Inbound) -> bool:
        if inbound.doubt is not Doubt.OTHER_IDENTITY:
            return False
        async with self.turns(CLOCK) as turn:
            member = await bindings.bound_to(turn.tx, turn.guard.digest("matrix-id", inbound.sender))
            bound = await members.master_key_of(turn.tx, turn.guard, member) if member is not None else None
        return bound == inbound.master_key

    async def invited(self, invite: Invite) -> Decision:
        """A member may open another direct room; a stranger gets a lobby only while somebody is expected."""
        async with self.turns(CLOCK) as turn:
            known = await members.viewer_of(
                turn.tx, turn.guard, matrix_id=invite.inviter, lane=Lane.CHAT, now=turn.now
            )
            welcome = known is not None and not await leaving.looks_gone(turn, known.member or "")
            if not welcome and self.name == BOT:
                welcome = await joining.knock(turn, matrix_id=invite.inviter)
        return Decision.JOIN if welcome and invite.direct else Decision.LEAVE_ALONE

    async def members_changed(self, change: MemberChange) -> None:
        """Somebody came into or left a room of ours."""
        async with self.turns(CLOCK) as turn:
            room = await rooms.by_matrix(turn.tx, turn.guard, change.room)
            met = room is not None and await self.maker.members_changed(turn, room, change)
        if met:
            self.maker.wake.set()  # it goes out of the room
        await self.maker.rosters.changed(change)

    async def pictures(self, seen: Pictures) -> None:
        """Show somebody bound the pictures their app has to show too."""
        async with self.turns(CLOCK) as turn:
            member = await bindings.bound_to(turn.tx, turn.guard.digest("matrix-id", seen.user))
            if member is not None:
                await pictures.show(turn, member, seen.numbers)

    async def compared(self, user: str, how: Compared) -> None:
        """Tell them what came of it; other pictures are told to people who can look into it."""
        metrics.COMPARED.labels(how=how.value).inc()
        async with self.turns(CLOCK) as turn:
            member = await bindings.bound_to(turn.tx, turn.guard.digest("matrix-id", user))
            if member is not None:
                await pictures.ended(turn, member, how.value)

    async def read(self, read: Read) -> None:
        """A member's app has shown what we wrote: of an alarm or a drill that is kept."""
        async with self.turns(CLOCK) as turn:
            room = await rooms.by_matrix(turn.tx, turn.guard, read.room)
            if room is None or room.purpose != "direct" or room.ref is None:
                return
            member = await bindings.bound_to(turn.tx, turn.guard.digest("matrix-id", read.user))
            if member != room.ref:
                return
            at = min(turn.now, datetime.fromtimestamp(read.at_ms / 1000, UTC))
            about = await measured.read_until(turn.tx, room.id, read.event, at)
            if about:
                await measuring.read(turn, member, about, at)


@dataclass(slots=True)
class EnvoyEar:
    """The envoy: link rooms. Nothing a person writes there is read."""

    turns: Turns
    receive: Callable[[Turn, str, bytes], Awaitable[object]]
    admit: Callable[[Turn, str, str, str], Awaitable[str | None]]
    joined: Callable[[Turn, str], Awaitable[None]]
    maker: RoomMaker
    fair: Fair[tuple[Inbound, bytes]] = field(init=False)

    def __post_init__(self) -> None:
        self.fair = Fair(self._heard, Budgets(monotonic), DATABASE_GONE)

    async def deliver(self, inbound: Inbound) -> None:
        """Hand a sealed envelope to the link its room belongs to. The event proves nothing; its seal does.

        A room that brings more than its share waits for itself only.
        """
        if inbound.event_type != room_lane.EVENT_TYPE:
            return
        wire = room_lane.from_content(inbound.content)
        if wire is not None:
            await self.fair.give(inbound.room, len(wire), (inbound, wire))

    async def _heard(self, brought: tuple[Inbound, bytes]) -> None:
        try:
            verdict = await self._receive(*brought)
        except DATABASE_GONE:
            raise  # it comes again when we listen again
        except Exception as why:  # noqa: BLE001 — named here; its hub sends it again, and those behind it go on
            log.trouble("an envelope broke its handler", error=type(why).__name__)
            return
        if verdict is not None:
            metrics.ENVELOPES.labels(verdict=str(verdict)).inc()

    async def _receive(self, inbound: Inbound, wire: bytes) -> object | None:
        async with self.turns(CLOCK) as turn:
            room = await rooms.by_matrix(turn.tx, turn.guard, inbound.room)
            if room is None or room.purpose != "link" or room.ref is None:
                return None
            if not await first_time(turn, inbound):
                return None
            return await self.receive(turn, room.ref, wire)

    async def invited(self, invite: Invite) -> Decision:
        """Only who holds a one-time invitation of ours; anybody else hears nothing at all."""
        async with self.turns(CLOCK) as turn:
            network = await self.admit(turn, invite.inviter, invite.room, invite.reason)
        return Decision.LEAVE_ALONE if network is None else Decision.JOIN

    async def members_changed(self, change: MemberChange) -> None:
        """The other envoy came or went. One who came late reads nothing of before: it is sent again."""
        async with self.turns(CLOCK) as turn:
            room = await rooms.by_matrix(turn.tx, turn.guard, change.room)
            if room is None:
                return
            await self.maker.members_changed(turn, room, change)
            if change.membership == "join" and room.purpose == "link" and room.ref is not None:
                await self.joined(turn, room.ref)
        await self.maker.rosters.changed(change)

    async def pictures(self, seen: Pictures) -> None:
        """Nobody is bound to the envoy's rooms, so nobody compares pictures with it."""

    async def compared(self, user: str, how: Compared) -> None:
        """The same."""

    async def read(self, read: Read) -> None:
        """Nobody reads there."""
