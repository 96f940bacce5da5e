"""Choosing terms by typing them: what was understood is kept, for the rest a few near ones are offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bots.command import Talk
from bots.core.grammar import just_a_number
from bots.naming import means_nothing, understand
from bots.saying import lines
from directory.core.labels import Label
from directory.core.text import Text, say
from directory.vocabulary import Tree


@dataclass(frozen=True, slots=True)
class Chosen:
    """Keys so far, what nobody knows, and keys that are near to it."""

    tree: Tree
    keys: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


def choose(tree: Tree, context: Mapping[str, str], text: str) -> Chosen:
    """Read an answer, on top of what an earlier one gave. A number takes the near term it stands for;
    0 goes on with what was understood."""
    kept = tuple(key for key in context.get("kept", "").split(",") if key)
    near = tuple(key for key in context.get("near", "").split(",") if key)
    number = just_a_number(text)
    if number is not None and near:
        if 1 <= number <= len(near):
            return Chosen(tree, tuple(dict.fromkeys((*kept, near[number - 1]))))
        return Chosen(tree, kept) if number == 0 else Chosen(tree, kept, (text,), near)
    if means_nothing(text):
        return Chosen(tree, kept)
    read = understand(tree, text)
    keys = tuple(dict.fromkeys((*kept, *read.keys)))
    unknown = tuple(part for part, _ in read.unknown)
    offered = tuple(dict.fromkeys(key for _, keys_near in read.unknown for key in keys_near))
    return Chosen(tree, keys, unknown, offered[:5])


async def offer_near(talk: Talk, chosen: Chosen, question: str, /, **context: str) -> None:
    """Say what was understood and what not, and number what is near."""
    await talk.reply(
        what_is_near(chosen),
        question,
        **{**context, "kept": ",".join(chosen.keys), "near": ",".join(chosen.near)},
    )


def what_is_near(chosen: Chosen) -> Text:
    """Understood, not understood, and the near ones with numbers."""
    understood = tuple(Label(chosen.tree, key) for key in chosen.keys)
    numbered = tuple(
        say("{n} = {term}", n=n, term=Label(chosen.tree, key)) for n, key in enumerate(chosen.near, 1)
    )
    return lines(
        say("I understood: {terms}", terms=understood) if understood else None,
        say("I do not know: {parts}", parts=chosen.unknown),
        say("Did you mean one of these?") if numbered else say("Please write it in other words."),
        *numbered,
        say("0 = go on without it") if understood or numbered else None,
    )
