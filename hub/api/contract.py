"""The contract: the schema as a file, and the only documents this hub will run.

`graphql/schema.graphql` and `graphql/trusted.json` are written by `python -m hub.api.contract --write` and
compared in the tests. A document is named by its file and asked for by name inside the hub, or by the
SHA-256 of its text from outside.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from graphql import (
    DocumentNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    parse,
    print_schema,
    validate,
)

from hub.api.ruled import cover

HERE = Path(__file__).parent


class BadOperation(ValueError):
    """An operation file does not fit the contract. Correct it, then write the contract again."""


@dataclass(frozen=True, slots=True)
class Trusted:
    """One document that may be run."""

    name: str
    id: str
    document: DocumentNode
    changes: bool
    """True for a mutation: it needs a session that may write."""


@dataclass(frozen=True, slots=True)
class Contract:
    """A schema and the documents that were checked against it."""

    schema: GraphQLSchema
    by_name: Mapping[str, Trusted]
    by_id: Mapping[str, Trusted]

    def find(self, name_or_id: str) -> Trusted | None:
        """The trusted document of that name or `sha256:` id."""
        return self.by_id.get(name_or_id) or self.by_name.get(name_or_id)


def folder() -> Path:
    """Where the contract's files are: inside the wheel, else in the source tree."""
    shipped = HERE / "_contract"
    return shipped if shipped.is_dir() else HERE.parent.parent / "graphql"


def document_id(source: str) -> str:
    """How a document is asked for from outside."""
    return "sha256:" + hashlib.sha256(source.encode()).hexdigest()


def load(schema: GraphQLSchema, where: Path | None = None) -> Contract:
    """Read and check every operation once. Raises BadOperation for a misfit, Unguarded without a rule."""
    paths = sorted(((where or folder()) / "operations").glob("*.graphql"))
    trusted = [_trusted(path, schema) for path in paths]
    cover(f"operation:{each.name}" for each in trusted)
    return Contract(schema, {each.name: each for each in trusted}, {each.id: each for each in trusted})


def _trusted(path: Path, schema: GraphQLSchema) -> Trusted:
    source = path.read_text(encoding="utf-8")
    document = parse(source)
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if [node.name.value if node.name else None for node in operations] != [path.stem]:
        raise BadOperation(f"{path.name} must hold exactly one operation, named {path.stem}.")
    if errors := validate(schema, document):
        raise BadOperation(f"{path.name}: {errors[0].message}")
    changes = operations[0].operation is OperationType.MUTATION
    return Trusted(path.stem, document_id(source), document, changes)


def schema_text(schema: GraphQLSchema) -> str:
    """What `graphql/schema.graphql` must say."""
    return "# Written by `python -m hub.api.contract --write`. Do not edit.\n\n" + print_schema(schema) + "\n"


def trusted_text(contract: Contract) -> str:
    """What `graphql/trusted.json` must say: name to id."""
    return json.dumps({name: each.id for name, each in contract.by_name.items()}, indent=2) + "\n"


def write(where: Path | None = None) -> None:
    """Write the schema and the list of trusted documents from the code."""
    from hub.api.schema import build

    target, schema = where or folder(), build()
    (target / "schema.graphql").write_text(schema_text(schema), encoding="utf-8")
    (target / "trusted.json").write_text(trusted_text(load(schema, target)), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        raise SystemExit("Usage: python -m hub.api.contract --write")
    write()
