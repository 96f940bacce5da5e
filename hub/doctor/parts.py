"""How the running parts are, by what the supervisor and the parts themselves last wrote down.

Light on purpose: containers run `python -m hub.doctor --quick` every few seconds.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from directory.core.text import say
from hub.doctor.check import Check, fine, wrong
from hub.pulse import last_beat
from hub.supervise_status import Standing, State, read_status
from hub.trouble import Trouble

ROLES = ("care", "door")


class NotUp(Trouble):
    """The hub is not running. Start it: ayni up --data {folder}"""

    exit_code = 3


class Silent(Trouble):
    """{role} runs but gives no sign of life. Its log is {log}; if it does not come back by itself, start the
    hub again."""


def look_at_parts(data: Path, clock: Callable[[], datetime]) -> list[Check]:
    """Each part's standing, and a fresh sign of life of care and door."""
    beats = {role: last_beat(data, role, clock()) for role in ROLES}
    standings = read_status(data) if _supervised(data) else {}
    if not standings and not any(beats.values()):
        return [wrong("parts", NotUp(folder=data))]
    checks = [_standing(name, standing) for name, standing in standings.items() if name not in ROLES]
    for role, beat in beats.items():
        standing = standings.get(role, Standing(State.UP, since=""))
        if standing.state is State.UP and (beat is None or not beat.ready):
            log = data / "logs" / f"{role}.log"
            checks.append(wrong(role, Silent(role=role, log=log)))
        else:
            checks.append(_standing(role, standing))
    return checks


def _supervised(data: Path) -> bool:
    """Does the process that wrote the standings still live? After kill -9 they outlive it."""
    file = data / "run" / "status.json"
    try:
        return Path(f"/proc/{json.loads(file.read_text())['pid']}").exists()
    except (FileNotFoundError, ValueError, KeyError):
        return False


def _standing(name: str, standing: Standing) -> Check:
    if standing.state is State.UP:
        again = say(
            "up, started again {count} times. Last: {sentence}",
            count=standing.restarts,
            sentence=standing.sentence,
        )
        return fine(name, again if standing.restarts else say("up"))
    if standing.state in (State.STARTING, State.WAITING) and not standing.restarts:
        return wrong(
            name, say("Is being started, since {since}. Look again in a moment", since=standing.since)
        )
    return wrong(name, say("{state}: {sentence}", state=str(standing.state), sentence=standing.sentence))
