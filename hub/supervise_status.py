"""How each part is, kept where `ayni doctor` and /healthz can read it: data/run/status.json."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from hub import log
from hub.embedded.files import folder, write_whole


class State(StrEnum):
    """Where a part is in its life."""

    WAITING = "waiting"
    STARTING = "starting"
    UP = "up"
    FAILING = "failing"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Standing:
    """One part. `since` is UTC, ISO 8601; `sentence` is the last trouble, empty when there was none."""

    state: State
    since: str
    restarts: int = 0
    sentence: str = ""


class Status:
    """The standing of all parts, written whole at every change."""

    def __init__(self, data: Path, names: list[str], clock: Callable[[], datetime]) -> None:
        self._file = folder(data / "run") / "status.json"
        self._clock = clock
        self._began = self._now()
        self.parts = {name: Standing(State.WAITING, self._began) for name in names}
        self._write()

    def _now(self) -> str:
        return self._clock().isoformat(timespec="seconds")

    def mark(
        self, name: str, state: State, sentence: str | None = None, *, restarted: bool = False
    ) -> Standing:
        """A part changed; without a sentence the last one stays."""
        before = self.parts[name]
        self.parts[name] = replace(
            before,
            state=state,
            since=self._now(),
            restarts=before.restarts + restarted,
            sentence=before.sentence if sentence is None else sentence,
        )
        log.event("part changed", part=name, state=str(state), tries=self.parts[name].restarts)
        self._write()
        return self.parts[name]

    def _write(self) -> None:
        content = {
            "pid": os.getpid(),
            "since": self._began,
            "parts": {name: asdict(standing) for name, standing in self.parts.items()},
        }
        try:
            write_whole(self._file, json.dumps(content, indent=1) + "\n")
        except OSError as full:  # a full disk must not end what it is about
            log.trouble("status not written", error=type(full).__name__)


def read_status(data: Path) -> dict[str, Standing]:
    """What the last supervisor wrote; empty without one. Does not say whether it still lives."""
    file = data / "run" / "status.json"
    parts = json.loads(file.read_text())["parts"] if file.exists() else {}
    return {name: Standing(**{**part, "state": State(part["state"])}) for name, part in parts.items()}
