"""The first days for somebody who is held or missing, by talking; and one's own wish, said beforehand."""

from __future__ import annotations

from collections.abc import Mapping

from bots import planning, playbook_runs, playbook_views, recipes, seen_from
from bots.command import Arg, Args, Command, Question, Talk
from bots.commands.keeping import GIVE_YOUR_WORD
from bots.core.folding import fold_word
from bots.core.grammar import just_a_number, yes_or_no
from bots.kinds import HANDLE
from bots.playbook_views import RunView
from bots.saying import lines
from directory import words
from directory.core.handles import handle_key
from directory.core.text import Text, say
from directory.refusals import NotYours, Refusal

WORD = "playbook-word"
OPTIONS: Mapping[str, str] = {
    **dict.fromkeys(("quiet", "silencio", "discreto", "discret", "صمت", "هدوء"), "quiet"),
    **dict.fromkeys(("public", "publico", "publique", "علني", "علنا"), "public"),
    **dict.fromkeys(("ask", "pregunta", "preguntar", "demander", "اسال"), "ask"),
}
PARTS: Mapping[str, str] = {
    **dict.fromkeys(("take", "tomo", "tomar", "prends", "prendre", "اخذ", "خذ"), "take"),
    **dict.fromkeys(("done", "hecho", "lista", "fait", "تم"), "done"),
    **dict.fromkeys(("note", "nota", "ملاحظه"), "note"),
    **dict.fromkeys(("hand", "pasar", "entregar", "passer", "سلم"), "hand"),
    **dict.fromkeys(("close", "cerrar", "fermer", "clore", "اغلق"), "close"),
}


async def begin(talk: Talk, args: Args) -> None:
    """`begin NAME`, or `begin PLAYBOOK NAME` where there is more than one."""
    first, _, rest = args["who"].partition(" ")
    book, handle = (first, rest) if first in recipes.known() and rest else ("arrest", args["who"])
    title = say(recipes.known()[book].title)
    about = say("{title}: {name}", title=title, name=handle.strip("@ "))
    await talk.reply(lines(about, GIVE_YOUR_WORD), WORD, do="open", book=book, handle=handle)


async def steps(talk: Talk, args: Args) -> None:
    """`steps`, `steps NAME`, `steps NAME 3 take`, `steps NAME 3 done WORDS`, `steps NAME 3 hand NAME`."""
    found = await playbook_views.runs(talk.turn)
    run, rest = _meant(found, args.get("what", ""))
    if run is None:
        await talk.reply(
            lines(*(playbook_views.as_text(one) for one in found)) if found else say("Nothing is begun.")
        )
        return
    number, _, rest = rest.partition(" ")
    if PARTS.get(fold_word(number)) == "close":
        await talk.reply(GIVE_YOUR_WORD, WORD, do="close", run=run.id)
        return
    step = next((one for one in run.steps if one.number == just_a_number(number)), None)
    if step is None:
        await talk.show(playbook_views.as_text(run))
        return
    part, _, said = rest.partition(" ")
    try:
        await talk.reply(await _do(talk, run, step, PARTS.get(fold_word(part), ""), said))
    except Refusal as refused:
        await talk.reply(refused.text)


async def _do(talk: Talk, run: RunView, step: playbook_views.StepView, part: str, said: str) -> Text:
    if part == "take":
        await playbook_runs.take(talk.turn, run.id, step.key)
        return lines(say("It is yours. Thank you."), step.title, step.text)
    if part == "hand":
        await playbook_runs.hand(talk.turn, run.id, step.key, said)
        return say("{name} has it now and was woken.", name=said.strip("@ "))
    if part in ("done", "note"):
        missing = await playbook_runs.report(talk.turn, run.id, step.key, said, done=part == "done")
        return say("Noted. One more source is needed.") if missing else say("Noted. Thank you.")
    notes = [say("{name}: {text}", name=one.who, text=one.text) for one in step.reports]
    return lines(step.title, step.text, *notes)


def _meant(found: tuple[RunView, ...], line: str) -> tuple[RunView | None, str]:
    """Whose run the line begins with, and what follows; the only one when it begins with a number."""
    for run in found:
        size = len(run.handle.split())
        parts = line.strip().split()
        if run.handle and handle_key(" ".join(parts[:size]).strip("@")) == handle_key(run.handle):
            return run, " ".join(parts[size:])
    first = line.strip().partition(" ")[0]
    alone = len(found) == 1 and (just_a_number(first) is not None or fold_word(first) in PARTS)
    return (found[0], line.strip()) if alone else (None, line)


async def take_word(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """The word, for opening and closing."""
    if yes_or_no(text) is False:
        await talk.reply(say("Good. Nothing was changed."))
        return True
    given = await words.check_word(talk.turn, talk.me.id, text)
    if given is None:
        await talk.reply(say("That is not your word. Please try again. 0 = leave it"), WORD, **context)
        return True
    turn = words.sure(talk.turn, given)
    try:
        if context["do"] == "open":
            await playbook_runs.open_for(turn, context["book"], context["handle"])
            told = say("It has begun. Those around them are told. Write: steps")
        else:
            await playbook_runs.close(turn, context["run"])
            told = say("It is closed.")
    except Refusal as refused:
        told = refused.text
    await talk.reply(told)
    return True


async def put_word(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """Once more."""
    return GIVE_YOUR_WORD


async def wish(talk: Talk, args: Args) -> None:
    """`wish quiet`, `wish public`, `wish ask NAME`; `wish NAME public` for somebody who chose me."""
    parts = args.get("what", "").split()
    found = [(place, OPTIONS[fold_word(one)]) for place, one in enumerate(parts) if fold_word(one) in OPTIONS]
    try:
        if not found:
            await talk.reply(await _my_wish(talk))
        elif found[0][0] == 0:
            await planning.set_wish(talk.desk, talk.turn, found[0][1], " ".join(parts[1:]))
            await talk.reply(await _my_wish(talk))
        else:
            await _for_somebody(talk, " ".join(parts[: found[0][0]]), found[0][1])
    except Refusal as refused:
        await talk.reply(refused.text)


async def _my_wish(talk: Talk) -> Text:
    mine = await planning.my_wish(talk.turn)
    who = say("{name} decides for me", name=mine.proxy) if mine.proxy else say("nobody decides for me yet")
    said = playbook_views.OPTIONS.get(mine.wish, who)
    return lines(
        say("If you are ever held or missing: {wish}.", wish=said),
        say("To change it write: wish quiet, wish public, or wish ask and a name."),
    )


async def _for_somebody(talk: Talk, handle: str, option: str) -> None:
    run, _ = _meant(await playbook_views.runs(talk.turn), handle)
    if run is None:
        raise NotYours
    await playbook_runs.settle(talk.turn, run.id, "publicity", option)
    await talk.reply(say("Noted: their wish counts from now on."))


async def seen(talk: Talk, args: Args) -> None:
    """`seen NAME`: who could be seen from their device."""
    found = await seen_from.seen_from(talk.turn, args["handle"])
    await talk.show(seen_from.as_text(found))


QUESTIONS = (Question(WORD, take_word, put_word, free=True),)

COMMANDS = (
    Command(
        "wish",
        {"en": ("wish",), "es": ("deseo",), "fr": ("souhait",), "ar": ("رغبة", "رغبتي")},
        say("wish: say now whether it may be made public if you are ever held or missing."),
        wish,
        (Arg("what", needed=False),),
        rare=True,
    ),
    Command(
        "begin",
        {"en": ("begin",), "es": ("iniciar",), "fr": ("démarrer",), "ar": ("ابدأ مع",)},
        say("begin and a name: the first three days for somebody who is held or missing."),
        begin,
        (Arg("who"),),
        lowers=True,
        rare=True,
    ),
    Command(
        "steps",
        {"en": ("steps",), "es": ("pasos",), "fr": ("étapes",), "ar": ("خطوات", "الخطوات")},
        say("steps: what is to be done for somebody who is held or missing, and by whom."),
        steps,
        (Arg("what", needed=False),),
        rare=True,
    ),
    Command(
        "seen",
        {"en": ("seen",), "es": ("visibles",), "fr": ("visibles",), "ar": ("مرئيون",)},
        say("seen and a name: who could be seen from a device."),
        seen,
        (Arg("handle", HANDLE),),
        rare=True,
    ),
)
