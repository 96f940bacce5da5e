"""Bodies, read with a limit and a deadline. What is too big or too slow is given up before it is kept."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

JSON_LIMIT = 64 * 1024
FORM_LIMIT = 256 * 1024
FILE_LIMIT = 4 * 1024 * 1024
FIELDS_LIMIT = 200
READ_WITHIN = 20.0
"""Seconds a body may take to arrive."""


class BodyRefused(Exception):
    """What was sent is too big, too slow or not of the kind this place takes. `status` is the HTTP answer."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Form:
    """Fields of a posted form; a field may be there several times. `files` holds uploads by field name."""

    fields: tuple[tuple[str, str], ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)

    def one(self, name: str, default: str = "") -> str:
        """The first value of a field, without spaces around it."""
        return next((value.strip() for key, value in self.fields if key == name), default)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field that is not empty."""
        return tuple(value.strip() for key, value in self.fields if key == name and value.strip())


async def read_bounded(request: web.Request, limit: int) -> bytes:
    """The whole body, or BodyRefused (413, 408). A declared length over the limit is not read at all."""
    if request.content_length is not None and request.content_length > limit:
        raise BodyRefused(413, "TOO_BIG")
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise BodyRefused(415, "COMPRESSED_BODY")
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(READ_WITHIN):
            async for part in request.content.iter_any():
                size += len(part)
                if size > limit:
                    raise BodyRefused(413, "TOO_BIG")
                parts.append(part)
    except TimeoutError:
        raise BodyRefused(408, "TOO_SLOW") from None
    return b"".join(parts)


async def read_form(request: web.Request) -> Form:
    """An urlencoded form, or a multipart one where files may be. Raises BodyRefused."""
    if request.content_type == "multipart/form-data":
        return await _multipart(request)
    if request.content_type != "application/x-www-form-urlencoded":
        raise BodyRefused(415, "NOT_A_FORM")
    return _fields(await read_bounded(request, FORM_LIMIT))


def _fields(body: bytes) -> Form:
    try:
        pairs = parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, max_num_fields=FIELDS_LIMIT, errors="strict"
        )
    except (ValueError, UnicodeDecodeError):
        raise BodyRefused(400, "BROKEN_FORM") from None
    return Form(tuple((name, _clean(value)) for name, value in pairs))


def _clean(value: str) -> str:
    return value.replace("\x00", "").replace("\r\n", "\n")


async def _multipart(request: web.Request) -> Form:
    if request.content_length is None or request.content_length > FILE_LIMIT:
        raise BodyRefused(413, "TOO_BIG")
    fields: list[tuple[str, str]] = []
    files: dict[str, bytes] = {}
    left = FILE_LIMIT
    try:
        async with asyncio.timeout(READ_WITHIN):
            async for part in await request.multipart():
                if not isinstance(part, BodyPartReader) or part.name is None or len(fields) > FIELDS_LIMIT:
                    raise BodyRefused(400, "BROKEN_FORM")
                data = await _part(part, left)
                left -= len(data)
                if part.filename is not None:
                    files[part.name] = data
                else:
                    fields.append((part.name, _clean(data.decode("utf-8"))))
    except TimeoutError:
        raise BodyRefused(408, "TOO_SLOW") from None
    except ValueError:
        raise BodyRefused(400, "BROKEN_FORM") from None
    return Form(tuple(fields), files)


async def _part(part: BodyPartReader, limit: int) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(64 * 1024):
        data += chunk
        if len(data) > limit:
            raise BodyRefused(413, "TOO_BIG")
    return bytes(data)
