"""What a document asks for, counted on the parsed text alone: before the schema is looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
)

from hub.api.open_queries.limits import LIMITS, Limits, Refused

Fragments = Mapping[str, FragmentDefinitionNode]


@dataclass(frozen=True, slots=True)
class Asked:
    """A document whose counts are within the limits: its one query, and the fragments it may spread."""

    document: DocumentNode
    query: OperationDefinitionNode
    fragments: Fragments

    def root_fields(self) -> frozenset[str]:
        """Names of the fields of the root."""
        return frozenset(field.name.value for field in fields_of(self.query.selection_set, self.fragments))

    @property
    def introspects(self) -> bool:
        """Does it ask for the schema itself, at any level?"""
        sets = [self.query.selection_set, *(each.selection_set for each in self.fragments.values())]
        return any(node.name.value in ("__schema", "__type") for chosen in sets for node in _written(chosen))


def count(document: DocumentNode, limits: Limits = LIMITS) -> Asked:
    """Check every count. Raises Refused with the code of the first that is too high."""
    asked = _one_query(document, limits)
    parts: list[SelectionSetNode] = [asked.query.selection_set]
    parts += [each.selection_set for each in asked.fragments.values()]
    written = [node for chosen in parts for node in _written(chosen)]
    if len(written) > limits.fields or any(_repeated(chosen) > limits.repeats for chosen in parts):
        raise Refused("TOO_MANY_FIELDS")
    if sum(node.alias is not None for node in written) > limits.aliases:
        raise Refused("TOO_MANY_ALIASES")
    if _directives(document) > limits.directives:
        raise Refused("TOO_MANY_DIRECTIVES")
    spreads = sum(isinstance(node, FragmentSpreadNode) for chosen in parts for node in _nodes(chosen))
    if spreads > limits.spreads:
        raise Refused("TOO_MANY_FRAGMENTS")
    if depth(asked.query.selection_set, asked.fragments, ()) > limits.depth:
        raise Refused("TOO_DEEP")
    return asked


def _one_query(document: DocumentNode, limits: Limits) -> Asked:
    queries = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    fragments = [node for node in document.definitions if isinstance(node, FragmentDefinitionNode)]
    if len(queries) != 1 or queries[0].operation is not OperationType.QUERY:
        raise Refused("ONLY_QUERIES")
    if len(queries) + len(fragments) != len(document.definitions):
        raise Refused("ONLY_QUERIES")
    if len(queries[0].variable_definitions or ()) > limits.variables:
        raise Refused("TOO_MANY_VARIABLES")
    if len(fragments) > limits.fragments:
        raise Refused("TOO_MANY_FRAGMENTS")
    return Asked(document, queries[0], {each.name.value: each for each in fragments})


def _nodes(chosen: SelectionSetNode) -> Iterator[Node]:
    """Everything written in a selection, fragments not followed. The text's nesting is bounded already."""
    for node in chosen.selections:
        yield node
        inner = getattr(node, "selection_set", None)
        if inner is not None:
            yield from _nodes(inner)


def _written(chosen: SelectionSetNode) -> Iterator[FieldNode]:
    return (node for node in _nodes(chosen) if isinstance(node, FieldNode))


def _repeated(chosen: SelectionSetNode) -> int:
    """How often the most repeated name stands in one selection, at any level below."""
    names = Counter(
        (node.alias or node.name).value for node in chosen.selections if isinstance(node, FieldNode)
    )
    names.update(
        f"... {node.name.value}" for node in chosen.selections if isinstance(node, FragmentSpreadNode)
    )
    below = [inner for node in chosen.selections if (inner := getattr(node, "selection_set", None))]
    return max((*names.values(), *map(_repeated, below)), default=0)


def _directives(document: DocumentNode) -> int:
    found, left = 0, list[Node](document.definitions)
    while left:
        node = left.pop()
        found += len(getattr(node, "directives", None) or ())
        left += getattr(node, "variable_definitions", None) or ()
        inner = getattr(node, "selection_set", None)
        left += inner.selections if inner is not None else ()
    return found


def fields_of(chosen: SelectionSetNode, fragments: Fragments) -> Iterator[FieldNode]:
    """The fields of one level, through the fragments that are spread there. No circle is left in them."""
    for node in chosen.selections:
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode):
            yield from fields_of(node.selection_set, fragments)
        elif isinstance(node, FragmentSpreadNode) and node.name.value in fragments:
            yield from fields_of(fragments[node.name.value].selection_set, fragments)


def depth(chosen: SelectionSetNode, fragments: Fragments, inside: tuple[str, ...]) -> int:
    """Levels of fields. Raises Refused for a fragment that is inside itself."""
    found = 0
    for node in chosen.selections:
        if isinstance(node, FragmentSpreadNode):
            name = node.name.value
            if name in inside:
                raise Refused("TOO_MANY_FRAGMENTS")
            spread = fragments.get(name)
            found = max(found, depth(spread.selection_set, fragments, (*inside, name)) if spread else 0)
        elif isinstance(node, InlineFragmentNode):
            found = max(found, depth(node.selection_set, fragments, inside))
        elif isinstance(node, FieldNode):
            below = depth(node.selection_set, fragments, inside) if node.selection_set else 0
            found = max(found, 1 + below)
    return found
