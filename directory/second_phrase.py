"""The phrase for danger: counts like the word wherever the word is asked, and calls for help unseen.

Off until practised: it is prepared (twice the same), then written once more as if it were needed; only then
does it count. Nothing ever shows whether somebody has one. Whoever is pressed can change or remove it as far
as anybody can see: theirs stays, and what they choose counts the same beside it.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta

import msgspec

from directory import crypto, words
from directory.core.effects import SecretSaid
from directory.core.text import Text, say
from directory.refusals import BadAnswer, NeedsWord, NotYours
from directory.store import members as rows
from directory.store import words as store
from directory.turn import Turn
from directory.words import WORD

PRACTISE_WITHIN = timedelta(minutes=15)
WHAT_IT_DOES: tuple[Text, ...] = (
    say("A second phrase is for when somebody forces you to give your word."),
    say("Give it in place of your word. It opens the same and answers the same, here and in chat."),
    say("Behind that, your circle and coordinators are asked for help, and told not to write or call you."),
    say("If you stop an alarm with it, it looks stopped to you, and goes on for them."),
    say("Leaving, or a copy of your data, asked for with it, waits three days. A coordinator can stop it."),
    say("It does not hide what this device already shows. It cannot help when no one is awake."),
    say("If you make it your word one day, it does not call for help any more."),
    say("Choose an ordinary sentence that you never say by chance. We never show whether you have one."),
)
"""What a person is told before they choose one: what it does, and what it does not do."""


async def prepare(turn: Turn, phrase: str) -> str:
    """A phrase somebody wants, kept in what is handed back until it is practised. It does not count yet.

    Needs the word. Raises NotYours, NeedsWord, BadAnswer when it is the word itself or too short.
    """
    member, kept = await _mine(turn)
    row = await rows.load(turn.tx, member)
    words.check_choice(phrase, row.handle if row is not None else None)
    made = await _made(turn, kept, phrase)
    if crypto.same(made, kept.get(words.as_seen(turn.viewer)[0], b"")):
        raise BadAnswer(say("Please choose a phrase that is not your word."), field="phrase")
    until = round((turn.now + PRACTISE_WITHIN).timestamp())
    sealed = turn.guard.seal("verifiers", "practice", member, msgspec.json.encode((until, made)), watch=True)
    return urlsafe_b64encode(sealed).decode().rstrip("=")


async def practise(turn: Turn, practice: str, phrase: str) -> bool:
    """Write it once more: the same counts from now on; False when it was not the same, and nothing changes.

    Raises NotYours, NeedsWord, BadAnswer when it was prepared too long ago.
    """
    member, kept = await _mine(turn)
    prepared = _opened(turn, member, practice)
    made = await _made(turn, kept, phrase)
    if not crypto.same(made, prepared):
        return False
    await _keep(turn, member, kept, made)
    return True


async def remove(turn: Turn) -> None:
    """No phrase from now on. Needs the word. Raises NotYours, NeedsWord."""
    member, kept = await _mine(turn)
    made = kept[WORD][: crypto.SALT_SIZE] + turn.guard.chance(crypto.KEY_SIZE)
    await _keep(turn, member, kept, made)


async def _mine(turn: Turn) -> tuple[str, dict[str, bytes]]:
    member = turn.viewer.member
    if member is None:
        raise NotYours
    await turn.record(SecretSaid())  # written in chat it is taken back there, like a word
    kept = await store.verifiers_of(turn.tx, member)
    if WORD not in kept or not turn.viewer.gave_word(turn.now):
        raise NeedsWord
    return member, kept


async def _made(turn: Turn, kept: dict[str, bytes], phrase: str) -> bytes:
    salt = kept[WORD][: crypto.SALT_SIZE]
    return salt + await words.derived(phrase, salt, turn.guard.watch.key)


async def _keep(turn: Turn, member: str, kept: dict[str, bytes], made: bytes) -> None:
    """In the place of the phrase, as far as whoever is here can see."""
    _, phrase = words.as_seen(turn.viewer)
    chosen = words.placed(turn, kept, kept[WORD][: crypto.SALT_SIZE], **{phrase: made})
    await store.set_verifiers(turn.tx, member, chosen, turn.now)


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
