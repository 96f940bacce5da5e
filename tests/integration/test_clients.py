"""What we hand to builders works against a running hub: the typed Python client."""

from __future__ import annotations

import asyncio
import importlib.util
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
from conftest import Desk
from doors import CONTRACT, a_door
from people import an_organisation

from hub.api import tokens
from hub.api.client_writer import client

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / "clients" / "python" / "ayni_client.py"


def the_client() -> ModuleType:
    spec = importlib.util.spec_from_file_location("ayni_client", PYTHON)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_client_is_what_the_contract_says() -> None:
    """Write it again with: make schema."""
    assert PYTHON.read_text(encoding="utf-8") == client(CONTRACT)


async def a_secret(desk: Desk, *scopes: str) -> str:
    async with desk.turn() as turn:
        return (await tokens.make_token(turn, "builder", scopes, timedelta(days=1))).secret


async def test_the_python_client_finds_allies_and_says_what_to_do_where_it_may_not(desk: Desk) -> None:
    ayni = the_client()
    await an_organisation(desk, "Casa Azul", country="GT", issues=["land"])
    secret = await a_secret(desk, "FindAllies", tokens.OPEN)
    async with a_door(desk) as door:
        hub = ayni.Client(f"{door.url}/graphql", secret, name="tests")
        found = await asyncio.to_thread(hub.find_allies, {"regions": ["GT"]}, first=5)
        assert [edge["node"]["title"] for edge in found["findAllies"]["edges"]] == ["Casa Azul"]
        named = await asyncio.to_thread(hub.open_query, "{ viewer { network { name } } }")
        assert named == {"viewer": {"network": {"name": "Red Ayni"}}}
        with pytest.raises(ayni.AyniError) as refused:
            await asyncio.to_thread(hub.bots)
        assert refused.value.code == "NOT_IN_SCOPE" and refused.value.fix and refused.value.request_id
        stranger = ayni.Client(f"{door.url}/graphql", "0" * 64, name="tests")
        with pytest.raises(ayni.AyniError, match="NO_HUB"):
            await asyncio.to_thread(stranger.bots)
