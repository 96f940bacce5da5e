"""What the directory keeps. `guarded` columns are sealed (guarded.py); the rest is open, listed in docs."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

import directory.store.following_tables  # noqa: F401 — its triggers belong to these tables
from directory.store.columns import CHUNKS
from directory.store.columns import moment as moment
from directory.store.columns import words as words
from directory.store.database import metadata

networks = Table(
    "networks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("home", Boolean, nullable=False, server_default="false"),
    words("languages"),
    Column("state", Text, nullable=False, server_default="active"),  # of the link, for linked networks
    words("shares"),  # kinds of entries our agreement with it shares both ways: organisation, bot
    moment("since", required=True),
)

members = Table(
    "members",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # person | organisation | community | bot
    Column("state", Text, nullable=False),  # listed | joining | waiting | active | frozen | left
    Column("handle", Text),
    Column("handle_key", Text),  # the handle as it is compared
    Column("title", Text),  # the public name of an organisation, community or bot
    Column("locale", Text, nullable=False, server_default="en"),
    Column("country", Text),
    words("works_in"),
    words("issues"),
    words("languages"),
    words("offers"),
    Column("acronym", Text),
    Column("website", Text),
    Column("source", Text),
    Column("source_key", Text, unique=True),
    Column("purpose", Text),  # bots: what they are for
    Column("matrix_id", Text),  # bots only: a person's is guarded, in bindings
    Column("fingerprint", Text),  # bots only
    Column("guarded", LargeBinary),  # marked issues, subdivision, city, text, organisation
    moment("since", required=True),
    moment("confirmed_at"),
    moment("last_heard_at"),
    moment("still_asked_at"),  # asked whether their card still holds
    moment("dormant_at"),  # they did not say so for a year: their card is not shown
    Column("voice", Boolean, nullable=False, server_default="false"),  # also send recorded sentences
    Index("uq_members_handle_key", "handle_key", unique=True),
    Index("ix_members_state", "state", "kind"),
)

# Where the key of each person lies. No foreign key: the row outlives its member until the key is destroyed.
person_keys = Table(
    "person_keys",
    metadata,
    Column("member", Text, primary_key=True),
    Column("slot", BigInteger, Identity(always=True), nullable=False, unique=True),
)

spokespersons = Table(
    "spokespersons",
    metadata,
    Column("organisation", Text, ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    Column("member", Text, ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    moment("since", required=True),
)

roles = Table(
    "roles",
    metadata,
    Column("member", Text, ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    Column("role", Text, primary_key=True),
    moment("since", required=True),
    Column("giver", Text),  # the one member who gave it; null: two did, or it was done at the machine
)

join_codes = Table(
    "join_codes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("inviter", Text),
    Column("organisation", Text, ForeignKey("members.id", ondelete="CASCADE")),
    words("roles"),
    Column("locale", Text),
    Column("spoken", LargeBinary, nullable=False),  # keyed digest of the words said aloud with it
    Column("tries", Integer, nullable=False, server_default="0"),  # wrong words with the right code
    moment("expires_at", required=True),
    moment("used_at"),
    Column("member", Text),
    Index("ix_join_codes_member", "member"),
    Index("ix_join_codes_inviter", "inviter"),
)

# Accounts that the page made for somebody who then writes `join` from them: no second code is needed.
expected_accounts = Table(
    "expected_accounts",
    metadata,
    Column("matrix_digest", LargeBinary, primary_key=True),
    Column("member", Text, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    moment("expires_at", required=True),
    Column("made", Integer, nullable=False, server_default="1"),  # how many this member has had made so far
)

lobbies = Table(
    "lobbies",
    metadata,
    Column("matrix_digest", LargeBinary, primary_key=True),
    Column("tries", Integer, nullable=False, server_default="0"),
    moment("since", required=True),
)

bindings = Table(
    "bindings",
    metadata,
    Column("member", Text, ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    Column("matrix_digest", LargeBinary, nullable=False, unique=True),
    Column("guarded", LargeBinary, nullable=False),  # watch ring: matrix_id, master_key, room, proof
    moment("since", required=True),
    moment("suspended_at"),  # the device is lost or the person frozen: its room is sent nothing
)

verifiers = Table(
    "verifiers",
    metadata,
    Column("member", Text, ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    Column("guarded", LargeBinary, nullable=False),  # watch ring: verifiers by place (core/word_places.py)
    moment("since", required=True),
)

# Wrong words in a row, by lane, and apart for signing in by handle: whoever guesses there locks the person
# out of neither chat nor a page that is open. By digest, so that a handle nobody has is counted like any.
word_tries = Table(
    "word_tries",
    metadata,
    Column("who", LargeBinary, primary_key=True),
    Column("lane", Text, primary_key=True),
    Column("tries", Integer, nullable=False),
    moment("since", required=True),
)

# Each time somebody gave their word; whether it was the phrase for danger is sealed.
given_words = Table(
    "given_words",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member", Text, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    Column("guarded", LargeBinary, nullable=False),  # watch ring: place
    moment("at", required=True),
    Index("ix_given_words_at", "at"),
)

# What a person asked for that is done later: leaving, a copy of what is kept about them.
later_acts = Table(
    "later_acts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member", Text, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),  # leave | copy
    Column("guarded", LargeBinary, nullable=False),  # watch ring: state, pressed, due
    moment("asked_at", required=True),
    Index("ix_later_acts_member", "member"),
)

consents = Table(
    "consents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member", Text, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    Column("network", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("asked_how", Text, nullable=False),
    Column("locale", Text, nullable=False),
    moment("given_at", required=True),
    moment("renewed_at"),
    moment("ends_at"),
    moment("told_at"),  # asked whether it shall go on
    moment("withdrawn_at"),
    Index("ix_consents_member", "member"),
    Index("ix_consents_ends_at", "ends_at", postgresql_where=text("withdrawn_at IS NULL")),
)

audiences = Table(
    "audiences",
    metadata,
    Column("member", Text, ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    Column("field", Text, primary_key=True),
    Column("audience", Text, nullable=False),  # introduced | coordinators | network | named | linked
    words("networks"),
)

# What a search finds: one row a card. Home cards carry `member`; received ones carry `lease_until`.
cards = Table(
    "cards",
    metadata,
    Column("id", Text, primary_key=True),
    Column("origin", Text, ForeignKey("networks.id", ondelete="CASCADE"), nullable=False),
    Column("member", Text, ForeignKey("members.id", ondelete="CASCADE"), unique=True),
    Column("kind", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("tags", ARRAY(Text), nullable=False),  # i:issue r:region(and ancestors) l:language o:offer k:kind
    moment("fresh_at", required=True),
    moment("lease_until"),
    Column("version", BigInteger, nullable=False, server_default="1"),
    Column("number", BigInteger, Identity(), nullable=False, unique=True),  # given once: searches walk it
    Column("chunks", ARRAY(BigInteger), Computed(CHUNKS, persisted=True), nullable=False),  # core/walking.py
    # Without a pending list: a write pays for its own place in the index, a search never does.
    Index("ix_cards_tags", "tags", "chunks", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
)

# The sharing side of the ledger: what of ours each linked network was given, and what it confirmed.
shares = Table(
    "shares",
    metadata,
    Column("card", Text, primary_key=True),  # random per network, so that two networks cannot join copies
    Column("network", Text, ForeignKey("networks.id", ondelete="CASCADE"), nullable=False),
    Column("member", Text),  # null once the member is erased; the ledger row stays
    Column("state", Text, nullable=False),  # dirty | shared | withdrawing | withdrawn
    Column("version", BigInteger, nullable=False, server_default="1"),
    moment("shared_at"),
    moment("confirmed_at"),
    moment("withdrawn_at"),
    moment("withdrawal_confirmed_at"),
    Column("sent_seq", BigInteger),
    Column("digest", LargeBinary),  # of what was last sent: an edit that network cannot see sends nothing
    Index(
        "uq_shares_network_member",
        "network",
        "member",
        unique=True,
        postgresql_where=text("state <> 'withdrawn'"),
    ),
    Index("ix_shares_unsent", "network", postgresql_where=text("state IN ('dirty', 'withdrawing')")),
    Index("ix_shares_member", "member"),
)

# The receiving side: that a card was held, and that it is gone. No word of what it said.
holdings = Table(
    "holdings",
    metadata,
    Column("card", Text, primary_key=True),
    Column("network", Text, ForeignKey("networks.id", ondelete="CASCADE"), nullable=False),
    Column("state", Text, nullable=False),  # held | withdrawn
    Column("version", BigInteger, nullable=False, server_default="0"),  # as its home counts
    Column("unsure", Boolean, nullable=False, server_default="false"),  # not named since its home began anew
    moment("since", required=True),
    moment("withdrawn_at"),
)

introductions = Table(
    "introductions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("asker", Text, ForeignKey("members.id", ondelete="CASCADE")),  # null when asked from elsewhere
    Column("asker_network", Text, nullable=False),
    Column("asker_card", Text),  # the card by which the other network knows the asker
    Column("target", Text, ForeignKey("members.id", ondelete="CASCADE")),  # null when the target is elsewhere
    Column("target_network", Text, nullable=False),
    Column("target_card", Text, nullable=False),
    Column("state", Text, nullable=False),  # asked | accepted | refused | expired | met
    Column("guarded", LargeBinary),  # purpose, what the asker chose to show, contact after a yes
    Column("answerer", Text),  # who said yes for an organisation
    moment("asked_at", required=True),
    moment("shown_at"),  # to the target; at most three a day
    moment("answered_at"),
    moment("expires_at", required=True),
    Index("ix_introductions_asker", "asker"),
    Index("ix_introductions_target", "target"),
    Index("ix_introductions_asker_card", "asker_card"),
    Index("ix_introductions_target_card", "target_card"),
)

contacts_made = Table(
    "contacts_made",
    metadata,
    Column("member", Text, ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, primary_key=True),  # contacted | connected | served
    moment("last_at", required=True),
)

releases = Table(
    "releases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("body", JSONB, nullable=False),  # protected tables only: what is hidden was never written
    moment("made_at", required=True),
)

imports = Table(
    "imports",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    moment("made_at", required=True),
)

# Privileged reads and writes. `hash` chains each entry to all before it; contents can be erased.
audit = Table(
    "audit",
    metadata,
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    moment("at", required=True),
    Column("about", LargeBinary, nullable=False),  # keyed digest of a member id; empty for nobody
    Column("commitment", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("guarded", LargeBinary),  # salt and contents: archive ring, watch ring while that is closed
    Index("ix_audit_about", "about"),
)

# Ways in: one-time links, the sign-ins they open, tokens for programs. Codes only as keyed digests.
login_links = Table(
    "login_links",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("member", Text, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    moment("expires_at", required=True),
    moment("used_at"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("member", Text, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    Column("locale", Text, nullable=False),
    moment("since", required=True),
    moment("expires_at", required=True),
    moment("word_at"),
    Column("given", Text),  # the row of given_words that says how
    moment("ended_at"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("label", Text, nullable=False),
    words("scopes"),
    Column("maker", Text),  # the member who made it; null for the machine's technician
    moment("since", required=True),
    moment("expires_at", required=True),
    moment("revoked_at"),
)

# Sentences this network says in its own way; the newest row of a sentence counts, undoing takes it away.
wordings = Table(
    "wordings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("place", BigInteger, Identity(), nullable=False),
    Column("locale", Text, nullable=False),
    Column("message", Text, nullable=False),  # the English sentence in the code
    words("forms"),
    moment("at", required=True),
    Index("ix_wordings_message", "locale", "message", "place"),
)

# Languages this network added, with the sentences that lives depend on and their recordings.
added_languages = Table(
    "added_languages",
    metadata,
    Column("tag", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("second", Text, nullable=False),
    Column("rtl", Boolean, nullable=False),
    moment("since", required=True),
)

added_sentences = Table(
    "added_sentences",
    metadata,
    Column("tag", Text, ForeignKey("added_languages.tag", ondelete="CASCADE"), primary_key=True),
    Column("message", Text, primary_key=True),
    Column("says", Text, nullable=False),
    Column("voice", LargeBinary),  # Ogg Opus; a sentence everybody may hear
)
