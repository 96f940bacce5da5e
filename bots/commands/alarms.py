"""Calling for help, and stopping it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bots import sentinel, wording
from bots.command import Arg, Args, Command, Question, Talk
from bots.core.alarms import OPEN
from bots.kinds import SECRET
from bots.saying import how_long, lines
from bots.sentinel import Lowered
from bots.store import actions
from directory.core.effects import TellRoles, Urgency
from directory.core.text import Text, say
from directory.core.viewer import Role

STALE = timedelta(minutes=10)


async def alarm(talk: Talk, args: Args) -> None:
    """Raise an alarm, or add to the one that is open. However old the message is, it counts."""
    if talk.me.state in ("joining", "waiting"):
        await _not_in_yet(talk, args.get("text", ""))
        return
    sent = talk.said.sent_at
    late = sent if talk.turn.now - sent > STALE else None
    raised = await sentinel.raise_alarm(talk.desk, talk.turn, text=args.get("text", ""), sent_at=late)
    if raised.added and raised.window > timedelta(0):
        span = how_long(raised.window)
        await talk.reply(say("Your alarm is set already and goes out in {span}.", span=span))
    elif raised.added:
        await talk.reply(say("We tell everyone again."))


async def cancel(talk: Talk, args: Args) -> None:
    """Stop the own alarm; without a word, ask for it."""
    if "word" not in args:
        await talk.reply(say("To stop your alarm, write your word now."), "cancel-word", kind="cancel")
        return
    await _lowered(talk, "cancel", args["word"])


async def safe(talk: Talk, args: Args) -> None:
    """End the own alarm because one is safe."""
    if "word" not in args:
        await talk.reply(
            say("Good. Write your word now, so that we know it is you."), "cancel-word", kind="safe"
        )
        return
    await _lowered(talk, "safe", args["word"])


async def here(talk: Talk, args: Args) -> None:
    """Where I am, while my alarm runs."""
    if not args.get("place"):
        await talk.reply(say("Write for example: here, the school in the village"))
    elif await sentinel.here(talk.turn, args["place"]):
        await talk.reply(say("Those who were asked know it. It is forgotten a day after the end."))
    else:
        await talk.reply(say("You have no alarm running. Nobody is told where you are."))


async def take_word(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """The word, asked for by `cancel` or `safe`."""
    await _lowered(talk, context.get("kind", "cancel"), text)
    return True


async def put_word(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """Ask for the word again while there is something to stop."""
    member, states = talk.me.id, frozenset(state.value for state in OPEN)
    running = await actions.newest_of(talk.turn.tx, talk.turn.guard, member, states, lock=False)
    return say("To stop your alarm, write your word now.") if running is not None else None


async def _not_in_yet(talk: Talk, text: str) -> None:
    """Nobody knows yet who this is, and still somebody should look."""
    coordinators = lines(
        wording.CONFIRM_FIRST,
        say("{name}, who waits to be let in, asks for help.", name=talk.me.handle or "—"),
        say("They wrote: {text}", text=text) if text else None,
    )
    await talk.turn.record(TellRoles(Role.COORDINATOR, coordinators, Urgency.ALARM, wakes=True))
    await talk.reply(say("You are not let in yet. The people who look after this network hear you now."))


async def _lowered(talk: Talk, kind: str, word: str) -> None:
    lower = sentinel.safe if kind == "safe" else sentinel.cancel
    result = await lower(talk.turn, word)
    if result is Lowered.WRONG_WORD:
        await talk.reply(
            say("That is not your word. Your alarm goes on. Write your word again."), "cancel-word", kind=kind
        )
        return
    texts = {
        Lowered.UNHEARD: say("Stopped. Nobody has heard anything."),
        Lowered.ENDED: say("Stopped. Everyone who was asked hears that you are safe."),
        Lowered.NO_ALARM: say("You have no alarm running."),
        Lowered.ARMED: say("Good that it is over. Your alarm is ready again."),
    }
    await talk.reply(texts[result])


QUESTIONS = (Question("cancel-word", take_word, put_word, free=True, lowers=True),)

COMMANDS = (
    Command(
        "here",
        {
            "en": ("here", "i am at"),
            "es": ("aquí", "estoy en"),
            "fr": ("ici", "je suis à"),
            "ar": ("هنا", "أنا في"),
        },
        say("here and a place: say where you are, while your alarm runs."),
        here,
        (Arg("place", needed=False),),
        rare=True,
    ),
    Command(
        "alarm",
        {
            "en": ("alarm", "help me", "sos", "emergency"),
            "es": ("alarma", "ayuda", "ayúdame", "ayúdenme", "socorro", "auxilio", "emergencia"),
            "fr": ("alerte", "alarme", "aide", "aidez-moi", "aide-moi", "au secours", "urgence"),
            "ar": ("إنذار", "النجدة", "نجدة", "مساعدة", "ساعدوني", "ساعدني", "ساعدني", "طوارئ", "الحقوني"),
        },
        say("alarm: call for help. You can add words."),
        alarm,
        (Arg("text", needed=False),),
    ),
    Command(
        "cancel",
        {
            "en": ("cancel",),
            "es": ("cancelar", "cancela"),
            "fr": ("annuler", "annule"),
            "ar": ("إلغاء", "الغ", "ألغ"),
        },
        say("cancel and your word: stop your alarm."),
        cancel,
        (Arg("word", SECRET, needed=False),),
        lowers=True,
    ),
    Command(
        "safe",
        {
            "en": ("safe", "i am safe"),
            "es": ("a salvo", "estoy a salvo"),
            "fr": ("en sécurité", "je suis en sécurité"),
            "ar": ("أمان", "بأمان", "أنا بأمان", "في أمان", "أنا في أمان"),
        },
        say("safe and your word: say that you are safe."),
        safe,
        (Arg("word", SECRET, needed=False),),
        lowers=True,
    ),
)
