"""(c) people join by talking to the bot, each in their own language."""

from __future__ import annotations

import asyncio
from typing import Any

from hub.demo.cast import LUCERO, ORGANISATION, PEOPLE, PersonPart
from hub.demo.stage import Stage
from hub.demo.steps.watching import must, observed


async def join(stage: Stage) -> str:
    """All five at once, as it happens in life; each is confirmed by their coordinator."""
    organisation = await _organisation(stage)
    await asyncio.gather(*(_join(stage, part, organisation) for part in PEOPLE))
    first = {part.handle: stage.notes[f"welcome {part.handle}"] for part in PEOPLE}
    must(any("\u0600" <= letter <= "\u06ff" for letter in first["nadia"]), "Nadia was answered in Arabic")
    must(len(set(first.values())) >= 3, "each was answered in their own language")
    return f"{', '.join(first)} are members; Lucero speaks for {ORGANISATION}; Tomas is on duty"


async def _join(stage: Stage, part: PersonPart, organisation: str) -> None:
    network = stage.networks[part.network]
    values: dict[str, Any] = {"language": part.language}
    if part.role:
        values["roles"] = [part.role.upper()]
    if part is LUCERO:
        values["organisation"] = organisation
    made: Any = await network.act("InviteMember", **values)
    actor = await stage.arriving[part.handle]
    actor.room = await actor.app.create_direct(network.bot)
    await actor.app.until_joined(actor.room, network.bot, 30)
    await actor.tell(f"join {made['invitation']['code']} {made['invitation']['spoken']}")
    for answer in part.answers:
        await actor.tell(answer)
    member = await observed(f"{part.handle} waits", lambda: _waits(stage, part))
    await network.act("ConfirmMember", member=member)
    stage.notes[f"welcome {part.handle}"] = (await actor.hear()).body
    if part.role == "responder":
        await actor.tell("duty on 8 h")


async def _waits(stage: Stage, part: PersonPart) -> str:
    today: Any = await stage.networks[part.network].ask("Today")
    return next((one["member"] for one in today["waiting"] if one["handle"] == part.handle), "")


async def _organisation(stage: Stage) -> str:
    question = {"issues": ["land and territory"], "regions": ["Guatemala"]}
    page: Any = await stage.a.ask("FindAllies", question=question, first=50)
    cards = [edge["node"] for edge in page["findAllies"]["edges"]]
    found = next((card["id"] for card in cards if card["acronym"] == ORGANISATION), "")
    must(found, f"{ORGANISATION} is listed")
    return str(found)
