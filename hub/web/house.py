"""What all pages share: the renderer, the cookies, the runner, and the marks that forms carry."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from directory.core.viewer import Viewer
from directory.crypto import CannotOpen
from directory.languages import choose, complete
from directory.store.guarded import Guard
from hub.api import sessions
from hub.api.bodies import BodyRefused, Form, read_form
from hub.api.identity import STRANGER, Cookies, from_elsewhere
from hub.api.run import Runner
from hub.api.sessions import Known
from hub.web.frames import Page
from hub.web.render import Renderer

MARK = "mark"


@dataclass(frozen=True, slots=True)
class House:
    """Built once in hub/node.py and handed to every route."""

    runner: Runner
    cookies: Cookies
    draw: Renderer
    pages: Mapping[str, Page]
    guard: Guard
    way: Callable[[], str]
    """The part of the address that nobody can guess."""

    def entrance(self, path: str = "/login") -> str:
        """Where a path lies that works without a session."""
        return f"/{self.way()}{path}"

    async def known(self, request: web.Request) -> Known | None:
        """Who is signed in on this browser."""
        code = request.cookies.get(self.cookies.session)
        if not code:
            return None
        async with self.runner.turns(STRANGER) as turn:
            return await sessions.known(turn, code)

    def mark(self, code: str, path: str) -> str:
        """What a form that posts to `path` must carry."""
        return sessions.form_mark(self.guard, code, path)

    def keep(self, member: str, text: str) -> str:
        """Seal a text for one member, so that it can stand in an address without saying anything."""
        sealed = self.guard.seal("pages", "kept", member, text, watch=True)
        return urlsafe_b64encode(sealed).decode().rstrip("=")

    def kept(self, member: str, value: str) -> str | None:
        """Open what `keep` sealed for this member; None for anything else."""
        try:
            sealed = urlsafe_b64decode(value + "=" * (-len(value) % 4))
            return self.guard.open("pages", "kept", member, sealed, watch=True).decode()
        except (ValueError, CannotOpen):
            return None

    async def form(self, request: web.Request, code: str) -> Form:
        """A posted form that came from our own page. Raises BodyRefused (403) for one that did not."""
        form = await read_form(request)
        if from_elsewhere(request) or not code:
            raise BodyRefused(403, "OTHER_SITE")
        if not sessions.same_mark(form.one(MARK), self.mark(code, request.path)):
            raise BodyRefused(403, "OTHER_SITE")
        return form

    def html(self, template: str, locale: str, values: Mapping[str, Any], status: int = 200) -> web.Response:
        """A drawn page."""
        return web.Response(
            status=status,
            text=self.draw(template, locale, values),
            content_type="text/html",
            headers={"Content-Language": complete(locale), "Vary": "Cookie, Accept-Language"},
        )


def language_of(request: web.Request, viewer: Viewer | None = None) -> str:
    """The member's own language, else what the browser asks for."""
    preferred = viewer.locale if viewer is not None else request.query.get("language")
    return choose(request.headers.get("Accept-Language"), preferred=preferred)


def go(path: str, said: str | None = None) -> web.Response:
    """See the other page (303): a reload never repeats a button."""
    return web.Response(status=303, headers={"Location": f"{path}?said={said}" if said else path})
