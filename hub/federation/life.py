"""Steps in the life of a link, written down: the pure table decides (core/link.py), this loads and saves.

What follows from a step is recorded here once, whichever side took it: sharing begins when a link becomes
active, stops when it is suspended, and what was shared is purged when it is severed.
"""

from __future__ import annotations

import msgspec

from directory import sharing
from directory.core.effects import DueAt, NoLongerDue, TellRoles, Urgency
from directory.core.text import Text, say
from directory.core.viewer import Role
from directory.turn import Turn
from hub.federation.core import canonical
from hub.federation.core.agreement import Agreement, agreement_hash
from hub.federation.core.link import Event, Link, Side, Stage, step
from hub.federation.core.shapes import moment_of
from hub.federation.post import DUE_HEARTBEAT
from hub.store import links
from hub.store.links import LinkRow

DUE_CARDS, DUE_CHECKPOINT = "cards", "checkpoint"

OVER = say("The agreement with {name} has come to its end. Sharing stops until both sign a new one.")
REACHED: dict[Stage, Text] = {
    Stage.VERIFIED: say("You and {name} compared the words. Now both can sign an agreement."),
    Stage.ACTIVE: say("The link with {name} is open."),
    Stage.SUSPENDED: say("The link with {name} is paused. Nothing new is shared until it is taken up again."),
    Stage.SEVERED: say("The link with {name} has ended. What they had shared with you was removed."),
}


def as_link(row: LinkRow) -> Link:
    """The row as the table of steps reads it."""
    return Link(
        stage=Stage(row.state),
        compared={Side(side): bytes.fromhex(about) for side, about in row.peer.compared.items()},
        signed={Side(side): bytes.fromhex(hashed) for side, hashed in row.peer.signed.items()},
        suspended_by=frozenset(Side(side) for side in row.peer.suspended_by),
        agreement=row.agreement_hash,
    )


async def take(turn: Turn, row: LinkRow, event: Event) -> Stage:
    """Take a step and write what follows from it; the stage afterwards. Raises core.link.IllegalMove."""
    before = as_link(row)
    after = step(before, event)
    peer = msgspec.structs.replace(
        row.peer,
        compared={side.value: about.hex() for side, about in after.compared.items()},
        signed={side.value: hashed.hex() for side, hashed in after.signed.items()},
        suspended_by=tuple(sorted(side.value for side in after.suspended_by)),
    )
    await links.know_peer(turn.tx, turn.guard, row.network, peer)
    concluded = after.agreement if after.agreement != before.agreement else None
    if concluded is not None:
        await _concluded(turn, row, concluded)
    if after.stage is not before.stage:
        await links.change(turn.tx, row.network, state=after.stage.value)
        await _reached(turn, row, before.stage, after.stage)
    if concluded is not None:
        await _share_as_agreed(turn, row.network)
    return after.stage


async def _concluded(turn: Turn, row: LinkRow, hashed: bytes) -> None:
    """Both signed the draft: it is the agreement now, with both signatures."""
    signed = row.peer.draft.encode()
    agreement = msgspec.json.decode(signed, type=Agreement)
    await links.change(
        turn.tx,
        row.network,
        agreement=signed,
        agreement_hash=hashed,
        signed_here=bytes.fromhex(row.peer.signatures[Side.HERE]),
        signed_there=bytes.fromhex(row.peer.signatures[Side.THERE]),
        ends_at=moment_of(agreement.ends_at),
    )


async def _reached(turn: Turn, row: LinkRow, before: Stage, stage: Stage) -> None:
    over = stage is Stage.VERIFIED and before is not Stage.PROPOSED
    sentence = OVER if over else REACHED.get(stage)
    if sentence is not None:
        text = say(sentence.message, name=row.name)
        await turn.record(TellRoles(Role.ADMINISTRATOR, text, Urgency.ANSWER))
    if stage is Stage.ACTIVE:
        await _opened(turn, row.network)
    elif stage is Stage.SEVERED:
        await sharing.network_severed(turn, row.network)
        for kind in (DUE_CARDS, DUE_HEARTBEAT, DUE_CHECKPOINT):
            await turn.record(NoLongerDue(kind, row.network))


async def _opened(turn: Turn, network: str) -> None:
    """Sharing begins, or goes on after a pause."""
    await turn.record(DueAt(DUE_CARDS, network, turn.now))
    await turn.record(DueAt(DUE_CHECKPOINT, network, turn.now))
    await turn.record(DueAt(DUE_HEARTBEAT, network, turn.now))


async def _share_as_agreed(turn: Turn, network: str) -> None:
    """Organisations and bots cross as the new agreement says; people by their own yes only."""
    fresh = await links.of(turn.tx, turn.guard, network)
    agreed = None if fresh is None else agreement_of(fresh)
    if agreed is not None:
        await sharing.network_linked(turn, network, agreed.shares_of(turn.home))
        await turn.record(DueAt(DUE_CARDS, network, turn.now))


def agreement_of(row: LinkRow) -> Agreement | None:
    """The agreement both signed, if there is one."""
    return None if row.agreement is None else msgspec.json.decode(row.agreement, type=Agreement)


def draft_of(row: LinkRow) -> canonical.Json | None:
    """The agreement that is proposed or signed by one side, as an object to sign or to show."""
    parsed = canonical.parse(row.peer.draft.encode())
    return None if isinstance(parsed, canonical.Flaw) else parsed


def draft_hash(row: LinkRow) -> bytes | None:
    """What names the draft."""
    draft = draft_of(row)
    return None if draft is None else agreement_hash(draft)
