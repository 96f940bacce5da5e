"""Links with other networks, for administrators: invite, compare words, agree, pause, end; and the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import graphene
import msgspec
from graphql import GraphQLResolveInfo

from directory import audit, sharing
from directory.core.text import Text, say
from directory.refusals import BadAnswer
from hub.api.asking import Asking, of
from hub.api.schema.acts import act
from hub.api.schema.kinds import Network, NetworkName, named, some
from hub.api.schema.ledger import LedgerRowType
from hub.federation import links, overdue
from hub.federation.condition import condition_of
from hub.federation.core.agreement import CardKind, Cover, Hours
from hub.federation.core.ledger import Waiting
from hub.federation.core.link import Stage
from hub.federation.covering import covers_of
from hub.federation.links import LinkView, Terms

LinkState = named(Stage, "LinkState", "Where a link stands.")
DAYS_A_MONTH = 30
ALWAYS = Cover(hours=(Hours(days=(1, 2, 3, 4, 5, 6, 7)),))
WRONG_HOURS = say("Write times as 22:00, and a time zone such as America/Bogota.")

STATES: Mapping[str, Text] = {
    "proposed": say("Not checked yet. Compare the safety words with their administrator."),
    "verified": say("Checked. Nothing is shared before both sign an agreement."),
    "active": say("Open."),
    "suspended": say("Paused. Nothing new is shared."),
    "severed": say("Ended."),
}


WAITS: Mapping[Waiting | None, Text] = {
    Waiting.RED: say("They have not confirmed yet that they removed a card. Please ask them."),
    Waiting.SUSPEND: say("They did not confirm in time that they removed a card. No more cards are sent."),
}


class AgreementType(graphene.ObjectType):
    """What two networks agree on, as sentences a board can read."""

    class Meta:
        name = "Agreement"

    lines = some(graphene.String, "Sentence by sentence, in the viewer's language.")

    @staticmethod
    def resolve_lines(lines: tuple[Text, ...], info: GraphQLResolveInfo) -> list[str]:
        """Rendered."""
        return [of(info).say(line) for line in lines]


class SafetyWord(graphene.ObjectType):
    """One of ten things, named for both administrators: each may read in their own language."""

    here = graphene.String(required=True, description="In the viewer's language.")
    there = graphene.String(required=True, description="In a language of the other network.")
    each = some(graphene.String, "In English, French, Spanish and Arabic, in this order.")

    @staticmethod
    def resolve_here(word: tuple[str, str, Mapping[str, str]], _info: GraphQLResolveInfo) -> str:
        """Ours."""
        return word[0]

    @staticmethod
    def resolve_there(word: tuple[str, str, Mapping[str, str]], _info: GraphQLResolveInfo) -> str:
        """Theirs."""
        return word[1]

    @staticmethod
    def resolve_each(word: tuple[str, str, Mapping[str, str]], _info: GraphQLResolveInfo) -> list[str]:
        """All."""
        return list(word[2].values())


class Link(graphene.ObjectType):
    """The relation of our hub to another one."""

    network = graphene.Field(Network, required=True, description="Who is on the other side.")
    state = LinkState(required=True, description="Where it stands.")
    state_text = graphene.String(required=True, description="The same as a sentence.")
    safety_words = graphene.List(
        graphene.NonNull(graphene.String), description="To read to each other, until both compared them."
    )
    safety_pairs = graphene.List(
        graphene.NonNull(SafetyWord), description="The same words side by side in both sides' languages."
    )
    words_ok_here = graphene.Boolean(required=True, description="Did we say that they are the same?")
    words_ok_there = graphene.Boolean(required=True, description="Did they?")
    signed_here = graphene.Boolean(required=True, description="Did we sign what is on the table?")
    signed_there = graphene.Boolean(required=True, description="Did they?")
    draft = graphene.Field(AgreementType, description="An agreement that waits for a signature.")
    agreement = graphene.Field(AgreementType, description="The agreement in force.")
    our_cover = some(graphene.String, "When we answer their calls for help, as agreed.")
    their_cover = some(graphene.String, "When they answer ours, as agreed.")
    they_answer_now = graphene.Boolean(required=True, description="Is this one of their hours?")
    held_back = graphene.String(description="What is wrong with withdrawals they do not confirm.")
    ends_at = graphene.DateTime(description="When the agreement ends, UTC.")
    last_heard_at = graphene.DateTime(description="When their hub was last heard, UTC.")
    unconfirmed = graphene.Int(required=True, description="Messages of ours they have not confirmed yet.")
    condition = some(graphene.String, "How it does: heard, late, clocks, leases, versions; line by line.")
    ledger = graphene.List(
        graphene.NonNull(LedgerRowType), description="What each side holds of the other; both see the same."
    )

    @staticmethod
    def resolve_network(link: LinkView, _info: GraphQLResolveInfo) -> NetworkName:
        """By name."""
        return NetworkName(link.network, link.name, state=link.state)

    @staticmethod
    def resolve_state_text(link: LinkView, info: GraphQLResolveInfo) -> str:
        """As a sentence."""
        return of(info).say(STATES[link.state])

    @staticmethod
    async def resolve_safety_words(link: LinkView, info: GraphQLResolveInfo) -> tuple[str, ...] | None:
        """Only while they are needed, and not before both sides have heard of each other."""
        if not link.words_can_be_compared:
            return None
        return await of(info).ask(links.words, link.network, of(info).turn.viewer.locale)

    @staticmethod
    async def resolve_safety_pairs(link: LinkView, info: GraphQLResolveInfo) -> Any:
        """As long as there are words to read."""
        if not link.words_can_be_compared:
            return None
        return await of(info).ask(links.words_side_by_side, link.network)

    @staticmethod
    def resolve_draft(link: LinkView, _info: GraphQLResolveInfo) -> tuple[Text, ...] | None:
        """None when there is nothing to sign."""
        return link.draft or None

    @staticmethod
    def resolve_agreement(link: LinkView, _info: GraphQLResolveInfo) -> tuple[Text, ...] | None:
        """None before both signed."""
        return link.agreement or None

    @staticmethod
    async def resolve_our_cover(link: LinkView, info: GraphQLResolveInfo) -> list[str]:
        """Sentence by sentence."""
        covers = await of(info).ask(covers_of, link.network)
        return [of(info).say(line) for line in covers.ours]

    @staticmethod
    async def resolve_their_cover(link: LinkView, info: GraphQLResolveInfo) -> list[str]:
        """Sentence by sentence."""
        covers = await of(info).ask(covers_of, link.network)
        return [of(info).say(line) for line in covers.theirs]

    @staticmethod
    async def resolve_they_answer_now(link: LinkView, info: GraphQLResolveInfo) -> bool:
        """By their clocks."""
        return (await of(info).ask(covers_of, link.network)).theirs_now

    @staticmethod
    async def resolve_held_back(link: LinkView, info: GraphQLResolveInfo) -> str | None:
        """As a sentence; None when nothing waits too long."""
        stands = await of(info).ask(overdue.standing, link.network)
        return of(info).say(WAITS[stands]) if stands in WAITS else None

    @staticmethod
    def resolve_unconfirmed(link: LinkView, _info: GraphQLResolveInfo) -> int:
        """All streams together."""
        return sum(link.unconfirmed.values())

    @staticmethod
    async def resolve_condition(link: LinkView, info: GraphQLResolveInfo) -> list[str]:
        """Line by line."""
        return [of(info).say(line) for line in await of(info).ask(condition_of, link.network)]

    @staticmethod
    async def resolve_ledger(link: LinkView, info: GraphQLResolveInfo) -> Any:
        """Both directions."""
        return await of(info).ask(sharing.ledger, link.network)


async def _invite(asking: Asking) -> Mapping[str, Any]:
    code = await asking.ask(links.invite)
    await asking.ask(audit.note, "link-invited")
    return {"code": code}


async def _accept(asking: Asking, code: str) -> Mapping[str, Any]:
    network = await asking.ask(links.accept, code)
    await asking.ask(audit.note, "link-accepted", after=network[:8])
    return {"network": network}


async def _propose(
    asking: Asking,
    network: str,
    kinds: list[str],
    months: int = 12,
    answer_alarms: bool = False,
    they_answer_alarms: bool | None = None,
    lend_second: bool | None = None,
    they_lend_second: bool | None = None,
    **cover: Any,
) -> None:
    theirs = None if they_answer_alarms is None else ALWAYS if they_answer_alarms else Cover()
    terms = Terms(
        we_share=frozenset(cast(list[CardKind], kinds)),
        days=DAYS_A_MONTH * max(1, min(months, 36)),
        our_cover=_cover(**cover) if answer_alarms else Cover(),
        their_cover=theirs,
        our_second=lend_second,
        their_second=they_lend_second,
    )
    await asking.ask(links.propose, network, terms)
    await asking.ask(audit.note, "link-proposed", after=network[:8])


def _cover(
    cover_days: list[int] | None = None,
    cover_from: str = "00:00",
    cover_to: str = "24:00",
    cover_zone: str = "UTC",
    cover_languages: list[str] | None = None,
    cover_help: list[str] | None = None,
) -> Cover:
    """From a form. Raises BadAnswer for what no clock shows."""
    days = tuple(sorted(set(cover_days or range(1, 8))))
    hours = {"days": days, "start": _minute(cover_from), "end": _minute(cover_to)}
    written = {
        "hours": [hours],
        "zone": cover_zone,
        "languages": cover_languages or [],
        "help": cover_help or [],
    }
    try:
        ZoneInfo(cover_zone)
        return msgspec.convert(written, Cover)
    except (msgspec.ValidationError, ZoneInfoNotFoundError, ValueError):
        raise BadAnswer(WRONG_HOURS, field="coverZone") from None


def _minute(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    if not (
        hour.isdigit() and minute.isdigit() and int(minute) < 60 and int(hour) * 60 + int(minute) <= 1440
    ):
        raise BadAnswer(WRONG_HOURS, field="coverFrom")
    return int(hour) * 60 + int(minute)


async def _words_match(asking: Asking, network: str) -> None:
    await asking.ask(links.words_match, network)
    await asking.ask(audit.note, "link-words", after=network[:8])


async def _sign(asking: Asking, network: str) -> None:
    await asking.ask(links.sign, network)
    await asking.ask(audit.note, "link-signed", after=network[:8])


async def _suspend(asking: Asking, network: str) -> None:
    await asking.ask(links.suspend, network)
    await asking.ask(audit.note, "link-suspended", after=network[:8])


async def _resume(asking: Asking, network: str) -> None:
    await asking.ask(links.resume, network)
    await asking.ask(audit.note, "link-resumed", after=network[:8])


async def _sever(asking: Asking, network: str) -> None:
    await asking.ask(links.sever, network)
    await asking.ask(audit.note, "link-severed", after=network[:8])


WHICH = {"network": graphene.ID(required=True, description="The other network.")}
CODE = graphene.String(description="Send it by a way you trust; it is shown in this answer only.")


class LinkQueries:
    """Root fields."""

    links = graphene.List(graphene.NonNull(Link), description="All links, for administrators.")

    @staticmethod
    async def resolve_links(_root: Any, info: GraphQLResolveInfo) -> tuple[LinkView, ...]:
        """All."""
        found: tuple[LinkView, ...] = await of(info).ask(links.links)
        await of(info).ask(audit.looked, "read-links")
        return found


class LinkMutations:
    """Root fields."""

    invite_network = act(
        "InviteNetwork",
        "Make a one-time code for another network's administrator, good for 48 hours.",
        _invite,
        gives={"code": CODE},
        word=True,
    )
    accept_network = act(
        "AcceptNetwork",
        "Answer another network's invitation.",
        _accept,
        takes={"code": graphene.String(required=True, description="What their administrator gave you.")},
        gives={"network": graphene.ID(description="Who invited.")},
        word=True,
    )
    confirm_safety_words = act(
        "ConfirmSafetyWords",
        "We read the words to each other and they were the same.",
        _words_match,
        takes=WHICH,
        word=True,
    )
    propose_agreement = act(
        "ProposeAgreement",
        "Write an agreement and sign it for our side.",
        _propose,
        takes={
            **WHICH,
            "kinds": graphene.List(
                graphene.NonNull(graphene.String),
                required=True,
                description="What we show them: person, organisation, community, bot.",
            ),
            "months": graphene.Int(description="How long it holds, 1 to 36; 12 unless said otherwise."),
            "answer_alarms": graphene.Boolean(description="Do we answer their alarms?"),
            "they_answer_alarms": graphene.Boolean(
                description="Do they answer ours, at any hour? Left out: as agreed so far."
            ),
            "lend_second": graphene.Boolean(
                description="Are we their second person, for what needs two? Left out: as agreed so far."
            ),
            "they_lend_second": graphene.Boolean(description="Are they ours? Left out: as agreed so far."),
            "cover_days": graphene.List(
                graphene.NonNull(graphene.Int), description="On which days, 1 Monday to 7; all unless said."
            ),
            "cover_from": graphene.String(description="From which time of the day, as 22:00."),
            "cover_to": graphene.String(description="To which; earlier than the first is the next morning."),
            "cover_zone": graphene.String(description="Whose clocks: a time zone such as America/Bogota."),
            "cover_languages": graphene.List(
                graphene.NonNull(graphene.String), description="In which languages; any unless said."
            ),
            "cover_help": graphene.List(
                graphene.NonNull(graphene.String), description="With which help; any unless said."
            ),
        },
        word=True,
    )
    sign_agreement = act("SignAgreement", "Sign what is on the table.", _sign, takes=WHICH, word=True)
    suspend_link = act("SuspendLink", "Share nothing new from now on.", _suspend, takes=WHICH, word=True)
    resume_link = act("ResumeLink", "Take our own pause back.", _resume, takes=WHICH, word=True)
    sever_link = act(
        "SeverLink",
        "End it for good; what each holds of the other is removed.",
        _sever,
        takes=WHICH,
        word=True,
    )
