"""What several people decide about one: held back, asked of a second person, vouched for. As in tables.py."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, LargeBinary, Table, Text, text

from directory.store.database import metadata
from directory.store.tables import moment

# A person held back because somebody fears for them: for 72 hours, or until two decide.
freezes = Table(
    "freezes",
    metadata,
    Column("member", Text, ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    Column("by", Text),  # null for the machine's technician
    Column("kept", Boolean, nullable=False, server_default="false"),
    moment("since", required=True),
    moment("ends_at"),  # null once two have kept it
)

# What needs two people: asked by one, confirmed by a second, or over. Also what linked networks ask of ours.
second_asks = Table(
    "second_asks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("act", Text, nullable=False),
    # The member it is about, here; null for what a linked network asks.
    Column("about", Text, ForeignKey("members.id", ondelete="CASCADE")),
    # Null for the machine's technician and for what a linked network asks.
    Column("asker", Text, ForeignKey("members.id", ondelete="CASCADE")),
    Column("network", Text, ForeignKey("networks.id", ondelete="CASCADE")),  # who asks; null: we do
    Column("asked_network", Text),  # whom we asked for a second person
    Column("peer_ref", Text),  # the id under which both networks know it
    Column("state", Text, nullable=False),  # open | agreed | refused | over
    Column("second", Text),  # a member; null for a custodian outside, and for a linked network
    Column("guarded", LargeBinary, nullable=False),  # watch ring: by, detail, custodian
    moment("asked_at", required=True),
    moment("ends_at", required=True),
    moment("answered_at"),
    Index("ix_second_asks_open", "act", "about", postgresql_where=text("state = 'open'")),
)

# Who may be the second person without looking after the network: a member, or somebody outside with a sheet.
custodians = Table(
    "custodians",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member", Text, ForeignKey("members.id", ondelete="CASCADE"), unique=True),
    Column("guarded", LargeBinary),  # watch ring: name, for somebody outside
    moment("since", required=True),
)

custodian_codes = Table(
    "custodian_codes",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("custodian", Text, ForeignKey("custodians.id", ondelete="CASCADE"), nullable=False),
    moment("used_at"),
)

# Who says that it is really this person who comes back with another device.
vouchers = Table(
    "vouchers",
    metadata,
    Column("member", Text, ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    Column("voucher", Text, ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    moment("since", required=True),
)
