"""What an envelope in its place does. Types about the link are dealt with here, the others by handlers.

The stage of the link decides first (core/admission.py): apply, show a person, or keep and do nothing. What a
handler refuses or breaks on is undone alone: the stream goes on, because the next envelope may be an alarm.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from directory.refusals import Refusal
from directory.store.database import DATABASE_GONE
from directory.store.guarded import HubSealed
from directory.turn import Turn
from hub import log
from hub.federation import cards, steps, watching, when_opened
from hub.federation.asking import heartbeat_there
from hub.federation.core import admission, bodies, link_bodies
from hub.federation.core.admission import Admission
from hub.federation.core.envelope import VerifiedEnvelope
from hub.federation.core.link import Stage
from hub.federation.plain import plain
from hub.federation.telling import tell_broken, tell_people
from hub.store import envelopes
from hub.store.links import LinkRow

Handler = Callable[[Turn, str, Mapping[str, object]], Awaitable[None]]
Handlers = Mapping[str, Handler]

HANDLED_HERE = frozenset(
    {
        "link",
        "keys",
        "revoke",
        "suspend",
        "heartbeat",
        "card",
        "tombstone",
        "checkpoint",
        "epoch",
        "receipt",
        "heads",
        "resend",
        "watch",
    }
)
NOT_YET = frozenset({"snapshot"})
"""Kept in their place in the stream and confirmed; what they say is not acted on by this version."""


class NobodyApplies(Exception):
    """An envelope type has no handler: the hub does not start like this."""


@dataclass(frozen=True, slots=True)
class Applier:
    """`handlers`: what directory and bots do with alarms, introductions and the like, by envelope type."""

    handlers: Handlers

    def __post_init__(self) -> None:
        admission.check_coverage()
        missing = set(bodies.KINDS) - HANDLED_HERE - NOT_YET - set(self.handlers)
        if missing:
            raise NobodyApplies(", ".join(sorted(missing)))

    async def __call__(self, turn: Turn, link: LinkRow, envelope: VerifiedEnvelope) -> None:
        """Apply one envelope that is next in its stream."""
        match admission.admit(envelope.type, Stage(link.state)):
            case Admission.APPLY:
                await self._apart(turn, link, envelope)
            case Admission.TELL:
                await tell_people(turn, link, envelope)
            case Admission.KEEP:
                log.event("envelope kept", kind=envelope.type, state=link.state)

    async def _apart(self, turn: Turn, link: LinkRow, envelope: VerifiedEnvelope) -> None:
        try:
            async with turn.tx.begin_nested():
                await self._apply(turn, link, envelope)
        except Refusal as refused:
            log.event("envelope refused", kind=envelope.type, reason=type(refused).__name__)
        except HubSealed:
            await when_opened.put_off(turn, link, envelope)
        except DATABASE_GONE:
            raise
        except Exception as why:  # noqa: BLE001 — one broken body must not stop the stream; it is undone and named
            log.trouble("envelope not applied", kind=envelope.type, error=type(why).__name__)
            if envelope.type == "alarm":
                await tell_broken(turn, link)

    async def again(self, turn: Turn, ref: str) -> None:
        """Due handler `when-opened`: what had to wait while records were closed."""
        await when_opened.again(self._apply, turn, ref)

    async def _apply(self, turn: Turn, link: LinkRow, envelope: VerifiedEnvelope) -> None:
        """Talk about people is forgotten here once it is where it belongs; its number and hash stay."""
        await self._by_type(turn, link, envelope)
        if envelope.type in cards.ABOUT_PEOPLE:
            place = (envelope.stream, envelope.epoch, envelope.seq)
            await envelopes.empty(turn.tx, link.network, *place)

    async def _by_type(self, turn: Turn, link: LinkRow, envelope: VerifiedEnvelope) -> None:
        match envelope.body:
            case (
                link_bodies.Propose()
                | link_bodies.Welcome()
                | link_bodies.Compared()
                | link_bodies.Agree()
                | link_bodies.Sever() as step
            ):
                await steps.link_step(turn, link, step)
            case bodies.Keys() as body:
                await steps.newer_keys(turn, link, body)
            case bodies.Revoke() as body:
                await steps.revoked_key(turn, link, body)
            case bodies.Suspend() as body:
                await steps.suspended(turn, link, body)
            case bodies.Heartbeat() as body:
                await heartbeat_there(turn, link, body, envelope.at)
            case bodies.Watch() as body:
                await watching.receive_watch(turn, link, body)
            case bodies.Cards() | bodies.Tombstone() | bodies.Checkpoint() as body:
                await self._about_cards(turn, link, envelope.epoch, body)
            case bodies.Introduction() as body if await cards.is_withdrawn(turn, link, body.from_card.card):
                log.event("envelope kept", kind=envelope.type, state="withdrawn")
            case body:
                await self._by_handler(turn, link, envelope.type, body)

    async def _about_cards(
        self, turn: Turn, link: LinkRow, epoch: int, body: bodies.Cards | bodies.Tombstone | bodies.Checkpoint
    ) -> None:
        match body:
            case bodies.Cards():
                await cards.received(turn, link, body)
            case bodies.Tombstone():
                await cards.withdrawn_there(turn, link, body)
            case bodies.Checkpoint():
                await cards.checkpoint_there(turn, link, body, epoch)

    async def _by_handler(self, turn: Turn, link: LinkRow, kind: str, body: bodies.Body) -> None:
        handler = self.handlers.get(kind)
        if handler is not None:
            await handler(turn, link.network, plain(body))
