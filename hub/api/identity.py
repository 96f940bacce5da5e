"""Who a request comes from: a session cookie, a machine's token, or nobody."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from directory.core.viewer import Lane, Role, Viewer
from directory.turn import Turn
from hub.api import sessions
from hub.store import tokens as token_store

STRANGER = Viewer(Lane.PAGE)
ROLE_SCOPE = "role:"


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

    def _name(self, base: str) -> str:
        name = f"{base}-{self.home[:8]}"
        return f"__Host-{name}" if self.secure else name

    def give(self, response: web.Response, name: str, code: str) -> None:
        """Set a cookie that ends with the browser."""
        response.set_cookie(name, code, httponly=True, samesite="Strict", secure=self.secure, path="/")

    def take(self, response: web.Response, name: str) -> None:
        """Take a cookie back."""
        response.del_cookie(name, httponly=True, samesite="Strict", secure=self.secure, path="/")


@dataclass(frozen=True, slots=True)
class Machine:
    """A token's bearer: a viewer without a member, and the operations it may run."""

    viewer: Viewer
    scopes: frozenset[str]

    def may_run(self, operation: str) -> bool:
        """Is this operation named in the token's scopes?"""
        return operation in self.scopes


async def machine(turn: Turn, secret: str) -> Machine | None:
    """Whose token this is; None for anything unknown, revoked or expired."""
    row = await token_store.token(turn.tx, turn.guard.digest("token", secret), turn.now)
    if row is None:
        return None
    roles = frozenset(
        Role(scope.removeprefix(ROLE_SCOPE)) for scope in row.scopes if scope.startswith(ROLE_SCOPE)
    )
    return Machine(Viewer(Lane.TOKEN, roles=roles), row.scopes)


def bearer(request: web.Request) -> str | None:
    """The secret of an Authorization header, if there is one."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" and secret.strip() else None


async def caller(turn: Turn, request: web.Request, cookies: Cookies) -> sessions.Known | Machine | None:
    """The session or token behind a request. With a bearer header the cookie is not looked at."""
    if (secret := bearer(request)) is not None:
        return await machine(turn, secret)
    code = request.cookies.get(cookies.session)
    return await sessions.known(turn, code) if code else None


def from_elsewhere(request: web.Request) -> bool:
    """Did another site make the browser send this? (Fetch Metadata; absent in old browsers.)"""
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")
