"""care, door and background work grow from one stem: each a process that ends with whoever asked for it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from fixtures_embedded import eventually

from hub import background
from hub.embedded.child import Log
from hub.founding import prepare
from hub.growing import Line, NotGrown, Stem, environment
from hub.parts import NoDatabaseYet, NotUpgraded, migrate

WAITS = ("import", '{"source":"a list"}')
"""Work that reads a table from its standard input, and waits for it."""


@pytest.fixture(scope="module")
async def stem(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stem]:
    """One for all: what is tested is that it bears many."""
    stem = Stem(Log(tmp_path_factory.mktemp("stem") / "logs" / "stem.log"))
    yield stem
    await stem.end()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder in which work can begin."""
    prepare(tmp_path / "hub")
    return tmp_path / "hub"


def alive(pid: int) -> bool:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def shown(pid: int) -> str:
    """What `ps` shows."""
    return Path(f"/proc/{pid}/cmdline").read_text()


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def nice_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[16])


async def ended(pid: int) -> None:
    async def gone() -> bool:
        return not alive(pid)

    await eventually(gone)


async def waiting_work(line: Line, data: Path, silence: int) -> int:
    """Begin work that waits for its table; its process id."""
    env = {**environment(), "AYNI_DATA": str(data)}
    grown = await line.grow("hub.work", WAITS, (silence, 1, 2), env=env, cwd=data, nice=10)
    return grown.pid


async def test_work_is_a_niced_process_of_its_own_that_ends_with_whoever_wanted_it(
    stem: Stem, data: Path
) -> None:
    line = await stem.line()
    silence, keeps_it_waiting = os.pipe()
    first = await waiting_work(line, data, silence)
    second = await waiting_work(line, data, silence)
    assert len({first, second, os.getpid()}) == 3

    async def begun() -> bool:
        return "hub.work" in shown(first) and nice_of(first) == os.nice(0) + background.NICENESS

    await eventually(begun)
    os.kill(first, signal.SIGKILL)
    await ended(first)
    assert alive(second), "its neighbour goes on"
    line.close()
    await ended(second)
    os.close(silence)
    os.close(keeps_it_waiting)


async def test_work_tells_its_exit_code_and_a_stem_that_was_lost_is_begun_again(
    stem: Stem, data: Path
) -> None:
    line = await stem.line()
    assert await background.run(["no such work"], data, line=line) == 2
    grown = await line.grow("hub.process", ("care", str(data)), (1, 2), env=environment(), cwd=data)
    os.kill(parent_of(grown.pid), signal.SIGKILL)
    assert await grown.ended() != 0
    await ended(grown.pid)
    assert await background.run(["no such work"], data, line=await stem.line()) == 2


async def test_a_role_says_in_its_own_log_why_it_cannot_begin_and_nothing_else_of_python_is_started(
    stem: Stem, data: Path
) -> None:
    line = await stem.line()
    log = Log(data / "logs" / "care.log")
    handle = log.open()
    grown = await line.grow("hub.process", ("care", str(data)), (handle, handle), env=environment(), cwd=data)
    os.close(handle)
    assert await grown.ended() == 1
    assert "OperationalError" in log.last()
    with pytest.raises(NotGrown):
        await line.grow("os", ("care",), (1, 2), env=environment(), cwd=data)
    assert await background.run(["no such work"], data, line=line) == 2, "and it still takes orders"


async def test_our_own_database_that_does_not_answer_yet_ends_no_start_and_one_elsewhere_does(
    stem: Stem, data: Path
) -> None:
    with pytest.raises(NoDatabaseYet) as away:
        await migrate(data, stem, own=True)
    assert not away.value.needs_person, "it is tried again by itself"
    with pytest.raises(NotUpgraded):
        await migrate(data, stem)


def test_a_role_lets_work_grow_and_no_other_role() -> None:
    """Whoever took over the pages cannot start a second `care` beside the first."""
    code = """
        import json, os, socket
        from hub import stem

        def asks(module, arguments):
            near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            order = {"number": 1, "run": module, "arguments": arguments, "env": {}, "cwd": "/", "nice": 0}
            socket.send_fds(far, [json.dumps(order).encode()], (1, 2))
            grown = root._hear(stem.Line(near, stem.MAY_ONLY_WORK))
            if grown is not None:
                os._exit(0)
            return json.loads(socket.recv_fds(far, 4096, 4)[0])

        root = stem.Stem(socket.socketpair()[0])
        assert "refused" in asks("hub.process", ["care", "/"]), "a role"
        assert "refused" in asks("os", []), "anything else"
        assert asks("hub.work", ["none"])["pid"] > 0, "work"
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_whoever_supervises_is_killed_and_nothing_that_grew_stays(data: Path) -> None:
    code = """
        import asyncio, os, sys
        from pathlib import Path
        from hub.embedded.child import Log
        from hub.growing import Stem, environment

        async def main(data):
            stem = Stem(Log(data / "logs" / "stem.log"))
            line = await stem.line()
            silence, _ = os.pipe()
            env = {**environment(), "AYNI_DATA": str(data)}
            work = ("import", '{"source":"a list"}')
            grown = await line.grow("hub.work", work, (silence, 1, 2), env=env, cwd=data)
            print(grown.pid, flush=True)
            await asyncio.Event().wait()

        asyncio.run(main(Path(sys.argv[1])))
    """
    program = [sys.executable, "-c", textwrap.dedent(code), str(data)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        assert alive(pid)
        owner.kill()
    asyncio.run(ended(pid))


def test_a_stem_has_loaded_everything_and_runs_nothing_that_a_fork_would_break() -> None:
    """scipy, OpenDP and chart libraries stay out of what lives long."""
    code = (
        "import gc; gc.disable(); import os, sys; from hub import stem; stem.load();"
        "assert len(os.listdir('/proc/self/task')) == 1, 'a thread would be missing in what grows';"
        "heavy = {'scipy', 'opendp', 'matplotlib', 'pandas', 'numpy'} & set(sys.modules);"
        "assert not heavy, heavy;"
        "assert {'hub.care', 'hub.door', 'hub.importing_work'} <= set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
