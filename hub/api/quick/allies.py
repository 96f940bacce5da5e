"""FindAllies by hand: the words understood, the index asked, the cards' JSON put together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from directory import vocabularies
from directory.core.answers import advice, why
from directory.core.cards import PUBLIC_KINDS
from directory.core.questions import Asker, Plan, Question, fault_of, plan
from directory.core.ranking import Place
from directory.index import asking
from directory.index.catalogue import Catalogue, micros
from directory.index.kept import Kept
from directory.languages import book, render
from directory.sharing import SHOWN_UNCONFIRMED_FOR
from hub.api.quick.cards import Cards, encoded
from hub.api.quick.visitors import Visitor
from hub.api.schema.allies import MOST
from hub.api.schema.understanding import understand

PLANS = 256
REASONS = 1_000
FIRST = 20
_LISTS = ("issues", "regions", "languages", "offers", "kinds")

_NOTHING = (
    b'{"findAllies":{"edges":[],"pageInfo":{"hasNextPage":false,"endCursor":null},"advice":%s,"puzzles":[]}}'
)

Spend = Callable[[Visitor, int, datetime], bool]
"""Take this many cards of people from what the viewer's budget has in memory; False: take nothing."""
Sighted = Callable[[Visitor, Collection[str]], None]
"""These decoys stand on the page: told when it is made, so that it comes as fast as any other."""
Seal = Callable[[Visitor, Question, Place], str]
"""The cursor behind this place."""


@dataclass(slots=True)
class Planned:
    """A question of one kind of asker in one language, as far as it does not depend on when it is asked."""

    question: Question
    plan: Plan
    wanted: asking.Wanted | None
    at: tuple[int, object]
    """What of the catalogue `wanted` was made for."""
    asked: tuple[frozenset[str], ...] = ()
    reasons: dict[bytes, bytes] = field(default_factory=dict)


class Allies:
    """Answers the operation FindAllies, or says None: graphql-core shall."""

    def __init__(
        self, catalogue: Callable[[], Catalogue], spend: Spend, seal: Seal, sighted: Sighted
    ) -> None:
        self._catalogue = catalogue
        self._spend = spend
        self._sighted = sighted
        self._seal = seal
        self._known = vocabularies.known()
        self._plans: dict[tuple[object, ...], Planned] = {}
        self._words: dict[tuple[str, tuple[str, ...]], tuple[str, ...] | None] = {}
        self._cards: dict[str, Cards] = {}
        self._book = book()

    def answer(self, visitor: Visitor, variables: Mapping[str, object], now: datetime) -> bytes | None:
        """`{"findAllies": …}`, or None."""
        if visitor.asker is None or book() is not self._book:
            self._forget()
        question = self._question(variables)
        if question is None or visitor.asker is None or visitor.asker.apart:
            return None
        catalogue, locale = self._catalogue(), visitor.viewer.locale
        planned = self._planned(catalogue, question, visitor.asker, locale)
        asked = asking.Moment(now, now - SHOWN_UNCONFIRMED_FOR, visitor.own)
        page = asking.find(catalogue, planned.wanted, asked, after=None, first=question.first)
        if not page.spots:
            return _NOTHING % encoded(render(advice(question, self._known), locale))
        return self._told(catalogue, visitor, planned, page, now)

    def _forget(self) -> None:
        """The network changed its wording."""
        if book() is not self._book:
            self._book = book()
            self._cards.clear()
            self._plans.clear()

    # --- Understood --------------------------------------------------------------------------------------

    def _question(self, variables: Mapping[str, object]) -> Question | None:
        asked, first = variables.get("question"), variables.get("first", FIRST)
        if not isinstance(asked, dict) or type(first) is not int or not 1 <= first <= MOST:
            return None
        if variables.get("after") is not None or not variables.keys() <= {"question", "first", "after"}:
            return None
        every = asked.get("all")
        if not asked.keys() <= {*_LISTS, "all"} or not (every is None or isinstance(every, bool)):
            return None
        keys = {name: self._keys(name, asked.get(name)) for name in _LISTS}
        if any(found is None for found in keys.values()):
            return None
        issues, regions, languages, offers, kinds = (keys[name] or () for name in _LISTS)
        question = Question(issues, regions, languages, offers, kinds, every=bool(every), first=first)
        return None if fault_of(question) else question

    def _keys(self, name: str, said: object) -> tuple[str, ...] | None:
        if said is None:
            return ()
        if not isinstance(said, list) or not all(isinstance(word, str) for word in said):
            return None
        words = tuple(said)
        if name == "kinds":
            return words
        if (name, words) not in self._words:
            if len(self._words) >= 4 * PLANS or sum(map(len, words)) > 500:
                self._words.clear()
            keys, puzzles = understand(getattr(self._known, name), words)
            self._words[name, words] = None if puzzles else keys
        return self._words[name, words]

    def _planned(self, catalogue: Catalogue, question: Question, asker: Asker, locale: str) -> Planned:
        key = (question, asker.country, asker.languages, asker.public_only, locale)
        at = (len(catalogue.numbers.names), catalogue.names)
        found = self._plans.get(key)
        if found is None or found.at[0] != at[0] or found.at[1] is not at[1]:
            if len(self._plans) >= PLANS:
                self._plans.clear()
            made = plan(question, asker, self._known)
            wanted = asking.wanted(catalogue, made)
            found = self._plans[key] = Planned(question, made, wanted, at)
        return found

    # --- Told --------------------------------------------------------------------------------------------

    def _told(
        self, catalogue: Catalogue, visitor: Visitor, planned: Planned, page: asking.Page, now: datetime
    ) -> bytes | None:
        cards = self._cards_in(catalogue, visitor.viewer.locale)
        late = micros(now)
        nodes: list[bytes] = []
        decoys: list[str] = []
        people = 0
        for chunk, at in page.spots:
            start, kept = cards.of(chunk, at)
            people += kept.kind not in PUBLIC_KINDS
            if catalogue.decoys and kept.id in catalogue.decoys:
                decoys.append(kept.id)
            unconfirmed = b"true" if chunk.lease[at] < late else b"false"
            reason = planned.reasons.get(start) or self._reason(planned, start, kept, visitor.viewer.locale)
            nodes.append(b'%s,"unconfirmed":%s,"why":%s}' % (start, unconfirmed, reason))
        if people and not self._spend(visitor, people, now):
            return None
        if decoys:
            self._sighted(visitor, decoys)
        more = b"null"
        if page.next is not None:
            more = encoded(self._seal(visitor, planned.question, page.next))
        edges = b'},{"cursor":null,"node":'.join(nodes[:-1])
        before = b'{"cursor":null,"node":%s},' % edges if edges else b""
        return (
            b'{"findAllies":{"edges":[%s{"cursor":%s,"node":%s}],"pageInfo":{"hasNextPage":%s,'
            b'"endCursor":%s},"advice":null,"puzzles":[]}}'
            % (before, more, nodes[-1], b"false" if page.next is None else b"true", more)
        )

    def _reason(self, planned: Planned, start: bytes, kept: Kept, locale: str) -> bytes:
        if len(planned.reasons) >= REASONS:
            planned.reasons.clear()
        text = why(kept.body(), planned.question, planned.plan, self._known)
        made = planned.reasons[start] = encoded(render(text, locale))
        return made

    def _cards_in(self, catalogue: Catalogue, locale: str) -> Cards:
        cards = self._cards.get(locale)
        if cards is None or cards.names is not catalogue.names:
            if len(self._cards) > 12:
                self._cards.clear()
            cards = self._cards[locale] = Cards(catalogue, self._known, locale)
        return cards


def body(data: bytes, request_id: str) -> bytes:
    """The whole answer, as hub/api/endpoint.py would write it."""
    return b'{"data":%s,"extensions":{"requestId":%s}}' % (data, msgspec.json.encode(request_id))
