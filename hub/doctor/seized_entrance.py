"""Tables of who may come in and is held back, and of the bots' devices: what lies in them on the disk."""

from __future__ import annotations

from hub.doctor.shelf import Shelf

ENTRANCE = (
    Shelf(
        "freezes", "which handles are held back, by whom, until when.", open="member by kept since ends_at"
    ),
    Shelf("vouchers", "who vouched for whose new device.", open="member voucher since"),
    Shelf("login_links", "for whom a way in was made.", open="member expires_at used_at", digest="digest"),
    Shelf(
        "sessions",
        "who opened the pages when.",
        open="member locale since expires_at word_at given ended_at",
        digest="digest",
    ),
    Shelf(
        "tokens",
        "which programs may ask what.",
        open="id label scopes since expires_at revoked_at maker",
        digest="digest",
    ),
    Shelf(
        "crypto_rows", "how much the bots' devices keep.", open="account shelf", watch="value", digest="key"
    ),
    Shelf("owners", "when the bots were started.", open="account fence since"),
)
