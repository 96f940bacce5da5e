"""FindAllies over HTTP beside others that answer the same question from the same PostgreSQL.

PostGraphile 5 (its amber preset as it comes, and with planner settings tuned), a bare aiohttp reply of the
same size, and our door with sessions, rules, budgets and rates on. Everything runs on this machine: server,
PostgreSQL and the generator (tests/bench/load.py, whose own cost is printed). 32 connections, interleaved
rounds, medians. The cards are all organisations, so that no budget of people's cards ends a round.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from directory_million import Made, make
from figure import Figure
from searching import HOME, NOW
from sqlalchemy import text

from directory import vocabularies
from directory.store.database import Database
from directory.store.tables import members, networks
from hub.api import contract
from hub.api.schema import build
from hub.chance import chance, random_id
from hub.embedded.postgres import PostgresPart
from hub.migrations import upgrade

HERE = Path(__file__).parent
RIVALS = HERE / "rivals"
NODE = RIVALS / "node_modules" / "node" / "bin" / "node"
"""PostGraphile 5 answers with errors on what is older than Node 22."""
MEMBERS = int(os.environ.get("AYNI_BENCH_MEMBERS", "1000000"))
ROUNDS = int(os.environ.get("AYNI_BENCH_ROUNDS", "5"))
SECONDS = float(os.environ.get("AYNI_BENCH_SECONDS", "8"))
CONNECTIONS, QUESTIONS, VISITORS = 32, 200, 32
TUNED = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c random_page_cost=1.1"
PATH = {"PYTHONPATH": f"{HERE.parents[1]}:{HERE.parent}"}
Requests = list[bytes]


def _request(port: int, body: object, headers: Mapping[str, str]) -> bytes:
    sent = json.dumps(body).encode()
    lines = [f"{name}: {value}" for name, value in headers.items()]
    head = [
        "POST /graphql HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Content-Type: application/json",
        f"Content-Length: {len(sent)}",
    ]
    return "\r\n".join([*head, *lines, "", ""]).encode() + sent


def _questions(made: Made) -> list[tuple[str, str]]:
    """Issues from the 6th commonest on, each in a country: what an index on tags answers well."""
    some = random.Random(7)
    countries = [place for place in made.places if "-" not in place]
    return [(some.choice(made.issues[5:]), some.choice(countries[:60])) for _ in range(QUESTIONS)]


def _asked_of_us(port: int, made: Made, cookies: list[str]) -> Requests:
    document = contract.load(build()).by_name["FindAllies"].id
    found = []
    for number, (issue, place) in enumerate(_questions(made)):
        variables = {"question": {"issues": [issue], "regions": [place]}, "first": 20}
        headers = {"Ayni-Client": "bench", "Cookie": cookies[number % len(cookies)]}
        found.append(_request(port, {"documentId": document, "variables": variables}, headers))
    return found


def _asked_of_them(port: int, made: Made) -> Requests:
    known, document = vocabularies.known(), (RIVALS / "find.graphql").read_text()
    found = []
    for issue, place in _questions(made):
        variables = {"issues": [f"i:{key}" for key in known.issues.within(issue)], "regions": [f"r:{place}"]}
        found.append(_request(port, {"query": document, "variables": {**variables, "first": 20}}, {}))
    return found


@asynccontextmanager
async def _program(*command: str, env: Mapping[str, str] | None = None) -> AsyncIterator[None]:
    running = await asyncio.create_subprocess_exec(
        *command, stdout=subprocess.PIPE, env={**os.environ, **PATH, **(env or {})}, cwd=RIVALS
    )
    try:
        assert running.stdout is not None
        while (line := await running.stdout.readline()) != b"ready\n":
            if not line:
                raise RuntimeError(f"{command[0]} ended: {await running.wait()}")
        drain = asyncio.create_task(running.stdout.read())
        yield
        drain.cancel()
    finally:
        if running.returncode is None:
            running.terminate()
        await running.wait()


async def _prepare(database: Database) -> tuple[Made, list[str]]:
    """Cards, the same as tables for the others, and some people who ask."""
    async with database.transaction() as tx:
        await tx.execute(networks.insert().values(id=HOME, name="Home", home=True, since=NOW))
    made = await make(database, HOME, members=MEMBERS, networks=200, now=NOW, people=0.0)
    known = vocabularies.known()
    people = [random_id() for _ in range(VISITORS)]
    async with database.transaction() as tx:
        rows = [
            {
                "id": one,
                "kind": "person",
                "state": "active",
                "since": NOW,
                "locale": "en",
                "languages": ["es"],
            }
            for one in people
        ]
        await tx.execute(members.insert(), rows)
        await tx.execute(text("create schema if not exists rival_terms"))
    names = {
        "region": known.regions,
        "issue": known.issues,
        "language": known.languages,
        "offer": known.offers,
    }
    script = (RIVALS / "rivals.sql").read_text()
    begun, rest = script.split("create table rival.network", 1)
    async with database.transaction() as tx:
        await (await _plain(tx)).execute(begun.encode())
        for name, tree in names.items():
            await tx.execute(text(f"create table rival.{name} (key text primary key, name text not null)"))
            keys = {*tree.keys(), *(made.offers if name == "offer" else ())}
            rows = [{"key": key, "name": tree.label(key, "en")} for key in sorted(keys)]
            await tx.execute(text(f"insert into rival.{name} values (:key, :name)"), rows)
        await (await _plain(tx)).execute(f"create table rival.network{rest}".encode())
    return made, people


async def _plain(tx):  # type: ignore[no-untyped-def]
    return (await tx.get_raw_connection()).driver_connection


async def _round(port: int, asked: Requests, folder: Path) -> dict[str, float]:
    file = folder / f"{port}.requests"
    file.write_bytes(b"".join(len(one).to_bytes(4, "big") + one for one in asked))
    load = (str(HERE / "load.py"), str(port), str(CONNECTIONS), str(SECONDS), str(file))
    run = await asyncio.create_subprocess_exec(sys.executable, *load, stdout=subprocess.PIPE)
    told, _ = await run.communicate()
    return json.loads(told)


async def _one(url: str, asked: bytes) -> bytes:
    head, _, body = asked.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:] if "Length" not in line)
    async with aiohttp.ClientSession() as http, http.post(url, data=body, headers=headers) as answer:
        return await answer.read()


async def _compared(server: PostgresPart, folder: Path) -> dict[str, list[dict[str, float]]]:
    database = Database(server.url())
    made, people = await _prepare(database)
    await database.close()
    kept = folder / "people.json"
    kept.write_text(json.dumps(people))
    url, door, sample = server.url(), str(HERE / "api_door.py"), folder / "answer.json"
    node = (str(NODE), str(RIVALS / "postgraphile.mjs"), url)
    rounds: dict[str, list[dict[str, float]]] = {}
    async with (
        _program(sys.executable, door, "ours", url, str(kept), "8801"),
        _program(*node, "8803"),
        _program(*node, "8804", env={"PGOPTIONS": TUNED}),
    ):
        cookies = json.loads(kept.with_suffix(".8801.cookies").read_text())
        us = _asked_of_us(8801, made, cookies)
        theirs = await _one("http://127.0.0.1:8803/graphql", _asked_of_them(8803, made)[0])
        if b'"errors"' in theirs:
            raise RuntimeError(theirs.decode())
        sizes = [len(await _one("http://127.0.0.1:8801/graphql", one)) for one in us]
        typical = us[sizes.index(statistics.median_low(sizes))]
        sample.write_bytes(await _one("http://127.0.0.1:8801/graphql", typical))
        async with _program(sys.executable, door, "bare", "-", str(sample), "8802"):
            asked = {
                "ours": (8801, us),
                "bare aiohttp reply": (8802, _asked_of_us(8802, made, cookies)),
                "PostGraphile, default": (8803, _asked_of_them(8803, made)),
                "PostGraphile, tuned planner": (8804, _asked_of_them(8804, made)),
            }
            for _ in range(ROUNDS):
                for name, (port, requests) in asked.items():
                    rounds.setdefault(name, []).append(await _round(port, requests, folder))
    return rounds


async def _served() -> dict[str, list[dict[str, float]]]:
    with tempfile.TemporaryDirectory(prefix="ayni-bench-") as folder:
        server = PostgresPart(Path(folder) / "pg", chance=chance)
        await server.start()
        try:
            await asyncio.to_thread(upgrade, server.url())
            return await _compared(server, Path(folder))
        finally:
            await server.stop()


def _set_up() -> None:
    """`npm ci`: exactly what package-lock.json names. A newer npm runs no install script: Node has one."""
    npm = ["npm", "--silent", "--no-audit", "--no-fund"]
    if not (RIVALS / "node_modules").exists():
        subprocess.run([*npm, "ci"], cwd=RIVALS, check=True)
    if not NODE.exists():
        subprocess.run([*npm, "rebuild", "node"], cwd=RIVALS, check=True)


def api() -> Iterator[Figure]:
    """FindAllies beside PostGraphile and a bare reply: 32 connections, interleaved rounds, medians."""
    _set_up()
    rounds = asyncio.run(_served())
    middle = {
        (name, what): statistics.median(one[what] for one in found)
        for name, found in rounds.items()
        for what in found[0]
    }
    for name in rounds:
        for what in ("a second", "p50 ms", "p99 ms", "bytes", "own cpu µs", "bad"):
            yield Figure(f"api, {MEMBERS:,} cards, {name}: {what}", middle[name, what], "", None)
    ours = middle["ours", "a second"]
    for name, bar in (
        ("PostGraphile, default", 10.0),
        ("PostGraphile, tuned planner", 8.0),
        ("bare aiohttp reply", 0.30),
    ):
        times = ours / middle[name, "a second"]
        yield Figure(f"api: FindAllies, ours over {name}", times, "×", bar, at_most=False)
    yield Figure("api: FindAllies, ours: p99", middle["ours", "p99 ms"], "ms", 8.0)
    yield Figure("api: answers that were no 200", sum(middle[name, "bad"] for name in rounds), "", 0.0)


FIGURES = [api]
