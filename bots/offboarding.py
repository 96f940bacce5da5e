"""Off-boarding: in one step, everything somebody could do here beyond being a member ends."""

from __future__ import annotations

from dataclasses import dataclass

from bots.store import duty
from directory import audit, later, members, seconding
from directory.core.effects import Tell, Urgency, WorkEnded
from directory.core.rules import may
from directory.core.text import Text, say
from directory.core.viewer import Role
from directory.refusals import BadAnswer, NeedsWord, NotYours
from directory.store import members as rows
from directory.store import roles, ways_in
from directory.turn import Turn


@dataclass(frozen=True, slots=True)
class Ended:
    """What was ended, in numbers, and which roles were held."""

    handle: str
    roles: tuple[str, ...]
    sign_ins: int
    login_links: int
    tokens: int
    codes: int
    duty: int
    organisations: int
    second: int
    copies: int

    def lines(self) -> tuple[Text, ...]:
        """One sentence for each kind of thing that was there."""
        counted = (
            (self.sign_ins, say("Sign-ins ended: {count}.", count=self.sign_ins)),
            (self.login_links, say("Links ended: {count}.", count=self.login_links)),
            (self.tokens, say("Tokens ended: {count}.", count=self.tokens)),
            (self.codes, say("Codes ended: {count}.", count=self.codes)),
            (self.duty, say("Times on duty ended: {count}.", count=self.duty)),
            (self.organisations, say("Organisations they spoke for: {count}.", count=self.organisations)),
            (
                self.second,
                say("No second person any more, and what they asked one for: {count}.", count=self.second),
            ),
            (self.copies, say("Copies of their data ended: {count}.", count=self.copies)),
        )
        first = say("Roles ended: {roles}.", roles=", ".join(self.roles) or "—")
        return (first, *(text for number, text in counted if number))


async def off_board(turn: Turn, handle: str) -> Ended:
    """End roles, sign-ins, links, tokens, codes, duty, copies of a member, who stays a member. Papers they
    keep open nothing any more, and bots of ours go out of rooms made for them with others.

    Raises NotYours, NeedsWord, BadAnswer for the last administrator.
    """
    row = await members.known_by(turn, handle)
    if row is None or not may("act:off-board", turn.viewer):
        raise NotYours
    if turn.viewer.member is not None and not turn.viewer.gave_word(turn.now):
        raise NeedsWord
    if await roles.holders(turn.tx, Role.ADMINISTRATOR) == [row.id]:
        raise BadAnswer(say("This is the last administrator. Make somebody else one first."), field="handle")
    ended = await _end(turn, row)
    await turn.record(WorkEnded(row.id))
    await audit.note(turn, "off-boarded", row.id, before=", ".join(ended.roles))
    await turn.record(
        Tell(row.id, say("Your work for this network has ended. You stay a member."), Urgency.NOTE)
    )
    return ended


async def _end(turn: Turn, row: rows.MemberRow) -> Ended:
    held = await roles.roles_of(turn.tx, row.id)
    await roles.take_roles(turn.tx, row.id, held)
    return Ended(
        handle=row.handle or "",
        roles=tuple(sorted(held)),
        sign_ins=await ways_in.end_sign_ins(turn.tx, row.id, turn.now),
        login_links=await ways_in.end_login_links(turn.tx, row.id, turn.now),
        tokens=await ways_in.end_tokens(turn.tx, row.id, turn.now),
        codes=await ways_in.end_codes(turn.tx, row.id, turn.now),
        duty=await duty.end(turn.tx, row.id, turn.now),
        organisations=await ways_in.stop_speaking(turn.tx, row.id),
        second=await seconding.forget(turn, row.id),
        copies=await later.end_copies(turn, row.id),
    )
