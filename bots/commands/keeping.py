"""What administrators say in chat, each with their word: roles, off-boarding; and looking at the log."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bots import freezing, later, offboarding, pressed, seconding
from bots.command import Arg, Args, Command, Question, Talk
from bots.commands.beforehand import will_do
from bots.core.folding import fold_word
from bots.core.grammar import yes_or_no
from bots.kinds import HANDLE, NAME
from bots.saying import lines
from directory import apart, audit, community_wishes, custodians, going_on, joining, members, words
from directory.core.audited import ACTS
from directory.core.communities import Act
from directory.core.text import Text, say
from directory.core.viewer import Role
from directory.refusals import NotYours, Refusal
from directory.seconding import Waits
from directory.turn import Turn

ROLES: Mapping[str, Role] = {
    **{role.value: role for role in Role if role is not Role.MEMBER},
    **dict.fromkeys(("conectora", "conector", "connectrice", "connecteur", "موصل"), Role.CONNECTOR),
    **dict.fromkeys(("respondedora", "respondedor", "repondante", "repondant", "مستجيب"), Role.RESPONDER),
    **dict.fromkeys(
        ("coordinadora", "coordinador", "coordinatrice", "coordinateur", "منسق"), Role.COORDINATOR
    ),
    **dict.fromkeys(
        ("administradora", "administrador", "administratrice", "administrateur", "مدير"), Role.ADMINISTRATOR
    ),
    **dict.fromkeys(("revisora", "revisor", "verificatrice", "verificateur", "مراجع"), Role.REVIEWER),
}
GIVE_YOUR_WORD = say("Write your word now, so that we know it is you. 0 = leave it")
HELD: Mapping[freezing.Held, Text] = {
    freezing.Held.KEPT: say("It is held back until two lift it."),
    freezing.Held.LIFTED: say("Their entry is free again."),
}
QUESTION = "keeping-word"
SHOWN = 8


async def show_audit(talk: Talk, args: Args) -> None:
    """The newest entries, and whether the chain holds."""
    entries = await audit.read(talk.turn, first=SHOWN)
    found = await audit.verify(talk.turn)
    holds = (
        say("Every entry holds: {entries}, {print}.", entries=found.entries, print=found.fingerprint)
        if found.broken is None
        else say("Something was changed here. It does not hold from entry {place}.", place=found.broken.place)
    )
    await talk.reply(lines(*(_line(one) for one in entries), holds))


def _line(one: audit.Entry) -> Text:
    what = say("erased") if one.act is None else ACTS[one.act]
    changed = " ".join(part for part in (one.about, one.before, "→" if one.after else "", one.after) if part)
    return say("{at} {who}: {what} {changed}", at=one.at, who=one.who or "—", what=what, changed=changed)


async def ask_word(talk: Talk, do: str, args: Args) -> None:
    """Ask for the word; then the entry of DO of this name is done."""
    role = ROLES.get(fold_word(args.get("role", "")))
    if "role" in args and role is None:
        names = tuple(one.value for one in Role if one is not Role.MEMBER)
        await talk.reply(say("I do not know this role. There are: {roles}", roles=names))
        return
    handle = args["handle"]
    await word_asked(talk, do, handle=handle, **({"role": role.value} if role else {}))


async def word_asked(talk: Talk, do: str, **context: str) -> None:
    """Ask for the word for the entry of DO of this name."""
    what = await will_do(talk.turn, do, context)
    await talk.reply(lines(what, GIVE_YOUR_WORD), QUESTION, do=do, **context)


async def give_role(talk: Talk, args: Args) -> None:
    """`give role NAME ROLE`."""
    await ask_word(talk, "give", args)


async def take_role(talk: Talk, args: Args) -> None:
    """`take role NAME ROLE`."""
    await ask_word(talk, "take", args)


async def off_board(talk: Talk, args: Args) -> None:
    """`off-board NAME`."""
    await ask_word(talk, "off-board", args)


async def take_word(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """With the word it is done; 0 leaves everything as it was."""
    if yes_or_no(text) is False:
        await talk.reply(say("Good. Nothing was changed."))
        return True
    given = await words.check_word(talk.turn, talk.me.id, text)
    if given is None:
        await talk.reply(say("That is not your word. Please try again. 0 = leave it"), QUESTION, **context)
        return True
    sure = words.sure(talk.turn, given)
    try:
        done = await DO[context["do"]](sure, context)
    except Refusal as refused:
        done = refused.text
    await talk.reply(done)
    return True


async def put_word(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """What will happen, and the word, once more."""
    return lines(await will_do(talk.turn, context["do"], context), GIVE_YOUR_WORD)


async def _give(turn: Turn, context: Mapping[str, str]) -> Text:
    waits = await members.give_role(turn, await _who(turn, context), Role(context["role"]))
    return say("Done.") if waits is None else waits.text


async def _take(turn: Turn, context: Mapping[str, str]) -> Text:
    await members.take_role(turn, await _who(turn, context), Role(context["role"]))
    return say("Done.")


async def _off_board(turn: Turn, context: Mapping[str, str]) -> Text:
    ended = await offboarding.off_board(turn, context["handle"])
    return lines(say("{name}:", name=ended.handle), *ended.lines())


async def _keep(turn: Turn, context: Mapping[str, str]) -> Text:
    return held_text(await freezing.vote(turn, context["handle"], keep=True))


async def _lift(turn: Turn, context: Mapping[str, str]) -> Text:
    return held_text(await freezing.vote(turn, context["handle"], keep=False))


def held_text(outcome: freezing.Held | Waits) -> Text:
    """What whoever voted is told."""
    return outcome.text if isinstance(outcome, Waits) else HELD[outcome]


async def _second(turn: Turn, context: Mapping[str, str]) -> Text:
    return await seconding.answer(turn, context["ask"], yes=True)


async def _custodian(turn: Turn, context: Mapping[str, str]) -> Text:
    waits = await custodians.name_member(turn, context["handle"])
    return say("Done.") if waits is None else waits.text


async def _halt(turn: Turn, context: Mapping[str, str]) -> Text:
    stopped = await later.stop(turn, context["handle"])
    return lines(*(say("Stopped: {what}.", what=later.KINDS[one.kind]) for one in stopped))


async def _all_clear(turn: Turn, context: Mapping[str, str]) -> Text:
    outcome = await pressed.lift(turn, context["handle"])
    return outcome.text if isinstance(outcome, Waits) else say("The silent call is over. Everyone hears it.")


async def _back(turn: Turn, context: Mapping[str, str]) -> Text:
    made = await joining.invite_back(turn, await _who(turn, context))
    return say("Tell them, by voice, to write from the new device: join {code}", code=made.typed)


async def _show_community(turn: Turn, context: Mapping[str, str]) -> Text:
    return missing_text(await community_wishes.want(turn, context["community"], Act.SHOW, {}))


async def _community(turn: Turn, context: Mapping[str, str]) -> Text:
    return missing_text(await community_wishes.answer(turn, context["wish"], yes=True))


async def _card_right(turn: Turn, _context: Mapping[str, str]) -> Text:
    await going_on.still_right(turn)
    return say("Thank you. Your card is shown for another year.")


async def _allow_again(turn: Turn, context: Mapping[str, str]) -> Text:
    await apart.allow(turn, context["named"])
    return say("Done.")


def missing_text(missing: int) -> Text:
    """How many more yes a community waits for."""
    if not missing:
        return say("Thank you. It is done.")
    return say("Thank you. So many more have to say yes: {count}.", count=missing)


async def _who(turn: Turn, context: Mapping[str, str]) -> str:
    found = await members.find_handle(turn, context["handle"])
    if found is None:
        raise NotYours
    return found


DO: Mapping[str, Callable[[Turn, Mapping[str, str]], Awaitable[Text]]] = {
    "give": _give,
    "take": _take,
    "off-board": _off_board,
    "keep": _keep,
    "lift": _lift,
    "back": _back,
    "second": _second,
    "custodian": _custodian,
    "show-community": _show_community,
    "community": _community,
    "card-right": _card_right,
    "allow-again": _allow_again,
    "halt": _halt,
    "all-clear": _all_clear,
}

QUESTIONS = (Question(QUESTION, take_word, put_word, free=True),)
_WHO_AND_WHAT = (Arg("handle", NAME), Arg("role"))

COMMANDS = (
    Command(
        "audit",
        {"en": ("audit", "log"), "es": ("registro",), "fr": ("journal",), "ar": ("السجل",)},
        say("audit: who used a right that others do not have."),
        show_audit,
        rare=True,
    ),
    Command(
        "give-role",
        {"en": ("give role",), "es": ("dar rol",), "fr": ("donner rôle",), "ar": ("منح دور",)},
        say("give role, a name and a role: let somebody do more here."),
        give_role,
        _WHO_AND_WHAT,
        lowers=True,
        rare=True,
    ),
    Command(
        "take-role",
        {"en": ("take role",), "es": ("quitar rol",), "fr": ("retirer rôle",), "ar": ("سحب دور",)},
        say("take role, a name and a role: somebody does this no more."),
        take_role,
        _WHO_AND_WHAT,
        lowers=True,
        rare=True,
    ),
    Command(
        "off-board",
        {
            "en": ("off-board", "offboard"),
            "es": ("dar de baja",),
            "fr": ("fin de mission",),
            "ar": ("إنهاء مهام",),
        },
        say("off-board and a name: end all they could do for the network."),
        off_board,
        (Arg("handle", HANDLE),),
        lowers=True,
        rare=True,
    ),
)
