"""Whatever a known person sends that is no order is never lost: one question, and silence reaches a person.

A voice note, a picture, a reply, an edit, a reaction, something unreadable or from an unknown device, words
nobody understands: the bot asks "1 = help, 0 = no". Without an answer the first rung reads that the person
tried to reach us, marked unverified; then, if nobody there answers either, those on call.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bots import sentinel, wording
from bots.alarms.staffing import on_call
from bots.command import HELD_BACK, Question, Talk
from bots.core.alarms import Alarm
from bots.core.grammar import yes_or_no
from bots.core.ladder import Rung
from bots.desk import Desk
from bots.said import Form, Said
from bots.saying import lines, note, wake
from bots.store import actions, circles, conversations
from bots.store.actions import Action
from bots.store.conversations import Open
from directory import words
from directory.core.effects import DueAt, NoLongerDue
from directory.core.text import Text, say
from directory.turn import Turn

DUE = "unclear"
KIND = "unclear"
ASKED, TOLD, ENDED = "asked", "told", "ended"
LATE = "late"
QUIET_FOR = timedelta(minutes=10)
"""After people were told of something unclear, more of the same from this person wakes nobody for so long."""

FORMS: Mapping[str, Text] = {
    Form.VOICE: say("a voice message"),
    Form.PICTURE: say("a picture"),
    Form.FILE: say("a file"),
    Form.REPLY: say("a reply to an older message"),
    Form.EDIT: say("a changed message"),
    Form.REACTION: say("a reaction"),
    Form.UNREADABLE: say("a message nobody can read"),
    Form.OTHER: say("something that is not text"),
    "device": say("a message from a device we do not know"),
    "signs": say("a message with hidden signs"),
    LATE: say("a message that came late"),
    "words": say("words we did not understand"),
    "text": say("a text message that we did not understand"),
}


def form_of(said: Said) -> str | None:
    """Why this can be no order; None when it may be one."""
    if said.form is not Form.WORDS:
        return said.form.value
    return None if said.trusted else "device"


async def heard(talk: Talk, form: str, *, text: str = "", first: Text | None = None) -> None:
    """Ask whether it is a call for help, and look again when no answer comes, not later for repeats."""
    turn, me = talk.turn, talk.me
    known = await actions.newest_of(turn.tx, turn.guard, me.id, frozenset({ASKED, TOLD}), KIND)
    if known is not None and (known.state == ASKED or turn.now - known.raised_at < QUIET_FOR):
        await actions.write(turn.tx, turn.guard, known.id, "again", turn.now, note={"form": form})
        if form == Form.UNREADABLE and (known.state, known.fields.get("form")) == (ASKED, form):
            return  # of a whole burst that nobody can read, one is asked about
        action = known.id
    else:
        action = await _begin(talk, form, text)
    await talk.reply(_question(form, first), "unclear", action=action)


async def came_late(talk: Talk, top: Open | None = None) -> None:
    """Something that lowers, or a short answer, was held back on its way: it does nothing, but they may have
    been in need since. A yes to the question (`top`) whether they need help is told at once, unverified."""
    if top is not None and top.question == KIND and yes_or_no(talk.said.body) is True:
        await call_now(talk, LATE)
    else:
        await heard(talk, LATE, first=HELD_BACK)


async def said_again(talk: Talk) -> Open | None:
    """What had come late was written again: nobody else has to ask about it. The question that is closed."""
    turn, me = talk.turn, talk.me.id
    known = await actions.newest_of(turn.tx, turn.guard, me, frozenset({ASKED}), KIND)
    if known is None or known.fields.get("form") != LATE:
        return None
    await _end(turn, known)
    for one in (await conversations.of(turn.tx, turn.guard, me)).open:
        if (one.question, one.context.get("action")) == (KIND, known.id):
            await conversations.done(turn.tx, turn.guard, me, one, turn.now)
            return one
    return None


async def call_now(talk: Talk, form: str) -> None:
    """An unverified "1" or a word for help from an unknown device: people hear it at once, marked as such."""
    turn = talk.turn
    known = await actions.newest_of(turn.tx, turn.guard, talk.me.id, frozenset({ASKED, TOLD}), KIND)
    if known is not None and known.state == TOLD and turn.now - known.raised_at < QUIET_FOR:
        return
    action = known.id if known is not None and known.state == ASKED else await _begin(talk, form, "")
    found = await actions.get(turn.tx, turn.guard, action)
    if found is not None:
        await _tell_first(talk.desk, turn, found)
        await talk.reply(
            say("We tell people that you tried to reach us. Write from your own device if you can.")
        )


async def on_due(desk: Desk, turn: Turn, action_id: str) -> None:
    """No answer came in time."""
    action = await actions.get(turn.tx, turn.guard, action_id)
    if action is None or action.next_at is None:
        return
    if turn.now < action.next_at:
        await turn.record(DueAt(DUE, action.id, action.next_at))
    elif action.state == ASKED:
        await _tell_first(desk, turn, action)
    elif action.state == TOLD:
        await _tell_second(turn, action)


async def take(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """1 = help, 0 = no."""
    yes = yes_or_no(text)
    if yes is None:
        return False
    turn = talk.turn
    action = await actions.get(turn.tx, turn.guard, context["action"])
    if action is not None:
        await _end(turn, action)
        if action.state == TOLD and not yes:
            await _tell_all_is_well(talk, action)
    if yes:
        said = action.fields.get("text", "") if action is not None else ""
        text = "" if said and await words.holds_word(turn, talk.me.id, said) else said
        await sentinel.raise_alarm(talk.desk, turn, text=text)
    else:
        await talk.reply(await _no_help(turn))
    return True


async def _no_help(turn: Turn) -> Text:
    """A no ends the question, never a call that runs: whoever said it must not think so."""
    mine = await sentinel.my_alarm(turn)
    if mine is not None and mine.state == Alarm.RAISED:
        return say("Your alarm is set and goes out soon. To stop it: cancel and your word.")
    if mine is not None and mine.state in (Alarm.RUNNING, Alarm.TAKEN):
        return say("Good. Your call for help still runs. To end it, write: safe and your word.")
    return say("Good. Write help to see what I can do.")


async def take_told(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """1 = I look after it: nobody else is woken, and the others hear who does."""
    yes = yes_or_no(text)
    if yes is None:
        return False
    turn = talk.turn
    action = await actions.get(turn.tx, turn.guard, context["action"])
    if action is None or action.state == ENDED:
        await talk.reply(say("Thank you. It is over already."))
        return True
    await actions.answered(turn.tx, action.id, talk.me.id, "yes" if yes else "no", turn.now)
    if not yes:
        await talk.reply(say("Thank you. We ask others."))
        return True
    await _end(turn, action)
    await talk.reply(say("Thank you. Please try to reach them by a second way."))
    for one in await actions.told_of(turn.tx, action.id):
        if one.member != talk.me.id:
            await note(turn, one.member, wording.about(action, wording.somebody_has_it(talk.me.handle)))
    return True


async def put(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """The question once more, while it is open."""
    action = await actions.read(talk.turn.tx, talk.turn.guard, context.get("action", ""))
    if action is None or action.state == ENDED:
        return None
    return _question(action.fields.get("form", "words"), None)


async def put_told(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """What the first rung was told, once more."""
    action = await actions.read(talk.turn.tx, talk.turn.guard, context.get("action", ""))
    return _news(action) if action is not None and action.state != ENDED else None


QUESTIONS = (Question("unclear", take, put), Question("unclear-told", take_told, put_told))


async def _end(turn: Turn, action: Action) -> None:
    await actions.change(turn.tx, turn.guard, action, None, state=ENDED, closed_at=turn.now, next_at=None)
    await turn.record(NoLongerDue(DUE, action.id))


async def _begin(talk: Talk, form: str, text: str) -> str:
    turn, at = talk.turn, talk.turn.now + timedelta(seconds=talk.desk.times.unclear_s)
    action = turn.ids()
    fields = {"handle": talk.me.handle, "form": form, "text": text, "sent_at": talk.said.sent_at.isoformat()}
    await actions.add(
        turn.tx,
        turn.guard,
        action,
        fields,
        kind=KIND,
        member=talk.me.id,
        network=turn.home,
        state=ASKED,
        severity="medium",
        raised_at=turn.now,
        next_at=at,
    )
    await turn.record(DueAt(DUE, action, at))
    return action


async def _tell_first(desk: Desk, turn: Turn, action: Action) -> None:
    member = str(action.member)
    circle = tuple(one.member for one in await circles.circle_of(turn.tx, member) if one.state == "yes")
    who = circle or await _on_call_but(turn, member)
    at = turn.now + timedelta(seconds=desk.times.circle_s) if circle else None
    await actions.change(turn.tx, turn.guard, action, None, state=TOLD, next_at=at, taken_at=turn.now)
    await turn.record(DueAt(DUE, action.id, at) if at is not None else NoLongerDue(DUE, action.id))
    await _tell(turn, action, who, Rung.CIRCLE.word if circle else Rung.COORDINATORS.word)


async def _tell_second(turn: Turn, action: Action) -> None:
    await actions.change(turn.tx, turn.guard, action, None, next_at=None)
    await _tell(turn, action, await _on_call_but(turn, str(action.member)), Rung.COORDINATORS.word)


async def _tell(turn: Turn, action: Action, who: tuple[str, ...], rung: str) -> None:
    await actions.tell(turn.tx, action.id, who, rung, turn.now)
    await actions.write(turn.tx, turn.guard, action.id, "told", turn.now, rung=rung)
    for member in sorted(who):  # in a steady order, so that two at once do not wait for each other
        await wake(turn, member, _news(action), "unclear-told", action=action.id)


async def _tell_all_is_well(talk: Talk, action: Action) -> None:
    for one in await actions.told_of(talk.turn.tx, action.id):
        text = say("{name} answered now: they need no help. Not checked with a word.", name=talk.me.handle)
        await note(talk.turn, one.member, text)


async def _on_call_but(turn: Turn, member: str) -> tuple[str, ...]:
    return tuple(one for one in await on_call(turn) if one != member)


def _news(action: Action) -> Text:
    fields = action.fields
    form = FORMS.get(fields.get("form", "words"), FORMS["words"])
    return wording.unverified(fields.get("handle", ""), form, action.raised_at)


def _question(form: str, first: Text | None) -> Text:
    cannot = say("I cannot take this as an order: {form}.", form=FORMS.get(form, FORMS["words"]))
    again = {
        **dict.fromkeys((Form.REPLY, Form.EDIT, Form.REACTION), say("Please write it as a new message.")),
        Form.UNREADABLE: say("Please send it once more."),
    }
    plain = None if first else next((text for one, text in again.items() if one == form), None)
    return lines(first or cannot, plain, say("Do you need help? 1 = help, 0 = no"))
