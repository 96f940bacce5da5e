"""The two readers of the rule table give the same verdict about every pair of viewer and member."""

from __future__ import annotations

import random

from conftest import NOON, Desk
from sqlalchemy import select

from directory.core.audiences import Audience, setting_of
from directory.core.relations import relations
from directory.core.rules import RULES, verdict
from directory.core.verdicts import Verdict
from directory.core.viewer import Lane, Role, Viewer
from directory.store import audiences as chosen_audiences
from directory.store.rules_sql import shown
from directory.store.tables import audiences, introductions, join_codes, members, spokespersons
from directory.store.ties import ties
from directory.turn import Turn

PEOPLE = [f"member-{number:02}" for number in range(24)]
THINGS = sorted(thing for thing in RULES if thing.startswith(("Member.", "act:")))
WORDS = [*Audience, "a word nobody knows"]


async def a_random_directory(turn: Turn, dice: random.Random) -> None:
    rows = [{"id": one, "kind": "person", "state": "active", "since": NOON} for one in PEOPLE]
    await turn.tx.execute(members.insert(), rows)
    fields = [thing.removeprefix("Member.") for thing in THINGS if thing.startswith("Member.")]
    settings = [
        {
            "member": one,
            "field": field,
            "audience": dice.choice(WORDS),
            "networks": dice.choice([[], ["n" * 64]]),
        }
        for one in PEOPLE
        for field in fields
        if dice.random() < 0.7
    ]
    await turn.tx.execute(audiences.insert(), settings)
    pairs = {tuple(dice.sample(PEOPLE, 2)) for _ in range(60)}
    met = [
        {
            "id": f"{number:032x}",
            "asker": asker,
            "asker_network": turn.home,
            "target": target,
            "target_network": turn.home,
            "target_card": "c",
            "state": dice.choice(["asked", "accepted", "refused", "expired", "met"]),
            "answerer": dice.choice([None, *PEOPLE]),
            "asked_at": NOON,
            "expires_at": NOON,
        }
        for number, (asker, target) in enumerate(sorted(pairs))
    ]
    await turn.tx.execute(introductions.insert(), met)
    speaks = [{"organisation": a, "member": b, "since": NOON} for a, b in sorted(pairs)[:15]]
    await turn.tx.execute(spokespersons.insert(), speaks)
    codes = [
        {
            "id": f"{n}",
            "digest": bytes([n]),
            "inviter": a,
            "member": b,
            "expires_at": NOON,
            "spoken": b"two",
        }
        for n, (a, b) in enumerate(sorted(pairs)[15:40])
    ]
    await turn.tx.execute(join_codes.insert(), codes)


def viewers(dice: random.Random) -> list[Viewer]:
    of_members = [
        Viewer(Lane.CHAT, one, frozenset(dice.sample(list(Role), dice.randint(0, 3)))) for one in PEOPLE[:12]
    ]
    return [*of_members, *(Viewer(lane, network="n" * 64) for lane in Lane)]


async def test_python_and_sql_agree_on_random_members_audiences_and_viewers(desk: Desk) -> None:
    dice = random.Random(5)
    async with desk.turn() as turn:
        await a_random_directory(turn, dice)
        chosen = {one: await chosen_audiences.chosen(turn.tx, one) for one in PEOPLE}
        compared = shows = 0
        for viewer in viewers(dice):
            tied = {one: await ties(turn.tx, viewer.member, one) for one in PEOPLE}
            for thing in THINGS:
                field = RULES[thing].audience or ""
                in_python = {
                    one
                    for one in PEOPLE
                    if verdict(thing, relations(viewer, tied[one]), setting_of(field, chosen[one]))
                    is Verdict.SHOW
                }
                found = await turn.tx.execute(select(members.c.id).where(shown(thing, viewer)))
                assert set(found.scalars()) == in_python, (thing, viewer)
                compared, shows = compared + len(PEOPLE), shows + len(in_python)
    assert compared > 5_000
    assert 0 < shows < compared
