"""Text messages as a lane: off until a person switches it on, with two ordinary phrases of their own.

One phrase calls for help, the other answers a check-in. Both count for text messages only and open nothing
else. A number can be forged and a text be read on its way, so a text never ends what runs: raising is easy,
lowering is hard (DESIGN 4.6). Whatever comes and is neither phrase reaches a person, marked for what it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bots import checking, unclear, wording
from bots.alarms.raising import raise_for
from bots.alarms.showing import values
from bots.alarms.staffing import on_call
from bots.around import circle_of
from bots.command import Talk
from bots.core.alarms import OPEN
from bots.core.numbers import is_number, plain_number
from bots.desk import Desk
from bots.said import Form
from bots.said import Said as SaidInChat
from bots.saying import lines, note, quiet_alarm, wake
from bots.store import actions, people, text_lanes, wakers
from bots.store.text_lanes import TextLane
from bots.store.wakers import Waking
from bots.waking import SMS
from directory import crypto, members, words
from directory.core.effects import SecretSaid, TextBack
from directory.core.handles import handle_key
from directory.core.text import Text, say
from directory.core.viewer import Lane
from directory.refusals import BadAnswer, NeedsWord, NotYours
from directory.store import members as rows
from directory.store import safekeeping
from directory.store import words as tries
from directory.turn import Turn

WHAT_IT_TELLS: tuple[Text, ...] = (
    say("Text messages are open: the phone company can read each one, and sees when and where you write."),
    say("It learns that your number and the number of this network write to each other, and keeps that."),
    say("Anybody can forge a number. So a text can call for help, and never end a call for help."),
    say("What we send you says nothing. You choose two ordinary phrases; they count in texts only."),
)
"""What a person is told before they switch it on."""
LATE = timedelta(minutes=10)
MOST_SHOWN = 300
PEPPER = bytes(crypto.KEY_SIZE)
"""None: what is kept lies sealed under the Watch ring, whole."""
NOT_CHECKED = say("This came by text message. Anybody can forge that, and it was not checked with a word.")


@dataclass(frozen=True, slots=True)
class Said:
    """One text message. `sent_at` is the gateway's word for it."""

    number: str
    text: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class MyTexts:
    """The viewer's lane. `offered`: has this network a gateway? `tried`: did a phrase come from the phone?"""

    offered: bool
    on: bool
    tried: bool
    ending: str

    @property
    def warning(self) -> tuple[Text, ...]:
        """The plain sentences."""
        return WHAT_IT_TELLS


async def mine(desk: Desk, turn: Turn) -> MyTexts:
    """How it stands for the viewer; of the number only its end. Raises NotYours."""
    lane = await text_lanes.of_member(turn.tx, turn.guard, _member(turn))
    tried = lane is not None and lane.tried_at is not None
    return MyTexts(SMS in desk.wakers, lane is not None, tried, lane.number[-3:] if lane else "")


async def switch_on(desk: Desk, turn: Turn, *, number: str, call: str, safe: str, understood: bool) -> None:
    """Switch it on with these phrases, or change them. Needs the word: a text will answer check-ins.

    Raises NotYours, NeedsWord, BadAnswer for what cannot be, and while `understood` is no yes.
    """
    member = _member(turn)
    plain = plain_number(number)
    if SMS not in desk.wakers:
        raise BadAnswer(say("This network has no text messages."), field="number")
    if not understood:
        raise BadAnswer(say("Please read first what the phone company learns."), field="understood")
    if not is_number(plain):
        raise BadAnswer(say("Please write the number with its country, as +502 5555 1234."), field="number")
    await turn.record(SecretSaid())
    if not turn.viewer.gave_word(turn.now):
        raise NeedsWord
    salt = turn.guard.chance(crypto.SALT_SIZE)
    await _check_phrases(turn, member, call, safe)
    calls, is_safe = [await words.derived(one, salt, PEPPER) for one in (call, safe)]
    lane = TextLane(member, plain, salt, calls, is_safe)
    await text_lanes.keep(turn.tx, turn.guard, lane, turn.now)
    await wakers.drop(turn.tx, member, SMS)  # nothing goes to a number before a phrase came from it


async def switch_off(turn: Turn) -> bool:
    """No text messages any more, and nothing kept; False when it was off. Raises NotYours, NeedsWord."""
    member = _member(turn)
    if not turn.viewer.gave_word(turn.now):
        raise NeedsWord
    await wakers.drop(turn.tx, member, SMS)
    return await text_lanes.drop(turn.tx, member)


async def receive(desk: Desk, turn: Turn, said: Said) -> None:
    """A text message came in, for the first time."""
    lanes = await text_lanes.with_number(turn.tx, turn.guard, said.number)
    for lane in lanes:
        if (phrase := await _phrase(turn, lane, said.text)) is not None:
            await _known(desk, turn, lane, phrase, said)
            return
    if lanes:
        await _not_understood(desk, turn, lanes[0].member, said)
    else:
        await _from_elsewhere(desk, turn, said)


async def _known(desk: Desk, turn: Turn, lane: TextLane, phrase: str, said: Said) -> None:
    """From their own phone, with one of their phrases."""
    member = lane.member
    if lane.tried_at is None:
        await text_lanes.tried(turn.tx, member, turn.now)
        await wakers.keep(turn.tx, turn.guard, member, Waking(SMS, lane.number), turn.now)
        await note(turn, member, say("A text from your phone arrived, with your phrase. It works."))
    await rows.heard(turn.tx, member, turn.now)
    await turn.record(TextBack(member))
    if phrase == "call":
        await raise_for(desk, turn, member, source="text", sent_at=said.sent_at, window=timedelta(0))
    else:
        await _says_safe(desk, turn, member, said)


async def _says_safe(desk: Desk, turn: Turn, member: str, said: Said) -> None:
    """Answers a check-in that waits. It ends nothing that runs: whoever was told hears that it came. One that
    comes late, or from a device that was closed, counts for nothing and is shown to people."""
    running = await actions.newest_of(turn.tx, turn.guard, member, values(OPEN), lock=False)
    if running is not None:
        await actions.write(turn.tx, turn.guard, running.id, "text", turn.now, rung="person")
        text = lines(
            say("They sent their phrase for “I am safe” by text message. That ends nothing: please confirm."),
            say("Sent: {at}", at=said.sent_at),
        )
        for one in await actions.told_of(turn.tx, running.id):
            await quiet_alarm(turn, one.member, wording.about(running, text))
        return
    if turn.now - said.sent_at <= LATE and not await safekeeping.is_closed(turn.tx, member):
        await checking.answer_by_text(desk, turn, member)
        return
    name = await members.handle_of(turn.tx, member)
    text = say("{name} sent “I am safe” by text message. It came late, or their device is closed.", name=name)
    for who in sorted(await _who_hears(turn, member)):
        await note(turn, who, lines(text, say("Sent: {at}", at=said.sent_at), NOT_CHECKED))


async def _not_understood(desk: Desk, turn: Turn, member: str, said: Said) -> None:
    """From their own phone, and neither phrase: the same question as for anything unclear."""
    viewer = await members.viewer_of_member(turn.tx, member, Lane.TEXT)
    me = await people.person(turn.tx, member)
    if viewer is None or me is None:
        return
    await turn.record(TextBack(member))
    in_chat = SaidInChat("", "", Form.OTHER, "", False, None, said.sent_at)
    await unclear.heard(Talk(desk, replace(turn, viewer=viewer), in_chat, me), "text")


async def _from_elsewhere(desk: Desk, turn: Turn, said: Said) -> None:
    """From a phone nobody wrote down. A name and the phrase for help call for help; all else is shown."""
    lane, rest = await _named(turn, said.text)
    phrase = await _phrase(turn, lane, rest) if lane is not None else None
    if lane is not None and phrase == "call":
        await raise_for(desk, turn, lane.member, source="borrowed", sent_at=said.sent_at, window=timedelta(0))
        return
    name = await members.handle_of(turn.tx, lane.member) if lane is not None else ""
    who = await _who_hears(turn, lane.member if lane is not None else None)
    text = lines(
        wording.CONFIRM_FIRST,
        say("A text message came from a phone we do not know. It may be about {name}.", name=name)
        if name
        else say("A text message came from a phone we do not know."),
        say("It says “I am safe” with their phrase. We do not count that.")
        if phrase == "safe"
        else say("It says: {text}", text=" ".join(said.text.split())[:MOST_SHOWN]),
        say("Sent: {at}", at=said.sent_at),
        NOT_CHECKED,
    )
    for one in sorted(who):
        await wake(turn, one, text)


async def _named(turn: Turn, text: str) -> tuple[TextLane | None, str]:
    """Whose name the text begins with, when they write by text too; and what follows the name."""
    parts = text.split()
    for size in (1, 2, 3):
        row = await rows.with_handle(turn.tx, handle_key(" ".join(parts[:size]).strip("@.,:;!")))
        lane = await text_lanes.of_member(turn.tx, turn.guard, row.id) if row is not None else None
        if lane is not None:
            return lane, " ".join(parts[size:])
    return None, text


async def _who_hears(turn: Turn, member: str | None) -> set[str]:
    around = set(await circle_of(turn, member)) if member is not None else set()
    return (around or set(await on_call(turn))) - {member or ""}


async def _phrase(turn: Turn, lane: TextLane, text: str) -> str | None:
    """call, safe, or None. After five wrong ones nothing is “safe” for ten minutes; a call always is."""
    made = await words.derived(text, lane.salt, PEPPER)
    whose = turn.guard.digest("text-tries", lane.member)
    wrong, since = await tries.wrong_tries(turn.tx, whose, Lane.TEXT) or (0, turn.now)
    if turn.now - since > words.PAUSE:
        wrong, since = 0, turn.now
    if crypto.same(made, lane.call):
        return "call"
    if crypto.same(made, lane.safe):
        if wrong >= words.WRONG_IN_A_ROW:
            return None
        await tries.forget_wrong_tries(turn.tx, whose, Lane.TEXT)
        return "safe"
    await tries.set_wrong_tries(turn.tx, whose, Lane.TEXT, wrong + 1, since)
    return None


async def _check_phrases(turn: Turn, member: str, call: str, safe: str) -> None:
    known = await rows.load(turn.tx, member)
    for name, phrase in (("call", call), ("safe", safe)):
        words.check_choice(phrase, known.handle if known is not None else None)
        if await words.holds_word(turn, member, phrase):
            raise BadAnswer(say("Please choose a phrase that is not your word."), field=name)
    if crypto.spoken(call) == crypto.spoken(safe):
        raise BadAnswer(say("Please choose two phrases that are not the same."), field="safe")


def _member(turn: Turn) -> str:
    if turn.viewer.member is None:
        raise NotYours
    return turn.viewer.member
