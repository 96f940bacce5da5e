"""Who a request comes from: a session cookie, a machine's token, or nobody."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from directory.core.viewer import Lane, Viewer
from directory.turn import Turn
from hub.api import sessions
from hub.api.tokens import Machine, machine

STRANGER = Viewer(Lane.PAGE)
PRIVATE_PORT = web.AppKey("private port", int)
"""The second port of the door, for an onion service or a private network; 0 for none."""


@dataclass(frozen=True, slots=True)
class Cookies:
    """Names and attributes of our cookies: host-only, not for scripts, same site only.

    The name holds the first digits of the network's id: two hubs on one machine share a cookie jar,
    because browsers do not keep ports apart. `secure` is off only where there is no TLS (loopback, onion).
    """

    home: str
    secure: bool

    @property
    def session(self) -> str:
        """The cookie that names a session."""
        return self._name("ayni")

    @property
    def form(self) -> str:
        """The cookie that binds a form filled in before there is a session."""
        return self._name("ayni-form")

    @property
    def way(self) -> str:
        """The cookie of a browser that came by the address members are given."""
        return self._name("ayni-way")

    def _name(self, base: str) -> str:
        name = f"{base}-{self.home[:8]}"
        return f"__Host-{name}" if self.secure else name

    def give(self, response: web.StreamResponse, name: str, code: str) -> None:
        """Set a cookie that ends with the browser."""
        response.set_cookie(name, code, httponly=True, samesite="Strict", secure=self.secure, path="/")

    def take(self, response: web.Response, name: str) -> None:
        """Take a cookie back."""
        response.del_cookie(name, httponly=True, samesite="Strict", secure=self.secure, path="/")


def bearer(request: web.Request) -> str | None:
    """The secret of an Authorization header, if there is one."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" and secret.strip() else None


async def caller(turn: Turn, request: web.Request, cookies: Cookies) -> sessions.Known | Machine | None:
    """The session or token behind a request. With a bearer header the cookie is not looked at."""
    if (secret := bearer(request)) is not None:
        who = await machine(turn, secret)
        return None if who is not None and who.is_technician and not on_this_machine(request) else who
    code = request.cookies.get(cookies.session)
    return await sessions.known(turn, code) if code else None


def from_elsewhere(request: web.Request) -> bool:
    """Did another site make the browser send this? (Fetch Metadata; absent in old browsers.)"""
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")


def on_this_machine(request: web.Request) -> bool:
    """From loopback and not through a proxy: whoever stands behind one is somewhere else.

    Nor through the private port: an onion service's visitors all come from loopback.
    """
    if on_private_port(request):
        return False
    proxied = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"))
    return not proxied and request.remote in ("127.0.0.1", "::1")


def on_private_port(request: web.Request) -> bool:
    """Through the port that the administrator gave to an onion service or a private network."""
    wanted = request.config_dict.get(PRIVATE_PORT, 0)
    name = request.transport.get_extra_info("sockname") if request.transport is not None else None
    return bool(wanted) and isinstance(name, tuple) and name[1] == wanted
