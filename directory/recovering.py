"""An administrator again, when the only one is lost: made at the machine, and said to all the others."""

from __future__ import annotations

from dataclasses import dataclass, replace

from directory import audit, members, profiles, words
from directory.core.effects import CardChanged, Tell, Urgency
from directory.core.rules import may
from directory.core.text import Text, say
from directory.core.viewer import Lane, Role, Viewer
from directory.refusals import BadAnswer, NotYours
from directory.store import members as rows
from directory.store import roles
from directory.turn import Turn


@dataclass(frozen=True, slots=True)
class Recovered:
    """Who is administrator now, whether they are new here, and how many others were told."""

    member: str
    new: bool
    told: int


async def recover(turn: Turn, *, handle: str, word: str, locale: str = "en") -> Recovered:
    """Make `handle` an administrator with a new word: somebody who is a member, or somebody new.

    Only at the machine itself, with the Archive key open: raises NotYours, HubSealed. Raises BadAnswer for
    a handle or word that cannot be, and for somebody who has not come in yet.
    """
    if not may("act:found", turn.viewer):
        raise NotYours
    others = await roles.holders(turn.tx, Role.ADMINISTRATOR)
    known = await members.known_by(turn, handle)
    if known is not None and known.state not in ("active", "frozen"):
        raise BadAnswer(say("This person has not come in yet. Let them in first."), field="handle")
    member = known.id if known is not None else await _somebody_new(turn, handle, locale)
    await roles.give_roles(turn.tx, member, members.FOUNDER - {Role.MEMBER}, turn.now)
    theirs = replace(turn, viewer=Viewer(Lane.TERMINAL, member=member, word_at=turn.now))
    await words.set_word(theirs, member, word)
    name = await members.handle_of(turn.tx, member)
    told = [other for other in others if other != member]
    for other in told:
        await turn.record(Tell(other, _warning(name), Urgency.ANSWER, wakes=True))
    await turn.record(CardChanged(member))
    await audit.note(turn, "recovered", member)
    return Recovered(member, known is None, len(told))


def _warning(name: str) -> Text:
    return say(
        "{name} was made an administrator at the machine itself, with a new word. If nobody told you "
        "before, call whoever looks after the machine.",
        name=name,
    )


async def _somebody_new(turn: Turn, handle: str, locale: str) -> str:
    member = turn.ids()
    await rows.insert_member(
        turn.tx, {"id": member, "kind": "person", "state": "active", "locale": locale, "since": turn.now}
    )
    await profiles.take_handle(turn, member, handle)
    return member
