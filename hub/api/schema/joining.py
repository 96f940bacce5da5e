"""Coming in on the page, after the code: the end of the questions, and a chat account for who wants one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene

from directory import audit, joining, words
from directory.core.text import say
from directory.refusals import BadAnswer, NeedsWord, NotYours
from directory.store import bindings
from directory.turn import Turn
from hub.accounts import ChatAccount
from hub.api.asking import Asking
from hub.api.schema.acts import act
from hub.trouble import Trouble

NO_ACCOUNTS = say("This network makes no chat accounts. You can do everything on these pages.")
NOT_NOW = say("The account could not be made now. Please try again in a while.")


class ChatAccountType(graphene.ObjectType):
    """A chat account that was just made. It is shown in this answer and nowhere else."""

    class Meta:
        name = "ChatAccount"

    matrix_id = graphene.ID(required=True, description="The name to sign in with.")
    password = graphene.String(required=True, description="For the first sign-in; change it there.")
    homeserver = graphene.String(required=True, description="What the app asks for first.")


async def _finish(asking: Asking) -> None:
    await asking.ask(joining.finish, asking.turn.viewer.member or "")


async def _make(asking: Asking) -> Mapping[str, Any]:
    if asking.office.accounts is None:
        raise BadAnswer(NO_ACCOUNTS)
    await asking.ask(_allowed)
    try:
        made = await asking.office.accounts()
    except Trouble as trouble:
        raise BadAnswer(NOT_NOW) from trouble
    await asking.ask(_expect, made)
    return {"account": made}


async def _allowed(turn: Turn) -> None:
    """Only somebody without an account; with the word, once there is one: it opens what is told to them."""
    member = turn.viewer.member
    if member is None or await bindings.binding_of(turn.tx, member) is not None:
        raise NotYours
    if await words.has_word(turn, member) and not turn.viewer.gave_word(turn.now):
        raise NeedsWord
    await joining.may_expect(turn)


async def _expect(turn: Turn, made: ChatAccount) -> None:
    await joining.expect_account(turn, made.matrix_id)
    await audit.note(turn, "chat-account", turn.viewer.member)


class JoiningMutations:
    """Root fields."""

    finish_joining = act(
        "FinishJoining", "The questions are answered: ask whoever invited me whether it is me.", _finish
    )
    make_chat_account = act(
        "MakeChatAccount",
        "An account on this network's homeserver, with a random name. From a signed-in app, write: join",
        _make,
        gives={"account": graphene.Field(ChatAccountType, description="The account.")},
    )
