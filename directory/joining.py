"""Coming in: a code, a lobby where only the code is read, a profile, and somebody who says "it is her"."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from directory import audit, members, profiles
from directory.core.codes import code_from, plain_code
from directory.core.effects import Tell, TellRoles, Urgency
from directory.core.rules import may
from directory.core.text import Text, say
from directory.core.viewer import Role
from directory.refusals import BadAnswer, NotYours
from directory.store import bindings, cards, reach, safekeeping
from directory.store import joining as store
from directory.store import members as rows
from directory.store import roles as held
from directory.store.joining import CodeRow
from directory.store.ties import ties
from directory.turn import Turn

CODE_LASTS = timedelta(hours=72)
TRIES = 5
LOBBY_LASTS = timedelta(minutes=10)
LOBBY_REOPENS = timedelta(hours=1)

CONFIRM = "confirm-member"
"""The question put to whoever may say "it is her"; context: {"member": id}. 1 = yes, 2 = no."""

_RESPONSIBLE = frozenset({Role.RESPONDER, Role.CONNECTOR})


@dataclass(frozen=True, slots=True)
class Invite:
    """A code as it is shown, and when it ends. It is nowhere else: what is kept is a digest."""

    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Entered:
    """The code was good: this member is bound to the account now."""

    member: str
    back: bool = False
    """A member who came back to their own entry, not somebody new."""


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Unknown, used or expired: the same answer. `left` tries remain."""

    left: int


@dataclass(frozen=True, slots=True)
class Silence:
    """Say nothing at all."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody whose profile is done and who waits for a yes."""

    member: str
    handle: str
    locale: str
    country: str | None
    inviter: str | None
    since: datetime


async def invite(
    turn: Turn,
    *,
    roles: Collection[Role] = frozenset({Role.MEMBER}),
    locale: str | None = None,
    organisation: str | None = None,
) -> Invite:
    """A new code, single use, good for 72 hours. With `organisation`, whoever comes in speaks for it.

    Roles beyond member need somebody who may give them. Raises NotYours.
    """
    wanted = frozenset(roles) - {Role.MEMBER}
    if not all(may(act, turn.viewer) for act in _acts(wanted, organisation)):
        raise NotYours
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


async def knock(turn: Turn, *, matrix_id: str) -> bool:
    """An unknown account invited our bot: may it be answered? Starts its ten minutes.

    Only while somebody is expected: without an open code the bot is as silent as if it were not there.
    """
    if not await store.somebody_expected(turn.tx, turn.now):
        return False
    tries, since = await _lobby(turn, matrix_id)
    return not _is_over(turn, tries, since)


async def enter(
    turn: Turn, *, matrix_id: str, master_key: str | None, room: str, code: str
) -> Entered | TryAgain | Silence:
    """Try a code from an unknown account: five tries in ten minutes, then silence for the rest of an hour.

    `master_key` is the account's cross-signing key as hub/matrix proved it, base64; `room` a Matrix room id.
    """
    tries, since = await _lobby(turn, matrix_id)
    if _is_over(turn, tries, since):
        return Silence()
    account = turn.guard.digest("matrix-id", matrix_id)
    plain = plain_code(code)
    used = None
    if plain is not None and await bindings.bound_to(turn.tx, account) is None:
        used = await store.use_code(turn.tx, _digest(turn, plain), turn.ids(), turn.now)
    if used is None or used.member is None:
        await store.set_lobby(turn.tx, account, tries=tries + 1, since=since)
        return TryAgain(TRIES - tries - 1) if tries + 1 < TRIES else Silence()
    back = await rows.load(turn.tx, used.member) is not None
    if not back:
        await _admit(turn, used.member, used.locale)
    if back:
        await _tell_old_room(turn, used.member)
    await _bind(turn, used.member, matrix_id, master_key, room)
    await store.leave_lobby(turn.tx, account)
    return Entered(used.member, back=back)


async def profile(turn: Turn, member: str, **fields: object) -> None:
    """Answers to the first questions: handle, country, issues, languages … See profiles.change."""
    await profiles.change(turn, member, fields)


async def finish(turn: Turn, member: str) -> str:
    """The questions are answered: ask whoever invited them, or the coordinators. Returns the new state.

    Raises BadAnswer when there is no handle yet, NotYours when this is not a person who is joining.
    """
    row = await rows.load(turn.tx, member, lock=True)
    if row is None or row.state not in ("joining", "waiting") or turn.viewer.member != member:
        raise NotYours
    if not row.handle:
        raise BadAnswer(say("Please choose a name first."), field="handle")
    if row.state == "waiting":
        return row.state
    await rows.change(turn.tx, member, {"state": "waiting"})
    await _ask_who_invited(turn, member, row.handle)
    return "waiting"


async def waiting(turn: Turn) -> tuple[Waiting, ...]:
    """Everybody who waits for a yes, for those who look after the network."""
    if not may("act:waiting", turn.viewer):
        raise NotYours
    found = []
    for row in await rows.load_many(turn.tx, states=("waiting",), kinds=("person",)):
        code = await store.code_of(turn.tx, row.id)
        inviter = code.inviter if code else None
        found.append(Waiting(row.id, row.handle or "", row.locale, row.country, inviter, row.since))
    return tuple(found)


async def confirm(turn: Turn, member: str) -> None:
    """ "It is her": the member is active, with the roles and the organisation the code was made for.

    Saying it twice changes nothing. Raises NotYours.
    """
    row = await _judged(turn, member)
    if row.state == "active":
        return
    code = await store.code_of(turn.tx, member)
    await rows.change(turn.tx, member, {"state": "active", "confirmed_at": turn.now})
    if code is not None:
        await held.give_roles(turn.tx, member, code.roles, turn.now)
    await profiles.changed(turn, member)
    await reach.note(turn.tx, member, "contacted", turn.now)
    welcome = say("Welcome, {handle}. You are in. Write “help” to see what I can do.", handle=row.handle)
    await turn.record(Tell(member, welcome, urgency=Urgency.ANSWER, wakes=True))
    if code is not None and code.organisation is not None:
        await members.speak_for(turn, code.organisation, member)
    given = ", ".join(code.roles) if code is not None else ""
    await audit.note(turn, "confirmed", member, before="waiting", after=f"active {given}".strip())


async def turn_away(turn: Turn, member: str) -> None:
    """ "I do not know her": what was told is deleted, and the account is a stranger again."""
    row = await _judged(turn, member)
    if row.state == "active":
        raise NotYours
    await rows.delete(turn.tx, member)
    await audit.forget(turn, member)
    await audit.note(turn, "turned-away")


async def _judged(turn: Turn, member: str) -> rows.MemberRow:
    row = await rows.load(turn.tx, member, lock=True)
    tied = await ties(turn.tx, turn.viewer.member, member)
    own = turn.viewer.member == member
    if row is None or row.kind != "person" or own or not may("act:confirm", turn.viewer, tied):
        raise NotYours
    if row.state not in ("waiting", "active"):
        raise NotYours
    return row


def _acts(wanted: frozenset[Role], organisation: str | None) -> list[str]:
    acts = ["act:invite"]
    acts += ["act:invite-responder"] if wanted & _RESPONSIBLE else []
    acts += ["act:invite-keeper"] if wanted - _RESPONSIBLE else []
    return acts + (["act:take-over"] if organisation else [])


async def _issue(turn: Turn, code: CodeRow) -> Invite:
    shown, ends = code_from(turn.ids()), turn.now + CODE_LASTS
    plain = plain_code(shown)
    await store.add_code(turn.tx, code, digest=_digest(turn, plain or ""), expires_at=ends)
    return Invite(shown, ends)


def _digest(turn: Turn, plain: str) -> bytes:
    return turn.guard.digest("join-code", plain)


async def _lobby(turn: Turn, matrix_id: str) -> tuple[int, datetime]:
    account = turn.guard.digest("matrix-id", matrix_id)
    tries, since = await store.lobby(turn.tx, account, turn.now)
    if turn.now - since >= LOBBY_REOPENS:
        tries, since = 0, turn.now
        await store.set_lobby(turn.tx, account, tries=0, since=turn.now)
    return tries, since


def _is_over(turn: Turn, tries: int, since: datetime) -> bool:
    return tries >= TRIES or turn.now - since > LOBBY_LASTS


async def _admit(turn: Turn, member: str, locale: str | None) -> None:
    new = {"id": member, "kind": "person", "state": "joining", "locale": locale or "en", "since": turn.now}
    await rows.insert_member(turn.tx, new)


async def _bind(turn: Turn, member: str, matrix_id: str, master_key: str | None, room: str) -> None:
    fields = {"matrix_id": matrix_id, "master_key": master_key, "room": room, "proof": "code"}
    sealed = turn.guard.seal_fields("bindings", member, fields, watch=True)
    account = turn.guard.digest("matrix-id", matrix_id)
    await bindings.bind(turn.tx, member, account, sealed, turn.now)


async def _tell_old_room(turn: Turn, member: str) -> None:
    """The device so far hears that another one takes its place; a closed one hears nothing."""
    if not await safekeeping.is_closed(turn.tx, member):
        text = say("Another device speaks for you now. If that was not you, ring somebody you trust at once.")
        await turn.record(Tell(member, text, Urgency.ALARM, wakes=True))


async def _ask_who_invited(turn: Turn, member: str, handle: str) -> None:
    code = await store.code_of(turn.tx, member)
    inviter = await members.standing(turn.tx, code.inviter) if code and code.inviter else None
    text: Text = say(
        "{handle} came in with a code and waits. Is it who you think? 1 = yes, 2 = no", handle=handle
    )
    context = {"member": member}
    if inviter is not None and inviter.roles:
        await turn.record(
            Tell(inviter.member, text, Urgency.ANSWER, wakes=True, question=CONFIRM, context=context)
        )
    else:
        await turn.record(
            TellRoles(Role.COORDINATOR, text, Urgency.ANSWER, wakes=True, question=CONFIRM, context=context)
        )
