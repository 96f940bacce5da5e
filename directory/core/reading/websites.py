"""Web addresses of organisations, made equal: https, lower case, nothing after a "?"."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

LONGEST = 300
_HOST = re.compile(r"(?:[\w-]+\.)+[^\W\d_][\w-]{1,62}")


def website(cell: str) -> str | None:
    """The address as it is kept, or None for what is none: other schemes, names and passwords, bare words."""
    first = cell.split()[0].strip(",;<>") if cell.split() else ""
    if len(first) > LONGEST or "@" in first:
        return None
    try:
        parts = urlsplit(first if "://" in first else f"https://{first}")
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not _HOST.fullmatch(host):
        return None
    place = f"{host}:{port}" if port else host
    return f"{parts.scheme.lower()}://{place}{parts.path.rstrip('/')}"
