"""HTTP to one homeserver: a request in, a JSON object or an exception of answers.py out."""

from __future__ import annotations

from collections.abc import Mapping
from ssl import SSLContext
from typing import Any
from urllib.parse import quote

import msgspec
from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from yarl import URL

from hub.matrix.answers import Unreachable, checked, reaching

CLIENT = "/_matrix/client/v3"
UPLOAD = "/_matrix/media/v3/upload"


def path(*parts: str) -> str:
    """A client-server path; each part is quoted whole, because room and user ids hold `!`, `:` and `/`."""
    return CLIENT + "".join("/" + quote(part, safe="") for part in parts)


class Wire:
    """One account's connection to its homeserver. Never retries by itself: whoever asks knows how urgent it
    is.
    """

    def __init__(
        self, homeserver_url: str, access_token: str | None = None, *, ssl: SSLContext | None = None
    ) -> None:
        self._base = homeserver_url.rstrip("/")
        self._token = access_token
        self._ssl = ssl
        self._session: ClientSession | None = None

    async def get(
        self, where: str, query: Mapping[str, str] | None = None, *, within_s: float = 20
    ) -> Mapping[str, Any]:
        """Raises RetryLater, Refused or Unreachable."""
        return await self._call("GET", where, None, query, within_s)

    async def post(
        self,
        where: str,
        body: Mapping[str, Any],
        query: Mapping[str, str] | None = None,
        *,
        within_s: float = 20,
    ) -> Mapping[str, Any]:
        """Raises RetryLater, Refused or Unreachable. A request that timed out may still have been carried
        out.
        """
        return await self._call("POST", where, body, query, within_s)

    async def put(self, where: str, body: Mapping[str, Any], *, within_s: float = 20) -> Mapping[str, Any]:
        """Raises RetryLater, Refused or Unreachable. Repeating a transaction id is harmless."""
        return await self._call("PUT", where, body, None, within_s)

    async def upload(self, data: bytes, *, within_s: float = 30) -> str:
        """Keep bytes at the homeserver; their mxc address. Raises RetryLater, Refused or Unreachable."""
        status, answer, retry_after = await self._send("POST", UPLOAD, data, None, within_s)
        return str(checked(status, answer, retry_after)["content_uri"])

    async def ask(
        self, method: str, where: str, body: Mapping[str, Any] | None = None
    ) -> tuple[int, Mapping[str, Any]]:
        """Status and body as they came, for the steps where 401 is part of the conversation. Raises
        Unreachable.
        """
        status, answer, _ = await self._send(method, where, body, None, 20)
        return status, answer

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _call(
        self,
        method: str,
        where: str,
        body: Mapping[str, Any] | None,
        query: Mapping[str, str] | None,
        within_s: float,
    ) -> Mapping[str, Any]:
        status, answer, retry_after = await self._send(method, where, body, query, within_s)
        return checked(status, answer, retry_after)

    async def _send(
        self,
        method: str,
        where: str,
        body: Mapping[str, Any] | bytes | None,
        query: Mapping[str, str] | None,
        within_s: float,
    ) -> tuple[int, Mapping[str, Any], str | None]:
        url = URL(self._base + where, encoded=True)
        raw_body = isinstance(body, bytes)
        headers = {"Content-Type": "application/octet-stream" if raw_body else "application/json"}
        if self._token is not None:
            headers["Authorization"] = "Bearer " + self._token
        with reaching():
            async with self._open().request(
                method,
                url.with_query(dict(query)) if query else url,
                data=body if body is None or raw_body else msgspec.json.encode(body),
                headers=headers,
                timeout=ClientTimeout(total=within_s),
                allow_redirects=False,
            ) as response:
                raw = await response.read()
        return response.status, _object(raw), response.headers.get("Retry-After")

    def _open(self) -> ClientSession:
        if self._session is None:
            connector = TCPConnector(limit=32, ssl=self._ssl if self._ssl is not None else True)
            self._session = ClientSession(connector=connector, cookie_jar=DummyCookieJar())
        return self._session


def _object(raw: bytes) -> Mapping[str, Any]:
    """A JSON object; a proxy's HTML page or an empty body counts as an object without members."""
    if not raw:
        return {}
    try:
        answer = msgspec.json.decode(raw)
    except msgspec.DecodeError:
        return {}
    if not isinstance(answer, dict):
        raise Unreachable("not Matrix")
    return answer
