"""Communities: how each decides, and what waits for the yes of those who speak for it. As in tables.py."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from directory.store.database import metadata
from directory.store.tables import moment

communities = Table(
    "communities",
    metadata,
    Column("member", Text, ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    Column("needed", Integer, nullable=False),  # how many who speak for it must say yes before more is shown
    Column("guarded", LargeBinary, nullable=False),  # archive ring: way, since
)

# What somebody wants for a community that shows more of it or changes who decides: waits for the others' yes.
community_wishes = Table(
    "community_wishes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("community", Text, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    Column("act", Text, nullable=False),
    Column("asker", Text, ForeignKey("members.id", ondelete="SET NULL")),  # null: the machine's technician
    Column("needed", Integer, nullable=False),
    Column("state", Text, nullable=False),  # open | done | over
    Column("guarded", LargeBinary, nullable=False),  # archive ring: detail, forced
    moment("asked_at", required=True),
    moment("ends_at", required=True),
    Index("ix_community_wishes_community", "community"),
)

community_answers = Table(
    "community_answers",
    metadata,
    Column("wish", Text, ForeignKey("community_wishes.id", ondelete="CASCADE"), primary_key=True),
    Column("member", Text, ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    moment("at", required=True),
)
