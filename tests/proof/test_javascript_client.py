"""The JavaScript example that we hand to builders works against a running hub."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from clients_setup import node
from doors import a_door
from people import an_organisation

from directory import vocabulary
from hub.api import tokens

if TYPE_CHECKING:
    from conftest import Desk

ROOT = Path(__file__).parents[2]


async def a_secret(desk: Desk, *scopes: str) -> str:
    async with desk.turn() as turn:
        return (await tokens.make_token(turn, "builder", scopes, timedelta(days=1))).secret


async def test_the_javascript_example_prints_allies_and_what_to_do_where_it_may_not(desk: Desk) -> None:
    issues = vocabulary.load().issues
    issue = next(key for key in issues.keys() if not issues.stigma(key))  # noqa: SIM118
    await an_organisation(desk, "Casa Azul", country="GT", issues=[issue])
    async with a_door(desk) as door:
        for scope, code, said in (("FindAllies", 0, "Casa Azul (Red Ayni)"), ("Bots", 1, "NOT_IN_SCOPE")):
            child = await asyncio.create_subprocess_exec(
                str(node()),
                str(ROOT / "clients" / "javascript" / "example.mjs"),
                f"{door.url}/graphql",
                str(ROOT / "graphql" / "trusted.json"),
                issue,
                env={**os.environ, "AYNI_TOKEN": await a_secret(desk, scope)},
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            told, _ = await child.communicate()
            assert (child.returncode, said in told.decode()) == (code, True), told.decode()
