"""What is said to somebody who asked for what cannot be: one root class, and sentences a person can act on.

A refusal happens before the first write. What a viewer may not have and what is not there are the same
`NotYours`: nobody learns from a refusal that something exists.
"""

from __future__ import annotations

from directory.core.text import Text, say
from directory.core.viewer import NOT_YOURS


class Refusal(Exception):
    """This cannot be done now. Nothing was changed."""

    default: Text = say("This cannot be done now. Nothing was changed.")

    def __init__(self, text: Text | None = None) -> None:
        self.text = text or self.default
        super().__init__(self.text.message)


class NotYours(Refusal):
    """There is nothing here for you under that name."""

    default = NOT_YOURS


class BadAnswer(Refusal):
    """This answer could not be used. `field` names the question, `text` says what would do."""

    default = say("I did not understand that answer. Please try again.")

    def __init__(self, text: Text | None = None, *, field: str = "") -> None:
        super().__init__(text)
        self.field = field


class NeedsWord(Refusal):
    """Please give your word first, then ask again."""

    default = say("Please give your word first, then ask again.")


class SayYesFirst(Refusal):
    """They do not know of you yet. Say yes to being shown to them first."""

    default = say("They do not know of you yet. Say yes to being shown to them first.")


class NobodySpeaks(Refusal):
    """Nobody speaks for it here yet; the coordinators can ask."""

    default = say("Nobody speaks for it here yet; the coordinators can ask.")


class TooMany(Refusal):
    """That is enough for now. Please wait until some of it is answered."""

    default = say("That is enough for now. Please wait until some of it is answered.")


class EnoughToday(Refusal):
    """You have looked at very many people today."""

    default = say("You have looked at very many people today. More can be shown tomorrow.")
