"""The circle and the plan: how one's own alarm will run."""

from __future__ import annotations

from collections.abc import Mapping

from bots import drills, planning
from bots.command import Arg, Args, Command, Question, Talk
from bots.core.grammar import yes_or_no
from bots.core.spans import duration
from bots.kinds import HANDLES
from bots.kinds import part as parts
from bots.naming import help_kind, means_nothing
from bots.networks import network_meant
from bots.saying import how_long, lines
from bots.store import circles, people
from directory.core.text import Text, say
from directory.refusals import BadAnswer, Refusal

PARTS: Mapping[str, frozenset[str]] = {
    "window": frozenset(("window", "wait", "ventana", "espera", "delai", "fenetre", "مهله", "المهله")),
    "networks": frozenset(
        ("networks", "network", "redes", "red", "reseaux", "reseau", "شبكات", "شبكه", "الشبكات", "الشبكه")
    ),
    "text": frozenset(("text", "texto", "texte", "نص", "النص")),
    "place": frozenset(("place", "lugar", "lieu", "مكان", "المكان")),
    "operator": frozenset(("operator", "operadora", "operateur", "مشغل", "المشغل")),
    "help": frozenset(("help", "ayuda", "aide", "مساعده", "المساعده")),
}


async def circle(talk: Talk, args: Args) -> None:
    """Ask people by handle into the circle; without one, who is in it."""
    handles = args.get("handles", "").split()
    if not handles:
        await _who(talk)
        return
    texts = []
    for handle in handles[: planning.LARGEST_CIRCLE]:
        try:
            await planning.circle_ask(talk.turn, handle)
        except Refusal as refused:
            texts.append(say("{name}: {why}", name=handle, why=refused.text))
        else:
            texts.append(say("{name} is asked. I tell you when they say yes.", name=handle))
    await talk.reply(lines(*texts, await _somebody_elsewhere(talk)))


async def take_circle(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """1 = yes, 0 = no, to being in somebody's circle."""
    yes = yes_or_no(text)
    if yes is None:
        return False
    if not await planning.circle_answer(talk.turn, context["member"], yes):
        await talk.reply(say("Nobody asks you any more. Thank you."))
    elif yes:
        await talk.reply(say("Thank you. You would be asked first. Keep your phone near you."))
    else:
        await talk.reply(say("Thank you for saying so. They are told."))
    return True


async def put_circle(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """The request once more, while it stands."""
    asker = await people.person(talk.turn.tx, context.get("member", ""))
    around = await circles.circle_of(talk.turn.tx, asker.id) if asker is not None else ()
    if asker is None or all(one.member != talk.me.id or one.state != "asked" for one in around):
        return None
    return lines(say("{name} asks you to be in their circle.", name=asker.handle), say("1 = yes, 0 = no"))


async def plan(talk: Talk, args: Args) -> None:
    """`plan`: how an alarm would run now. `plan window 10 s`, `plan networks NAME, NAME`, `plan text …`."""
    part, rest = args.get("part"), args.get("rest", "")
    try:
        if rest and part is None:
            await talk.reply(say("Write for example: plan window 30 s, or: plan networks and their names."))
            return
        if part == "window":
            await _window(talk, rest)
        elif part == "networks":
            await _networks(talk, rest)
        elif part == "text":
            await planning.set_plan(talk.desk, talk.turn, text=rest)
        elif part == "place":
            await planning.set_plan(talk.desk, talk.turn, place=rest)
        elif part == "operator":
            await planning.set_plan(talk.desk, talk.turn, operator="" if means_nothing(rest) else rest)
        elif part == "help":
            await _help(talk, rest)
    except Refusal as refused:
        await talk.reply(refused.text)
        return
    await _show(talk)


async def _window(talk: Talk, rest: str) -> None:
    span = duration(rest if rest.strip() != "0" else "0 s")
    if span is None:
        raise BadAnswer(say("Write for example: plan window 30 s"))
    await planning.set_plan(talk.desk, talk.turn, window=span)


async def _networks(talk: Talk, rest: str) -> None:
    names = [] if means_nothing(rest) else [name.strip() for name in rest.split(",") if name.strip()]
    found = []
    for name in names:
        network = await network_meant(talk, name)
        if network is None:
            raise BadAnswer(say("We are not linked with “{name}”.", name=name))
        found.append(network.id)
    await planning.set_plan(talk.desk, talk.turn, networks=tuple(found))


async def _help(talk: Talk, rest: str) -> None:
    keys = () if means_nothing(rest) else talk.desk.vocabulary.offers.resolve(rest)
    if not keys and not means_nothing(rest):
        raise BadAnswer(say("Write for example: plan help legal"))
    await planning.set_plan(talk.desk, talk.turn, help=keys[0] if keys else "")


def _cover(one: planning.NetworkCover) -> Text:
    """What a named network promised, so that nobody counts on more."""
    now = None if one.answers else say("{name} would not answer you now.", name=one.name)
    return lines(*one.lines, now)


async def _show(talk: Talk) -> None:
    mine = await planning.plan(talk.desk, talk.turn)
    circle_line = (
        say("First your circle: {names}, for {span}.", names=mine.circle, span=how_long(mine.circle_wait))
        if mine.circle
        else say("You have nobody in your circle yet. Write circle and a name.")
    )
    names = tuple(name for _, name, _ in mine.networks)
    await talk.reply(
        lines(
            say("When you write alarm:"),
            say("You can stop it for {span} and nobody hears.", span=how_long(mine.window)),
            circle_line,
            say("Then the people on call in your network: {count}.", count=mine.on_call),
            say("Then: {names}.", names=names) if names else say("You named no other network."),
            *(_cover(one) for one in mine.covers if one.named),
            drills.said_of(mine.staffed),
            None if mine.live else say("Nobody of your circle has said yes yet: your plan waits for one."),
            None if mine.on_duty else say("Nobody is on duty now; a call still rings at everyone on call."),
            say("Somebody is on duty from {at}.", at=mine.staffed_from) if mine.staffed_from else None,
            say("They read: {text}", text=mine.text) if mine.text else None,
            say("Place: {place}", place=mine.place) if mine.place else None,
            say("Your phone company: {name}", name=mine.operator) if mine.operator else None,
            say("Help they may need: {help}", help=help_kind(mine.help)) if mine.help else None,
        )
    )


async def _who(talk: Talk) -> None:
    mine = await planning.plan(talk.desk, talk.turn)
    if not mine.circle and not mine.asked:
        await talk.reply(say("You have nobody in your circle yet. Write circle and a name."))
        return
    await talk.reply(
        lines(
            say("Your circle: {names}", names=mine.circle) if mine.circle else None,
            say("Asked, no answer yet: {names}", names=mine.asked) if mine.asked else None,
            await _somebody_elsewhere(talk),
        )
    )


async def _somebody_elsewhere(talk: Talk) -> Text | None:
    mine = await planning.plan(talk.desk, talk.turn)
    return None if mine.elsewhere else say("It helps to have one person who lives elsewhere.")


QUESTIONS = (Question("circle", take_circle, put_circle),)

COMMANDS = (
    Command(
        "circle",
        {
            "en": ("circle", "my circle"),
            "es": ("círculo", "mi círculo"),
            "fr": ("cercle", "mon cercle"),
            "ar": ("دائرة", "دائرتي", "الدائرة"),
        },
        say("circle and names: who is asked first when you need help."),
        circle,
        (Arg("handles", HANDLES, needed=False),),
    ),
    Command(
        "plan",
        {
            "en": ("plan", "my plan"),
            "es": ("plan", "mi plan"),
            "fr": ("plan", "mon plan"),
            "ar": ("خطة", "خطتي", "الخطة"),
        },
        say("plan: how your alarm runs."),
        plan,
        (Arg("part", parts(PARTS), needed=False), Arg("rest", needed=False)),
    ),
)
