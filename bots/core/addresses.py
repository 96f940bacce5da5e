"""Which address may be knocked at: plain https, no names inside this house. Checked again when it is used."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

LONGEST = 500
INSIDE = (".local", ".internal", ".localhost", ".lan", ".home", ".onion")


def may_knock(address: str) -> bool:
    """Can this be a public address of a push service? Its name is looked up only when it is used, and what it
    then points to is looked at again (hub/push.py): this check alone keeps nobody out of an inner network."""
    if (
        len(address) > LONGEST
        or not address.isascii()
        or any(sign <= " " or sign in "\\\"'<>" for sign in address)
    ):
        return False
    try:
        parts = urlsplit(address)
        port, host = parts.port, parts.hostname
    except ValueError:
        return False
    if parts.scheme != "https" or not host or parts.username is not None or parts.password is not None:
        return False
    if parts.fragment or port == 0:
        return False
    return _is_public_name(host)


def _is_public_name(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:
        name = host.rstrip(".").lower()
        return "." in name and not name.endswith(INSIDE) and not name.replace(".", "").isdigit()
