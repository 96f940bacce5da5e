"""What members may say of themselves, and how an answer is checked before it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from directory.core.text import Text, say
from directory.core.tongues import LOCALES, is_one
from directory.vocabulary import Tree, Vocabulary

MOST_TERMS = 24

OPEN_LISTS = ("works_in", "issues", "languages", "offers")
OPEN_WORDS = ("country", "locale")
GUARDED_WORDS: Mapping[str, int] = {"subdivision": 12, "city": 80, "text": 500, "organisation": 120}
"""Sealed fields and how many letters each may have."""
GUARDED = (*GUARDED_WORDS, "marked_issues")

Checked = tuple[dict[str, object], dict[str, object]]
"""(open columns to set, guarded fields to set)"""


def check(
    fields: Mapping[str, object], known: Vocabulary, *, public: bool = False
) -> Checked | tuple[str, Text]:
    """Open columns and guarded fields to write; or (field, what is wrong) for the first bad answer.

    Marked issues go to the guarded side by themselves, unless the entry is `public`. `handle` is not looked
    at here (core/handles.py).
    """
    opened: dict[str, object] = {}
    guarded: dict[str, object] = {}
    for field, value in fields.items():
        fault = _keep(field, value, known, opened, guarded)
        if fault is not None:
            return field, fault
    if "issues" in opened and not public:
        opened["issues"], guarded["marked_issues"] = split_issues(_words(opened["issues"]), known)
    return opened, guarded


def split_issues(issues: list[str], known: Vocabulary) -> tuple[list[str], list[str]]:
    """(issues that may stand open, issues with a stigma mark)."""
    marked = [issue for issue in issues if known.issues.stigma(issue)]
    return [issue for issue in issues if issue not in marked], marked


def _keep(
    field: str,
    value: object,
    known: Vocabulary,
    opened: dict[str, object],
    guarded: dict[str, object],
) -> Text | None:
    if field in OPEN_LISTS:
        return _keep_list(field, value, _tree_of(field, known), opened)
    if field in OPEN_WORDS:
        return _keep_word(field, value, known, opened)
    if field in GUARDED_WORDS:
        return _keep_guarded(field, value, known, guarded)
    return say("There is no such question.")


def _keep_list(field: str, value: object, tree: Tree, opened: dict[str, object]) -> Text | None:
    words = _words(value)
    if len(words) > MOST_TERMS:
        return say("Please choose at most {most}.", most=MOST_TERMS)
    if unknown := [word for word in words if not tree.ancestors(word)]:
        return say("I do not know “{word}”. Please choose from the list.", word=unknown[0][:80])
    opened[field] = list(dict.fromkeys(words))
    return None


def _keep_word(field: str, value: object, known: Vocabulary, opened: dict[str, object]) -> Text | None:
    word = value if isinstance(value, str) and value else None
    if field == "locale" and not is_one(word or ""):
        return say("Please choose one of these languages: {choices}.", choices=", ".join(LOCALES))
    if field == "country" and word is not None and word not in known.regions.countries():
        return say("I do not know this country. Please write its name again.")
    opened[field] = word
    return None


def _keep_guarded(field: str, value: object, known: Vocabulary, guarded: dict[str, object]) -> Text | None:
    word = " ".join(str(value or "").split()) or None
    if word is not None and len(word) > GUARDED_WORDS[field]:
        return say("Please say it in at most {most} letters.", most=GUARDED_WORDS[field])
    if field == "subdivision" and word is not None and not known.regions.ancestors(word):
        return say("I do not know this region. Please write its name again.")
    guarded[field] = word
    return None


def _words(value: object) -> list[str]:
    if value is None:
        return []
    return (
        [str(word) for word in value] if isinstance(value, list | tuple | set | frozenset) else [str(value)]
    )


_TREES: Mapping[str, Callable[[Vocabulary], Tree]] = {
    "works_in": lambda known: known.regions,
    "issues": lambda known: known.issues,
    "languages": lambda known: known.languages,
    "offers": lambda known: known.offers,
}


def _tree_of(field: str, known: Vocabulary) -> Tree:
    return _TREES[field](known)
