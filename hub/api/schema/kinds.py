"""Small types that many others use: enums with a description, vocabulary terms, networks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from directory.core.tongues import complete
from directory.vocabulary import Terms, Tree
from hub.api.asking import of


def named(kind: type[Enum], name: str, about: str) -> Any:
    """A GraphQL enum from a Python one, described as a whole."""
    return graphene.Enum.from_enum(
        kind, name=name, description=lambda value: about if value is None else None
    )


def some(kind: Any, about: str, **arguments: Any) -> Any:
    """A list that is never null and holds no nulls."""
    return graphene.List(graphene.NonNull(kind), required=True, description=about, **arguments)


@dataclass(frozen=True, slots=True)
class TermOf:
    """A key and the tree it grows in."""

    tree: Tree
    key: str


def terms(tree: Tree, keys: Iterable[str]) -> tuple[TermOf, ...]:
    """Keys as terms that can be shown."""
    return tuple(TermOf(tree, key) for key in keys)


class Term(graphene.ObjectType):
    """An issue, a region, a language or a kind of help, named in the viewer's language."""

    key = graphene.ID(required=True, description="What to send back; never changes.")
    name = graphene.String(required=True, description="Its name in the viewer's language.")
    within = graphene.ID(description="The nearest broader term.")
    marked = graphene.Boolean(
        required=True,
        description="Work on it is stigmatised in many places: by default few see who lists it.",
    )

    @staticmethod
    def resolve_name(term: TermOf, info: GraphQLResolveInfo) -> str:
        """Its label."""
        return term.tree.label(term.key, complete(of(info).turn.viewer.locale))

    @staticmethod
    def resolve_within(term: TermOf, _info: GraphQLResolveInfo) -> str | None:
        """The parent: a term's line begins with itself."""
        return next(iter(term.tree.ancestors(term.key)[1:]), None)

    @staticmethod
    def resolve_marked(term: TermOf, _info: GraphQLResolveInfo) -> bool:
        """Does it carry a mark, its own or from above? Only issues can."""
        return isinstance(term.tree, Terms) and term.tree.stigma(term.key)


@dataclass(frozen=True, slots=True)
class NetworkName:
    """A network as it is named on cards and lists."""

    id: str
    name: str
    home: bool = False
    state: str = "active"


class Network(graphene.ObjectType):
    """An autonomous network of defenders: ours, or one we are linked with."""

    id = graphene.ID(required=True, description="Never changes.")
    name = graphene.String(required=True, description="What it calls itself.")
    home = graphene.Boolean(required=True, description="Is it the network of this hub?")
    active = graphene.Boolean(required=True, description="Does the link work now? True for our own.")

    @staticmethod
    def resolve_active(network: NetworkName, _info: GraphQLResolveInfo) -> bool:
        """Is the link active?"""
        return network.home or network.state == "active"
