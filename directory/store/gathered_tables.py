"""What a network gathers before anybody is a member by it: imports, people who are only noted, and outside
contacts. As in tables.py."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, LargeBinary, Table, Text, text

from directory.store.database import metadata
from directory.store.tables import moment

# People of a list that was read in: nobody sees, finds, counts or writes to them before their own yes.
noted_people = Table(
    "noted_people",
    metadata,
    Column("id", Text, primary_key=True),
    Column("key", LargeBinary, nullable=False, unique=True),  # keyed digest: a list twice notes nobody twice
    Column("code", Text, unique=True),  # the code they were given; with it they come in, and this row goes
    Column("guarded", LargeBinary, nullable=False),  # archive ring: handle and what the list says of them
    moment("noted_at", required=True),
    Index("ix_noted_people_noted_at", "noted_at"),
)

# What somebody said of the columns of a source's tables: read as a field, or "" for left out. A list without
# headers has somebody's name where a header should be, so a header is kept like a name.
import_columns = Table(
    "import_columns",
    metadata,
    Column("source", Text, primary_key=True),
    Column("key", LargeBinary, primary_key=True),  # keyed digest of source and header
    Column("field", Text, nullable=False),
    Column("guarded", LargeBinary, nullable=False),  # archive ring: the header as it was written
    moment("said_at", required=True),
)

# An import asked for on the page: the file until it is kept or a day old, how far it is, what came of it.
import_runs = Table(
    "import_runs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("asker", Text, ForeignKey("members.id", ondelete="CASCADE")),
    Column("state", Text, nullable=False),  # waiting | working | done | failed
    Column("progress", Text, nullable=False, server_default=""),
    Column("file", LargeBinary),  # archive ring: the bytes as they came; null once kept
    Column("guarded", LargeBinary, nullable=False),  # archive ring: wish, report
    moment("asked_at", required=True),
    Index("ix_import_runs_asked_at", "asked_at"),
)

# Institutions and offices that are no members: they see nothing, and are reached through their keeper.
outside_contacts = Table(
    "outside_contacts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("keeper", Text, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    Column("may_ask", Text, nullable=False),  # members | coordinators | keeper
    Column("guarded", LargeBinary, nullable=False),  # archive ring: all that is said of it
    moment("since", required=True),
    moment("confirmed_at", required=True),
    Index("ix_outside_contacts_keeper", "keeper"),
)

# What was asked of an outside contact through its keeper, and what came of it.
outside_asks = Table(
    "outside_asks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("contact", Text, ForeignKey("outside_contacts.id", ondelete="CASCADE"), nullable=False),
    Column("asker", Text, ForeignKey("members.id", ondelete="SET NULL")),
    Column("state", Text, nullable=False),  # asked | helped | not_helped | not_sent
    Column("guarded", LargeBinary, nullable=False),  # archive ring: what was asked, what came of it
    moment("asked_at", required=True),
    moment("settled_at"),
    Index("ix_outside_asks_contact", "contact"),
    Index("ix_outside_asks_asker", "asker"),
)

# People without a device whose entry a connector carries, with the consent they gave by word of mouth.
carried_people = Table(
    "carried_people",
    metadata,
    Column("member", Text, ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    Column("carrier", Text, ForeignKey("members.id", ondelete="SET NULL")),
    Column("meets", Boolean, nullable=False, server_default="false"),  # also consented to being asked to meet
    Column("language", Text, nullable=False),  # in which they were asked
    Column("guarded", LargeBinary, nullable=False),  # archive ring: who, how
    moment("asked_at", required=True),
    moment("ends_at", required=True),
    moment("told_at"),  # the carrier was asked to ask again
    Index("ix_carried_people_carrier", "carrier"),
    Index("ix_carried_people_ends_at", "ends_at"),
)

# Whom somebody named as never to be brought together with them. A thief of the disk does not read whom.
kept_apart = Table(
    "kept_apart",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member", Text, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    Column("whom", LargeBinary, nullable=False),  # keyed digest of an entry's, a card's or a network's id
    Column("speaks", Boolean, nullable=False, server_default="false"),  # an entry for which others speak
    Column("guarded", LargeBinary, nullable=False),  # watch ring: kind, id, name
    moment("since", required=True),
    Index("uq_kept_apart_member_whom", "member", "whom", unique=True),
    Index("ix_kept_apart_whom", "whom"),
    Index("ix_kept_apart_speaks", "speaks", postgresql_where=text("speaks")),
)
