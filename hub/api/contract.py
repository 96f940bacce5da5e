"""The contract: the schema as a file, and the only documents this hub will run.

`graphql/schema.graphql` and `graphql/trusted.json` are written by `python -m hub.api.contract --write` and
compared in the tests. A document is named by its file and asked for by name inside the hub, or by the
SHA-256 of its text from outside; `--release` keeps both as what was promised (hub/api/releases.py).
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
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

from hub.api import releases
from hub.api.live.watching import SOURCES
from hub.api.ruled import cover, live_field
from hub.clock import utc_now

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
    until: datetime | None = None
    """When it ends, for a document that was replaced by another of its name."""
    live: bool = False
    """True for a subscription: it is run at every event (hub/api/live)."""


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
    here = where or folder()
    paths = sorted((here / "operations").glob("*.graphql"))
    trusted = [trust(path.stem, path.read_text(encoding="utf-8"), schema) for path in paths]
    older = [trust(one.name, one.text, schema, until=one.ends_at) for one in releases.retired(here)]
    cover(f"operation:{each.name}" for each in (*trusted, *older))
    return Contract(
        schema, {each.name: each for each in trusted}, {each.id: each for each in (*older, *trusted)}
    )


def trust(name: str, source: str, schema: GraphQLSchema, until: datetime | None = None) -> Trusted:
    """Check one document against the schema. Raises BadOperation."""
    document = parse(source)
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if [node.name.value if node.name else None for node in operations] != [name]:
        raise BadOperation(f"{name}.graphql must hold exactly one operation, named {name}.")
    if errors := validate(schema, document):
        raise BadOperation(f"{name}.graphql: {errors[0].message}")
    kind = operations[0].operation
    changes, live = kind is OperationType.MUTATION, kind is OperationType.SUBSCRIPTION
    if live and live_field(document) not in SOURCES:
        raise BadOperation(f"{name}.graphql watches something without a source in hub/api/live/watching.py.")
    return Trusted(name, document_id(source), document, changes, until, live)


def schema_text(schema: GraphQLSchema) -> str:
    """What `graphql/schema.graphql` must say."""
    return "# Written by `python -m hub.api.contract --write`. Do not edit.\n\n" + print_schema(schema) + "\n"


def trusted_text(contract: Contract) -> str:
    """What `graphql/trusted.json` must say: name to id."""
    return json.dumps({name: each.id for name, each in contract.by_name.items()}, indent=2) + "\n"


def write(where: Path | None = None, today: date | None = None) -> None:
    """Write the schema and the list of trusted documents from the code."""
    from hub.api.client_writer import client
    from hub.api.schema import build

    target, schema = where or folder(), build()
    (target / "schema.graphql").write_text(schema_text(schema), encoding="utf-8")
    contract = load(schema, target)
    (target / "trusted.json").write_text(trusted_text(contract), encoding="utf-8")
    if where is None and (target.parent / "clients").is_dir():
        (target.parent / "clients" / "python" / "ayni_client.py").write_text(
            client(contract), encoding="utf-8"
        )
    current = [each.id for each in contract.by_name.values()]
    releases.retire(target, current, today or utc_now().date())


def release(where: Path | None = None, today: date | None = None) -> None:
    """Keep schema and documents, as they are written now, as what was promised."""
    target = where or folder()
    paths = sorted((target / "operations").glob("*.graphql"))
    texts = {path.stem: path.read_text(encoding="utf-8") for path in paths}
    documents = {name: releases.Released(document_id(text), text) for name, text in texts.items()}
    schema = (target / "schema.graphql").read_text(encoding="utf-8")
    releases.release(target, documents, schema, today or utc_now().date())


if __name__ == "__main__":
    if sys.argv[1:] not in (["--write"], ["--release"]):
        raise SystemExit("Usage: python -m hub.api.contract --write, or --release")
    write()
    if sys.argv[1:] == ["--release"]:
        release()
