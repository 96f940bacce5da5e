"""What is hidden from somebody and what is not there at all answer the same bytes: over HTTP and in chat.

For every operation that takes something by its id or handle, a member asks once for something that exists
and is not theirs, and once for something nobody has.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from bots_stage import Stage, a_person
from doors import CONTRACT, Door, a_door
from graphql import (
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLObjectType,
    NonNullTypeNode,
    OperationDefinitionNode,
    get_named_type,
    print_ast,
)
from people import a_linked_network, a_newcomer, seen_as

from bots import freezing, sentinel
from directory import asking
from directory.core.viewer import Lane, Role, Viewer
from hub.api import tokens

if TYPE_CHECKING:
    from conftest import Desk

BY_ID = {
    "alarm",
    "ask",
    "card",
    "custodian",
    "handle",
    "introduction",
    "member",
    "name",
    "network",
    "token",
    "practice",
}
"""Names of arguments that say which one is meant."""
CHOOSES = {"EditMyCard"}
"""Here a handle is chosen: one that is taken cannot be had, and is answered like one that cannot be."""
NOBODYS = "f" * 32
SHAPES = {"String": "x", "Int": 5, "Boolean": True, "ID": NOBODYS}


def arguments(document: str) -> dict[str, Any]:
    """Argument name → its type, of the one field a document asks for."""
    parsed = CONTRACT.by_name[document].document.definitions[0]
    assert isinstance(parsed, OperationDefinitionNode)
    root = CONTRACT.schema.mutation_type if CONTRACT.by_name[document].changes else None
    root = root or CONTRACT.schema.query_type
    assert isinstance(root, GraphQLObjectType)
    (first, *_) = parsed.selection_set.selections
    field = root.fields[first.name.value]  # type: ignore[attr-defined]
    found: dict[str, Any] = {}
    for name, argument in field.args.items():
        kind = get_named_type(argument.type)
        if isinstance(kind, GraphQLInputObjectType):
            found |= {inner: each.type for inner, each in kind.fields.items()}
        else:
            found[name] = argument.type
    return found


def takers() -> list[str]:
    """Every document that changes something it is told by id or handle."""
    changing = (name for name, each in CONTRACT.by_name.items() if each.changes)
    return sorted(name for name in changing if BY_ID & arguments(name).keys() and name not in CHOOSES)


async def _hidden(desk: Desk, door: Door) -> dict[str, str]:
    """Things that exist, and are nothing to a plain member."""
    stage = Stage(desk)
    other, third = await a_person(stage, "Xoch"), await a_person(stage, "Lucero")
    waiting = await a_newcomer(desk, "Amal")
    network = await a_linked_network(desk, "Rafiki", state="proposed")
    async with desk.turn(Viewer(Lane.CHAT, other, frozenset({Role.MEMBER}))) as turn:
        raised = await sentinel.raise_alarm(stage.desk, turn, text="x")
    async with desk.turn() as turn:
        made = await tokens.make_token(turn, "x", ["FindAllies"], tokens.LONGEST)
        card = await turn.tx.scalar(_card_of(third))
    async with desk.turn(Viewer(Lane.CHAT, other, frozenset({Role.MEMBER}))) as turn:
        introduction = await asking.ask(turn, card, "We would like to work together with you on water.")
    alarm = raised.id if hasattr(raised, "id") else raised
    return {
        "alarm": str(alarm),
        "introduction": introduction,
        "member": waiting,
        "handle": "Amal",
        "network": network,
        "token": made.token.id,
        "card": NOBODYS[:-1] + "e",
    }


def _card_of(member: str) -> Any:
    from sqlalchemy import select

    from directory.store.tables import cards

    return select(cards.c.id).where(cards.c.member == member)


def _filled(document: str, which: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, kind in arguments(document).items():
        if name in which:
            values[name] = which[name]
        elif isinstance(kind, GraphQLNonNull):
            plain = SHAPES.get(get_named_type(kind).name, "x")
            values[name] = [plain] if "[" in str(kind) else plain
    return values


def _but_for_what_is_new(answer: str, asked: dict[str, Any]) -> str:
    """Something of the asker's own that was just made has a name by chance; every other name stays."""
    known = json.dumps(asked)
    return re.sub("[0-9a-f]{32}", lambda found: found[0] if found[0] in known else "new", answer)


async def test_over_http_a_hidden_thing_and_no_thing_are_the_same_bytes(desk: Desk) -> None:
    stage, compared = Stage(desk), []
    async with a_door(desk) as door:
        hidden = await _hidden(desk, door)
        member = await a_person(stage, "Ixchel", word="blue kettle")
        nothing = {**dict.fromkeys(BY_ID, NOBODYS), "handle": "Nadie", "name": "f" * 12}
        for document in takers():
            answers = []
            for which in (hidden, nothing):
                variables = {"input": _filled(document, which)}
                status, answer = await door.ask(document, variables, session=await door.session(member))
                answer.pop("extensions")
                answers.append((status, _but_for_what_is_new(json.dumps(answer), variables)))
            assert answers[0] == answers[1], document
            compared.append(document)
    print(f"\n{len(compared)} operations: {', '.join(compared)}")
    assert len(compared) >= 20


def questions() -> dict[str, dict[str, Any]]:
    """Every document that asks for something by id or handle → what it needs besides, filled in."""
    found: dict[str, dict[str, Any]] = {}
    for name, each in CONTRACT.by_name.items():
        parsed = each.document.definitions[0]
        assert isinstance(parsed, OperationDefinitionNode)
        taken = {one.variable.name.value: one.type for one in parsed.variable_definitions}
        if each.changes or not BY_ID & taken.keys():
            continue
        needed = {key: kind for key, kind in taken.items() if isinstance(kind, NonNullTypeNode)}
        plain = {key: SHAPES.get(print_ast(kind).strip("!"), "x") for key, kind in needed.items()}
        found[name] = plain | dict.fromkeys(BY_ID & taken.keys())
    return found


async def test_over_http_a_question_about_a_hidden_thing_and_about_none_is_answered_alike(desk: Desk) -> None:
    stage, compared = Stage(desk), []
    async with a_door(desk) as door:
        hidden = await _hidden(desk, door)
        session = await door.session(await a_person(stage, "Ixchel", word="blue kettle"))
        nothing = {**dict.fromkeys(BY_ID, NOBODYS), "handle": "Nadie"}
        for document, needed in questions().items():
            answers = []
            for which in (hidden, nothing):
                values = {name: which.get(name, value) for name, value in needed.items()}
                status, answer = await door.ask(document, values, session=session)
                answer.pop("extensions")
                answers.append((status, json.dumps(answer)))
            assert answers[0] == answers[1], document
            compared.append(document)
    print(f"\n{len(compared)} questions: {', '.join(compared)}")
    assert {"MemberSignIns", "MyCard"} <= set(compared)


async def test_the_same_question_about_somebody_one_may_see_is_answered(desk: Desk) -> None:
    stage = Stage(desk)
    async with a_door(desk) as door:
        luz = await a_person(stage, "Luz")
        session = await door.session(await a_person(stage, "Cora", Role.COORDINATOR))
        await door.session(luz)
        _, answer = await door.ask("MemberSignIns", {"handle": "Luz"}, session=session)
    assert len(answer["data"]["memberSignIns"]) == 1


HIDDEN_HANDLE, NO_HANDLE = "Amal", "Nadie"


@pytest.mark.parametrize(
    "word",
    ["freeze", "vouch", "lost", "circle", "keep", "lift", "back", "confirm", "meet", "card"],
)
async def test_in_chat_a_hidden_person_and_nobody_are_answered_alike(desk: Desk, word: str) -> None:
    stage = Stage(desk)
    await a_newcomer(desk, HIDDEN_HANDLE)
    await a_person(stage, "Ixchel")
    answers = []
    for handle in (HIDDEN_HANDLE, NO_HANDLE):
        heard = await stage.say("Ixchel", f"{word} {handle}")
        await stage.say("Ixchel", "stop")
        answers.append([said.replace(handle, "…") for said in heard])
    assert answers[0] == answers[1]
    assert answers[0], "something was answered"


@pytest.mark.parametrize("word", ["card", "meet", "circle"])
async def test_in_chat_a_member_who_is_held_back_and_nobody_are_answered_alike(desk: Desk, word: str) -> None:
    """Somebody who was here and is hidden now, not only somebody who never came in."""
    stage = Stage(desk)
    hidden = await a_person(stage, HIDDEN_HANDLE)
    cora = await a_person(stage, "Cora", Role.COORDINATOR)
    await a_person(stage, "Ixchel")
    seen = await stage.say("Ixchel", f"circle {HIDDEN_HANDLE}")
    async with stage.turn(await seen_as(desk, cora)) as turn:
        await freezing.freeze(turn, HIDDEN_HANDLE)
    assert hidden
    answers = []
    for handle in (HIDDEN_HANDLE, NO_HANDLE):
        await stage.say("Ixchel", "stop")
        answers.append([said.replace(handle, "…") for said in await stage.say("Ixchel", f"{word} {handle}")])
    assert answers[0] == answers[1]
    assert answers[0] and answers[0] != [one.replace(HIDDEN_HANDLE, "…") for one in seen]
