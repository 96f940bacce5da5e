"""Why a card is an answer, and what to try when there is none: plain sentences, nobody counted."""

from __future__ import annotations

from collections.abc import Iterable

from directory.core.cards import Body, words
from directory.core.labels import labels
from directory.core.questions import Plan, Question, is_fine, is_veiled
from directory.core.text import Text, say
from directory.vocabulary import Tree, Vocabulary

MOST_REASONS = 3


def why(body: Body, question: Question, found_by: Plan, known: Vocabulary) -> Text:
    """The conditions this card meets, in its own terms: "Works on land in Guatemala. Speaks Spanish." """
    asked = frozenset().union(*found_by.all_of)
    issues = _met_issues(body, question, known)
    places = _met_places(body, asked, known) if question.regions else []
    offers = _within(known.offers, words(body, "offers"), question.offers)
    tongues = _met("l:", words(body, "languages"), asked | found_by.tongues)
    reasons = [
        _works(_labels(known.issues, issues), _labels(known.regions, places)),
        say("Offers {offers}.", offers=_labels(known.offers, offers)) if offers else None,
        say("Speaks {languages}.", languages=_labels(known.languages, tongues)) if tongues else None,
    ]
    return _joined([reason for reason in reasons if reason is not None])


def advice(question: Question, known: Vocabulary) -> Text:
    """What to widen when nothing was found. For what is never found by place it is always this sentence."""
    if is_veiled(question, known):
        return say(
            "For your safety and theirs we do not search for this by place. Ask the coordinators to put you "
            "in touch, or look in the whole country."
        )
    tips = []
    if question.regions:
        places = labels(known.regions, question.regions)
        tips.append(say("Look in a wider place than {places}.", places=places))
    if question.every and len(question.issues) > 1:
        tips.append(say("Ask for any of the issues instead of all of them."))
    if question.languages or question.offers or question.kinds:
        tips.append(say("Leave out one of the conditions."))
    tips.append(say("Or ask the coordinators: they may know somebody."))
    return _joined([say("Nobody was found."), *tips])


def _met_issues(body: Body, question: Question, known: Vocabulary) -> list[str]:
    """Those asked for, or narrower. What is never found by place is no reason in a question by place."""
    met = _within(known.issues, words(body, "issues"), question.issues)
    return [issue for issue in met if not (is_fine(question, known) and known.issues.stigma(issue))]


def _works(issues: object, places: object) -> Text | None:
    if issues and places:
        return say("Works on {issues} in {places}.", issues=issues, places=places)
    if issues:
        return say("Works on {issues}.", issues=issues)
    return say("Works in {places}.", places=places) if places else None


def _within(tree: Tree, keys: Iterable[str], wanted: Iterable[str]) -> list[str]:
    """Those that are one of the wanted, or narrower."""
    broad = set(wanted)
    return [key for key in keys if not broad.isdisjoint(tree.ancestors(key))]


def _met(prefix: str, keys: Iterable[str], asked: frozenset[str]) -> list[str]:
    return [key for key in keys if f"{prefix}{key}" in asked]


def _met_places(body: Body, asked: frozenset[str], known: Vocabulary) -> list[str]:
    places = words(body, "regions") or [str(body["country"])] * bool(body.get("country"))
    inside = [p for p in places if any(f"r:{wide}" in asked for wide in known.regions.ancestors(p))]
    return inside or [place for place in places if f"w:{place}" in asked]


def _labels(tree: Tree, keys: list[str]) -> object:
    return labels(tree, keys[:MOST_REASONS])


def _joined(texts: list[Text]) -> Text:
    places = " ".join(f"{{t{number}}}" for number in range(len(texts)))
    return say(places, **{f"t{number}": text for number, text in enumerate(texts)})
