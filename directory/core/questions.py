"""What somebody is looking for, and which tags a card must carry to be an answer.

Issues and offers include what is narrower. A place includes what lies within it, and those who work across
something wider that holds it; the nearer the better. How popular a card is never counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from directory.core.apart import NOBODY_APART, Apart
from directory.core.text import Text, say
from directory.vocabulary import RegionKind, Vocabulary

MOST_KEYS = 12
MOST_CARDS = 50
CLOSEST = 8


@dataclass(frozen=True, slots=True)
class Question:
    """Keys of the vocabularies. `every` wants all the issues, else any of them will do.

    Different kinds of conditions must all hold. `after` is the `next` of the page before.
    """

    issues: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    every: bool = False
    after: str | None = None
    first: int = 10

    def without_page(self) -> Question:
        """The same question, whichever page of the answer is asked for."""
        return replace(self, after=None, first=0)


@dataclass(frozen=True, slots=True)
class Asker:
    """What of the one who asks makes an answer nearer: country, languages. Themselves are left out, and who
    is kept apart from them (`apart`)."""

    member: str | None = None
    country: str | None = None
    languages: tuple[str, ...] = ()
    public_only: bool = False
    apart: Apart = NOBODY_APART


@dataclass(frozen=True, slots=True)
class Plan:
    """Of each set in `all_of` a card must carry a tag. `closeness` lists sets, the nearest first.

    `tongues` and `exact` only move a card up. `never` means: no card is an answer, however many there are.
    """

    all_of: tuple[frozenset[str], ...]
    closeness: tuple[frozenset[str], ...]
    tongues: frozenset[str]
    exact: frozenset[str]
    without: str | None
    never: bool = False


def fault_of(question: Question) -> Text | None:
    """What is wrong with a question, or None."""
    lists = (question.issues, question.regions, question.languages, question.offers, question.kinds)
    if any(len(keys) > MOST_KEYS for keys in lists):
        return say("Please ask for at most {most} things of a kind.", most=MOST_KEYS)
    if not 1 <= question.first <= MOST_CARDS:
        return say("Please ask for 1 to {most} at a time.", most=MOST_CARDS)
    return None


def is_veiled(question: Question, known: Vocabulary) -> bool:
    """Does it ask for a marked issue below country level? Then nobody and fifty get the same answer."""
    return is_fine(question, known) and any(known.issues.stigma(issue) for issue in question.issues)


def plan(question: Question, asker: Asker, known: Vocabulary) -> Plan:
    """The tags an answer must carry. Conditions within a kind are "any of these"."""
    fine = is_fine(question, known)
    issues = [_issue_tags(issue, known, fine=fine) for issue in question.issues]
    wanted = issues if question.every else [frozenset().union(*issues)] * bool(issues)
    regions = frozenset().union(*(frozenset().union(*_levels(region, known)) for region in question.regions))
    wanted += [regions] * bool(question.regions)
    wanted += [_language_tags(question.languages, known)] * bool(question.languages)
    wanted += [_offer_tags(question.offers, known)] * bool(question.offers)
    wanted += [frozenset(f"k:{kind}" for kind in question.kinds)] * bool(question.kinds)
    wanted += [frozenset({"k:organisation", "k:bot"})] * asker.public_only
    near = question.regions or ((asker.country,) if asker.country else ())
    return Plan(
        all_of=tuple(wanted),
        closeness=_nearest(near, known),
        tongues=_language_tags(asker.languages, known),
        exact=frozenset(
            f"i:{issue}" for issue in question.issues if not fine or not known.issues.stigma(issue)
        ),
        without=asker.member,
        never=not all(wanted),
    )


def is_fine(question: Question, known: Vocabulary) -> bool:
    """Does it ask below country level? Then what is marked finds or moves up nobody, and is no reason."""
    found = (known.regions.region(key) for key in question.regions)
    return any(region is not None and region.kind is RegionKind.SUBDIVISION for region in found)


def _issue_tags(issue: str, known: Vocabulary, *, fine: bool) -> frozenset[str]:
    """Whatever is narrower carries the tag as well (core/cards.py). Marked issues are no part of a fine
    question; when nothing else is within, nobody is an answer."""
    within = known.issues.within(issue)
    if not fine:
        return frozenset({f"n:{issue}", f"v:{issue}"} if within else ())
    return frozenset({f"n:{issue}"} if not all(map(known.issues.stigma, within)) else ())


def _levels(region: str, known: Vocabulary) -> list[frozenset[str]]:
    """Within it; then across what holds it, from near to far."""
    line = known.regions.ancestors(region)
    return [frozenset({f"r:{region}"}), *(frozenset({f"w:{wide}"}) for wide in line[1:])]


def _nearest(regions: Iterable[str], known: Vocabulary) -> tuple[frozenset[str], ...]:
    levels: list[set[str]] = []
    for region in regions:
        for depth, found in enumerate(_levels(region, known)):
            levels += [set()] * (depth >= len(levels))
            levels[depth] |= found
    return tuple(map(frozenset, levels[:CLOSEST]))


@lru_cache(maxsize=4096)
def _language_tags(languages: tuple[str, ...], known: Vocabulary) -> frozenset[str]:
    """Kept, because what is narrower than a language is looked for in a long list."""
    found = {key for language in languages for key in known.languages.ancestors(language)}
    found |= {key for language in languages for key in known.languages.narrower(language)}
    return frozenset(f"l:{key}" for key in found)


def _offer_tags(offers: Iterable[str], known: Vocabulary) -> frozenset[str]:
    return frozenset(f"o:{offer}" for offer in offers if known.offers.ancestors(offer))
