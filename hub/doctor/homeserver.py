"""The homeserver: whether it answers, what time it has, and whether it is the one we know.

Its name and signing key are remembered in the data folder when they are first seen. What this does not do:
prove that whoever answers *holds* that key now; another server could show a recorded answer. Envelopes and
bots' devices do not rest on it, they carry keys of our own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from directory import crypto
from directory.core.text import say
from hub.chance import chance
from hub.doctor.check import Check, fine, unchecked, wrong
from hub.embedded.files import write_whole
from hub.embedded.synapse import SynapsePart
from hub.matrix.identities import canonical, from_unpadded
from hub.settings import Settings
from hub.trouble import Trouble

PATIENCE = aiohttp.ClientTimeout(total=5)
KEPT = "homeserver.json"


class HomeserverAway(Trouble):
    """The homeserver at {url} does not answer. Is it running, and is the address in the settings right?"""


class OtherHomeserver(Trouble):
    """At {url} answers the homeserver {found}, but this hub belongs to {known}. Correct url under
    [homeserver] in the settings, or start the right one."""

    needs_person = True


class OtherKey(Trouble):
    """The homeserver {name} shows another signing key than when this hub first met it. If you replaced it
    on purpose, remove {file}. If not, somebody else may be answering in its place: stop the hub and find
    out."""

    needs_person = True


class Known(msgspec.Struct, frozen=True):
    """A homeserver as it showed itself: its name and its signing keys (key id: unpadded base64)."""

    server_name: str
    keys: dict[str, str]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where to ask: `keys` is where the homeserver shows its signing key. An evaluation homeserver's
    certificate proves nothing to anybody, and is not verified."""

    client: str
    keys: str
    verify: bool = True


def addresses(data: Path, settings: Settings) -> Addresses:
    """Where this hub's homeserver answers."""
    if settings.homeserver.url:
        return Addresses(settings.homeserver.url.rstrip("/"), settings.homeserver.url.rstrip("/"))
    domain = settings.homeserver.domain or None
    part = SynapsePart(data, database=lambda: "", chance=chance, clock=_never, domain=domain)
    scheme = "https" if part.evaluation else "http"
    return Addresses(
        part.client_url, f"{scheme}://127.0.0.1:{part.federation_port}", verify=not part.evaluation
    )


def _never() -> datetime:
    raise RuntimeError("an address needs no clock")


async def ask(where: Addresses) -> datetime | None:
    """The homeserver's own time, None when it sends none. Raises HomeserverAway."""
    async with aiohttp.ClientSession(timeout=PATIENCE) as http:
        try:
            async with http.get(f"{where.client}/_matrix/client/versions", allow_redirects=False) as answer:
                if answer.status != 200 or "versions" not in await answer.json(content_type=None):
                    raise HomeserverAway(url=where.client)
                return _date(answer.headers.get("Date", ""))
        except (aiohttp.ClientError, TimeoutError, ValueError, TypeError):
            raise HomeserverAway(url=where.client) from None


def _date(header: str) -> datetime | None:
    try:
        return parsedate_to_datetime(header)
    except ValueError:
        return None


async def shown(where: Addresses) -> Known | None:
    """Name and keys as the homeserver shows them, signed by themselves; None when it shows none here."""
    async with aiohttp.ClientSession(timeout=PATIENCE) as http:
        try:
            url = f"{where.keys}/_matrix/key/v2/server"
            async with http.get(url, ssl=where.verify, allow_redirects=False) as answer:
                return _read(await answer.json(content_type=None))
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None


def _read(answer: Any) -> Known | None:
    try:
        name, listed = answer["server_name"], answer["verify_keys"]
        keys = {key_id: str(entry["key"]) for key_id, entry in listed.items()}
        proven = all(_signed(answer, str(name), key_id, key) for key_id, key in keys.items())
    except (KeyError, TypeError, AttributeError, ValueError):
        return None
    return Known(str(name), keys) if keys and proven else None


def _signed(answer: Mapping[str, Any], name: str, key_id: str, key: str) -> bool:
    signature = from_unpadded(str(answer["signatures"][name][key_id]))
    return crypto.verify_raw(from_unpadded(key), canonical(answer), signature)


def identity_trouble(data: Path, url: str, found: Known) -> OtherHomeserver | OtherKey | None:
    """Is this the homeserver we met first? The first time it is remembered."""
    file = data / KEPT
    if not file.exists():
        write_whole(file, msgspec.json.encode(found).decode() + "\n")
        return None
    known = msgspec.json.decode(file.read_bytes(), type=Known)
    if known.server_name != found.server_name:
        return OtherHomeserver(url=url, found=found.server_name, known=known.server_name)
    if not known.keys.items() & found.keys.items():
        return OtherKey(name=found.server_name, file=file)
    return None


async def look_at_identity(data: Path, where: Addresses) -> Check:
    """The check of `identity_trouble`."""
    name = "homeserver's key"
    found = await shown(where)
    if found is None:
        return unchecked(name, say("It shows no signing key at {url}", url=where.keys))
    trouble = identity_trouble(data, where.client, found)
    if trouble is not None:
        return wrong(name, trouble)
    return fine(name, say("{name}, with the key we know", name=found.server_name))
