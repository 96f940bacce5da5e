"""The tables of searching, by how they lie on the disk. As in seized_tables.py."""

from __future__ import annotations

from hub.doctor.shelf import Shelf

FINDING = (
    Shelf(
        "cards",
        "what our own members may find: handles, countries, open issues, and cards of linked networks.",
        open="id origin member kind body tags fresh_at lease_until version number chunks",
    ),
    Shelf(
        "budgets",
        "that somebody was shown so many cards of people at some time of the last day.",
        open="since used",
        digest="who",
    ),
    Shelf("decoys", "which cards stand for nobody.", open="card since"),
    Shelf(
        "decoys_seen",
        "that somebody was shown cards that stand for nobody in the last day.",
        open="card at opened rung",
        digest="who",
    ),
    Shelf(
        "look_ups",
        "that a handle was looked up from a network so often in a week of the last thirty days; not by whom.",
        open="member network week times",
    ),
)
