"""How many statements each document may take, in one table: one that grows with what is there is found here.

Run against a small world and one with twice as much in it. Documents that change something are run as far as
they come with what the schema's types suggest.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from bots_stage import Stage, a_person
from conftest import Desk
from doors import CONTRACT, Door, a_door
from generated_operations import Writer
from graphql import OperationDefinitionNode, parse_value, print_ast, type_from_ast, value_from_ast
from people import a_linked_network, an_organisation, seen_as, settle
from sqlalchemy import event

from directory.core.viewer import Lane, Role, Viewer

BOUNDS = Path(__file__).parents[1] / "statements.tsv"


def bounds() -> dict[str, int]:
    """Name and bound, a line each."""
    lines = BOUNDS.read_text(encoding="utf-8").splitlines()
    return {name: int(most) for name, _, most in (line.partition("\t") for line in lines)}


@contextmanager
def counted(desk: Desk) -> Iterator[list[str]]:
    """Every statement that reaches PostgreSQL meanwhile."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        found.append(statement)

    engine = desk.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def more(desk: Desk, stage: Stage, part: int) -> None:
    """A member in an alarm, a linked network, an organisation, twice over for each part."""
    for number in (2 * part, 2 * part + 1):
        await a_person(stage, f"Person{number}", word=None)
        await stage.say(f"Person{number}", "alarm")
        await a_linked_network(desk, f"Red{number}")
        await an_organisation(desk, f"Casa {number}", country="GT")
    await settle(desk)
    await stage.pass_time(minutes=10)


def variables(name: str) -> dict[str, Any]:
    """What the document needs, as the types suggest."""
    document = CONTRACT.by_name[name].document
    (operation,) = (one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    writer = Writer(CONTRACT.schema, 3)
    found = {}
    for one in operation.variable_definitions or ():
        kind = type_from_ast(CONTRACT.schema, one.type)
        if print_ast(one.type).endswith("!") and kind is not None:
            found[one.variable.name.value] = value_from_ast(parse_value(writer.value(kind)), kind)
    return found


async def statements(desk: Desk, door: Door, viewer: Viewer) -> dict[str, int]:
    """How many each document took, the turn's own beginning and end not counted."""
    found = {}
    for name in CONTRACT.by_name:
        with counted(desk) as ran:
            await door.runner.run(name, variables(name), viewer)
        found[name] = len(ran)
    door.troubles.clear()
    return found


@pytest.mark.timeout(300)
async def test_each_document_takes_at_most_its_statements_however_much_there_is(desk: Desk) -> None:
    stage = Stage(desk)
    member = await a_person(stage, "Ana", Role.COORDINATOR, Role.ADMINISTRATOR, word=None)
    await more(desk, stage, 0)
    async with a_door(desk) as door:
        viewer = await seen_as(desk, member, lane=Lane.PAGE)
        few = await statements(desk, door, viewer)
        await more(desk, stage, 1)
        many = await statements(desk, door, viewer)
    allowed = bounds()
    assert allowed.keys() == many.keys(), "each document has one line in tests/statements.tsv"
    over = {name: (few[name], took, allowed[name]) for name, took in many.items() if took > allowed[name]}
    assert over == {}, "(with little, with twice as much, allowed)"
