"""POST /graphql: a trusted document by its id, or an open query for a token that may; JSON only, behind a
header no form can send.

Answers to programs with a token are compressed when they ask for it: no page can make a browser send a
token, so nothing an attacker chose stands beside a secret. Answers by cookie never are (decision 25).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any

import msgspec
from aiohttp import web

from directory.core.viewer import Viewer
from hub.api.bodies import JSON_LIMIT, BodyRefused, read_bounded
from hub.api.codes import CLIENT_HEADER, FIXES
from hub.api.contract import Trusted
from hub.api.identity import STRANGER, Cookies, bearer, caller, from_elsewhere
from hub.api.open_queries.reading import shape
from hub.api.open_queries.running import OpenRunner
from hub.api.quick.allies import body as whole
from hub.api.quick.serving import Quick
from hub.api.rates import Left, Rates
from hub.api.run import Answer, Runner
from hub.api.shield import REQUEST_ID
from hub.api.tokens import INTROSPECT, OPEN, Machine, used

COMPRESS_OVER = 1024
GRAPHQL_JSON = "application/graphql-response+json"
LEFT = web.RequestKey("left", Left)
OPEN_QUERY = "open query"


class Refused(Exception):
    """A request that is answered before anything is run."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class Request(msgspec.Struct, frozen=True):
    """The body: either a documentId, or the text of an open query."""

    documentId: str = ""
    variables: dict[str, Any] | None = None
    query: str | None = None


@dataclass(frozen=True, slots=True)
class Api:
    """What answers at /graphql."""

    runner: Runner
    cookies: Cookies
    open: OpenRunner
    rates: Rates
    quick: Quick | None = None
    """The reads that are written by hand; None: there are none."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what they may ask: a trusted document, or, when that is None, an open query."""

    viewer: Viewer
    counted_as: str
    trusted: Trusted | None
    introspect: bool = False


async def answer(request: web.Request, api: Api) -> web.Response:
    """The HTTP answer to one GraphQL request."""
    try:
        body = await _body(request)
        if api.quick is not None and (ready := await _by_hand(request, api, api.quick, body)) is not None:
            return ready
        who = await _caller(request, api, body)
        if who.trusted is None:
            return await _open(request, api, body, who)
    except Refused as refused:
        return _refusal(request, refused)
    result = await api.runner.run(body.documentId, body.variables or {}, who.viewer)
    response = _json(request, HTTPStatus.OK, result)
    if who.trusted.until is not None:
        response.headers["Sunset"] = format_datetime(who.trusted.until.astimezone(UTC), usegmt=True)
    return response


async def _by_hand(request: web.Request, api: Api, quick: Quick, body: Request) -> web.Response | None:
    """The answer of a read that is written by hand (hub/api/quick), counted like any other."""
    visitor = None if body.query is not None else await quick.visitor(request, api.cookies, body.documentId)
    if visitor is None:
        return None
    _count(request, api.rates.request(visitor.viewer.member or ""))
    data = quick.answer(visitor, body.variables or {})
    if data is None:
        return None
    response = web.Response(body=whole(data, request[REQUEST_ID]), content_type=GRAPHQL_JSON)
    if (left := request.get(LEFT)) is not None:
        response.headers.update(left.headers())
    return response


async def _open(request: web.Request, api: Api, body: Request, who: Caller) -> web.Response:
    _count(request, api.rates.open_query(who.counted_as))
    outcome = await api.open.run(
        body.query or "", body.variables or {}, who.viewer, introspect=who.introspect
    )
    if outcome.cost is not None and (left := api.rates.open_query(who.counted_as, outcome.cost)) is not None:
        request[LEFT] = left
    extensions = {"cost": {"points": outcome.cost, "limit": api.open.limits.cost}}
    status = HTTPStatus.BAD_REQUEST if outcome.refused else HTTPStatus.OK
    return _json(request, status, outcome.answer, extensions)


async def _body(request: web.Request) -> Request:
    if request.method != "POST":
        raise Refused(405, "NOT_POST")
    if request.content_type != "application/json":
        raise Refused(415, "NOT_JSON")
    if not request.headers.get(CLIENT_HEADER):
        raise Refused(400, "NO_CLIENT_HEADER")
    if from_elsewhere(request):
        raise Refused(403, "OTHER_SITE")
    try:
        body = msgspec.json.decode(await read_bounded(request, JSON_LIMIT), type=Request)
    except (msgspec.MsgspecError, RecursionError):  # RecursionError: brackets in brackets, thousands of them
        raise Refused(400, "BAD_JSON") from None
    except BodyRefused as refused:
        raise Refused(refused.status, refused.code) from None
    if body.variables and not shape(body.variables):
        raise Refused(400, "TOO_NESTED")
    return body


async def _caller(request: web.Request, api: Api, body: Request) -> Caller:
    async with api.runner.turns(STRANGER) as turn:
        who, now = await caller(turn, request, api.cookies), turn.now
    if who is None:
        raise Refused(401, "SIGN_IN")
    machine = who if isinstance(who, Machine) else None
    counted_as = machine.id if machine is not None else who.viewer.member or ""
    if LEFT not in request and (machine is None or not machine.is_technician):
        _count(request, api.rates.request(counted_as))
    trusted = _asked_for(api, body, machine, now)
    if machine is not None:
        async with api.runner.turns(who.viewer) as turn:
            await used(turn, machine, OPEN_QUERY if trusted is None else trusted.name)
    introspect = machine is not None and INTROSPECT in machine.scopes
    return Caller(who.viewer, counted_as, trusted, introspect)


def _asked_for(api: Api, body: Request, machine: Machine | None, now: datetime) -> Trusted | None:
    """The trusted document; None for an open query by a token that may ask one. Raises Refused."""
    if body.query is not None:
        if machine is None or OPEN not in machine.scopes:
            raise Refused(400, "OPEN_QUERIES_OFF")
        if body.documentId:
            raise Refused(400, "ONE_OF")
        return None
    trusted = api.runner.contract.by_id.get(body.documentId)
    if trusted is None:
        raise Refused(400, "UNKNOWN_DOCUMENT")
    if trusted.until is not None and now >= trusted.until:
        raise Refused(410, "DOCUMENT_ENDED")
    if trusted.live:
        raise Refused(400, "WATCH_IT")
    if machine is not None and not machine.may_run(trusted.name):
        raise Refused(403, "NOT_IN_SCOPE")
    return trusted


def _count(request: web.Request, left: Left | None) -> None:
    if left is not None:
        request[LEFT] = left
        if left.wait:
            raise Refused(429, "TOO_MANY_REQUESTS")


def _refusal(request: web.Request, refused: Refused) -> web.Response:
    error = {
        "message": FIXES[refused.code],
        "extensions": {"code": refused.code, "fix": FIXES[refused.code]},
    }
    response = _json(request, refused.status, {"errors": [error]})
    if refused.status == HTTPStatus.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = "POST"
    return response


def _json(
    request: web.Request, status: int, result: Answer, extensions: dict[str, Any] | None = None
) -> web.Response:
    result["extensions"] = {"requestId": request[REQUEST_ID], **(extensions or {})}
    encoded = msgspec.json.encode(result)
    response = web.Response(status=status, body=encoded, content_type=GRAPHQL_JSON)
    if (left := request.get(LEFT)) is not None:
        response.headers.update(left.headers())
    if bearer(request) is not None:
        response.headers["Vary"] = "Accept-Encoding"
        if len(encoded) > COMPRESS_OVER:
            response.enable_compression()
    return response
