"""Outside contacts: offices and leaders who are no members, reached through their keeper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from directory import outside
from directory.core.outside import Came, MayAsk
from directory.outside import Contact
from directory.vocabulary import Tree
from hub.api.asking import Asking, of
from hub.api.schema.acts import act
from hub.api.schema.kinds import Term, TermOf, named, some, terms
from hub.api.schema.understanding import all_understood

MayAskType = named(MayAsk, "MayAsk", "Who may ask a keeper for something.")
CameType = named(Came, "Came", "What came of something that was asked of an outside contact.")


class OutsideOutcomeType(graphene.ObjectType):
    """What came of an earlier ask; never who asked."""

    class Meta:
        name = "OutsideOutcome"

    came = CameType(required=True, description="Whether it helped.")
    text = graphene.String(required=True, description="In the keeper's words.")
    at = graphene.DateTime(required=True, description="When, UTC.")


class OutsideAskType(graphene.ObjectType):
    """One ask, for its asker and the keeper."""

    class Meta:
        name = "OutsideAsk"

    id = graphene.ID(required=True, description="To say what came of it by.")
    who = graphene.String(required=True, description="Who asked.")
    what = graphene.String(required=True, description="What is needed.")
    came = CameType(required=True, description="How it stands.")
    outcome = graphene.String(required=True, description="What the keeper said of it.")
    asked_at = graphene.DateTime(required=True, description="When, UTC.")
    mine = graphene.Boolean(required=True, description="The viewer asked.")


class OutsideContactType(graphene.ObjectType):
    """An institution or office that is no member: it sees nothing."""

    class Meta:
        name = "OutsideContact"

    id = graphene.ID(required=True, description="To ask by.")
    name = graphene.String(required=True, description="Who it is.")
    office = graphene.String(required=True, description="The office they hold.")
    country = graphene.Field(Term, description="Where.")
    offers = some(Term, "What they may be asked for.")
    languages = some(Term, "Languages they speak.")
    never = graphene.String(required=True, description="What must never be sent there.")
    about = graphene.String(required=True, description="What else is good to know.")
    reach = graphene.String(description="How to reach them: for the keeper alone.")
    keeper = graphene.String(required=True, description="Who knows them, and asks them.")
    mine = graphene.Boolean(required=True, description="The viewer keeps it.")
    may_ask = MayAskType(required=True, description="Who may ask.")
    may_hand = graphene.Boolean(
        required=True,
        description="The viewer may give it to another keeper: their own, or one whose keeper is away.",
    )
    stale = graphene.Boolean(required=True, description="Nobody said for half a year that it still holds.")
    confirmed_at = graphene.DateTime(required=True, description="When the keeper last said so, UTC.")
    outcomes = some(OutsideOutcomeType, "What came of earlier asks, the newest first.")
    asks = some(OutsideAskType, "The viewer's own asks; for the keeper all of them.")

    @staticmethod
    def resolve_name(one: Contact, _info: GraphQLResolveInfo) -> str:
        """As the keeper says."""
        return one.said.name

    @staticmethod
    def resolve_office(one: Contact, _info: GraphQLResolveInfo) -> str:
        """As the keeper says."""
        return one.said.office

    @staticmethod
    def resolve_never(one: Contact, _info: GraphQLResolveInfo) -> str:
        """As the keeper says."""
        return one.said.never

    @staticmethod
    def resolve_about(one: Contact, _info: GraphQLResolveInfo) -> str:
        """As the keeper says."""
        return one.said.about

    @staticmethod
    def resolve_reach(one: Contact, _info: GraphQLResolveInfo) -> str | None:
        """Nothing for anybody else."""
        return one.said.reach or None

    @staticmethod
    def resolve_country(one: Contact, info: GraphQLResolveInfo) -> TermOf | None:
        """As a term."""
        return TermOf(of(info).vocabulary.regions, one.said.country) if one.said.country else None

    @staticmethod
    def resolve_offers(one: Contact, info: GraphQLResolveInfo) -> tuple[TermOf, ...]:
        """As terms."""
        return terms(of(info).vocabulary.offers, one.said.offers)

    @staticmethod
    def resolve_languages(one: Contact, info: GraphQLResolveInfo) -> tuple[TermOf, ...]:
        """As terms."""
        return terms(of(info).vocabulary.languages, one.said.languages)


async def _contacts(_root: None, info: GraphQLResolveInfo) -> tuple[Contact, ...]:
    return await of(info).ask(outside.contacts)


async def _keep(
    asking: Asking,
    contact: str = "",
    may_ask: MayAsk = MayAsk.MEMBERS,
    country: str = "",
    offers: str = "",
    languages: str = "",
    **words: str,
) -> Mapping[str, Any]:
    known = asking.vocabulary
    said: dict[str, tuple[Tree, str]] = {"offers": (known.offers, offers)}
    said["languages"] = (known.languages, languages)
    fields: dict[str, object] = dict(words)
    for name, (tree, written) in said.items():
        fields[name] = all_understood(asking, name, tree, [written])
    fields["country"] = next(iter(all_understood(asking, "country", known.regions, [country])), None)
    return {"contact": await asking.ask(outside.keep, fields, MayAsk(may_ask), contact or "")}


async def _ask(asking: Asking, contact: str, what: str) -> Mapping[str, Any]:
    return {"ask": await asking.ask(outside.ask, contact, what)}


async def _settle(asking: Asking, ask: str, came: Came, outcome: str = "") -> None:
    await asking.ask(outside.settle, ask, Came(came), outcome)


async def _confirm(asking: Asking, contact: str) -> None:
    await asking.ask(outside.confirm, contact)


async def _hand(asking: Asking, contact: str, handle: str) -> None:
    await asking.ask(outside.hand, contact, handle)


async def _forget(asking: Asking, contact: str) -> None:
    await asking.ask(outside.forget, contact)


class OutsideQueries:
    """Root fields."""

    outside_contacts = some(
        OutsideContactType, "Those the viewer may ask for something, or keeps.", resolver=_contacts
    )


_ONE = {"contact": graphene.ID(required=True, description="Which.")}


def _words(about: str, *, required: bool = False) -> graphene.String:
    return graphene.String(required=required, description=about)


class OutsideMutations:
    """Root fields."""

    keep_outside = act(
        "KeepOutside",
        "Enter an outside contact, or say something else of one I keep.",
        _keep,
        takes={
            "contact": graphene.ID(description="Which; none for a new one."),
            "name": _words("Who it is.", required=True),
            "office": _words("The office they hold.", required=True),
            "country": _words("Where, in your own words."),
            "offers": _words("What they may be asked for, in your own words."),
            "languages": _words("Languages they speak, in your own words."),
            "reach": _words("How to reach them; nobody else reads it."),
            "never": _words("What must never be sent there."),
            "about": _words("What else is good to know."),
            "may_ask": MayAskType(description="Who may ask; members unless said otherwise."),
        },
        gives={"contact": graphene.ID(description="Its id.")},
    )
    ask_outside = act(
        "AskOutside",
        "Ask the keeper for something of an outside contact.",
        _ask,
        takes={**_ONE, "what": _words("What is needed.", required=True)},
        gives={"ask": graphene.ID(description="Its id.")},
    )
    settle_outside = act(
        "SettleOutside",
        "Say what came of it: whoever may ask reads that, and not who asked.",
        _settle,
        takes={
            "ask": graphene.ID(required=True, description="Which."),
            "came": CameType(required=True, description="Whether it helped."),
            "outcome": _words("In your own words, without names."),
        },
    )
    confirm_outside = act(
        "ConfirmOutside", "What is said of a contact I keep still holds.", _confirm, takes=_ONE
    )
    hand_outside = act(
        "HandOutside",
        "Somebody else keeps it from now on.",
        _hand,
        takes={**_ONE, "handle": _words("Who.", required=True)},
    )
    forget_outside = act("ForgetOutside", "Take out a contact I keep, and all asks.", _forget, takes=_ONE)
