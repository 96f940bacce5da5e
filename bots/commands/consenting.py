"""Being shown to a linked network, by name and with the word; seeing oneself as others do; taking it back."""

from __future__ import annotations

from collections.abc import Mapping

from bots.command import Arg, Args, Command, Question, Talk
from bots.core.grammar import yes_or_no
from bots.kinds import NETWORK
from bots.networks import network_meant
from bots.paging import in_pages
from bots.saying import YES_NO, lines
from bots.store import people
from bots.store.people import LinkedNetwork
from directory import cards, consent, words
from directory.core.cards import Body, home_body
from directory.core.cards import words as listed
from directory.core.labels import labels
from directory.core.text import Text, say
from directory.vocabulary import Vocabulary


async def yes(talk: Talk, args: Args) -> None:
    """`yes NETWORK`: shows exactly what they would see, and asks."""
    network = await _network(talk, args)
    if network is None:
        return
    body = await consent.preview(talk.turn, network.id)
    await talk.reply(
        lines(
            say("The members of {network} would see this of you:", network=network.name),
            card_text(body, talk.desk.vocabulary),
            say("You can take it back at any time. Shall they see it?"),
            YES_NO,
        ),
        "consent",
        network=network.id,
    )


async def no(talk: Talk, args: Args) -> None:
    """`no NETWORK`: be shown to it no more. Needs no word."""
    network = await _network(talk, args)
    if network is None:
        return
    await consent.withdraw(talk.turn, network.id)
    await talk.reply(
        lines(
            say("{network} no longer sees you.", network=network.name),
            say("I write here as soon as they confirm that their copy is gone. To look, write: networks"),
        )
    )


async def take_consent(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """1 leads to the word, 0 leaves all as it was."""
    answer = yes_or_no(text)
    if answer is None:
        return False
    if answer:
        await talk.reply(say("Write your word now, so that we know it is you."), "consent-word", **context)
    else:
        await talk.reply(say("Good. Nothing is shown to them."))
    return True


async def take_word(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """The word makes it so."""
    if yes_or_no(text) is False:
        await talk.reply(say("Good. Nothing is shown to them."))
        return True
    given = await words.check_word(talk.turn, talk.me.id, text)
    if given is None:
        await talk.reply(
            say("That is not your word. Please try again. 0 = leave it"), "consent-word", **context
        )
        return True
    await consent.say_yes(words.sure(talk.turn, given), context["network"], "chat")
    name = await people.network_name(talk.turn.tx, context["network"])
    await talk.reply(
        say("{network} can see you now. To take it back, write no and their name.", network=name)
    )
    return True


async def put_consent(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """Asked again in short."""
    name = await people.network_name(talk.turn.tx, context["network"])
    return lines(say("Shall the members of {network} see you?", network=name), YES_NO)


async def put_word(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """The word once more."""
    return say("Write your word now, so that we know it is you.")


async def networks(talk: Talk, args: Args) -> None:
    """Who we are linked with, and what each may see of this person."""
    linked = [one for one in await people.linked(talk.turn.tx) if one.state == "active"]
    if not linked:
        await talk.reply(say("We are not linked with another network now."))
        return
    shown = {one.network: one for one in await consent.mine(talk.turn)}
    await in_pages(
        talk,
        [_network_line(n, one, shown.get(one.id)) for n, one in enumerate(linked, 1)],
        after=say("To be shown to one, write yes and its name; to see how, write see as and its name."),
    )


async def card(talk: Talk, args: Args) -> None:
    """What members of the own network see."""
    entry = await cards.entry_of(talk.turn, talk.me.id)
    body = home_body(entry, "", talk.desk.vocabulary) if entry is not None else None
    if body is None:
        await talk.reply(say("Nobody here sees a card of you now."))
        return
    await talk.show(lines(say("Members of your network see:"), card_text(body, talk.desk.vocabulary)))


async def see_as(talk: Talk, args: Args) -> None:
    """`see as NETWORK`: the card they would hold after a yes."""
    network = await _network(talk, args)
    if network is None:
        return
    body = await consent.preview(talk.turn, network.id)
    shown = {one.network for one in await consent.mine(talk.turn) if one.withdrawn_at is None}
    now = network.id in shown
    first = (
        say("Members of {network} see:", network=network.name)
        if now
        else say("Members of {network} see nothing of you now. After a yes:", network=network.name)
    )
    await talk.show(lines(first, card_text(body, talk.desk.vocabulary)))


def card_text(body: Body, known: Vocabulary) -> Text:
    """A card, one thing a line, read well aloud."""
    country = body.get("country")
    fields = (
        (say("Works on"), labels(known.issues, listed(body, "issues"))),
        (say("Country"), labels(known.regions, [str(country)] if country else [])),
        (say("Works in"), labels(known.regions, listed(body, "regions"))),
        (say("Speaks"), labels(known.languages, listed(body, "languages"))),
        (say("Offers"), labels(known.offers, listed(body, "offers"))),
    )
    return lines(
        say("Name: {name}", name=str(body["title"])),
        *(say("{what}: {terms}", what=what, terms=terms) for what, terms in fields if terms),
    )


def _network_line(n: int, one: LinkedNetwork, shown: consent.Shown | None) -> Text:
    if shown is None:
        return say("{n}. {network}: sees nothing of you", n=n, network=one.name)
    if shown.withdrawn_at is None:
        return say("{n}. {network}: sees you since {day}", n=n, network=one.name, day=shown.given_at.date())
    if shown.holds:
        return say("{n}. {network}: taken back, not confirmed yet", n=n, network=one.name)
    return say("{n}. {network}: taken back, their copy is gone", n=n, network=one.name)


async def _network(talk: Talk, args: Args) -> LinkedNetwork | None:
    name = args.get("network", "")
    found = await network_meant(talk, name) if name else None
    if found is None:
        await talk.reply(
            say("We are not linked with “{name}”. Write networks to see with whom we are.", name=name)
            if name
            else say("Which network? Write networks to see with whom we are linked.")
        )
    return found


QUESTIONS = (
    Question("consent", take_consent, put_consent),
    Question("consent-word", take_word, put_word, free=True),
)

COMMANDS = (
    Command(
        "card",
        {
            "en": ("card", "my card"),
            "es": ("ficha", "mi ficha"),
            "fr": ("fiche", "ma fiche"),
            "ar": ("بطاقة", "بطاقتي"),
        },
        say("card: what others here see of you."),
        card,
        rare=True,
    ),
    Command(
        "see-as",
        {
            "en": ("see as",),
            "es": ("ver como",),
            "fr": ("voir comme",),
            "ar": ("كما يراني", "كما تراني"),
        },
        say("see as and a network: what they would see of you."),
        see_as,
        (Arg("network", NETWORK, needed=False),),
        rare=True,
    ),
    Command(
        "networks",
        {
            "en": ("networks",),
            "es": ("redes",),
            "fr": ("réseaux",),
            "ar": ("شبكات", "الشبكات"),
        },
        say("networks: who we are linked with and what they see of you."),
        networks,
    ),
    Command(
        "yes",
        {"en": ("yes",), "es": ("sí",), "fr": ("oui",), "ar": ("نعم",)},
        say("yes and a network: be shown to its members."),
        yes,
        (Arg("network", NETWORK, needed=False),),
    ),
    Command(
        "no",
        {"en": ("no",), "es": ("no",), "fr": ("non",), "ar": ("لا",)},
        say("no and a network: be shown to it no more."),
        no,
        (Arg("network", NETWORK, needed=False),),
        rare=True,
    ),
)
