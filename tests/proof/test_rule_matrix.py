"""Every cell of the rule table as reviewed; every mutated rule turns it red; and the doors obey it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import aiohttp
from bots_stage import Stage, a_person
from doors import CONTRACT, Door, a_door
from people import a_newcomer, seen_as
from rule_matrix import kept, line_of, matrix, standings

from bots.commands import COMMANDS
from directory.core.relations import Relation, relations
from directory.core.rules import may
from directory.core.verdicts import Rule, Verdict, judge
from directory.core.viewer import Lane, Role, Viewer
from hub.api.rule_lines import ALL
from hub.api.run import not_yours
from hub.web.pages import PAGES

if TYPE_CHECKING:
    from conftest import Desk

UNKNOWN = "I do not know that. Write help to see what I can do."


def test_every_cell_is_as_it_was_reviewed() -> None:
    now, reviewed = matrix(ALL), kept()
    changed = {thing for thing in now.keys() | reviewed.keys() if now.get(thing) != reviewed.get(thing)}
    assert not changed, "review them, then: python tests/rule_matrix.py"
    assert sum(map(len, now.values())) >= 5_000


def mutants(rule: Rule) -> Iterator[Rule]:
    """Every way to get one rule wrong by a single word, when anybody at all would notice."""
    yield from (replace(rule, to=rule.to ^ {relation}) for relation in Relation)
    yield replace(rule, to=frozenset())
    yield replace(rule, to=frozenset({Relation.ANYONE}))
    yield from (replace(rule, otherwise=other) for other in Verdict if other is not rule.otherwise)


def _differs(one: Rule, other: Rule) -> bool:
    every = [standing for _, standing in standings()]
    return any(judge(one, standing) is not judge(other, standing) for standing in every)


def test_each_mutated_rule_turns_its_line_red() -> None:
    reviewed = kept()
    survived, killed = [], 0
    for thing, rule in ALL.items():
        for mutant in mutants(rule):
            if line_of(mutant) != reviewed[thing]:
                killed += 1
            elif _differs(rule, mutant):
                survived.append(thing)
        flipped = replace(
            rule, to=frozenset() if Relation.ANYONE in rule.to else frozenset({Relation.ANYONE})
        )
        assert line_of(flipped) != reviewed[thing], f"the opposite of {thing} goes unnoticed"
    assert not survived and killed > 5_000


def _called(role: str) -> str:
    return f"Ana{role[:3]}"  # names of roles are no handles


async def _everybody(desk: Desk) -> dict[str, str]:
    stage = Stage(desk)
    found = {"newcomer": await a_newcomer(desk, "Nova")}
    for role in Role:
        found[role.value] = await a_person(stage, _called(role.value), *({role} - {Role.MEMBER}), word=None)
    return found


async def test_every_document_and_page_answers_each_role_as_the_table_says(desk: Desk) -> None:
    people, cells = await _everybody(desk), 0
    async with a_door(desk) as door:
        for name, member in people.items():
            session = await door.session(member)
            viewer = await seen_as(desk, member, lane=Lane.PAGE)
            for document in sorted(CONTRACT.by_name):
                _, answer = await door.ask(document, session=session)
                answer.pop("extensions")
                refused = answer == not_yours(viewer)
                assert refused is not _shown(f"operation:{document}", viewer), (name, document, answer)
                cells += 1
            cells += await _pages(door, session, viewer, name)
        for viewer in (Viewer(Lane.PAGE), Viewer(Lane.TOKEN), Viewer(Lane.PEER), Viewer(Lane.CLOCK)):
            for document in CONTRACT.by_name:
                answer = await door.runner.run(document, {}, viewer)
                assert (answer == not_yours(viewer)) is not _shown(f"operation:{document}", viewer)
                cells += 1
    assert cells > 800


async def _pages(door: Door, session: str, viewer: Viewer, name: str) -> int:
    async with aiohttp.ClientSession(cookies={door.cookie: session}) as client:
        for path, page in PAGES.items():
            async with client.get(door.url + path) as answer:
                if not _shown(page.thing, viewer):
                    assert answer.status == 404, (name, path)
    return len(PAGES)


def _shown(thing: str, viewer: Viewer) -> bool:
    return judge(ALL[thing], relations(viewer)) is Verdict.SHOW


async def test_every_command_answers_each_role_as_the_table_says(desk: Desk) -> None:
    people, cells = await _everybody(desk), 0
    stage = Stage(desk)
    for name, member in people.items():
        if name == "newcomer":
            continue  # is answered with where they stand, not with "I do not know"
        viewer = await seen_as(desk, member)
        for command in sorted(COMMANDS, key=lambda one: (one.name == "lost", one.name)):
            for phrase in (phrases[0] for phrases in command.words.values()):
                heard = await stage.say(_called(name), phrase)
                refused = heard == [UNKNOWN]
                assert refused is not may(command.rule, viewer), (name, phrase, heard)
                await stage.say(_called(name), "stop")
                cells += 1
    assert cells > 900
