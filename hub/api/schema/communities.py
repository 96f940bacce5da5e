"""Communities: how each decides, what those who speak for it may do at once, and what waits for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from directory import communities, community_wishes
from directory.communities import FIELDS, Community, Waiting
from directory.community_deeds import NAMES, SEEN_BY
from directory.core.audiences import Audience
from directory.core.communities import FEWEST, Act
from directory.refusals import BadAnswer
from directory.vocabulary import Tree
from hub.api.asking import Asking, of
from hub.api.schema.acts import act
from hub.api.schema.facts import Fact, FactType, facts
from hub.api.schema.kinds import named, some
from hub.api.schema.mycard import AudienceType, CardPart, Part
from hub.api.schema.understanding import all_understood

CommunityActType = named(Act, "CommunityAct", "What may be wanted for a community.")


class CommunityWaitingType(graphene.ObjectType):
    """Something that waits for the yes of those who speak for a community."""

    class Meta:
        name = "CommunityWaiting"

    id = graphene.ID(required=True, description="To answer by.")
    text = graphene.String(required=True, description="What would be done, as a sentence.")
    yes = graphene.Int(required=True, description="How many said yes.")
    needed = graphene.Int(required=True, description="How many have to.")
    said = graphene.Boolean(required=True, description="The viewer said yes.")
    ends_at = graphene.DateTime(required=True, description="It is over then, UTC.")

    @staticmethod
    def resolve_text(one: Waiting, info: GraphQLResolveInfo) -> str:
        """In the viewer's language."""
        return of(info).say(one.text)


class CommunityType(graphene.ObjectType):
    """A community of this network, which decides in its own way."""

    class Meta:
        name = "Community"

    id = graphene.ID(required=True, description="To act for it by.")
    name = graphene.String(required=True, description="What it is called.")
    way = graphene.String(required=True, description="How it decides, in its own words.")
    since = graphene.String(required=True, description="Since when.")
    needed = graphene.Int(required=True, description="How many who speak for it must say yes.")
    hidden = graphene.Boolean(required=True, description="Nobody else sees it.")
    facts = some(FactType, "What the members of this network see of it.")
    mine = graphene.Boolean(required=True, description="The viewer speaks for it.")
    speakers = some(
        graphene.String,
        "Who speaks for it; only for them, and for those who enter communities.",
    )
    short = graphene.Boolean(required=True, description="Too few speak for it: the viewer may name more.")
    parts = some(CardPart, "Field by field, for those who speak for it.")
    shown_to = some(graphene.ID, "Linked networks it is shown to, for those who speak for it.")
    waits = some(CommunityWaitingType, "What waits for those who speak for it.")

    @staticmethod
    def resolve_way(one: Community, _info: GraphQLResolveInfo) -> str:
        """In its own words."""
        return one.way.way

    @staticmethod
    def resolve_since(one: Community, _info: GraphQLResolveInfo) -> str:
        """In its own words."""
        return one.way.since

    @staticmethod
    def resolve_needed(one: Community, _info: GraphQLResolveInfo) -> int:
        """Two or more."""
        return one.way.needed

    @staticmethod
    def resolve_facts(one: Community, info: GraphQLResolveInfo) -> tuple[Fact, ...]:
        """As on its card."""
        return facts(of(info), {**(one.body or {}), "title": None})

    @staticmethod
    def resolve_mine(one: Community, _info: GraphQLResolveInfo) -> bool:
        """As the service says."""
        return one.own is not None

    @staticmethod
    def resolve_parts(one: Community, _info: GraphQLResolveInfo) -> tuple[Part, ...]:
        """Nothing for anybody else."""
        own = one.own
        return tuple(Part(name, own.values[name], own.audiences[name]) for name in FIELDS) if own else ()

    @staticmethod
    def resolve_shown_to(one: Community, _info: GraphQLResolveInfo) -> tuple[str, ...]:
        """Nothing for anybody else."""
        return tuple(sorted(one.own.shown_to)) if one.own else ()

    @staticmethod
    def resolve_waits(one: Community, _info: GraphQLResolveInfo) -> tuple[Waiting, ...]:
        """Nothing for anybody else."""
        return one.own.waits if one.own else ()


async def _communities(_root: None, info: GraphQLResolveInfo) -> tuple[Community, ...]:
    return await of(info).ask(communities.listed)


def meant(asking: Asking, given: Mapping[str, Any]) -> dict[str, object]:
    """What it says of itself, with words as keys; what was left out stays out."""
    known = asking.vocabulary
    trees: dict[str, Tree] = {"works_in": known.regions, "issues": known.issues}
    trees |= {"languages": known.languages, "offers": known.offers}
    found: dict[str, object] = {}
    for name, tree in trees.items():
        if name in given:
            found[name] = all_understood(asking, name, tree, [given[name] or ""])
    if "country" in given:
        keys = all_understood(asking, "country", known.regions, [given["country"] or ""])
        found["country"] = next(iter(keys), None)
    if "text" in given:
        found["text"] = given["text"]
    return found


async def _enter(
    asking: Asking, name: str, speakers: list[str], needed: int = FEWEST, **given: Any
) -> Mapping[str, Any]:
    words = {**meant(asking, given), "way": given.get("way"), "since": given.get("since")}
    people = [one for line in speakers for one in line.replace("\n", ",").split(",")]
    return {"community": await asking.ask(communities.enter, name, words, people, needed or FEWEST)}


async def _name_again(asking: Asking, community: str, speakers: list[str]) -> None:
    people = [one for line in speakers for one in line.replace("\n", ",").split(",")]
    await asking.ask(communities.name_again, community, people)


async def _for(asking: Asking, community: str, act: Act, **given: Any) -> Mapping[str, Any]:
    wanted = Act(act)
    if wanted is Act.HIDE:
        await asking.ask(communities.hide, community)
    elif wanted is Act.STEP_DOWN:
        await asking.ask(communities.step_down, community)
    elif wanted is Act.STOP_SHARING:
        await asking.ask(communities.stop_sharing, community, given.get("network") or "")
    else:
        detail = _detail(asking, wanted, given)
        return {"missing": await asking.ask(community_wishes.want, community, wanted, detail)}
    return {"missing": 0}


def _detail(asking: Asking, wanted: Act, given: Mapping[str, Any]) -> dict[str, object]:
    if wanted is Act.CHANGE:
        return meant(asking, given)
    if wanted is Act.AUDIENCE:
        audience = given.get("audience")
        if audience is None:
            raise BadAnswer(field="audience")
        return {"field": given.get("field"), "audience": Audience(audience).value}
    names = {Act.SHARE: ("network",), Act.SPEAK: ("handle",), Act.DECIDE: ("way", "since", "needed")}
    return {name: given.get(name) for name in names.get(wanted, ())}


async def _answer(asking: Asking, wish: str, yes: bool) -> Mapping[str, Any]:
    return {"missing": await asking.ask(_answered, wish, yes)}


async def _answered(turn: Any, wish: str, yes: bool) -> int:
    return await community_wishes.answer(turn, wish, yes=yes)


class CommunityQueries:
    """Root fields."""

    communities = some(
        CommunityType, "Communities of this network that the viewer may know of.", resolver=_communities
    )


def _words(about: str, *, required: bool = False) -> graphene.String:
    return graphene.String(required=required, description=about)


_SAYS = {
    "country": _words("Its name in any language."),
    "works_in": _words("Places, divided by commas."),
    "issues": _words("What it works on."),
    "languages": _words("What is spoken."),
    "offers": _words("What it helps with."),
    "text": _words("In its own words; seen by people it was introduced to."),
    "way": _words("How it decides, in its own words."),
    "since": _words("Since when."),
    "needed": graphene.Int(description="How many who speak for it must say yes; two or more."),
}
_SPEAKERS = graphene.List(
    graphene.NonNull(graphene.String), required=True, description="Two or more members, by name."
)
_MISSING = {"missing": graphene.Int(description="How many yes are missing; 0: it is done, or over.")}


class CommunityMutations:
    """Root fields."""

    enter_community = act(
        "EnterCommunity",
        "Enter a community. Nobody sees it before everybody who speaks for it said yes.",
        _enter,
        takes={"name": _words("What it is called.", required=True), "speakers": _SPEAKERS, **_SAYS},
        gives={"community": graphene.ID(description="Its id.")},
    )
    name_speakers = act(
        "NameSpeakers",
        "Name who speaks for a community for which too few do; hidden until all of them said yes.",
        _name_again,
        takes={
            "community": graphene.ID(required=True, description="Which."),
            "speakers": _SPEAKERS,
        },
    )
    act_for_community = act(
        "ActForCommunity",
        "Hide or narrow at once, without the word; whatever shows more waits for the community's own way.",
        _for,
        takes={
            "community": graphene.ID(required=True, description="Which."),
            "act": CommunityActType(required=True, description="What."),
            "field": _words(f"For AUDIENCE, one of: {', '.join(NAMES)}."),
            "audience": AudienceType(
                description="For AUDIENCE, one of: " + ", ".join(one.name for one in SEEN_BY) + "."
            ),
            "network": graphene.ID(description="For SHARE and STOP_SHARING."),
            "handle": _words("For SPEAK: who speaks for it too."),
            **_SAYS,
        },
        gives=_MISSING,
    )
    answer_community = act(
        "AnswerCommunity",
        "Say yes, with one's word, or no to something that waits; a no ends it.",
        _answer,
        takes={
            "wish": graphene.ID(required=True, description="Which."),
            "yes": graphene.Boolean(required=True, description="Yes or no."),
        },
        gives=_MISSING,
    )
