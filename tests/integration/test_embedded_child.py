"""A child of ours: what it inherits, where it writes, what it may see."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import sys
import threading
from pathlib import Path

import pytest

from hub.embedded.account import Account, account_for
from hub.embedded.child import Child, Log, Program, ProgramEnded, ProgramSlow
from hub.embedded.files import keep, write_whole
from hub.embedded.ready import until_ready
from hub.embedded.sight import CAP_DAC_OVERRIDE, PLAIN, Needs, Sight, python_needs, sight

TELLS = """
import os, resource
limits = resource.getrlimit(resource.RLIMIT_CORE)
print(os.umask(0), limits, sorted(os.environ), os.getcwd(), os.getsid(0) == os.getpid())
"""


def python(name: str, code: str, cwd: Path) -> Program:
    return Program(name, (sys.executable, "-I", "-c", code), cwd=cwd, env={"COLOUR": "blue"})


async def test_it_gets_its_own_session_its_environment_and_no_core_dumps(tmp_path: Path) -> None:
    log = Log(tmp_path / "logs" / "it.log")
    child = await Child.start(python("it", TELLS, tmp_path), log)
    assert await child.ended() == 0
    expected = f"63 (0, 0) ['COLOUR', 'LC_CTYPE'] {tmp_path} True"
    assert log.last() == expected
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600


async def test_its_log_stays_bounded_while_it_writes(tmp_path: Path) -> None:
    log = Log(tmp_path / "it.log", limit=10_000)
    child = await Child.start(python("it", "for n in range(3000): print('line', n)", tmp_path), log)
    await child.ended()
    log.trim()
    assert log.path.stat().st_size == 0
    assert log.older.stat().st_size == 5_000
    assert log.older.read_text().endswith("line 2999\n")


async def test_an_old_log_is_set_aside_at_the_next_start(tmp_path: Path) -> None:
    log = Log(tmp_path / "it.log", limit=100)
    log.path.write_text("old " * 20)
    child = await Child.start(python("it", "print('new')", tmp_path), log)
    await child.ended()
    assert log.path.read_text() == "new\n"
    assert log.older.read_text().startswith("old")


async def test_one_that_ends_while_starting_is_told_with_its_last_words(tmp_path: Path) -> None:
    child = await Child.start(python("it", "raise SystemExit('no flour')", tmp_path), Log(tmp_path / "log"))

    async def never() -> bool:
        return False

    with pytest.raises(ProgramEnded, match="no flour"):
        await until_ready(child, never, within=10)


async def test_one_that_is_never_ready_is_stopped(tmp_path: Path) -> None:
    child = await Child.start(python("it", "import time; time.sleep(600)", tmp_path), Log(tmp_path / "log"))

    async def never() -> bool:
        return False

    with pytest.raises(ProgramSlow):
        await until_ready(child, never, within=0.1)
    assert not child.running


async def test_a_child_whose_parent_is_already_gone_does_not_begin(tmp_path: Path) -> None:
    program = python("it", f"open({str(tmp_path / 'began')!r}, 'w')", tmp_path)
    order = program.order().replace(f'"parent": {os.getpid()}', '"parent": 1000000000')
    launch = Path(sys.modules["hub.embedded.sight"].__file__ or "").with_name("launch.py")
    late = await asyncio.create_subprocess_exec(sys.executable, "-I", "-S", str(launch), order)
    assert await late.wait() == 128 + signal.SIGTERM
    assert not (tmp_path / "began").exists()


async def test_children_are_started_from_the_main_thread_only(tmp_path: Path) -> None:
    refusals: list[BaseException] = []

    def elsewhere() -> None:
        try:
            asyncio.run(Child.start(python("it", "", tmp_path), Log(tmp_path / "log")))
        except RuntimeError as refusal:
            refusals.append(refusal)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert "main thread" in str(refusals[0])


def test_a_closed_folder_needs_a_view_or_a_capability_and_an_open_one_nothing(tmp_path: Path) -> None:
    stranger = Account(uid=65533, gid=65533, name="stranger", drop=True)
    inner = tmp_path / "closed" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "link").symlink_to("closed/inner")
    (tmp_path / "closed").chmod(0o700)
    inner.chmod(0o755)
    found = sight(stranger, Needs((tmp_path / "link",)))
    assert found.way in ("view", "capability")
    if found.view:
        assert str(inner) in found.view.shows
    assert sight(stranger, Needs((Path("/usr/bin"),))).way == "plain"
    assert sight(Account(0, 0, "me", drop=False), Needs((inner,))).way == "plain"


async def test_a_program_of_our_own_environment_runs_as_the_account_and_sees_no_keys(tmp_path: Path) -> None:
    state, keys = tmp_path / "data" / "state", tmp_path / "data" / "keys"
    keys.mkdir(parents=True, mode=0o700)
    write_whole(keys / "ring", "secret")
    account = account_for(state)
    state.mkdir(mode=0o700)
    keep(state / "mine", lambda: "mine", owner=account.owner)
    if account.owner:
        os.chown(state, *account.owner)
    look = f"import nio, os; print(os.getuid(), open('mine').read(), os.path.exists({str(keys / 'ring')!r}))"
    program = Program(
        "it",
        (sys.executable, "-I", "-c", look),
        cwd=state,
        account=account,
        sight=sight(account, python_needs() + Needs((state,))),
    )
    log = Log(tmp_path / "log")
    child = await Child.start(program, log)
    assert await child.ended() == 0, log.last()
    assert log.last() == f"{account.uid} mine {not account.drop}"


async def test_where_no_view_is_allowed_the_account_still_reaches_its_program(tmp_path: Path) -> None:
    account = account_for(tmp_path / "none")
    (tmp_path / "closed").mkdir(mode=0o700)
    write_whole(tmp_path / "closed" / "program", "hello", mode=0o600)
    code = f"import os; print(os.getuid(), os.access({str(tmp_path / 'closed' / 'program')!r}, os.R_OK))"
    way = Sight(capability=CAP_DAC_OVERRIDE) if account.drop else PLAIN
    program = Program("it", (sys.executable, "-I", "-c", code), cwd=tmp_path, account=account, sight=way)
    log = Log(tmp_path / "log")
    child = await Child.start(program, log)
    assert await child.ended() == 0, log.last()
    assert log.last() == f"{account.uid} True"
