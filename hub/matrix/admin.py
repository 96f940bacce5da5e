"""Make accounts on a homeserver, and sign in to them: plain HTTP, before any Matrix client exists."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp

from hub.trouble import Trouble


class HomeserverUnreachable(Trouble):
    """The homeserver at {url} does not answer. Is it running, and is the address in the settings right?"""


class NameTaken(Trouble):
    """The homeserver has an account named {name} already. Choose another name."""

    needs_person = True


class SecretRefused(Trouble):
    """The homeserver at {url} does not accept the registration secret. Its settings must name the same
    secret (registration_shared_secret) as the hub's."""

    needs_person = True


class SignInRefused(Trouble):
    """The homeserver at {url} does not accept the name {name} with this password."""

    needs_person = True


class HomeserverRefused(Trouble):
    """The homeserver at {url} refused: {code}."""


@dataclass(frozen=True, slots=True)
class Account:
    """A signed-in device. `token` is a secret as strong as the password."""

    user_id: str
    device_id: str
    token: str


class Homeserver:
    """One homeserver, by its client address. `secret` is its registration secret, where accounts are made."""

    def __init__(self, base_url: str, session: aiohttp.ClientSession, *, secret: str = "") -> None:
        self.base_url = base_url.rstrip("/")
        self._session = session
        self._secret = secret

    async def register(self, name: str, password: str, *, admin: bool = False) -> Account:
        """Make an account with its first device (Synapse: POST /_synapse/admin/v1/register).

        Raises NameTaken, SecretRefused, HomeserverUnreachable, HomeserverRefused.
        """
        return self._account(await self._made(name, password, admin=admin))

    async def reserve(self, name: str, password: str) -> str:
        """Make an account and no device: its Matrix id. Whoever it is for signs in first; we never hold a
        token of theirs. Raises as `register`.
        """
        answer = await self._made(name, password, inhibit_login=True)
        if "user_id" not in answer:
            raise HomeserverRefused(url=self.base_url, code=answer.get("errcode", "an unknown answer"))
        return str(answer["user_id"])

    async def _made(self, name: str, password: str, *, admin: bool = False, **more: object) -> dict[str, Any]:
        path = "/_synapse/admin/v1/register"
        nonce = (await self._call("GET", path))["nonce"]
        proof = _proof(self._secret, nonce, name, password, admin)
        body = {"nonce": nonce, "username": name, "password": password, "admin": admin, "mac": proof}
        answer = await self._call("POST", path, {**body, **more})
        code = answer.get("errcode")
        if code == "M_USER_IN_USE":
            raise NameTaken(name=name)
        if answer.get("error") == "HMAC incorrect":
            raise SecretRefused(url=self.base_url)
        return answer

    async def login(self, name: str, password: str, *, device_id: str | None = None) -> Account:
        """Sign in, on a new device or again on `device_id`. `name` is a local part or a whole Matrix id.

        Raises SignInRefused, HomeserverUnreachable, HomeserverRefused.
        """
        body: dict[str, Any] = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": name},
            "password": password,
        }
        if device_id is not None:
            body["device_id"] = device_id
        answer = await self._call("POST", "/_matrix/client/v3/login", body)
        if answer.get("errcode") == "M_FORBIDDEN":
            raise SignInRefused(url=self.base_url, name=name)
        return self._account(answer)

    async def lift_limits(self, user_id: str, admin_token: str) -> None:
        """Let a bot send as fast as it must in an alarm. `admin_token` is an administrator's."""
        path = f"/_synapse/admin/v1/users/{user_id}/override_ratelimit"
        answer = await self._call("POST", path, {"messages_per_second": 0, "burst_count": 0}, admin_token)
        if "errcode" in answer:
            raise HomeserverRefused(url=self.base_url, code=answer["errcode"])

    async def sign_out(self, user_id: str, admin_token: str) -> int:
        """End every device of somebody on this homeserver; how many there were (Synapse admin API, v2).

        Raises HomeserverUnreachable, HomeserverRefused.
        """
        path = f"/_synapse/admin/v2/users/{quote(user_id)}"
        answer = await self._call("GET", f"{path}/devices", None, admin_token)
        if "devices" not in answer:
            raise HomeserverRefused(url=self.base_url, code=answer.get("errcode", "an unknown answer"))
        devices = [str(one["device_id"]) for one in answer["devices"]]
        if devices:
            ended = await self._call("POST", f"{path}/delete_devices", {"devices": devices}, admin_token)
            if "errcode" in ended:
                raise HomeserverRefused(url=self.base_url, code=ended["errcode"])
        return len(devices)

    async def close_account(self, user_id: str, admin_token: str) -> None:
        """End an account for good. Raises HomeserverUnreachable, HomeserverRefused."""
        path = f"/_synapse/admin/v1/deactivate/{quote(user_id)}"
        answer = await self._call("POST", path, {"erase": True}, admin_token)
        if "errcode" in answer:
            raise HomeserverRefused(url=self.base_url, code=answer["errcode"])

    def _account(self, answer: dict[str, Any]) -> Account:
        if "access_token" not in answer:
            raise HomeserverRefused(url=self.base_url, code=answer.get("errcode", "an unknown answer"))
        return Account(answer["user_id"], answer["device_id"], answer["access_token"])

    async def _call(
        self, method: str, path: str, body: dict[str, Any] | None = None, token: str | None = None
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            async with self._session.request(
                method, self.base_url + path, json=body, headers=headers
            ) as response:
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as failure:
            raise HomeserverUnreachable(url=self.base_url) from failure
        if not isinstance(answer, dict):
            raise HomeserverUnreachable(url=self.base_url)
        return answer


def _proof(secret: str, nonce: str, name: str, password: str, admin: bool) -> str:
    words = "\0".join((nonce, name, password, "admin" if admin else "notadmin"))
    return hmac.new(secret.encode(), words.encode(), hashlib.sha1).hexdigest()
