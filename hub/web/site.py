"""The routes of the pages: each runs trusted documents in process; a button answers by going somewhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from aiohttp import web

from directory.core.verdicts import Verdict
from hub.api.bodies import BodyRefused, Form
from hub.api.ruled import cover, thing_verdict
from hub.api.run import Answer
from hub.api.sessions import Known
from hub.api.shield import neutral
from hub.way_in import same
from hub.web.coming_in import coming_in_routes
from hub.web.entrance import entrance_routes, leaving_routes, to_login
from hub.web.frames import SAID, Again, Ask, Failed, Go, Outcome, Page, Show
from hub.web.house import House, go
from hub.web.render import CSS, CSS_PATH
from hub.web.words import OLD_FORM, word_given

CSS_HEADERS = {"Cache-Control": "private, max-age=31536000, immutable"}


def routes(house: House) -> list[web.RouteDef]:
    """Every address of the pages, for hub/api/door.make_app. Raises Unguarded for a page without a rule."""
    cover(page.thing for page in house.pages.values())
    made = [web.get(CSS_PATH, _css), *leaving_routes(house)]
    for page in house.pages.values():
        made.append(web.get(page.path, partial(_get, house=house, page=page)))
        made.append(web.post(page.path, partial(_post, house=house, page=page)))
    return [
        *made,
        *(_behind_the_way_in(house, route) for route in (*entrance_routes(house), *coming_in_routes(house))),
    ]


def _behind_the_way_in(house: House, route: web.RouteDef) -> web.RouteDef:
    """The same route under the part of the address that nobody can guess, whatever that is today."""

    async def checked(request: web.Request) -> web.StreamResponse:
        if not same(request.match_info["way"], house.way()):
            return neutral(404)
        return await route.handler(request)

    return web.RouteDef(route.method, "/{way}" + route.path, checked, route.kwargs)


async def _css(_request: web.Request) -> web.Response:
    return web.Response(body=CSS, content_type="text/css", charset="utf-8", headers=CSS_HEADERS)


async def _get(request: web.Request, *, house: House, page: Page) -> web.Response:
    who = await house.known(request)
    if who is None:
        return to_login(house, page.path)
    if not _may_open(who, page):
        return neutral(404)
    return await _shown(house, page, who, _ask(house, who, request.query))


async def _post(request: web.Request, *, house: House, page: Page) -> web.Response:
    who = await house.known(request)
    if who is None:
        return to_login(house, page.path)
    if not _may_open(who, page):
        return neutral(404)
    try:
        form = await house.form(request, who.code)
    except BodyRefused as refused:
        if refused.status != 403:
            raise
        return await _shown(house, page, who, _ask(house, who, {}), errors=(OLD_FORM,), status=403)
    act = page.acts.get(form.one("do"))
    if act is None:
        return neutral(400)
    who, wrong = await word_given(house, who, form)
    ask = _ask(house, who, request.query, form)
    outcome: Outcome = Again((wrong,)) if wrong else await _tried(act(ask))
    if isinstance(outcome, Go):
        return go(outcome.path, outcome.said)
    if isinstance(outcome, Show):
        return _page(house, page, who, outcome, ask)
    return await _shown(house, page, who, ask, errors=outcome.errors, status=422)


async def _tried(act: Any) -> Outcome:
    try:
        outcome: Outcome = await act
    except Failed as failed:
        return Again((failed.message,))
    return outcome


async def _shown(
    house: House, page: Page, who: Known, ask: Ask, *, errors: tuple[Any, ...] = (), status: int = 200
) -> web.Response:
    try:
        outcome = await page.show(ask)
    except Failed as failed:
        if failed.code == "NOT_YOURS":
            return neutral(404)
        values = {"errors": (failed.message, *errors), "title": page.name}
        return _page(house, page, who, Show("trouble.html", values), ask, status=503)
    if isinstance(outcome, Go):
        return go(outcome.path, outcome.said)
    if not isinstance(outcome, Show):
        return await _page_again(house, page, who, outcome, ask)
    return _page(house, page, who, outcome, ask, errors=errors, status=status)


async def _page_again(house: House, page: Page, who: Known, outcome: Again, ask: Ask) -> web.Response:
    values = {"errors": outcome.errors, "title": page.name}
    return _page(house, page, who, Show("trouble.html", values), ask, status=422)


def _page(
    house: House,
    page: Page,
    who: Known,
    shown: Show,
    ask: Ask,
    *,
    errors: tuple[Any, ...] = (),
    status: int = 200,
) -> web.Response:
    values = {
        "page": page,
        "viewer": who.viewer,
        "now": who.now,
        "word_fresh": ask.word_fresh,
        "menu_pages": [each for each in house.pages.values() if _may_open(who, each)],
        "mark": lambda path=page.path: house.mark(who.code, path),
        "said": SAID.get(ask.query.get("said", "")),
        "errors": errors,
        "form": ask.form,
        "refresh": shown.refresh,
        **shown.values,
    }
    return house.html(shown.template, who.viewer.locale, values, status)


def _may_open(who: Known, page: Page) -> bool:
    return thing_verdict(page.thing, who.viewer) is Verdict.SHOW


def _ask(house: House, who: Known, query: Mapping[str, str], form: Form | None = None) -> Ask:
    async def run(operation: str, variables: Mapping[str, Any]) -> Answer:
        return await house.runner.run(operation, variables, who.viewer)

    member = who.session.member
    return Ask(
        viewer=who.viewer,
        query=query,
        run=run,
        keep=partial(house.keep, member),
        kept=partial(house.kept, member),
        form=form or Form(),
        word_fresh=who.word_fresh,
    )
