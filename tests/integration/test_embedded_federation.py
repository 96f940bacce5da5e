"""Two homeservers of ours, on one machine, without a shared authority: people on them can talk."""

from __future__ import annotations

import aiohttp
from fixtures_embedded import Pair, Server, eventually

from hub.matrix.admin import Account


async def ask(server: Server, who: Account, method: str, path: str, body: object = None) -> dict[str, object]:
    headers = {"Authorization": f"Bearer {who.token}"}
    url = f"{server.url}/_matrix/client/v3{path}"
    async with server.http.request(method, url, json=body, headers=headers) as answer:
        return dict(await answer.json())


async def test_two_people_on_two_servers_talk_in_one_room(homeservers: Pair) -> None:
    a, b = homeservers.a, homeservers.b
    ana, ben = await a.a_person("ana"), await b.a_person("ben")
    made = await ask(a, ana, "POST", "/createRoom", {"preset": "private_chat", "invite": [ben.user_id]})
    room = made["room_id"]

    async def joined() -> bool:
        return "room_id" in await ask(b, ben, "POST", f"/join/{room}", {})

    async def heard_by(server: Server, who: Account, words: str) -> bool:
        page = await ask(server, who, "GET", f"/rooms/{room}/messages?dir=b&limit=10")
        return any(event["content"].get("body") == words for event in page.get("chunk", ()))  # type: ignore[attr-defined]

    await eventually(joined)
    text = {"msgtype": "m.text", "body": "hola"}
    await ask(a, ana, "PUT", f"/rooms/{room}/send/m.room.message/1", text)
    await eventually(lambda: heard_by(b, ben, "hola"))
    await ask(b, ben, "PUT", f"/rooms/{room}/send/m.room.message/2", {**text, "body": "qué tal"})
    await eventually(lambda: heard_by(a, ana, "qué tal"))


async def test_nobody_makes_an_account_without_the_secret(homeservers: Pair) -> None:
    body = {"username": "stranger", "password": "x", "auth": {"type": "m.login.dummy"}}
    async with aiohttp.ClientSession() as http:
        async with http.post(f"{homeservers.a.url}/_matrix/client/v3/register", json=body) as answer:
            assert answer.status == 403
        async with http.get(f"{homeservers.a.url}/_matrix/client/v3/publicRooms") as answer:
            assert answer.status == 401


async def test_the_homeserver_writes_no_words_into_its_log(homeservers: Pair) -> None:
    ana = await homeservers.a.a_person("ana")
    await ask(homeservers.a, ana, "POST", "/createRoom", {"preset": "private_chat"})
    log = homeservers.a.part._log.path.read_text()
    assert ana.user_id not in log
    assert "INFO" not in log
