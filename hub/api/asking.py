"""What a resolver is handed: one turn, used by one service at a time, and a reader with a language."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from graphql import GraphQLResolveInfo

from bots.desk import Desk
from directory.core.text import Text
from directory.languages import render
from directory.turn import Turn
from directory.vocabulary import Vocabulary
from hub.accounts import MakeAccount
from hub.api.open_queries.bounded import Budget
from hub.importing import Report, Wish

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Office:
    """What resolvers need of the hub besides their turn; hub/node.py gives it.

    `address` is what people type before a path, without a slash at the end, "" while it is not known;
    `later` puts a named piece of background work ("reach") into the turn, done once it is committed;
    `import_table` reads and keeps a table in a niced child.
    """

    desk: Desk
    address: Callable[[], str]
    later: Callable[[Turn, str], Awaitable[None]]
    import_table: Callable[[bytes, Wish], Awaitable[Report]]
    accounts: MakeAccount | None = None
    """Makes chat accounts for people, where the homeserver is ours."""


@dataclass(slots=True)
class Asking:
    """The context of one execution.

    graphql-core resolves sibling fields at the same time, but a transaction belongs to one statement at a
    time: services are called through `ask`, one after the other.
    """

    turn: Turn
    office: Office
    refused: bool = False
    """Set when a mutation was refused: nothing of this turn may be kept."""
    budget: Budget = field(default_factory=Budget)
    """What an open query may still resolve; trusted documents are not counted."""
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ask(
        self, service: Callable[Concatenate[Turn, P], Awaitable[R]], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Call a service with this turn, alone."""
        async with self._one_at_a_time:
            return await service(self.turn, *args, **kwargs)

    async def ask_bots(
        self, service: Callable[Concatenate[Desk, Turn, P], Awaitable[R]], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Call a service of the bots, which is handed their desk as well."""
        async with self._one_at_a_time:
            return await service(self.office.desk, self.turn, *args, **kwargs)

    @property
    def vocabulary(self) -> Vocabulary:
        """Issues, regions, languages and offers of this network."""
        return self.office.desk.vocabulary

    def say(self, text: Text) -> str:
        """A Text in the viewer's language."""
        return render(text, self.turn.viewer.locale)


def of(info: GraphQLResolveInfo) -> Asking:
    """The asking behind a resolver's `info`."""
    return cast(Asking, info.context)


def said(name: str) -> Callable[[Any, GraphQLResolveInfo], str | None]:
    """A resolver that renders the source's Text attribute `name`."""

    def resolve(source: Any, info: GraphQLResolveInfo) -> str | None:
        text = getattr(source, name)
        return None if text is None else of(info).say(text)

    return resolve
