"""The contract's files say what the code does, and every document fits."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest
from graphql import GraphQLObjectType, build_schema, find_breaking_changes, parse
from graphql.language import OperationDefinitionNode

from bots import commands
from directory.core.relations import Relation
from directory.core.rules import RULES, Unguarded, check_coverage
from directory.core.verdicts import Rule, Verdict
from hub.api import contract, releases
from hub.api.rule_lines import ALL, LINES
from hub.api.ruled import CannotVeil, enforce, things
from hub.api.schema import build
from hub.federation.core.bodies import KINDS
from hub.web.pages import PAGES

FOLDER = Path(__file__).parents[2] / "graphql"
SCHEMA = build()
AS_WRITTEN = build_schema(contract.schema_text(SCHEMA))
"""As the file says it: graphene's own scalars count as another kind of type."""


@cache
def shipped() -> contract.Contract:
    """Every document of the project, read and checked once."""
    return contract.load(SCHEMA)


def test_the_schema_file_is_what_the_code_serves() -> None:
    """Write it again with: make schema."""
    assert (FOLDER / "schema.graphql").read_text() == contract.schema_text(SCHEMA)


def test_trusted_ids_are_the_hashes_of_the_documents() -> None:
    assert (FOLDER / "trusted.json").read_text() == contract.trusted_text(shipped())


def test_everything_that_can_be_asked_is_described() -> None:
    for name, kind in SCHEMA.type_map.items():
        if name.startswith("__"):
            continue
        assert kind.description, name
        for field_name, field in getattr(kind, "fields", {}).items():
            assert field.description, f"{name}.{field_name}"
            for argument_name, argument in getattr(field, "args", {}).items():
                assert argument.description, f"{name}.{field_name}({argument_name})"


def test_no_connection_counts_and_every_mutation_answers_with_errors() -> None:
    for name, kind in SCHEMA.type_map.items():
        if name.endswith("Connection") and isinstance(kind, GraphQLObjectType):
            assert not [
                field for field in kind.fields if "count" in field.lower() or "total" in field.lower()
            ]
    assert SCHEMA.mutation_type is not None
    for field in SCHEMA.mutation_type.fields.values():
        assert str(SCHEMA.type_map[str(field.type)].fields["errors"].type) == "[UserError!]!"


def test_every_field_argument_document_and_page_has_a_rule() -> None:
    documents = {f"operation:{name}" for name in shipped().by_name}
    wanted = {*things(SCHEMA), *documents, *(page.thing for page in PAGES.values())}
    assert wanted <= ALL.keys()


def test_no_line_speaks_of_what_is_not_there() -> None:
    documents = {f"operation:{name}" for name in shipped().by_name}
    there = {*things(SCHEMA), *documents, *(page.thing for page in PAGES.values())}
    assert LINES.keys() <= there


def test_a_schema_with_a_field_without_a_rule_does_not_start() -> None:
    schema = build_schema("type Query { secret: String }")
    with pytest.raises(Unguarded, match=r"Query\.secret"):
        enforce(schema)


def test_a_schema_that_would_veil_what_is_never_null_does_not_start() -> None:
    lines = {"Query.secret": Rule(frozenset({Relation.SELF}), otherwise=Verdict.VEIL)}
    enforce(build_schema("type Query { secret: String }"), lines)
    with pytest.raises(CannotVeil, match=r"Query\.secret"):
        enforce(build_schema("type Query { secret: String! }"), lines)


def test_a_document_that_is_not_one_operation_of_its_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "operations").mkdir()
    good = tmp_path / "operations" / "Home.graphql"
    good.write_text("query Home { viewer { locale } }")
    assert contract.load(SCHEMA, tmp_path).by_name.keys() == {"Home"}
    for text in ("query Other { viewer { locale } }", "query Home { viewer { passport } }"):
        good.write_text(text)
        with pytest.raises(contract.BadOperation):
            contract.load(SCHEMA, tmp_path)


def test_a_document_without_a_rule_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "operations").mkdir()
    (tmp_path / "operations" / "Me.graphql").write_text("query Me { viewer { locale } }")
    with pytest.raises(Unguarded, match="operation:Me"):
        contract.load(SCHEMA, tmp_path)


def test_pages_run_only_documents_that_exist_with_variables_they_declare() -> None:
    code = "\n".join(path.read_text() for path in (Path("hub/web/pages")).glob("*.py"))
    used = set(re.findall(r'ask\.(?:data|do)\(\s*"(\w+)"', code)) | set(
        re.findall(r'_on_link\(ask, "(\w+)"', code)
    )
    assert used <= shipped().by_name.keys()


def last_release() -> str | None:
    """The schema as it was last released: the kept file, else the one of the last tag."""
    kept = FOLDER / "released" / "schema.graphql"
    if kept.exists():
        return kept.read_text()
    describe = ["git", "describe", "--tags", "--abbrev=0"]
    tag = subprocess.run(describe, capture_output=True, text=True, check=False)
    if tag.returncode != 0:
        return None
    show = ["git", "show", f"{tag.stdout.strip()}:graphql/schema.graphql"]
    return subprocess.run(show, capture_output=True, text=True, check=True).stdout


def test_nothing_breaks_for_whoever_built_on_the_last_release() -> None:
    """Deprecate instead (docs/builders.md). Without any release there is nobody to break."""
    released = last_release()
    if released is not None:
        assert find_breaking_changes(build_schema(released), AS_WRITTEN) == []
    current = {one.id for one in shipped().by_name.values()}
    kept = {one.id for one in releases.retired(FOLDER)}
    gone = [name for name, one in releases.released(FOLDER).items() if one.id not in current | kept]
    assert gone == [], "these still have to run for a while: make schema"


def test_what_is_deprecated_says_until_when() -> None:
    for name, kind in SCHEMA.type_map.items():
        for field_name, field in getattr(kind, "fields", {}).items():
            reason = getattr(field, "deprecation_reason", None)
            assert reason is None or re.search(r"Until \d{4}-\d\d-\d\d\.", reason), f"{name}.{field_name}"


def a_release(folder: Path) -> contract.Contract:
    """A contract of one document, released, whose document then changes."""
    (folder / "operations").mkdir()
    document = folder / "operations" / "Home.graphql"
    document.write_text("query Home { viewer { locale } }")
    (folder / "schema.graphql").write_text(contract.schema_text(SCHEMA))
    contract.release(folder, date(2026, 11, 24))
    document.write_text("query Home { viewer { locale handle } }")
    return contract.load(SCHEMA, folder)


def test_a_document_that_was_replaced_runs_on_under_its_old_id_until_its_date(tmp_path: Path) -> None:
    before = a_release(tmp_path)
    old = contract.document_id("query Home { viewer { locale } }")
    assert before.find(old) is None
    releases.retire(tmp_path, [one.id for one in before.by_name.values()], date(2026, 11, 25))
    after = contract.load(SCHEMA, tmp_path)
    assert after.by_name["Home"].until is None
    assert after.by_id[old].until == datetime(2027, 5, 24, tzinfo=UTC)
    released = (tmp_path / "released" / "schema.graphql").read_text()
    assert find_breaking_changes(build_schema(released), AS_WRITTEN) == []
    contract.release(tmp_path, date(2027, 5, 24))
    assert releases.retired(tmp_path) == ()


def test_a_schema_that_takes_something_away_is_found(tmp_path: Path) -> None:
    a_release(tmp_path)
    released = (tmp_path / "released" / "schema.graphql").read_text()
    taken = build_schema(
        contract.schema_text(SCHEMA).replace("  locale: String!\n", "  lokale: String!\n", 1)
    )
    assert [one.description for one in find_breaking_changes(build_schema(released), taken)]


def test_each_document_asks_for_no_more_than_six_levels() -> None:
    def depth(node: object) -> int:
        selections = getattr(getattr(node, "selection_set", None), "selections", ())
        return 1 + max((depth(each) for each in selections), default=0)

    for path in (FOLDER / "operations").glob("*.graphql"):
        for definition in parse(path.read_text()).definitions:
            if isinstance(definition, OperationDefinitionNode):
                assert depth(definition) <= 8, path.name


def test_every_command_and_envelope_has_a_rule_and_one_without_stops_the_start() -> None:
    things = {*commands.things(), *(f"envelope:{kind}" for kind in KINDS)}
    check_coverage(things)
    for thing in things:
        with pytest.raises(Unguarded, match=re.escape(thing)):
            check_coverage(things, {name: rule for name, rule in RULES.items() if name != thing})
