"""The root of everything that stops Ayni and that a person can do something about."""

from __future__ import annotations

from inspect import cleandoc

from directory.core.text import Text, say


class Trouble(Exception):
    """Something stops Ayni."""

    exit_code = 1
    """What a command ends with when this reaches it."""
    needs_person = False
    """True when trying again by itself cannot help."""

    def __init__(self, **facts: object) -> None:
        sentence = " ".join(cleandoc(type(self).__doc__ or "").split())
        self.text: Text = say(sentence, **facts)
        super().__init__(str(self.text))


class NoDatabase(Trouble):
    """The database of {folder} does not answer. Start the hub in another window: ayni up --data {folder}"""

    exit_code = 3
    needs_person = True


class NotFounded(Trouble):
    """There is no network in {folder} yet. Run: ayni init"""

    exit_code = 2
    needs_person = True


class BadPlaybookFile(Trouble):
    """The playbook {file} cannot be used. At {key}: {fix}. Correct that line and start again."""

    exit_code = 2
    needs_person = True
