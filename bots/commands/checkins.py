"""Promising a sign of life, giving it, calling it off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bots import checking, drills, proxies, unclear
from bots.checking import Answered, Planned
from bots.command import Arg, Args, Command, Question, Talk, held_back
from bots.commands import returning
from bots.commands.returning import Asked, asked
from bots.core.folding import fold_word
from bots.core.spans import clock_time, duration
from bots.core.when import FOR
from bots.kinds import FOR_SOMEBODY, LENGTH, SECRET
from bots.saying import how_long, line_list, lines
from bots.store import checkins
from bots.zones import zone_of
from directory import words
from directory.core.handles import handle_key
from directory.core.text import Text, say
from directory.refusals import Refusal

IN = frozenset(("in", "en", "dans", "بعد", "خلال"))
UNTIL = frozenset(("at", "until", "a", "las", "hasta", "jusqu'a", "jusque", "الساعه", "حتي", "في"))
MOST_WORDS = 4


async def check_in(talk: Talk, args: Args) -> None:
    """Plan a check-in: "check-in in 2 h, market in town", "check-in daily 08:00"; without a time, say what
    is planned."""
    if not args.get("when"):
        await _what_is_planned(talk)
        return
    said = asked(args["when"])
    try:
        planned = await returning.plan(talk, said) or await _once(talk, said)
    except Refusal as refused:
        await talk.reply(refused.text)
        return
    if planned is None:
        await talk.reply(say("Write for example: check-in in 2 h. You can add what it is about."))
        return
    await talk.reply(await expected(talk, planned))


async def _once(talk: Talk, said: Asked) -> Planned | None:
    due_at, about = when(said.rest, talk.turn.now, zone_of(talk.me.country))
    if due_at is None:
        return None
    return await checking.plan(
        talk.desk, talk.turn, due_at, about=about, high_risk=said.high_risk, whose=said.whose
    )


async def expected(talk: Talk, planned: Planned) -> Text:
    """What a person reads when something is planned: until when, and who would notice."""
    span = how_long(_whole(planned.due_at - talk.turn.now))
    return lines(
        say("Good. I expect you within {span}.", span=span)
        if not planned.whose
        else say("Good. I expect to hear of {name} within {span}.", name=planned.whose, span=span),
        say("I remind you before. Then write: ok and your word.")
        if not planned.whose
        else say("I remind you before. Then write: ok for {name} and your word.", name=planned.whose),
        say("More of them follow by themselves.") if planned.again else None,
        planned.notice.text,
        drills.said_of(await drills.staffed(talk.desk, talk.turn)),
    )


async def ok(talk: Talk, args: Args) -> None:
    """Answer a check-in, one's own or "for" somebody; without a word, ask for it."""
    whose, word = await _for_whom(talk, args.get("word", ""))
    if not word:
        await talk.reply(
            say("Write your word now, so that we know it is you."), "check-in-word", whose=whose or ""
        )
        return
    await _answered(talk, word, whose)


async def call_off(talk: Talk, args: Args) -> None:
    """Call off every check-in, with the word."""
    whose, word = await _for_whom(talk, args.get("word", ""))
    result = await checking.call_off(talk.turn, word, whose)
    texts = {
        Answered.SAFE: say("Your check-ins are called off. Nobody waits for you now."),
        Answered.WRONG_WORD: say("That is not your word. We still wait for you."),
    }
    await talk.reply(texts.get(result, say("No check-in waits for you.")))


async def later(talk: Talk, args: Args) -> None:
    """ "later 30 min" and the word: it takes longer."""
    whose = await _one_of_mine(talk, args["whom"]) if "whom" in args else None
    if not args.keys() >= {"by", "word"} or ("whom" in args and whose is None):
        await talk.reply(say("Write for example: later 30 min and your word"))
        return
    by = timedelta(seconds=int(args["by"]))
    try:
        result = await checking.later(talk.turn, args["word"], by, whose)
    except Refusal as refused:
        await talk.reply(refused.text)
        return
    texts = {
        Answered.SAFE: say("Good. I expect you {span} later.", span=how_long(by)),
        Answered.WRONG_WORD: say("That is not your word. We still wait for you."),
        Answered.WHOSE: WHOSE,
    }
    await talk.reply(texts.get(result, say("No check-in waits for you.")))


async def _for_whom(talk: Talk, rest: str) -> tuple[str | None, str]:
    """ "for Rosa luna azul": only where the viewer answers for somebody of that name, else it is the word."""
    first, _, after = rest.partition(" ")
    handle, _, word = after.strip().partition(" ")
    if fold_word(first) in FOR and handle and (name := await _one_of_mine(talk, handle)) is not None:
        return name, word.strip()
    return None, rest


async def _one_of_mine(talk: Talk, handle: str) -> str | None:
    """The name of somebody the viewer answers for, as it is written."""
    key = handle_key(handle.strip("@,:"))
    return next((one.handle for one in await proxies.mine(talk.turn) if handle_key(one.handle) == key), None)


async def take_word(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """The word alone."""
    await _answered(talk, text, context.get("whose") or None)
    return True


async def take_prompt(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """The word alone answers a reminder too. A number gets told so; all else goes its usual way."""
    if fold_word(text).isdigit():
        await talk.reply(say("Please write: ok and your word."))
        return True
    if not await words.holds_word(talk.turn, talk.me.id, text):
        return False
    if held_back(talk):
        talk.stays_open("check-in", context)
        await unclear.came_late(talk)
        return True
    await _answered(talk, text)
    return True


async def put(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """The reminder once more, while it waits."""
    row = await checkins.get(talk.turn.tx, talk.turn.guard, context.get("checkin", ""))
    waits = row is not None and row.state in ("prompted", "missed")
    return say("Are you safe? Write: ok and your word.") if waits else None


def when(rest: str, now: datetime, zone: ZoneInfo | None) -> tuple[datetime | None, str]:
    """The time a line starts with, and what follows it. "22:00" needs a zone."""
    words = rest.split()
    while words and fold_word(words[0]) in IN | UNTIL:
        words = words[1:]
    for size in range(min(MOST_WORDS, len(words)), 0, -1):
        start, about = " ".join(words[:size]).rstrip(",.;:،"), " ".join(words[size:])
        if (length := duration(start)) is not None:
            return now + length, about
        if zone is not None and (moment := clock_time(start, now, zone)) is not None:
            return moment, about
    return None, rest


async def _what_is_planned(talk: Talk) -> None:
    planned = await checking.mine(talk.turn)
    if not planned:
        await talk.reply(say("You have no check-in planned. Write for example: check-in in 2 h"))
        return
    await talk.reply(line_list(_line(one, how_long(_whole(one.due_at - talk.turn.now))) for one in planned))


def _line(one: Planned, span: Text) -> Text:
    whose = (
        say("I expect to hear of {name} within {span}.", name=one.whose, span=span)
        if one.whose
        else say("I expect you within {span}.", span=span)
    )
    return lines(whose, one.notice.text)


async def _answered(talk: Talk, word: str, whose: str | None = None) -> None:
    result = await checking.answer(talk.desk, talk.turn, word, whose)
    if result is Answered.WRONG_WORD:
        text = say("That is not your word. Please try again, or write: alarm")
        await talk.reply(text, "check-in-word", whose=whose or "")
        return
    texts = {
        Answered.SAFE: say("Thank you. Good to hear from you."),
        Answered.LATE: say("Thank you. Everyone who was asked hears that you are safe."),
        Answered.NOTHING_DUE: say("No check-in waits for you."),
        Answered.WHOSE: WHOSE,
    }
    await talk.reply(texts[result])


async def put_word(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """Ask for the word again."""
    return say("Write your word now, so that we know it is you.")


WHOSE = say("You answer for several people. Write: ok for, their name and your word.")


def _whole(span: timedelta) -> timedelta:
    seconds = round(span.total_seconds())
    return timedelta(seconds=seconds if seconds < 120 else seconds - seconds % 60)


QUESTIONS = (
    Question("check-in", take_prompt, put),
    Question("check-in-word", take_word, put_word, free=True, lowers=True),
)

COMMANDS = (
    Command(
        "check-in",
        {
            "en": ("check-in", "check in", "checkin"),
            "es": ("aviso", "control", "chequeo"),
            "fr": ("pointage", "point"),
            "ar": ("اطمئنان", "متابعة"),
        },
        say("check-in in 2 h: if you do not answer by then, your circle is asked."),
        check_in,
        (Arg("when", needed=False),),
    ),
    Command(
        "ok",
        {
            "en": ("ok", "okay", "i am ok", "arrived", "started"),
            "es": ("bien", "estoy bien", "vale", "llegué", "salí"),
            "fr": ("ça va", "je vais bien", "arrivé", "arrivée", "parti", "partie"),
            "ar": ("تمام", "بخير", "أنا بخير", "وصلت", "انطلقت"),
        },
        say("ok and your word: answer a check-in."),
        ok,
        (Arg("word", SECRET, needed=False),),
        lowers=True,
    ),
    Command(
        "later",
        {
            "en": ("later", "it takes longer"),
            "es": ("más tarde", "tardo más"),
            "fr": ("plus tard", "retard"),
            "ar": ("لاحقا", "سأتأخر"),
        },
        say("later 30 min and your word: your next check-in is due later."),
        later,
        (
            Arg("whom", FOR_SOMEBODY, needed=False),
            Arg("by", LENGTH, needed=False),
            Arg("word", SECRET, needed=False),
        ),
        lowers=True,
        rare=True,
    ),
    Command(
        "call-off",
        {
            "en": ("call off", "no check-in"),
            "es": ("anular", "sin aviso"),
            "fr": ("décommander", "sans pointage"),
            "ar": ("ألغ المتابعة", "بدون متابعة"),
        },
        say("call off and your word: no check-in is expected of you any more."),
        call_off,
        (Arg("word", SECRET, needed=False),),
        lowers=True,
        rare=True,
    ),
)
