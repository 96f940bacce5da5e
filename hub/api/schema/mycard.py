"""My card: what I say of myself, who may see each part, and how it looks from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from directory import going_on, profiles, showing
from directory.core.audiences import DEFAULTS, Audience, Setting
from directory.core.text import Text, say
from directory.going_on import CARD_HOLDS
from directory.refusals import BadAnswer
from directory.showing import MyCard
from hub.api.asking import Asking, of
from hub.api.schema.acts import act
from hub.api.schema.facts import LABELS, Fact, FactType, facts, in_words
from hub.api.schema.kinds import named, some
from hub.api.schema.understanding import all_understood

AudienceType = named(Audience, "Audience", "Who may see one field; each holds those before it.")
PLACES = ("country", "subdivision")
WORDS = {"works_in": "regions", "issues": "issues", "languages": "languages", "offers": "offers"}
LINES = ("handle", "city", "organisation", "text")
FIELDS = ("handle", "country", *WORDS, "subdivision", "city", "organisation", "text")
"""As they are shown, in this order."""

SEEN_BY: Mapping[Audience, Text] = {
    Audience.NOBODY: say("Seen by nobody but you."),
    Audience.INTRODUCED: say("Seen by people you were introduced to."),
    Audience.COORDINATORS: say("Seen by your coordinators and people you were introduced to."),
    Audience.NETWORK: say("Seen by your network."),
    Audience.NAMED: say("Seen by your network and the networks you named."),
    Audience.LINKED: say("Seen by your network and every linked network you said yes to."),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One field of the viewer's own card."""

    field: str
    value: object
    setting: Setting


class CardPart(graphene.ObjectType):
    """One thing I say of myself."""

    field = graphene.String(required=True, description="Its name, for changing it.")
    label = graphene.String(required=True, description="What people call it.")
    value = graphene.String(description="As one line; what I write may be sent back the same way.")
    audience = AudienceType(required=True, description="Who may see it.")
    seen_by = graphene.String(required=True, description="The same as a sentence.")

    @staticmethod
    def resolve_label(part: Part, info: GraphQLResolveInfo) -> str:
        """In the viewer's language."""
        return of(info).say(LABELS[part.field])

    @staticmethod
    def resolve_value(part: Part, info: GraphQLResolveInfo) -> str | None:
        """Keys as names, divided by commas, so that it can be read back."""
        values = part.value if isinstance(part.value, tuple) else (part.value,)
        shown = [in_words(of(info), part.field, value) for value in values if value]
        return ", ".join(shown) or None

    @staticmethod
    def resolve_audience(part: Part, _info: GraphQLResolveInfo) -> Audience:
        """Chosen or by default."""
        return part.setting.audience

    @staticmethod
    def resolve_seen_by(part: Part, info: GraphQLResolveInfo) -> str:
        """As a sentence; marked issues among the others follow their own, narrower rule."""
        return of(info).say(SEEN_BY[part.setting.audience])


class MyCardType(graphene.ObjectType):
    """Everything I said of myself."""

    class Meta:
        name = "MyCard"

    parts = some(CardPart, "Field by field, empty ones too.")
    rests = graphene.Boolean(
        required=True, description="I have not said for a year that it is right: nobody is shown it."
    )
    right_until = graphene.DateTime(description="Until when it counts as right, UTC.")
    marked = graphene.String(
        required=True, description="Who may see issues that are stigmatised in many places, as a sentence."
    )

    @staticmethod
    def resolve_parts(card: MyCard, _info: GraphQLResolveInfo) -> tuple[Part, ...]:
        """In the order of FIELDS."""
        return tuple(Part(name, getattr(card, name), card.audiences[name]) for name in FIELDS)

    @staticmethod
    def resolve_right_until(card: MyCard, _info: GraphQLResolveInfo) -> Any:
        """A year after I last said so."""
        return card.confirmed_at + CARD_HOLDS if card.confirmed_at and not card.rests else None

    @staticmethod
    def resolve_marked(card: MyCard, info: GraphQLResolveInfo) -> str:
        """Their own audience."""
        own = card.audiences["marked_issues"].audience
        return of(info).say(SEEN_BY[own])


async def _edit(asking: Asking, **given: Any) -> None:
    changes: dict[str, object] = {name: given[name] for name in LINES if name in given}
    for name, tree in WORDS.items():
        if name in given:
            changes[name] = all_understood(asking, name, getattr(asking.vocabulary, tree), given[name] or ())
    for name in PLACES:
        if name in given:
            changes[name] = _place(asking, name, given[name] or "")
    if not changes.get("handle"):
        changes.pop("handle", None)
    await asking.ask(profiles.change, asking.turn.viewer.member or "", changes)


def _place(asking: Asking, name: str, written: str) -> str | None:
    keys = all_understood(asking, name, asking.vocabulary.regions, (written,))
    if len(keys) > 1:
        raise BadAnswer(say("Please name one place only."), field=name)
    return keys[0] if keys else None


async def _still_right(asking: Asking) -> None:
    await asking.ask(going_on.still_right)


async def _rest(asking: Asking) -> None:
    await asking.ask(going_on.rest)


async def _open_to(asking: Asking, field: str, audience: Audience, networks: list[str] | None = None) -> None:
    await asking.ask(showing.set_audience, field, audience, tuple(networks or ()))


def _line(about: str) -> graphene.String:
    return graphene.String(description=about)


def _list(about: str) -> graphene.List:
    return graphene.List(graphene.NonNull(graphene.String), description=about)


class MyCardQueries:
    """Root fields."""

    my_card = graphene.Field(MyCardType, description="My own card, whole.")
    see_as = graphene.List(
        graphene.NonNull(FactType),
        description="How I look from there; empty when nothing of me is seen.",
        audience=graphene.Argument(graphene.String, description="introduced, coordinators or network."),
        network=graphene.Argument(graphene.ID, description="Instead: a linked network."),
    )

    @staticmethod
    async def resolve_my_card(_root: Any, info: GraphQLResolveInfo) -> MyCard:
        """Mine."""
        return await of(info).ask(showing.my_card)

    @staticmethod
    async def resolve_see_as(
        _root: Any, info: GraphQLResolveInfo, audience: str | None = None, network: str | None = None
    ) -> tuple[Fact, ...]:
        """As the service says it."""
        seen = await of(info).ask(showing.see_as, network or audience or Audience.NETWORK.value)
        return facts(of(info), {**(seen.body or {}), **seen.guarded})


class MyCardMutations:
    """Root fields."""

    edit_my_card = act(
        "EditMyCard",
        "Change what I say of myself. What is left out stays; what is empty is emptied.",
        _edit,
        takes={
            "handle": _line("What I am called; never empty."),
            "country": _line("Its name in any language."),
            "works_in": _list("Places."),
            "issues": _list("What I work on."),
            "languages": _list("What I speak."),
            "offers": _list("What I help with."),
            "subdivision": _line("A region of the country."),
            "city": _line("A town."),
            "organisation": _line("Whom I work with."),
            "text": _line("In my own words."),
        },
    )
    confirm_my_card = act(
        "ConfirmMyCard", "It is right, for another year. To show it again needs my word.", _still_right
    )
    rest_my_card = act("RestMyCard", "Show my card to nobody, until I say that it is right.", _rest)
    set_audience = act(
        "SetAudience",
        "Who may see one field from now on. Widening needs my word.",
        _open_to,
        takes={
            "field": graphene.String(required=True, description=f"One of: {', '.join(DEFAULTS)}."),
            "audience": AudienceType(required=True, description="Who."),
            "networks": graphene.List(graphene.NonNull(graphene.ID), description="For NAMED: which."),
        },
    )
