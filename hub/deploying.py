"""The homeserver's settings for containers: `python -m hub.deploying --write` writes deploy/synapse/ anew.

The same settings as the embedded homeserver's (hub/embedded/synapse_settings.py), with other places. A test
compares what stands there. deploy/make-secrets.sh puts the real domain in.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from hub.embedded.synapse_settings import Place, homeserver, logging_settings

FOLDER = Path(__file__).parents[1] / "deploy" / "synapse"
DOMAIN = "example.org"
SECRETS = Path("/secrets")
PORT = 8008
HEADER = """\
# Written by `python -m hub.deploying --write` (JSON is YAML). Reasons: hub/embedded/synapse_settings.py
"""


def in_container() -> dict[str, Any]:
    """homeserver.yaml of the compose file: behind Caddy, one listener for clients and other servers."""
    place = Place(
        server_name=DOMAIN,
        state=SECRETS,
        database=f"host=postgres dbname=synapse user=synapse passfile={SECRETS / 'pgpass'}",
        client_port=PORT,
        federation_port=PORT,
        domain=DOMAIN,
    )
    resources = [{"names": ["client", "federation", "keys"], "compress": False}]
    listener = {"port": PORT, "type": "http", "tls": False, "x_forwarded": True, "resources": resources}
    return {
        **homeserver(place),
        "listeners": [{**listener, "bind_addresses": ["0.0.0.0"]}],  # noqa: S104 — inside its container
        "media_store_path": "/data/media",
    }


def logs_in_container() -> dict[str, Any]:
    """log.yaml: the formatter lies beside it, because the hub's packages are not in that image."""
    settings = logging_settings()
    return {**settings, "formatters": {"quiet": {"()": "quiet.Quiet"}}}


def files() -> dict[str, str]:
    """Name and content of each file in deploy/synapse/."""
    named = {"homeserver.yaml": in_container(), "log.yaml": logs_in_container()}
    return {name: HEADER + json.dumps(content, indent=2) + "\n" for name, content in named.items()}


def main() -> int:
    """0 when the files are up to date, or were written."""
    for name, content in files().items():
        file = FOLDER / name
        if "--write" in sys.argv:
            file.write_text(content, encoding="utf-8")
        elif not file.exists() or file.read_text(encoding="utf-8") != content:
            sys.stderr.write(f"{file.name} is old. Run: python -m hub.deploying --write\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
