"""What those who look after the network say: who waits, and whether it is her."""

from __future__ import annotations

from collections.abc import Mapping

from bots.command import Arg, Args, Command, Question, Talk
from bots.core.grammar import just_a_number, yes_or_no
from bots.kinds import HANDLE
from bots.paging import in_pages
from bots.saying import lines
from bots.store import people
from directory import joining
from directory.core.handles import handle_key
from directory.core.text import Text, say
from directory.refusals import Refusal


async def invite(talk: Talk, args: Args) -> None:
    """A code for one person, and the two words to say aloud with it."""
    made = await joining.invite(talk.turn)
    await talk.reply(
        lines(
            say("A code for one person, good once, until {at}:", at=made.expires_at),
            say("{code}", code=made.code),
            say("Without these two words it opens nothing. Say them aloud, never beside the code:"),
            say("{words}", words=made.spoken),
            say("They write to me: join, the code, the two words. Then I ask you whether it is them."),
            say("With a browser alone they come in here: {address}", address=f"{talk.desk.pages()}/join"),
        )
    )


async def waiting(talk: Talk, args: Args) -> None:
    """Everyone who came in with a code and waits for a yes."""
    found = await joining.waiting(talk.turn)
    if not found:
        await talk.reply(say("Nobody waits."))
        return
    await in_pages(
        talk,
        [say("{name}, since {at}", name=one.handle, at=one.since) for one in found],
        after=say("If you know who it is, write: confirm and the name."),
    )


async def confirm(talk: Talk, args: Args) -> None:
    """ "It is her", by the name she goes by."""
    wanted = handle_key(args["handle"])
    try:
        found = [one for one in await joining.waiting(talk.turn) if handle_key(one.handle) == wanted]
    except Refusal as refused:
        await talk.reply(refused.text)
        return
    if not found:
        await talk.reply(say("Nobody of that name waits."))
        return
    await _confirmed(talk, found[0].member, found[0].handle)


async def take_confirm(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """1 = it is her; 2 or 0 = I do not know her."""
    yes = False if just_a_number(text) == 2 else yes_or_no(text)
    if yes is None:
        return False
    person = await people.person(talk.turn.tx, context["member"])
    if person is None or person.state not in ("waiting", "active"):
        await talk.reply(say("Somebody has answered already. Thank you."))
    elif yes:
        await _confirmed(talk, person.id, person.handle)
    else:
        await _turned_away(talk, person)
    return True


async def put_confirm(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """The question once more, while the person waits."""
    person = await people.person(talk.turn.tx, context.get("member", ""))
    if person is None or person.state != "waiting":
        return None
    return say("{name} waits. Is it who you think? 1 = yes, 0 = no", name=person.handle)


async def _confirmed(talk: Talk, member: str, handle: str) -> None:
    try:
        await joining.confirm(talk.turn, member)
    except Refusal as refused:
        await talk.reply(refused.text)
        return
    await talk.reply(say("{name} is in. Thank you.", name=handle))


async def _turned_away(talk: Talk, person: people.Person) -> None:
    try:
        await joining.turn_away(talk.turn, person.id)
    except Refusal as refused:
        await talk.reply(refused.text)
        return
    await talk.reply(say("{name} is not let in. What they told us is deleted.", name=person.handle))


QUESTIONS = (Question("confirm-member", take_confirm, put_confirm),)

COMMANDS = (
    Command(
        "invite",
        {"en": ("invite",), "es": ("invitar",), "fr": ("inviter",), "ar": ("دعوة",)},
        say("invite: a code for one person who wants to come in."),
        invite,
        rare=True,
    ),
    Command(
        "waiting",
        {
            "en": ("waiting", "who waits"),
            "es": ("esperan", "quién espera", "en espera"),
            "fr": ("en attente", "qui attend"),
            "ar": ("المنتظرون", "من ينتظر", "انتظار"),
        },
        say("waiting: who wants to come in."),
        waiting,
    ),
    Command(
        "confirm",
        {
            "en": ("confirm",),
            "es": ("confirmar", "confirmo"),
            "fr": ("confirmer", "je confirme"),
            "ar": ("تأكيد", "أؤكد"),
        },
        say("confirm and a name: let somebody in whom you know."),
        confirm,
        (Arg("handle", HANDLE),),
    ),
)
