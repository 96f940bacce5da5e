"""The page on which somebody comes in with only a browser: the code, and the two words said aloud.

An unknown, used or expired code and wrong words get one and the same answer, byte for byte: nothing that was
typed stands in it. Guessing is bounded by the code, which ends after a few wrong words.
"""

from __future__ import annotations

from functools import partial

from aiohttp import web

from directory import joining
from directory.core.text import say
from directory.languages import autonym, known
from hub.api import sessions
from hub.api.bodies import BodyRefused
from hub.api.identity import STRANGER
from hub.api.sessions import Opened
from hub.web.entrance import entrance, welcome
from hub.web.house import House, language_of
from hub.web.words import OLD_FORM

NOT_IN = say("That does not fit. Check the code and the two words. If they are old, ask for new ones.")
NEXT = "/begin"


def coming_in_routes(house: House) -> list[web.RouteDef]:
    """Behind the way in, without a session."""
    return [
        web.get("/join", partial(_shown, house=house)),
        web.post("/join", partial(_come_in, house=house)),
    ]


async def _shown(request: web.Request, *, house: House) -> web.Response:
    return entrance(request, house, "join.html", _languages())


async def _come_in(request: web.Request, *, house: House) -> web.Response:
    try:
        form = await house.form(request, request.cookies.get(house.cookies.form, ""))
    except BodyRefused as refused:
        if refused.status != 403:
            raise
        return entrance(request, house, "join.html", _languages(), OLD_FORM, 403)
    typed = f"{form.one('code')} {form.one('spoken')}"
    opened = await _opened(house, typed, language_of(request))
    if opened is None:
        return entrance(request, house, "join.html", _languages(), NOT_IN, 422)
    return welcome(house, opened, NEXT)


async def _opened(house: House, typed: str, locale: str) -> Opened | None:
    async with house.runner.turns(STRANGER) as turn:
        entered = await joining.enter_by_page(turn, typed, locale)
        return None if entered is None else await sessions.begin(turn, entered.member)


def _languages() -> dict[str, list[dict[str, str]]]:
    return {"languages": [{"key": key, "name": autonym(key)} for key in known()]}
