"""What can be wanted for a community: what is meant by it, whether it only narrows, and the deed.

Nobody is judged here: directory/community_wishes.py does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict

from directory import consent, leaving, members, profiles, vocabularies
from directory.core.audiences import Audience, Setting, setting_of, widens
from directory.core.communities import Act, Way, checked_way, only_less
from directory.core.effects import Tell, Urgency
from directory.core.labels import Named, labels
from directory.core.profiles import check
from directory.core.text import Text, lines, say
from directory.refusals import BadAnswer
from directory.store import audiences, networks, roles
from directory.store import communities as store
from directory.store import members as rows
from directory.store.communities import CommunityRow
from directory.store.members import MemberRow
from directory.turn import Turn
from directory.vocabulary import Vocabulary

Detail = Mapping[str, object]
NAMES: Mapping[str, Text] = {
    "handle": say("Name"),
    "country": say("Country"),
    "works_in": say("Works in"),
    "issues": say("Works on"),
    "marked_issues": say("Works on: issues that are stigmatised in many places"),
    "languages": say("Speaks"),
    "offers": say("Helps with"),
    "text": say("In own words"),
}
"""Fields of a community whose audience can be chosen."""
SEEN_BY: Mapping[Audience, Text] = {
    Audience.NOBODY: say("nobody"),
    Audience.INTRODUCED: say("people I was introduced to"),
    Audience.COORDINATORS: say("coordinators too"),
    Audience.NETWORK: say("my network"),
}
"""At home; a linked network is asked for one by one."""


async def keep_way(turn: Turn, community: str, way: Way) -> None:
    """Write down how it decides."""
    sealed = turn.guard.seal_fields("communities", community, {"way": way.way, "since": way.since})
    await store.put(turn.tx, CommunityRow(community, way.needed, sealed))


def way_of(turn: Turn, row: CommunityRow) -> Way:
    """How it decides."""
    kept = turn.guard.open_fields("communities", row.member, row.guarded)
    return Way(str(kept.get("way", "")), str(kept.get("since", "")), row.needed)


Meant = tuple[dict[str, object], bool]


async def _simple(_turn: Turn, _row: MemberRow, _detail: Detail) -> Meant:
    return {}, False


async def _check_change(turn: Turn, row: MemberRow, detail: Detail) -> Meant:
    checked = check(detail, vocabularies.known())
    if isinstance(checked[1], Text):
        raise BadAnswer(checked[1], field=str(checked[0]))
    old = profiles.said_by(turn, row)
    meant = {
        name: list(value) if isinstance(value, list | tuple) else value for name, value in detail.items()
    }
    changed = {name: value for name, value in meant.items() if _plain(old.get(name)) != _plain(value)}
    return changed, only_less(old, changed)


def _plain(value: object) -> object:
    return sorted(map(str, value)) if isinstance(value, list | tuple) else value or None


async def _check_audience(turn: Turn, row: MemberRow, detail: Detail) -> Meant:
    field = str(detail.get("field") or "")
    if field not in NAMES:
        raise BadAnswer(say("There is no such field."), field="field")
    audience = Audience(str(detail.get("audience")))
    if audience not in SEEN_BY:
        raise BadAnswer(say("Ask for each linked network by its name."), field="audience")
    old = setting_of(field, await audiences.chosen(turn.tx, row.id))
    return {"field": field, "audience": audience.value}, not widens(old, Setting(audience))


async def _check_share(turn: Turn, row: MemberRow, detail: Detail) -> Meant:
    network = str(detail.get("network") or "")
    await consent.preview_of(turn, row.id, network)
    return {"network": network}, False


async def _check_speak(turn: Turn, _row: MemberRow, detail: Detail) -> Meant:
    person = await members.known_by(turn, str(detail.get("handle") or ""))
    if person is None or person.state != "active":
        raise BadAnswer(say("There is nobody of this name here."), field="handle")
    return {"member": person.id}, False


async def _check_decide(turn: Turn, row: MemberRow, detail: Detail) -> Meant:
    here = await roles.spokespersons_of(turn.tx, row.id)
    way = checked_way(detail, int(str(detail.get("needed") or 0)), len(here))
    if not isinstance(way, Way):
        raise BadAnswer(way[1], field=way[0])
    return asdict(way), False


async def _show(turn: Turn, row: MemberRow, _detail: Detail) -> None:
    await rows.change(turn.tx, row.id, {"state": "active", "confirmed_at": turn.now})


async def _change(turn: Turn, row: MemberRow, detail: Detail) -> None:
    await profiles.write(turn, row, detail)


async def _audience(turn: Turn, row: MemberRow, detail: Detail) -> None:
    chosen = Setting(Audience(str(detail["audience"])))
    await audiences.choose(turn.tx, row.id, str(detail["field"]), chosen)


async def _share(turn: Turn, row: MemberRow, detail: Detail) -> None:
    await consent.give(turn, row.id, str(detail["network"]), "community")


async def _speak(turn: Turn, row: MemberRow, detail: Detail) -> None:
    person = await rows.load(turn.tx, str(detail["member"]))
    if person is not None and person.state == "active":
        await roles.add_spokesperson(turn.tx, row.id, person.id, turn.now)
        text = say("You now speak for {organisation} here.", organisation=row.name)
        await turn.record(Tell(person.id, text, Urgency.ANSWER))


async def _decide(turn: Turn, row: MemberRow, detail: Detail) -> None:
    await keep_way(turn, row.id, Way(str(detail["way"]), str(detail["since"]), int(str(detail["needed"]))))


async def _erase(turn: Turn, row: MemberRow, _detail: Detail) -> None:
    await leaving.erase(turn, row.id)


CHECKS: Mapping[Act, Callable[[Turn, MemberRow, Detail], Awaitable[Meant]]] = {
    Act.SHOW: _simple,
    Act.CHANGE: _check_change,
    Act.AUDIENCE: _check_audience,
    Act.SHARE: _check_share,
    Act.SPEAK: _check_speak,
    Act.DECIDE: _check_decide,
    Act.ERASE: _simple,
}
DEEDS: Mapping[Act, Callable[[Turn, MemberRow, Detail], Awaitable[None]]] = {
    Act.SHOW: _show,
    Act.CHANGE: _change,
    Act.AUDIENCE: _audience,
    Act.SHARE: _share,
    Act.SPEAK: _speak,
    Act.DECIDE: _decide,
    Act.ERASE: _erase,
}
"""What is done after enough yes. An act of WANTS without one does not start: a test holds it."""


async def in_words(turn: Turn, act: Act, detail: Detail) -> object:
    """What is meant, for those who are asked: a name or a Text."""
    if act is Act.AUDIENCE:
        seen = SEEN_BY[Audience(str(detail["audience"]))]
        return say("{what}: {terms}", what=NAMES[str(detail["field"])], terms=seen)
    if act is Act.SHARE:
        network = await networks.load(turn.tx, str(detail["network"]))
        return network.name if network else ""
    if act is Act.SPEAK:
        return await members.handle_of(turn.tx, str(detail["member"]))
    if act is Act.DECIDE:
        said = {name: str(value) for name, value in detail.items()}
        return say("{way}, since {since}; {needed} have to say yes", **said)
    return _fields_in_words(vocabularies.known(), detail)


def _fields_in_words(known: Vocabulary, detail: Detail) -> Text:
    trees: Mapping[str, Named] = {
        "country": known.regions,
        "works_in": known.regions,
        "issues": known.issues,
        "languages": known.languages,
        "offers": known.offers,
    }
    said = []
    for name, value in detail.items():
        keys = list(map(str, value)) if isinstance(value, list | tuple) else [str(value)] if value else []
        terms = labels(trees[name], keys) if name in trees else tuple(keys)
        said.append(say("{what}: {terms}", what=NAMES[name], terms=terms or "—"))
    return lines(*said)
