"""The schema: every module gives its part of Query and Mutation; the rule table is laid over the whole."""

from __future__ import annotations

import graphene
from graphene.types.inputobjecttype import set_input_object_type_default_value
from graphql import GraphQLSchema, Undefined

from hub.api.ruled import enforce
from hub.api.schema.alarms import AlarmMutations, AlarmQueries
from hub.api.schema.allies import AllyQueries
from hub.api.schema.apart import ApartMutations, ApartQueries
from hub.api.schema.audit import AuditMutations, AuditQueries
from hub.api.schema.bots import BotQueries
from hub.api.schema.care import CareMutations, CareQueries
from hub.api.schema.carried import CarriedMutations, CarriedQueries
from hub.api.schema.checkins import CheckInMutations, CheckInQueries
from hub.api.schema.circle import CircleMutations, CircleQueries
from hub.api.schema.communities import CommunityMutations, CommunityQueries
from hub.api.schema.duty import DutyMutations, DutyQueries
from hub.api.schema.imports import ImportMutations, ImportQueries
from hub.api.schema.introductions import IntroductionMutations, IntroductionQueries
from hub.api.schema.joining import JoiningMutations
from hub.api.schema.keeping import KeepingMutations, KeepingQueries
from hub.api.schema.links import LinkMutations, LinkQueries
from hub.api.schema.live import Subscription
from hub.api.schema.mycard import MyCardMutations, MyCardQueries
from hub.api.schema.noted import NotedMutations, NotedQueries
from hub.api.schema.outings import OutingMutations
from hub.api.schema.outside import OutsideMutations, OutsideQueries
from hub.api.schema.own import OwnMutations, OwnQueries
from hub.api.schema.people import PeopleMutations, PeopleQueries
from hub.api.schema.playbooks import PlaybookMutations, PlaybookQueries
from hub.api.schema.proxies import ProxyMutations, ProxyQueries
from hub.api.schema.reach import ReachMutations, ReachQueries
from hub.api.schema.rota import RotaMutations, RotaQueries
from hub.api.schema.safekeeping import SafekeepingMutations
from hub.api.schema.seconding import SecondingMutations, SecondingQueries
from hub.api.schema.sharing import SharingMutations, SharingQueries
from hub.api.schema.silences import SilenceMutations, SilenceQueries
from hub.api.schema.texting import TextingMutations, TextingQueries
from hub.api.schema.texts import TextMutations, TextQueries
from hub.api.schema.understanding import VocabularyQueries
from hub.api.schema.viewer import ViewerMutations, ViewerQueries

# Without this an input that was left out and one that was sent as null look the same.
set_input_object_type_default_value(Undefined)


class Query(
    ViewerQueries,
    VocabularyQueries,
    AllyQueries,
    BotQueries,
    AlarmQueries,
    CheckInQueries,
    ProxyQueries,
    SilenceQueries,
    CircleQueries,
    DutyQueries,
    CareQueries,
    RotaQueries,
    PeopleQueries,
    ImportQueries,
    NotedQueries,
    OutsideQueries,
    CommunityQueries,
    CarriedQueries,
    ApartQueries,
    MyCardQueries,
    SharingQueries,
    LinkQueries,
    IntroductionQueries,
    KeepingQueries,
    AuditQueries,
    SecondingQueries,
    OwnQueries,
    ReachQueries,
    TextQueries,
    TextingQueries,
    PlaybookQueries,
    graphene.ObjectType,
):
    """What can be asked. Everything is asked on behalf of one viewer."""


class Mutation(
    ViewerMutations,
    AlarmMutations,
    CheckInMutations,
    OutingMutations,
    ProxyMutations,
    SilenceMutations,
    CircleMutations,
    DutyMutations,
    CareMutations,
    RotaMutations,
    PeopleMutations,
    NotedMutations,
    OutsideMutations,
    CommunityMutations,
    CarriedMutations,
    ApartMutations,
    JoiningMutations,
    MyCardMutations,
    SharingMutations,
    ImportMutations,
    LinkMutations,
    IntroductionMutations,
    KeepingMutations,
    AuditMutations,
    SafekeepingMutations,
    SecondingMutations,
    OwnMutations,
    ReachMutations,
    TextMutations,
    TextingMutations,
    PlaybookMutations,
    graphene.ObjectType,
):
    """What can be done. Expected errors are in the payload; after one nothing was changed."""


def build() -> GraphQLSchema:
    """The schema with the rules around every resolver. Raises Unguarded or CannotVeil."""
    made: GraphQLSchema = graphene.Schema(
        query=Query, mutation=Mutation, subscription=Subscription
    ).graphql_schema
    return enforce(made)
