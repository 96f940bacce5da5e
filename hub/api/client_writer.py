"""Writes the typed Python client: one file without dependencies, one method a document.

Types are what a type checker reads; at run time an answer is the JSON object that came. `make schema` writes
`clients/python/ayni_client.py`, and the tests compare it.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    type_from_ast,
)

from hub.api.contract import Contract, Trusted

SCALARS = {"Int": "int", "Float": "float", "Boolean": "bool"}
HEAD = Path(__file__).parent / "client_head.txt"


def client(contract: Contract) -> str:
    """The whole file."""
    queries = [one for one in contract.by_name.values() if not one.live]
    inputs = _inputs(contract.schema)
    answers = [line for one in queries for line in _Answer(contract.schema, one).lines()]
    methods = [line for one in queries for line in _method(contract.schema, one)]
    head, _, tail = HEAD.read_text(encoding="utf-8").partition("# METHODS\n")
    parts = (head.replace("# TYPES\n", "\n".join((*inputs, *answers)) + "\n"), "\n".join(methods), tail)
    return "".join(parts)


def _inputs(schema: GraphQLSchema) -> Iterator[str]:
    for name, kind in sorted(schema.type_map.items()):
        if isinstance(kind, GraphQLEnumType) and not name.startswith("__"):
            yield f"{name} = Literal[{', '.join(repr(value) for value in kind.values)}]"
    for name, kind in sorted(schema.type_map.items()):
        if isinstance(kind, GraphQLInputObjectType):
            fields = {
                key: (_python(one.type), isinstance(one.type, GraphQLNonNull))
                for key, one in kind.fields.items()
            }
            told = {key: shown if must else f"NotRequired[{shown}]" for key, (shown, must) in fields.items()}
            yield from _typed(name, told, kind.description or "")


def _typed(name: str, fields: dict[str, str], about: str) -> Iterator[str]:
    """A TypedDict; by call where a field's name is a word of Python."""
    yield ""
    if any(keyword.iskeyword(key) for key in fields):
        inner = ", ".join(f"{key!r}: {shown!r}" for key, shown in fields.items())
        yield f"{name} = TypedDict({name!r}, {{{inner}}})"
        return
    yield f"class {name}(TypedDict):"
    yield f'    """{_doc(about)}"""'
    yield from (f"    {key}: {shown}" for key, shown in fields.items())
    yield ""


def _doc(text: str) -> str:
    return " ".join(text.replace("\\", "").replace('"', "'").split()) or "As the schema says."


def _python(kind: object, named: str | None = None) -> str:
    if isinstance(kind, GraphQLNonNull):
        return _certain(kind.of_type, named)
    return f"{_certain(kind, named)} | None"


def _certain(kind: object, named: str | None) -> str:
    if isinstance(kind, GraphQLList):
        return f"list[{_python(kind.of_type, named)}]"
    if named is not None:
        return named
    name = str(kind)
    return SCALARS.get(name, name if isinstance(kind, GraphQLEnumType | GraphQLInputObjectType) else "str")


def _operation(document: DocumentNode) -> OperationDefinitionNode:
    return next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))


@dataclass
class _Answer:
    """The types of one document's answer, innermost first."""

    schema: GraphQLSchema
    trusted: Trusted
    found: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        operation = _operation(self.trusted.document)
        changes = operation.operation is OperationType.MUTATION
        root = self.schema.mutation_type if changes else self.schema.query_type
        assert root is not None
        self._object(self.trusted.name + "Answer", [operation.selection_set], root)
        return self.found

    def _object(self, name: str, chosen: Iterable[SelectionSetNode], kind: GraphQLObjectType) -> None:
        fields: dict[str, str] = {}
        for key, nodes in self._fields(chosen).items():
            declared: GraphQLOutputType = kind.fields[nodes[0].name.value].type
            below = [node.selection_set for node in nodes if node.selection_set is not None]
            inner = get_named_type(declared)
            called = None
            if below and isinstance(inner, GraphQLObjectType):
                called = name.removesuffix("Answer") + key[0].upper() + key[1:]
                self._object(called, below, inner)
            fields[key] = _python(declared, called)
        self.found += _typed(name, fields, kind.description or "")

    def _fields(self, chosen: Iterable[SelectionSetNode]) -> dict[str, list[FieldNode]]:
        found: dict[str, list[FieldNode]] = {}
        for node in (each for one in chosen for each in one.selections):
            if isinstance(node, FieldNode):
                found.setdefault((node.alias or node.name).value, []).append(node)
            elif isinstance(node, FragmentSpreadNode):
                spread = self._fragment(node.name.value)
                for key, nodes in self._fields([spread.selection_set]).items():
                    found.setdefault(key, []).extend(nodes)
        return found

    def _fragment(self, name: str) -> FragmentDefinitionNode:
        fragments = (
            one for one in self.trusted.document.definitions if isinstance(one, FragmentDefinitionNode)
        )
        return next(one for one in fragments if one.name.value == name)


def _method(schema: GraphQLSchema, trusted: Trusted) -> Iterator[str]:
    operation = _operation(trusted.document)
    takes, gives = ["self"], []
    for one in operation.variable_definitions or ():
        name, kind = one.variable.name.value, type_from_ast(schema, one.type)
        must = isinstance(kind, GraphQLNonNull)
        takes.append(f"{_snake(name)}: {_python(kind)}" + ("" if must else " = None"))
        gives.append(f'"{name}": {_snake(name)}')
    root = schema.mutation_type if trusted.changes else schema.query_type
    assert root is not None
    first = next(each for each in operation.selection_set.selections if isinstance(each, FieldNode))
    about = root.fields[first.name.value].description
    yield f"    def {_snake(trusted.name)}({', '.join(takes)}) -> {trusted.name}Answer:"
    yield f'        """{_doc(about or trusted.name)}"""'
    yield f'        found = self.ask("{trusted.id}", {{{", ".join(gives)}}})'
    yield f"        return cast({trusted.name}Answer, found)"
    yield ""


def _snake(name: str) -> str:
    made = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return made + "_" if keyword.iskeyword(made) else made
