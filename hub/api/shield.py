"""What every answer of the door carries, and what it never says: headers, request ids, neutral errors."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from hub.api.bodies import BodyRefused
from hub.api.face import FACE

CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-DNS-Prefetch-Control": "off",
}
REQUEST_ID = web.RequestKey("request_id", str)
Trouble = Callable[[str, BaseException], None]


def neutral(status: int) -> web.Response:
    """An answer that says nothing about what is here."""
    phrases = {404: "Not found", 405: "Not allowed", 500: "Error"}
    return web.Response(status=status, text=phrases.get(status, "Refused") + "\n")


async def dress(_request: web.Request, response: web.StreamResponse) -> None:
    """Put the headers on every answer of ours, and take our server's name off all."""
    if (theirs := response.get(FACE)) is not None:
        for name in {"Server", "Content-Type"} - {name.title() for name in theirs}:
            response.headers.popall(name, None)
        return
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.popall("Server", None)


def shield(ids: Callable[[], str], trouble: Trouble) -> Middleware:
    """The outermost middleware: gives each request an id and lets no error text out."""

    @web.middleware
    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        request[REQUEST_ID] = ids()[:12]
        try:
            return await handler(request)
        except BodyRefused as refused:
            return neutral(refused.status)
        except web.HTTPException as raised:
            if raised.status in (301, 302, 303, 307, 308):
                raise
            return neutral(404 if raised.status in (404, 405) else raised.status)
        except Exception as unexpected:  # noqa: BLE001 — told to the technician, never to the caller
            trouble("door", unexpected)
            return neutral(500)

    return around
