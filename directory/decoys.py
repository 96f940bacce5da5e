"""Decoys: made once a day, shown like any card; coordinators are called when somebody gathers cards."""

from __future__ import annotations

from collections.abc import Collection

from directory import budgets, vocabularies
from directory.core.budgets import DAY
from directory.core.cards import tags
from directory.core.decoys import LOOKS_OLD, MIXED_FROM, MOST_AT_ONCE, mixed, rings, wanted
from directory.core.effects import TellRoles, Urgency
from directory.core.text import say
from directory.core.viewer import Lane, Role
from directory.refusals import NotYours
from directory.store import decoys as store
from directory.store import members as rows
from directory.turn import Turn


async def tend(turn: Turn) -> None:
    """Make as many as there should be, some at a time, and let old sightings go. For the daily tidying."""
    if turn.viewer.lane not in (Lane.CLOCK, Lane.TERMINAL):
        raise NotYours
    await store.forget_before(turn.tx, turn.now - DAY)
    people, here = await store.among_people(turn.tx)
    missing = min(wanted(people) - here, MOST_AT_ONCE)
    if missing < 0:
        await store.drop(turn.tx, -missing)
    known = vocabularies.known()
    for _ in range(missing):
        some = await store.some_people(turn.tx, MIXED_FROM)
        card = turn.ids()
        body = mixed(card, some, int(turn.ids()[:8], 16))
        await store.add(turn.tx, card, turn.home, body, tags(body, known), turn.now, turn.now - LOOKS_OLD)


async def shown(turn: Turn, cards: Collection[str], *, opened: bool = False) -> None:
    """These decoys stand on a page that this viewer gets, or one of them was opened or asked to meet."""
    if not cards or turn.viewer.member is None:
        return
    who, limit = await budgets.charged_to(turn)
    weight, rung = await store.seen(turn.tx, who, cards, turn.now, turn.now - DAY, opened=opened)
    if rung or not rings(weight, limit):
        return
    await store.set_rung(turn.tx, who)
    row = await rows.load(turn.tx, turn.viewer.member)
    text = say(
        "Somebody may be gathering cards. {name} was shown cards that stand for nobody. Please find out what "
        "is behind it. You can hold the account back for now.",
        name=row.name if row else "",
    )
    await turn.record(TellRoles(Role.COORDINATOR, text, Urgency.ANSWER, wakes=True))
