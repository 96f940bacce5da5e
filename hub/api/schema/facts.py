"""A card as lines of label and value, for previews: "how you look from there"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import graphene
from graphql import GraphQLResolveInfo

from directory.core.text import Text, say
from directory.core.tongues import complete
from directory.languages import listed
from directory.vocabulary import Tree
from hub.api.asking import Asking, of

LABELS: Mapping[str, Text] = {
    "handle": say("Name"),
    "title": say("Name"),
    "acronym": say("Short name"),
    "country": say("Country"),
    "regions": say("Works in"),
    "works_in": say("Works in"),
    "subdivision": say("Region of the country"),
    "city": say("Town"),
    "issues": say("Works on"),
    "marked_issues": say("Works on, seen by few"),
    "languages": say("Speaks"),
    "offers": say("Helps with"),
    "organisation": say("Organisation"),
    "text": say("In own words"),
    "website": say("Website"),
    "purpose": say("What it is for"),
}
_TREES = {
    "country": "regions",
    "regions": "regions",
    "works_in": "regions",
    "subdivision": "regions",
    "issues": "issues",
    "marked_issues": "issues",
    "languages": "languages",
    "offers": "offers",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One field that has something to show."""

    field: str
    value: str


class FactType(graphene.ObjectType):
    """One line of a card."""

    class Meta:
        name = "Fact"

    field = graphene.String(required=True, description="Which field.")
    label = graphene.String(required=True, description="What people call it.")
    value = graphene.String(required=True, description="What it says, as one line.")

    @staticmethod
    def resolve_label(fact: Fact, info: GraphQLResolveInfo) -> str:
        """In the viewer's language."""
        return of(info).say(LABELS[fact.field])


def facts(asking: Asking, body: Mapping[str, object]) -> tuple[Fact, ...]:
    """The lines of a card's body or of what somebody says of themselves; empty ones are left out."""
    return tuple(_facts(asking, body))


def _facts(asking: Asking, body: Mapping[str, object]) -> Iterator[Fact]:
    for field in LABELS:
        value = in_words(asking, field, body.get(field))
        if value:
            yield Fact(field, value)


def in_words(asking: Asking, field: str, value: object) -> str:
    """A field's value as one line in the viewer's language; "" when there is none."""
    locale = complete(asking.turn.viewer.locale)
    values = (
        [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)] if value else []
    )
    if field in _TREES:
        tree: Tree = getattr(asking.vocabulary, _TREES[field])
        values = [tree.label(key, locale) for key in values]
    return listed(values, locale) if values else ""
