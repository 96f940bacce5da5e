"""A journey with its legs, and answering for somebody without a phone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from bots import checking, proxies, series
from bots.command import Arg, Args, Command, Question, Talk
from bots.commands.checkins import IN, UNTIL, expected
from bots.commands.returning import asked
from bots.core.folding import fold_word
from bots.core.grammar import yes_or_no
from bots.core.spans import clock_time, duration
from bots.promising import Manner
from bots.saying import line_list
from bots.series import Leg
from bots.store import people
from bots.store import proxies as rows
from bots.zones import zone_of
from directory.core.text import Text, say
from directory.refusals import Refusal

BETWEEN = re.compile(r"[,;\n،؛]+")
STOP = frozenset(("stop", "end", "fin", "terminar", "arreter", "قف", "توقف"))
MOST_WORDS = 4


async def journey(talk: Talk, args: Args) -> None:
    """ "journey 2 h Sololá, 3 h Xela", "journey at 08:00, 2 h Sololá": heard from at the end of every leg."""
    said = asked(args.get("legs", ""))
    starts_at, parts = _start(talk, [part.strip() for part in BETWEEN.split(said.rest) if part.strip()])
    legs = [_leg(part) for part in parts]
    if not legs or any(leg is None for leg in legs):
        await talk.reply(say("Write for example: journey 2 h to the bridge, 3 h to the town"))
        return
    try:
        whose = await proxies.whose(talk.turn, said.whose)
        found = [leg for leg in legs if leg is not None]
        manner = Manner(high_risk=said.high_risk)
        row = await series.journey(talk.desk, talk.turn, whose, found, manner, starts_at)
    except Refusal as refused:
        await talk.reply(refused.text)
        return
    planned = await checking.shown(talk.turn, row)
    text = await expected(talk, planned)
    how = say("At the end of each part write: arrived and your word. Then the next part begins.")
    begin = say("When you leave, write: started and your word.") if starts_at is not None else None
    await talk.reply(line_list(one for one in (text, begin, how) if one is not None))


def _start(talk: Talk, parts: list[str]) -> tuple[datetime | None, list[str]]:
    words = parts[0].split() if parts else []
    if len(words) < 2 or fold_word(words[0]) not in IN | UNTIL:
        return None, parts
    rest = [word for word in words if fold_word(word) not in IN | UNTIL]
    zone, text = zone_of(talk.me.country), rest[0] if rest else ""
    at = clock_time(text, talk.turn.now, zone) if zone is not None else None
    left, rest = " ".join(rest[1:]), rest
    if at is None and (span := duration(" ".join(words[1:]))) is not None:
        at, left = talk.turn.now + span, ""
    return at, ([left] if left else []) + parts[1:] if at is not None else parts


def _leg(part: str) -> Leg | None:
    words = part.split()
    for size in range(min(MOST_WORDS, len(words)), 0, -1):
        if (length := duration(" ".join(words[:size]))) is not None:
            return Leg(length, " ".join(words[size:]))
    return None


async def answer_for(talk: Talk, args: Args) -> None:
    """ "answer for Rosa": ask her. "answer for Rosa, she said yes at home": she has no phone."""
    first, _, how = args.get("whom", "").partition(",")
    words = first.split()
    name = words[0].strip("@") if words else ""
    try:
        if not words:
            await _whom(talk)
        elif fold_word(words[0]) in STOP and len(words) > 1:
            done = await proxies.stop(talk.turn, words[1].strip("@"))
            await talk.reply(say("That is over.") if done else say("You did not answer for them."))
        elif how.strip():
            await proxies.take_on(talk.turn, name, how)
            await talk.reply(say("Written down. You may answer check-ins of {name} now.", name=name))
        else:
            await proxies.ask(talk.turn, name)
            await talk.reply(say("{name} is asked. I tell you when they say yes.", name=name))
    except Refusal as refused:
        await talk.reply(refused.text)


async def _whom(talk: Talk) -> None:
    mine = await proxies.mine(talk.turn)
    agreed = tuple(one.handle for one in mine if one.state == proxies.YES)
    example = say("Write: answer for and a name. Without a phone, add a comma and how they said yes.")
    await talk.reply(say("You answer for: {names}", names=agreed) if agreed else example)


async def take_proxy(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """1 = yes, 0 = no, to somebody who would answer for them."""
    yes = yes_or_no(text)
    if yes is None:
        return False
    if not await proxies.answer(talk.turn, context.get("proxy", ""), yes):
        await talk.reply(say("Nobody asks you any more. Thank you."))
    else:
        await talk.reply(say("Thank you for saying so. They are told."))
    return True


async def put_proxy(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """The question once more, while it stands."""
    asking = await rows.of_member(talk.turn.tx, talk.turn.guard, talk.me.id)
    asker = await people.person(talk.turn.tx, context.get("proxy", ""))
    if asker is None or all(one.proxy != asker.id or one.state != proxies.ASKED for one in asking):
        return None
    return line_list(
        (
            say("{name} asks to answer your check-ins when you have no coverage.", name=asker.handle),
            say("1 = yes, 0 = no"),
        )
    )


QUESTIONS = (Question(proxies.QUESTION, take_proxy, put_proxy),)

COMMANDS = (
    Command(
        "journey",
        {
            "en": ("journey", "trip"),
            "es": ("viaje", "camino"),
            "fr": ("voyage", "trajet"),
            "ar": ("رحلة", "سفر"),
        },
        say("journey 2 h to the bridge, 3 h to the town: we wait for you at the end of each part."),
        journey,
        (Arg("legs", needed=False),),
    ),
    Command(
        "answer-for",
        {
            "en": ("answer for",),
            "es": ("contestar por", "contesto por"),
            "fr": ("donner signe pour", "signe pour"),
            "ar": ("أجيب نيابة", "أرد نيابة"),
        },
        say("answer for and a name: answer check-ins of somebody without a phone."),
        answer_for,
        (Arg("whom", needed=False),),
        rare=True,
    ),
)
