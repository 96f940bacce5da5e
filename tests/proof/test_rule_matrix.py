"""Every cell of the rule table as reviewed; every mutated rule turns it red; and the doors obey it.

AYNI_MATRIX_EVERY=8 asks at the doors for every eighth person only.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import aiohttp
import pytest
from bots_stage import Stage, a_person
from doors import CLIENT, CONTRACT, Door, a_door
from people import a_newcomer, an_organisation, seen_as
from rule_matrix import TIES, kept, line_of, matrix, standings

from bots.command import Command
from bots.commands import COMMANDS
from bots.store.tables import circles
from directory.core.relations import Relation, relations
from directory.core.rules import may
from directory.core.verdicts import Rule, Verdict, judge
from directory.core.viewer import Lane, Role, Viewer
from directory.store.tables import introductions, join_codes, spokespersons
from hub.api import tokens
from hub.api.rule_lines import ALL
from hub.api.run import not_yours
from hub.federation.identity import NotFoundedYet
from hub.web.pages import PAGES

if TYPE_CHECKING:
    from conftest import Desk

EVERY = int(os.environ.get("AYNI_MATRIX_EVERY", "1"))
ASKED = sorted(name for name, trusted in CONTRACT.by_name.items() if not trusted.live)
"""What is watched is not asked: tests/integration/test_live.py."""
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


def _called(role: str, tie: str = "") -> str:
    return f"Ana{role[:3]}{tie[:3]}"  # names of roles are no handles


@dataclass(frozen=True)
class Person:
    """Somebody who asks: what they are, in which relation they stand to Xoch, and by which name."""

    role: str
    tie: str
    member: str

    @property
    def name(self) -> str:
        return _called(self.role, self.tie)


async def _everybody(desk: Desk) -> list[Person]:
    """One person for each role and each tie to the same somebody, and one who is still coming in."""
    stage, found = Stage(desk), []
    xoch = await a_person(stage, "Xoch", word=None)
    organisation = await an_organisation(desk, "Casa Azul")
    for tie in TIES:
        for role in Role:
            member = await a_person(stage, _called(role.value, tie), *({role} - {Role.MEMBER}), word=None)
            await _tie(desk, member, xoch, organisation, tie)
            found.append(Person(role.value, tie, member))
    found.append(Person("newcomer", "", await a_newcomer(desk, _called("newcomer"))))
    return found[::EVERY]


async def _tie(desk: Desk, member: str, other: str, organisation: str, tie: str) -> None:
    """Put somebody into a relation by the rows that real acts leave."""
    now, rows = desk.clock(), {}
    met = {"asker_network": desk.home, "target_network": desk.home, "target_card": "c", "state": "met"}
    if tie == "introduced":
        rows = {introductions: {"id": member, "asker": member, "target": other, **met, "asked_at": now}}
        rows[introductions]["expires_at"] = now
    elif tie == "spokesperson":
        rows = {spokespersons: {"organisation": organisation, "member": member, "since": now}}
    elif tie == "inviter":
        code = {"id": member, "digest": member.encode(), "spoken": b"", "inviter": member, "member": other}
        rows = {join_codes: {**code, "expires_at": now}}
    elif tie == "circle":
        rows = {circles: {"member": other, "contact": member, "state": "yes", "since": now}}
    async with desk.turn() as turn:
        for table, values in rows.items():
            await turn.tx.execute(table.insert().values(**values))


@pytest.mark.timeout(1800)
async def test_every_document_and_page_answers_each_role_in_each_relation_as_the_table_says(
    desk: Desk,
) -> None:
    people, cells = await _everybody(desk), 0
    async with a_door(desk) as door:
        for person in people:
            viewer = await seen_as(desk, person.member, lane=Lane.PAGE)
            session = await door.session(person.member)
            for document in ASKED:
                status, answer = await door.ask(document, session=session)
                if status == 401:  # what came before ended this sign-in
                    session = await door.session(person.member)
                    status, answer = await door.ask(document, session=session)
                answer.pop("extensions")
                refused = answer == not_yours(viewer)
                assert refused is not _shown(f"operation:{document}", viewer), (person, document, answer)
                cells += 1
            cells += await _pages(door, await door.session(person.member), viewer, person.name)
        cells += await _programs(desk, door)
        for viewer in (Viewer(Lane.PAGE), Viewer(Lane.PEER), Viewer(Lane.CLOCK)):
            for document in ASKED:
                answer = await door.runner.run(document, {}, viewer)
                assert (answer == not_yours(viewer)) is not _shown(f"operation:{document}", viewer)
                cells += 1
        # Whoever may invite a network comes as far as its keys, and this stage has none.
        door.troubles[:] = [one for one in door.troubles if not isinstance(one[1], NotFoundedYet)]
    size = f"{len(people)} people, {len(ASKED)} documents, {len(PAGES)} pages"
    print(f"\n{cells} cells over HTTP: {size}")
    assert cells > 3_000 // EVERY


async def _programs(desk: Desk, door: Door) -> int:
    """Tokens that name every document, and the technician's own."""
    async with desk.turn() as turn:
        made = await tokens.make_token(turn, "all", ASKED, tokens.LONGEST)
        secrets = {Lane.TOKEN: made.secret, Lane.TERMINAL: await tokens.technician_token(turn)}
    for lane, secret in secrets.items():
        roles = tokens.TECHNICIAN_ROLES if lane is Lane.TERMINAL else frozenset()
        viewer = Viewer(lane, roles=roles)
        headers = {**CLIENT, "Authorization": f"Bearer {secret}"}
        async with aiohttp.ClientSession(headers=headers) as client:
            for document in ASKED:
                body = {"documentId": CONTRACT.by_name[document].id, "variables": {}}
                async with client.post(door.url + "/graphql", json=body) as told:
                    answer = await told.json(content_type=None)
                answer.pop("extensions")
                refused = answer == not_yours(viewer)
                assert refused is not _shown(f"operation:{document}", viewer), (lane, document, answer)
    return 2 * len(ASKED)


async def _pages(door: Door, session: str, viewer: Viewer, name: str) -> int:
    async with aiohttp.ClientSession(cookies={door.cookie: session}) as client:
        for path, page in PAGES.items():
            async with client.get(door.url + path) as answer:
                if not _shown(page.thing, viewer):
                    assert answer.status == 404, (name, path)
    return len(PAGES)


def _shown(thing: str, viewer: Viewer) -> bool:
    return judge(ALL[thing], relations(viewer)) is Verdict.SHOW


@pytest.mark.timeout(1800)
async def test_every_command_answers_each_role_in_each_relation_as_the_table_says(desk: Desk) -> None:
    people, cells = await _everybody(desk), 0
    stage = Stage(desk)
    for person in people:
        if person.role == "newcomer":
            continue  # is answered with where they stand, not with "I do not know"
        viewer = await seen_as(desk, person.member)
        for command in sorted(COMMANDS, key=lambda one: (one.name in LAST, one.name)):
            for phrase in _phrases(command, person.tie):
                heard = await stage.say(person.name, phrase)
                refused = heard == [UNKNOWN]
                assert refused is not may(command.rule, viewer), (person, phrase, heard)
                await stage.say(person.name, "stop")
                cells += 1
    print(f"\n{cells} cells in chat: {len(people) - 1} people, {len(COMMANDS)} commands")
    assert cells > 2_000 // EVERY


LAST = ("lost",)
"""Said last: it closes the device that says it."""


def _phrases(command: Command, tie: str) -> list[str]:
    """In every language for who has no tie; for the others in the first one."""
    every = [phrases[0] for phrases in command.words.values()]
    return every if not tie else every[:1]
