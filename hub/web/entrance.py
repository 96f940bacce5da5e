"""Coming in and going out: one-time links, handle and word, signing out.

A link's GET only shows a button, so that a chat program's preview burns nothing; the POST opens. Used,
expired and unknown links get the same page, wrong handles and wrong words the same answer.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from aiohttp import web

from directory.core.text import Text, say
from hub.api import sessions
from hub.api.bodies import BodyRefused
from hub.api.identity import STRANGER
from hub.api.sessions import Opened
from hub.api.turnstile import Busy
from hub.web.house import House, go, language_of
from hub.web.words import OLD_FORM

WRONG = say("That did not fit. Check both and try again. After five wrong tries, wait ten minutes.")
LONGEST_HANDLE = 200
NO_LINK = say("This link does not open anything now. Ask for a new one.")


def entrance_routes(house: House) -> list[web.RouteDef]:
    """Addresses that work without a session; hub/web/site.py puts them behind the way in."""
    return [
        web.get("", partial(_login, house=house)),
        web.get("/login", partial(_login, house=house)),
        web.post("/login", partial(_log_in, house=house)),
        web.get("/in/{code}", partial(_link, house=house)),
        web.post("/in/{code}", partial(_open_link, house=house)),
    ]


def leaving_routes(house: House) -> list[web.RouteDef]:
    """Signing out."""
    return [web.post("/logout", partial(_log_out, house=house))]


def to_login(house: House, path: str) -> web.Response:
    """Not signed in: ask who it is, then go on to where they wanted to be."""
    return web.Response(status=303, headers={"Location": f"{house.entrance()}?next={path}"})


def _next(house: House, wanted: str) -> str:
    return wanted if wanted in house.pages else "/"


async def _login(request: web.Request, *, house: House) -> web.Response:
    return entrance(request, house, "login.html", {"next": _next(house, request.query.get("next", "/"))})


async def _log_in(request: web.Request, *, house: House) -> web.Response:
    try:
        form = await house.form(request, request.cookies.get(house.cookies.form, ""))
    except BodyRefused as refused:
        return _refused(request, house, refused)
    target, handle = _next(house, form.one("next", "/")), form.one("handle")[:LONGEST_HANDLE]
    values = {"next": target, "handle": handle}
    try:
        async with house.runner.turnstile.through(), house.runner.turns(STRANGER) as turn:
            before = request.cookies.get(house.cookies.session, "")
            opened = await sessions.log_in(turn, handle, form.one("word"), before)
    except Busy as busy:
        return entrance(request, house, "login.html", values, busy.text, 503)
    if opened is None:
        return entrance(request, house, "login.html", values, WRONG, 422)
    return welcome(house, opened, target)


async def _link(request: web.Request, *, house: House) -> web.Response:
    return entrance(request, house, "in.html", {})


async def _open_link(request: web.Request, *, house: House) -> web.Response:
    try:
        await house.form(request, request.cookies.get(house.cookies.form, ""))
    except BodyRefused as refused:
        return _refused(request, house, refused)
    async with house.runner.turns(STRANGER) as turn:
        opened = await sessions.open_link(turn, request.match_info["code"])
    if opened is None:
        return entrance(request, house, "in.html", {}, NO_LINK, 422)
    return welcome(house, opened, "/")


async def _log_out(request: web.Request, *, house: House) -> web.Response:
    who = await house.known(request)
    if who is None:
        return go(house.entrance())
    await house.form(request, who.code)
    async with house.runner.turns(who.viewer) as turn:
        await sessions.log_out(turn, who)
    response = go(house.entrance())
    house.cookies.take(response, house.cookies.session)
    return response


def welcome(house: House, opened: Opened, path: str) -> web.Response:
    """Somebody came in: the cookie of their session, and on to `path`."""
    response = go(path)
    house.cookies.give(response, house.cookies.session, opened.code)
    house.cookies.take(response, house.cookies.form)
    return response


def _refused(request: web.Request, house: House, refused: BodyRefused) -> web.Response:
    if refused.status != 403:
        raise refused
    at_login = request.path == house.entrance()
    values = {"next": "/"} if at_login else {}
    template = "login.html" if at_login else "in.html"
    return entrance(request, house, template, values, OLD_FORM, 403)


def entrance(
    request: web.Request,
    house: House,
    template: str,
    values: dict[str, Any],
    error: Text | None = None,
    status: int = 200,
) -> web.Response:
    """A page for somebody without a session; its form is bound to a cookie of its own."""
    code = request.cookies.get(house.cookies.form) or house.guard.chance(16).hex()
    path = house.entrance() if template == "login.html" else request.path
    shown = {
        "handle": "",
        "errors": () if error is None else (error,),
        "mark": house.mark(code, path),
        "path": path,
        **values,
    }
    response = house.html(template, language_of(request), shown, status)
    house.cookies.give(response, house.cookies.form, code)
    return response
