"""Wide silence, for whoever answers calls: read it, take it, have somebody asked for singly."""

from __future__ import annotations

from collections.abc import Mapping

from bots import silence
from bots.command import Arg, Args, Command, Question, Talk
from bots.core.folding import fold_word
from bots.core.grammar import yes_or_no
from bots.kinds import ALL, part
from bots.naming import means_nothing
from bots.networks import network_meant
from bots.saying import line_list, lines
from directory.core.text import Text, say, say_many
from directory.refusals import NotYours

PARTS: Mapping[str, frozenset[str]] = {
    "ask": frozenset(("ask", "preguntar", "demander", "اسال", "سؤال", "سوال")),
    "wake": frozenset(("wake", "despertar", "reveil", "reveiller", "ايقاظ")),
}


async def silences(talk: Talk, args: Args) -> None:
    """`silence`: what runs. `silence ask NAME` or `silence ask all`: do not hold them any longer."""
    wanted, rest = args.get("part"), args.get("rest", "")
    if wanted == "wake":
        await _wake(talk, rest)
        return
    running = await silence.incidents(talk.turn)
    if not running:
        await talk.reply(lines(say("There is no silence of many now."), *await _networks(talk)))
    elif wanted == "ask" and rest:
        handle = None if fold_word(rest) in ALL else rest.strip("@ ")
        count = sum([await silence.ask_singly(talk.turn, one.id, handle) for one in running])
        await talk.reply(
            say_many("{count} person is asked for now.", "{count} people are asked for now.", count)
        )
    else:
        top = running[0]
        waits = None if top.taken_by else silence.QUESTION
        text = lines(line_list(silence.said(one) for one in running), *await _networks(talk))
        await talk.reply(text, waits, **({"incident": top.id} if waits else {}))


async def _networks(talk: Talk) -> list[Text]:
    """Linked networks that are silent, for whoever looks after this one."""
    try:
        found = await talk.desk.watches.silent(talk.turn)
    except NotYours:
        return []
    return [
        say("The hub of {name} is silent. You were told at {at}.", name=one.name, at=one.told_at)
        for one in found
    ]


async def _wake(talk: Talk, rest: str) -> None:
    """`silence wake NAME`: each time; `silence wake NAME 0`: once a day."""
    name, _, last = rest.rpartition(" ")
    always = not (name and means_nothing(last))
    network = await network_meant(talk, rest if always else name)
    try:
        if network is None:
            raise NotYours
        await talk.desk.watches.wake_for(talk.turn, network.id, always)
    except NotYours:
        await talk.reply(
            say("We do not watch for that network. Write for example: silence wake and its name")
        )
        return
    each_time = say(
        "You are woken each time {name} falls silent while something is due there.", name=network.name
    )
    once = say("You are woken for {name} once a day at most.", name=network.name)
    await talk.reply(each_time if always else once)


async def take_it(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """1 = I have it, 0 = I cannot."""
    yes = yes_or_no(text)
    if yes is None:
        return False
    if not yes:
        await talk.reply(say("Thank you for saying so. The others were asked too."))
    elif await silence.take(talk.turn, context.get("incident", "")):
        await talk.reply(say("You have it. Those held are held longer. Write silence to see who they are."))
    else:
        await talk.reply(say("Somebody has it, or it is over. Thank you."))
    return True


async def put_it(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """The list once more, while nobody has it."""
    running = await silence.incidents(talk.turn)
    return next(
        (silence.said(one) for one in running if one.id == context.get("incident") and not one.taken_by), None
    )


QUESTIONS = (Question(silence.QUESTION, take_it, put_it),)

COMMANDS = (
    Command(
        "silence",
        {
            "en": ("silence", "silences"),
            "es": ("silencio", "silencios"),
            "fr": ("silence", "silences"),
            "ar": ("صمت", "الصمت"),
        },
        say("silence: when many do not answer at once."),
        silences,
        (Arg("part", part(PARTS), needed=False), Arg("rest", needed=False)),
        rare=True,
    ),
)
