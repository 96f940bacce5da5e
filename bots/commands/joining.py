"""Coming in by talking: the code in the lobby, then one question after the other until the contact is asked.

Each answer is kept at once, so that a conversation broken off goes on where it stood. Only the word is
never read back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bots import losing
from bots.command import Arg, Args, Command, Question, Talk, Where
from bots.commands.choosing import Chosen, choose, offer_near
from bots.core.grammar import fold_phrase, just_a_number
from bots.desk import Desk
from bots.kinds import CODE
from bots.naming import means_nothing
from bots.said import Said
from bots.saying import lines
from bots.store import people
from directory import joining, words
from directory.core.effects import Answer
from directory.core.labels import Label
from directory.core.text import Text, say
from directory.core.tongues import spoken
from directory.core.viewer import Lane, Viewer
from directory.languages import autonym, known
from directory.refusals import BadAnswer
from directory.store.joining import code_of
from directory.turn import Turn
from directory.vocabulary import Tree

DOES_NOT_FIT = say("That does not fit. Write join, then your code, then the two words you were told.")
"""The same whatever was wrong: code, words, or that it was used or ended."""
SIGN_OUT = say(
    "Another device of yours is still signed in and could read along. Sign it out in your app, where your "
    "devices are listed. Then write the same again."
)
STEPS = ("language", "handle", "country", "issues", "languages", "offers", "word")
QUESTION = "join"


async def enter(desk: Desk, turn: Turn, said: Said, code: str, locale: str) -> None:
    """In the lobby: try the code. After five wrong ones in ten minutes there is silence."""
    result = await joining.enter(
        turn, matrix_id=said.sender, master_key=said.master_key, room=said.room, code=code
    )
    if isinstance(result, joining.TryAgain):
        await turn.record(Answer(said.room, DOES_NOT_FIT, locale))
    elif isinstance(result, joining.Entered):
        await _welcome(desk, turn, said, result)


async def come_back(desk: Desk, turn: Turn, said: Said, code: str, locale: str) -> bool:
    """From a device of a bound account that may give no orders. False: it was no good code, and is heard like
    everything else from there, as a possible call for help."""
    assert said.master_key is not None
    result = await joining.come_back(
        turn,
        matrix_id=said.sender,
        master_key=said.master_key,
        room=said.room,
        code=code,
        alone=said.alone,
    )
    if isinstance(result, joining.Entered):
        await _welcome(desk, turn, said, result)
        return True
    if isinstance(result, joining.StillSignedIn):
        await turn.record(Answer(said.room, SIGN_OUT, locale))
        return True
    if isinstance(result, joining.TryAgain):
        await turn.record(Answer(said.room, DOES_NOT_FIT, locale))
    return False


async def join_again(talk: Talk, args: Args) -> None:
    """A member who says `join` once more: the question that is open, or a word that all is done."""
    if talk.me.state == "joining":
        await begin(talk)
    elif talk.me.state == "waiting":
        await talk.reply(STILL_WAITING)
    else:
        await talk.reply(say("You are in already. Write help to see what I can do."))


async def begin(talk: Talk, before: Text | None = None) -> None:
    """The first question that this person has to answer."""
    code = await code_of(talk.turn.tx, talk.me.id)
    fixed = code is not None and code.locale is not None
    await ask(talk, STEPS[1] if fixed else STEPS[0], before)


async def ask(talk: Talk, step: str, before: Text | None = None) -> None:
    """Put the question of one step."""
    await talk.reply(lines(before, PUT[step](talk)), QUESTION, step=step)


async def take(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """The answer to the step that is open."""
    step = context.get("step", STEPS[0])
    try:
        wrong = await TAKE[step](talk, context, text.strip())
    except BadAnswer as refused:
        wrong = refused.text
    if isinstance(wrong, Chosen):
        await offer_near(talk, wrong, QUESTION, step=step)
    elif wrong is not None:
        await talk.reply(wrong, QUESTION, step=step)
    elif step == STEPS[-1]:
        await joining.finish(talk.turn, talk.me.id)
        await talk.reply(lines(say("Thank you. That was all."), STILL_WAITING))
    else:
        await ask(talk, STEPS[STEPS.index(step) + 1])
    return True


async def put(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """The open step once more."""
    return PUT[context.get("step", STEPS[0])](talk) if talk.me.state == "joining" else None


STILL_WAITING = say("Your contact is asked now whether it is you. I write to you as soon as they say yes.")


async def _welcome(desk: Desk, turn: Turn, said: Said, entered: joining.Entered) -> None:
    me = await people.person(turn.tx, entered.member)
    if me is None:
        return
    mine = replace(turn, viewer=Viewer(Lane.CHAT, member=me.id, locale=me.locale))
    talk = Talk(desk, mine, said, me)
    if entered.back:
        await losing.came_back(mine, me.id, me.handle)
        await talk.reply(say("Welcome back. Write help to see what I can do."))
        return
    if entered.by_page:
        await talk.reply(lines(say("Good. I write to you here from now on."), _next_by_page(me.state)))
        return
    hello = lines(
        say(
            "Welcome to {network}. A few short questions; nobody sees the answers yet.",
            network=desk.network_name,
        ),
        say("You can stop at any time and go on later."),
    )
    await begin(talk, hello)


def _next_by_page(state: str) -> Text:
    return STILL_WAITING if state == "waiting" else say("Go on with the questions on the page.")


def _put_language(talk: Talk) -> Text:
    choices = tuple(
        say("{n} = {language}", n=n, language=autonym(locale)) for n, locale in enumerate(known(), 1)
    )
    return lines(say("Which language shall we speak?"), *choices)


async def _take_language(talk: Talk, context: Mapping[str, str], text: str) -> Text | None:
    locale = language_meant(talk, text)
    if locale is None:
        return _put_language(talk)
    await joining.profile(talk.turn, talk.me.id, locale=locale)
    return None


def language_meant(talk: Talk, text: str) -> str | None:
    """One of our languages, by number, by what it calls itself or by another name of it."""
    choices = known()
    number = just_a_number(text)
    if number is not None:
        return choices[number - 1] if 1 <= number <= len(choices) else None
    typed = fold_phrase(text)
    found = talk.desk.vocabulary.languages.resolve(text)[:1]
    return next(
        (one for one in choices if typed == fold_phrase(autonym(one)) or spoken(one) in (typed, *found)), None
    )


async def _take_handle(talk: Talk, context: Mapping[str, str], text: str) -> Text | None:
    await joining.profile(talk.turn, talk.me.id, handle=text)
    return None


async def _take_country(talk: Talk, context: Mapping[str, str], text: str) -> Text | Chosen | None:
    if means_nothing(text):
        return None
    chosen = choose(talk.desk.vocabulary.regions, context, text)
    countries = tuple(dict.fromkeys(key.split("-")[0] for key in chosen.keys if not key.isdigit()))
    if len(countries) != 1:
        near = tuple(key for key in chosen.near if len(key) == 2)
        return (
            replace(chosen, near=near) if near else say("I do not know this country. Please write it again.")
        )
    await joining.profile(talk.turn, talk.me.id, country=countries[0])
    return None


async def _take_issues(talk: Talk, context: Mapping[str, str], text: str) -> Text | Chosen | None:
    return await _take_list(talk, context, text, "issues")


async def _take_languages(talk: Talk, context: Mapping[str, str], text: str) -> Text | Chosen | None:
    return await _take_list(talk, context, text, "languages")


async def _take_offers(talk: Talk, context: Mapping[str, str], text: str) -> Text | Chosen | None:
    if means_nothing(text) and not context.get("kept"):
        return None
    return await _take_list(talk, context, text, "offers")


async def _take_list(talk: Talk, context: Mapping[str, str], text: str, field: str) -> Text | Chosen | None:
    trees: Mapping[str, Tree] = {
        "issues": talk.desk.vocabulary.issues,
        "languages": talk.desk.vocabulary.languages,
        "offers": talk.desk.vocabulary.offers,
    }
    tree = trees[field]
    chosen = choose(tree, context, text)
    if chosen.unknown:
        return chosen
    if not chosen.keys:
        return PUT[field](talk)
    await joining.profile(talk.turn, talk.me.id, **{field: list(chosen.keys)})
    return None


async def _take_word(talk: Talk, context: Mapping[str, str], text: str) -> Text | None:
    await words.set_word(talk.turn, talk.me.id, text)
    return None


def _put_issues(talk: Talk) -> Text:
    tree = talk.desk.vocabulary.issues
    examples = tuple(
        Label(tree, key) for key in ("land-and-territory", "womens-rights") if tree.label(key, "en") != key
    )
    return lines(
        say("What do you work on? Write it in your own words, with commas between."),
        say("For example: {examples}", examples=examples) if examples else None,
    )


PUT: Mapping[str, Callable[[Talk], Text]] = {
    "language": _put_language,
    "handle": lambda talk: say("Which name shall others see? It need not be your own name."),
    "country": lambda talk: say("In which country are you? 0 = I do not say"),
    "issues": _put_issues,
    "languages": lambda talk: say("Which languages do you speak? With commas between."),
    "offers": lambda talk: say("What help can you give others? With commas between. 0 = nothing now"),
    "word": lambda talk: lines(
        say("Last: choose your word, one you remember and nobody can guess. At least 6 letters."),
        say("With it you stop an alarm or say that you are safe. I never show it."),
    ),
}

Take = Callable[[Talk, Mapping[str, str], str], Awaitable[Text | Chosen | None]]
TAKE: Mapping[str, Take] = {
    "language": _take_language,
    "handle": _take_handle,
    "country": _take_country,
    "issues": _take_issues,
    "languages": _take_languages,
    "offers": _take_offers,
    "word": _take_word,
}

QUESTIONS = (Question(QUESTION, take, put, free=True),)

COMMANDS = (
    Command(
        "join",
        {
            "en": ("join",),
            "es": ("unirme", "entrar", "unir"),
            "fr": ("rejoindre", "entrer"),
            "ar": ("انضم", "انضمام", "دخول"),
        },
        say("join and your code: come in."),
        join_again,
        (Arg("code", CODE, needed=False),),
        where=Where.LOBBY,
        listed=False,
    ),
)
