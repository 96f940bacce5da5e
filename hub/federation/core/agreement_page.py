"""An agreement as one page that a board can read and sign with a pen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from directory.core.text import Text, say, say_many
from hub.federation.core.agreement import Agreement, Hours, Party
from hub.federation.core.shapes import moment_of

KINDS: Mapping[str, Text] = {
    "person": say("people who said yes to it"),
    "organisation": say("organisations"),
    "community": say("communities"),
    "bot": say("bots"),
    "offer": say("offers of help"),
}
DAYS: tuple[Text, ...] = (
    say("Monday"),
    say("Tuesday"),
    say("Wednesday"),
    say("Thursday"),
    say("Friday"),
    say("Saturday"),
    say("Sunday"),
)


Named = Callable[[str], object]
"""From a key of a vocabulary to what a person reads: a Text, or a thing named in each language."""


def printable(agreement: Agreement, agreement_hash: bytes, *, named: Named = str) -> list[Text]:
    """Its lines, top to bottom, not yet in a language. `named`: names of fields, languages and help."""
    first, second = agreement.parties
    return [
        say("Agreement between {first} and {second}", first=first.name, second=second.name),
        say(
            "It holds from {start} to {end}.",
            start=moment_of(agreement.starts_at),
            end=moment_of(agreement.ends_at),
        ),
        *_party(first, second, named),
        *_party(second, first, named),
        say_many(
            "A shared card is kept for {count} day, unless it is renewed.",
            "A shared card is kept for {count} days, unless it is renewed.",
            agreement.lease_days,
        ),
        say_many(
            "Who withdraws a card must hear back within {count} hour, or sharing stops.",
            "Who withdraws a card must hear back within {count} hours, or sharing stops.",
            agreement.withdraw_hours,
        ),
        _onward(agreement),
        say("Either side can stop at any time, at once, without giving a reason."),
        say("This agreement has the number {number}.", number=agreement_hash.hex()[:16]),
        say("For {name}: name, date, signature", name=first.name),
        say("For {name}: name, date, signature", name=second.name),
    ]


def _party(party: Party, other: Party, named: Named) -> Iterator[Text]:
    yield say("What {name} does", name=party.name)
    if party.shares:
        kinds = tuple(KINDS[kind] for kind in party.shares)
        yield say("It shows {other} cards of: {kinds}.", other=other.name, kinds=_listed(kinds))
    else:
        yield say("It shows {other} no cards.", other=other.name)
    if party.open_fields:
        yield say(
            "Open to all of {other}: {fields}.", other=other.name, fields=_names(party.open_fields, named)
        )
    if party.introduced_fields:
        yield say("Only to people it introduced: {fields}.", fields=_names(party.introduced_fields, named))
    yield from cover_lines(party, other, named=named)
    if party.second:
        yield say("It lends a second pair of eyes when {other} has only one coordinator.", other=other.name)
    if party.emergency:
        yield say("In an emergency: {contact}.", contact=party.emergency)


def cover_lines(party: Party, other: Party, *, named: Named = str) -> Iterator[Text]:
    """When one side answers calls for help from the other, as sentences."""
    cover = party.cover
    if not cover.hours:
        yield say("It does not answer calls for help from {other}.", other=other.name)
        return
    yield say(
        "It answers calls for help from {other} at these hours ({zone}):", other=other.name, zone=cover.zone
    )
    for hours in cover.hours:
        yield _hours(hours)
    if cover.languages:
        yield say("In these languages: {languages}.", languages=_names(cover.languages, named))
    if cover.help:
        yield say("With: {help}.", help=_names(cover.help, named))


def _hours(hours: Hours) -> Text:
    days = _listed(tuple(DAYS[day - 1] for day in hours.days))
    if (hours.start, hours.end) == (0, 1440):
        return say("{days}: all day", days=days)
    return say("{days}: {start} to {end}", days=days, start=_clock(hours.start), end=_clock(hours.end))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _onward(agreement: Agreement) -> Text:
    if agreement.onward is None:
        return say("Neither side passes the other's cards on to anybody.")
    return say_many(
        "Cards may be passed on, unchanged, within {group} ({count} network).",
        "Cards may be passed on, unchanged, within {group} ({count} networks).",
        len(agreement.onward.networks),
        group=agreement.onward.name,
    )


def _listed(parts: tuple[object, ...]) -> Text:
    """Several things as one Text, each still to be put into the reader's language."""
    names = [f"part{place}" for place in range(len(parts))]
    return Text(", ".join(f"{{{name}}}" for name in names), tuple(zip(names, parts, strict=True)))


def _names(tags: tuple[str, ...], named: Named) -> Text:
    return _listed(tuple(named(tag) for tag in tags))
