"""One bot has an account of its own, and a voice is heard: real homeservers, real `care`, a real app."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from care_stage import Cares, a_hub
from conftest import migrated
from fixtures_embedded import Pair
from matrix_parts import People
from nio.crypto.attachments import decrypt_attachment

from directory import added_languages, bot_entries
from directory.core.viewer import Role
from directory.store import members
from hub.doctor.bots import look_at_bots
from hub.doctor.check import State
from hub.founding import TECHNICIAN, Founder, found_on, progress_nothing
from hub.node import open_node

pytestmark = pytest.mark.timeout(240)
FORTY = added_languages.the_forty()
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
VOICE = (Path(__file__).parents[1] / "a_voice.opus").read_bytes()


@pytest.fixture(scope="module")
async def cares(
    homeservers: Pair,
    fresh_database: Callable[..., AbstractAsyncContextManager[str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Cares]:
    """A hub founded with one bot for all, then told to set the sentinel apart, and `ayni init` again."""
    async with (
        fresh_database(migrated) as url,
        a_hub(
            tmp_path_factory.mktemp("apart") / "hub", url, homeservers.a, homeservers.a.url, bot="luna"
        ) as hub,
    ):
        settings = hub.data / "settings.toml"
        apart = settings.read_text().replace("[network]", '[network]\nbots_apart = ["sentinel"]')
        settings.write_text(apart)
        await found_on(
            hub.data,
            Founder("founder", "luna azul de mayo"),
            progress_nothing,
            homeservers.a.url,
            homeservers.a.part.registration_secret,
        )
        await hub.start()
        assert await hub.owned() > 0
        yield hub


async def test_a_part_with_its_own_account_answers_where_it_is_asked_and_calls_for_help_work_everywhere(
    cares: Cares, homeservers: Pair
) -> None:
    node = await open_node(cares.data, part="test")
    people = People()
    try:
        async with node.turn(TECHNICIAN) as turn:
            entries = {one.name: one for one in await bot_entries.entries(turn)}
        sentinel, steward = entries["Sentinel"], entries["Steward"]
        assert sentinel.matrix_id != steward.matrix_id == entries["Auditor"].matrix_id
        assert sentinel.fingerprint != steward.fingerprint
        assert {check.state for check in await look_at_bots(node, homeservers.a.url)} == {State.OK}

        ana = await people.a_person(homeservers.b)
        main = await cares.enter(ana, "ana", Role.COORDINATOR)
        await ana.until_joined(main, cares.bot)
        await ana.say(main, "plan")
        told = await ana.hear(room=main)
        assert told.body == f"Please write this to Sentinel: {sentinel.matrix_id}"
        own = await ana.create_direct(sentinel.matrix_id)
        await ana.until_joined(own, sentinel.matrix_id)
        await ana.say(own, "plan")
        assert (await ana.hear(room=own)).body.startswith("When you write alarm:")
        await ana.say(own, "find water")
        assert steward.matrix_id in (await ana.hear(room=own)).body
        await ana.say(main, "alarm")
        assert (await ana.hear(room=main)).body.startswith("Your alarm goes out")
        eve = await people.a_person(homeservers.b)
        await eve.create_direct(sentinel.matrix_id)
        await ana.say(own, "status")
        assert (await ana.hear(room=own)).body.startswith("Your alarm is set")
        assert eve.heard.all() == [], "a stranger hears nothing from it"
    finally:
        await people.close()
        await node.close()


async def test_somebody_who_chose_a_voice_hears_it_after_the_text(cares: Cares, homeservers: Pair) -> None:
    node = await open_node(cares.data, part="test")
    people = People()
    try:
        ixchel = await people.a_person(homeservers.b)
        room = await cares.enter(ixchel, "ixchel")
        async with node.turn(TECHNICIAN) as turn:
            po = HEAD + "\n".join(f'msgid "{one}"\nmsgstr "K: {one}"\n' for one in FORTY)
            await added_languages.add(turn, tag="quc", name="K'iche'", second="es", rtl=False, po=po)
            await added_languages.record(turn, "quc", "To stop it, write: cancel and your word.", VOICE)
            found = await members.with_handle(turn.tx, "ixchel")
            assert found is not None
            await members.change(turn.tx, found.id, {"locale": "quc:es", "voice": True})
        await ixchel.until_joined(room, cares.bot)
        await ixchel.say(room, "alarma")
        text = await ixchel.hear(room=room)
        assert text.body.startswith("K: Your alarm goes out in 30 segundos.")
        note = await ixchel.hear(room=room)
        assert note.content["msgtype"] == "m.audio" and note.encrypted and note.verified
        assert note.body == "Ayni", "what a locked screen shows"
        assert await heard(homeservers.b.url, str(ixchel.client.access_token), note.content) == VOICE
    finally:
        await people.close()
        await node.close()


async def heard(server: str, token: str, content: Any) -> bytes:
    """The recording, fetched and decrypted as an app does."""
    file = content["file"]
    where = file["url"].removeprefix("mxc://")
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as http,
        http.get(f"{server}/_matrix/client/v1/media/download/{where}") as answer,
    ):
        assert answer.status == 200, await answer.text()
        sealed = await answer.read()
    return decrypt_attachment(sealed, file["key"]["k"], file["hashes"]["sha256"], file["iv"])
