"""Giving what was said to the question it answers, when that is certain; else asking that one again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bots import unclear
from bots.command import Question, Talk, held_back
from bots.core.grammar import just_a_number, yes_or_no
from bots.saying import lines
from bots.store import conversations
from bots.store.conversations import Conversation, Open
from directory.core.text import Text, say

JUST_NOW = timedelta(seconds=10)
"""A number typed so soon after something came in may still answer what was asked before it."""
FORGOTTEN = timedelta(minutes=10)
"""Nobody is still answering a question as old as this without having looked at what came after it."""

Questions = Mapping[str, Question]


async def answered(talk: Talk, open_now: Conversation, known: Questions) -> bool:
    """Did one of the open questions take it? The top one first; words that are no answer to it go down. What
    was held back answers none of them."""
    if talk.said.late and open_now.top is not None and _is_short(talk):
        await unclear.came_late(talk, open_now.top)
        return True
    if await _is_doubtful(talk, open_now, known):
        return True
    for one in open_now.open:
        question = known.get(one.question)
        if question is None:
            continue
        if question.lowers and held_back(talk):
            await unclear.came_late(talk)
            return True
        if await question.take(talk, one.context, talk.said.body):
            await _close(talk, one)
            moot = await unclear.said_again(talk) if question.lowers and not talk.asked else None
            left = tuple(other for other in open_now.open if other is not one and other != moot)
            await _go_on_below(talk, left, known)
            return True
        if _is_short(talk):
            return await _none_of_the_answers(talk, one, question)
    return False


async def _close(talk: Talk, one: Open) -> None:
    """It is answered. Only now: an alarm is locked before the talk of whoever answers, as the clock does."""
    if (one.question, one.context) not in talk.asked:
        await conversations.done(talk.turn.tx, talk.turn.guard, talk.me.id, one, talk.turn.now)


async def _none_of_the_answers(talk: Talk, one: Open, question: Question) -> bool:
    again = await question.put(talk, one.context)
    if again is None:
        return False
    await talk.reply(lines(say("That is none of the answers."), again), one.question, **one.context)
    return True


async def _is_doubtful(talk: Talk, open_now: Conversation, known: Questions) -> bool:
    """A short answer that may be meant for another question than the top one: say which it goes to, and
    wait for it once more."""
    top = open_now.top
    if top is None or len(open_now.open) < 2 or not _is_short(talk):
        return False
    others = [one for one in open_now.open[1:] if await _put(talk, one, known) is not None]
    came_later = any(one.asked_at > top.asked_at for one in others)
    just_in = talk.turn.now - top.asked_at < JUST_NOW and top.rank != 1
    fresh = any(talk.turn.now - one.asked_at < FORGOTTEN for one in others)
    again = await _put(talk, top, known)
    if again is None or not (came_later or (just_in and fresh)):
        return False
    text = lines(say("More than one question is open. Please answer this one first:"), again)
    if came_later:
        await talk.reply(text, top.question, **top.context)
    else:
        await talk.reply(text)
    return True


async def _go_on_below(talk: Talk, left: tuple[Open, ...], known: Questions) -> None:
    """When the answer opened nothing new, put the next open question that still has a sense."""
    while True:
        open_now = await conversations.of(talk.turn.tx, talk.turn.guard, talk.me.id)
        top = open_now.top
        if top is None or open_now.open != left:
            return
        again = await _put(talk, top, known)
        if again is not None:
            await talk.reply(again, top.question, **top.context)
            return
        await conversations.done(talk.turn.tx, talk.turn.guard, talk.me.id, top, talk.turn.now)
        left = left[1:]


async def _put(talk: Talk, one: Open, known: Questions) -> Text | None:
    question = known.get(one.question)
    return await question.put(talk, one.context) if question is not None else None


def _is_short(talk: Talk) -> bool:
    return yes_or_no(talk.said.body) is not None or just_a_number(talk.said.body) is not None
