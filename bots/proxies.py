"""Answering check-ins for somebody without a phone or out of coverage: with their yes, and one's own word.

The yes of somebody who has a phone comes from that phone. Somebody without one says it to the connector, who
writes down how; coordinators read that. A proxy answers check-ins and ends what their silence began, nothing
else of that person: not an alarm the person called for themselves, not their word.
"""

from __future__ import annotations

from collections.abc import Mapping

from bots.promising import Whose
from bots.saying import lines, note
from bots.store import circles, people
from bots.store import proxies as rows
from bots.store.proxies import Proxy
from directory import audit, carried, leaving, members, words
from directory.core.carried import Consent
from directory.core.effects import TellRoles
from directory.core.handles import NOT_FREE, fault_of, handle_key
from directory.core.text import say
from directory.core.viewer import Role
from directory.refusals import BadAnswer, NotYours
from directory.store import bindings
from directory.store import members as entries
from directory.turn import Turn

ASKED, YES = "asked", "yes"
QUESTION = "proxy"
LONGEST_HOW = 500


async def ask(turn: Turn, handle: str) -> None:
    """Ask somebody with a phone whether the viewer may answer for them. Raises NotYours, BadAnswer."""
    me = _connector(turn)
    member = await members.find_handle(turn, handle)
    if member is None or member == me:
        raise NotYours
    if await _is_alone(turn, member):
        raise BadAnswer(say("They have no phone here. Write down how they said yes."), field="how")
    if any(one.member == member and one.state == YES for one in await mine(turn)):
        return
    await rows.put(turn.tx, turn.guard, member, me, ASKED, "", turn.now)
    text = lines(
        say("{name} asks to answer your check-ins when you have no coverage.", name=await _name(turn, me)),
        say("They use their own word, and can end only what your silence began."),
        say("1 = yes, 0 = no"),
    )
    await note(turn, member, text, QUESTION, proxy=me)


async def answer(turn: Turn, proxy: str, yes: bool) -> bool:
    """The viewer's own answer to being asked; False when nobody asks any more."""
    member = turn.viewer.member or ""
    asked = [one for one in await rows.of_member(turn.tx, turn.guard, member) if one.proxy == proxy]
    if not asked:
        return False
    name = await _name(turn, member)
    if yes:
        await rows.put(turn.tx, turn.guard, member, proxy, YES, "in their own chat", turn.now)
        await audit.note(turn, "proxy-agreed", member)
        await note(turn, proxy, say("You may answer check-ins of {name} now.", name=name))
    else:
        await rows.end(turn.tx, member, proxy)
        await note(turn, proxy, say("{name} does not want that.", name=name))
    return True


async def take_on(turn: Turn, handle: str, how: str) -> None:
    """Somebody without a phone comes in under this name, looked after by the viewer. `how`: in which way they
    said yes, and who was there. Raises NotYours, BadAnswer."""
    me = _connector(turn)
    if not how.strip():
        raise BadAnswer(say("Please write down how they said yes, and who was there."), field="how")
    known = await entries.with_handle(turn.tx, handle_key(handle))
    if known is None:
        member = await _new(turn, handle, me)
    elif not await _is_alone(turn, known.id) or not await _is_looked_after(turn, known.id):
        raise NotYours  # whoever can speak here is asked
    else:
        member = known.id
    await rows.put(turn.tx, turn.guard, member, me, YES, how.strip()[:LONGEST_HOW], turn.now)
    await circles.ask(turn.tx, member, me, turn.now)
    await circles.say_yes(turn.tx, member, me, turn.now)
    await audit.note(turn, "proxy-agreed", member)
    text = say(
        "{name} answers check-ins for {other}, who has no phone. How they said yes: {how}",
        name=await _name(turn, me),
        other=handle,
        how=how.strip()[:LONGEST_HOW],
    )
    await turn.record(TellRoles(Role.COORDINATOR, text))


async def carry(turn: Turn, handle: str, fields: Mapping[str, object], consent: Consent) -> str:
    """Let somebody without a phone be found, also one whose check-ins the viewer answers already. Raises
    NotYours, BadAnswer, TooMany."""
    me = _connector(turn)
    mine = [one for one in await mine_of(turn, me) if handle_key(one.handle) == handle_key(handle)]
    if not mine or await carried.is_carried(turn, mine[0].member):
        return await carried.carry(turn, handle, fields, consent)
    if not await _is_alone(turn, mine[0].member):
        raise NotYours
    await carried.begin(turn, mine[0].member, fields, consent)
    return mine[0].member


async def put_down(turn: Turn, member: str) -> None:
    """Somebody without a phone wants to be found no more. Erased here and everywhere, but for the bare entry
    of whose check-ins are answered: that is another yes. Raises NotYours."""
    await carried.may_put_down(turn, member)
    await _erase(turn, member)


async def tend(turn: Turn) -> None:
    """By the clock: who was not asked again for two months is erased in the same way."""
    for member in await carried.long_over(turn):
        await _erase(turn, member)


async def _erase(turn: Turn, member: str) -> None:
    answered = await rows.of_member(turn.tx, turn.guard, member)
    if any(one.state == YES for one in answered):
        await carried.strip(turn, member)
    else:
        await leaving.erase(turn, member)


async def mine_of(turn: Turn, me: str) -> tuple[Proxy, ...]:
    """Everybody somebody answers for with their yes."""
    return tuple(one for one in await rows.of_proxy(turn.tx, turn.guard, me) if one.state == YES)


async def stop(turn: Turn, handle: str) -> bool:
    """Either of the two ends it; False when it never was."""
    me = turn.viewer.member or ""
    other = await entries.with_handle(turn.tx, handle_key(handle))
    if other is None or not me:
        return False
    return await rows.end(turn.tx, other.id, me) or await rows.end(turn.tx, me, other.id)


async def mine(turn: Turn) -> tuple[Proxy, ...]:
    """Everybody the viewer answers for, or asked to."""
    return await rows.of_proxy(turn.tx, turn.guard, turn.viewer.member or "")


async def requests(turn: Turn) -> tuple[tuple[str, str, bool], ...]:
    """Who answers for the viewer, or asks to: (id, handle, agreed)."""
    found = await rows.of_member(turn.tx, turn.guard, turn.viewer.member or "")
    return tuple([(one.proxy, await _name(turn, one.proxy), one.state == YES) for one in found])


async def whose(turn: Turn, handle: str | None) -> Whose:
    """The viewer's own, or that of somebody they may answer for. Raises NotYours."""
    me = turn.viewer.member
    if me is None:
        raise NotYours
    if not handle:
        return Whose(me)
    for one in await mine(turn):
        if handle_key(one.handle) == handle_key(handle.strip().lstrip("@")) and one.state == YES:
            return Whose(one.member, me)
    raise NotYours


async def _new(turn: Turn, handle: str, me: str) -> str:
    if fault := fault_of(handle):
        raise BadAnswer(fault, field="handle")
    if await entries.with_handle(turn.tx, handle_key(handle)) is not None:
        raise BadAnswer(NOT_FREE, field="handle")
    person, member = await people.person(turn.tx, me), turn.ids()
    around = {} if person is None else {"country": person.country, "languages": list(person.languages)}
    row = {
        "id": member,
        "kind": "person",
        "state": "active",
        "handle": handle,
        "handle_key": handle_key(handle),
    }
    await entries.insert_member(turn.tx, {**row, **around, "since": turn.now})
    return member


async def _is_looked_after(turn: Turn, member: str) -> bool:
    """Does somebody answer for this person already, or carry their entry?"""
    answered = await rows.of_member(turn.tx, turn.guard, member)
    return bool(answered) or await carried.is_carried(turn, member)


async def _is_alone(turn: Turn, member: str) -> bool:
    """Has this person neither an app nor a word of their own here?"""
    return await bindings.binding_of(turn.tx, member) is None and not await words.has_word(turn, member)


async def _name(turn: Turn, member: str) -> str:
    return await members.handle_of(turn.tx, member)


def _connector(turn: Turn) -> str:
    if turn.viewer.member is None or not turn.viewer.may_act_as(Role.CONNECTOR, Role.COORDINATOR):
        raise NotYours
    return turn.viewer.member
