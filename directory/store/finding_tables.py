"""What keeps searching honest: how much was seen, cards that stand for nobody, who was looked up."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Integer, LargeBinary, Table, Text

from directory.store.columns import moment
from directory.store.database import metadata

# How many cards of people were shown on whose behalf, by stretches of some minutes. Not whose cards.
budgets = Table(
    "budgets",
    metadata,
    Column("who", LargeBinary, primary_key=True),  # keyed digest of a viewer, an inviter or a linked network
    Column("since", DateTime(timezone=True), primary_key=True),
    Column("used", Integer, nullable=False),
)

# Cards that stand for nobody: whoever gathers cards runs into them, and the coordinators hear of it.
decoys = Table(
    "decoys",
    metadata,
    Column("card", Text, ForeignKey("cards.id", ondelete="CASCADE"), primary_key=True),
    moment("since", required=True),
)

# Which of them were shown on behalf of whom in the last day; `rung` once the coordinators were told.
decoys_seen = Table(
    "decoys_seen",
    metadata,
    Column("who", LargeBinary, primary_key=True),  # keyed digest of the inviter
    Column("card", Text, ForeignKey("decoys.card", ondelete="CASCADE"), primary_key=True),
    moment("at", required=True),
    Column("opened", Boolean, nullable=False, server_default="false"),
    Column("rung", Boolean, nullable=False, server_default="false"),
)

# From which network a member's card was opened in a week, and how often. Not by whom.
look_ups = Table(
    "look_ups",
    metadata,
    Column("member", Text, ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    Column("network", Text, primary_key=True),
    Column("week", DateTime(timezone=True), primary_key=True),
    Column("times", Integer, nullable=False),
)
