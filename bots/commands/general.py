"""Finding one's way: help, stop, status, the word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from bots import capabilities, checking, pictures, sentinel
from bots.command import Arg, Args, Command, Question, Talk
from bots.commands.taking import waiting_count
from bots.core.alarms import Alarm
from bots.core.grammar import fold_phrase, lexicon
from bots.kinds import SECRET
from bots.paging import in_pages
from bots.saying import lines
from bots.store import actions, conversations
from directory import words
from directory.core.relations import Relation, relations
from directory.core.rules import may, verdict
from directory.core.text import Text, say, say_many
from directory.core.verdicts import Verdict
from directory.refusals import BadAnswer, NeedsWord

ALL = frozenset(("all", "todo", "todos", "tout", "tous", "الكل", "كل"))


def _is_ours(one: Command, apart: frozenset[str]) -> bool:
    """Does the account spoken with do this? What another one does stands in its own help."""
    return one.name in capabilities.EVERYWHERE or capabilities.part_of(one.name).key not in apart


Listing = Callable[[frozenset[Relation], frozenset[str], bool], tuple[Text, ...]]


def _listing(others: tuple[Command, ...]) -> Listing:
    """What somebody in these relations may say to an account that leaves some parts to others; `rare`: what
    only `help all` shows."""

    @lru_cache(maxsize=64)
    def listed(standing: frozenset[Relation], apart: frozenset[str], rare: bool) -> tuple[Text, ...]:
        mine = [
            one.help
            for one in others
            if verdict(one.rule, standing) is Verdict.SHOW and _is_ours(one, apart)
            if one.listed and one.rare is rare
        ]
        return tuple(mine) if rare else (*mine, say("help all: what else there is."))

    return listed


def help_about(others: tuple[Command, ...]) -> Command:
    """The command that explains all others, made from their descriptions."""
    known = lexicon((phrase, one.name) for one in others for words in one.words.values() for phrase in words)
    named = {one.name: one for one in others}

    listed = _listing(others)

    async def help_(talk: Talk, args: Args) -> None:
        about = fold_phrase(args.get("about", ""))
        everything = about in ALL
        asked = named.get(known.phrases.get(about, ""))
        if asked is not None and may(asked.rule, talk.turn.viewer):
            await talk.reply(asked.help)
            return
        apart = frozenset(talk.desk.elsewhere)
        await in_pages(
            talk,
            listed(relations(talk.turn.viewer), apart, everything),
            before=say("You can write:"),
            after=say("1, 2 or 0 answer my last question."),
        )

    return Command(
        "help",
        {
            "en": ("help", "commands", "menu"),
            "es": ("menú", "comandos", "opciones"),
            "fr": ("menu", "commandes", "options"),
            "ar": ("قائمة", "القائمة", "الأوامر", "أوامر"),
        },
        say("help: what you can write."),
        help_,
        (Arg("about", needed=False),),
        listed=False,
    )


async def stop(talk: Talk, args: Args) -> None:
    """Leave what was being talked about. Alarms and check-ins go on."""
    await conversations.drop_own(talk.turn.tx, talk.turn.guard, talk.me.id, talk.turn.now)
    if talk.me.state == "joining":
        await talk.reply(say("We stop here. To go on, write: join"))
    else:
        await talk.reply(say("We stop here. Alarms and check-ins go on."))


async def status(talk: Talk, args: Args) -> None:
    """What is open for this person now."""
    mine = await sentinel.my_alarm(talk.turn)
    told = await actions.waiting_for(
        talk.turn.tx, talk.turn.guard, talk.me.id, frozenset({Alarm.RUNNING.value})
    )
    planned = await checking.mine(talk.turn)
    open_now = lines(
        _alarm_line(mine),
        waiting_count(len(told)) if told else None,
        say_many("{count} check-in is planned.", "{count} check-ins are planned.", len(planned))
        if planned
        else None,
    )
    nothing = mine is None and not told and not planned
    await talk.reply(say("Nothing is open for you now.") if nothing else open_now)


async def compare(talk: Talk, args: Args) -> None:
    """Ask the person's app to compare pictures."""
    await pictures.ask(talk.turn, talk.me.id)
    await talk.reply(say("Your app asks you now. Say yes there, and look at seven pictures."))


async def word(talk: Talk, args: Args) -> None:
    """Set the word, or, with one set already, give it first and then the new one."""
    if await words.has_word(talk.turn, talk.me.id):
        await talk.reply(say("To choose a new word, write the one you have now."), "old-word")
    elif "word" in args:
        await _set(talk, args["word"])
    else:
        await talk.reply(say("Write the word you choose. At least 6 letters."), "new-word")


async def take_old_word(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """The word as it is; then the new one is asked for."""
    given = await words.check_word(talk.turn, talk.me.id, text)
    if given is None:
        await talk.reply(say("That is not your word. Please try again."), "old-word")
        return True
    await talk.reply(say("Write the word you choose. At least 6 letters."), "new-word", given=given.id)
    return True


async def take_new_word(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """The new word."""
    await _set(talk, text, context.get("given", ""))
    return True


async def put_word(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """A word half changed is begun again by the person."""
    return None


async def _set(talk: Talk, text: str, given: str = "") -> None:
    turn = await words.as_given(talk.turn, given) if given else talk.turn
    try:
        await words.set_word(turn, talk.me.id, text)
    except NeedsWord as refused:
        await talk.reply(refused.text)
    except BadAnswer as refused:
        await talk.reply(refused.text, "new-word", **({"given": given} if given else {}))
    else:
        await talk.reply(say("Your word is set. I never show it."))


def _alarm_line(mine: sentinel.AlarmView | None) -> Text | None:
    if mine is None:
        return None
    if mine.state == Alarm.TAKEN:
        return say("Your alarm: {name} has it.", name=mine.taken_by)
    if mine.state == Alarm.RAISED:
        return say("Your alarm is set and goes out soon. To stop it: cancel and your word.")
    if mine.state == Alarm.RUNNING:
        return say("Your alarm is out. Nobody has it yet.")
    return say("Your last alarm is over.")


QUESTIONS = (
    Question("old-word", take_old_word, put_word, free=True),
    Question("new-word", take_new_word, put_word, free=True),
)

COMMANDS = (
    Command(
        "status",
        {
            "en": ("status",),
            "es": ("estado",),
            "fr": ("état", "statut"),
            "ar": ("حالة", "الحالة"),
        },
        say("status: what is open for you."),
        status,
        rare=True,
    ),
    Command(
        "word",
        {
            "en": ("word", "my word"),
            "es": ("palabra", "mi palabra"),
            "fr": ("mot", "mon mot"),
            "ar": ("كلمة", "كلمتي", "الكلمة"),
        },
        say("word: choose a new word."),
        word,
        (Arg("word", SECRET, needed=False),),
        rare=True,
    ),
    Command(
        "pictures",
        {
            "en": ("pictures", "compare pictures"),
            "es": ("dibujos", "comparar dibujos"),
            "fr": ("dessins", "comparer les dessins"),
            "ar": ("الصور", "قارن الصور"),
        },
        say("pictures: let your app check that it is really me."),
        compare,
        rare=True,
    ),
    Command(
        "stop",
        {
            "en": ("stop",),
            "es": ("parar", "salir"),
            "fr": ("arrêter", "arrête", "quitter"),
            "ar": ("توقف", "قف", "خروج"),
        },
        say("stop: leave what we talk about."),
        stop,
        rare=True,
    ),
)
