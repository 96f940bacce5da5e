"""The whole story: how long its steps take, how long a hub needs to start, and what everything weighs."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from figure import Figure

MIB = 1024
AYNI = [sys.executable, "-m", "hub"]
ROOT = Path(__file__).parents[2]


def story() -> Iterable[Figure]:
    """The story twice in one folder, then the weight of every process, then a second start of one hub."""
    where = Path(tempfile.mkdtemp(prefix="ayni-bench-"))
    try:
        yield from _first_time(where / "demo")
        yield from _played(where / "demo")
        yield from _started_again(where / "demo" / "a")
    finally:
        shutil.rmtree(where, ignore_errors=True)


def _first_time(where: Path) -> Iterator[Figure]:
    """In an empty folder: as `make demo` the first time, once everything is installed."""
    began = time.perf_counter()
    command = [*AYNI, "demo", "--once", "--json", "--data", str(where)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    yield Figure("the first story in a folder, and everything ended again", time.perf_counter() - began, "s")


def _played(where: Path) -> Iterator[Figure]:
    began = time.perf_counter()
    demo = subprocess.Popen(
        [*AYNI, "demo", "--json", "--data", str(where)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    )
    assert demo.stdout is not None
    try:
        steps = list(_objects(demo.stdout, 10))
        took = time.perf_counter() - began
        failed = [step["letter"] for step in steps if not step["ok"]]
        assert not failed, f"steps that were not observed: {failed}"
        for step in steps:
            yield Figure(f"story ({step['letter']}) {step['name'][:48]}", float(step["seconds"]), "s")
        yield Figure("finished story, the second time (installed)", took, "s", 45)
        for network in ("a", "b"):
            roles = [_pss(_pid(where / network, role)) for role in ("care", "door")]
            yield Figure(f"care and door of network {network} after the story (PSS)", sum(roles), "MiB", 240)
        yield Figure(
            "everything of the demo after the story (PSS)", sum(map(_pss, _tree(demo.pid))), "MiB", 1434
        )
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(60)


def _started_again(data: Path) -> Iterator[Figure]:
    """`ayni up` on a folder that exists: until every part is healthy."""
    began = time.perf_counter()
    up = subprocess.Popen(
        [*AYNI, "up", "--data", str(data)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    )
    assert up.stdout is not None
    try:
        for line in up.stdout:
            if "The pages" in line:
                break
        yield Figure("ayni up, until every part is healthy", time.perf_counter() - began, "s", 12)
    finally:
        up.send_signal(signal.SIGINT)
        up.wait(60)


def _objects(lines: Iterable[str], count: int) -> Iterator[dict[str, object]]:
    """JSON objects from an indented stream."""
    decoder, text = json.JSONDecoder(), ""
    for line in lines:
        text += line
        try:
            found, end = decoder.raw_decode(text.lstrip())
        except json.JSONDecodeError:
            continue
        text = text.lstrip()[end:]
        yield found
        count -= 1
        if not count:
            return


def _pid(data: Path, role: str) -> int:
    return int(json.loads((data / "run" / f"{role}.json").read_text())["pid"])


def _pss(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / MIB
    return 0.0


def _tree(root: int) -> list[int]:
    """A process and everything below it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [root]
    for pid in found:
        found += parents.get(pid, [])
    return [pid for pid in found if Path(f"/proc/{pid}/smaps_rollup").exists()]


FIGURES = [story]
