"""What can be watched: alarms, their timelines, links. Each event is executed by itself, with its rule."""

from __future__ import annotations

import graphene
from graphql import GraphQLResolveInfo

from bots import sentinel
from bots.sentinel import AlarmView
from bots.store.actions import Moment
from directory.refusals import NotYours
from hub.api.asking import Asking, of
from hub.api.live.watching import Event
from hub.api.schema.alarms import AlarmType, TimelineStep
from hub.api.schema.links import Link
from hub.federation import links
from hub.federation.links import LinkView


def _new(event: Event, key: str, what: object) -> bool:
    """Is this other than what this subscriber was shown last? A repeat would tell of what they may not see:
    the person who said the phrase for danger must notice nothing (bots/pressed.py)."""
    now = hash(repr(what))
    before, event.shown[key] = event.shown.get(key), now
    return before != now


async def _alarm(asking: Asking, event: Event, alarm: str) -> AlarmView | None:
    """The alarm that is called `alarm` here, when this event is about it."""
    found = await asking.ask(sentinel.one_alarm, event.key or alarm)
    if found is None and not event.key:
        found = await asking.ask(sentinel.my_alarm)
    return found if found is not None and found.id == alarm else None


class LiveSubscriptions:
    """Root fields. An event that this viewer may not see sends nothing."""

    alarm_changed = graphene.Field(
        AlarmType, description="An alarm that is mine, or that I was told of, began or changed."
    )
    timeline_grew = graphene.List(
        graphene.NonNull(TimelineStep),
        description="What happened in one alarm: first everything so far, then each new step.",
        alarm=graphene.Argument(graphene.ID, required=True, description="Which alarm."),
    )
    link_changed = graphene.Field(Link, description="A link began, changed or was heard again.")

    @staticmethod
    async def resolve_alarm_changed(event: Event, info: GraphQLResolveInfo) -> AlarmView | None:
        """As it is now; nothing when subscribing."""
        found = await of(info).ask(sentinel.one_alarm, event.key) if event.key else None
        return found if found is not None and _new(event, found.id, found) else None

    @staticmethod
    async def resolve_timeline_grew(
        event: Event, info: GraphQLResolveInfo, alarm: str
    ) -> tuple[Moment, ...] | None:
        """What is new. Raises NotYours when subscribing to what is not theirs."""
        found = await _alarm(of(info), event, alarm)
        if found is None:
            if not event.key:
                raise NotYours
            return None
        seen, event.shown["steps"] = event.shown.get("steps", 0), len(found.story)
        return found.story[seen:] or None

    @staticmethod
    async def resolve_link_changed(event: Event, info: GraphQLResolveInfo) -> LinkView | None:
        """As it is now; nothing when subscribing."""
        if not event.key:
            return None
        every: tuple[LinkView, ...] = await of(info).ask(links.links)
        found = next((one for one in every if one.network == event.key), None)
        return found if found is not None and _new(event, found.network, found) else None


class Subscription(LiveSubscriptions, graphene.ObjectType):
    """What can be watched over a WebSocket with the protocol graphql-transport-ws, by trusted documents."""
