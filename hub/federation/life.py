"""Steps in the life of a link, written down: the pure table decides (core/link.py), this loads and saves.

What follows from a step is recorded here once, whichever side took it: sharing begins when a link becomes
active, stops when it is suspended, and what was shared is purged when it is severed. What a new agreement no
longer lets cross is taken back.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from directory import sharing
from directory.core.effects import DueAt, NoLongerDue, TellRoles, Urgency
from directory.core.text import Text, say
from directory.core.viewer import Role
from directory.turn import Turn
from hub.federation.core import canonical
from hub.federation.core.agreement import Agreement, agreement_hash
from hub.federation.core.link import Ended, Event, Link, Side, SignedAgreement, Stage, step
from hub.federation.core.shapes import moment_of
from hub.federation.post import DUE_CARDS, DUE_CHECKPOINT, DUE_HEARTBEAT, DUE_WATCH, DUE_WATCH_NEW
from hub.store import links, watched
from hub.store.links import LinkRow, Peer

DUE_SHARE = "share"
"""Kind of the due row that shares, and takes back, what the agreement in force says; ref the network."""
SIGNATURES_KEPT = 4
"""Of each side: as many proposals may cross on the way. An older one has to be signed again."""
IN_FORCE = frozenset({Stage.ACTIVE, Stage.SUSPENDED})

DUE_RENEW = "renew"
"""Kind of the due row that asks to renew an agreement in time; ref the network."""
RENEW_BEFORE = (timedelta(days=30), timedelta(days=7), timedelta(days=1))
ENOUGH_NOTICE = timedelta(hours=1)
"""Nobody is asked to renew what was signed just now, also when it is short."""
SOON_OVER = say(
    "The agreement with {name} ends on {ends}. Write and sign the next one in time: until both have signed "
    "it, sharing stops then."
)
OVER = say("The agreement with {name} has come to its end. Sharing stops until both sign a new one.")
REACHED: dict[Stage, Text] = {
    Stage.VERIFIED: say("You and {name} compared the words. Now both can sign an agreement."),
    Stage.ACTIVE: say("The link with {name} is open."),
    Stage.SUSPENDED: say("The link with {name} is paused. Nothing new is shared until it is taken up again."),
    Stage.SEVERED: say("The link with {name} has ended. What they had shared with you was removed."),
}


def as_link(row: LinkRow) -> Link:
    """The row as the table of steps reads it."""
    in_force = agreement_of(row) if row.state in IN_FORCE else None
    last = row.agreement_hash
    return Link(
        stage=Stage(row.state),
        compared={Side(side): bytes.fromhex(about) for side, about in row.peer.compared.items()},
        signed={Side(side): frozenset(map(bytes.fromhex, signs)) for side, signs in row.peer.signs.items()},
        suspended_by=frozenset(Side(side) for side in row.peer.suspended_by),
        agreement=last if in_force else None,
        amends=in_force.follows if in_force else last,
    )


def signed_by(peer: Peer, side: Side, hashed: bytes, signature: str) -> Peer:
    """The peer's row with one more signature, of a side under the agreement with this hash."""
    newest = {**peer.signs.get(side, {}), hashed.hex(): signature}
    kept = dict(list(newest.items())[-SIGNATURES_KEPT:])
    return msgspec.structs.replace(peer, signs={**peer.signs, side.value: kept})


async def take(turn: Turn, row: LinkRow, event: Event, agreement: bytes = b"") -> Stage:
    """Take a step and write what follows from it; the stage afterwards. Raises core.link.IllegalMove.

    `agreement`: the canonical bytes of what a SignedAgreement is about; its signature is in the row already.
    """
    before = as_link(row)
    after = step(before, event)
    concluded = isinstance(event, SignedAgreement) and after.agreement != before.agreement
    peer = msgspec.structs.replace(
        row.peer,
        compared={side.value: about.hex() for side, about in after.compared.items()},
        suspended_by=tuple(sorted(side.value for side in after.suspended_by)),
        draft=agreement.decode() if concluded else row.peer.draft,
        signs={} if isinstance(event, Ended) else row.peer.signs,
    )
    await links.know_peer(turn.tx, turn.guard, row.network, peer)
    if concluded and after.agreement is not None:
        await _concluded(turn, row, after.agreement, agreement)
    if after.stage is not before.stage:
        await links.change(turn.tx, row.network, state=after.stage.value)
        await _reached(turn, row, before.stage, after.stage)
    return after.stage


async def _concluded(turn: Turn, row: LinkRow, hashed: bytes, signed: bytes) -> None:
    """Both signed it: it is the agreement now, with both signatures."""
    here, there = (bytes.fromhex(row.peer.signs[side][hashed.hex()]) for side in (Side.HERE, Side.THERE))
    agreement = msgspec.json.decode(signed, type=Agreement)
    await links.change(
        turn.tx,
        row.network,
        agreement=signed,
        agreement_hash=hashed,
        signed_here=here,
        signed_there=there,
        ends_at=moment_of(agreement.ends_at),
    )
    await turn.record(DueAt(DUE_SHARE, row.network, turn.now))
    await turn.record(DueAt(DUE_WATCH, row.network, turn.now))
    first = moment_of(agreement.ends_at) - RENEW_BEFORE[0]
    await turn.record(DueAt(DUE_RENEW, row.network, max(first, turn.now + ENOUGH_NOTICE)))


async def ask_to_renew(turn: Turn, network: str) -> None:
    """Due handler `renew`: the agreement ends soon, and no other follows it yet. Asked until one does."""
    link = await links.of(turn.tx, turn.guard, network)
    if link is None or link.state not in IN_FORCE or link.ends_at is None or turn.now >= link.ends_at:
        return
    text = say(SOON_OVER.message, name=link.name, ends=link.ends_at)
    await turn.record(TellRoles(Role.ADMINISTRATOR, text, Urgency.ANSWER))
    later = [at for each in RENEW_BEFORE if (at := link.ends_at - each) > turn.now]
    if later:
        await turn.record(DueAt(DUE_RENEW, network, min(later)))


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
        await watched.forget(turn.tx, row.network)
        for kind in (
            DUE_CARDS,
            DUE_HEARTBEAT,
            DUE_CHECKPOINT,
            DUE_SHARE,
            DUE_WATCH,
            DUE_WATCH_NEW,
            DUE_RENEW,
        ):
            await turn.record(NoLongerDue(kind, row.network))


async def _opened(turn: Turn, network: str) -> None:
    """Sharing begins, or goes on after a pause."""
    await turn.record(DueAt(DUE_CARDS, network, turn.now))
    await turn.record(DueAt(DUE_CHECKPOINT, network, turn.now))
    await turn.record(DueAt(DUE_HEARTBEAT, network, turn.now))
    await turn.record(DueAt(DUE_WATCH, network, turn.now))


async def share_as_agreed(turn: Turn, network: str) -> None:
    """Due handler `share`: organisations and bots cross as the agreement says, people by their own yes only.

    What it no longer lets cross is withdrawn. Every card is looked at, so the link is not locked meanwhile.
    """
    link = await links.of(turn.tx, turn.guard, network)
    agreed = None if link is None or link.state not in IN_FORCE else agreement_of(link)
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
