"""Promising a sign of life, giving it, calling it off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bots import checking, drills
from bots.checking import Answered
from bots.command import Arg, Args, Command, Question, Talk
from bots.core.folding import fold_word
from bots.core.spans import clock_time, duration
from bots.saying import how_long, line_list, lines
from bots.store import checkins
from bots.zones import zone_of
from directory import words
from directory.core.text import Text, say
from directory.refusals import BadAnswer

IN = frozenset(("in", "en", "dans", "بعد", "خلال"))
UNTIL = frozenset(("at", "until", "a", "las", "hasta", "jusqu'a", "jusque", "الساعه", "حتي", "في"))
MOST_WORDS = 4


async def check_in(talk: Talk, args: Args) -> None:
    """Plan a check-in: "check-in in 2 h, market in town"; without a time, say what is planned."""
    rest = args.get("when", "")
    if not rest:
        await _what_is_planned(talk)
        return
    due_at, about = when(rest, talk.turn.now, zone_of(talk.me.country))
    if due_at is None:
        await talk.reply(say("Write for example: check-in in 2 h. You can add what it is about."))
        return
    try:
        planned = await checking.plan(talk.desk, talk.turn, due_at, about=about)
    except BadAnswer as refused:
        await talk.reply(refused.text)
        return
    await talk.reply(
        lines(
            say("Good. I expect you within {span}.", span=how_long(due_at - talk.turn.now)),
            say("I remind you before. Then write: ok and your word."),
            say("If you do not answer, your circle hears it at {at}.", at=planned.noticed_by),
            drills.said_of(await drills.staffed(talk.desk, talk.turn)),
        )
    )


async def ok(talk: Talk, args: Args) -> None:
    """Answer a check-in; without a word, ask for it."""
    if "word" not in args:
        await talk.reply(say("Write your word now, so that we know it is you."), "check-in-word")
        return
    await _answered(talk, args["word"])


async def take_word(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """The word alone."""
    await _answered(talk, text)
    return True


async def take_prompt(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """The word alone answers a reminder too. A number gets told so; all else goes its usual way."""
    if fold_word(text).isdigit():
        await talk.reply(say("Please write: ok and your word."))
        return True
    if not await words.holds_word(talk.turn, talk.me.id, text):
        return False
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
    await talk.reply(
        line_list(
            say("I expect you within {span}.", span=how_long(_whole(one.due_at - talk.turn.now)))
            for one in planned
        )
    )


async def _answered(talk: Talk, word: str) -> None:
    result = await checking.answer(talk.turn, word)
    if result is Answered.WRONG_WORD:
        await talk.reply(say("That is not your word. Please try again, or write: alarm"), "check-in-word")
        return
    texts = {
        Answered.SAFE: say("Thank you. Good to hear from you."),
        Answered.LATE: say("Thank you. Everyone who was asked hears that you are safe."),
        Answered.NOTHING_DUE: say("No check-in waits for you."),
    }
    await talk.reply(texts[result])


async def put_word(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """Ask for the word again."""
    return say("Write your word now, so that we know it is you.")


def _whole(span: timedelta) -> timedelta:
    seconds = round(span.total_seconds())
    return timedelta(seconds=seconds if seconds < 120 else seconds - seconds % 60)


QUESTIONS = (
    Question("check-in", take_prompt, put),
    Question("check-in-word", take_word, put_word, free=True),
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
            "en": ("ok", "okay", "i am ok"),
            "es": ("bien", "estoy bien", "vale"),
            "fr": ("ça va", "je vais bien"),
            "ar": ("تمام", "بخير", "أنا بخير"),
        },
        say("ok and your word: answer a check-in."),
        ok,
        (Arg("word", needed=False),),
        lowers=True,
    ),
)
