"""`ayni chat`: talk with a network's bot from the terminal, end-to-end encrypted, as any Matrix app would."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.markup import escape

from hub.cli.frame import Exit, Json, err, example, out
from hub.trouble import Trouble

if TYPE_CHECKING:
    from hub.cli.conversation import Conversation
    from hub.matrix.person import Person

CHAT_EXAMPLE = example("printf 'help\\n' | ayni chat --profile quetzal.json")


class NotEnough(Trouble):
    """Who is talking, and where? Name --as, --password-file and --homeserver, or a --profile that holds
    them."""

    exit_code = Exit.USAGE


class BadProfile(Trouble):
    """The profile {file} cannot be used: {why}"""

    exit_code = Exit.USAGE


class DeviceInUse(Trouble):
    """Another terminal is chatting on the device in {file}. End it first, or name another --device."""


class OtherPassword(Trouble):
    """The device in {file} does not open with this password. Give the right one, or another --device."""


class DeviceGone(Trouble):
    """The homeserver no longer knows the device in {file}. Remove that file and start again: a new device
    begins, and reads what is said from then on."""


class HasIdentity(Trouble):
    """This account already signs its devices in another app, and this terminal cannot ask that app to sign
    it. Use an account of its own here."""


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `--profile` holds, as JSON in a file only its owner can read. `bot` is whom to talk with,
    `device` where the sealed device lies (beside the profile unless said otherwise)."""

    homeserver: str
    name: str
    password: str
    bot: str = ""
    device: str = ""


def save_profile(path: Path, profile: Profile) -> None:
    """Write a profile for `ayni chat --profile`; mode 600."""
    from hub.embedded.files import write_whole

    write_whole(path, json.dumps(msgspec.to_builtins(profile), indent=1) + "\n")


def chat(
    name: Annotated[
        str, typer.Option("--as", help="Your name at the homeserver, or a whole Matrix id.")
    ] = "",
    password_file: Annotated[
        Path | None, typer.Option(help="A file with the password that only you can read.")
    ] = None,
    homeserver: Annotated[str, typer.Option(help="Its address, for example https://example.org.")] = "",
    bot: Annotated[
        str, typer.Option("--with", help="Whom to talk with, for example @ayni:example.org.")
    ] = "",
    profile: Annotated[Path | None, typer.Option(help="A file that holds all of the above.")] = None,
    device: Annotated[
        Path | None, typer.Option(help="Where your device is kept, sealed with the password.")
    ] = None,
    wait: Annotated[float, typer.Option(help="In scripts: seconds to wait for an answer.", min=0.1)] = 30.0,
    as_json: Json = False,
) -> None:
    """Talk with the bot. Lines you type (or pipe in) are sent; what comes back is printed. Ctrl-C ends it.

    In a script each line waits for the answer to the one before. Lines that begin with / are for this
    program: /rooms, /go 2, /yes, /end.
    """
    given = _profile(profile, name, password_file, homeserver, bot)
    file = device or Path(given.device or _usual_device(profile, given))
    try:
        asyncio.run(_run(given, file, wait, as_json))
    except* Trouble as several:
        raise several.exceptions[0] from None


def _profile(file: Path | None, name: str, password_file: Path | None, homeserver: str, bot: str) -> Profile:
    from hub.settings import read_secret

    if file is not None:
        try:
            kept = msgspec.json.decode(read_secret(file), type=Profile)
        except msgspec.DecodeError as why:
            raise BadProfile(file=file, why=why) from None
        return msgspec.structs.replace(kept, bot=bot or kept.bot)
    if not (name and password_file and homeserver):
        raise NotEnough
    return Profile(homeserver.rstrip("/"), name, read_secret(password_file), bot)


def _usual_device(profile: Path | None, given: Profile) -> Path:
    if profile is not None:
        return profile.with_suffix(".device")
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    safe = "".join(char if char.isalnum() or char in "-_." else "_" for char in given.name)
    return Path(base) / "ayni" / f"{safe}.device"


async def _run(given: Profile, file: Path, wait: float, as_json: bool) -> None:
    from hub.cli.conversation import Conversation, lines_of_stdin, room_with

    at_keyboard = sys.stdin.isatty()
    with _alone(file):
        async with _signed_in(given, file) as person:
            room = await room_with(person, given.bot)
            talk = Conversation(person, room, _shower(as_json), lambda text: err.print(escape(text)))
            if at_keyboard:
                err.print(_greeting(talk))
                await talk.talk(lines_of_stdin())
            else:
                await talk.recite(lines_of_stdin(), wait)


def _greeting(talk: Conversation) -> str:
    return f"You are [bold]{escape(talk.person.user_id)}[/bold]. Type help and press Enter; Ctrl-C ends this."


def _shower(as_json: bool) -> Callable[[int, str, str], None]:
    def show(room: int, sender: str, text: str) -> None:
        if as_json:
            sys.stdout.write(
                json.dumps({"room": room, "from": sender, "text": text}, ensure_ascii=False) + "\n"
            )
            sys.stdout.flush()
            return
        number = f"[{room}] " if room > 1 else ""
        out.print(f"[bold]{escape(number + sender.partition(':')[0])}[/bold] {escape(text)}")

    return show


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Two programs on one device would corrupt its keys. The kernel lets go when we end, however we end."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DeviceInUse(file=file) from None
        yield
    finally:
        os.close(handle)


@asynccontextmanager
async def _signed_in(given: Profile, file: Path) -> AsyncIterator[Person]:
    from hub.chance import chance
    from hub.matrix.answers import SignedOut
    from hub.matrix.crosssign import OtherIdentity
    from hub.matrix.person import Person

    key = device_key(given)
    if not _opens(file, key):
        raise OtherPassword(file=file)
    try:
        person = await Person.enter(
            given.homeserver, given.name, given.password, chance=chance, file=file, file_key=key
        )
    except SignedOut:
        raise DeviceGone(file=file) from None
    except OtherIdentity:
        raise HasIdentity from None
    try:
        yield person
    finally:
        await person.close()


def device_key(given: Profile) -> bytes:
    """What a profile's device file is sealed with: derived from the password."""
    from directory import crypto

    where = f"{given.homeserver} {given.name}"
    salt = crypto.hash32("chat-device", where.encode())[: crypto.SALT_SIZE]
    return crypto.key_from_passphrase(given.password, salt, cost=crypto.INTERACTIVE)


def _opens(file: Path, key: bytes) -> bool:
    """Is this the key that sealed the device, or none there yet? With another its rows cannot be found."""
    from hub.chance import chance
    from hub.matrix.crypto_store import META
    from hub.matrix.rows import MemoryRows, Shelves, sealing

    if not file.exists():
        return True
    kept = Shelves(MemoryRows(file), sealing(key, account="person", kid="person", chance=chance))
    return kept.get(META, "login") is not None
