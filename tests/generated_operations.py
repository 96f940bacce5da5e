"""Operations made by chance from the schema: valid, many-shaped, the same for the same seed."""

from __future__ import annotations

from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)

DEEPEST = 4
WORDS = (
    "",
    "x",
    "es",
    "GT",
    "land",
    "water",
    "f" * 32,
    "0" * 64,
    "Ixchel",
    "Tomas",
    "🜁",
    "؟",
    "' or 1=1 --",
    "9" * 40,
)


class Writer:
    """Writes one operation after the other."""

    def __init__(self, schema: GraphQLSchema, seed: int, ids: tuple[str, ...] = ()) -> None:
        self._schema = schema
        self._chance = Random(seed)
        self._words = (*WORDS, *ids, *ids)

    def query(self) -> str:
        """One query with one to three fields of the root."""
        root = self._schema.query_type
        assert root is not None
        names = self._chance.sample(sorted(root.fields), k=self._chance.choice((1, 1, 1, 2, 3)))
        return "{ " + " ".join(self._field(root, name, 0) for name in names) + " }"

    def mutation(self) -> str:
        """One mutation with one field of the root."""
        root = self._schema.mutation_type
        assert root is not None
        return "mutation { " + self._field(root, self._chance.choice(sorted(root.fields)), 0) + " }"

    def value(self, kind: GraphQLInputType) -> str:
        """A value of this type, as it is written in a document."""
        return self._value(kind, 0)

    def _field(self, parent: GraphQLObjectType | GraphQLInterfaceType, name: str, depth: int) -> str:
        field = parent.fields[name]
        given = ", ".join(
            f"{one}: {self._value(argument.type, 0)}"
            for one, argument in field.args.items()
            if self._needed(argument) or self._chance.random() < 0.5
        )
        text = name + (f"({given})" if given else "")
        kind = get_named_type(field.type)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            text += " " + self._selection(kind, depth + 1)
        return text

    def _selection(self, kind: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        leaves, deeper = [], []
        for name, field in sorted(kind.fields.items()):
            inner = isinstance(get_named_type(field.type), GraphQLObjectType | GraphQLInterfaceType)
            (deeper if inner else leaves).append(name)
        wanted = self._chance.sample(leaves, k=self._chance.randint(1, len(leaves))) if leaves else []
        if deeper and depth < DEEPEST:
            wanted += self._chance.sample(
                deeper, k=self._chance.randint(0 if leaves else 1, min(2, len(deeper)))
            )
        return "{ " + (" ".join(self._field(kind, name, depth) for name in wanted) or "__typename") + " }"

    def _needed(self, argument: GraphQLArgument) -> bool:
        return isinstance(argument.type, GraphQLNonNull)

    def _value(self, kind: GraphQLInputType, depth: int) -> str:
        if isinstance(kind, GraphQLNonNull):
            return self._value(kind.of_type, depth)
        if isinstance(kind, GraphQLList):
            return (
                "["
                + ", ".join(self._value(kind.of_type, depth) for _ in range(self._chance.randint(0, 2)))
                + "]"
            )
        if isinstance(kind, GraphQLInputObjectType):
            return (
                "{"
                + ", ".join(
                    f"{name}: {self._value(field.type, depth + 1)}"
                    for name, field in kind.fields.items()
                    if isinstance(field.type, GraphQLNonNull) or self._chance.random() < 0.6
                )
                + "}"
            )
        if isinstance(kind, GraphQLEnumType):
            return self._chance.choice(sorted(kind.values))
        return self._scalar(str(kind))

    def _scalar(self, kind: str) -> str:
        import json

        made: dict[str, Any] = {
            "Int": self._chance.choice((-1, 0, 1, 2, 30, 1_000, 2**31 - 1, -(2**31))),
            "Float": self._chance.choice((-1.5, 0.0, 1e300)),
            "Boolean": self._chance.random() < 0.5,
            "DateTime": self._chance.choice(
                (
                    "2026-11-24T12:00:00+00:00",
                    "2026-12-01T00:00:00Z",
                    "0001-01-01T00:00:00Z",
                    "9999-12-31T23:59:59Z",
                )
            ),
        }
        return json.dumps(
            made[kind] if kind in made else self._chance.choice(self._words), ensure_ascii=False
        )
