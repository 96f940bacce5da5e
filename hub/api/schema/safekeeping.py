"""A lost device and a held-back entry: what a person, their circle and coordinators can do at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene

from bots import freezing, losing
from bots.commands.keeping import held_text
from directory import joining, members
from directory.refusals import NotYours
from directory.turn import Turn
from hub.api.asking import Asking
from hub.api.schema.acts import act
from hub.api.schema.people import InvitationType

HANDLE = {"handle": graphene.String(required=True, description="Who.")}
CODE = graphene.Field(InvitationType, description="The code for the new device; tell it by voice.")


async def _lost(turn: Turn, handle: str | None) -> None:
    await losing.lost(turn, handle or await members.handle_of(turn.tx, turn.viewer.member or ""))


async def _back(turn: Turn, handle: str) -> joining.Invite:
    row = await members.known_by(turn, handle)
    if row is None:
        raise NotYours
    return await joining.invite_back(turn, row.id)


async def _report(asking: Asking, handle: str | None = None) -> None:
    await asking.ask(_lost, handle)


async def _vouch(asking: Asking, handle: str) -> Mapping[str, Any]:
    return {"invitation": await asking.ask(losing.vouch, handle)}


async def _invite_back(asking: Asking, handle: str) -> Mapping[str, Any]:
    return {"invitation": await asking.ask(_back, handle)}


async def _freeze(asking: Asking, handle: str) -> None:
    await asking.ask(freezing.freeze, handle)


async def _vote(asking: Asking, handle: str, keep: bool) -> Mapping[str, Any]:
    return {"outcome": asking.say(held_text(await asking.ask(freezing.vote, handle, keep=keep)))}


class SafekeepingMutations:
    """Root fields."""

    report_lost = act(
        "ReportLost",
        "Close a lost device: mine, or of somebody in whose circle I am.",
        _report,
        takes={"handle": graphene.String(description="Whose; mine when left out.")},
    )
    vouch = act(
        "Vouch",
        "I spoke with them: it is them. The second voucher gets the code for the new device.",
        _vouch,
        takes=HANDLE,
        gives={"invitation": CODE},
    )
    invite_back = act(
        "InviteBack",
        "I rang them: a code for their new device.",
        _invite_back,
        takes=HANDLE,
        gives={"invitation": CODE},
        word=True,
    )
    freeze_member = act("FreezeMember", "Hold an entry back for 72 hours.", _freeze, takes=HANDLE)
    vote_on_freeze = act(
        "VoteOnFreeze",
        "Keep an entry held back, or let it free; two who say the same decide.",
        _vote,
        takes={**HANDLE, "keep": graphene.Boolean(required=True, description="Keep it, or let it free.")},
        gives={"outcome": graphene.String(description="What came of it, in the viewer's language.")},
        word=True,
    )
