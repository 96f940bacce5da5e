"""POST /graphql: a trusted document by its id, JSON only, behind a header no form can send."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec
from aiohttp import web

from directory.core.viewer import Viewer
from hub.api.bodies import JSON_LIMIT, BodyRefused, read_bounded
from hub.api.identity import STRANGER, Cookies, caller, from_elsewhere
from hub.api.run import Answer, Runner
from hub.api.shield import REQUEST_ID
from hub.api.tokens import Machine, used

CLIENT_HEADER = "Ayni-Client"
FIXES = {
    "NOT_POST": "Send a POST request.",
    "NOT_JSON": "Set Content-Type to application/json.",
    "NO_CLIENT_HEADER": f"Add a header {CLIENT_HEADER} with the name of your program.",
    "OTHER_SITE": "Ask from a program or from this hub's own pages, not from another site.",
    "BAD_JSON": 'Send one JSON object: {"documentId": "sha256:…", "variables": {…}}.',
    "OPEN_QUERIES_OFF": "Send the documentId of a trusted document, not a query text.",
    "TOO_BIG": f"Keep the body under {JSON_LIMIT} bytes.",
    "TOO_SLOW": "Send the whole body at once.",
    "COMPRESSED_BODY": "Send the body without Content-Encoding.",
    "SIGN_IN": "Send a token in the Authorization header, or sign in on the pages first.",
    "NOT_IN_SCOPE": "Ask an administrator for a token that names this operation.",
    "UNKNOWN_DOCUMENT": "Use an id from graphql/trusted.json of this hub's version.",
}


class Refused(Exception):
    """A request that is answered before anything is run."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class Request(msgspec.Struct, frozen=True):
    """The body. `query` is looked at only to say that it is not taken."""

    documentId: str = ""
    variables: dict[str, Any] | None = None
    query: str | None = None


async def answer(request: web.Request, runner: Runner, cookies: Cookies) -> web.Response:
    """The HTTP answer to one GraphQL request."""
    try:
        body = await _body(request)
        viewer = await _viewer(request, runner, cookies, body)
    except Refused as refused:
        return _refusal(request, refused)
    result = await runner.run(body.documentId, body.variables or {}, viewer)
    return _json(request, HTTPStatus.OK, result)


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
    except msgspec.MsgspecError:
        raise Refused(400, "BAD_JSON") from None
    except BodyRefused as refused:
        raise Refused(refused.status, refused.code) from None
    if body.query is not None:
        raise Refused(400, "OPEN_QUERIES_OFF")
    return body


async def _viewer(request: web.Request, runner: Runner, cookies: Cookies, body: Request) -> Viewer:
    async with runner.turns(STRANGER) as turn:
        who = await caller(turn, request, cookies)
    if who is None:
        raise Refused(401, "SIGN_IN")
    trusted = runner.contract.by_id.get(body.documentId)
    if trusted is None:
        raise Refused(400, "UNKNOWN_DOCUMENT")
    if isinstance(who, Machine) and not who.may_run(trusted.name):
        raise Refused(403, "NOT_IN_SCOPE")
    if isinstance(who, Machine):
        async with runner.turns(who.viewer) as turn:
            await used(turn, who, trusted.name)
    return who.viewer


def _refusal(request: web.Request, refused: Refused) -> web.Response:
    error = {
        "message": FIXES[refused.code],
        "extensions": {"code": refused.code, "fix": FIXES[refused.code]},
    }
    response = _json(request, refused.status, {"errors": [error]})
    if refused.status == HTTPStatus.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = "POST"
    return response


def _json(request: web.Request, status: int, result: Answer) -> web.Response:
    result["extensions"] = {"requestId": request[REQUEST_ID]}
    return web.Response(
        status=status, body=msgspec.json.encode(result), content_type="application/graphql-response+json"
    )
