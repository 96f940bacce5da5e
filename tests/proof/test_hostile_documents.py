"""Every hostile document is refused for less than 50 ms of CPU while its harmless neighbour is answered; the
dearest query that is accepted stays under 100 ms and 64 KiB; no name of the schema comes by a suggestion.

AYNI_DOCUMENTS (all) takes every n-th document only; AYNI_CARDS (400) is how many cards are searched.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from doors import CLIENT, CONTRACT, Door, a_door
from hostile_documents import HARMLESS, Hostile, corpus
from people import a_member, an_organisation

from hub.api import tokens
from hub.api.codes import FIXES
from hub.api.open_queries import costing, counting, reading
from hub.api.open_queries.limits import LIMITS

if TYPE_CHECKING:
    from conftest import Desk

EVERY = int(os.environ.get("AYNI_DOCUMENTS", "1"))
CARDS = int(os.environ.get("AYNI_CARDS", "400"))
REFUSED_MS, ACCEPTED_MS = 50, 100
TRIES = 3
"""A figure over its bar is taken again: what the collector did besides is not the document's."""

Send = Callable[[Hostile], Awaitable[tuple[int, bytes, dict[str, str]]]]


async def a_token(desk: Desk) -> dict[str, str]:
    async with desk.turn() as turn:
        made = await tokens.make_token(turn, "attacker", [tokens.OPEN], timedelta(days=1))
    return {**CLIENT, "Authorization": f"Bearer {made.secret}", "Content-Type": "application/json"}


def a_client(door: Door) -> aiohttp.ClientSession:
    """A connection each: the door closes one whose body it did not read."""
    return aiohttp.ClientSession(door.url, connector=aiohttp.TCPConnector(force_close=True))


def sending(client: aiohttp.ClientSession, headers: dict[str, str]) -> Send:
    async def send(one: Hostile) -> tuple[int, bytes, dict[str, str]]:
        data = one.body if isinstance(one.body, bytes) else json.dumps(one.body).encode()
        wanted = {name: value for name, value in {**headers, **one.headers}.items() if value}
        data = data if one.method not in ("GET", "HEAD") else None  # type: ignore[assignment]
        skipped = () if "Content-Type" in wanted else ("Content-Type",)
        async with client.request(
            one.method, "/graphql", data=data, headers=wanted, skip_auto_headers=skipped
        ) as answer:
            return answer.status, await answer.read(), dict(answer.headers)

    return send


async def cpu_ms(send: Send, one: Hostile, bar: float) -> tuple[float, int, bytes]:
    """CPU of this process, door and caller together, in ms; the lowest of some tries when over the bar."""
    best, answer = float("inf"), (0, b"", {})
    for _ in range(TRIES):
        began = time.process_time()
        answer = await send(one)
        best = min(best, (time.process_time() - began) * 1000)
        if best <= bar:
            break
        gc.collect()
    return best, answer[0], answer[1]


@pytest.mark.timeout(1800)
async def test_every_hostile_document_is_refused_cheaply_beside_a_harmless_one(desk: Desk) -> None:
    documents, took, kinds = corpus()[::EVERY], list[float](), defaultdict(list)
    assert len(corpus()) >= 500
    headers = await a_token(desk)
    async with a_door(desk) as door, a_client(door) as client:
        send = sending(client, headers)
        for one in documents:
            ms, status, body = await cpu_ms(send, one, REFUSED_MS)
            assert 400 <= status < 500, (one.kind, one.body, status, body)
            assert b"Did you mean" not in body
            if body and one.method not in ("HEAD",):
                told = json.loads(body)
                assert "data" not in told, one
                assert {error["extensions"]["code"] for error in told["errors"]} <= FIXES.keys()
            took.append(ms)
            kinds[one.kind].append(ms)
            neighbour, answered, _ = await send(Hostile("harmless", {"query": HARMLESS}))
            assert neighbour == 200 and b'"viewer"' in answered, one
    for kind, each in sorted(kinds.items()):
        print(f"{kind:28} {len(each):4} worst {max(each):6.1f} ms CPU")
    print(f"{len(took)} refused: median {statistics.median(took):.1f}, worst {max(took):.1f} ms CPU")
    assert max(took) <= REFUSED_MS


async def many_cards(desk: Desk) -> None:
    """Cards that say as much as a card can."""
    words = desk_words()
    for number in range(CARDS):
        name = f"House of the Rivers and of Everybody who Walks along them {number:04}"
        await an_organisation(desk, name, **words, website="https://example.org/" + "x" * 80)


def desk_words() -> dict[str, Any]:
    from directory import vocabulary

    known = vocabulary.load()
    issues = [key for key in (*known.issues.keys(),) if not known.issues.stigma(key)][:5]
    return {
        "country": "GT",
        "works_in": list(known.regions.keys())[:5],
        "issues": issues,
        "languages": ["es", "en", "fr", "ar"],
        "offers": list(known.offers.keys())[:5],
    }


TERM = "key name within marked __typename"
PARTS = ("issues", "regions", "languages", "offers", "country")


def dearest() -> list[str]:
    """Queries that were made to cost as much as is accepted, in several shapes."""
    lists = " ".join(f"{part} {{ {TERM} }}" for part in PARTS)
    leaves = "id title acronym kind kindText website purpose listedPublicly confirmedAt unconfirmed why"
    page = (
        "findAllies(question: {}, first: FIRST) { edges { cursor node { WANTED } } pageInfo { endCursor } }"
    )
    wanted = [
        f"{leaves} {lists} network {{ id name home active }}",
        lists,
        leaves,
        "title network { bots { name purpose languages { key } } }",
    ]
    shapes = [page.replace("WANTED", each) for each in wanted]
    found = []
    for shape in shapes:
        for aliases in range(1, 16):
            for first in range(50, 0, -1):
                text = (
                    "{ "
                    + " ".join(f"a{n}: {shape.replace('FIRST', str(first))}" for n in range(aliases))
                    + " }"
                )
                if accepted(text):
                    found.append(text)
                    break
    for root in ("issues", "regions", "languages", "offers"):
        for aliases in range(1, 16):
            found.append("{ " + " ".join(f"a{n}: {root} {{ {TERM} }}" for n in range(aliases)) + " }")
    for aliases in range(1, 16):
        found.append(
            "{ "
            + " ".join(
                f"a{n}: bots {{ name purpose fingerprint languages {{ {TERM} }} commands {{ word about }} }}"
                for n in range(aliases)
            )
            + " }"
        )
    return [text for text in found if accepted(text)]


def accepted(text: str) -> bool:
    from hub.api.open_queries.limits import Refused

    try:
        costing.cost(counting.count(reading.read(text)), CONTRACT.schema, {})
    except Refused:
        return False
    return True


@pytest.mark.timeout(1800)
async def test_the_dearest_query_that_is_accepted_stays_small(desk: Desk) -> None:
    await many_cards(desk)
    await a_member(desk, "Ixchel")
    headers = await a_token(desk)
    worst_ms, worst_bytes, ran, stopped = 0.0, 0, 0, 0
    async with a_door(desk) as door, a_client(door) as client:
        send = sending(client, headers)
        await send(Hostile("warm", {"query": HARMLESS}))
        for text in dearest():
            ms, status, body = await cpu_ms(send, Hostile("dearest", {"query": text}), ACCEPTED_MS)
            codes = {error["extensions"]["code"] for error in json.loads(body).get("errors", ())}
            assert status == 200 or codes <= {"TOO_BIG_ANSWER", "TOO_COSTLY"}, (text, body)
            ran, stopped = ran + (status == 200), stopped + (status != 200)
            if ms > worst_ms:
                print(f"{ms:6.1f} ms {len(body):6} bytes {status} {text[:90]}")
            worst_ms, worst_bytes = max(worst_ms, ms), max(worst_bytes, len(body))
    print(
        f"{ran} dearest queries answered, {stopped} stopped: worst {worst_ms:.1f} ms CPU, {worst_bytes} bytes"
    )
    assert ran > 0
    assert worst_ms <= ACCEPTED_MS
    assert worst_bytes <= LIMITS.answer + 2_048  # and what stands around an answer


async def test_a_list_of_words_finds_no_name_of_the_schema_by_suggestion(desk: Desk) -> None:
    """clairvoyance learns names from "Did you mean": here every near miss tells only what was sent."""
    headers = await a_token(desk)
    names = {field for kind in CONTRACT.schema.type_map.values() for field in getattr(kind, "fields", {})}
    async with a_door(desk) as door, a_client(door) as client:
        send = sending(client, headers)
        learned: set[str] = set()
        for name in sorted(names)[::EVERY]:
            miss = name[:-1] + "xq"
            for text in (
                f"{{ {miss} }}",
                f"{{ viewer {{ {miss} }} }}",
                f"{{ networks({miss}: 1) {{ id }} }}",
                f"{{ findAllies(question: {{{miss}: 1}}) {{ advice }} }}",
                f"{{ viewer {{ ... on {miss.title()} {{ a }} }} }}",
            ):
                status, body, _ = await send(Hostile("guess", {"query": text}))
                assert status == 400
                told = " ".join(error["message"] for error in json.loads(body)["errors"])
                said = set(told.replace('"', " ").replace("'", " ").replace(".", " ").split())
                learned |= (said & names) - set(text.replace("(", " ").replace(":", " ").split())
    common = {
        "name",
        "value",
        "field",
        "type",
        "of",
        "on",
        "question",
        "state",
        "text",
        "message",
        "code",
        "by",
        "column",
    }
    assert learned - common == set()
