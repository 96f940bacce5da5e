"""Operations made by chance, for five roles: nothing breaks, and nobody reads a field that a rule hides.

AYNI_OPERATIONS (20000; before a release 200000, which takes an hour or more) is how many; each is run for all
five. A twentieth of them are changes, undone again.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from bots_stage import Stage, a_person, in_circle
from doors import CONTRACT, a_door
from generated_operations import Writer
from graphql import FieldNode, GraphQLObjectType, OperationDefinitionNode, get_named_type, parse, validate
from people import a_linked_network, a_newcomer, an_organisation, seen_as, settle

from directory.core.relations import relations
from directory.core.verdicts import Verdict, judge
from directory.core.viewer import Lane, Role, Viewer
from directory.turn import Turn
from hub.api.contract import Trusted
from hub.api.rule_lines import ALL
from hub.api.run import Runner

if TYPE_CHECKING:
    from conftest import Desk

OPERATIONS = int(os.environ.get("AYNI_OPERATIONS", "20000"))
SECRET = "Quetzaltenango-canary"
TOGETHER = 500
"""Operations in one transaction."""
EXPECTED = {"NotFoundedYet"}
"""Whoever may invite a network comes as far as its keys, and this stage has none."""


class _Undone(Exception):
    """Ends a transaction that must leave no trace."""


async def five(desk: Desk) -> tuple[dict[str, Viewer], tuple[str, ...]]:
    """A member, a coordinator, an administrator, a program and somebody still coming in; ids that exist."""
    stage = Stage(desk)
    member = await a_person(stage, "Ixchel", word=None)
    coordinator = await a_person(stage, "Ana", Role.COORDINATOR, word=None)
    administrator = await a_person(stage, "Olga", Role.ADMINISTRATOR, word=None)
    other = await a_person(stage, "Tomas", word=None)
    await in_circle(stage, other, "Ana")
    new = await a_newcomer(desk, "Amal")
    network = await a_linked_network(desk, "Tejido")
    house = await an_organisation(desk, "Casa Azul", country="GT")
    await settle(desk)
    await stage.say("Tomas", f"alarm {SECRET}")
    await stage.pass_time(minutes=20)
    viewers = {
        "member": await seen_as(desk, member, lane=Lane.PAGE, word=True),
        "coordinator": await seen_as(desk, coordinator, lane=Lane.PAGE, word=True),
        "administrator": await seen_as(desk, administrator, lane=Lane.PAGE, word=True),
        "newcomer": await seen_as(desk, new, lane=Lane.PAGE),
        "program": Viewer(Lane.TOKEN),
    }
    return viewers, (member, coordinator, other, new, network, house)


@asynccontextmanager
async def undoing(desk: Desk, runner: Runner) -> AsyncIterator[Runner]:
    """The same hub, in one transaction that is undone in the end; each operation goes back to a savepoint."""
    with suppress(_Undone):
        async with desk.turn() as whole:

            @asynccontextmanager
            async def turns(viewer: Viewer) -> AsyncIterator[Turn]:
                with suppress(_Undone):
                    async with whole.tx.begin_nested():
                        yield replace(whole, viewer=viewer)
                        raise _Undone

            yield replace(runner, turns=turns)
            raise _Undone


def hidden(document: Trusted, data: Any, viewer: Viewer) -> list[str]:
    """Fields with a value in the answer that their rule does not show to this viewer."""
    (operation,) = (one for one in document.document.definitions if isinstance(one, OperationDefinitionNode))
    schema = CONTRACT.schema
    root = schema.mutation_type if document.changes else schema.query_type
    assert root is not None
    standing, found = relations(viewer), list[str]()
    left: list[tuple[Any, Any, GraphQLObjectType]] = [(operation.selection_set, data, root)]
    while left:
        chosen, value, kind = left.pop()
        if isinstance(value, list):
            left += [(chosen, one, kind) for one in value]
            continue
        if value is None:
            continue
        for node in chosen.selections:
            assert isinstance(node, FieldNode)
            name = node.name.value
            if name == "__typename" or value.get(name) is None:
                continue
            if judge(ALL[f"{kind.name}.{name}"], standing) is not Verdict.SHOW:
                found.append(f"{kind.name}.{name}")
            inner = get_named_type(kind.fields[name].type)
            if node.selection_set is not None and isinstance(inner, GraphQLObjectType):
                left.append((node.selection_set, value[name], inner))
    return found


def a_document(text: str, changes: bool) -> Trusted:
    document = parse(text)
    if len(text) % 20 == 0:  # what the writer writes is valid; now and then that is looked at
        assert validate(CONTRACT.schema, document) == [], text
    return Trusted("generated", "", document, changes)


@pytest.mark.timeout(7200)
async def test_whatever_is_asked_nothing_breaks_and_nothing_hidden_is_read(desk: Desk) -> None:
    viewers, ids = await five(desk)
    writer = Writer(CONTRACT.schema, 7, ids)
    codes: Counter[str] = Counter()
    shown = 0
    began = time.process_time()
    async with a_door(desk) as door:
        for begin in range(0, OPERATIONS, TOGETHER):
            async with undoing(desk, door.runner) as runner:
                for number in range(begin, min(begin + TOGETHER, OPERATIONS)):
                    changes = number % 20 == 0
                    text = writer.mutation() if changes else writer.query()
                    document = a_document(text, changes)
                    for role, viewer in viewers.items():
                        answer = await runner.perform(document, {}, viewer)
                        told = [error["extensions"]["code"] for error in answer.get("errors", ())]
                        broken = {type(why).__name__: why for _, why in door.troubles}
                        assert broken.keys() <= EXPECTED, (role, text, broken)
                        codes.update(told or ["answered"])
                        assert not hidden(document, answer["data"], viewer), (role, text)
                        read = SECRET in str(answer)
                        assert not read or role in ("coordinator", "administrator"), (role, text)
                        shown += read
        door.troubles.clear()
    print(f"\n{OPERATIONS} operations x {len(viewers)} roles: {dict(codes.most_common(12))}")
    print(f"{time.process_time() - began:.0f} s of CPU; the canary was read {shown} times by whom may")
    assert codes["answered"] > OPERATIONS
