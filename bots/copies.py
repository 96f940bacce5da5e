"""A copy of everything kept about a person, for that person: what they said, and what happened."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from bots import checking
from bots.alarms.showing import values
from bots.core.alarms import Alarm
from bots.store import actions, circles
from directory import apart, audit, introductions, later, showing
from directory.turn import Turn

SHOWN_FOR = timedelta(days=1)
"""So long a call that is over stands on the person's own page (bots/alarms/showing.py)."""


async def read(turn: Turn) -> str | None:
    """The viewer's copy as JSON, once it is ready; None before. Needs the word.

    Stopped, or read under pressure, it holds what the pages show anyway without the word, and no calls of
    before: were less in it than whoever looks on has seen there, it would tell them that it was stopped.
    Raises NotYours, NeedsWord, HubSealed.
    """
    row = await later.ready_copy(turn)
    if row is None:
        return None
    await audit.note(turn, "copy-read", row.member)
    short = row.kept.stopped or turn.viewer.pressed
    rest = await _rest(turn, row.member, turn.now - SHOWN_FOR if short else None)
    return json.dumps(
        {"asked_at": row.asked_at.isoformat(), "card": await _card(turn), **rest},
        indent=1,
        ensure_ascii=False,
    )


async def _card(turn: Turn) -> dict[str, object]:
    mine = await showing.my_card(turn)
    return {
        "handle": mine.handle,
        "language": mine.locale,
        "country": mine.country,
        "works_in": mine.works_in,
        "issues": mine.issues,
        "languages": mine.languages,
        "offers": mine.offers,
        "subdivision": mine.subdivision,
        "city": mine.city,
        "text": mine.text,
        "organisation": mine.organisation,
        "audiences": {field: setting.audience for field, setting in mine.audiences.items()},
    }


async def _rest(turn: Turn, member: str, since: datetime | None) -> dict[str, object]:
    shown = (await showing.my_card(turn)).shown_to
    plan = await circles.plan_of(turn.tx, turn.guard, member)
    met = await introductions.mine(turn)
    calls = await actions.in_states(
        turn.tx, turn.guard, values(frozenset(Alarm)), kinds=(actions.ALARM,), member=member
    )
    return {
        "shown_to": [{"network": one.name, "since": one.given_at.isoformat()} for one in shown],
        "never_brought_together_with": [one.name for one in await apart.mine(turn)],
        "circle": [one.handle for one in await circles.circle_of(turn.tx, member)],
        "plan": {**plan.fields, "networks": plan.networks},
        "check_ins": [
            {"due_at": one.due_at.isoformat(), "about": one.about} for one in await checking.mine(turn)
        ],
        "introductions": [one.purpose for one in met.asked],
        "calls": [await _call(turn, one) for one in calls if since is None or one.raised_at >= since],
    }


async def _call(turn: Turn, action: actions.Action) -> dict[str, object]:
    story = await actions.story(turn.tx, turn.guard, action.id)
    return {
        "raised_at": action.raised_at.isoformat(),
        "text": action.fields.get("text", ""),
        "what_happened": [{"at": one.at.isoformat(), "step": one.step} for one in story],
    }
