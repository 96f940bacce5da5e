"""Mutations, described: a name, what it takes, what it gives, and the service that does it.

Every mutation has one `input` and a payload with `errors`: what stood in the way is data, in the viewer's
language. After a refusal nothing of the turn is kept.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from directory.core.text import Text, say
from directory.refusals import BadAnswer, NeedsWord, Refusal
from hub.api.asking import Asking, of
from hub.api.names import code_of

FIXES: Mapping[str, Text] = {
    "NEEDS_WORD": say("Give your word in the same form."),
    "WRONG_WORD": say("Try again. After five wrong tries, wait ten minutes."),
    "NOT_YOURS": say("Go back to the list and choose again."),
    "TOO_MANY": say("Wait until some of it is answered."),
}


class UserError(graphene.ObjectType):
    """Something a person can put right."""

    code = graphene.String(required=True, description="Stable name, for programs.")
    message = graphene.String(required=True, description="What was wrong, in the viewer's language.")
    field = graphene.String(description="Which input it is about, when it is one.")
    fix = graphene.String(description="What to do about it, when there is more to say.")


@dataclass(frozen=True, slots=True)
class Problem:
    """An expected outcome that is not a success, yet whose writes are kept (a wrong word counts as a try)."""

    code: str
    text: Text


Do = Callable[..., Awaitable[Mapping[str, Any] | Problem | None]]


def act(
    name: str,
    about: str,
    do: Do,
    *,
    takes: Mapping[str, Any] | None = None,
    gives: Mapping[str, Any] | None = None,
    word: bool = False,
) -> graphene.Field:
    """A mutation field. `do(asking, **input)` answers the payload's fields, a Problem, or raises a Refusal.

    `word`: a member must have given their word within five minutes (DESIGN 6); machines and the technician
    have no word and are held by roles and scopes alone.
    """
    payload = type(
        f"{name}Payload",
        (graphene.ObjectType,),
        {
            "__doc__": f"What {name[0].lower()}{name[1:]} answers.",
            **(gives or {}),
            "errors": graphene.List(
                graphene.NonNull(UserError), required=True, description="Empty when it was done."
            ),
        },
    )
    arguments: dict[str, Any] = {}
    if takes:
        kind = type(f"{name}Input", (graphene.InputObjectType,), {"__doc__": f"For {name}.", **takes})
        arguments["input"] = graphene.Argument(kind, required=True, description="What to do it with.")
    return graphene.Field(payload, resolver=_resolver(do, word), description=about, args=arguments)


def _resolver(do: Do, word: bool) -> Callable[..., Awaitable[Mapping[str, Any]]]:
    async def resolve(
        _root: Any, info: GraphQLResolveInfo, input: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        asking = of(info)
        try:
            if (
                word
                and asking.turn.viewer.member is not None
                and not asking.turn.viewer.gave_word(asking.turn.now)
            ):
                raise NeedsWord
            answered = await do(asking, **dict(input or {}))
        except Refusal as refusal:
            asking.refused = True
            field = refusal.field if isinstance(refusal, BadAnswer) else None
            return {"errors": [_error(asking, code_of(refusal), refusal.text, field)]}
        if isinstance(answered, Problem):
            return {"errors": [_error(asking, answered.code, answered.text)]}
        return {"errors": [], **(answered or {})}

    return resolve


def _error(asking: Asking, code: str, text: Text, field: str | None = None) -> dict[str, str | None]:
    fix = FIXES.get(code)
    return {
        "code": code,
        "message": asking.say(text),
        "field": field or None,
        "fix": None if fix is None else asking.say(fix),
    }
