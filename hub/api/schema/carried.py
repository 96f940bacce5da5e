"""People without a device: a connector carries their entry, with the yes they gave by word of mouth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from bots import proxies
from directory import carried
from directory.carried import FIELDS, Carried
from directory.core.carried import MOST_MONTHS, Consent
from directory.refusals import BadAnswer
from hub.api.asking import Asking, of
from hub.api.schema.acts import act
from hub.api.schema.communities import meant
from hub.api.schema.facts import Fact, FactType, in_words
from hub.api.schema.kinds import Term, TermOf, some
from hub.api.schema.understanding import all_understood


class CarriedPersonType(graphene.ObjectType):
    """Somebody without a device, and what they said yes to."""

    class Meta:
        name = "CarriedPerson"

    member = graphene.ID(required=True, description="To act for them by.")
    handle = graphene.String(required=True, description="What they are called.")
    carrier = graphene.String(required=True, description="Who looks after their entry; empty: nobody.")
    mine = graphene.Boolean(required=True, description="The viewer does.")
    who = graphene.String(required=True, description="Who asked, and who was there.")
    how = graphene.String(required=True, description="How they said yes.")
    language = graphene.Field(Term, required=True, description="In which language they were asked.")
    meets = graphene.Boolean(
        required=True, description="They may be asked whether they want to meet somebody."
    )
    asked_at = graphene.DateTime(required=True, description="When they were asked, UTC.")
    ends_at = graphene.DateTime(required=True, description="Their yes ends then, UTC.")
    ended = graphene.Boolean(required=True, description="It has ended: nobody finds them.")
    facts = some(FactType, "What is said of them, for who looks after their entry; empty fields too.")

    @staticmethod
    def resolve_who(one: Carried, _info: GraphQLResolveInfo) -> str:
        """As written down."""
        return one.consent.who

    @staticmethod
    def resolve_how(one: Carried, _info: GraphQLResolveInfo) -> str:
        """As written down."""
        return one.consent.how

    @staticmethod
    def resolve_language(one: Carried, info: GraphQLResolveInfo) -> TermOf:
        """As a term."""
        return TermOf(of(info).vocabulary.languages, one.consent.language)

    @staticmethod
    def resolve_meets(one: Carried, _info: GraphQLResolveInfo) -> bool:
        """As they said."""
        return one.consent.meets

    @staticmethod
    def resolve_asked_at(one: Carried, _info: GraphQLResolveInfo) -> Any:
        """As written down."""
        return one.consent.asked_at

    @staticmethod
    def resolve_ends_at(one: Carried, _info: GraphQLResolveInfo) -> Any:
        """At most half a year later."""
        return one.consent.ends_at

    @staticmethod
    def resolve_facts(one: Carried, info: GraphQLResolveInfo) -> tuple[Fact, ...]:
        """In the order of a card."""
        if not one.values:
            return ()
        return tuple(Fact(name, in_words(of(info), name, one.values.get(name))) for name in FIELDS)


async def _people(_root: None, info: GraphQLResolveInfo) -> tuple[Carried, ...]:
    return await of(info).ask(carried.listed)


def _consent(asking: Asking, given: Mapping[str, Any]) -> Consent:
    written = given.get("language") or ""
    keys = all_understood(asking, "language", asking.vocabulary.languages, [written])
    if len(keys) > 1:
        raise BadAnswer(field="language")
    said = {**given, "language": next(iter(keys), "")}
    return carried.consent_of(
        asking.turn,
        said,
        months=given.get("months") or MOST_MONTHS,
        days_ago=given.get("days_ago") or 0,
        meets=bool(given.get("meets")),
    )


async def _carry(asking: Asking, handle: str, **given: Any) -> Mapping[str, Any]:
    consent = _consent(asking, given)
    return {"member": await asking.ask(proxies.carry, handle, meant(asking, given), consent)}


async def _renew(asking: Asking, member: str, **given: Any) -> None:
    await asking.ask(carried.renew, member, _consent(asking, given))


async def _edit(asking: Asking, member: str, **given: Any) -> None:
    await asking.ask(carried.edit, member, meant(asking, given))


async def _hand(asking: Asking, member: str, handle: str) -> None:
    await asking.ask(carried.hand, member, handle)


async def _put_down(asking: Asking, member: str) -> None:
    await asking.ask(proxies.put_down, member)


class CarriedQueries:
    """Root fields."""

    carried_people = some(
        CarriedPersonType,
        "People without a device whose entry the viewer looks after; for coordinators all.",
        resolver=_people,
    )


def _words(about: str, *, required: bool = False) -> graphene.String:
    return graphene.String(required=required, description=about)


_ONE = {"member": graphene.ID(required=True, description="Who.")}
_YES = {
    "who": _words("Who asked them, and who was there.", required=True),
    "how": _words("How they said yes.", required=True),
    "language": _words("In which language they were asked.", required=True),
    "months": graphene.Int(description="How long it holds: one to six months; six unless said otherwise."),
    "days_ago": graphene.Int(description="How many days ago they were asked; 0: today."),
    "meets": graphene.Boolean(description="May they be asked whether they want to meet somebody?"),
}
_SAYS = {
    "country": _words("Its name in any language."),
    "works_in": _words("Places, divided by commas."),
    "issues": _words("What they work on."),
    "languages": _words("What they speak."),
    "offers": _words("What they help with."),
    "text": _words("In their own words; seen by people they were introduced to."),
}


class CarriedMutations:
    """Root fields."""

    carry_person = act(
        "CarryPerson",
        "Let somebody without a device be found by this network, with the yes they gave me.",
        _carry,
        takes={"handle": _words("What they want to be called.", required=True), **_YES, **_SAYS},
        gives={"member": graphene.ID(description="Their id.")},
    )
    renew_carried = act(
        "RenewCarried", "They were asked again, and said yes.", _renew, takes={**_ONE, **_YES}
    )
    edit_carried = act("EditCarried", "Say of them what they want said.", _edit, takes={**_ONE, **_SAYS})
    hand_carried = act(
        "HandCarried",
        "Another connector looks after their entry.",
        _hand,
        takes={**_ONE, "handle": _words("Who.", required=True)},
    )
    put_down_carried = act(
        "PutDownCarried", "They want to be found no more: erased here and everywhere.", _put_down, takes=_ONE
    )
