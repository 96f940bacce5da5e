"""What shows more of a community, or changes who decides: asked by one who speaks for it, done once as many
said yes as its own way asks for, each with their word. One no ends it.

Whoever is forced sees their own yes as if it counted; to everybody else the wish is over.
"""

from __future__ import annotations

from directory import members
from directory.community_deeds import CHECKS, DEEDS, Detail, in_words
from directory.core.communities import LASTS, WANTS, Act, Stand
from directory.core.effects import CardChanged, Tell, Urgency
from directory.core.rules import may
from directory.core.text import Text, say
from directory.refusals import NeedsWord, NotYours
from directory.store import communities as store
from directory.store import members as rows
from directory.store import roles
from directory.store.communities import WishRow
from directory.store.members import MemberRow
from directory.store.ties import ties
from directory.turn import Turn

QUESTION = "community"
"""The question put to who speaks for it; context: {"wish": id}. 1 = yes, 0 = no."""


async def spoken_for(turn: Turn, community: str) -> MemberRow:
    """A community the viewer speaks for, locked. Raises NotYours."""
    row = await rows.load(turn.tx, community, lock=True)
    if row is None or row.kind != "community" or not may("act:communities", turn.viewer):
        raise NotYours
    if not may("act:community", turn.viewer, await ties(turn.tx, turn.viewer.member, community)):
        raise NotYours
    return row


async def want(turn: Turn, community: str, act: Act, detail: Detail) -> int:
    """Want something for a community one speaks for. What only narrows it is done at once; everything else
    waits, and needs the word: how many yes are still missing, 0 when it is done.

    Detail: CHANGE the fields; AUDIENCE field, audience; SHARE network; SPEAK handle; DECIDE way, since,
    needed. Raises NotYours, NeedsWord, BadAnswer, Refusal.
    """
    row = await spoken_for(turn, community)
    kept = await store.load(turn.tx, community)
    if kept is None or act not in WANTS:
        raise NotYours
    meant, narrows = await CHECKS[act](turn, row, detail)
    if narrows:
        await DEEDS[act](turn, row, meant)
        await turn.record(CardChanged(row.id))
        return 0
    if not turn.viewer.gave_word(turn.now):
        raise NeedsWord
    for wish in await waiting(turn, community):
        if wish.act == act and _detail(turn, wish) == meant:
            return await _yes(turn, row, wish)
    return await ask(turn, row, act, meant, kept.needed)


async def ask(turn: Turn, row: MemberRow, act: Act, detail: Detail, needed: int) -> int:
    """The deed of `want`, for callers who judged: write it down, and ask the others."""
    id, me = turn.ids(), turn.viewer.member
    sealed = _sealed(turn, id, detail, forced="")
    wish = WishRow(id, row.id, act.value, me, needed, Stand.OPEN, sealed, turn.now, turn.now + LASTS)
    await store.add_wish(turn.tx, wish)
    if turn.viewer.pressed:
        return await _yes(turn, row, wish)
    text = await question(turn, row, wish)
    for one in await roles.spokespersons_of(turn.tx, row.id):
        if one != me:
            context = {"wish": id}
            await turn.record(Tell(one, text, Urgency.ANSWER, question=QUESTION, context=context))
    speaks = me is not None and me in await roles.spokespersons_of(turn.tx, row.id)
    return await _yes(turn, row, wish) if speaks else needed


async def answer(turn: Turn, wish: str, *, yes: bool) -> int:
    """Yes with one's word, or no without: a no ends it. How many yes are missing then; 0: it is over or done.
    Raises NotYours, NeedsWord."""
    row, found = await _judged(turn, wish)
    if yes:
        if not turn.viewer.gave_word(turn.now):
            raise NeedsWord
        return await _yes(turn, row, found)
    await store.change_wish(turn.tx, found.id, {"state": Stand.OVER.value})
    what = await wanted(turn, row, found)
    await tell_others(turn, row.id, say("One of you said no. Nothing was changed: {what}.", what=what))
    return 0


async def still_asked(turn: Turn, wish: str) -> Text | None:
    """The question once more, while the viewer may answer it; else None."""
    try:
        row, found = await _judged(turn, wish)
    except NotYours:
        return None
    return await question(turn, row, found)


async def question(turn: Turn, row: MemberRow, wish: WishRow) -> Text:
    """What one who speaks for it is asked."""
    by = await members.handle_of(turn.tx, wish.asker or "") or say("The technician")
    what = await wanted(turn, row, wish)
    return say("{by} wants to {what}. You speak for it. 1 = yes, 0 = no", by=by, what=what)


async def wanted(turn: Turn, row: MemberRow, wish: WishRow) -> Text:
    """What would be done, in words."""
    said = await in_words(turn, Act(wish.act), _detail(turn, wish))
    return Text(WANTS[Act(wish.act)].message, (("community", row.name), ("detail", said)))


async def waiting(turn: Turn, community: str) -> list[WishRow]:
    """What waits; somebody who was forced sees what they said yes to, and nobody else does."""
    found = await store.open_wishes(turn.tx, community, turn.now)
    return [one for one in found if _opened(turn, one).get("forced") in ("", turn.viewer.member)]


async def tell_others(turn: Turn, community: str, text: Text) -> None:
    """Everybody else who speaks for it hears this."""
    for one in await roles.spokespersons_of(turn.tx, community):
        if one != turn.viewer.member:
            await turn.record(Tell(one, text, Urgency.ANSWER))


async def _judged(turn: Turn, wish: str) -> tuple[MemberRow, WishRow]:
    found = await store.wish(turn.tx, wish)
    if found is None:
        raise NotYours
    row = await spoken_for(turn, found.community)
    if all(one.id != wish for one in await waiting(turn, row.id)):
        raise NotYours
    return row, found


async def _yes(turn: Turn, row: MemberRow, wish: WishRow) -> int:
    me = turn.viewer.member or ""
    kept, detail = _opened(turn, wish), _detail(turn, wish)
    if turn.viewer.pressed or kept.get("forced"):
        forced = _sealed(turn, wish.id, detail, forced=me)
        await store.change_wish(turn.tx, wish.id, {"guarded": forced})
    await store.say_yes(turn.tx, wish.id, me, turn.now)
    missing = max(0, wish.needed - len(await store.agreed(turn.tx, wish.id)))
    if turn.viewer.pressed or kept.get("forced"):
        if not missing:  # it looks done, and is not
            await store.change_wish(turn.tx, wish.id, {"state": Stand.OVER.value})
        return missing
    if not missing:
        await store.change_wish(turn.tx, wish.id, {"state": Stand.DONE.value})
        done = say("All who had to said yes. It is done: {what}.", what=await wanted(turn, row, wish))
        await tell_others(turn, row.id, done)
        await DEEDS[Act(wish.act)](turn, row, detail)
        await turn.record(CardChanged(row.id))
    return missing


def _opened(turn: Turn, wish: WishRow) -> dict[str, object]:
    return turn.guard.open_fields("community_wishes", wish.id, wish.guarded)


def _detail(turn: Turn, wish: WishRow) -> Detail:
    kept = _opened(turn, wish).get("detail")
    return kept if isinstance(kept, dict) else {}


def _sealed(turn: Turn, wish: str, detail: Detail, *, forced: str) -> bytes:
    return turn.guard.seal_fields("community_wishes", wish, {"detail": dict(detail), "forced": forced})
