"""What the node itself keeps: letters, due times, rooms, links, envelopes, keys, sessions, what was heard."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from directory.store.database import metadata
from directory.store.tables import moment, words
from hub.store import live_triggers as live_triggers  # its triggers come with the tables

rooms = Table(
    "rooms",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account", Text, nullable=False),  # bot | envoy
    Column("purpose", Text, nullable=False),  # direct | lobby | link | introduction
    Column("ref", Text),  # member, network or introduction it belongs to
    Column("matrix_digest", LargeBinary, unique=True),
    Column("guarded", LargeBinary),  # watch ring: matrix room id
    Column("state", Text, nullable=False),  # wanted | open | left
    moment("since", required=True),
    Index("ix_rooms_ref", "purpose", "ref"),
)

roster = Table(
    "roster",
    metadata,
    Column("room", Text, ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True),
    Column("matrix_digest", LargeBinary, primary_key=True),
    Column("guarded", LargeBinary, nullable=False),  # watch ring: matrix id
    Column("wanted", Boolean, nullable=False),
    Column("present", Boolean, nullable=False, server_default="false"),
    moment("since", required=True),
)

letters = Table(
    "letters",
    metadata,
    Column("id", Text, primary_key=True),  # also the Matrix transaction id: sending twice is harmless
    Column("place", BigInteger, Identity(), nullable=False),
    Column("room", Text, ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False),
    Column("account", Text, nullable=False),
    Column("urgency", SmallInteger, nullable=False),
    Column("event_type", Text, nullable=False),
    Column("content", LargeBinary),  # watch ring; emptied once sent
    Column("state", Text, nullable=False, server_default="waiting"),  # waiting | sent | given_up
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("event_id", Text),
    Column("about", Text),  # the alarm or drill it tells of, so that arriving and being read are measured
    moment("not_before", required=True),
    moment("written_at", required=True),
    moment("sent_at"),
    moment("passes_at"),  # when what it said is taken back out of its room; null: it stays
    Index("ix_letters_passing", "room", postgresql_where=text("passes_at IS NOT NULL")),
    Index(
        "ix_letters_waiting",
        "account",
        "urgency",
        "not_before",
        "place",
        postgresql_where=text("state = 'waiting'"),
    ),
)

# A knock without content at an address that a responder gave, so that their phone rings.
rings = Table(
    "rings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member", Text, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),  # waiting | rung | given_up
    Column("tries", Integer, nullable=False, server_default="0"),
    moment("not_before", required=True),
    moment("written_at", required=True),
    Index("ix_rings_waiting", "not_before", postgresql_where=text("state = 'waiting'")),
)

due = Table(
    "due",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("tries", Integer, nullable=False, server_default="0"),
    moment("due_at", required=True),
    Index("ix_due_at", "due_at"),
)

heard = Table(
    "heard",
    metadata,
    Column("event_digest", LargeBinary, primary_key=True),
    Column("ratchet_digest", LargeBinary, unique=True),  # Megolm session and index; null for plain events
    moment("at", required=True),
)

# When an account could not hear for longer than its homeserver keeps it waiting.
gaps = Table(
    "gaps",
    metadata,
    Column("account", Text, primary_key=True),
    Column("since", DateTime(timezone=True), primary_key=True),
    moment("until", required=True),
)

positions = Table(
    "positions",
    metadata,
    Column("account", Text, primary_key=True),
    Column("scope", Text, primary_key=True),  # "sync", or the digest of a room in hex
    Column("guarded", LargeBinary, nullable=False),  # watch ring: token or event id
    moment("at", required=True),
)

hub_keys = Table(
    "hub_keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("purpose", Text, nullable=False),  # root | operating | sealing | matrix:<account>
    Column("public", LargeBinary, nullable=False),
    Column("guarded", LargeBinary, nullable=False),  # watch ring (root: archive ring)
    moment("valid_from", required=True),
    moment("valid_until", required=True),
    moment("retired_at"),
    Index("ix_hub_keys_purpose", "purpose", "valid_until"),
)

link_invitations = Table(
    "link_invitations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("guarded", LargeBinary, nullable=False),  # watch ring: secret
    moment("made_at", required=True),
    moment("expires_at", required=True),
    moment("used_at"),
)

links = Table(
    "links",
    metadata,
    Column("network", Text, ForeignKey("networks.id", ondelete="CASCADE"), primary_key=True),
    Column("state", Text, nullable=False),  # proposed | verified | active | suspended | severed
    Column("opened_by_us", Boolean, nullable=False),
    Column("room", Text, ForeignKey("rooms.id")),
    Column(
        "guarded", LargeBinary, nullable=False
    ),  # watch ring: envoy id, root document, public keys, secret
    moment("words_ok_here_at"),
    moment("words_ok_there_at"),
    Column("agreement", LargeBinary),  # canonical bytes, the current or proposed one
    Column("agreement_hash", LargeBinary),
    Column("signed_here", LargeBinary),
    Column("signed_there", LargeBinary),
    moment("ends_at"),
    moment("last_heard_at"),
    Column("question", Text),  # how far has it come? A nonce, asked again until it is answered
    moment("asked_at"),
    moment("repeated_at"),  # when all cards were last sent again because it said that they differ
    Column("clock_ms", BigInteger),  # how far its clock was ahead of ours at its last heartbeat
    words("speaks"),  # versions of the protocol, as it says
    moment("https_until"),  # Matrix was slow, or it came over HTTPS: until then it is answered over HTTPS
    moment("since", required=True),
)

# By when something must have happened at a linked hub, and whom to tell there if that hub is silent then.
watched = Table(
    "watched",
    metadata,
    Column("network", Text, ForeignKey("networks.id", ondelete="CASCADE"), primary_key=True),
    Column("guarded", LargeBinary, nullable=False),  # watch ring: quarter hours, two sealed contacts
    moment("at", required=True),
    moment("told_at"),
    moment("woken_at"),
    Column("always", Boolean, nullable=False, server_default="false"),
)

heads = Table(
    "heads",
    metadata,
    Column("network", Text, ForeignKey("networks.id", ondelete="CASCADE"), primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("direction", Text, primary_key=True),  # in | out
    Column("epoch", BigInteger, nullable=False, server_default="0"),
    Column("seq", BigInteger, nullable=False, server_default="0"),
    Column("hash", LargeBinary, nullable=False),
    Column("confirmed_seq", BigInteger, nullable=False, server_default="0"),
    # Out: since a start, until the peer says how far it has come. Nobody knows whether this is a backup.
    Column("unsure", Boolean, nullable=False, server_default="false"),
)

envelopes = Table(
    "envelopes",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("network", Text, ForeignKey("networks.id", ondelete="CASCADE"), nullable=False),
    Column("direction", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column(
        "guarded", LargeBinary
    ),  # watch ring: exact signed bytes; emptied when what it carried is withdrawn
    words("cards"),  # ids of the cards it carries, so that a withdrawal finds it
    moment("at", required=True),
    moment("confirmed_at"),
    UniqueConstraint("network", "direction", "stream", "epoch", "seq", "hash"),
    Index("ix_envelopes_cards", "cards", postgresql_using="gin"),
)

# Sealed rows of the bots' Matrix devices (hub/matrix): keys of rows are digests, values are sealed.
crypto_rows = Table(
    "crypto_rows",
    metadata,
    Column("account", Text, primary_key=True),
    Column("shelf", Text, primary_key=True),
    Column("key", LargeBinary, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

owners = Table(
    "owners",
    metadata,
    Column("account", Text, primary_key=True),
    Column("fence", BigInteger, nullable=False),
    moment("since", required=True),
)
