"""Finding allies. Words are forgiving; there are no totals; a cursor belongs to its viewer and question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from directory import search
from directory.core.questions import Question
from directory.core.text import Text, say
from directory.search import AllyCard
from hub.api.asking import of, said
from hub.api.schema.kinds import Network, NetworkName, Term, TermOf, some, terms
from hub.api.schema.understanding import Puzzle, PuzzleType, understand

FACETS = ("issues", "regions", "languages", "offers")
MOST = 50
KINDS: Mapping[str, Text] = {
    "person": say("Person"),
    "organisation": say("Organisation"),
    "community": say("Community"),
    "bot": say("Helper in chat"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """One page of cards, and the words that did not count."""

    cards: tuple[AllyCard, ...]
    next: str | None
    advice: Text | None
    puzzles: tuple[Puzzle, ...]


def _terms(name: str) -> Any:
    def resolve(card: AllyCard, info: GraphQLResolveInfo) -> tuple[TermOf, ...]:
        return terms(getattr(of(info).vocabulary, name), getattr(card, name))

    return resolve


class Card(graphene.ObjectType):
    """What others may see of a person, organisation, community or bot."""

    id = graphene.ID(required=True, description="Opaque; for asking an introduction.")
    title = graphene.String(required=True, description="What it is called.")
    acronym = graphene.String(description="Its short name.")
    kind = graphene.String(required=True, description="person, organisation, community or bot.")
    kind_text = graphene.String(required=True, description="The same in words.")
    network = graphene.Field(Network, required=True, description="Whose member it is.")
    country = graphene.Field(Term, description="Where it is.")
    regions = some(Term, "Where it works.", resolver=_terms("regions"))
    issues = some(Term, "What it works on.", resolver=_terms("issues"))
    languages = some(Term, "What it speaks.", resolver=_terms("languages"))
    offers = some(Term, "What it helps with.", resolver=_terms("offers"))
    website = graphene.String(description="Public address, http or https only.")
    purpose = graphene.String(description="Of a bot: what it is for.")
    listed_publicly = graphene.Boolean(
        required=True, description="Taken from a public list, not told by them."
    )
    confirmed_at = graphene.DateTime(description="When it was last confirmed, UTC.")
    unconfirmed = graphene.Boolean(
        required=True, description="Its network has been silent; the card will vanish soon."
    )
    why = graphene.String(required=True, description="Why it fits the question.", resolver=said("why"))

    @staticmethod
    def resolve_kind_text(card: AllyCard, info: GraphQLResolveInfo) -> str:
        """In words."""
        return of(info).say(KINDS.get(card.kind, KINDS["organisation"]))

    @staticmethod
    def resolve_network(card: AllyCard, _info: GraphQLResolveInfo) -> NetworkName:
        """By name."""
        return NetworkName(card.network_id, card.network_name, home=card.home)

    @staticmethod
    def resolve_country(card: AllyCard, info: GraphQLResolveInfo) -> TermOf | None:
        """As a term."""
        return TermOf(of(info).vocabulary.regions, card.country) if card.country else None

    @staticmethod
    def resolve_website(card: AllyCard, _info: GraphQLResolveInfo) -> str | None:
        """If it is one."""
        return shown_website(card.website)


def shown_website(website: str | None) -> str | None:
    """Cards come from elsewhere: only addresses a browser opens as pages."""
    return website if website is not None and website.startswith(("https://", "http://")) else None


class PageInfo(graphene.ObjectType):
    """Where this page ends."""

    has_next_page = graphene.Boolean(required=True, description="Is there more?")
    end_cursor = graphene.String(description="Send it as `after`; good for this viewer and question only.")


class AllyEdge(graphene.ObjectType):
    """One card in the list."""

    cursor = graphene.String(description="Only on the last edge of a page.")
    node = graphene.Field(Card, required=True, description="The card.")


class AllyConnection(graphene.ObjectType):
    """Cards, the closest first. There is no total, for nobody."""

    edges = some(AllyEdge, "This page.")
    page_info = graphene.Field(PageInfo, required=True, description="Is there more?")
    advice = graphene.String(
        description="When nothing was found: what to leave out. Or that some is shown another day.",
        resolver=said("advice"),
    )
    puzzles = some(PuzzleType, "Words that were not understood and did not count.")

    @staticmethod
    def resolve_edges(found: Found, _info: GraphQLResolveInfo) -> list[dict[str, Any]]:
        """Only the last one knows how to go on."""
        last = len(found.cards) - 1
        return [
            {"node": card, "cursor": found.next if place == last else None}
            for place, card in enumerate(found.cards)
        ]

    @staticmethod
    def resolve_page_info(found: Found, _info: GraphQLResolveInfo) -> dict[str, Any]:
        """From the next cursor."""
        return {"has_next_page": found.next is not None, "end_cursor": found.next}


def _words(about: str) -> graphene.List:
    return graphene.List(graphene.NonNull(graphene.String), description=about)


class AllyQuestion(graphene.InputObjectType):
    """What is looked for. Words may be keys or names in any language, several in one divided by commas."""

    issues = _words("What about.")
    regions = _words("Where.")
    languages = _words("In which languages.")
    offers = _words("What help.")
    kinds = _words("person, organisation, community or bot; none means all.")
    all = graphene.Boolean(description="Only what works on all the issues, else on any of them.")


class AllyQueries:
    """Root fields."""

    find_allies = graphene.Field(
        AllyConnection,
        description="Find allies by issue, place, language and help.",
        question=graphene.Argument(AllyQuestion, required=True, description="What is looked for."),
        first=graphene.Argument(
            graphene.Int, description=f"Page size, 1 to {MOST}; 20 unless said otherwise."
        ),
        after=graphene.Argument(graphene.String, description="`endCursor` of the page before."),
    )

    @staticmethod
    async def resolve_find_allies(
        _root: Any,
        info: GraphQLResolveInfo,
        question: Mapping[str, Any],
        first: int = 20,
        after: str | None = None,
    ) -> Found:
        """Understand the words, then ask."""
        asking = of(info)
        keys: dict[str, tuple[str, ...]] = {}
        puzzles: list[Puzzle] = []
        for name in FACETS:
            found, unclear = understand(getattr(asking.vocabulary, name), question.get(name) or ())
            keys[name] = found
            puzzles += unclear
        asked = Question(
            **keys,
            kinds=tuple(question.get("kinds") or ()),
            every=bool(question.get("all")),
            after=after,
            first=max(1, min(first, MOST)),
        )
        page = await asking.ask(search.find_allies, asked)
        return Found(page.cards, page.next, page.advice, tuple(puzzles))
