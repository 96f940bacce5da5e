"""Looking for allies: a question in one line, cards in a few lines each, and more of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import msgspec

from bots.asking import Asked, asked
from bots.command import Arg, Args, Command, Talk
from bots.command import Question as Put
from bots.core.grammar import yes_or_no
from bots.paging import rest
from bots.saying import YES_NO, line_list, lines
from bots.store import conversations
from directory import search
from directory.core.labels import Label
from directory.core.questions import Question
from directory.core.text import Text, say
from directory.search import AllyCard, AllyPage
from directory.vocabulary import Tree

FIRST = 5
MOST_KEPT = 40


async def find(talk: Talk, args: Args) -> None:
    """`find land in Guatemala`."""
    read = asked(talk.desk.vocabulary, args["what"], FIRST)
    if read.unknown:
        await _not_known(talk, args["what"], read)
        return
    page = await search.find_allies(talk.turn, read.question)
    await _show(talk, read.question, page, ())


async def more(talk: Talk, args: Args) -> None:
    """The next page of the last answer."""
    if await rest(talk):
        return
    last = await page_of(talk)
    if not last.get("next"):
        await talk.reply(say("That was all."))
        return
    question = msgspec.json.decode(last["question"], type=Question)
    page = await search.find_allies(talk.turn, replace(question, after=last["next"]))
    await _show(talk, question, page, card_ids(last))


async def page_of(talk: Talk) -> Mapping[str, str]:
    """Where the last long answer stopped."""
    return (await conversations.of(talk.turn.tx, talk.turn.guard, talk.me.id)).page


def card_ids(page: Mapping[str, str]) -> tuple[str, ...]:
    """The cards of the last answer, as numbered."""
    return tuple(card for card in page.get("cards", "").split(",") if card)


async def _show(talk: Talk, question: Question, page: AllyPage, before: tuple[str, ...]) -> None:
    if not page.cards:
        await talk.reply(page.advice or say("That was all."))
        return
    kept = (*before, *(card.id for card in page.cards))[-MOST_KEPT:]
    first = len(kept) - len(page.cards) + 1
    await conversations.keep_page(
        talk.turn.tx,
        talk.turn.guard,
        talk.me.id,
        {
            "cards": ",".join(kept),
            "next": page.next or "",
            "question": msgspec.json.encode(question).decode(),
        },
        talk.turn.now,
    )
    await talk.show(
        lines(
            *(_line(number, card) for number, card in enumerate(page.cards, first)),
            page.advice,
            say("To see others, write: more") if page.next else None,
            say("To be put in touch, write meet, the number and what it is about."),
        )
    )


def _line(number: int, card: AllyCard) -> Text:
    title: str | Text = card.title
    if not card.home:
        title = say("{title} ({network})", title=card.title, network=card.network_name)
    if not card.why.message:
        return say("{n}. {title}.", n=number, title=title)
    return say("{n}. {title}. {why}", n=number, title=title, why=card.why)


async def _not_known(talk: Talk, what: str, read: Asked) -> None:
    """Say what nobody knows; when all of it has something near, a 1 looks for that instead."""
    trees: Mapping[str, Tree] = {
        "issues": talk.desk.vocabulary.issues,
        "offers": talk.desk.vocabulary.offers,
        "regions": talk.desk.vocabulary.regions,
        "languages": talk.desk.vocabulary.languages,
    }
    found = []
    for part, near in read.unknown:
        if near is None:
            found.append(say("I do not know “{part}”. Please write it in other words.", part=part))
            continue
        meant = Label(trees[near[0]], near[1])
        found.append(say("I do not know “{part}”. Did you mean {near}?", part=part, near=meant))
        what = what.replace(part, str(meant))
    if all(near is not None for _, near in read.unknown):
        await talk.reply(lines(*found, YES_NO), "near", what=what)
    else:
        await talk.reply(line_list(found))


async def take_near(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """1 = look for what was meant, 0 = leave it."""
    yes = yes_or_no(text)
    if yes is None:
        return False
    if yes:
        await find(talk, {"what": context["what"]})
    else:
        await talk.reply(say("Please write it in other words."))
    return True


async def put_near(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """A misspelling is not asked about twice."""
    return None


QUESTIONS = (Put("near", take_near, put_near),)

COMMANDS = (
    Command(
        "find",
        {
            "en": ("find", "search", "look for"),
            "es": ("buscar", "busco", "busca", "encontrar"),
            "fr": ("chercher", "cherche", "je cherche", "trouver"),
            "ar": ("ابحث", "ابحث عن", "ابحثي عن", "بحث", "أبحث عن"),
        },
        say("find land in Guatemala: look for allies by issue, help and place."),
        find,
        (Arg("what"),),
    ),
    Command(
        "more",
        {
            "en": ("more",),
            "es": ("más", "siguiente"),
            "fr": ("plus", "suite", "suivant"),
            "ar": ("المزيد", "التالي", "أكثر"),
        },
        say("more: the next ones."),
        more,
        rare=True,
    ),
)
