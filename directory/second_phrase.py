"""The phrase for danger: counts like the word wherever the word is asked, and calls for help unseen.

Off until practised: it is prepared (twice the same), then written once more as if it were needed; only then
does it count. Nothing ever shows whether somebody has one. Whoever is pressed can change or remove it as far
as anybody can see: theirs stays, and what they choose counts the same beside it. What is replaced or removed
counts for three days more, whoever did it: to lose it at once would tell which of the two was given.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from functools import partial

import msgspec

from directory import crypto, words
from directory.core import word_places
from directory.core.effects import SecretSaid
from directory.core.text import Text, say
from directory.core.word_places import Places
from directory.refusals import BadAnswer, NeedsWord, NotYours, TooMany
from directory.store import members as rows
from directory.store import words as store
from directory.store.members import MemberRow
from directory.turn import Turn

PRACTISE_WITHIN = timedelta(minutes=15)
WHAT_IT_DOES: tuple[Text, ...] = (
    say("A second phrase is for when somebody forces you to give your word."),
    say("Give it in place of your word. It opens the same and answers the same, here and in chat."),
    say("Behind that, your circle and coordinators are asked for help, and told not to write or call you."),
    say("If you stop an alarm with it, it looks stopped to you, and goes on for them."),
    say("Leaving, or a copy of your data, asked for with it, waits three days. A coordinator can stop it."),
    say("It does not hide what this device already shows. It cannot help when no one is awake."),
    say("If you make it your word one day, it does not call for help any more."),
    say("If you change it or take it away, the old one still counts for three days."),
    say("Choose an ordinary sentence that you never say by chance. We never show whether you have one."),
)
"""What a person is told before they choose one: what it does, and what it does not do."""
TOO_MANY = say("You changed it often these days. Nothing was changed now. Please try again in three days.")


async def prepare(turn: Turn, phrase: str) -> str:
    """A phrase somebody wants, kept in what is handed back until it is practised. It does not count yet.

    Needs the word. Raises NotYours, NeedsWord, BadAnswer when it is the word itself or too short, TooMany
    when it was changed five times within three days.
    """
    member, places = await _mine(turn)
    words.check_choice(phrase, member.handle)
    made = await _made(turn, places, phrase)
    if crypto.same(made, places.kept[turn.viewer.given_as].made):
        # As it looks now: whoever forces somebody takes for the word whatever was given.
        raise BadAnswer(say("Please choose a phrase that is not your word."), field="phrase")
    if word_places.room(places, turn.now) is None:
        raise TooMany(TOO_MANY)
    until = round((turn.now + PRACTISE_WITHIN).timestamp())
    sealed = turn.guard.seal(
        "verifiers", "practice", member.id, msgspec.json.encode((until, made)), watch=True
    )
    return urlsafe_b64encode(sealed).decode().rstrip("=")


async def practise(turn: Turn, practice: str, phrase: str) -> bool:
    """Write it once more: the same counts from now on; False when it was not the same, and nothing changes.

    Raises NotYours, NeedsWord, BadAnswer when it was prepared too long ago, TooMany as `prepare` does.
    """
    member, places = await _mine(turn)
    prepared = _opened(turn, member.id, practice)
    made = await _made(turn, places, phrase)
    if not crypto.same(made, prepared):
        return False
    await _keep(turn, member, places, made)
    return True


async def remove(turn: Turn) -> None:
    """No phrase any more, in three days. Needs the word. Raises NotYours, NeedsWord, TooMany."""
    member, places = await _mine(turn)
    await _keep(turn, member, places, words.unlike_any(turn))


async def _mine(turn: Turn) -> tuple[MemberRow, Places]:
    member = await rows.load(turn.tx, turn.viewer.member or "", lock=True)
    if member is None:
        raise NotYours
    await turn.record(SecretSaid())  # written in chat it is taken back there, like a word
    places = await store.places_of(turn.tx, turn.guard, member.id)
    if places is None or not turn.viewer.gave_word(turn.now):
        raise NeedsWord
    return member, places


async def _made(turn: Turn, places: Places, phrase: str) -> bytes:
    return await words.derived(phrase, places.salt, turn.guard.watch.key)


async def _keep(turn: Turn, member: MemberRow, places: Places, made: bytes) -> None:
    """In the place of the phrase, as far as whoever is here can see."""
    chance = partial(words.unlike_any, turn)
    chosen = word_places.with_phrase(places, turn.viewer.given_as, made, turn.now, chance)
    if chosen is None:
        raise TooMany(TOO_MANY)
    await store.set_places(turn.tx, turn.guard, member.id, chosen, turn.now)


def _opened(turn: Turn, member: str, practice: str) -> bytes:
    too_late = BadAnswer(say("That was too long ago. Please begin again."), field="phrase")
    try:
        sealed = urlsafe_b64decode(practice + "=" * (-len(practice) % 4))
        plain = turn.guard.open("verifiers", "practice", member, sealed, watch=True)
        until, made = msgspec.json.decode(plain, type=tuple[int, bytes])
    except (ValueError, crypto.CannotOpen, msgspec.MsgspecError) as damaged:
        raise too_late from damaged
    if turn.now.timestamp() > until:
        raise too_late
    return made
