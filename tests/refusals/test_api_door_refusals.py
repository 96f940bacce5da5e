"""What the door refuses, each beside its neighbour that is answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from conftest import Desk
from doors import CLIENT, CONTRACT, NOT_OURS, WAY, Door, a_door
from people import a_member, a_newcomer
from yarl import URL

from directory.core.viewer import Lane, Role, Viewer
from hub.api import tokens
from hub.api.bodies import JSON_LIMIT
from hub.api.face import NOWHERE, shown_path

VIEWER = {"documentId": CONTRACT.by_name["Home"].id}


@pytest.fixture
async def door(desk: Desk) -> AsyncIterator[Door]:
    async with a_door(desk) as opened:
        yield opened


@pytest.fixture
async def client(desk: Desk, door: Door) -> AsyncIterator[aiohttp.ClientSession]:
    """A member's browser with an open session."""
    member = await a_member(desk, "Ixchel")
    async with aiohttp.ClientSession(door.url, cookies={door.cookie: await door.session(member)}) as opened:
        yield opened


async def code_of(answer: aiohttp.ClientResponse) -> str | None:
    found = await answer.json(content_type=None)
    return found["errors"][0]["extensions"]["code"] if "errors" in found else None


async def post(client: aiohttp.ClientSession, body: Any = VIEWER, **headers: str) -> tuple[int, str | None]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    wanted = {"Content-Type": "application/json", **CLIENT, **headers}
    kept = {name: value for name, value in wanted.items() if value}
    async with client.post("/graphql", data=data, headers=kept) as answer:
        return answer.status, await code_of(answer)


async def meets_the_homeserver(client: aiohttp.ClientSession, body: Any, **headers: str) -> bool:
    async with client.post("/graphql", json=body, headers={**CLIENT, **headers}) as answer:
        return (answer.status, await answer.text()) == (404, NOT_OURS)


async def said_to(door: Door, line: str) -> bytes:
    """What comes back for a request line written by hand."""
    where = URL(door.url)
    reader, writer = await asyncio.open_connection(where.host, where.port)
    writer.write(f"{line} HTTP/1.1\r\nHost: hub.example\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return answer


async def test_a_request_without_a_path_meets_the_homeserver_too(door: Door) -> None:
    plain = (await said_to(door, "OPTIONS /")).partition(b"\r\n\r\n")
    for line in (
        "OPTIONS *",
        "GET http://elsewhere.example",
        "GET http://elsewhere.example/_synapse/admin/v1",
    ):
        answer = (await said_to(door, line)).partition(b"\r\n\r\n")
        assert (answer[0].split(b"\r\n")[0], answer[2]) == (plain[0].split(b"\r\n")[0], plain[2]), line
        assert NOT_OURS.encode() in answer[2]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/_synapse/client/pick_idp?x=1", "/_synapse/client/pick_idp?x=1"),
        ("/_matrix/client/versions", "/_matrix/client/versions"),
        ("/a/../b?_synapse/admin", "/a/../b?_synapse/admin"),
        ("/_synapse/admin/v1/register", NOWHERE),
        ("/_Synapse/admin", NOWHERE),
        ("/%5Fsynapse/admin", NOWHERE),
        ("/%255fsynapse/admin", NOWHERE),
        ("//_synapse/admin", NOWHERE),
        ("/./_synapse/admin", NOWHERE),
        ("/x/..%2f_synapse/admin", NOWHERE),
        ("/_synapse/client/../admin", NOWHERE),
        ("/_synapse/client/%2e%2e/admin", NOWHERE),
        ("/_synapse\\admin", NOWHERE),
        ("/_synapse", NOWHERE),
        ("http://elsewhere.example/_synapse/admin", "/"),
        ("*", "/"),
    ],
)
def test_what_is_for_the_homeservers_administrator_is_reached_by_no_spelling(path: str, shown: str) -> None:
    assert shown_path(path) == shown


async def test_a_document_is_answered_by_post_and_refused_by_get(client: aiohttp.ClientSession) -> None:
    assert await post(client) == (200, None)
    async with client.get("/graphql", params={"documentId": VIEWER["documentId"]}, headers=CLIENT) as answer:
        assert (answer.status, await code_of(answer)) == (405, "NOT_POST")


async def test_only_json_is_read(client: aiohttp.ClientSession) -> None:
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/graphql",
    ):
        assert await post(client, **{"Content-Type": kind}) == (415, "NOT_JSON"), kind
    assert await post(client, **{"Content-Type": "application/json; charset=utf-8"}) == (200, None)


async def test_a_request_any_form_could_send_is_refused(client: aiohttp.ClientSession) -> None:
    assert await post(client, **{"Ayni-Client": ""}) == (400, "NO_CLIENT_HEADER")
    assert await post(client, **{"Ayni-Client": "anything"}) == (200, None)


async def test_a_request_another_site_made_the_browser_send_is_refused(client: aiohttp.ClientSession) -> None:
    for site in ("cross-site", "same-site"):
        assert await post(client, **{"Sec-Fetch-Site": site}) == (403, "OTHER_SITE")
    for site in ("same-origin", "none"):
        assert await post(client, **{"Sec-Fetch-Site": site}) == (200, None)


async def test_a_document_that_is_not_trusted_is_not_run(client: aiohttp.ClientSession) -> None:
    assert await post(client, {"documentId": "sha256:" + "0" * 64}) == (400, "UNKNOWN_DOCUMENT")
    assert await post(client, {"documentId": "Home"}) == (400, "UNKNOWN_DOCUMENT")
    watched = next(one.id for one in CONTRACT.by_name.values() if one.live)
    assert await post(client, {"documentId": watched}) == (400, "WATCH_IT")
    assert await post(client, {"query": "{ viewer { handle } }"}) == (400, "OPEN_QUERIES_OFF")
    assert await post(client, {**VIEWER, "query": "{ __schema { types { name } } }"}) == (
        400,
        "OPEN_QUERIES_OFF",
    )
    assert await post(client, VIEWER) == (200, None)


async def test_a_body_that_is_not_one_request_is_refused(client: aiohttp.ClientSession) -> None:
    for body in (
        b"",
        b"[]",
        b"[{}]",
        b"{",
        b'"x"',
        b"\xff\xfe",
        b"null",
        b'{"documentId": 7}',
        b'{"variables": []}',
    ):
        assert await post(client, body) == (400, "BAD_JSON"), body
    assert await post(client) == (200, None)


async def test_a_batch_is_not_read(client: aiohttp.ClientSession) -> None:
    assert await post(client, [VIEWER, VIEWER]) == (400, "BAD_JSON")


async def test_too_big_a_body_is_refused_whether_its_length_is_told_or_not(
    client: aiohttp.ClientSession,
) -> None:
    fits = {**VIEWER, "variables": {"x": "y" * (JSON_LIMIT - 200)}}
    assert await post(client, fits) == (200, None)
    assert await post(client, {**VIEWER, "variables": {"x": "y" * JSON_LIMIT}}) == (413, "TOO_BIG")

    async def drip() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 8192

    headers = {"Content-Type": "application/json", **CLIENT}
    async with client.post("/graphql", data=drip(), headers=headers) as answer:
        assert (answer.status, await code_of(answer)) == (413, "TOO_BIG")


async def test_a_compressed_body_is_refused(client: aiohttp.ClientSession) -> None:
    assert await post(client, b"\x1f\x8b", **{"Content-Encoding": "gzip"}) == (415, "COMPRESSED_BODY")


async def test_a_half_sent_body_does_not_hold_the_next_one_up(
    door: Door, client: aiohttp.ClientSession
) -> None:
    host, port = door.url.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAyni-Client: x\r\n"
        b"Content-Length: 5000\r\n\r\n{"
    )
    await writer.drain()
    assert await post(client) == (200, None)
    writer.close()
    assert await post(client) == (200, None)


async def test_a_stranger_is_asked_to_sign_in_whatever_they_ask(desk: Desk, door: Door) -> None:
    member = await a_member(desk, "Ixchel")
    assert (await door.ask("Home"))[0] == 401
    assert (await door.ask("Home", session="0" * 32))[0] == 401
    assert (await door.ask("Home", session=await door.session(member)))[0] == 200


async def test_a_session_of_another_hub_is_nobody_here(desk: Desk, door: Door) -> None:
    other = Desk(desk.database, type(desk.guard)(*(desk.guard.watch,) * 2, desk.guard.chance), desk.clock)
    other.guard = type(desk.guard)(
        type(desk.guard.watch)("w2", desk.guard.chance(32)), desk.guard.archive, desk.guard.chance
    )
    member = await a_member(desk, "Ixchel")
    foreign = await Door(other, door.runner).session(member)
    assert (await door.ask("Home", session=foreign))[0] == 401
    assert (await door.ask("Home", session=await door.session(member)))[0] == 200


async def test_a_reading_session_ends_after_half_an_hour(desk: Desk, door: Door) -> None:
    session = await door.session(await a_member(desk, "Ixchel"))
    desk.clock.move(minutes=29)
    assert (await door.ask("Home", session=session))[0] == 200
    desk.clock.move(minutes=2)
    assert (await door.ask("Home", session=session))[0] == 401


async def test_what_needs_the_word_is_refused_without_it_and_leaves_no_trace(desk: Desk, door: Door) -> None:
    from hub.api import sessions

    member = await a_member(desk, "Ixchel", roles=frozenset({Role.ADMINISTRATOR}))
    await door.set_word(member, "blue kettle")
    session = await door.session(member)
    wanted = {"input": {"label": "report", "operations": ["Reach"], "days": 3}}
    status, answer = await door.ask("MakeToken", wanted, session=session)
    assert status == 200
    assert answer["data"]["makeToken"]["errors"][0]["code"] == "NEEDS_WORD"
    _, listed = await door.ask("Tokens", session=session)
    assert listed["data"]["tokens"] == []
    async with desk.turn(Viewer(Lane.PAGE)) as turn:
        who = await sessions.known(turn, session)
        assert who is not None
        assert await sessions.give_word(turn, who, "blue kettle") is not None
    _, answer = await door.ask("MakeToken", wanted, session=session)
    assert answer["data"]["makeToken"]["errors"] == []
    desk.clock.move(minutes=6)
    _, answer = await door.ask("MakeToken", wanted, session=session)
    assert answer["data"]["makeToken"]["errors"][0]["code"] == "NEEDS_WORD"


async def test_a_member_gets_the_same_bytes_for_what_is_not_theirs_and_what_is_not_there(
    desk: Desk, door: Door
) -> None:
    waiting = await a_newcomer(desk, "Amal")
    member = await door.session(await a_member(desk, "Ixchel"))
    coordinator = await door.session(await a_member(desk, "Ana", roles=frozenset({Role.COORDINATOR})))
    answers = []
    for target in (waiting, "f" * 32):
        _, answer = await door.ask("ConfirmMember", {"input": {"member": target}}, session=member)
        answers.append(json.dumps(answer["data"]) + json.dumps(answer["errors"]))
    assert answers[0] == answers[1]
    assert "NOT_YOURS" in answers[0]
    _, answer = await door.ask("ConfirmMember", {"input": {"member": waiting}}, session=coordinator)
    assert answer["data"]["confirmMember"]["errors"] == []


async def test_a_program_runs_what_its_token_names_and_nothing_else(desk: Desk, door: Door) -> None:
    async with desk.turn() as turn:
        made = await tokens.make_token(turn, "search", ["FindAllies"], tokens.LONGEST)
    headers = {"Authorization": f"Bearer {made.secret}"}
    question = {"documentId": CONTRACT.by_name["FindAllies"].id, "variables": {"question": {}}}
    async with aiohttp.ClientSession(door.url) as client:
        assert await post(client, question, **headers) == (200, None)
        assert await post(client, VIEWER, **headers) == (403, "NOT_IN_SCOPE")
        async with desk.turn() as turn:
            await tokens.revoke(turn, made.token.id)
        assert await meets_the_homeserver(client, question, **headers)


async def test_the_technicians_token_works_at_this_machine_only(desk: Desk, door: Door) -> None:
    async with desk.turn() as turn:
        first = await tokens.technician_token(turn)
        secret = await tokens.technician_token(turn)
    body = {"documentId": CONTRACT.by_name["Today"].id}
    async with aiohttp.ClientSession(door.url) as client:
        assert await post(client, body, Authorization=f"Bearer {secret}") == (200, None)
        elsewhere = {"Authorization": f"Bearer {secret}", "X-Forwarded-For": "203.0.113.5"}
        assert await meets_the_homeserver(client, body, **elsewhere)
        assert await meets_the_homeserver(client, body, Authorization=f"Bearer {first}")


async def test_nobody_can_make_themselves_a_technician(desk: Desk, door: Door) -> None:
    async with desk.turn() as turn:
        made = await tokens.make_token(turn, "x", [tokens.TECHNICIAN, "Home"], tokens.LONGEST)
    assert made.token.scopes == {"Home"}


async def test_bad_variables_name_no_field_the_caller_did_not(client: aiohttp.ClientSession) -> None:
    body = {"documentId": CONTRACT.by_name["PlanCheckIn"].id, "variables": {"input": {"inMinute": 5}}}
    async with client.post("/graphql", json=body, headers=CLIENT) as answer:
        told = await answer.text()
    assert "BAD_INPUT" in told
    assert "Did you mean" not in told
    body["variables"] = {"input": {"inMinutes": 5}}  # type: ignore[assignment]
    async with client.post("/graphql", json=body, headers=CLIENT) as answer:
        assert (await answer.json(content_type=None))["data"]["planCheckIn"]["errors"] == []


async def test_an_unknown_path_is_a_plain_not_found_without_a_name(door: Door) -> None:
    async with aiohttp.ClientSession(door.url, cookies=door.came_in) as client:
        for path in ("/nothing", "/graphiql", "/static/other.css", "/in", "/.env", "/login", f"/{WAY}/x"):
            async with client.get(path) as answer:
                assert (answer.status, await answer.text()) == (404, "Not found\n")
                assert "Server" not in answer.headers
        for path in (f"/{WAY}/login", f"/{WAY}"):
            async with client.get(path) as answer:
                assert answer.status == 200


async def test_figures_and_health_are_for_this_machine_and_for_a_token(desk: Desk, door: Door) -> None:
    proxied = {"X-Forwarded-For": "203.0.113.5"}
    async with aiohttp.ClientSession(door.url) as client:
        async with client.get("/metrics") as answer:
            assert (answer.status, await answer.text()) == (200, "up 1\n")
        async with client.get("/healthz") as answer:
            assert (answer.status, await answer.json()) == (200, {"ok": True})
        for path in ("/metrics", "/healthz"):
            async with client.get(path, headers=proxied) as answer:
                assert (answer.status, await answer.text()) == (404, NOT_OURS)
    async with desk.turn() as turn:
        made = await tokens.make_token(turn, "eyes", [tokens.METRICS], tokens.LONGEST)
    proxied["Authorization"] = f"Bearer {made.secret}"
    async with aiohttp.ClientSession(door.url, headers=proxied) as client:
        async with client.get("/metrics") as answer:
            assert (answer.status, await answer.text()) == (200, "up 1\n")
        async with client.get("/healthz") as answer:
            assert (answer.status, await answer.text()) == (200, "ok\n")


async def test_every_answer_carries_the_shields(client: aiohttp.ClientSession) -> None:
    for path in ("/", "/nothing", "/login"):
        async with client.get(path, allow_redirects=False) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "script-src" not in policy
            assert policy.startswith("default-src 'none'")
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "camera=()" in answer.headers["Permissions-Policy"]
