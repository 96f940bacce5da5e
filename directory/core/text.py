"""What people read, before it has a language.

Code speaks in plain English sentences with named places; the sentence itself is the key of the
translation catalogue. Rendering happens at the edge, in the reader's language (see directory/languages.py).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or paragraph, not yet in anybody's language.

    `params` may hold other Texts; they are rendered in the same language. `count` chooses the plural
    form when `plural` is set.
    """

    message: str
    params: tuple[tuple[str, object], ...] = ()
    plural: str | None = None
    count: int = 0

    def __str__(self) -> str:
        return in_english(self)


def say(message: str, /, **params: object) -> Text:
    """A Text from an English sentence; a translator sees exactly this sentence."""
    return Text(message, tuple(sorted(params.items())))


def say_many(one: str, many: str, count: int, /, **params: object) -> Text:
    """A Text whose sentence depends on a number, named `count` inside it."""
    return Text(one, tuple(sorted({**params, "count": count}.items())), plural=many, count=count)


def lines(*texts: Text | None) -> Text:
    """Several sentences, one a line; None is left out."""
    return Text("{lines}", (("lines", tuple(text for text in texts if text is not None)),))


def in_english(text: Text) -> str:
    """The sentence as written in the code: for logs of our own tests and for command-line errors."""
    template = text.message if text.plural is None or text.count == 1 else text.plural
    return fill(template, {name: str(value) for name, value in text.params})


def fill(template: str, values: dict[str, str]) -> str:
    """Put values into `{name}` places; braces inside the values stay as they are."""
    return template.format_map(values) if values else template
