"""The one place where what a homeserver said becomes an exception.

nio *returns* its errors and plain HTTP hides them in a status: forgetting to look is silent. Everything in
hub/matrix goes through `checked` (our own requests) or `checked_nio` (nio's answers), so a refusal can only
be ignored on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from aiohttp import ClientError
from nio import ErrorResponse

from hub.trouble import Trouble

Answer = TypeVar("Answer")


class MatrixTrouble(Trouble):
    """The homeserver did not do what was asked of it."""


class RetryLater(MatrixTrouble):
    """The homeserver asks us to slow down. Nothing was lost; it is tried again by itself."""

    def __init__(self, after_s: float) -> None:
        super().__init__()
        self.after_s = after_s


class Unreachable(MatrixTrouble):
    """The homeserver does not answer ({how}). Check that it runs and that its address in the settings is
    right.
    """

    def __init__(self, how: str) -> None:
        super().__init__(how=how)


class OtherServerAway(Unreachable):
    """The homeserver of somebody in this room does not answer, so nobody knows which devices may read
    ({how}). It is tried again by itself."""

    def __init__(self) -> None:
        super().__init__("another homeserver")


class Refused(MatrixTrouble):
    """The homeserver refused ({errcode}). A bot that may not do its work needs its rights back."""

    def __init__(self, errcode: str, status: int = 0) -> None:
        super().__init__(errcode=errcode)
        self.errcode = errcode
        self.status = status


class SignedOut(Refused):
    """The homeserver no longer knows this login ({errcode}). Sign the bot in again with: ayni init"""

    needs_person = True


class NotPrivate(Refused):
    """This room is not encrypted, so nothing a person should read is sent there ({errcode})."""

    def __init__(self) -> None:
        super().__init__("AYNI_NOT_ENCRYPTED")


def away(answer: Mapping[str, Any], user_id: str) -> bool:
    """Does an answer of /keys/query or /keys/claim say that this user's homeserver could not be asked?"""
    failures = answer.get("failures")
    return isinstance(failures, Mapping) and user_id.partition(":")[2] in failures


_GATEWAY = {502, 503, 504, 520, 522, 524}


def trouble(status: int, errcode: str, retry_after_ms: float | None = None) -> MatrixTrouble:
    """The exception for an HTTP status and a Matrix error code (client-server spec, "Standard error")."""
    if status == 429 or errcode == "M_LIMIT_EXCEEDED":
        return RetryLater((retry_after_ms or 2000) / 1000)
    if errcode in {"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED"}:
        return SignedOut(errcode, status)
    if status in _GATEWAY or (status >= 500 and errcode in {"", "M_UNKNOWN"}):
        return Unreachable(f"HTTP {status}")
    return Refused(errcode or f"HTTP_{status}", status)


def checked(status: int, body: Mapping[str, Any], retry_after: str | None = None) -> Mapping[str, Any]:
    """`body` when the status is a success; otherwise the exception it stands for. `retry_after`: seconds."""
    if 200 <= status < 300:
        return body
    errcode = body.get("errcode")
    wait = body.get("retry_after_ms")
    if retry_after is not None and retry_after.isdigit():
        wait = int(retry_after) * 1000
    raise trouble(
        status,
        errcode if isinstance(errcode, str) else "",
        wait if isinstance(wait, int | float) else None,
    )


def checked_nio(answer: Answer | ErrorResponse) -> Answer:
    """nio's answer when it is one; otherwise the exception its `ErrorResponse` stands for."""
    if not isinstance(answer, ErrorResponse):
        return answer
    transport = getattr(answer, "transport_response", None)
    status = int(getattr(transport, "status", 0) or 0)
    raise trouble(status, str(answer.status_code or ""), answer.retry_after_ms)


@contextmanager
def reaching() -> Iterator[None]:
    """Turns what a broken connection raises into `Unreachable`."""
    try:
        yield
    except (ClientError, TimeoutError, ConnectionError) as broken:
        raise Unreachable(type(broken).__name__) from broken
