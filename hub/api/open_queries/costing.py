"""What a valid query would cost, reckoned from the schema and its variables before anything is run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    IntValueNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

from hub.api.open_queries.counting import Asked, Fragments, fields_of
from hub.api.open_queries.limits import LIMITS, Limits, Refused

FIELDS_A_POINT = 3
ROOT = 20
"""Points for a field of the root: it asks the database."""
PAGED = 150
"""Points for a field of the root that takes `first`: it searches, whatever is asked of what it finds."""


def cost(asked: Asked, schema: GraphQLSchema, variables: Mapping[str, Any], limits: Limits = LIMITS) -> int:
    """Points of this query. Raises Refused as soon as they are too many."""
    reckoning = _Reckoning(asked.fragments, {**_by_default(asked), **variables}, limits)
    root = schema.query_type
    if root is None:
        return 0
    roots = [
        root.fields.get(each.name.value) for each in fields_of(asked.query.selection_set, asked.fragments)
    ]
    reckoning.level(asked.query.selection_set, root, 1)
    asks = sum(PAGED if field is not None and "first" in field.args else ROOT for field in roots)
    found = asks + -(-reckoning.fields // FIELDS_A_POINT)
    if found > limits.cost:
        raise Refused("TOO_COSTLY")
    return found


def _by_default(asked: Asked) -> Mapping[str, int]:
    """Numbers that variables have when nobody gives others."""
    return {
        each.variable.name.value: int(each.default_value.value)
        for each in asked.query.variable_definitions or ()
        if isinstance(each.default_value, IntValueNode)
    }


@dataclass(slots=True)
class _Reckoning:
    """Fields that may be resolved, each times the entries of the lists it stands in."""

    fragments: Fragments
    variables: Mapping[str, Any]
    limits: Limits
    fields: int = 0
    steps: int = 0

    def level(
        self, chosen: SelectionSetNode, kind: GraphQLObjectType | GraphQLInterfaceType, times: int
    ) -> None:
        """Add one selection that is resolved `times` over."""
        for node in fields_of(chosen, self.fragments):
            self.fields += times
            self.steps += 1
            if self.fields > self.limits.cost * FIELDS_A_POINT or self.steps > self.limits.tokens * 2:
                raise Refused("TOO_COSTLY")
            field = kind.fields.get(node.name.value)
            if field is None or node.selection_set is None:
                continue
            inner = get_named_type(field.type)
            if isinstance(inner, GraphQLObjectType | GraphQLInterfaceType):
                self.level(node.selection_set, inner, times * self._entries(kind, node, field))

    def _entries(
        self, kind: GraphQLObjectType | GraphQLInterfaceType, node: FieldNode, field: GraphQLField
    ) -> int:
        if "first" in field.args:
            return self._first(node)
        if not _is_list(field.type) or (kind.name.endswith("Connection") and node.name.value == "edges"):
            return 1  # a connection's entries were counted with its `first`
        return self.limits.list

    def _first(self, node: FieldNode) -> int:
        for argument in node.arguments or ():
            if argument.name.value == "first":
                value = argument.value
                given = self.variables.get(value.name.value) if isinstance(value, VariableNode) else None
                given = int(value.value) if isinstance(value, IntValueNode) else given
                if isinstance(given, int):
                    return max(1, min(given, self.limits.longest_page))
        return self.limits.page


def _is_list(kind: object) -> bool:
    while isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    return isinstance(kind, GraphQLList)
