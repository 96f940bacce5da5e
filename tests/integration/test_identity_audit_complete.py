"""Every privileged read and write is in the log: by the table, by the code, and through the front doors."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from bots_stage import Stage, a_person
from doors import CLIENT, CONTRACT, Door, a_door
from people import a_member, seen_as

from bots import sentinel
from directory import audit, leaving
from directory.core.audited import ACTS, NOT_WRITTEN
from directory.core.relations import Relation as R
from directory.core.viewer import Lane, Role, Viewer
from hub.api import sessions, tokens
from hub.api.rule_lines import ALL

if TYPE_CHECKING:
    from conftest import Desk

ROOT = Path(__file__).parents[2]
ANYBODYS = frozenset({R.ANYONE, R.JOINING, R.HOME, R.SELF, R.CIRCLE, R.SPOKESPERSON})
LOOKS = (
    "Today",
    "Members",
    "Links",
    "Tokens",
    "Custodians",
    "Reach",
    "Audit",
    "MemberSignIns",
    "CarriedPeople",
)
WRITES_IT = {
    "act:open-playbook": ("playbook-opened",),
    "act:seen-from": ("read-seen",),
    "act:found": ("founded", "recovered"),
    "act:invite": ("invited",),
    "act:invite-responder": ("invited",),
    "act:invite-keeper": ("invited",),
    "act:invite-back": ("invited-back",),
    "act:confirm": ("confirmed", "turned-away"),
    "act:waiting": ("read-waiting",),
    "act:members": ("read-members",),
    "act:take-over": ("took-over",),
    "act:enter-community": ("community-entered", "community-named"),
    "act:carry": ("carried", "carried-handed"),
    "act:carried": ("read-carried",),
    "act:all-carried": ("read-carried",),
    "act:give-role": ("role-given", "role-taken"),
    "act:off-board": ("off-boarded",),
    "act:remove": ("removed",),
    "act:import": ("imported",),
    "act:audit": ("read-audit",),
    "act:reach": ("reach-made",),
    "act:read-reach": ("read-reach",),
    "act:ledger": ("read-ledger",),
    "act:custodians": ("read-custodians",),
    "act:name-custodian": ("custodian-named", "custodian-ended"),
    "act:sign-ins-of": ("read-sign-ins", "sign-ins-ended"),
    "act:stop-later": ("later-stopped",),
    "act:lift-silent": ("silent-lifted",),
    "act:second-elsewhere": ("second-elsewhere",),
    "act:second-give-administrator": ("second-agreed", "second-refused"),
    "act:second-lift-silent": ("second-agreed", "second-refused"),
    "act:second-name-custodian": ("second-agreed", "second-refused"),
    "act:texts": ("text-changed", "text-undone", "language-added", "language-removed"),
}
"""Privileged use cases of the rule table → the acts in the log that they come to."""


def privileged() -> set[str]:
    """Use cases that not just any member may do."""
    return {thing for thing, rule in ALL.items() if thing.startswith("act:") and rule.to.isdisjoint(ANYBODYS)}


def noted() -> Iterator[str]:
    """Every act that some line of the program writes down."""
    for folder in ("directory", "bots", "hub"):
        for file in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            yield from (node.value for node in ast.walk(tree) if _is_text(node) and node.value in ACTS)


def _is_text(node: ast.AST) -> Any:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_every_privileged_use_case_comes_to_an_act_in_the_log() -> None:
    missing = privileged() - WRITES_IT.keys() - NOT_WRITTEN.keys()
    assert not missing, "write it down (directory/audit.py) and name it here"
    assert {act for acts in WRITES_IT.values() for act in acts} <= ACTS.keys()


def test_every_act_that_has_a_sentence_is_written_down_somewhere() -> None:
    places = list(noted())
    named_only = {act for act in ACTS if places.count(act) < 2}  # once in the list of sentences itself
    assert not named_only


async def _log(desk: Desk) -> list[audit.Entry]:
    async with desk.turn() as turn:
        return [one for one in await audit.read(turn) if one.act != "read-audit"]


async def _keeper(desk: Desk, door: Door) -> str:
    """An administrator who coordinates, signed in, with the word just given."""
    both = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})
    member = await a_member(desk, "Ana", roles=both)
    await door.set_word(member, "blue kettle")
    async with desk.turn(Viewer(Lane.PAGE)) as turn:
        opened = await sessions.log_in(turn, "ana", "blue kettle")
    assert opened is not None
    return opened.code


@pytest.mark.parametrize("document", [name for name in LOOKS if name in CONTRACT.by_name])
async def test_each_privileged_look_is_an_entry_and_the_same_look_within_the_hour_is_not_another(
    desk: Desk, document: str
) -> None:
    async with a_door(desk) as door:
        session = await _keeper(desk, door)
        variables = {"handle": "Ana"} if document == "MemberSignIns" else {}
        before = await _log(desk)
        for times in (1, 1, 2):
            if times == 2:
                desk.clock.move(minutes=61)
                session = await door.session(await _id_of(desk, "ana"))
            status, answer = await door.ask(document, variables, session=session)
            assert status == 200 and "errors" not in answer, answer
        fresh = len(await _log(desk)) - len(before)
    assert fresh >= 2 or document == "Audit", document


async def _id_of(desk: Desk, handle: str) -> str:
    from directory.store import members as rows

    async with desk.turn() as turn:
        row = await rows.with_handle(turn.tx, handle)
    assert row is not None
    return row.id


async def test_a_coordinator_who_looks_at_a_call_for_help_is_in_the_log_and_the_person_herself_is_not(
    desk: Desk,
) -> None:
    stage = Stage(desk)
    ixchel = await a_person(stage, "Ixchel")
    coordinator = await a_person(stage, "Cora", Role.COORDINATOR)
    await stage.say("Ixchel", "alarm two men follow me")
    await stage.pass_time(minutes=20)
    async with desk.turn(await seen_as(desk, ixchel)) as turn:
        await sentinel.open_alarms(turn)
    assert "read-case" not in [one.act for one in await _log(desk)]
    async with desk.turn(await seen_as(desk, coordinator)) as turn:
        assert await sentinel.open_alarms(turn)
    (entry,) = [one for one in await _log(desk) if one.act == "read-case"]
    assert (entry.who, entry.about) == ("Cora", "Ixchel")


async def test_a_program_that_asks_with_its_token_is_in_the_log(desk: Desk) -> None:
    async with a_door(desk) as door:
        async with desk.turn() as turn:
            made = await tokens.make_token(turn, "website", ["FindAllies"], tokens.LONGEST)
        body = {"documentId": CONTRACT.by_name["FindAllies"].id, "variables": {"question": {}}}
        headers = {**CLIENT, "Authorization": f"Bearer {made.secret}"}
        async with aiohttp.ClientSession(headers=headers) as client:
            for _ in range(3):
                async with client.post(door.url + "/graphql", json=body) as answer:
                    assert answer.status == 200
    assert [one.after for one in await _log(desk) if one.act == "token-used"] == ["website: FindAllies"]


async def test_when_somebody_leaves_what_the_log_said_of_them_is_gone_and_the_chain_holds(desk: Desk) -> None:
    luz = await a_member(desk, "Luz", roles=frozenset({Role.RESPONDER}))
    async with desk.turn() as turn:
        await audit.looked(turn, "read-sign-ins", luz)
        before = await audit.verify(turn)
    async with desk.turn() as turn:
        await leaving.remove(turn, luz)
    async with desk.turn() as turn:
        after = await audit.verify(turn)
        entries = await audit.read(turn, first=100)
    assert before.broken is None and after.broken is None and after.entries > before.entries
    assert all(one.about != "Luz" and one.act != "read-sign-ins" for one in entries)
    kept = hashlib.sha256(luz.encode()).hexdigest()
    assert all(luz not in f"{one}" and kept not in f"{one}" for one in entries)
