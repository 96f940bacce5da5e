"""Run `ayni` as a technician does: as a program of its own, on a data folder of this test's own."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fixtures_embedded import Server
from forked import run

from hub import custody
from hub.chance import chance, random_id
from hub.embedded.reserve import Reserve
from hub.supervise_folder import claim

AYNI = str(Path(sys.executable).with_name("ayni"))


@dataclass(frozen=True)
class Done:
    """How a command ended. A traceback is never an answer."""

    code: int
    out: str
    err: str

    def said(self, *parts: str) -> bool:
        """Did it say all of this, wherever?"""
        missing = [part for part in parts if part not in self.out + self.err]
        assert not missing, f"not said: {missing}\n{self.out}\n{self.err}"
        return True

    def last(self, pattern: str) -> str:
        """The last thing it printed that looks like this regular expression."""
        found = re.findall(pattern, self.out)
        assert found, f"nothing like {pattern} (exit {self.code}):\n{self.out}\n{self.err}"
        return str(found[-1])


@dataclass
class Terminal:
    """A shell with AYNI_DATA and some settings in its environment."""

    data: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """As the shell hands it on; colours and widths are for people."""
        return {**os.environ, "AYNI_DATA": str(self.data), "COLUMNS": "300", "NO_COLOR": "1", **self.settings}

    async def ayni(self, *words: str, typed: str = "", **settings: str) -> Done:
        """Run one command to its end."""
        env = {**self.environment, **settings}
        code, out, err = await asyncio.to_thread(run, words, env, typed.encode())
        done = Done(code, out.decode(), err.decode())
        assert "Traceback" not in done.out + done.err, done.err
        return done

    @asynccontextmanager
    async def staying(self, *words: str, **settings: str) -> AsyncIterator[Staying]:
        """Start a command that stays; ended at the end of the block, its children with it."""
        program = await asyncio.create_subprocess_exec(
            *(AYNI, *words),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**self.environment, **settings},
        )
        try:
            yield Staying(program)
        finally:
            if program.returncode is None:
                program.terminate()
                await program.wait()


@dataclass
class Staying:
    """A command that runs, and what it said so far."""

    program: asyncio.subprocess.Process
    said: str = ""

    async def until(self, phrase: str, *, within: float = 60) -> str:
        """Everything it said up to the line with this phrase."""
        assert self.program.stdout is not None
        try:
            async with asyncio.timeout(within):
                while phrase not in self.said:
                    line = await self.program.stdout.readline()
                    assert line, f"it ended without saying {phrase!r}:\n{self.said}"
                    self.said += line.decode()
        except TimeoutError:
            pytest.fail(f"it did not say {phrase!r} within {within} s:\n{self.said}")
        return self.said


def a_folder(data: Path, database: str, *, homeserver: str = "http://127.0.0.1:9") -> Terminal:
    """A data folder with keys, on a database that stands elsewhere; nothing answers as its homeserver."""
    claim(data, lambda: datetime.now(UTC))
    Reserve(data, size_mib=1).hold()
    custody.make_rings(data / "keys", chance)
    custody.write_secret(data / "database", database)
    settings = {
        "AYNI_DATABASE__URL_FILE": str(data / "database"),
        "AYNI_HOMESERVER__URL": homeserver,
        "AYNI_DISK__RESERVE_MIB": "1",
    }
    return Terminal(data, settings)


def a_folder_on(server: Server, data: Path, database: str) -> Terminal:
    """The same on a homeserver of the run, where `ayni init` makes a bot with a name nobody had yet."""
    terminal = a_folder(data, database, homeserver=server.url)
    custody.write_secret(data / "registration", server.part.registration_secret)
    ours = {
        "AYNI_HOMESERVER__REGISTRATION_SECRET_FILE": str(data / "registration"),
        "AYNI_NETWORK__BOT": f"bot-{random_id()[:8]}",
    }
    return Terminal(data, {**terminal.settings, **ours})


MakeTerminal = Callable[..., Terminal]
