"""A playbook: the recipe of one coordinated act of solidarity, and the rules of running it. Pure.

Roles say who may take a step, clocks when somebody must have, consents what is decided by the wish of the
person it is for, and never by whoever helps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Key = Annotated[str, Meta(pattern=r"^[a-z][a-z-]{0,30}\Z")]
Sentence = Annotated[str, Meta(min_length=1, max_length=200)]
Hours = Annotated[int, Meta(ge=1, le=24 * 366)]
DAILY = timedelta(hours=24)


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class RolePart(_Part, frozen=True):
    """Who may take steps of this role: coordinators and whoever is on call, the person's circle, or both."""

    key: Key
    title: Sentence
    who: Literal["coordinators", "circle", "both"]


class Consent(_Part, frozen=True):
    """Something only the person decides, beforehand or by whom they named for it. `otherwise`: unsaid."""

    key: Key
    title: Sentence
    options: Annotated[tuple[Key, ...], Meta(min_length=2, max_length=4)]
    otherwise: Key


class StepPart(_Part, frozen=True):
    """One thing to do, within so many hours. `sources`: so many reports that differ make it done."""

    key: Key
    title: Sentence
    text: Sentence
    role: Key
    by_h: Hours
    sources: Annotated[int, Meta(ge=1, le=3)] = 1
    after: tuple[Key, ...] = ()
    consent: Key | None = None
    only_if: Key | None = None


class Playbook(_Part, frozen=True):
    """The whole recipe."""

    title: Sentence
    clocks: Annotated[tuple[Hours, ...], Meta(min_length=1, max_length=20)]
    roles: Annotated[tuple[RolePart, ...], Meta(min_length=1)]
    steps: Annotated[tuple[StepPart, ...], Meta(min_length=1, max_length=60)]
    consents: tuple[Consent, ...] = ()

    def role(self, key: str) -> RolePart:
        """The role of this key."""
        return next(one for one in self.roles if one.key == key)

    def step(self, key: str) -> StepPart | None:
        """The step of this key."""
        return next((one for one in self.steps if one.key == key), None)


class Step(StrEnum):
    """Where a step stands."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a playbook: at which key, and what to do about it."""

    key: str
    fix: str


def faults(book: Playbook) -> Iterator[Fault]:
    """Everything in a playbook that cannot be run."""
    if list(book.clocks) != sorted(set(book.clocks)):
        yield Fault("clocks", "name each hour once, the earliest first")
    for name, keys in (("roles", book.roles), ("consents", book.consents), ("steps", book.steps)):
        yield from _twice(name, [one.key for one in keys])
    for consent in book.consents:
        if consent.otherwise not in consent.options:
            yield Fault(f"consents.{consent.key}.otherwise", "choose one of its options")
    before: set[str] = set()
    for step in book.steps:
        yield from _of_step(book, step, before)
        before.add(step.key)


def _twice(name: str, keys: list[str]) -> Iterator[Fault]:
    for key in sorted({one for one in keys if keys.count(one) > 1}):
        yield Fault(f"{name}.{key}", "give each one a key of its own")


def _of_step(book: Playbook, step: StepPart, before: set[str]) -> Iterator[Fault]:
    where = f"steps.{step.key}"
    if step.role not in {one.key for one in book.roles}:
        yield Fault(f"{where}.role", "name one of the roles")
    if step.by_h not in book.clocks:
        yield Fault(f"{where}.by_h", "use one of the clocks")
    if not before.issuperset(step.after):
        yield Fault(f"{where}.after", "name steps that come before it")
    options = {one.key: one.options for one in book.consents}
    if (step.consent is None) != (step.only_if is None):
        yield Fault(f"{where}.only_if", "give consent and only_if together, or neither")
    elif step.consent is not None and step.only_if not in options.get(step.consent, ()):
        yield Fault(f"{where}.only_if", "name a consent and one of its options")


def applies(step: StepPart, chosen: Mapping[str, str]) -> bool:
    """Is this step to be done, as the consents stand?"""
    return step.consent is None or chosen.get(step.consent) == step.only_if


def choices(book: Playbook, said: Mapping[str, str]) -> dict[str, str]:
    """What holds for each consent: what was said, else what holds unsaid."""
    return {
        one.key: said[one.key] if said.get(one.key) in one.options else one.otherwise for one in book.consents
    }


def next_clock(book: Playbook, opened_at: datetime, now: datetime) -> datetime:
    """When to look again: the next of the clocks; after the last one every day, at the same hour."""
    for hours in book.clocks:
        at = opened_at + timedelta(hours=hours)
        if at > now:
            return at
    last = opened_at + timedelta(hours=book.clocks[-1])
    return last + DAILY * ((now - last) // DAILY + 1)


def is_due(step: StepPart, opened_at: datetime, now: datetime) -> bool:
    """Has its time come?"""
    return now >= opened_at + timedelta(hours=step.by_h)


def distinct(reports: Iterable[str]) -> int:
    """How many sources these reports are: the same words twice are one."""
    return len({" ".join(one.casefold().split()) for one in reports})


def sentences(book: Playbook) -> Iterator[str]:
    """Everything in it that people read, for the catalogues."""
    yield book.title
    yield from (one.title for one in book.roles)
    yield from (one.title for one in book.consents)
    yield from (one.title for one in book.steps)
    for step in book.steps:
        yield step.text
