"""Languages a network adds itself: the forty sentences lives depend on, and a voice for each.

Everything else is said in the language that stands in for the rest. The forty are data
(translations/forty.txt), so that a translator can be handed one page.
"""

from __future__ import annotations

from directory import audit
from directory.core.opus import recording
from directory.core.rules import may
from directory.core.text import Text, say
from directory.core.tongues import LOCALES, TAG
from directory.core.wordings import Added
from directory.refusals import BadAnswer, NotYours
from directory.store import wordings as store
from directory.translations.forty import sentences_of, the_forty
from directory.turn import Turn

LONGEST_NAME = 40

__all__ = ["add", "listing", "record", "remove", "sentences_of", "the_forty"]


async def add(turn: Turn, *, tag: str, name: str, second: str, rtl: bool, po: str) -> None:
    """Add a language, or bring it up to date. Raises NotYours, BadAnswer with what is wrong."""
    if not may("act:texts", turn.viewer):
        raise NotYours
    if TAG.fullmatch(tag) is None or tag in LOCALES:
        raise BadAnswer(
            say("Please give a language tag that is not here yet, like quc or pt-BR."), field="tag"
        )
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise BadAnswer(say("Please say what the language calls itself."), field="name")
    if second not in LOCALES:
        choices = ", ".join(LOCALES)
        raise BadAnswer(
            say("Please choose one of these languages: {choices}.", choices=choices), field="second"
        )
    said = sentences_of(po)
    if isinstance(said, Text):
        raise BadAnswer(said, field="sentences")
    await store.add_language(
        turn.tx, tag, name=name.strip(), second=second, rtl=rtl, sentences=said, now=turn.now
    )
    await audit.note(turn, "language-added", after=tag)


async def record(turn: Turn, tag: str, message: str, audio: bytes) -> None:
    """Keep the recording of one of the forty. Raises NotYours, BadAnswer with what is wrong with it."""
    if not may("act:texts", turn.viewer):
        raise NotYours
    checked = recording(audio)
    if isinstance(checked, Text):
        raise BadAnswer(checked, field="audio")
    if not await store.record(turn.tx, tag, message, checked.audio):
        raise BadAnswer(say("There is no such sentence."), field="message")


async def remove(turn: Turn, tag: str) -> None:
    """Take a language out; whoever spoke it reads their second language. Raises NotYours, BadAnswer."""
    if not may("act:texts", turn.viewer):
        raise NotYours
    if not await store.remove_language(turn.tx, tag):
        raise BadAnswer(say("This language is not here."), field="tag")
    await audit.note(turn, "language-removed", before=tag)


async def listing(turn: Turn) -> dict[str, Added]:
    """The languages this network added, by tag. Raises NotYours."""
    if not may("act:texts", turn.viewer):
        raise NotYours
    return dict((await store.book(turn.tx)).added)
