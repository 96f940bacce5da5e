"""What a member sees of themselves: all they said, who may see which of it, and how it looks from there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from directory import cards, consent, vocabularies
from directory.consent import Shown
from directory.core.audiences import DEFAULTS, Audience, Setting, admits, setting_of, widens
from directory.core.cards import Body, Entry, body_seen
from directory.core.effects import CardChanged
from directory.core.relations import Relation, Ties
from directory.core.rules import may
from directory.core.text import say
from directory.refusals import BadAnswer, NeedsWord, NotYours
from directory.store import audiences, consents, networks
from directory.store import members as rows
from directory.store.members import MemberRow
from directory.turn import Turn

_RELATIONS: Mapping[Audience, frozenset[Relation]] = {
    Audience.INTRODUCED: frozenset({Relation.INTRODUCED}),
    Audience.COORDINATORS: frozenset({Relation.COORDINATOR}),
    Audience.NETWORK: frozenset({Relation.HOME}),
}
_GUARDED = ("subdivision", "city", "text", "organisation")


@dataclass(frozen=True, slots=True)
class MyCard:
    """Everything a member said of themselves. `audiences` holds every field, chosen or by default."""

    member: str
    handle: str
    state: str
    locale: str
    country: str | None
    works_in: tuple[str, ...]
    issues: tuple[str, ...]
    languages: tuple[str, ...]
    offers: tuple[str, ...]
    subdivision: str | None
    city: str | None
    text: str | None
    organisation: str | None
    audiences: Mapping[str, Setting]
    shown_to: tuple[Shown, ...]
    rests: bool = False
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """How a member looks to somebody: a card body, and guarded fields that this reader may see."""

    body: Body | None
    guarded: Mapping[str, str]


async def my_card(turn: Turn) -> MyCard:
    """The viewer's own card, whole. Marked issues stand among the issues. Raises NotYours, HubSealed."""
    row = await _own(turn)
    kept = turn.guard.open_fields("members", row.id, row.guarded)
    chosen = await audiences.chosen(turn.tx, row.id)
    return MyCard(
        member=row.id,
        handle=row.handle or "",
        state=row.state,
        locale=row.locale,
        country=row.country,
        works_in=row.works_in,
        issues=(*row.issues, *_words(kept.get("marked_issues"))),
        languages=row.languages,
        offers=row.offers,
        subdivision=_word(kept.get("subdivision")),
        city=_word(kept.get("city")),
        text=_word(kept.get("text")),
        organisation=_word(kept.get("organisation")),
        audiences={field: setting_of(field, chosen) for field in DEFAULTS},
        shown_to=await consent.mine(turn),
        rests=row.dormant_at is not None,
        confirmed_at=row.confirmed_at,
    )


async def see_as(turn: Turn, audience: str) -> Seen:
    """How the viewer looks to "introduced", "coordinators", "network", or to a linked network by its id.

    A linked network that was not said yes to sees nothing: `consent.preview` shows what a yes would show.
    """
    row = await _own(turn)
    entry = await cards.entry_of(turn, row.id)
    if entry is None:
        raise NotYours
    if audience in _RELATIONS:
        return _from_home(turn, row, entry, _RELATIONS[Audience(audience)])
    network = await networks.load(turn.tx, audience)
    if network is None or network.home or network.state not in networks.OPEN:
        raise NotYours
    yes = network.id in await consents.standing(turn.tx, row.id)
    return Seen(cards.body_for(entry, network, said_yes=yes), {})


async def set_audience(
    turn: Turn, field: str, audience: Audience | None, networks_named: Collection[str] = ()
) -> None:
    """Who may see one field from now on; None goes back to the default. Widening needs the word.

    Raises NotYours, NeedsWord, or BadAnswer for an unknown field or "named" without a network.
    """
    row = await _own(turn)
    if field not in DEFAULTS:
        raise BadAnswer(say("There is no such field."), field=field)
    if audience is Audience.NAMED and not networks_named:
        raise BadAnswer(say("Please name at least one network, or choose “my network”."), field=field)
    old = setting_of(field, await audiences.chosen(turn.tx, row.id))
    new = DEFAULTS[field] if audience is None else Setting(audience, frozenset(networks_named))
    if widens(old, new) and not turn.viewer.gave_word(turn.now):
        raise NeedsWord
    if audience is None:
        await audiences.unchoose(turn.tx, row.id, field)
    else:
        await audiences.choose(turn.tx, row.id, field, new)
    await turn.record(CardChanged(row.id))


async def _own(turn: Turn) -> MemberRow:
    member = turn.viewer.member
    row = await rows.load(turn.tx, member) if member else None
    if row is None or not may("act:my-card", turn.viewer, Ties(owner=row.id)):
        raise NotYours
    return row


def _from_home(turn: Turn, row: MemberRow, entry: Entry, standing: frozenset[Relation]) -> Seen:
    kept = turn.guard.open_fields("members", row.id, row.guarded)
    marked = _words(kept.get("marked_issues"))

    def sees(field: str) -> bool:
        return admits(setting_of(field, entry.audiences), standing)

    guarded = {field: str(kept[field]) for field in _GUARDED if kept.get(field) and sees(field)}
    return Seen(body_seen(entry, "", vocabularies.known(), sees, marked=marked), guarded)


def _word(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _words(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()
