"""What needs two people: what waits, the second person's answer, and who may be one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from bots import seconding
from bots.desk import Desk
from bots.store import people
from directory import custodians
from directory.custodians import Custodian, Sheet
from directory.refusals import NotYours
from directory.turn import Turn
from hub.api.asking import Asking, of, said
from hub.api.schema.acts import act
from hub.api.schema.kinds import some


class SecondAsk(graphene.ObjectType):
    """One thing that waits for a second person."""

    id = graphene.ID(required=True, description="Send it back with the answer.")
    text = graphene.String(required=True, description="Who asks for what, in the viewer's language.")
    mine = graphene.Boolean(required=True, description="Did the viewer ask?")
    may_answer = graphene.Boolean(required=True, description="May the viewer be the second person?")
    network = graphene.String(description="The linked network that asks; empty for ours.")
    asked_network = graphene.String(description="The linked network that we asked.")
    ends_at = graphene.DateTime(required=True, description="When it is over, UTC.")
    resolve_text = staticmethod(said("text"))


class CustodianType(graphene.ObjectType):
    """Somebody who may be the second person."""

    class Meta:
        name = "Custodian"

    id = graphene.ID(required=True, description="For taking it away.")
    name = graphene.String(required=True, description="What they are called.")
    codes = graphene.Int(description="How many codes of the sheet are left; empty for a member.")


class CustodianSheet(graphene.ObjectType):
    """The codes of somebody outside. They are shown in this answer and nowhere else."""

    name = graphene.String(required=True, description="Whose.")
    codes = some(graphene.String, "Each works once, read aloud when they agree.")

    @staticmethod
    def resolve_codes(sheet: Sheet, _info: GraphQLResolveInfo) -> list[str]:
        """As they are printed."""
        return list(sheet.codes)


async def _answer(asking: Asking, ask: str, yes: bool) -> Mapping[str, Any]:
    return {"outcome": asking.say(await asking.ask(_answered, ask, yes))}


async def _answered(turn: Turn, ask: str, yes: bool) -> Any:
    return await seconding.answer(turn, ask, yes=yes)


async def _pass_on(desk: Desk, turn: Turn, ask: str, network: str) -> str:
    linked = [one for one in await people.linked(turn.tx) if network in (one.id, one.name)]
    if len(linked) != 1:
        raise NotYours
    return await seconding.pass_on(desk, turn, ask, linked[0].id)


async def _elsewhere(asking: Asking, ask: str, network: str) -> Mapping[str, Any]:
    return {"network": await asking.ask_bots(_pass_on, ask, network)}


async def _by_code(asking: Asking, ask: str, code: str) -> Mapping[str, Any]:
    return {"outcome": asking.say(await asking.ask(seconding.use_code, ask, code))}


async def _name(asking: Asking, handle: str | None = None, outside: str | None = None) -> Mapping[str, Any]:
    if handle:
        waits = await asking.ask(custodians.name_member, handle)
        return {"outcome": None if waits is None else asking.say(waits.text)}
    made = await asking.ask(custodians.name_outside, outside or "")
    outcome = None if made is None else asking.say(made.text)
    return {"sheet": made if isinstance(made, Sheet) else None, "outcome": outcome}


async def _end(asking: Asking, custodian: str) -> None:
    await asking.ask(custodians.end, custodian)


ASK = {"ask": graphene.ID(required=True, description="Which.")}
OUTCOME = {"outcome": graphene.String(description="What came of it, in the viewer's language.")}


class SecondingQueries:
    """Root fields."""

    second_asks = some(SecondAsk, "What waits for a second person and is for the viewer to see.")
    custodians = graphene.List(
        graphene.NonNull(CustodianType), description="Who may be the second person; for administrators."
    )

    @staticmethod
    async def resolve_second_asks(_root: Any, info: GraphQLResolveInfo) -> tuple[seconding.Shown, ...]:
        """The newest first."""
        return await of(info).ask(seconding.listed)

    @staticmethod
    async def resolve_custodians(_root: Any, info: GraphQLResolveInfo) -> tuple[Custodian, ...]:
        """All of them."""
        return await of(info).ask(custodians.everybody)


class SecondingMutations:
    """Root fields."""

    answer_second = act(
        "AnswerSecond",
        "As the second person: yes, which needs the word, or no.",
        _answer,
        takes={**ASK, "yes": graphene.Boolean(required=True, description="Do it, or leave it.")},
        gives=OUTCOME,
    )
    pass_to_network = act(
        "PassToNetwork",
        "Ask a linked network's coordinators to be the second person. They do not read about whom.",
        _elsewhere,
        takes={**ASK, "network": graphene.String(required=True, description="Its name or id.")},
        gives={"network": graphene.String(description="The name of the network that is asked now.")},
    )
    confirm_by_code = act(
        "ConfirmByCode",
        "Type the code that a custodian outside reads aloud.",
        _by_code,
        takes={**ASK, "code": graphene.String(required=True, description="As it was read.")},
        gives=OUTCOME,
    )
    name_custodian = act(
        "NameCustodian",
        "Name somebody who may be the second person: a member, or somebody outside who gets a sheet.",
        _name,
        takes={
            "handle": graphene.String(description="A member."),
            "outside": graphene.String(description="What you call somebody who is no member."),
        },
        gives={**OUTCOME, "sheet": graphene.Field(CustodianSheet, description="For somebody outside.")},
        word=True,
    )
    end_custodian = act(
        "EndCustodian",
        "They are asked no more, and their sheet is paper.",
        _end,
        takes={"custodian": graphene.ID(required=True, description="Which.")},
        word=True,
    )
