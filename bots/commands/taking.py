"""Answering somebody's alarm: having it, passing it on, being done, and what runs now."""

from __future__ import annotations

from collections.abc import Mapping

from bots import following, sentinel, wording
from bots.alarms.telling import text_for
from bots.command import Arg, Args, Command, Question, Talk
from bots.core.alarms import Alarm
from bots.core.grammar import yes_or_no
from bots.kinds import NUMBER
from bots.paging import in_pages
from bots.saying import line_list, lines
from bots.sentinel import Took
from bots.store import actions
from bots.widening import DUE
from directory.core.text import Text, say, say_many
from directory.refusals import NotYours

RUNS = frozenset({Alarm.RUNNING.value, Alarm.TAKEN.value})


async def have(talk: Talk, args: Args) -> None:
    """ "I have it", for the alarm the person was told of; with several open, ask which."""
    found = await actions.waiting_for(talk.turn.tx, talk.turn.guard, talk.me.id, RUNS)
    number = int(args.get("which", "0"))
    if 1 <= number <= len(found):
        await took(talk, found[number - 1].id)
    elif len(found) == 1:
        await took(talk, found[0].id)
    elif not found:
        await talk.reply(say("Nobody waits for you now."))
    else:
        await talk.reply(
            lines(
                say("Several people need help. Write have and the number:"),
                line_list(
                    say("{n}: {name}, {at}", n=n, name=one.fields.get("handle") or "—", at=one.raised_at)
                    for n, one in enumerate(found, 1)
                ),
            )
        )


async def pass_on(talk: Talk, args: Args) -> None:
    """Give back what one has, so that others are asked."""
    for one in await actions.waiting_for(talk.turn.tx, talk.turn.guard, talk.me.id, RUNS):
        if await sentinel.give_back(talk.desk, talk.turn, one.id):
            await talk.reply(say("Thank you. We ask others now."))
            return
    await talk.reply(say("You have nothing to pass on."))


async def done(talk: Talk, args: Args) -> None:
    """Whoever has it says that nothing is left to do."""
    states = frozenset({Alarm.TAKEN.value, Alarm.SAFE.value, Alarm.CANCELLED.value})
    for one in await actions.waiting_for(talk.turn.tx, talk.turn.guard, talk.me.id, states):
        if await sentinel.close(talk.turn, one.id):
            await talk.reply(say("Noted. Thank you for being there."))
            await talk.reply(WAS_IT, "debrief", action=one.id)
            return
    await talk.reply(say("You have nothing to finish."))


async def debrief(talk: Talk, args: Args) -> None:
    """Look back at the newest one that is over; words are kept for the coordinators."""
    found = await sentinel.to_debrief(talk.turn)
    if not found:
        await talk.reply(say("There is nothing to look back at."))
        return
    who = say("About {name}:", name=found[0].handle or found[0].network)
    await talk.reply(lines(who, WAS_IT), "debrief", action=found[0].id, note=args.get("note", ""))


async def take_debrief(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """1 = danger, 0 = a false alarm."""
    yes = yes_or_no(text)
    if yes is None:
        return False
    action, note = context.get("action", ""), context.get("note", "")
    try:
        kept = await sentinel.debrief(talk.turn, action, false_alarm=not yes, note=note)
    except NotYours as refused:
        await talk.reply(refused.text)
        return True
    await talk.reply(say("Kept. Nobody is blamed. Thank you.") if kept else say("Somebody did that already."))
    return True


async def put_debrief(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """Once more, while nobody has answered."""
    waits = any(one.id == context.get("action") for one in await sentinel.to_debrief(talk.turn))
    return WAS_IT if waits else None


async def alarms(talk: Talk, args: Args) -> None:
    """What runs now, for whoever was told or looks after the network."""
    found = await sentinel.open_alarms(talk.turn)
    if not found:
        await talk.reply(say("Nobody is asking for help now."))
        return
    await in_pages(talk, [_line(n, one) for n, one in enumerate(found, 1)])


async def took(talk: Talk, action_id: str) -> None:
    """Take one and say what follows."""
    try:
        result = await sentinel.take(talk.turn, action_id)
    except NotYours as refused:
        await talk.reply(refused.text)
        return
    action = await actions.get(talk.turn.tx, talk.turn.guard, action_id)
    if action is not None and result is Took.SOMEBODY_ELSE:
        await talk.reply(wording.somebody_has_it(action.fields.get("taken_by", "")))
    elif result is Took.OVER:
        await talk.reply(say("It is over already. Thank you."))
    else:
        await talk.reply(
            lines(
                say("You have it. Others are told so."),
                wording.DO_NOT_WRITE if action is not None and action.silent else None,
                wording.CONFIRM_FIRST,
                say("If you cannot go on, write: pass on. When all is done, write: done."),
            )
        )


async def take_alarm(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """1 = I have it, 0 = I cannot."""
    yes = yes_or_no(text)
    if yes is None:
        return False
    if yes:
        await took(talk, context["action"])
        return True
    try:
        await sentinel.decline(talk.desk, talk.turn, context["action"])
    except NotYours as refused:
        await talk.reply(refused.text)
        return True
    await talk.reply(say("Thank you. We ask others."))
    return True


async def put_alarm(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """The alarm once more, while nobody has it."""
    action = await actions.read(talk.turn.tx, talk.turn.guard, context.get("action", ""))
    if action is None or action.state != Alarm.RUNNING:
        return None
    told = {one.member: one for one in await actions.told_of(talk.turn.tx, action.id)}
    mine = told.get(talk.me.id)
    return await text_for(talk.turn, action, mine.rung) if mine is not None else None


async def take_still(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """1 = still with it, 0 = ask others."""
    yes = yes_or_no(text)
    if yes is None:
        return False
    action = await actions.get(talk.turn.tx, talk.turn.guard, context["action"])
    if action is None or action.state != Alarm.TAKEN:
        await talk.reply(say("It is over already. Thank you."))
    elif yes:
        await following.begin(talk.turn, action, DUE)
        await talk.reply(say("Thank you. When all is done, write: done"))
    elif await sentinel.give_back(talk.desk, talk.turn, action.id):
        await talk.reply(say("Thank you. We ask others now."))
    return True


async def put_still(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """Once more, while they have it."""
    action = await actions.read(talk.turn.tx, talk.turn.guard, context.get("action", ""))
    theirs = action is not None and action.fields.get("taken_by_member") == talk.me.id
    return following.still(action) if action is not None and theirs and action.state == Alarm.TAKEN else None


def _line(n: int, one: sentinel.AlarmView) -> Text:
    who = one.handle or one.network
    if one.taken_by:
        return say("{n}: {name}, {at}: {who} has it", n=n, name=who, at=one.raised_at, who=one.taken_by)
    return say("{n}: {name}, {at}: nobody has it yet", n=n, name=who, at=one.raised_at)


def waiting_count(count: int) -> Text:
    """How many calls are open, for `status`."""
    return say_many("{count} person waits for help.", "{count} people wait for help.", count)


WAS_IT = say("Was somebody in danger? 1 = yes, 0 = it was a false alarm")

QUESTIONS = (
    Question("debrief", take_debrief, put_debrief),
    Question("alarm", take_alarm, put_alarm),
    Question(following.QUESTION, take_still, put_still),
)

COMMANDS = (
    Command(
        "have",
        {
            "en": ("have", "i have it"),
            "es": ("lo tengo", "yo lo tengo", "me encargo"),
            "fr": ("je l'ai", "je m'en occupe", "je m'en charge", "j'y vais"),
            "ar": ("عندي", "لدي", "أنا لها", "أتولى الأمر"),
        },
        say("have: say that you look after somebody who called."),
        have,
        (Arg("which", NUMBER, needed=False),),
        lowers=True,
        listed=False,
    ),
    Command(
        "pass on",
        {
            "en": ("pass on", "give back"),
            "es": ("pasar", "lo paso"),
            "fr": ("passer la main", "je passe"),
            "ar": ("أحيل", "حول"),
        },
        say("pass on: ask others to take over."),
        pass_on,
        lowers=True,
        listed=False,
    ),
    Command(
        "done",
        {
            "en": ("done",),
            "es": ("listo", "lista", "terminado"),
            "fr": ("terminé", "c'est fini"),
            "ar": ("انتهى", "تم"),
        },
        say("done: say that nothing is left to do."),
        done,
        lowers=True,
        listed=False,
    ),
    Command(
        "debrief",
        {
            "en": ("debrief", "look back"),
            "es": ("balance", "mirar atrás"),
            "fr": ("bilan",),
            "ar": ("مراجعة", "تقييم"),
        },
        say("debrief: look back at a call that is over. You can add words."),
        debrief,
        (Arg("note", needed=False),),
        listed=False,
    ),
    Command(
        "alarms",
        {
            "en": ("alarms",),
            "es": ("alarmas",),
            "fr": ("alertes", "alarmes"),
            "ar": ("الإنذارات", "إنذارات"),
        },
        say("alarms: who asks for help now."),
        alarms,
        rare=True,
    ),
)
