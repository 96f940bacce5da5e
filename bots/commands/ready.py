"""Being woken: drills, what makes a phone ring, and the figures of the network's care."""

from __future__ import annotations

from collections.abc import Mapping

from bots import drills, measuring, waking
from bots.command import Arg, Args, Command, Question, Talk
from bots.core.grammar import yes_or_no
from bots.kinds import part
from bots.naming import means_nothing
from bots.saying import lines
from bots.store import drills as rows
from directory.core.text import Text, say
from directory.refusals import Refusal

WAYS: Mapping[str, Text] = {
    waking.PUSH: say("a push address"),
    waking.SMS: say("SMS"),
    waking.CALL: say("a ringing call"),
}
WORDS: Mapping[str, frozenset[str]] = {
    waking.PUSH: frozenset(("push", "ntfy", "unifiedpush")),
    waking.SMS: frozenset(("sms",)),
    waking.CALL: frozenset(("call", "llamada", "appel", "مكالمه")),
}


NUMBER = "wake-number"


async def drill(talk: Talk, args: Args) -> None:
    """Ring this phone in a moment."""
    await drills.begin(talk.desk, talk.turn)
    await talk.reply(drills.NOW_LOCK_IT)


async def take_drill(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """1 = it rang, 0 = it did not."""
    yes = yes_or_no(text)
    if yes is None:
        return False
    came, took = await drills.answer(talk.desk, talk.turn, context.get("drill", ""), yes)
    await talk.reply(drills.said_after(came, took))
    return True


async def put_drill(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """Once more, while it rings."""
    for one in await rows.of_member(talk.turn.tx, talk.me.id, (rows.RINGING,)):
        if one.id == context.get("drill"):
            return drills.THIS_IS_A_DRILL
    return None


async def wake(talk: Talk, args: Args) -> None:
    """`wake`: what wakes me. `wake push https://…`, `wake sms NUMBER`, `wake push 0`."""
    kind, where = args.get("way"), args.get("where", "")
    try:
        if kind is not None and where and means_nothing(where):
            await waking.drop(talk.turn, kind)
        elif kind in (waking.SMS, waking.CALL) and where and kind in talk.desk.wakers:
            asks = lines(*waking.WHAT_IT_TELLS, say("1 = yes, wake me so, 0 = no"))
            await talk.reply(asks, NUMBER, kind=kind, where=where.strip())
            return
        elif kind is not None and where:
            await waking.choose(talk.desk, talk.turn, kind, where.strip())
    except Refusal as refused:
        await talk.reply(refused.text)
        return
    chosen = await waking.mine(talk.turn)
    named = tuple(WAYS[one.kind] for one in chosen)
    await talk.reply(
        lines(
            say("The message in your app wakes you. It carries no content outside the app."),
            *(say("Also: {way}, without a word of why.", way=way) for way in named),
            say("For a push address write: wake push and the address. To leave it out: wake push 0"),
            say("To see whether your phone rings with its screen off, write: drill"),
        )
    )


async def take_number(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """1 = use the number."""
    yes = yes_or_no(text)
    if yes is None:
        return False
    if not yes:
        await talk.reply(say("Good. Nothing was changed."))
        return True
    try:
        kind, where = context["kind"], context["where"]
        await waking.choose(talk.desk, talk.turn, kind, where, understood=True)
    except Refusal as refused:
        await talk.reply(refused.text)
        return True
    await talk.reply(say("Also: {way}, without a word of why.", way=WAYS[kind]))
    return True


async def put_number(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """Once more."""
    return lines(*waking.WHAT_IT_TELLS, say("1 = yes, wake me so, 0 = no"))


async def figures(talk: Talk, args: Args) -> None:
    """How well this network answered in the last thirty days."""
    await talk.reply(measuring.in_words(await measuring.figures(talk.desk, talk.turn)))


QUESTIONS = (Question(drills.QUESTION, take_drill, put_drill), Question(NUMBER, take_number, put_number))

COMMANDS = (
    Command(
        "drill",
        {
            "en": ("drill",),
            "es": ("simulacro",),
            "fr": ("exercice",),
            "ar": ("تدريب", "تمرين"),
        },
        say("drill: see whether your phone wakes you."),
        drill,
    ),
    Command(
        "wake",
        {
            "en": ("wake", "wake me"),
            "es": ("despertar", "despiértame"),
            "fr": ("réveil", "réveiller"),
            "ar": ("إيقاظ", "أيقظني"),
        },
        say("wake: choose what makes your phone ring."),
        wake,
        (Arg("way", part(WORDS), needed=False), Arg("where", needed=False)),
    ),
    Command(
        "figures",
        {
            "en": ("figures",),
            "es": ("cifras",),
            "fr": ("chiffres",),
            "ar": ("أرقام", "الأرقام"),
        },
        say("figures: how fast calls for help were answered."),
        figures,
        rare=True,
    ),
)
