"""Links with other networks, as their administrators make and end them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from directory.core.effects import DueAt, Post, Stream
from directory.core.text import Text, say
from directory.core.tongues import complete
from directory.core.viewer import Role
from directory.core.wordlist import LANGUAGES
from directory.refusals import BadAnswer, NotYours, Refusal
from directory.turn import Turn
from hub.federation import life
from hub.federation.core import canonical
from hub.federation.core import invitation as invitations
from hub.federation.core import words as safety
from hub.federation.core.agreement import (
    MAX_LIFE,
    Agreement,
    CardKind,
    Cover,
    Party,
    agreement_bytes,
    agreement_hash,
    draft_agreement,
    sign_agreement,
)
from hub.federation.core.agreement_page import printable
from hub.federation.core.invitation import CodeTrouble, Invitation
from hub.federation.core.link import (
    Compared,
    Event,
    Resumed,
    Severed,
    Side,
    SignedAgreement,
    Stage,
    Suspended,
    follows,
    may,
)
from hub.federation.core.proposal import propose_body
from hub.federation.core.shapes import millis
from hub.federation.core.words import Meeting, Speaker
from hub.federation.identity import HomeIdentity, home_identity
from hub.federation.post import DUE_HEARTBEAT
from hub.store import envelopes, rooms
from hub.store import links as rows
from hub.store.envelopes import Waiting
from hub.store.links import LinkRow, Peer, PeerKey

INVITATION_LIVES = timedelta(hours=48)
"""As long as the sealing key it names is kept at least."""
NONCE = 16
MOST_LEASE_DAYS, MOST_WITHDRAW_HOURS = 30, 168
NO_COVER = Cover()
EVERY_KIND: frozenset[CardKind] = frozenset({"person", "organisation", "community", "bot"})
"""Agreed kinds say what may cross; a person's card crosses only after their own yes all the same."""


class NotNow(Refusal):
    """This step is not possible from where the link stands."""

    default = say("This step is not possible yet. Look at the link again, it may have moved on.")


@dataclass(frozen=True, slots=True)
class Terms:
    """What is proposed: kinds of cards each side shares, for how long, and who covers whose alarms.

    A cover that is None stays as it was agreed; where nothing was agreed yet, nobody answers. So it is with
    `our_second`, whether we are their second person, and with `their_second`.
    """

    we_share: frozenset[CardKind] = EVERY_KIND
    they_share: frozenset[CardKind] = EVERY_KIND
    days: int = 365
    lease_days: int = 7
    withdraw_hours: int = 24
    our_cover: Cover | None = None
    their_cover: Cover | None = None
    our_second: bool | None = None
    their_second: bool | None = None


@dataclass(frozen=True, slots=True)
class LinkView:
    """One link on the administrator's page.

    `unconfirmed` counts our envelopes by stream, `lag` is the age of the oldest of them. `draft` is the
    agreement that waits for a signature, `agreement` the one in force, each line by line.
    """

    network: str
    name: str
    languages: tuple[str, ...]
    state: str
    opened_by_us: bool
    words_can_be_compared: bool
    words_ok_here: bool
    words_ok_there: bool
    signed_here: bool
    signed_there: bool
    suspended_by: tuple[str, ...]
    ends_at: datetime | None
    last_heard_at: datetime | None
    unconfirmed: Mapping[str, int]
    lag: timedelta | None
    draft: tuple[Text, ...]
    agreement: tuple[Text, ...]


def _administrator(turn: Turn) -> None:
    if not turn.viewer.may_act_as(Role.ADMINISTRATOR):
        raise NotYours


async def _link(turn: Turn, network: str) -> LinkRow:
    _administrator(turn)
    link = await rows.of(turn.tx, turn.guard, network, lock=True)
    if link is None:
        raise NotYours
    return link


async def invite(turn: Turn) -> str:
    """A one-time code for another network's administrator, good for 48 hours. Administrators only."""
    _administrator(turn)
    home = await home_identity(turn.tx, turn.guard)
    made = invitations.new_invitation(
        network=home.network,
        name=home.name,
        operating=home.operating[0].public,
        sealing=home.sealing[0].public,
        envoy=home.envoy,
        expires_at=turn.now + INVITATION_LIVES,
        chance=turn.guard.chance,
    )
    kept = rows.Invitation(made.id, made.secret, made.operating, made.sealing)
    await rows.invite(turn.tx, turn.guard, kept, now=turn.now, expires=made.expires_at)
    return invitations.write_code(made)


async def accept(turn: Turn, code: str) -> str:
    """Answer another network's invitation; returns that network's id. Administrators only.

    Raises BadAnswer (field `code`) with what is wrong with the code, or when the two are linked already.
    """
    _administrator(turn)
    read = invitations.read_code(code, turn.now)
    if isinstance(read, CodeTrouble):
        raise BadAnswer(invitations.SENTENCES[read], field="code")
    home = await home_identity(turn.tx, turn.guard)
    if read.network == home.network:
        raise BadAnswer(say("This code is your own. Give it to the other network."), field="code")
    link = await rows.of(turn.tx, turn.guard, read.network)
    if link is not None and link.state != Stage.SEVERED:
        raise BadAnswer(say("You are linked with {name} already.", name=link.name), field="code")
    await _begin(turn, home, read)
    return read.network


async def _begin(turn: Turn, home: HomeIdentity, read: Invitation) -> None:
    room, nonce = turn.ids(), turn.guard.chance(NONCE)
    await rooms.want(
        turn.tx,
        turn.guard,
        room=room,
        account="envoy",
        purpose="link",
        ref=read.network,
        users=[read.envoy],
        now=turn.now,
    )
    peer = Peer(
        envoy=read.envoy,
        invitation=read.id,
        secret=read.secret.hex(),
        nonce=nonce.hex(),
        met_us=(home.operating[0].public.hex(), home.sealing[0].public.hex()),
        met_them=(read.operating.hex(), read.sealing.hex()),
        operating=(PeerKey(read.operating.hex(), millis(turn.now), millis(read.expires_at)),),
        sealing=read.sealing.hex(),
    )
    await rows.add(
        turn.tx,
        turn.guard,
        network=read.network,
        name=read.name,
        peer=peer,
        opened_by_us=False,
        room=room,
        now=turn.now,
    )
    await envelopes.begin(turn.tx, read.network, Stream)
    body = propose_body(home.card(), read.secret, invitation=read.id, inviter=read.network, nonce=nonce)
    await turn.record(Post(read.network, Stream.URGENT, "link", body))
    await turn.record(DueAt(DUE_HEARTBEAT, read.network, turn.now))


def _met(turn: Turn, link: LinkRow) -> tuple[Speaker, Speaker, Meeting]:
    ours, theirs = link.peer.met_us, link.peer.met_them
    return (
        Speaker(turn.home, bytes.fromhex(ours[0]), bytes.fromhex(ours[1])),
        Speaker(link.network, bytes.fromhex(theirs[0]), bytes.fromhex(theirs[1])),
        Meeting(bytes.fromhex(link.peer.secret), bytes.fromhex(link.peer.nonce)),
    )


async def words(turn: Turn, network: str, locale: str) -> tuple[str, ...]:
    """The ten safety words to read to the other administrator, in `locale` or English."""
    link = await _link(turn, network)
    return safety.safety_words(*_met(turn, link), complete(locale))


async def words_side_by_side(turn: Turn, network: str) -> tuple[tuple[str, str, Mapping[str, str]], ...]:
    """The same ten words for both administrators: (in the viewer's language, in a language of the other
    network, in every language). A word's place tells what it is, so each may read their own."""
    link = await _link(turn, network)
    met = _met(turn, link)
    each = {one: safety.safety_words(*met, one) for one in LANGUAGES}
    ours = complete(turn.viewer.locale)
    theirs = next((one for one in link.languages if one in each), ours)
    return tuple(
        (each[ours][n], each[theirs][n], {one: each[one][n] for one in each})
        for n in range(safety.WORD_COUNT)
    )


async def words_match(turn: Turn, network: str) -> Stage:
    """The administrator compared the words with a person they know; where the link stands now."""
    link = await _link(turn, network)
    about = safety.words_about(*_met(turn, link))
    step = Compared(Side.HERE, about)
    if not link.peer.card:
        raise NotNow(say("The other network has not answered yet. Wait until it has."))
    _possible(link, step)
    await rows.change(turn.tx, network, words_ok_here_at=turn.now)
    await _tell(turn, network, {"step": "compared", "about": about.hex()})
    return await life.take(turn, link, step)


async def propose(turn: Turn, network: str, terms: Terms) -> Stage:
    """Write an agreement and sign it for us; the other side reads and signs the same bytes."""
    link = await _link(turn, network)
    home = await home_identity(turn.tx, turn.guard)
    if link.state not in (Stage.VERIFIED, Stage.ACTIVE):
        raise NotNow(say("First both of you compare the words. Then you can sign an agreement."))
    _checked(terms)
    (ours, lend), (theirs, borrow) = _promises(link, terms)
    shares, shown = _kinds(terms.we_share), _kinds(terms.they_share)
    draft = draft_agreement(
        Party(network=home.network, name=home.name, shares=shares, cover=ours, second=lend),
        Party(network=network, name=link.name, shares=shown, cover=theirs, second=borrow),
        starts_at=turn.now,
        ends_at=turn.now + timedelta(days=terms.days),
        lease_days=terms.lease_days,
        withdraw_hours=terms.withdraw_hours,
        amends=link.agreement_hash,
    )
    return await _sign(turn, link, home, draft)


def _promises(link: LinkRow, terms: Terms) -> tuple[tuple[Cover, bool], tuple[Cover, bool]]:
    """What each side promises, ours first: its cover, and whether it is the other's second person."""
    agreed = life.agreement_of(link)
    so_far = {} if agreed is None else {one.network: (one.cover, one.second) for one in agreed.parties}
    theirs = so_far.pop(link.network, (NO_COVER, False))
    ours = next(iter(so_far.values()), (NO_COVER, False))
    return (
        _as_wished(ours, terms.our_cover, terms.our_second),
        _as_wished(theirs, terms.their_cover, terms.their_second),
    )


def _as_wished(so_far: tuple[Cover, bool], cover: Cover | None, second: bool | None) -> tuple[Cover, bool]:
    return so_far[0] if cover is None else cover, so_far[1] if second is None else second


def _checked(terms: Terms) -> None:
    """Terms may come from a form. Raises BadAnswer with the field."""
    if (terms.we_share | terms.they_share) - EVERY_KIND:
        raise BadAnswer(say("Choose what is shared from the list."), field="kinds")
    if not 1 <= terms.days <= MAX_LIFE.days:
        raise BadAnswer(say("An agreement holds for at most three years."), field="days")
    if not (1 <= terms.lease_days <= MOST_LEASE_DAYS and 1 <= terms.withdraw_hours <= MOST_WITHDRAW_HOURS):
        raise BadAnswer(say("Copies live 1 to 30 days, and a withdrawal may take 1 to 168 hours."))


def _kinds(kinds: frozenset[CardKind]) -> tuple[CardKind, ...]:
    return tuple(sorted(kinds))


async def sign(turn: Turn, network: str) -> Stage:
    """Sign the agreement that is on the table. Active once the other side signed the same bytes."""
    link = await _link(turn, network)
    draft = life.draft_of(link)
    if draft is None:
        raise NotNow(say("There is no agreement to sign yet. Write one, or wait for theirs."))
    return await _sign(turn, link, await home_identity(turn.tx, turn.guard), draft)


async def _sign(turn: Turn, link: LinkRow, home: HomeIdentity, draft: canonical.Json) -> Stage:
    hashed, text = agreement_hash(draft), agreement_bytes(draft)
    step = SignedAgreement(Side.HERE, hashed, msgspec.convert(draft, Agreement).follows)
    if not follows(life.as_link(link), step.amends):
        raise NotNow
    _possible(link, step)
    signature = sign_agreement(draft, home.seed).hex()
    signed = life.signed_by(link.peer, Side.HERE, hashed, signature)
    peer = msgspec.structs.replace(signed, draft=text.decode())
    await _tell(turn, link.network, {"step": "agree", "agreement": draft, "signature": signature})
    return await life.take(turn, replace(link, peer=peer), step, text)


async def suspend(turn: Turn, network: str) -> Stage:
    """Stop what the agreement allows, at once and without asking the other side. Withdrawals still go out."""
    return await _pause(turn, network, Suspended(Side.HERE), suspended=True)


async def resume(turn: Turn, network: str) -> Stage:
    """Take back our own suspension. The link is active when the other side does not suspend either."""
    return await _pause(turn, network, Resumed(Side.HERE), suspended=False)


async def _pause(turn: Turn, network: str, step: Event, *, suspended: bool) -> Stage:
    link = await _link(turn, network)
    _possible(link, step)
    await turn.record(Post(network, Stream.URGENT, "suspend", {"suspended": suspended}))
    return await life.take(turn, link, step)


async def sever(turn: Turn, network: str) -> Stage:
    """End the link for good: what each held of the other is purged, and a receipt asked for."""
    link = await _link(turn, network)
    step = Severed(Side.HERE)
    _possible(link, step)
    await _tell(turn, network, {"step": "sever"})
    return await life.take(turn, link, step)


def _possible(link: LinkRow, step: Event) -> None:
    if not may(life.as_link(link), step):
        raise NotNow


async def _tell(turn: Turn, network: str, step: Mapping[str, object]) -> None:
    await turn.record(Post(network, Stream.URGENT, "link", step))


async def links(turn: Turn) -> tuple[LinkView, ...]:
    """Every link, for the administrator's page, the oldest first."""
    _administrator(turn)
    found = []
    for link in await rows.every(turn.tx, turn.guard):
        waiting = await envelopes.unconfirmed(turn.tx, link.network, but=("receipt", "heartbeat"))
        found.append(_view(turn, link, waiting))
    return tuple(found)


def _view(turn: Turn, link: LinkRow, waiting: tuple[Waiting, ...]) -> LinkView:
    oldest = min((each.oldest for each in waiting), default=None)
    draft, hashed = link.peer.draft.encode(), life.draft_hash(link)
    signed = {side for side in Side if hashed and hashed.hex() in link.peer.signs.get(side, {})}
    return LinkView(
        network=link.network,
        name=link.name,
        languages=link.languages,
        state=link.state,
        opened_by_us=link.opened_by_us,
        words_can_be_compared=link.state == Stage.PROPOSED and bool(link.peer.card),
        words_ok_here=link.words_ok_here_at is not None,
        words_ok_there=link.words_ok_there_at is not None,
        signed_here=Side.HERE in signed,
        signed_there=Side.THERE in signed,
        suspended_by=link.peer.suspended_by,
        ends_at=link.ends_at,
        last_heard_at=link.last_heard_at,
        unconfirmed={each.stream: each.count for each in waiting},
        lag=None if oldest is None else turn.now - oldest,
        draft=() if draft == link.agreement else _printed(draft),
        agreement=_printed(link.agreement or b""),
    )


def _printed(raw: bytes) -> tuple[Text, ...]:
    parsed = canonical.parse(raw)
    if isinstance(parsed, canonical.Flaw):
        return ()
    return tuple(printable(msgspec.convert(parsed, Agreement), agreement_hash(parsed)))
