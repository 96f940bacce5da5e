"""Carrying the entry of somebody without a device: with their yes as it was given, until it ends.

The carrier says what the person wants said, answers who asks to meet them when they agreed to that, and goes
back in time to ask again. Nobody opens more of them than the defaults: no linked network, no wider audience.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from directory import audit, members, profiles, vocabularies
from directory.core.audiences import Audience, Setting
from directory.core.carried import KEPT_AFTER, MOST_CARRIED, TOLD_BEFORE, Consent, checked
from directory.core.effects import CardChanged, Tell, TellRoles, Urgency
from directory.core.handles import fault_of
from directory.core.rules import may
from directory.core.text import say
from directory.core.viewer import Role
from directory.refusals import BadAnswer, NotYours, TooMany
from directory.store import audiences, roles
from directory.store import carried as store
from directory.store import members as rows
from directory.store.carried import CarriedRow
from directory.turn import Turn

MOST = 200
NOBODY = Setting(Audience.NOBODY)
FIELDS = ("country", "works_in", "issues", "languages", "offers", "text")


@dataclass(frozen=True, slots=True)
class Carried:
    """One person, for their carrier and for who looks after the network. `who` and `how` as written down."""

    member: str
    handle: str
    carrier: str
    mine: bool
    consent: Consent
    ended: bool
    values: Mapping[str, object]


async def listed(turn: Turn) -> tuple[Carried, ...]:
    """Those the viewer carries; for coordinators and the technician all. Raises NotYours."""
    if not may("act:carried", turn.viewer):
        raise NotYours
    everybody = may("act:all-carried", turn.viewer)
    found = await store.listed(turn.tx, None if everybody else turn.viewer.member, MOST)
    shown = tuple([await _shown(turn, row) for row in found])
    if everybody:
        await audit.note(turn, "read-carried")
    return shown


def consent_of(
    turn: Turn, said: Mapping[str, object], *, months: int, days_ago: int = 0, meets: bool = False
) -> Consent:
    """What was said yes to: `said` holds who, how, language. Raises BadAnswer."""
    languages = vocabularies.known().languages
    found = checked(said, months=months, days_ago=days_ago, meets=meets, now=turn.now, languages=languages)
    if not isinstance(found, Consent):
        raise BadAnswer(found[1], field=found[0])
    return found


async def carry(turn: Turn, handle: str, fields: Mapping[str, object], consent: Consent) -> str:
    """Enter somebody without a device, who may be found by this network from now on. Returns the id.
    Raises NotYours, BadAnswer, TooMany."""
    me = _connector(turn)
    if fault := fault_of(handle):
        raise BadAnswer(fault, field="handle")
    if await store.count_of(turn.tx, me) >= MOST_CARRIED:
        raise TooMany(say("You look after {most} people without a phone already.", most=MOST_CARRIED))
    member = turn.ids()
    await rows.insert_member(turn.tx, {"id": member, "kind": "person", "state": "active", "since": turn.now})
    await profiles.take_handle(turn, member, handle)
    await begin(turn, member, fields, consent)
    return member


async def begin(turn: Turn, member: str, fields: Mapping[str, object], consent: Consent) -> None:
    """The deed of `carry` for an entry that is there, for callers who judged. Raises BadAnswer."""
    row = await rows.load(turn.tx, member, lock=True)
    if row is None:
        raise NotYours
    await profiles.write(turn, row, {name: fields[name] for name in FIELDS if name in fields})
    await _keep(turn, member, turn.viewer.member, consent)
    await audit.note(turn, "carried", member, after=consent.ends_at.date().isoformat())
    text = say(
        "{name} looks after the entry of {other}, who has no phone, until {day}. How they said yes: {how}",
        name=await members.handle_of(turn.tx, turn.viewer.member or ""),
        other=await members.handle_of(turn.tx, member),
        day=consent.ends_at.date(),
        how=consent.how,
    )
    await turn.record(TellRoles(Role.COORDINATOR, text))


async def renew(turn: Turn, member: str, consent: Consent) -> None:
    """They were asked again and said yes: it holds, and they are found again. Raises NotYours."""
    row = await _mine(turn, member)
    await _keep(turn, member, row.carrier, consent)
    await audit.note(turn, "carried", member, after=consent.ends_at.date().isoformat())


async def edit(turn: Turn, member: str, fields: Mapping[str, object]) -> None:
    """Say of them what they want said. Raises NotYours, BadAnswer."""
    await _mine(turn, member)
    row = await rows.load(turn.tx, member, lock=True)
    if row is None or row.state != "active":
        raise NotYours
    await profiles.write(turn, row, {name: fields[name] for name in FIELDS if name in fields})


async def hand(turn: Turn, member: str, handle: str) -> None:
    """Another connector looks after them: given by the carrier, or by a coordinator while the carrier can do
    nothing here. Raises NotYours, BadAnswer."""
    row = await _mine(turn, member, lost=True)
    heir = await members.find_handle(turn, handle)
    held = await roles.roles_of(turn.tx, heir) if heir is not None else frozenset()
    if heir is None or held.isdisjoint({Role.CONNECTOR, Role.COORDINATOR}):
        raise BadAnswer(say("Only a connector or a coordinator can look after them."), field="handle")
    await store.change(turn.tx, row.member, {"carrier": heir})
    await audit.note(turn, "carried-handed", member)
    name = await members.handle_of(turn.tx, member)
    text = say("You look after the entry of {name} from now on. They have no phone.", name=name)
    await turn.record(Tell(heir, text, Urgency.ANSWER))


async def may_put_down(turn: Turn, member: str) -> None:
    """They said no, or want to be found no more: may the viewer carry that out? Raises NotYours."""
    await _mine(turn, member, lost=True)


async def strip(turn: Turn, member: str) -> None:
    """What was said of them goes, with their consent and every copy; the bare entry stays, for what else they
    said yes to (bots/proxies.py). For callers who judged."""
    row = await rows.load(turn.tx, member, lock=True)
    if row is not None:
        await profiles.write(turn, row, dict.fromkeys(FIELDS))
        await audiences.choose(turn.tx, member, "handle", NOBODY)
    await store.drop(turn.tx, member)


async def long_over(turn: Turn) -> list[str]:
    """Whose yes ended two months ago: to be erased."""
    return await store.ended(turn.tx, turn.now - KEPT_AFTER)


async def carrier_of(turn: Turn, member: str) -> str | None:
    """Who answers for somebody who asks to meet this person; None: nobody does, or they speak themselves."""
    row = await store.load(turn.tx, member)
    if row is None or not row.meets or row.ends_at <= turn.now or row.carrier is None:
        return None
    carrier = await rows.load(turn.tx, row.carrier)
    return carrier.id if carrier is not None and carrier.state == "active" else None


async def is_carried(turn: Turn, member: str) -> bool:
    """Does somebody else speak for this person, because they have no device?"""
    return await store.load(turn.tx, member) is not None


async def tend(turn: Turn) -> None:
    """By the clock, hourly: carriers are asked in time, and whose yes ended is seen by nobody. What is long
    over is erased by bots/proxies.py, which knows what else they said yes to."""
    for row in await store.on_their_own(turn.tx):
        if row.carrier is not None:
            name = await members.handle_of(turn.tx, row.member)
            await turn.record(Tell(row.carrier, say("{name} speaks here themselves now.", name=name)))
    for row in await store.to_tell(turn.tx, turn.now + TOLD_BEFORE):
        await _ask_again(turn, row)
    for member in await store.ended(turn.tx, turn.now, shown=True):
        await audiences.choose(turn.tx, member, "handle", NOBODY)
        await turn.record(CardChanged(member))


async def _ask_again(turn: Turn, row: CarriedRow) -> None:
    name, day = await members.handle_of(turn.tx, row.member), row.ends_at.date()
    await store.change(turn.tx, row.member, {"told_at": turn.now})
    if row.carrier is None:
        text = say(
            "Nobody looks after the entry of {name}, who has no phone. It ends on {day}.", name=name, day=day
        )
        await turn.record(TellRoles(Role.COORDINATOR, text))
        return
    text = say(
        "The yes of {name}, who has no phone, ends on {day}. Please ask again. Without a new yes nobody finds"
        " them from then on.",
        name=name,
        day=day,
    )
    await turn.record(Tell(row.carrier, text))


async def _keep(turn: Turn, member: str, carrier: str | None, consent: Consent) -> None:
    sealed = turn.guard.seal_fields("carried_people", member, {"who": consent.who, "how": consent.how})
    row = CarriedRow(
        member, carrier, consent.meets, consent.language, sealed, consent.asked_at, consent.ends_at, None
    )
    await store.put(turn.tx, row)
    awake = {"confirmed_at": consent.asked_at, "still_asked_at": None, "dormant_at": None}
    await rows.change(turn.tx, member, awake)
    await audiences.unchoose(turn.tx, member, "handle")
    await turn.record(CardChanged(member))


async def _mine(turn: Turn, member: str, *, lost: bool = False) -> CarriedRow:
    """An entry the viewer carries, or (`lost`) one whose carrier can do nothing here, for a coordinator."""
    row = await store.load(turn.tx, member)
    if row is None or not may("act:carry", turn.viewer):
        raise NotYours
    if row.carrier == turn.viewer.member:
        return row
    carrier = await rows.load(turn.tx, row.carrier or "")
    gone = carrier is None or carrier.state != "active"
    if not (lost and gone and turn.viewer.may_act_as(Role.COORDINATOR)):
        raise NotYours
    return row


async def _shown(turn: Turn, row: CarriedRow) -> Carried:
    kept = turn.guard.open_fields("carried_people", row.member, row.guarded)
    entry = await rows.load(turn.tx, row.member)
    mine = row.carrier is not None and row.carrier == turn.viewer.member
    tells = mine or turn.viewer.may_act_as(Role.COORDINATOR)
    said = {name: str(kept.get(name, "")) if tells else "" for name in ("who", "how")}
    consent = Consent(said["who"], said["how"], row.language, row.asked_at, row.ends_at, row.meets)
    return Carried(
        row.member,
        entry.name if entry else "",
        await members.handle_of(turn.tx, row.carrier or ""),
        mine,
        consent,
        row.ends_at <= turn.now,
        profiles.said_by(turn, entry) if entry is not None and mine else {},
    )


def _connector(turn: Turn) -> str:
    if turn.viewer.member is None or not may("act:carry", turn.viewer):
        raise NotYours
    return turn.viewer.member
