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
    Column("kind", Text, nullable=False),  # alarm | silent | unclear | playbook
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

# Check-ins that belong together: the legs of a journey, a timetable, an event. One is open at a time.
series = Table(
    "series",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member", Text, ForeignKey(MEMBER, ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),  # journey | weekly | event
    Column("state", Text, nullable=False),  # running | ended
    Column("guarded", LargeBinary),  # watch ring: legs and places, times, zone, rest hours, the event
    moment("since", required=True),
    moment("last_due_at"),  # of the newest check-in that was made of it
    Index("ix_series_member", "member"),
)

# Many silent at once, or answers the hub could not receive: held together, people on duty hear of it.
incidents = Table(
    "incidents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("why", Text, nullable=False),  # deaf | many
    Column(
        "grp", Text, nullable=False
    ),  # keyed digest of the phone company, homeserver or region; "" for deaf
    Column("state", Text, nullable=False),  # open | taken | closed
    Column("guarded", LargeBinary),  # watch ring: which region, who has it
    moment("opened_at", required=True),
    moment("back_at"),  # when those held were asked once more
    moment("closed_at"),
    Index("ix_incidents_state", "state", "grp"),
)

checkins = Table(
    "checkins",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member", Text, ForeignKey(MEMBER, ondelete="CASCADE"), nullable=False),
    Column("state", Text, nullable=False),  # planned | prompted | held | answered | missed | ended
    Column("severity", Text, nullable=False),
    Column("high_risk", Boolean, nullable=False, server_default="false"),  # never held together with others
    Column("prompt_before_s", Integer, nullable=False),
    Column("guarded", LargeBinary),  # watch ring: what it is about
    Column("action", Text, ForeignKey("actions.id", ondelete="SET NULL")),
    Column("series", Text, ForeignKey("series.id", ondelete="CASCADE")),
    Column("by", Text, ForeignKey(MEMBER, ondelete="SET NULL")),  # who answers for somebody without a phone
    words("groups"),  # keyed digests of phone company, homeserver and region
    Column("incident", Text, ForeignKey("incidents.id", ondelete="SET NULL")),
    moment("due_at", required=True),
    moment("held_until"),
    moment("answered_at"),
    Index("ix_checkins_member", "member"),
    Index("ix_checkins_by", "by"),
    Index("ix_checkins_due_at", "due_at"),
    Index("ix_checkins_incident", "incident"),
)

# Who may answer check-ins for somebody without phone or coverage.
proxies = Table(
    "proxies",
    metadata,
    Column("member", Text, ForeignKey(MEMBER, ondelete="CASCADE"), primary_key=True),
    Column("proxy", Text, ForeignKey(MEMBER, ondelete="CASCADE"), primary_key=True),
    Column("state", Text, nullable=False),  # asked | yes
    Column("guarded", LargeBinary),  # watch ring: how the person said yes
    moment("since", required=True),
    Index("ix_proxies_proxy", "proxy"),
)

# When a responder was woken last for silence of a group: a failure of a network wakes nobody on and on.
pages = Table(
    "pages",
    metadata,
    Column("member", Text, ForeignKey(MEMBER, ondelete="CASCADE"), primary_key=True),
    Column("grp", Text, primary_key=True),
    moment("paged_at", required=True),
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

# Whoever switched text messages on: from which phone, and two phrases that count there and nowhere else.
text_lanes = Table(
    "text_lanes",
    metadata,
    Column("member", Text, ForeignKey(MEMBER, ondelete="CASCADE"), primary_key=True),
    Column("number_digest", LargeBinary, nullable=False),
    Column("guarded", LargeBinary, nullable=False),  # watch ring: number, salt, what is kept of the phrases
    moment("since", required=True),
    moment("tried_at"),  # when a phrase came from that phone; until then nothing is sent to it
    Index("ix_text_lanes_number", "number_digest"),
)

# One step of a playbook that runs for somebody; its clock is a due row of the action.
playbook_steps = Table(
    "playbook_steps",
    metadata,
    Column("action", Text, ForeignKey("actions.id", ondelete="CASCADE"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("state", Text, nullable=False, server_default="open"),  # open | taken | done
    Column("holder", Text, ForeignKey(MEMBER, ondelete="SET NULL")),
    Column("guarded", LargeBinary),  # watch ring: sources and notes, each with whose
    moment("taken_at"),
    moment("done_at"),
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
