"""Tokens for programs: the operations they may run, until when; and the technician's own.

A token's bearer is nobody: it sees what an integrator may, never what only a member may. The technician's
token lies in a file of the data folder that only its owner reads; it works from this machine alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from directory import audit
from directory.core.text import say
from directory.core.viewer import Lane, Role, Viewer
from directory.refusals import BadAnswer, NotYours
from directory.turn import Turn
from hub.api.stamps import stamp
from hub.store import tokens as store
from hub.store.tokens import TokenRow

LONGEST = timedelta(days=365)
METRICS = "metrics"
OPEN = "open"
"""Scope of a token that may ask queries nobody trusts, under the limits of hub/api/open_queries."""
INTROSPECT = "introspect"
"""Scope of a token that may also ask for the schema itself."""
TECHNICIAN = "technician"
TECHNICIAN_ROLES = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})


@dataclass(frozen=True, slots=True)
class Machine:
    """A token's bearer: a viewer without a member, and the operations it may run."""

    viewer: Viewer
    scopes: frozenset[str]
    label: str = TECHNICIAN
    id: str = ""
    until: datetime | None = None
    """When it ends by itself."""

    @property
    def is_technician(self) -> bool:
        """Does it stand at this machine?"""
        return TECHNICIAN in self.scopes

    def may_run(self, operation: str) -> bool:
        """Is this operation named in the token's scopes? The technician may run all; rules still hold."""
        return self.is_technician or operation in self.scopes


@dataclass(frozen=True, slots=True)
class Made:
    """A new token. `secret` is shown once and kept here as a digest only."""

    token: TokenRow
    secret: str


async def make_token(turn: Turn, label: str, operations: Iterable[str], lasts: timedelta) -> Made:
    """A token that may run these operations. Administrators only; raises NotYours or BadAnswer."""
    if not turn.viewer.may_act_as(Role.ADMINISTRATOR):
        raise NotYours
    if not timedelta(0) < lasts <= LONGEST:
        raise BadAnswer(say("A token lasts 1 to 365 days."), field="days")
    made = await _make(turn, label.strip()[:80], frozenset(operations) - {TECHNICIAN}, lasts)
    await audit.note(turn, "token-made", after=", ".join(sorted(made.token.scopes)))
    return made


async def technician_token(turn: Turn) -> str:
    """The secret of a new token for the technician at this machine; earlier ones end.

    Called where the data folder can be written: the hub's own process or `ayni init`.
    """
    for row in await store.all_tokens(turn.tx):
        if TECHNICIAN in row.scopes:
            await store.revoke_token(turn.tx, row.id, turn.now)
    made = await _make(turn, TECHNICIAN, frozenset({TECHNICIAN}), timedelta(days=3650))
    return made.secret


async def _make(turn: Turn, label: str, scopes: frozenset[str], lasts: timedelta) -> Made:
    secret = stamp(turn.guard, "token", turn.ids() + turn.ids())
    row = TokenRow(turn.ids(), label, scopes, turn.now, turn.now + lasts, None, turn.viewer.member)
    await store.add_token(turn.tx, row, turn.guard.digest("token", secret))
    return Made(row, secret)


async def machine(turn: Turn, secret: str) -> Machine | None:
    """Whose token this is; None for anything unknown, revoked or expired."""
    row = await store.token(turn.tx, turn.guard.digest("token", secret), turn.now)
    if row is None:
        return None
    if TECHNICIAN in row.scopes:
        return Machine(Viewer(Lane.TERMINAL, roles=TECHNICIAN_ROLES), row.scopes)
    return Machine(Viewer(Lane.TOKEN), row.scopes, row.label, row.id, row.expires_at)


async def used(turn: Turn, who: Machine, operation: str) -> None:
    """Write down that a program asked; the technician's own acts are written down one by one."""
    if not who.is_technician:
        await audit.looked(turn, "token-used", after=f"{who.label}: {operation}")


async def tokens(turn: Turn) -> tuple[TokenRow, ...]:
    """Every token ever made, the newest first, without the technician's own. Administrators only."""
    if not turn.viewer.may_act_as(Role.ADMINISTRATOR):
        raise NotYours
    await audit.looked(turn, "read-tokens")
    return tuple(row for row in await store.all_tokens(turn.tx) if TECHNICIAN not in row.scopes)


async def revoke(turn: Turn, token: str) -> None:
    """End a token now. Raises NotYours when there is none that still works."""
    if not turn.viewer.may_act_as(Role.ADMINISTRATOR):
        raise NotYours
    if not await store.revoke_token(turn.tx, token, turn.now):
        raise NotYours
    await audit.note(turn, "token-revoked")
