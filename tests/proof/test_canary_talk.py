"""The same look at two whole hubs that lived: the story over real chat, planted words in what people say.

Searched: both data folders with PostgreSQL's, Synapse's and our own files, logs, and dumps of all databases.
No memory is written to a disk: every process the hubs started must be unable to leave a core file.
"""

from __future__ import annotations

import gzip
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from canaries import GUARDED, files_below, look_through, table

from hub.chance import chance
from hub.demo.browser import Browser
from hub.demo.cast import NETWORKS, PEOPLE
from hub.demo.stage import NetworkOnStage, Stage, stage
from hub.demo.steps import STORY
from hub.demo.steps.alarms import WHAT
from hub.demo.steps.allies import QUIET_WORDS, inside
from hub.demo.story import play
from hub.embedded.postgres import PostgresPart
from hub.embedded.postgres_binaries import installs


def planted(place: str) -> str:
    """The word for one thing that is said."""
    return f"{GUARDED}{place}"


async def _talk(standing: Stage) -> None:
    """What a person would write, each with a planted word in it, and the bot's answers read."""
    ixchel, nadia, tomas = (standing.actors[name] for name in ("ixchel", "nadia", "tomas"))
    await ixchel.tell(f"plan texto {planted('plan')}")
    await ixchel.tell(f"plan lugar {planted('place')}")
    await ixchel.tell(f"aviso en 3 h, {planted('about')}")
    await tomas.tell(f"{planted('unclear')} hello there")
    await tomas.tell("0")
    await nadia.tell(planted("unclear2"))
    await nadia.tell("0")
    await ixchel.tell(f"alarma {planted('alarm')}")
    await nadia.hear(60, wanted=lambda heard: heard.wakes)
    await ixchel.tell(f"a salvo {ixchel.part.word}")


async def _write_on_a_page(network: NetworkOnStage, handle: str, word: str) -> None:
    made: Any = await network.act("MakeLoginLink", handle=handle)
    browser = Browser.at(network.address)
    try:
        await browser.open(made["url"])
        await browser.press("")
        await browser.open("/card")
        fields = {"city": planted("city"), "text": planted("text"), "organisation": planted("org")}
        said = await browser.press("save", **fields, given_word=word)
        assert planted("text") in said, said
    finally:
        await browser.close()


def _ours() -> Iterator[int]:
    """Every process that we started, and those that they started."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    yield from found - {os.getpid()}


def _core_limit(pid: int) -> list[str]:
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
    return next(line for line in lines if line.startswith("Max core file size")).split()[4:6]


def _dump(network: NetworkOnStage, into: Path) -> None:
    into.mkdir(parents=True)
    part = PostgresPart(network.data, chance=chance)
    for role in ("ayni", "synapse"):
        order = [installs()[0].program("pg_dump"), "--dbname", part.url(role, role), f"--file={into / role}"]
        done = subprocess.run(order, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        (into / f"{role}.gz").write_bytes(gzip.compress((into / role).read_bytes(), 1))


@pytest.mark.timeout(1800)
async def test_two_hubs_that_lived_keep_no_word_that_anybody_said(tmp_path: Path) -> None:
    async with stage(tmp_path / "demo", NETWORKS, PEOPLE, lambda _line: None) as standing:
        played = await play(STORY, standing, lambda _step: None, lambda _one: None)
        assert all(one.ok for one in played), [(one.letter, one.evidence) for one in played if not one.ok]
        await _talk(standing)
        ixchel = standing.actors["ixchel"].part
        await _write_on_a_page(standing.b, ixchel.handle, ixchel.word)
        limits = {pid: _core_limit(pid) for pid in _ours()}
        assert len(limits) > 8 and {tuple(one) for one in limits.values()} == {("0", "0")}, limits
        for network in standing.networks.values():
            _dump(network, tmp_path / "demo" / network.part.letter / "dumps")
        opened = await _with_its_own_keys(standing.b)
    assert opened, "with the hub's own keys the planted words are there"
    files = files_below(tmp_path / "demo" / "a", tmp_path / "demo" / "b", tmp_path / "demo" / "logs")
    secrets = (GUARDED, WHAT, QUIET_WORDS, *(person.word for person in PEOPLE))
    hits = {secret: list(look_through(files, secret)) for secret in secrets}
    weight = sum(file.stat().st_size for file in files)
    print(f"\n{len(files)} files, {weight >> 20} MiB, {sum(map(len, hits.values()))} hits")
    for secret, found in hits.items():
        print(f"{secret[:40]:<40} {len(found)}\n{table(found)}".rstrip())
    assert not any(hits.values())


async def _with_its_own_keys(network: NetworkOnStage) -> list[str]:
    return await inside(network, planted("alarm"), planted("city"), planted("plan"))
