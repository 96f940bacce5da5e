"""Communities of this network: entering one, seeing them, and hiding or narrowing one at once.

What shows more of a community waits for its own way: directory/community_wishes.py.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from directory import audit, cards, community_deeds, community_wishes, members, profiles, vocabularies
from directory.core.audiences import DEFAULTS, Setting, setting_of
from directory.core.cards import Body, home_body
from directory.core.communities import FEWEST, Act, Way, checked_name, checked_way
from directory.core.effects import CardChanged, TellRoles, Urgency
from directory.core.profiles import check
from directory.core.rules import may
from directory.core.text import Text, say
from directory.core.viewer import Role
from directory.refusals import BadAnswer, NotYours
from directory.store import audiences, consents, roles
from directory.store import communities as store
from directory.store import members as rows
from directory.store.members import MemberRow
from directory.store.ties import ties
from directory.turn import Turn

MOST = 200
HIDDEN = "hidden"
"""The state of a community that nobody else sees."""
FIELDS = ("country", "works_in", "issues", "languages", "offers", "text")
"""What a community says of itself besides its name."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One wish that waits. `said`: the viewer said yes already."""

    id: str
    text: Text
    yes: int
    needed: int
    said: bool
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Own:
    """What only those who speak for it see: everything it says, who sees which of it, and what waits."""

    values: Mapping[str, object]
    audiences: Mapping[str, Setting]
    shown_to: frozenset[str]
    waits: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class Community:
    """One community as the viewer may know it. `own` and `speakers` only for who speaks for it or enters
    communities; `short`: too few who are here speak for it."""

    id: str
    name: str
    hidden: bool
    way: Way
    body: Body | None
    speakers: tuple[str, ...]
    short: bool
    own: Own | None


async def listed(turn: Turn) -> tuple[Community, ...]:
    """Those the network may know of, and those the viewer speaks for or looks after. Raises NotYours."""
    if not may("act:communities", turn.viewer):
        raise NotYours
    found = await rows.load_many(turn.tx, states=("active", HIDDEN), kinds=("community",), first=MOST)
    shown = [await _shown(turn, row) for row in found]
    return tuple(one for one in shown if one is not None)


async def enter(
    turn: Turn, name: str, words: Mapping[str, object], handles: Sequence[str], needed: int = FEWEST
) -> str:
    """Enter a community: `words` hold way, since and what it says of itself. Nobody sees it before everybody
    named said yes. Returns its id. Raises NotYours, BadAnswer."""
    if not may("act:enter-community", turn.viewer):
        raise NotYours
    title, people = checked_name(name), await _people(turn, handles)
    way = checked_way(words, needed, len(people))
    wrong = next((one for one in (title, way) if isinstance(one, tuple)), None)
    if wrong is not None:
        raise BadAnswer(wrong[1], field=wrong[0])
    assert isinstance(way, Way)
    fields = {field: words[field] for field in FIELDS if words.get(field)}
    checked = check(fields, vocabularies.known())
    if isinstance(checked[1], Text):
        raise BadAnswer(checked[1], field=str(checked[0]))
    community = turn.ids()
    values = {"id": community, "kind": "community", "state": HIDDEN, "title": title, "since": turn.now}
    await rows.insert_member(turn.tx, values)
    await community_deeds.keep_way(turn, community, way)
    for person in people:
        await roles.add_spokesperson(turn.tx, community, person, turn.now)
    row = await rows.load(turn.tx, community, lock=True)
    assert row is not None
    await profiles.write(turn, row, fields)
    await community_wishes.ask(turn, row, Act.SHOW, {}, len(people))
    await audit.note(turn, "community-entered", community)
    return community


async def name_again(turn: Turn, community: str, handles: Sequence[str]) -> None:
    """Too few who are here speak for it: somebody who looks after the network names more. It is hidden until
    everybody who speaks for it then said yes. Raises NotYours, BadAnswer."""
    row, kept = await rows.load(turn.tx, community, lock=True), await store.load(turn.tx, community)
    if row is None or kept is None or not may("act:enter-community", turn.viewer):
        raise NotYours
    here = await roles.spokespersons_of(turn.tx, community)
    if len(here) >= max(FEWEST, kept.needed):
        raise NotYours
    people = [one for one in await _people(turn, handles) if one not in here]
    if not people or len(here) + len(people) < FEWEST:
        raise BadAnswer(say("Two or more people have to speak for a community. Name at least two."),
                        field="speakers")  # fmt: skip
    for person in people:
        await roles.add_spokesperson(turn.tx, community, person, turn.now)
    await _hide(turn, row)
    await community_wishes.ask(turn, row, Act.SHOW, {}, len(here) + len(people))
    await audit.note(turn, "community-named", community)


async def hide(turn: Turn, community: str) -> None:
    """Anybody who speaks for it hides it at once, here and at every linked network, and what waited for more
    to be shown is over. Needs no word. Raises NotYours."""
    row = await community_wishes.spoken_for(turn, community)
    await _hide(turn, row)
    by = await members.handle_of(turn.tx, turn.viewer.member or "")
    await community_wishes.tell_others(
        turn, row.id, say("{by} hid {community} from everybody.", by=by, community=row.name)
    )


async def stop_sharing(turn: Turn, community: str, network: str) -> None:
    """Anybody who speaks for it takes it back from a linked network at once. Raises NotYours."""
    row = await community_wishes.spoken_for(turn, community)
    await consents.take_back(turn.tx, row.id, network, turn.now)
    await audiences.drop_network(turn.tx, row.id, network)
    await turn.record(CardChanged(row.id))


async def step_down(turn: Turn, community: str) -> None:
    """The viewer speaks for it no more. With fewer than two left it is hidden. Raises NotYours."""
    row = await community_wishes.spoken_for(turn, community)
    await store.step_down(turn.tx, row.id, turn.viewer.member or "")
    by = await members.handle_of(turn.tx, turn.viewer.member or "")
    text = say("{by} speaks for {community} no more.", by=by, community=row.name)
    await community_wishes.tell_others(turn, row.id, text)
    if len(await roles.spokespersons_of(turn.tx, row.id)) < FEWEST:
        await _left_alone(turn, row)


async def tend(turn: Turn) -> None:
    """A community for which fewer than two people speak who are here is hidden; wishes past their time are
    forgotten. By the clock, hourly."""
    for community in await store.too_few(turn.tx, FEWEST):
        row = await rows.load(turn.tx, community, lock=True)
        if row is not None:
            await _left_alone(turn, row)
    await store.forget_wishes_before(turn.tx, turn.now)


async def _left_alone(turn: Turn, row: MemberRow) -> None:
    await _hide(turn, row)
    text = say(
        "{community} is hidden: fewer than two people speak for it. Name somebody on its page.",
        community=row.name,
    )
    await turn.record(TellRoles(Role.COORDINATOR, text, Urgency.ANSWER))


async def _hide(turn: Turn, row: MemberRow) -> None:
    await store.end_wishes(turn.tx, row.id)
    await rows.change(turn.tx, row.id, {"state": HIDDEN})
    await turn.record(CardChanged(row.id))


async def _people(turn: Turn, handles: Collection[str]) -> list[str]:
    """Active people by name, each once. Raises BadAnswer."""
    found: dict[str, None] = {}
    for handle in (one.strip() for one in handles):
        if not handle:
            continue
        row = await members.known_by(turn, handle)
        if row is None or row.state != "active":
            raise BadAnswer(say("There is nobody of this name here."), field="speakers")
        found[row.id] = None
    return list(found)


async def _shown(turn: Turn, row: MemberRow) -> Community | None:
    kept = await store.load(turn.tx, row.id)
    if kept is None:
        return None
    tied = await ties(turn.tx, turn.viewer.member, row.id)
    mine, looks_after = may("act:community", turn.viewer, tied), may("act:enter-community", turn.viewer)
    entry = await cards.entry_of(turn, row.id)
    body = home_body(entry, "", vocabularies.known()) if entry is not None else None
    if body is None and not mine and not looks_after:
        return None
    here = await roles.spokespersons_of(turn.tx, row.id) if mine or looks_after else []
    return Community(
        row.id,
        row.name,
        row.state == HIDDEN,
        community_deeds.way_of(turn, kept),
        body,
        tuple([await members.handle_of(turn.tx, one) for one in here]),
        looks_after and len(here) < max(FEWEST, kept.needed),
        await _own(turn, row) if mine else None,
    )


async def _own(turn: Turn, row: MemberRow) -> Own:
    chosen = await audiences.chosen(turn.tx, row.id)
    return Own(
        profiles.said_by(turn, row),
        {field: setting_of(field, chosen) for field in DEFAULTS},
        await consents.standing(turn.tx, row.id),
        tuple([await _waiting(turn, row, one) for one in await community_wishes.waiting(turn, row.id)]),
    )


async def _waiting(turn: Turn, row: MemberRow, wish: store.WishRow) -> Waiting:
    yes = await store.agreed(turn.tx, wish.id)
    text = await community_wishes.wanted(turn, row, wish)
    said = turn.viewer.member in yes
    return Waiting(wish.id, text, len(yes), wish.needed, said, wish.ends_at)
