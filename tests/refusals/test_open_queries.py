"""Open queries: what is refused, each beside its neighbour that is answered, and what a builder is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from conftest import Desk
from doors import CLIENT, CONTRACT, Door, a_door
from graphql import get_introspection_query
from people import a_member, an_organisation

from hub.api import tokens
from hub.api.codes import FIXES
from hub.api.open_queries import costing, counting, reading
from hub.api.open_queries.limits import LIMITS, Refused
from hub.api.rates import Rates

NAME = "{ viewer { locale network { name } } }"
SEARCH = "{ findAllies(question: {}%s) { edges { node { title issues { key } } } } }"

MANY = " ".join(f"a{number}: offers {{ key name within }}" for number in range(4))


def points(text: str, **variables: Any) -> int:
    return costing.cost(counting.count(reading.read(text)), CONTRACT.schema, variables)


def why(text: str) -> str:
    with pytest.raises(Refused) as refused:
        points(text)
    return refused.value.code


@pytest.mark.parametrize(
    ("code", "refused", "answered"),
    [
        ("TOO_LONG", "{ viewer { locale } } #" + "x" * LIMITS.bytes, NAME),
        ("TOO_LONG", "{ viewer { locale } }" + " a" * LIMITS.tokens, NAME),
        ("TOO_DEEP", "{ a " * 200 + "}" * 200, "{ viewer { network { name } } }"),
        ("TOO_DEEP", "{ a { b { c { d { e { f { g } } } } } } }", "{ a { b { c { d { e { f } } } } } }"),
        ("NOT_GRAPHQL", "{ viewer { locale }", NAME),
        ("ONLY_QUERIES", "mutation { goOffDuty { errors { code } } }", NAME),
        ("ONLY_QUERIES", "query A { viewer { locale } } query B { viewer { locale } }", NAME),
        (
            "TOO_MANY_ALIASES",
            "{ viewer { " + " ".join(f"a{n}: locale" for n in range(16)) + " } }",
            "{ viewer { a: locale } }",
        ),
        (
            "TOO_MANY_FIELDS",
            "{ viewer { locale locale locale locale } }",
            "{ viewer { locale locale locale } }",
        ),
        (
            "TOO_MANY_DIRECTIVES",
            "{ viewer " + "@skip(if: false) " * 11 + "{ locale } }",
            "{ viewer @skip(if: false) { locale } }",
        ),
        (
            "TOO_MANY_FRAGMENTS",
            "{ viewer { ...a } } fragment a on Viewer { ...a }",
            "{ viewer { ...a } } fragment a on Viewer { locale }",
        ),
        (
            "TOO_MANY_VARIABLES",
            "query (" + ", ".join(f"$a{n}: Int" for n in range(21)) + ") { a }",
            "query ($a: Int) { a }",
        ),
        (
            "TOO_COSTLY",
            SEARCH.replace("title", MANY) % ", first: 50",
            SEARCH % ", first: 50",
        ),
    ],
)
def test_what_is_too_much_is_refused_with_its_code_and_its_neighbour_is_not(
    code: str, refused: str, answered: str
) -> None:
    assert why(refused) == code
    assert points(answered) < LIMITS.cost
    assert FIXES[code]


def test_a_page_costs_what_it_asks_for_whether_written_or_in_a_variable() -> None:
    small, large = points(SEARCH % ", first: 2"), points(SEARCH % ", first: 40")
    assert large > 10 * (small - costing.PAGED)
    variable = SEARCH.replace("{ findAllies", "query ($n: Int) { findAllies", 1) % ", first: $n"
    assert points(variable, n=40) == large
    assert points(variable, n=10**9) == points(SEARCH % ", first: 50")
    assert points(variable) == points(SEARCH % "") == points(SEARCH % ", first: 20")
    by_default = variable.replace("$n: Int", "$n: Int = 40")
    assert points(by_default) == large and points(by_default, n=2) == small


def test_what_is_left_comes_back_with_time_and_one_caller_does_not_take_from_another() -> None:
    seconds = [0.0]
    rates = Rates(lambda: seconds[0], requests=3)
    told = [rates.request("a") for _ in range(4)]
    assert [one.left for one in told if one] == [2, 1, 0, 0]
    assert told[3] is not None and told[3].wait == 20 and told[3].headers()["Retry-After"] == "20"
    other = rates.request("b")
    assert other is not None and other.wait == 0
    seconds[0] = 20.0
    again = rates.request("a")
    assert again is not None and again.wait == 0
    assert Rates(lambda: 0.0).request("a") is None


@pytest.fixture
async def door(desk: Desk) -> AsyncIterator[Door]:
    async with a_door(desk, rates=Rates(lambda: 0.0, requests=60, points=4_000)) as opened:
        yield opened


async def a_token(desk: Desk, *scopes: str) -> dict[str, str]:
    async with desk.turn() as turn:
        made = await tokens.make_token(turn, "builder", scopes, timedelta(days=1))
    return {**CLIENT, "Authorization": f"Bearer {made.secret}"}


async def asked(door: Door, headers: dict[str, str], query: str, **more: Any) -> tuple[int, Any, Any]:
    async with (
        aiohttp.ClientSession(door.url, headers=headers) as client,
        client.post("/graphql", json={"query": query, **more}) as answer,
    ):
        return answer.status, await answer.json(content_type=None), answer.headers


async def test_only_a_token_that_may_asks_openly(desk: Desk, door: Door) -> None:
    may, may_not = await a_token(desk, tokens.OPEN), await a_token(desk, "FindAllies")
    status, answer, headers = await asked(door, may, NAME)
    assert (status, answer["data"]) == (200, {"viewer": {"locale": "en", "network": {"name": "Red Ayni"}}})
    assert answer["extensions"]["cost"] == {"points": 22, "limit": LIMITS.cost}
    assert len(answer["extensions"]["requestId"]) == 12
    assert headers["RateLimit-Policy"] == '"points";q=4000;w=60'
    assert headers["RateLimit"].startswith('"points";r=3978;')
    status, answer, _ = await asked(door, may_not, NAME)
    assert (status, answer["errors"][0]["extensions"]["code"]) == (400, "OPEN_QUERIES_OFF")


async def test_rules_hold_in_open_queries_and_a_stranger_to_a_field_learns_nothing(
    desk: Desk, door: Door
) -> None:
    may = await a_token(desk, tokens.OPEN)
    await a_member(desk, "Ixchel")
    for hidden in (
        "{ members { handle } }",
        "{ openAlarms { id } }",
        "{ tokens { id } }",
        "{ myCard { parts { value } } }",
    ):
        _, answer, _ = await asked(door, may, hidden)
        assert answer["data"] in (None, {hidden.split()[1]: None})
        assert {error["extensions"]["code"] for error in answer["errors"]} == {"NOT_YOURS"}
    _, answer, _ = await asked(door, may, SEARCH % "")
    assert "errors" not in answer


async def test_the_schema_is_shown_to_a_token_that_may_introspect_only(desk: Desk, door: Door) -> None:
    may, may_not = await a_token(desk, tokens.OPEN, tokens.INTROSPECT), await a_token(desk, tokens.OPEN)
    for text in (
        get_introspection_query(),
        "{ __schema { types { name } } }",
        '{ __type(name: "Card") { name } }',
    ):
        _, answer, _ = await asked(door, may_not, text)
        assert "data" not in answer
        assert answer["errors"][0]["extensions"]["code"] in ("NO_INTROSPECTION", "TOO_DEEP")
        _, answer, _ = await asked(door, {**may, "Accept-Encoding": "gzip"}, text)
        assert answer.get("data"), (text[:60], answer)
    assert (await asked(door, may_not, "{ viewer { __typename } }"))[0] == 200


async def test_a_wrong_name_is_told_without_a_better_one(desk: Desk, door: Door) -> None:
    may = await a_token(desk, tokens.OPEN)
    status, answer, _ = await asked(door, may, "{ viewer { locael } networkz { id } }")
    assert status == 400 and len(answer["errors"]) == 2
    told = str(answer)
    assert "line 1" in told and "Did you mean" not in told and "networks" not in told
    assert answer["errors"][0]["extensions"]["fix"] == FIXES["NOT_VALID"]


async def test_whoever_asks_too_much_waits_and_others_do_not(desk: Desk, door: Door) -> None:
    one, other = await a_token(desk, tokens.OPEN), await a_token(desk, tokens.OPEN)
    seen = [await asked(door, one, SEARCH % ", first: 50") for _ in range(20)]
    waited = [(status, headers) for status, _, headers in seen if status == 429]
    assert waited and int(waited[0][1]["Retry-After"]) > 0
    assert (await asked(door, other, NAME))[0] == 200


async def test_what_is_nested_too_deeply_is_no_error_of_ours(door: Door, desk: Desk) -> None:
    may = await a_token(desk, tokens.OPEN)
    async with aiohttp.ClientSession(door.url, headers={**may, "Content-Type": "application/json"}) as client:
        for body in (b"[" * 30_000, b'{"variables":' + b'{"a":' * 5_000 + b"1" + b"}" * 5_001):
            async with client.post("/graphql", data=body) as answer:
                assert answer.status == 400
        deep: Any = 1
        for _ in range(40):
            deep = [deep]
        async with client.post("/graphql", json={"query": NAME, "variables": {"x": deep}}) as answer:
            assert (answer.status, await answer.json(content_type=None))[1]["errors"][0]["extensions"][
                "code"
            ] == "TOO_NESTED"


async def test_answers_are_compressed_for_tokens_and_never_beside_a_cookie(desk: Desk, door: Door) -> None:
    token = await a_token(desk, "FindChoices")
    body = {"documentId": CONTRACT.by_name["FindChoices"].id}
    async with (
        aiohttp.ClientSession(door.url, headers={**token, "Accept-Encoding": "gzip"}) as client,
        client.post("/graphql", json=body) as answer,
    ):
        assert (answer.status, answer.headers.get("Content-Encoding")) == (200, "gzip")
    cookies = {door.cookie: await door.session(await a_member(desk, "Ixchel"))}
    headers = {**CLIENT, "Accept-Encoding": "gzip"}
    async with (
        aiohttp.ClientSession(door.url, headers=headers, cookies=cookies) as client,
        client.post("/graphql", json=body) as answer,
    ):
        assert (answer.status, answer.headers.get("Content-Encoding")) == (200, None)


async def test_a_document_that_was_replaced_says_when_it_ends_and_then_what_to_do(
    desk: Desk, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = "sha256:" + "a" * 64
    replaced = replace(CONTRACT.by_name["FindChoices"], id=old, until=desk.clock() + timedelta(hours=1))
    monkeypatch.setitem(CONTRACT.by_id, old, replaced)  # type: ignore[arg-type]
    headers = await a_token(desk, "FindChoices")
    async with aiohttp.ClientSession(door.url, headers=headers) as client:
        async with client.post("/graphql", json={"documentId": old}) as answer:
            assert (answer.status, answer.headers["Sunset"]) == (200, "Tue, 24 Nov 2026 13:00:00 GMT")
        desk.clock.move(hours=1)
        async with client.post("/graphql", json={"documentId": old}) as answer:
            told = await answer.json(content_type=None)
            assert (answer.status, told["errors"][0]["extensions"]["code"]) == (410, "DOCUMENT_ENDED")
        current = {"documentId": CONTRACT.by_name["FindChoices"].id}
        async with client.post("/graphql", json=current) as answer:
            assert answer.status == 200 and "Sunset" not in answer.headers


async def test_a_cursor_of_another_viewer_or_question_is_a_precise_error(desk: Desk, door: Door) -> None:
    for number in range(3):
        await an_organisation(desk, f"Casa {number}", country="GT")
    one, other = await a_token(desk, tokens.OPEN), await a_token(desk, tokens.OPEN)
    asks = "{ findAllies(question: {%s}, first: 1%s) { edges { node { title } } pageInfo { endCursor } } }"
    _, answer, _ = await asked(door, one, asks % ("", ""))
    cursor = answer["data"]["findAllies"]["pageInfo"]["endCursor"]
    after = f', after: "{cursor}"'
    _, answer, _ = await asked(door, one, asks % ("", after))
    assert answer["data"]["findAllies"]["edges"]
    for who, question, sent in ((one, 'regions: ["GT"]', after), (other, "", ', after: "x"')):
        status, answer, _ = await asked(door, who, asks % (question, sent))
        assert status == 200
        assert answer["errors"][0]["extensions"]["code"] in ("BAD_ANSWER", "NOT_YOURS"), answer
