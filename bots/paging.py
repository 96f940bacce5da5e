"""Long answers in pages: the first lines now, the rest with `more`.

What is kept for `more` is in the reader's language already and sealed like everything of the conversation.
The numbers of a search stay good meanwhile, so that "meet 2" still means the second one found.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bots.command import Talk
from bots.saying import lines
from bots.store import conversations
from directory.core.text import Text, say_many
from directory.languages import render

AT_ONCE = 12
"""Lines that a small screen shows and that one listens to without losing the thread."""
REST = "rest"


async def in_pages(
    talk: Talk,
    found: Sequence[Text],
    *,
    before: Text | None = None,
    after: Text | None = None,
    passes: bool = False,
) -> None:
    """Answer with as many of `found` as are read at once; `before` and `after` are around the first page.
    `passes`: it is taken back after an hour, as later pages of anything are."""
    now, later = found[:AT_ONCE], found[AT_ONCE:]
    if len(later) == 1:  # one more line is shorter than saying that there is one
        now, later = found, ()
    await _keep(talk, tuple(render(one, talk.me.locale) for one in later))
    answer = talk.show if passes else talk.reply
    await answer(lines(before, *now, after, _more(len(later))))


async def rest(talk: Talk) -> bool:
    """The next page of such an answer; False when there is none."""
    page = (await conversations.of(talk.turn.tx, talk.turn.guard, talk.me.id)).page
    left = msgspec.json.decode(page[REST], type=tuple[str, ...]) if page.get(REST) else ()
    if not left:
        return False
    now, later = left[:AT_ONCE], left[AT_ONCE:]
    await _keep(talk, later)
    await talk.show(lines(*(Text(one) for one in now), _more(len(later))))
    return True


def _more(count: int) -> Text | None:
    if not count:
        return None
    return say_many(
        "{count} more line. To see it, write: more", "{count} more lines. To see them, write: more", count
    )


async def _keep(talk: Talk, later: tuple[str, ...]) -> None:
    turn = talk.turn
    known = (await conversations.of(turn.tx, turn.guard, talk.me.id)).page
    if not later and REST not in known:
        return
    kept = {"cards": known.get("cards", "")}
    if later:
        kept[REST] = msgspec.json.encode(later).decode()
    if kept == known:
        return  # the same answer once more
    await conversations.keep_page(turn.tx, turn.guard, talk.me.id, kept, turn.now)
