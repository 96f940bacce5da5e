"""Coming in: a code, a lobby where only the code is read, a profile, and somebody who says "it is her"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from directory import audit, invitations, members, noted, profiles, words
from directory.core.effects import Answer, Tell, TellRoles, Urgency
from directory.core.rules import may
from directory.core.text import Text, say
from directory.core.viewer import Role
from directory.invitations import Invite, code_back, invite, invite_back, listed_as
from directory.refusals import BadAnswer, NotYours, TooMany
from directory.store import bindings, reach
from directory.store import joining as store
from directory.store import members as rows
from directory.store import roles as held
from directory.store.ties import ties
from directory.turn import Turn

TRIES = 5
LOBBY_LASTS = timedelta(minutes=10)
ACCOUNT_AGAIN = timedelta(minutes=10)
"""Whoever lost the page with the password asks for another account after this."""
MOST_ACCOUNTS_EACH = 3
"""More than that from one page within three days is no lost password: whoever invited them can help."""
MOST_ACCOUNTS = 200
"""So many accounts of this network wait for a first word; then no more are made."""
MOST_EARLIER = 5
"""So many rooms of earlier devices are remembered, to be told when yet another device speaks."""
LOBBY_REOPENS = timedelta(hours=1)

__all__ = ("Invite", "code_back", "invite", "invite_back", "listed_as")
CONFIRM = "confirm-member"
"""The question put to whoever may say "it is her"; context: {"member": id}. 1 = yes, 2 = no."""


@dataclass(frozen=True, slots=True)
class Entered:
    """The code was good: this member is bound to the account now."""

    member: str
    back: bool = False
    """A member who came back to their own entry, not somebody new."""
    by_page: bool = False
    """They began on the page, which made this account."""


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Unknown, used or expired: the same answer. `left` tries remain."""

    left: int


@dataclass(frozen=True, slots=True)
class Silence:
    """Say nothing at all."""


@dataclass(frozen=True, slots=True)
class StillSignedIn:
    """The code fits and is kept, but other devices of the account would be let in with this one."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody whose profile is done and who waits for a yes."""

    member: str
    handle: str
    locale: str
    country: str | None
    inviter: str | None
    since: datetime


async def knock(turn: Turn, *, matrix_id: str) -> bool:
    """An unknown account invited our bot: may it be answered? Starts its ten minutes.

    Only while somebody is expected: without an open code the bot is as silent as if it were not there.
    """
    account = turn.guard.digest("matrix-id", matrix_id)
    expected = await store.expected(turn.tx, account, turn.now) is not None
    if not expected and not await store.somebody_expected(turn.tx, turn.now):
        return False
    tries, since = await _lobby(turn, matrix_id)
    return not _is_over(turn, tries, since)


async def enter(
    turn: Turn, *, matrix_id: str, master_key: str | None, room: str, code: str = ""
) -> Entered | TryAgain | Silence:
    """Try what an unknown account wrote after `join`: the code and the words said aloud with it. Five tries
    in ten minutes, then silence for the rest of an hour. An account our page made needs neither.

    `master_key` is the account's cross-signing key as hub/matrix proved it, base64; `room` a Matrix room id.
    """
    tries, since = await _lobby(turn, matrix_id)
    if _is_over(turn, tries, since):
        return Silence()
    account = turn.guard.digest("matrix-id", matrix_id)
    used = None
    if await bindings.bound_to(turn.tx, account) is None:
        used = await _expected(turn, account) or await redeem(turn, code)
    if used is None and not code.strip():
        return Silence()
    if used is None:
        await store.set_lobby(turn.tx, account, tries=tries + 1, since=since)
        return TryAgain(TRIES - tries - 1) if tries + 1 < TRIES else Silence()
    if used.back:
        await _tell_old_rooms(turn, used.member)
    await _bind(turn, used.member, matrix_id, master_key, room)
    await store.leave_lobby(turn.tx, account)
    return used


async def come_back(
    turn: Turn, *, matrix_id: str, master_key: str, room: str, code: str, alone: bool
) -> Entered | StillSignedIn | TryAgain | Silence:
    """Try a code from an account that is bound, but whose device may give no orders: it was closed, or the
    account has another master key now. Five tries an hour.

    `alone`: no other device of the account is signed by its owner. With the master key of before this is a
    must: a lost device that is still signed in would be heard and read along again.
    """
    tries, since = await _lobby(turn, matrix_id)
    account = turn.guard.digest("matrix-id", matrix_id)
    member = await bindings.bound_to(turn.tx, account)
    if tries >= TRIES or member is None:
        return Silence()
    used = await invitations.use(turn, code)
    row = await rows.load(turn.tx, member)
    if used is None or used.member != member or row is None or row.state == "frozen":
        await store.set_lobby(turn.tx, account, tries=tries + 1, since=since)
        return TryAgain(TRIES - tries - 1) if tries + 1 < TRIES else Silence()
    if not alone and master_key == await members.master_key_of(turn.tx, turn.guard, member):
        return StillSignedIn()
    await _stands_for(turn, member, used.inviter)
    await store.use_code(turn.tx, used.id, member, turn.now)
    await _tell_old_rooms(turn, member)
    await _bind(turn, member, matrix_id, master_key, room)
    await store.leave_lobby(turn.tx, account)
    return Entered(member, back=True)


async def enter_by_page(turn: Turn, code: str, locale: str) -> Entered | None:
    """The same without any account: the code and the words said aloud, on the page. None for whatever is
    wrong. Guessing is bounded by the code itself: it has 128 bits, and ends after a few wrong words."""
    return await redeem(turn, code, locale)


async def redeem(turn: Turn, typed: str, locale: str = "en") -> Entered | None:
    """Use up the code of what was typed, when its words fit; somebody new begins to be a member."""
    used = await invitations.use(turn, typed)
    if used is None:
        return None
    known = await rows.load(turn.tx, used.member) if used.member is not None else None
    if known is not None and known.state == "frozen":
        return None  # held back since the code was made: two lift that, no code does
    back, member = known is not None, used.member or turn.ids()
    if not back:
        await _admit(turn, member, used.locale or locale)
        await noted.greet(turn, used.id, member)
    else:
        await _stands_for(turn, member, used.inviter)
    await store.use_code(turn.tx, used.id, member, turn.now)
    return Entered(member, back=back)


async def _stands_for(turn: Turn, member: str, inviter: str | None) -> None:
    """When no word of theirs proves that it is still them, their yes is that of whoever made the code."""
    if inviter is not None and not await words.has_word(turn, member):
        await held.given_anew(turn.tx, member, members.KEEPERS, inviter, turn.now)


async def may_expect(turn: Turn) -> None:
    """May one more account be made for the viewer? Raises TooMany: they had one just now or several already,
    or very many wait that nobody has written from. Their requests at the same moment wait for one another."""
    await store.accounts_one_by_one(turn.tx, turn.viewer.member or "")
    if await store.accounts_made(turn.tx) >= MOST_ACCOUNTS:
        raise TooMany
    known = await store.account_of(turn.tx, turn.viewer.member or "")
    if known is None:
        return
    until, made = known
    if made >= MOST_ACCOUNTS_EACH or turn.now < until - invitations.CODE_LASTS + ACCOUNT_AGAIN:
        raise TooMany


async def expect_account(turn: Turn, matrix_id: str) -> None:
    """The page made this account for the viewer: the first word from a device they signed binds it."""
    account, member = turn.guard.digest("matrix-id", matrix_id), turn.viewer.member or ""
    known = await store.account_of(turn.tx, member)
    made, ends = 1 if known is None else known[1] + 1, turn.now + invitations.CODE_LASTS
    await store.expect_account(turn.tx, account, member, ends, made)


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
    await audit.looked(turn, "read-waiting")
    return await _all_waiting(turn)


async def invited(turn: Turn) -> tuple[Waiting, ...]:
    """Whom the viewer invited and who waits for their yes: a connector sees nobody else's."""
    if not may("act:invite", turn.viewer):
        raise NotYours
    me = turn.viewer.member
    return tuple(one for one in await _all_waiting(turn) if me is not None and one.inviter == me)


async def _all_waiting(turn: Turn) -> tuple[Waiting, ...]:
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
        await held.give_roles(turn.tx, member, code.roles, turn.now, giver=turn.viewer.member)
        await members.new_keeper(turn, member, code.roles)
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


async def _lobby(turn: Turn, matrix_id: str) -> tuple[int, datetime]:
    account = turn.guard.digest("matrix-id", matrix_id)
    tries, since = await store.lobby(turn.tx, account, turn.now)
    if turn.now - since >= LOBBY_REOPENS:
        tries, since = 0, turn.now
        await store.set_lobby(turn.tx, account, tries=0, since=turn.now)
    return tries, since


def _is_over(turn: Turn, tries: int, since: datetime) -> bool:
    return tries >= TRIES or turn.now - since > LOBBY_LASTS


async def _expected(turn: Turn, account: bytes) -> Entered | None:
    member = await store.expected(turn.tx, account, turn.now)
    row = await rows.load(turn.tx, member) if member is not None else None
    if row is None:
        return None
    await store.no_longer_expected(turn.tx, row.id)
    return Entered(row.id, back=row.state not in ("joining", "waiting"), by_page=True)


async def _admit(turn: Turn, member: str, locale: str) -> None:
    new = {"id": member, "kind": "person", "state": "joining", "locale": locale, "since": turn.now}
    await rows.insert_member(turn.tx, new)


async def _bind(turn: Turn, member: str, matrix_id: str, master_key: str | None, room: str) -> None:
    earlier = [place for place in await members.rooms_so_far(turn, member) if place["room"] != room]
    fields = {
        "matrix_id": matrix_id,
        "master_key": master_key,
        "room": room,
        "proof": "code",
        "earlier": earlier[:MOST_EARLIER],
    }
    sealed = turn.guard.seal_fields("bindings", member, fields, watch=True)
    account = turn.guard.digest("matrix-id", matrix_id)
    await bindings.bind(turn.tx, member, account, sealed, turn.now)


async def _tell_old_rooms(turn: Turn, member: str) -> None:
    """Every device so far hears that another one takes its place, a closed one too: whoever was only said to
    have lost it must notice."""
    row = await rows.load(turn.tx, member)
    text = say("Another device speaks for you now. If that was not you, ring somebody you trust at once.")
    for place in await members.rooms_so_far(turn, member):
        locale = row.locale if row is not None else "en"
        await turn.record(Answer(place["room"], text, locale, Urgency.ALARM))


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
