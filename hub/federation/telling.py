"""A call for help that a link cannot carry out by itself reaches people: it is never lost (DESIGN 4.6)."""

from __future__ import annotations

from directory.core.effects import TellRoles, Urgency
from directory.core.text import say
from directory.core.viewer import Role
from directory.turn import Turn
from hub.federation.core.envelope import VerifiedEnvelope
from hub.store.links import LinkRow


async def tell_people(turn: Turn, link: LinkRow, envelope: VerifiedEnvelope) -> None:
    """Coordinators hear who sent it; an alarm wakes them."""
    text = say(
        "{name} asks for help, but the link with them is not open. Please call them on a way you know.",
        name=link.name,
    )
    await turn.record(TellRoles(Role.COORDINATOR, text, Urgency.ALARM, wakes=envelope.type == "alarm"))
