"""Finding allies: one question, one statement, stored cards, and a sentence about why each one fits."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import msgspec

from directory import apart, budgets, crypto, decoys, looked_up, vocabularies
from directory.core.answers import advice, why
from directory.core.cards import PUBLIC_KINDS, Body, words
from directory.core.questions import Asker, Plan, Question, fault_of, plan
from directory.core.ranking import Place
from directory.core.relations import Relation, relations
from directory.core.rules import may
from directory.core.text import Text, say
from directory.core.tongues import spoken
from directory.core.viewer import Viewer
from directory.refusals import BadAnswer, EnoughToday, NotYours
from directory.sharing import SHOWN_UNCONFIRMED_FOR
from directory.store import members as rows
from directory.store import search as store
from directory.store.guarded import Guard
from directory.store.search import Hit
from directory.turn import Turn

__all__ = ["AllyCard", "AllyPage", "Question", "find_allies", "look"]

ENOUGH = EnoughToday.default
MOST_REFILLED = 12
"""So often a page is filled up; it ends shorter only for who named a whole network that would fill it."""


@dataclass(frozen=True, slots=True)
class AllyCard:
    """A card as a reader gets it. Lists hold vocabulary keys; `why` is empty when the card was opened by id.

    `unconfirmed`: its network has been silent past the end of the lease; the card will vanish soon.
    """

    id: str
    title: str
    kind: str
    network_id: str
    network_name: str
    home: bool
    country: str | None
    regions: tuple[str, ...]
    issues: tuple[str, ...]
    languages: tuple[str, ...]
    offers: tuple[str, ...]
    acronym: str | None
    website: str | None
    purpose: str | None
    listed_publicly: bool
    confirmed_at: datetime | None
    unconfirmed: bool
    why: Text


@dataclass(frozen=True, slots=True)
class AllyPage:
    """`next` is for `Question.after`, None on the last page. `advice` when nothing was found, or when some
    of it is shown only on another day (ENOUGH). No totals."""

    cards: tuple[AllyCard, ...]
    next: str | None
    advice: Text | None


async def find_allies(turn: Turn, question: Question) -> AllyPage:
    """Cards that fit, the closest first. Raises NotYours, or BadAnswer for what is no question or no page."""
    asker = await asker_of(turn, turn.viewer)
    if fault := fault_of(question):
        raise BadAnswer(fault)
    known, spent = vocabularies.known(), await budgets.is_spent(turn)
    wanted = plan(question, replace(asker, public_only=True) if spent else asker, known)
    after = _opened(turn, question) if question.after is not None else None
    found = await _page(turn, wanted, asker, after, question.first)
    more = cursor(turn.guard, turn.viewer, question, found.next) if found.next is not None else None
    hits = await within_budget(turn, found.hits)
    cards = tuple(_card(turn, hit, _why(hit, question, wanted)) for hit in hits)
    if spent or len(hits) < len(found.hits):
        return AllyPage(cards, more, ENOUGH)
    return AllyPage(cards, more, advice(question, known) if not cards and after is None else None)


async def _page(turn: Turn, wanted: Plan, asker: Asker, after: Place | None, first: int) -> store.Found:
    """A page without whom is kept apart from the asker, as full as any other: nothing tells of it."""
    find, leases_from = turn.find or from_rows, turn.now - SHOWN_UNCONFIRMED_FOR
    hits: list[Hit] = []
    for _ in range(MOST_REFILLED if asker.apart else 1):
        found = await find(turn, wanted, leases_from=leases_from, after=after, first=first - len(hits))
        hits += [hit for hit in found.hits if not is_apart(asker, hit)]
        after = found.next
        if after is None or len(hits) >= first:
            break
    return store.Found(hits, after)


def is_apart(asker: Asker, hit: Hit) -> bool:
    """Is whoever this card stands for kept apart from the asker (directory/apart.py)?"""
    return asker.apart.hides(card=hit.id, member=hit.member, origin=hit.origin)


async def from_rows(
    turn: Turn, wanted: Plan, *, leases_from: datetime, after: Place | None, first: int
) -> store.Found:
    """From PostgreSQL; `door` finds the same in memory (hub/index)."""
    return await store.find(turn.tx, wanted, now=turn.now, leases_from=leases_from, after=after, first=first)


async def within_budget(turn: Turn, hits: Sequence[Hit]) -> list[Hit]:
    """What of a page may be shown today, counted as shown. Public cards always; decoys ring."""
    people = [hit for hit in hits if not is_public(hit)]
    left = await budgets.spend(turn, len(people), lightly=True)
    kept = {hit.id for hit in people[:left]}
    await decoys.shown(turn, {hit.id for hit in people[:left] if hit.decoy})
    return [hit for hit in hits if is_public(hit) or hit.id in kept]


def is_public(hit: Hit) -> bool:
    """An organisation or a bot: open by nature, and never counted."""
    return hit.body["kind"] in PUBLIC_KINDS


async def look(turn: Turn, card_id: str) -> AllyCard:
    """Open one card by its id. It counts, and the member learns later that their card was opened.

    Raises NotYours for an unknown, hidden, withdrawn or expired one alike, and EnoughToday.
    """
    asker = await asker_of(turn, turn.viewer)
    hit = await store.one(turn.tx, card_id, leases_from=turn.now - SHOWN_UNCONFIRMED_FOR)
    hidden = hit is not None and is_apart(asker, hit)
    if hit is None or hidden or (asker.public_only and not is_public(hit)):
        raise EnoughToday if await budgets.is_spent(turn) else NotYours
    if not is_public(hit):
        if not await budgets.spend(turn, 1):
            raise EnoughToday
        await decoys.shown(turn, {hit.id} if hit.decoy else (), opened=True)
        await looked_up.note(turn, hit.member)
    return _card(turn, hit, say(""))


async def asker_of(turn: Turn, viewer: Viewer) -> Asker:
    """What of a viewer makes an answer nearer. Raises NotYours for who may not look for allies."""
    if not may("act:find", viewer):
        raise NotYours
    standing = relations(viewer)
    row = await rows.load(turn.tx, viewer.member) if viewer.member else None
    public_only = standing.isdisjoint({Relation.HOME, Relation.TECHNICIAN})
    if row is None:
        return Asker(public_only=public_only)
    languages = row.languages or (spoken(viewer.locale),)
    return Asker(row.id, row.country, languages, public_only, await apart.of_viewer(turn, row))


def _why(hit: Hit, question: Question, wanted: Plan) -> Text:
    return why(hit.body, question, wanted, vocabularies.known())


def _card(turn: Turn, hit: Hit, reason: Text) -> AllyCard:
    body = hit.body
    seconds = int(str(body["confirmed_at"]))
    return AllyCard(
        id=hit.id,
        title=str(body["title"]),
        kind=str(body["kind"]),
        network_id=hit.origin,
        network_name=hit.network_name,
        home=hit.home,
        country=_word(body, "country"),
        regions=tuple(words(body, "regions")),
        issues=tuple(words(body, "issues")),
        languages=tuple(words(body, "languages")),
        offers=tuple(words(body, "offers")),
        acronym=_word(body, "acronym"),
        website=_word(body, "website"),
        purpose=_word(body, "purpose"),
        listed_publicly=body["listed_publicly"] is True,
        confirmed_at=datetime.fromtimestamp(seconds, UTC) if seconds else None,
        unconfirmed=hit.lease_until is not None and hit.lease_until < turn.now,
        why=reason,
    )


def _word(body: Body, name: str) -> str | None:
    value = body.get(name)
    return value if isinstance(value, str) else None


# --- Cursors: sealed to the viewer and the question, worth nothing to anybody else -------------------------


def _row(viewer: Viewer, question: Question) -> str:
    asked = msgspec.json.encode(question.without_page())
    who = viewer.member or viewer.lane.value
    return f"{who}:{crypto.hash32('question', asked).hex()}"


def cursor(guard: Guard, viewer: Viewer, question: Question, place: Place) -> str:
    """Where the next page of this question begins, for this viewer alone."""
    plain = msgspec.json.encode(place)
    sealed = guard.seal("search", "cursor", _row(viewer, question), plain, watch=True)
    return base64.urlsafe_b64encode(sealed).decode()


def _opened(turn: Turn, question: Question) -> Place:
    try:
        sealed = base64.b64decode((question.after or "").encode("ascii"), altchars=b"-_", validate=True)
        plain = turn.guard.open("search", "cursor", _row(turn.viewer, question), sealed, watch=True)
        return msgspec.json.decode(plain, type=Place)
    except (binascii.Error, UnicodeError, crypto.CannotOpen, msgspec.DecodeError) as damaged:
        raise BadAnswer(say("This page of answers is gone. Please ask again."), field="after") from damaged
