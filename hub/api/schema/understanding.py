"""Words people write, as vocabulary keys; a word nobody understands is a puzzle with suggestions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from directory.core.text import say
from directory.core.tongues import complete
from directory.refusals import BadAnswer
from directory.vocabulary import Tree
from hub.api.asking import Asking, of
from hub.api.schema.kinds import Term, TermOf, some, terms

MOST_WORDS = 40


@dataclass(frozen=True, slots=True)
class Puzzle:
    """A word nobody understood, and what it may have meant."""

    tree: Tree
    word: str


class PuzzleType(graphene.ObjectType):
    """A word that was not understood; it did not count."""

    class Meta:
        name = "Puzzle"

    word = graphene.String(required=True, description="As it was written.")
    suggestions = some(Term, "What may have been meant, best first.")

    @staticmethod
    def resolve_suggestions(puzzle: Puzzle, _info: GraphQLResolveInfo) -> tuple[TermOf, ...]:
        """Names that are close."""
        return terms(puzzle.tree, puzzle.tree.suggest(puzzle.word))


def understand(tree: Tree, words: Iterable[str]) -> tuple[tuple[str, ...], tuple[Puzzle, ...]]:
    """(keys, puzzles); a comma or semicolon divides words, an empty one is left out."""
    keys: dict[str, None] = {}
    puzzles: list[Puzzle] = []
    pieces = [piece.strip() for word in words for piece in _divided(tree, word)]
    for piece in [piece for piece in pieces if piece][:MOST_WORDS]:
        found = tree.resolve(piece)
        if found:
            keys.update(dict.fromkeys(found))
        else:
            puzzles.append(Puzzle(tree, piece[:80]))
    return tuple(keys), tuple(puzzles)


def _divided(tree: Tree, word: str) -> list[str]:
    if tree.resolve(word.strip()):  # "Córdoba, Argentina" is one place
        return [word]
    for mark in "؛،、;\n":
        word = word.replace(mark, ",")
    return word.split(",")


def all_understood(asking: Asking, field: str, tree: Tree, words: Iterable[str]) -> list[str]:
    """The keys; raises BadAnswer that names the first word nobody understood, with what it may have meant."""
    keys, puzzles = understand(tree, words)
    if puzzles:
        locale = complete(asking.turn.viewer.locale)
        near = [tree.label(key, locale) for key in tree.suggest(puzzles[0].word)]
        text = say("“{word}” is not in the list. Write it in another way.", word=puzzles[0].word)
        if near:
            text = say("“{word}” is not in the list. Near it: {near}.", word=puzzles[0].word, near=near)
        raise BadAnswer(text, field=field)
    return list(keys)


def vocabulary(name: str, about: str) -> graphene.Field:
    """A root field that lists a vocabulary, level by level."""

    def resolve(_root: object, info: GraphQLResolveInfo, within: str | None = None) -> tuple[TermOf, ...]:
        tree: Tree = getattr(of(info).vocabulary, name)
        if within is not None:
            return terms(tree, tree.narrower(within))
        return terms(tree, _top(getattr(of(info).vocabulary, name)))

    return some(
        Term,
        about,
        within=graphene.Argument(
            graphene.ID, description="List what is directly within this; else the broadest."
        ),
        resolver=resolve,
    )


@lru_cache(maxsize=16)
def _top(tree: Any) -> tuple[str, ...]:
    """Reckoned once: a tree never changes, a changed vocabulary is another tree."""
    common = getattr(tree, "common", None)
    keys = common() if common is not None else tree.keys()
    return tuple(key for key in keys if common is not None or len(tree.ancestors(key)) == 1)


class VocabularyQueries:
    """Root fields."""

    issues = vocabulary("issues", "What defenders work on.")
    regions = vocabulary("regions", "Places: the world, its regions, countries, subdivisions.")
    languages = vocabulary("languages", "Languages that have names in many languages.")
    offers = vocabulary("offers", "Kinds of help.")
