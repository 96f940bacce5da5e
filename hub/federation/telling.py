"""A call for help that a link cannot carry out by itself reaches people: it is never lost (DESIGN 4.6)."""

from __future__ import annotations

from directory.core.effects import TellRoles, Urgency
from directory.core.text import Text, say
from directory.core.viewer import Role
from directory.turn import Turn
from hub.federation.core.envelope import VerifiedEnvelope
from hub.store.links import LinkRow


async def tell_people(turn: Turn, link: LinkRow, envelope: VerifiedEnvelope) -> None:
    """The link is not open for it. Coordinators hear who sent it; an alarm wakes them."""
    text = say(
        "{name} asks for help, but the link with them is not open. Please call them on a way you know.",
        name=link.name,
    )
    await _wake(turn, text, wakes=envelope.type == "alarm")


async def tell_late(turn: Turn, link: LinkRow, envelope: VerifiedEnvelope) -> None:
    """It came late and out of order: it may be answered already, or known to nobody any more."""
    text = say(
        "{name} asked for help at {at}, and it reached us only now. Please call them on a way you know.",
        name=link.name,
        at=envelope.at,
    )
    await _wake(turn, text, wakes=True)


async def tell_broken(turn: Turn, link: LinkRow) -> None:
    """What they sent broke what should carry it out here. It is confirmed, so nobody sends it again."""
    text = say(
        "{name} asks for help, but what they sent could not be read here. Please call them on a way "
        "you know.",
        name=link.name,
    )
    await _wake(turn, text, wakes=True)


async def _wake(turn: Turn, text: Text, *, wakes: bool) -> None:
    await turn.record(TellRoles(Role.COORDINATOR, text, Urgency.ALARM, wakes=wakes))
