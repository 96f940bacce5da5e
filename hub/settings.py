"""Everything that can be set, read once: from `settings.toml` in the data folder, then from the environment.

`AYNI_DOOR__PORT=8080` sets `port` in `[door]`. Unknown keys are refused, and secrets are never values
here: a setting that ends in `_file` names a file that only its owner can read.
"""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hub.trouble import Trouble


class BadSettings(Trouble):
    """The settings in {file} cannot be used: {why}. Correct or remove that line and start again."""

    exit_code = 2
    needs_person = True


class OpenSecret(Trouble):
    """Others on this machine can read {file}. Run: chmod 600 {file}"""

    exit_code = 2
    needs_person = True


class NoSecret(Trouble):
    """The secret file {file} is missing. Put it back, or take the setting that names it out."""

    exit_code = 2
    needs_person = True


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


def _about(text: str) -> Meta:
    return Meta(description=text)


class Network(_Section, frozen=True):
    """Your network: how it is called, and in which languages it answers."""

    name: Annotated[
        str, _about("The name members and linked networks see. Letters, no address, no country.")
    ] = "Our network"
    languages: Annotated[
        tuple[str, ...], _about("Languages your coordinators answer in, the usual one first.")
    ] = ("en",)
    bot: Annotated[
        str,
        Meta(
            pattern=r"^[a-z0-9][a-z0-9._-]{0,39}\Z",
            description="What the bots' account is called before the colon. Say nothing about what you do.",
        ),
    ] = "ayni"
    bots_apart: Annotated[
        tuple[Literal["sentinel", "organizer", "auditor"], ...],
        _about("sentinel, organizer, auditor: which get an account of their own. Then run ayni init again."),
    ] = ()


class Door(_Section, frozen=True):
    """The pages and the API."""

    host: Annotated[
        str, _about("Where the door listens. Keep 127.0.0.1 behind Caddy or an onion service.")
    ] = "127.0.0.1"
    port: Annotated[int, _about("0 chooses a free port once and remembers it.")] = 0
    public_url: Annotated[
        str, _about("What people type, for example https://ayni.example. Empty: host and port.")
    ] = ""
    private_port: Annotated[
        int, _about("A second port, for an onion service or a VPN: asks everybody to sign in. 0: none.")
    ] = 0
    private_host: Annotated[str, _about("Where the second port listens.")] = "127.0.0.1"
    requests_a_minute: Annotated[
        int, Meta(ge=0, description="How often one program or member may ask the API. 0: not counted.")
    ] = 6000
    points_a_minute: Annotated[
        int, Meta(ge=0, description="What one program's open queries may cost together. 0: not counted.")
    ] = 20000


class DatabaseSection(_Section, frozen=True):
    """PostgreSQL. Empty: the hub starts its own."""

    url_file: Annotated[str, _about("A file (mode 600) with a postgresql:// address. Empty: embedded.")] = ""


class HomeserverSection(_Section, frozen=True):
    """Matrix. Empty: the hub starts its own Synapse."""

    domain: Annotated[
        str,
        _about(
            "The name after the colon in every Matrix id. Empty: evaluation, on this machine only, for ever."
        ),
    ] = ""
    url: Annotated[str, _about("Client address of a homeserver you already run. Empty: embedded.")] = ""
    registration_secret_file: Annotated[
        str, _about("A file (mode 600) with that homeserver's registration_shared_secret.")
    ] = ""


class Care(_Section, frozen=True):
    """Alarms: how long each rung of the ladder has before the next one hears. Seconds."""

    circle_s: Annotated[int, Meta(ge=1, description="The circle, for a high-severity alarm.")] = 180
    coordinators_s: Annotated[
        int, Meta(ge=1, description="The coordinators, before linked networks hear.")
    ] = 300
    networks_s: Annotated[
        int, Meta(ge=1, description="Linked networks, before everybody is woken again.")
    ] = 600
    again_s: Annotated[int, Meta(ge=1, description="After the last rung, before all are woken again.")] = 600
    unclear_s: Annotated[int, Meta(ge=1, description="How long something unclear waits for 1 or 0.")] = 120
    prompt_before_s: Annotated[
        int, Meta(ge=1, description="How long before a check-in is due the person is reminded.")
    ] = 600
    cancel_window_s: Annotated[
        int, Meta(ge=0, description="How long an alarm can be stopped unheard, unless a person chose.")
    ] = 30


class TextsSection(_Section, frozen=True):
    """Text messages and ringing calls. Off unless a file is named; then off for each person until a yes."""

    gateways_file: Annotated[
        str, _about("A file (mode 600) with a [[gateway]] table for each gateway. Empty: no text messages.")
    ] = ""


class LinksSection(_Section, frozen=True):
    """Linked networks: the second way to their hubs, besides Matrix."""

    https: Annotated[
        str,
        Meta(
            pattern=r"^(off|[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?)?\Z",
            description="Host, and port unless 443, where linked hubs reach this door over HTTPS. Empty: the "
            "host of public_url. off: Matrix only.",
        ),
    ] = ""
    https_pins: Annotated[
        tuple[Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")], ...],
        Meta(
            max_length=4,
            description="SHA-256 of the certificate's public key, hex. Empty: any the web believes.",
        ),
    ] = ()
    prefer: Annotated[
        Literal["matrix", "https"], _about("Which way what is not urgent takes, where both work.")
    ] = "matrix"


class Disk(_Section, frozen=True):
    """What is kept free so that alarms can be written on a full disk."""

    reserve_mib: Annotated[int, Meta(ge=0, description="Size of the reserve file, MiB.")] = 256


class Settings(_Section, frozen=True):
    """One frozen object, read once at start."""

    network: Network = Network()
    door: Door = Door()
    database: DatabaseSection = DatabaseSection()
    homeserver: HomeserverSection = HomeserverSection()
    care: Care = Care()
    disk: Disk = Disk()
    texts: TextsSection = TextsSection()
    links: LinksSection = LinksSection()

    @property
    def https_host(self) -> str:
        """Where linked hubs reach the door over HTTPS; "" when they cannot, as at an onion address."""
        if self.links.https:
            return "" if self.links.https == "off" else self.links.https
        public = self.door.public_url
        host = public.removeprefix("https://").partition("/")[0] if public.startswith("https://") else ""
        return "" if host.partition(":")[0].lower().endswith(".onion") else host

    @property
    def evaluation(self) -> bool:
        """An evaluation hub has no domain: it links only on this machine and its name can never change."""
        return not self.homeserver.domain


def load(path: Path, environment: Mapping[str, str]) -> Settings:
    """Read `path` (a missing file means defaults) and the environment.

    Raises BadSettings with the file, the key and the reason.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise BadSettings(file=path.name, why=f"not valid TOML, {broken}") from None
    for name, value in environment.items():
        if name.startswith("AYNI_") and "__" in name:
            section, _, key = name.removeprefix("AYNI_").lower().partition("__")
            table.setdefault(section, {})[key] = _literal(value)
    try:
        return msgspec.convert(table, Settings)
    except msgspec.ValidationError as wrong:
        raise BadSettings(file=path.name, why=wrong) from None


def _literal(value: str) -> object:
    try:
        return tomllib.loads(f"v = {value}")["v"]
    except tomllib.TOMLDecodeError:
        return value


def read_secret(path: Path) -> str:
    """The text of a secret file. Raises OpenSecret when others could read it, NoSecret when it is missing."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise NoSecret(file=path) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise OpenSecret(file=path)
    return path.read_text(encoding="utf-8").strip()


def starter_file() -> str:
    """A commented settings file with every key and its default; nothing in it is active."""
    lines = ["# Settings of this hub. Remove the # in front of a key to change it.", ""]
    for section in msgspec.structs.fields(Settings):
        kind = section.type
        lines += [f"# {kind.__doc__}", f"[{section.name}]"]
        for key in msgspec.structs.fields(kind):
            info = msgspec.inspect.type_info(key.type)
            schema = getattr(info, "extra_json_schema", None) or {}
            lines += [f"# {schema.get('description', '')}", f"# {key.name} = {_toml(key.default)}"]
        lines.append("")
    return "\n".join(lines)


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def write_starter(path: Path) -> None:
    """Write the starter file unless there is one already."""
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(starter_file())
