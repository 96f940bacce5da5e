"""The rule table, enforced on the schema: what has no line there stops the start.

A wrapped resolver asks the rule before it runs. VEIL answers null and is allowed on nullable fields only:
a null that breaks its parent would show that something is hidden. This reader knows roles and lanes; what
one member shows to whom is decided where cards are made (directory/core/audiences.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    default_field_resolver,
    get_named_type,
    is_non_null_type,
    visit,
)

from directory.core.relations import Relation, relations
from directory.core.rules import check_coverage, rule_for
from directory.core.verdicts import Rule, Verdict, judge
from directory.core.viewer import Viewer
from directory.refusals import NotYours
from hub.api.asking import of
from hub.api.rule_lines import ALL


class CannotVeil(Exception):
    """These fields may be hidden but are never null, so the hub does not start. Make them nullable."""


def things(schema: GraphQLSchema) -> Iterator[str]:
    """Everything that can be asked for: `Type.field` and `argument:field.name`."""
    for type_name, field_name, field in _fields(schema):
        yield f"{type_name}.{field_name}"
        yield from _arguments(field_name, field)


def _fields(schema: GraphQLSchema) -> Iterator[tuple[str, str, GraphQLField]]:
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__"):
            for field_name, field in kind.fields.items():
                yield name, field_name, field


def _arguments(field_name: str, field: GraphQLField) -> Iterator[str]:
    for name, argument in field.args.items():
        kind = get_named_type(argument.type)
        if isinstance(kind, GraphQLInputObjectType):
            yield from (f"argument:{field_name}.{inner}" for inner in kind.fields)
        else:
            yield f"argument:{field_name}.{name}"


def enforce(schema: GraphQLSchema, rules: Mapping[str, Rule] = ALL) -> GraphQLSchema:
    """Wrap every resolver with its rule. Raises Unguarded or CannotVeil."""
    check_coverage(things(schema), rules)
    torn = []
    for type_name, field_name, field in _fields(schema):
        rule = rules[f"{type_name}.{field_name}"]
        if rule.otherwise is Verdict.VEIL and is_non_null_type(field.type):
            torn.append(f"{type_name}.{field_name}")
        if Relation.ANYONE not in rule.to or field.args:
            field.resolve = _ruled(field_name, field, rule, rules)
    if torn:
        raise CannotVeil(", ".join(sorted(torn)))
    return schema


def _ruled(field_name: str, field: GraphQLField, rule: Rule, rules: Mapping[str, Rule]) -> Any:
    resolve = field.resolve or default_field_resolver
    lines = {name: rule_for(name, rules) for name in _arguments(field_name, field)}

    def ruled(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        standing = relations(of(info).turn.viewer)
        decided = judge(rule, standing)
        if decided is Verdict.VEIL:
            return None
        if decided is Verdict.REFUSE:
            raise NotYours
        for name in _given(field_name, arguments):
            if name in lines and judge(lines[name], standing) is not Verdict.SHOW:
                raise NotYours
        return resolve(source, info, **arguments)

    return ruled


def _given(field_name: str, arguments: Mapping[str, Any]) -> Iterator[str]:
    for name, value in arguments.items():
        inner = value if isinstance(value, Mapping) else {name: value}
        yield from (f"argument:{field_name}.{each}" for each, given in inner.items() if given is not None)


def cover(names: Iterable[str]) -> None:
    """Stop the start when a document or page has no line. Raises Unguarded."""
    check_coverage(names, ALL)


def live_field(document: DocumentNode) -> str:
    """Which field of Subscription a document watches. Validation has seen to it that there is one."""
    (operation,) = (each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    return next(each.name.value for each in operation.selection_set.selections if isinstance(each, FieldNode))


def thing_verdict(thing: str, viewer: Viewer) -> Verdict:
    """May this viewer open this page or run this document?"""
    return judge(rule_for(thing, ALL), relations(viewer))


def document_things(schema: GraphQLSchema, document: DocumentNode) -> frozenset[str]:
    """Everything in a document that a rule speaks of; of its arguments all that could be given."""
    named = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    found = {f"operation:{node.name.value}" for node in named if node.name is not None}
    types = TypeInfo(schema)

    class Asked(Visitor):
        def enter_field(self, *_: Any) -> None:
            parent, field = types.get_parent_type(), types.get_field_def()
            if isinstance(parent, GraphQLObjectType) and field is not None:
                name = next(key for key, value in parent.fields.items() if value is field)
                found.add(f"{parent.name}.{name}")
                found.update(_arguments(name, field))

    visit(document, TypeInfoVisitor(types, Asked()))
    return frozenset(found)
