"""What a stranger sees: the homeserver. Their request goes to it and its answer comes back, as they are.

Nothing is imitated: what the homeserver answers tomorrow is what a stranger gets tomorrow. The homeserver's
own doors for its administrator stay shut from outside, as its documentation asks of every proxy.
"""

from __future__ import annotations

import posixpath
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import unquote

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

PATIENCE = aiohttp.ClientTimeout(total=60, sock_connect=5)
HOPS = frozenset({"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding"})
_NOT_SENT = HOPS | {"host", "upgrade", "expect", "content-length"}
FACE = web.ResponseKey("face", frozenset)
"""On an answer of the homeserver: the names of its headers, small. It gets no others from us."""
NOWHERE = "/_synapse"
"""A path that no homeserver answers."""


@dataclass(frozen=True, slots=True)
class Face:
    """The homeserver behind us. `url` is its client address."""

    url: Callable[[], str]
    http: aiohttp.ClientSession

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The homeserver's own answer to this request; 502 without a word when it does not answer."""
        target = URL(self.url() + shown_path(request.raw_path), encoded=True)
        body = request.content if request.can_read_body else None
        try:
            async with self.http.request(
                request.method, target, headers=_sent(request), data=body, allow_redirects=False
            ) as found:
                return await _passed(request, found)
        except (TimeoutError, aiohttp.ClientError, ValueError):
            return _marked(web.Response(status=502))


@asynccontextmanager
async def a_face(url: Callable[[], str]) -> AsyncIterator[Face]:
    """Open the connections to the homeserver, and close them again."""
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(
        cookie_jar=jar, auto_decompress=False, timeout=PATIENCE, skip_auto_headers=("User-Agent", "Accept")
    ) as http:
        yield Face(url, http)


def shown_path(path: str) -> str:
    """The path as the homeserver may hear it: what is for its administrator becomes a path of nothing."""
    plain, _, _ = path.partition("?")
    meant = _meant(plain)
    open_door = meant.startswith("/_synapse/client/") and plain.startswith("/_synapse/client/")
    if (meant + "/").startswith("/_synapse/") and not open_door:
        return NOWHERE
    return path if path.startswith("/") else "/"


def _meant(plain: str) -> str:
    """The path as the most lenient server would read it: a proxy before the homeserver may tidy it up."""
    told = unquote(unquote(plain)).replace("\\", "/")
    return posixpath.normpath(f"/{told.lstrip('/')}").casefold()


def _sent(request: web.Request) -> CIMultiDict[str]:
    """Their headers, without those that end at each hop, and where they come from."""
    kept = CIMultiDict(
        (name, value) for name, value in request.headers.items() if name.lower() not in _NOT_SENT
    )
    kept["Host"] = request.host
    if not _from_here(request.remote):  # nobody who comes from elsewhere says where they come from
        kept.popall("X-Forwarded-For", None)
    kept.setdefault("X-Forwarded-For", request.remote or "")
    if request.content_length is not None and request.can_read_body:
        kept["Content-Length"] = str(request.content_length)
    return kept


def _from_here(remote: str | None) -> bool:
    """Loopback: a proxy on this machine, whose word for the visitor's address counts."""
    return remote in ("127.0.0.1", "::1")


async def _passed(request: web.Request, found: aiohttp.ClientResponse) -> web.StreamResponse:
    headers = CIMultiDict((name, value) for name, value in found.headers.items() if name.lower() not in HOPS)
    response = _marked(web.StreamResponse(status=found.status, reason=found.reason, headers=headers))
    if found.headers.get("Content-Length") is None and found.status not in (204, 304):
        response.enable_chunked_encoding()
    await response.prepare(request)
    async for piece in found.content.iter_any():
        await response.write(piece)
    await response.write_eof()
    return response


def _marked(response: web.StreamResponse) -> web.StreamResponse:
    """Nothing of ours is put on this one."""
    response[FACE] = frozenset(name.lower() for name in response.headers)
    return response
