"""What a member says of themselves: answering the first questions, and changing any of it later."""

from __future__ import annotations

from collections.abc import Mapping

from directory import audit, vocabularies
from directory.core.cards import PUBLIC_KINDS
from directory.core.effects import CardChanged
from directory.core.handles import NOT_FREE, fault_of, handle_key
from directory.core.profiles import check
from directory.core.relations import Ties
from directory.core.rules import may
from directory.core.text import Text
from directory.refusals import BadAnswer, NotYours
from directory.store import members as rows
from directory.store import person_keys
from directory.store.ties import ties
from directory.turn import Turn


async def change(turn: Turn, member: str, fields: Mapping[str, object]) -> None:
    """Set some of: handle, locale, country, works_in, issues, languages, offers, subdivision, city, text,
    organisation. Lists and places are vocabulary keys; a list replaces what was there.

    For oneself, or for an organisation one speaks for; a community decides in its own way. Raises NotYours,
    or BadAnswer with the field.
    """
    row = await rows.load(turn.tx, member, lock=True)
    if row is None or row.state not in (*rows.LIVE, "listed") or not await _is_theirs(turn, row):
        raise NotYours
    answers = dict(fields)
    handle = answers.pop("handle", None)
    await write(turn, row, answers, handle=None if handle is None else str(handle))
    if turn.viewer.member != member:
        named = ("handle", *sorted(answers)) if handle is not None else tuple(sorted(answers))
        await audit.note(turn, "edited-for", member, after=", ".join(named))


async def write(
    turn: Turn, row: rows.MemberRow, fields: Mapping[str, object], *, handle: str | None = None
) -> None:
    """The deed of `change`, for callers who have judged already. Raises BadAnswer."""
    checked = check(fields, vocabularies.known(), public=row.kind in PUBLIC_KINDS)
    if isinstance(checked[1], Text):
        raise BadAnswer(checked[1], field=str(checked[0]))
    opened, guarded = checked
    if handle is not None:
        await take_handle(turn, row.id, handle)
    await rows.change(turn.tx, row.id, {**opened, **await _sealed(turn, row, guarded)})
    await changed(turn, row.id)


def said_by(turn: Turn, row: rows.MemberRow) -> dict[str, object]:
    """What an entry says of itself, for callers who have judged; marked issues stand among the issues."""
    kept = turn.guard.open_fields("members", row.id, row.guarded)
    marked = kept.get("marked_issues")
    return {
        "country": row.country,
        "works_in": row.works_in,
        "issues": (*row.issues, *(map(str, marked) if isinstance(marked, list) else ())),
        "languages": row.languages,
        "offers": row.offers,
        "text": kept.get("text"),
    }


async def choose_voice(turn: Turn, wanted: bool) -> None:
    """Also send the viewer recorded sentences, or words only. Raises NotYours for who has no entry."""
    if turn.viewer.member is None:
        raise NotYours
    await rows.change(turn.tx, turn.viewer.member, {"voice": wanted})


async def changed(turn: Turn, member: str) -> None:
    """Whoever holds a copy of this card must hear that it is other than it was."""
    await turn.record(CardChanged(member))


async def take_handle(turn: Turn, member: str, handle: str) -> None:
    """Give a member this handle. Raises BadAnswer when it cannot be one or is somebody else's."""
    key, shown = handle_key(handle), handle.strip()
    if fault := fault_of(shown):
        raise BadAnswer(fault, field="handle")
    holder = await rows.with_handle(turn.tx, key)
    if holder is not None and holder.id != member:
        raise BadAnswer(NOT_FREE, field="handle")
    await rows.change(turn.tx, member, {"handle": shown, "handle_key": key})


async def _is_theirs(turn: Turn, row: rows.MemberRow) -> bool:
    if row.kind == "community":
        return False  # by its own way only: directory/community_wishes.py
    own = turn.viewer.member == row.id
    tied = Ties(owner=row.id) if own else await ties(turn.tx, turn.viewer.member, row.id)
    return may("act:profile" if row.kind == "person" else "act:edit-organisation", turn.viewer, tied)


async def _sealed(turn: Turn, row: rows.MemberRow, guarded: Mapping[str, object]) -> dict[str, object]:
    if not guarded:
        return {}
    kept = {**turn.guard.open_fields("members", row.id, row.guarded), **guarded}
    filled = {field: value for field, value in kept.items() if value}
    if not filled:
        return {"guarded": None}
    slot = await person_keys.slot_for(turn.tx, turn.guard, row.id)
    return {"guarded": turn.guard.seal_fields("members", row.id, filled, person=slot)}
