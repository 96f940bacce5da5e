"""The supervisor: starts in order, starts again what ends, names it, and ends everything in reverse."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fixtures_embedded import eventually

from hub.supervise import Pace, Supervisor
from hub.supervise_folder import HeldByAnother, OtherFormat
from hub.supervise_part import OncePart, Part, ProgramPart
from hub.supervise_status import State, read_status
from hub.trouble import Trouble

QUICK = Pace(first=0.02, longest=0.1, check_every=0.05, answer_within=0.3, end_within=5)
WAITS = "import time; time.sleep(600)"
ENDS = "import sys; sys.exit('no more bread')"
DEAF = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open('deaf', 'w'); time.sleep(600)"
)


class NeedsBread(Trouble):
    """There is no bread. Buy some."""

    needs_person = True


def noon() -> datetime:
    return datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def a_part(data: Path, name: str, code: str = WAITS, **more: object) -> ProgramPart:
    return ProgramPart(name, (sys.executable, "-I", "-c", code), data, env={}, **more)  # type: ignore[arg-type]


@asynccontextmanager
async def running(
    data: Path, *parts: Part, on_change: Callable[..., None] | None = None
) -> AsyncIterator[Supervisor]:
    listener = on_change or (lambda name, standing: None)
    supervisor = Supervisor(parts, data, noon, pace=QUICK, signals=False, on_change=listener)
    run = asyncio.create_task(supervisor.run())
    try:
        yield supervisor
    finally:
        supervisor.end()
        await run


async def ready(supervisor: Supervisor) -> None:
    await asyncio.wait_for(supervisor.ready.wait(), 10)


async def test_parts_start_in_order_and_end_in_reverse(tmp_path: Path) -> None:
    heard: list[tuple[str, str]] = []
    parts = [a_part(tmp_path, name) for name in ("postgres", "synapse", "care")]
    listen = lambda name, standing: heard.append((name, str(standing.state)))  # noqa: E731
    async with running(tmp_path, *parts, on_change=listen) as supervisor:
        await ready(supervisor)
        assert [part.pid is not None for part in parts] == [True] * 3
    assert [name for name, state in heard if state == "up"] == ["postgres", "synapse", "care"]
    assert [name for name, state in heard if state == "ended"] == ["care", "synapse", "postgres"]
    assert [part.pid for part in parts] == [None] * 3


async def test_a_part_waits_only_for_those_it_needs(tmp_path: Path) -> None:
    homeserver_may_start = asyncio.Event()

    async def starting() -> None:
        await homeserver_may_start.wait()

    parts = [a_part(tmp_path, "postgres"), OncePart("synapse", starting), a_part(tmp_path, "care")]
    parts.append(a_part(tmp_path, "door"))
    after = {"care": ("postgres", "synapse"), "door": ("postgres",)}
    supervisor = Supervisor(parts, tmp_path, noon, after=after, pace=QUICK, signals=False)
    run = asyncio.create_task(supervisor.run())

    async def pages_are_up() -> bool:
        return supervisor.parts["door"].state is State.UP

    try:
        await eventually(pages_are_up)
        assert supervisor.parts["care"].state is State.WAITING
        homeserver_may_start.set()
        await ready(supervisor)
    finally:
        supervisor.end()
        await run


async def test_a_part_that_dies_is_started_again_and_the_status_names_it(tmp_path: Path) -> None:
    care, door = a_part(tmp_path, "care"), a_part(tmp_path, "door")
    async with running(tmp_path, care, door) as supervisor:
        await ready(supervisor)
        first, other = care.pid, door.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)

        async def again() -> bool:
            return care.pid not in (None, first)

        await eventually(again)
        assert door.pid == other
        standing = read_status(tmp_path)["care"]
        assert standing.restarts == 1
        assert '"care" ended' in standing.sentence
        assert read_status(tmp_path)["door"].restarts == 0


async def test_a_part_that_does_not_answer_is_started_again(tmp_path: Path) -> None:
    answers = [True]

    async def check() -> bool:
        return answers[0]

    door = a_part(tmp_path, "door", check=check)
    async with running(tmp_path, door) as supervisor:
        await ready(supervisor)
        first = door.pid
        answers[0] = False

        async def noticed() -> bool:
            return "did not answer 3 times" in supervisor.parts["door"].sentence

        await eventually(noticed)
        answers[0] = True

        async def well_again() -> bool:
            return supervisor.parts["door"].state is State.UP and door.pid != first

        await eventually(well_again)


async def test_a_part_that_cannot_start_is_named_with_its_last_words_and_stops_nobody(tmp_path: Path) -> None:
    async def never() -> bool:
        return False

    broken, care = a_part(tmp_path, "door", ENDS, check=never), a_part(tmp_path, "care")
    async with running(tmp_path, broken, care) as supervisor:

        async def care_is_up() -> bool:
            return supervisor.parts["care"].state is State.UP

        await eventually(care_is_up)
        assert "no more bread" in supervisor.parts["door"].sentence
        assert not supervisor.ready.is_set()


async def test_what_only_a_person_can_mend_ends_the_start(tmp_path: Path) -> None:
    class Baker(ProgramPart):
        async def start(self) -> None:
            raise NeedsBread

    care = a_part(tmp_path, "care")
    baker = Baker("baker", (sys.executable,), tmp_path, env={})
    with pytest.raises(NeedsBread, match="Buy some"):
        await asyncio.wait_for(Supervisor((care, baker), tmp_path, noon, pace=QUICK).run(), 10)
    assert care.pid is None
    assert read_status(tmp_path)["baker"].sentence == "There is no bread. Buy some."


async def test_a_deaf_part_is_ended_by_force(tmp_path: Path) -> None:
    deaf = a_part(tmp_path, "deaf", DEAF, stop_within=0.2)
    async with running(tmp_path, deaf) as supervisor:
        await ready(supervisor)

        async def has_covered_its_ears() -> bool:
            return (tmp_path / "deaf").exists()

        await eventually(has_covered_its_ears)
    assert deaf.pid is None


async def test_a_second_start_on_one_folder_says_who_holds_it(tmp_path: Path) -> None:
    async with running(tmp_path, a_part(tmp_path, "care")) as supervisor:
        await ready(supervisor)
        with pytest.raises(HeldByAnother) as refusal:
            await Supervisor((), tmp_path, noon).run()
        assert f"process {os.getpid()}, since 2026-11-24T12:00:00" in str(refusal.value)
        assert refusal.value.exit_code == 3
        assert supervisor.parts["care"].state is State.UP
    async with running(tmp_path, a_part(tmp_path, "care")) as supervisor:
        await ready(supervisor)


async def test_a_signal_ends_it_in_order(tmp_path: Path) -> None:
    care = a_part(tmp_path, "care")
    supervisor = Supervisor((care,), tmp_path, noon, pace=QUICK)
    run = asyncio.create_task(supervisor.run())
    await ready(supervisor)
    os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(60):
        await run
    assert care.pid is None
    assert read_status(tmp_path)["care"].state is State.ENDED


async def test_a_folder_of_another_format_is_refused_and_left_alone(tmp_path: Path) -> None:
    async with running(tmp_path, a_part(tmp_path, "care")) as supervisor:
        await ready(supervisor)
    marker = tmp_path / "ayni.json"
    marker.write_text(json.dumps({"format": 99}))
    with pytest.raises(OtherFormat, match="format 99"):
        await Supervisor((a_part(tmp_path, "care"),), tmp_path, noon).run()
    assert json.loads(marker.read_text()) == {"format": 99}


def test_waiting_grows_to_its_bound_and_no_further() -> None:
    pace = Pace(first=0.5, longest=30)
    assert [pace.delay(tries) for tries in (0, 1, 2, 6, 1000)] == [0.5, 1.0, 2.0, 30.0, 30.0]
