"""The command line asks the running hub: the same trusted operations as the pages, over loopback, by hash."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from hub.cli.frame import Exit
from hub.embedded.files import folder
from hub.pulse import still_there
from hub.settings import read_secret
from hub.trouble import Trouble

TOKEN_FILE = "terminal.token"  # noqa: S105 — where it lies, not what it says
PATIENCE_S = 310


class NotRunning(Trouble):
    """The hub in {folder} is not running. Start it in another window: ayni up --data {folder}"""

    exit_code = Exit.NOT_RUNNING
    needs_person = True


class NotFinished(Trouble):
    """{sentence}"""

    exit_code = Exit.REFUSED


class OtherVersion(Trouble):
    """The running hub does not know the operation {name}. It is another version: restart it with this one."""

    needs_person = True


@dataclass(frozen=True, slots=True)
class Hub:
    """A running hub, as the technician at its machine reaches it."""

    data: Path

    def ask(self, operation: str, **variables: object) -> dict[str, Any]:
        """Run one operation; its data. Raises NotRunning, NotFinished with the hub's own sentence."""
        body = json.dumps({"documentId": _document_id(operation), "variables": variables}).encode()
        request = urllib.request.Request(  # noqa: S310 — loopback, built by us
            self._address(),
            data=body,
            headers={
                "Content-Type": "application/json",
                "Ayni-Client": "ayni-terminal",
                "Authorization": f"Bearer {read_secret(token_file(self.data))}",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310
                found: dict[str, Any] = json.load(answer)
        except urllib.error.HTTPError as refused:
            raise NotFinished(sentence=_said_in(refused)) from None
        except OSError:
            raise NotRunning(folder=self.data) from None
        if found.get("errors"):
            raise NotFinished(sentence=_sentence(found))
        return dict(found["data"])

    def act(self, operation: str, **values: object) -> dict[str, Any]:
        """Run a mutation with an `input`; its payload. Raises NotFinished for an expected error."""
        answer = self.ask(operation, input=values) if values else self.ask(operation)
        payload: dict[str, Any] = next(iter(answer.values()))
        if payload.get("errors"):
            first = payload["errors"][0]
            fix = f" {first['fix']}" if first.get("fix") else ""
            raise NotFinished(sentence=first["message"] + fix)
        return payload

    def _address(self) -> str:
        beat = still_there(self.data, "door")
        if beat is None or not beat.ready or beat.port is None:
            raise NotRunning(folder=self.data)
        return f"http://127.0.0.1:{beat.port}/graphql"


def token_file(data: Path) -> Path:
    """Where the technician's own token lies; whoever can read it can do what the technician may."""
    return folder(data / "keys") / TOKEN_FILE


def named(payload: Mapping[str, Any] | None, name: str = "name") -> str:
    """A field of something that may be missing, for a table."""
    return "" if payload is None else str(payload.get(name) or "")


def _sentence(answer: Mapping[str, Any]) -> str:
    errors = answer.get("errors") or [{}]
    return str(errors[0].get("message") or "The hub gave no answer.")


def _said_in(refused: urllib.error.HTTPError) -> str:
    try:
        return _sentence(json.load(refused))
    except ValueError:  # not from the API: another program, or a door that broke
        return f"The hub did not answer as expected (HTTP {refused.code}). Look with: ayni doctor"


def _document_id(operation: str) -> str:
    known: dict[str, str] = json.loads(_trusted())
    if operation not in known:
        raise OtherVersion(name=operation)
    return known[operation]


def _trusted() -> str:
    shipped = resources.files("hub.api").joinpath("_contract", "trusted.json")
    if shipped.is_file():
        return shipped.read_text(encoding="utf-8")
    return (Path(__file__).parents[2] / "graphql" / "trusted.json").read_text(encoding="utf-8")
