"""`ayni chat` on a real homeserver with a real bot: encrypted both ways, in scripts, and after a restart."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import termios
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from fixtures_embedded import Pair, Server
from matrix_parts import Bot, a_login, listening
from terminal import AYNI, Terminal

from hub.chance import random_id
from hub.cli.chat import Profile, save_profile


@pytest.fixture
async def parrot(homeservers: Pair) -> AsyncIterator[Bot]:
    """A bot that answers each message with two of its own, and only what is encrypted and verified."""
    async with listening(await a_login(homeservers.a)) as bot:

        async def answer() -> None:
            while True:
                heard = await bot.ear.next(600)
                said = heard.said()
                if said.trusted:
                    await bot.say(heard.room, f"You said: {said.body}")
                    await bot.say(heard.room, "Anything else?")

        task = asyncio.create_task(answer())
        yield bot
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def a_profile(server: Server, file: Path, bot: str) -> Profile:
    """A new person's profile, saved in `file`."""
    name, password = f"person-{random_id()[:8]}", random_id()
    await server.admin.register(name, password)
    profile = Profile(server.url, name, password, bot)
    save_profile(file, profile)
    return profile


async def test_each_line_of_a_script_is_answered_in_turn_and_a_second_start_reads_on(
    homeservers: Pair, parrot: Bot, tmp_path: Path
) -> None:
    file = tmp_path / "ana.json"
    await a_profile(homeservers.a, file, parrot.user_id)
    terminal = Terminal(tmp_path)
    done = await terminal.ayni("chat", "--profile", str(file), "--json", typed="ayuda\n¿quién está?\n")
    assert done.code == 0
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [answer["text"] for answer in answers] == [
        "You said: ayuda",
        "Anything else?",
        "You said: ¿quién está?",
        "Anything else?",
    ]
    assert {answer["from"] for answer in answers} == {parrot.user_id}
    device = file.with_suffix(".device")
    assert device.stat().st_mode & 0o077 == 0
    assert parrot.user_id.encode() not in device.read_bytes()
    again = await terminal.ayni("chat", "--profile", str(file), typed="[still] here\n/rooms")
    assert again.said("You said: [still] here", f"1 {parrot.user_id} (here)")
    assert "\n2 " not in again.err


async def test_what_is_in_the_way_is_said_in_a_sentence(
    homeservers: Pair, parrot: Bot, tmp_path: Path
) -> None:
    file = tmp_path / "ben.json"
    profile = await a_profile(homeservers.a, file, parrot.user_id)
    terminal, chat = Terminal(tmp_path), ("chat", "--profile", str(file))
    assert (await terminal.ayni(*chat, typed="hola\n")).code == 0
    save_profile(file, Profile(profile.homeserver, profile.name, "another", parrot.user_id))
    assert (await terminal.ayni(*chat, typed="hola\n")).said("does not open with this password")
    fresh = ("--device", str(tmp_path / "fresh.device"))
    wrong = await terminal.ayni(*chat, *fresh, typed="hola\n")
    assert wrong.said("does not accept the name", profile.name)
    save_profile(file, Profile("http://127.0.0.1:9", profile.name, profile.password, parrot.user_id))
    assert (await terminal.ayni(*chat, *fresh, typed="hola\n")).said("does not answer. Is it running")
    file.chmod(0o644)
    opened = await terminal.ayni(*chat, typed="hola\n")
    assert (opened.code, opened.said("Others on this machine can read")) == (2, True)


async def test_a_bot_that_does_not_answer_ends_a_script_with_a_sentence(
    homeservers: Pair, tmp_path: Path
) -> None:
    async with listening(await a_login(homeservers.a)) as deaf:
        file = tmp_path / "eva.json"
        await a_profile(homeservers.a, file, deaf.user_id)
        done = await Terminal(tmp_path).ayni("chat", "--profile", str(file), "--wait", "1", typed="hola\n")
        assert (done.code, done.said("No answer came within 1 seconds")) == (1, True)


async def test_one_device_has_one_terminal(homeservers: Pair, parrot: Bot, tmp_path: Path) -> None:
    file = tmp_path / "isa.json"
    await a_profile(homeservers.a, file, parrot.user_id)
    terminal, chat = Terminal(tmp_path), ("chat", "--profile", str(file))
    waiting = await asyncio.create_subprocess_exec(
        *(AYNI, *chat, "--json"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=terminal.environment,
    )
    assert waiting.stdin is not None
    assert waiting.stdout is not None
    waiting.stdin.write(b"hola\n")
    assert b"You said" in await waiting.stdout.readline()
    second = await terminal.ayni(*chat, typed="hola\n")
    assert second.said("Another terminal is chatting on the device")
    waiting.stdin.close()
    assert await waiting.wait() == 0


async def test_at_the_keyboard_answers_come_as_they_come_and_ctrl_c_ends_it(
    homeservers: Pair, parrot: Bot, tmp_path: Path
) -> None:
    file = tmp_path / "uma.json"
    await a_profile(homeservers.a, file, parrot.user_id)
    ours, theirs = os.openpty()
    chat = await asyncio.create_subprocess_exec(
        *(AYNI, "chat", "--profile", str(file)),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=Terminal(tmp_path).environment,
        preexec_fn=lambda: os.setsid() or fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # its own terminal
    )
    os.close(theirs)
    screen = ""

    async def until(phrase: str) -> None:
        nonlocal screen
        async with asyncio.timeout(60):
            while phrase not in screen:
                screen += (await asyncio.to_thread(os.read, ours, 4096)).decode(errors="replace")

    await until("Ctrl-C ends this")
    os.write(ours, b"hola\n")
    await until("You said: hola")
    await until("Anything else?")
    os.write(ours, b"/what\n")
    await until("/rooms lists rooms")
    os.write(ours, b"\x03")
    assert await chat.wait() == 130
    os.close(ours)
    assert "Traceback" not in screen
