"""(d) finding allies in chat and on the page, (e) an introduction that ends in a private room."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from hub.demo.browser import Browser
from hub.demo.cast import ALLIES_OF, ORGANISATION, WHERE
from hub.demo.stage import Actor, NetworkOnStage, Stage
from hub.demo.steps.watching import must, observed
from hub.due import CLOCK
from hub.node import open_node
from hub.store.everything import holding

PURPOSE = "Queremos acompañamiento para nuestra comunidad en la próxima asamblea."
QUIET_WORDS = "Gracias por venir. Hablemos mañana por la mañana."


async def find(stage: Stage) -> str:
    """Cards that were listed at Tejido are found at Minga, in chat and on the page."""
    ixchel = stage.actors["ixchel"]
    chat = await observed("cards came across the link", lambda: _ask(ixchel), 40)
    browser = await _browser(stage, stage.b, "ixchel")
    try:
        page = await _look(browser)
    finally:
        await browser.close()
    numbered = re.findall(r"^\W*(\d+)\. (.+)$", chat, re.MULTILINE)
    must(len(numbered) >= 3, "several cards in chat")
    must("Tejido" in chat and "Tejido" in page, "they say which network they come from")
    titles = [line.split(" (Tejido)")[0] for _, line in numbered]
    must(any(title in page for title in titles), "the page shows the same cards")
    stage.notes["number"] = next(number for number, line in numbered if _is_wanted(line))
    return f"{len(numbered)} cards in chat, the first is “{titles[0]}”; the page shows them too"


async def meet(stage: Stage) -> str:
    """Shown by name, asked, answered yes, invited, and words exchanged that no hub reads."""
    ixchel, lucero = stage.actors["ixchel"], stage.actors["lucero"]
    await ixchel.tell("sí Tejido")
    await ixchel.tell("1")
    await ixchel.tell(ixchel.part.word)
    await observed("Tejido finds her by name", lambda: finds(stage.a, "ixchel"))
    lucero.forget()
    await ixchel.tell(f"conocer {stage.notes['number']} {PURPOSE}")
    asked = await lucero.hear(wanted=lambda heard: PURPOSE in heard.body)
    crossed = await _contacts_known(stage)
    must(not crossed, f"no contact crossed before the yes, but: {crossed}")
    await lucero.tell("1")
    rooms = await asyncio.gather(*(_enter(actor, stage.b.bot) for actor in (ixchel, lucero)))
    must(rooms[0] == rooms[1], "both were invited to the same room")
    await _talk(ixchel, lucero, rooms[0])
    must(ixchel.app.user_id not in asked.body, "the question named no account")
    await ixchel.app.until_left(rooms[0], stage.b.bot)
    return "Lucero read who asks and why, said yes; both talk in an encrypted room, and the bot has left it"


async def finds(network: NetworkOnStage, title: str) -> bool:
    """Does a search at this network show somebody by this name?"""
    found: Any = await network.ask("FindAllies", question={"regions": [WHERE]}, first=50)
    return any(edge["node"]["title"] == title for edge in found["findAllies"]["edges"])


async def _ask(ixchel: Actor) -> str:
    answer = await ixchel.tell(f"buscar {ALLIES_OF} en {WHERE}")
    return answer if any(_is_wanted(line) for line in answer.splitlines()) else ""


def _is_wanted(line: str) -> bool:
    """The organisation has an acronym on its card and a long name in the list."""
    return "Unidad de Protección" in line or ORGANISATION in line


async def _browser(stage: Stage, network: NetworkOnStage, handle: str) -> Browser:
    made: Any = await network.act("MakeLoginLink", handle=handle)
    browser = Browser.at(network.address)
    await browser.open(made["url"])
    await browser.press("")
    return browser


async def _look(browser: Browser) -> str:
    await browser.open("/find")
    return await browser.press("look", issues=[ALLIES_OF], regions=[WHERE])


async def _enter(actor: Actor, bot: str) -> str:
    return (await actor.app.accept(40, inviter=bot)).room


async def _talk(one: Actor, other: Actor, room: str) -> None:
    for actor, partner in ((one, other), (other, one)):
        await actor.app.until_joined(room, partner.app.user_id, 30)
    await one.app.say(room, QUIET_WORDS)
    heard = await other.app.wait_for(lambda heard: heard.body == QUIET_WORDS, 30)
    must(heard.encrypted and heard.verified, "what was said was encrypted, from a device its owner signed")
    await other.app.say(room, QUIET_WORDS)
    await one.app.wait_for(lambda heard: heard.room == room and heard.body == QUIET_WORDS, 30)


async def _contacts_known(stage: Stage) -> list[str]:
    """Does either hub hold the other one's person's account anywhere, readable with its own keys?"""
    ixchel, lucero = stage.actors["ixchel"].app.user_id, stage.actors["lucero"].app.user_id
    there = await asyncio.gather(inside(stage.a, ixchel), inside(stage.b, lucero))
    return [table for tables in there for table in tables]


async def inside(network: NetworkOnStage, *needles: str) -> list[str]:
    """Tables of this network's database in which a text can be read with all of its own keys."""
    node = await open_node(network.data, part="demo")
    try:
        async with node.turn(CLOCK) as turn:
            return await holding(turn.tx, turn.guard, *needles)
    finally:
        await node.close()
