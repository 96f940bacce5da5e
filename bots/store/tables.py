"""What the bots keep: alarms and their timelines, circles, plans, check-ins, duty, open questions."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

from directory.store.database import metadata
from directory.store.tables import moment, words

MEMBER = "members.id"

actions = Table(
    "actions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # alarm | unclear
    Column("member", Text, ForeignKey(MEMBER, ondelete="CASCADE")),  # null: it belongs to a linked network
    Column("network", Text, nullable=False),  # whose member it is about
    Column("peer_ref", Text),  # the id the linked network gave it
    Column("state", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("rung", Integer, nullable=False, server_default="-1"),
    Column("practice", Boolean, nullable=False, server_default="false"),
    Column("guarded", LargeBinary),  # watch ring: text, place, ladder as planned, who took it
    moment("raised_at", required=True),
    moment("cancel_until"),
    moment("taken_at"),
    moment("closed_at"),
    moment("next_at"),  # when the ladder looks again; null when nothing waits
    Column("asked_again", Integer, nullable=False, server_default="0"),
    Column("false_alarm", Boolean),  # said afterwards, counted without blame; null: nobody said
    moment("rearmed_at"),  # when the person said that it is over for them, with their word
    Index("ix_actions_member", "member"),
    Index("ix_actions_peer_ref", "network", "peer_ref", unique=True),
    Index("ix_actions_open", "state", "raised_at"),
)

timeline = Table(
    "timeline",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=True),
    Column("action", Text, ForeignKey("actions.id", ondelete="CASCADE"), nullable=False),
    Column("step", Text, nullable=False),  # raised, told, skipped, seen, taken, cancelled, safe, closed …
    Column("rung", Text),  # circle | coordinators | network | person
    Column("guarded", LargeBinary),  # watch ring: who, note
    moment("at", required=True),
    Index("ix_timeline_action", "action", "id"),
)

# Who was told of an action, so that a "1" knows what it answers and everyone on a rung hears who has it.
told = Table(
    "told",
    metadata,
    Column("action", Text, ForeignKey("actions.id", ondelete="CASCADE"), primary_key=True),
    Column("member", Text, ForeignKey(MEMBER, ondelete="CASCADE"), primary_key=True),
    Column("rung", Text, nullable=False),
    moment("told_at", required=True),
    moment("delivered_at"),  # their homeserver has it
    moment("read_at"),  # their app, or their page, showed it
    moment("answered_at"),
    Column("answer", Text),
)

asked_networks = Table(
    "asked_networks",
    metadata,
    Column("action", Text, ForeignKey("actions.id", ondelete="CASCADE"), primary_key=True),
    Column("network", Text, primary_key=True),
    Column("ref", Text, nullable=False, unique=True),  # the id this action has for that network only
    moment("told_at", required=True),
    moment("answered_at"),
)

plans = Table(
    "plans",
    metadata,
    Column("member", Text, ForeignKey(MEMBER, ondelete="CASCADE"), primary_key=True),
    Column("cancel_window_s", Integer, nullable=False, server_default="30"),
    Column("circle_wait_s", Integer),  # null: by severity
    words("networks"),
    Column("guarded", LargeBinary),  # watch ring: preset text, place, kind of help
)

circles = Table(
    "circles",
    metadata,
    Column("member", Text, ForeignKey(MEMBER, ondelete="CASCADE"), primary_key=True),
    Column("contact", Text, ForeignKey(MEMBER, ondelete="CASCADE"), primary_key=True),
    Column("state", Text, nullable=False),  # asked | yes
    moment("since", required=True),
)

checkins = Table(
    "checkins",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member", Text, ForeignKey(MEMBER, ondelete="CASCADE"), nullable=False),
    Column("state", Text, nullable=False),  # planned | prompted | answered | missed | ended
    Column("severity", Text, nullable=False),
    Column("prompt_before_s", Integer, nullable=False),
    Column("guarded", LargeBinary),  # watch ring: what it is about
    Column("action", Text, ForeignKey("actions.id", ondelete="SET NULL")),
    moment("due_at", required=True),
    moment("answered_at"),
    Index("ix_checkins_member", "member"),
)

duty = Table(
    "duty",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member", Text, ForeignKey(MEMBER, ondelete="CASCADE"), nullable=False),
    moment("starts_at", required=True),
    moment("ends_at", required=True),
    Column("languages", ARRAY(Text), nullable=False, server_default="{}"),
    Column("regions", ARRAY(Text), nullable=False, server_default="{}"),
    Column("shift", Text, ForeignKey("shifts.id", ondelete="SET NULL")),  # null: begun by hand
    Column("offered_to", Text, ForeignKey(MEMBER, ondelete="SET NULL")),  # who is asked to take it over
    Column("guarded", LargeBinary),  # watch ring: the hand-over note for whoever comes next
    Index("ix_duty_ends_at", "ends_at"),
)

# The weekly rota. Stretches of duty are made from it for the weeks to come; hours are those of its own zone.
shifts = Table(
    "shifts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member", Text, ForeignKey(MEMBER, ondelete="CASCADE"), nullable=False),
    Column("zone", Text, nullable=False),
    Column("days", ARRAY(Integer), nullable=False),  # 1 Monday … 7 Sunday
    Column("start_minute", Integer, nullable=False),
    Column("end_minute", Integer, nullable=False),  # before the start: it ends the next morning
    words("languages"),
    words("regions"),
    moment("since", required=True),
)

# Holidays: nothing is asked of somebody who is away.
away = Table(
    "away",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member", Text, ForeignKey(MEMBER, ondelete="CASCADE"), nullable=False),
    moment("starts_at", required=True),
    moment("ends_at", required=True),
    Index("ix_away_ends_at", "ends_at"),
)

# Does this phone ring? Asked of everyone who would be woken, when they begin and then without a warning.
drills = Table(
    "drills",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member", Text, ForeignKey(MEMBER, ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),  # first | unannounced
    Column("state", Text, nullable=False),  # coming | ringing | passed | silent | missed | dropped
    Column("practice", Boolean, nullable=False, server_default="false"),
    moment("made_at", required=True),
    moment("rung_at"),
    moment("read_at"),
    moment("answered_at"),
    Index("ix_drills_member", "member", "made_at"),
)

# What wakes a responder besides the message itself.
wakers = Table(
    "wakers",
    metadata,
    Column("member", Text, ForeignKey(MEMBER, ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, primary_key=True),  # push | sms | call
    Column("guarded", LargeBinary, nullable=False),  # watch ring: address or number
    moment("since", required=True),
)

# The last question a person was asked, and where a half-finished conversation stands.
conversations = Table(
    "conversations",
    metadata,
    Column("member", Text, ForeignKey(MEMBER, ondelete="CASCADE"), primary_key=True),
    Column("question", Text, nullable=False),
    Column("guarded", LargeBinary),  # watch ring: context
    moment("asked_at", required=True),
)
