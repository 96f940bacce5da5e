"""What to do with one thing somebody said. Who and where is checked first; then forms, questions, commands.

A stranger is read for one thing only, `join` and a code; for all else there is silence. From a known person
nothing is lost: what can be no order becomes a question whether they need help (bots/unclear.py).
"""

from __future__ import annotations

from dataclasses import replace

from bots import answering, capabilities, unclear
from bots.command import Command, Talk, Unfit, Where, held_back, read_args
from bots.commands import BY_NAME, LEXICON, QUESTIONS
from bots.commands import joining as coming_in
from bots.core.grammar import Hidden, Nothing, Number, Order, Reading, Unknown, fold_phrase, read, yes_or_no
from bots.desk import Desk
from bots.said import Form, Said
from bots.saying import lines
from bots.store import conversations, people
from bots.store.conversations import Open
from bots.store.people import Person
from directory.core.rules import may
from directory.core.text import say
from directory.core.viewer import Viewer
from directory.leaving import looks_gone
from directory.refusals import Refusal
from directory.store.guarded import HubSealed
from directory.turn import Turn

MOST_KEPT = 500
BEFORE_FREE_ANSWERS = frozenset({"alarm", "stop", "help"})
"""Commands that, alone on a line, are never taken for the answer to an open question."""
BRIEF = frozenset(
    {"help", "status", "duty", "card", "networks", "introductions", "alarms", "waiting", "check-in"}
)
"""Commands that take a few rows and no secret, and on which nobody's safety hangs this second."""


BEING_OPENED = say("This hub is being opened. Alarms are running. Please write again in a while.")


def brief(said: Said) -> Order | None:
    """What was ordered when it is plain, soon carried out and about nobody's safety: such an order may share
    its transaction with others (`obey_one_of_several`)."""
    if not said.trusted or said.form is not Form.WORDS:
        return None
    reading = read(said.body, LEXICON)
    return reading if isinstance(reading, Order) and reading.name in BRIEF else None


async def obey_one_of_several(desk: Desk, turn: Turn, said: Said, me: Person, order: Order) -> None:
    """Carry out a `brief` order of a member who has no question open. What it raises, undoes them all."""
    await _answered(Talk(desk, turn, said, me), order)


async def hear(desk: Desk, turn: Turn, said: Said, member: Viewer | None) -> None:
    """Act on one event, in one turn. `member` is the bound member's viewer, None for a stranger."""
    if member is None or member.member is None:
        await _lobby(desk, turn, said)
        return
    me = await people.person(turn.tx, member.member)
    if me is None:
        return
    if me.state == "frozen" and said.signed and _asks_to_come_in(said) and await looks_gone(turn, me.id):
        await _lobby(desk, turn, replace(said, trusted=True))  # as for whoever is gone already
        return
    if await _came_back(desk, turn, said):
        return
    talk = Talk(desk, replace(turn, viewer=member), said, me)
    try:
        async with turn.tx.begin_nested():  # what needs records that are closed is undone whole
            await _answered(talk)
    except HubSealed:
        await talk.reply(BEING_OPENED)


async def _answered(talk: Talk, order: Order | None = None) -> None:
    try:
        if order is None:
            await _listen(talk)
        else:
            await _command(talk, order)
    except Refusal as refused:
        await talk.reply(refused.text)


async def _lobby(desk: Desk, turn: Turn, said: Said) -> None:
    """Only words from an encrypted, signed device; only `join` and a code with its words, or `join` alone
    from an account that our page made."""
    if not said.trusted or said.form is not Form.WORDS:
        return
    reading = read(said.body, LEXICON)
    if isinstance(reading, Order) and _asks_to_come_in(said):
        await coming_in.enter(desk, turn, said, reading.rest, _language_of(said.body))


def _asks_to_come_in(said: Said) -> bool:
    reading = read(said.body, LEXICON) if said.body else Nothing()
    return isinstance(reading, Order) and BY_NAME[reading.name].where is Where.LOBBY


async def _came_back(desk: Desk, turn: Turn, said: Said) -> bool:
    """A bound account whose device was closed, or that has other keys than before: one thing is read there
    besides a possible call for help, `join` and a code that was made for this very person."""
    if said.trusted or not said.signed or said.form is not Form.WORDS:
        return False
    reading = read(said.body, LEXICON)
    if not isinstance(reading, Order) or reading.name != "join" or not reading.rest:
        return False
    return await coming_in.come_back(desk, turn, said, reading.rest, _language_of(said.body))


def weigh(said: Said) -> tuple[str | None, Reading]:
    """Why something can be no order (None when it may be one), and how it reads. Everything hangs on this."""
    form = unclear.form_of(said)
    reading = read(said.body, LEXICON) if said.body else Nothing()
    if form is None and isinstance(reading, Hidden):
        form = "signs"
    return form, reading


async def _listen(talk: Talk) -> None:
    form, reading = weigh(talk.said)
    if form is not None:
        await _no_order(talk, form, reading)
        return
    open_now = await conversations.of(talk.turn.tx, talk.turn.guard, talk.me.id)
    if isinstance(reading, Order) and _goes_first(talk, reading, open_now.top):
        await _command(talk, reading)
    elif await answering.answered(talk, open_now, QUESTIONS):
        return
    elif isinstance(reading, Order):
        await _command(talk, reading)
    else:
        await _not_understood(talk, reading)


async def _no_order(talk: Talk, form: str, reading: Reading) -> None:
    """Never an order. An unverified word for help reaches people at once, all else is asked about."""
    if talk.me.state in ("joining", "waiting"):
        await talk.reply(say("I can only read a new message of plain words from your own device."))
        return
    calls = isinstance(reading, Order) and reading.name == "alarm"
    if form == "device" and (calls or await _says_yes_to_help(talk)):
        await unclear.call_now(talk, form)
    else:
        await unclear.heard(talk, form)


async def _says_yes_to_help(talk: Talk) -> bool:
    top = (await conversations.of(talk.turn.tx, talk.turn.guard, talk.me.id)).top
    return top is not None and top.question == unclear.KIND and yes_or_no(talk.said.body) is True


def _goes_first(talk: Talk, order: Order, top: Open | None) -> bool:
    """Is this a command even though a question is open?"""
    question = QUESTIONS.get(top.question) if top is not None else None
    if question is None or not question.free:
        return top is None or yes_or_no(talk.said.body) is None
    alone = not order.rest and order.name in BEFORE_FREE_ANSWERS
    if question.lowers and held_back(talk) and order.name == "alarm":
        return True  # it is no answer, and a call for help counts however late it comes
    return alone and may(BY_NAME[order.name].rule, talk.turn.viewer)


async def _command(talk: Talk, order: Order) -> None:
    command = BY_NAME[order.name]
    if not may(command.rule, talk.turn.viewer):
        await _may_not(talk)
        return
    part = capabilities.part_of(command.name)
    if part.key in talk.desk.elsewhere and command.name not in capabilities.EVERYWHERE:
        address = talk.desk.elsewhere[part.key]
        await talk.reply(say("Please write this to {name}: {address}", name=part.name, address=address))
        return
    if command.lowers and held_back(talk):
        await unclear.came_late(talk)
        return
    args = read_args(command, order.rest)
    if isinstance(args, Unfit):
        await talk.reply(lines(args.wrong, command.help))
        return
    await command.run(talk, args)
    if command.lowers:
        await unclear.said_again(talk)


async def _may_not(talk: Talk) -> None:
    """The same for every command one may not say; only for the newly come there is more to say."""
    if talk.me.state == "joining":
        await coming_in.begin(talk)
    elif talk.me.state == "waiting":
        await talk.reply(coming_in.STILL_WAITING)
    else:
        await talk.reply(say("I do not know that. Write help to see what I can do."))


async def _not_understood(talk: Talk, reading: Reading) -> None:
    if talk.me.state in ("joining", "waiting"):
        await _may_not(talk)
        return
    near = reading.near if isinstance(reading, Unknown) else ()
    allowed = [phrase for phrase in near if may(_command_of(phrase).rule, talk.turn.viewer)]
    if isinstance(reading, Number | Nothing):
        await talk.reply(say("I asked you nothing. Write help to see what I can do."))
    elif allowed and not any(_command_of(phrase).name == "alarm" for phrase in allowed):
        await talk.reply(say("Did you mean: {phrases}?", phrases=tuple(allowed)))
    else:
        first = say("I do not understand that. Write help to see what I can do.")
        await unclear.heard(talk, "words", text=talk.said.body[:MOST_KEPT], first=first)


def _command_of(phrase: str) -> Command:
    return BY_NAME[LEXICON.phrases[phrase]]


def _language_of(body: str) -> str:
    """The language of the word somebody used for `join`."""
    for locale, phrases in BY_NAME["join"].words.items():
        if any(fold_phrase(body).startswith(fold_phrase(phrase)) for phrase in phrases):
            return locale
    return "en"
