"""Codes to come in with: single use, 128 bits, 72 hours, useless without two words said aloud.

The code is handed over, the words are spoken: whoever finds the paper has half of it. What is kept are keyed
digests. A code that is tried with wrong words a few times ends, and whoever made it hears so.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from directory import audit
from directory.core.codes import code_from, plain_code
from directory.core.effects import Tell, Urgency
from directory.core.rules import may
from directory.core.spoken import plain_spoken, split_typed, spoken_from
from directory.core.text import say
from directory.core.viewer import Role
from directory.refusals import BadAnswer, NotYours, TooMany
from directory.store import cards
from directory.store import joining as store
from directory.store import members as rows
from directory.store.joining import CodeRow
from directory.turn import Turn

CODE_LASTS = timedelta(hours=72)
WRONG_WORDS = 5
"""The right code with so many wrong words: somebody has the paper who was not spoken to."""

MOST_LATELY, LATELY = 12, timedelta(days=30)
"""So many people one connector brings in alone within so long; open codes count."""

_RESPONSIBLE = frozenset({Role.RESPONDER, Role.CONNECTOR})


@dataclass(frozen=True, slots=True)
class Invite:
    """A code as it is shown, the words to say aloud with it, and when it ends. It is nowhere else."""

    code: str
    spoken: str
    expires_at: datetime

    @property
    def typed(self) -> str:
        """What is written after `join`."""
        return f"{self.code} {self.spoken}"


async def invite(
    turn: Turn,
    *,
    roles: Collection[Role] = frozenset({Role.MEMBER}),
    locale: str | None = None,
    organisation: str | None = None,
) -> Invite:
    """A new code, single use, good for 72 hours. With `organisation`, whoever comes in speaks for it.

    Roles beyond member need somebody who may give them; administrator is given later, by two. Raises
    NotYours, BadAnswer.
    """
    wanted = frozenset(roles) - {Role.MEMBER}
    if not all(may(act, turn.viewer) for act in _acts(wanted, organisation)):
        raise NotYours
    if Role.ADMINISTRATOR in wanted:
        text = say("Nobody comes in as administrator. Let them in first; then two people give the role.")
        raise BadAnswer(text, field="roles")
    await _within_limits(turn)
    code = CodeRow(
        id=turn.ids(),
        inviter=turn.viewer.member,
        organisation=organisation,
        roles=tuple(sorted(wanted)),
        locale=locale,
    )
    made = await _issue(turn, code)
    await audit.note(turn, "invited", organisation, after=", ".join(code.roles))
    return made


async def _within_limits(turn: Turn) -> None:
    """One person alone brings in so many people and no more, so that nobody fills a network with accounts of
    their own. Whoever looks after the network answers to others for whom they let in, and has no limit."""
    viewer = turn.viewer
    if viewer.member is None or viewer.may_act_as(Role.COORDINATOR, Role.ADMINISTRATOR):
        return
    if await store.came_by(turn.tx, viewer.member, turn.now - LATELY, turn.now) >= MOST_LATELY:
        text = say("You have invited many people lately. The coordinators can invite more.")
        raise TooMany(text)


async def invite_noted(turn: Turn) -> tuple[Invite, str]:
    """A code for somebody who is noted, and the id of the code; the caller has judged who asks."""
    code = CodeRow(id=turn.ids(), inviter=turn.viewer.member, organisation=None, roles=(), locale=None)
    made = await _issue(turn, code)
    await audit.note(turn, "invited")
    return made, code.id


async def listed_as(turn: Turn, card: str) -> str:
    """The entry behind the card of an organisation of this network. Raises NotYours for any other card."""
    found = await cards.load(turn.tx, card)
    if found is None or found.member is None or found.kind != "organisation":
        raise NotYours
    return found.member


async def invite_back(turn: Turn, member: str) -> Invite:
    """A code that binds another account to a member who is here already, in place of the old one."""
    row = await rows.load(turn.tx, member)
    if row is None or row.state not in ("waiting", "active") or not may("act:invite-back", turn.viewer):
        raise NotYours
    return await code_back(turn, member)


async def code_back(turn: Turn, member: str) -> Invite:
    """The deed of `invite_back`, for callers who have judged already."""
    code = CodeRow(
        id=turn.ids(), inviter=turn.viewer.member, organisation=None, roles=(), locale=None, member=member
    )
    made = await _issue(turn, code)
    await audit.note(turn, "invited-back", member)
    return made


def _acts(wanted: frozenset[Role], organisation: str | None) -> list[str]:
    acts = ["act:invite"]
    acts += ["act:invite-responder"] if wanted & _RESPONSIBLE else []
    acts += ["act:invite-keeper"] if wanted - _RESPONSIBLE else []
    return acts + (["act:take-over"] if organisation else [])


async def use(turn: Turn, typed: str) -> CodeRow | None:
    """The open code of what was typed, locked, when its words fit. None for an unknown, used or expired code,
    for one without its words and for one with wrong ones, alike."""
    code, words = split_typed(typed)
    plain, said = plain_code(code), plain_spoken(words)
    found = await store.open_code(turn.tx, _digest(turn, plain or ""), turn.now)
    if found is None:
        return None
    row, spoken, tries = found
    if said is not None and hmac.compare_digest(spoken, _spoken(turn, row.id, said)):
        return row
    await _wrong(turn, row, tries + 1)
    return None


async def _wrong(turn: Turn, row: CodeRow, tries: int) -> None:
    ended = tries >= WRONG_WORDS
    await store.wrong_words(turn.tx, row.id, tries, turn.now if ended else None)
    if ended and row.inviter is not None:
        text = say(
            "A code of yours was tried with wrong words and has ended. If they still need one, make another."
        )
        await turn.record(Tell(row.inviter, text, Urgency.ANSWER, wakes=True))


async def _issue(turn: Turn, code: CodeRow) -> Invite:
    shown, ends = code_from(turn.ids()), turn.now + CODE_LASTS
    spoken = spoken_from(turn.ids(), turn.viewer.locale)
    digests = _digest(turn, plain_code(shown) or ""), _spoken(turn, code.id, plain_spoken(spoken) or "")
    await store.add_code(turn.tx, code, digest=digests[0], spoken=digests[1], expires_at=ends)
    return Invite(shown, spoken, ends)


def _digest(turn: Turn, plain: str) -> bytes:
    return turn.guard.digest("join-code", plain)


def _spoken(turn: Turn, code: str, plain: str) -> bytes:
    return turn.guard.digest("spoken-words", f"{code} {plain}")
