"""The first days for somebody held or missing: what runs, its steps, wishes, and who could be seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from bots import planning, playbook_runs, playbook_views, recipes, seen_from
from bots.playbook_views import MOMENTS, RunView
from bots.seen_from import Seen
from bots.store.actions import Moment
from bots.store.playbook_steps import Report
from directory.core.text import say
from hub.api.asking import Asking, of, said
from hub.api.schema.acts import act
from hub.api.schema.kinds import some


class StepReport(graphene.ObjectType):
    """What somebody noted about a step."""

    who = graphene.String(required=True, description="Handle.")
    text = graphene.String(required=True, description="In their words.")
    at = graphene.DateTime(required=True, description="When, UTC.")

    @staticmethod
    def resolve_at(report: Report, _info: GraphQLResolveInfo) -> datetime:
        """When."""
        return datetime.fromisoformat(report.at)


class PlaybookStep(graphene.ObjectType):
    """One step."""

    key = graphene.ID(required=True, description="Its key in the playbook.")
    number = graphene.Int(required=True, description="As it is counted in chat.")
    title = graphene.String(required=True, description="What, in the viewer's language.")
    text = graphene.String(required=True, description="How.")
    state = graphene.String(required=True, description="open, taken or done.")
    state_text = graphene.String(required=True, description="The same in words.")
    holder = graphene.String(required=True, description="Who has it; empty: nobody.")
    due_at = graphene.DateTime(required=True, description="Until when, UTC.")
    overdue = graphene.Boolean(required=True, description="Is its time over?")
    sources = graphene.Int(required=True, description="How many sources make it done.")
    reports = some(StepReport, "What was found out.")
    mine = graphene.Boolean(required=True, description="Do I have it?")
    open_to_me = graphene.Boolean(required=True, description="May I take it?")

    resolve_title = staticmethod(said("title"))
    resolve_text = staticmethod(said("text"))
    resolve_state_text = staticmethod(said("state_text"))


class PlaybookConsent(graphene.ObjectType):
    """What only the person decides, or whom they named for it."""

    key = graphene.ID(required=True, description="Its key in the playbook.")
    title = graphene.String(required=True, description="The question.")
    option = graphene.String(required=True, description="What holds now.")
    option_text = graphene.String(required=True, description="The same in words.")
    said_by = graphene.String(required=True, description="Who said so; empty: nobody, it holds unsaid.")
    options = graphene.List(graphene.NonNull(graphene.String), required=True, description="What there is.")
    may_settle = graphene.Boolean(required=True, description="Was I named to say it?")

    resolve_title = staticmethod(said("title"))
    resolve_option_text = staticmethod(said("option_text"))


class PlaybookMoment(graphene.ObjectType):
    """One thing that happened."""

    at = graphene.DateTime(required=True, description="When, UTC.")
    text = graphene.String(required=True, description="What, in the viewer's language.")
    who = graphene.String(required=True, description="Handle.")

    @staticmethod
    def resolve_text(moment: Moment, info: GraphQLResolveInfo) -> str:
        """What, and with which step."""
        asking, what = of(info), moment.note.get("what")
        done = asking.say(MOMENTS.get(moment.step, say("something happened")))
        return f"{done}: {asking.say(say(what))}" if what else done

    @staticmethod
    def resolve_who(moment: Moment, _info: GraphQLResolveInfo) -> str:
        """Who."""
        return moment.note.get("who", "")


class PlaybookRun(graphene.ObjectType):
    """A playbook that runs for somebody."""

    id = graphene.ID(required=True, description="Opaque.")
    title = graphene.String(required=True, description="Which playbook.")
    handle = graphene.String(required=True, description="For whom.")
    opened_at = graphene.DateTime(required=True, description="Since when, UTC.")
    next_at = graphene.DateTime(description="When people are reminded next, UTC.")
    steps = some(PlaybookStep, "What is to be done; the circle sees its own.")
    consents = some(PlaybookConsent, "Their wishes.")
    timeline = some(PlaybookMoment, "What happened; for coordinators.")

    resolve_title = staticmethod(said("title"))


class PlaybookName(graphene.ObjectType):
    """A playbook that can be opened."""

    key = graphene.ID(required=True, description="Its file's name.")
    title = graphene.String(required=True, description="What it is for.")


class Wish(graphene.ObjectType):
    """What I want if I am ever held or missing."""

    wish = graphene.String(required=True, description="quiet, public or ask.")
    proxy = graphene.String(required=True, description="Who says it then, with ask.")


class SeenPerson(graphene.ObjectType):
    """Somebody who could be seen from a device."""

    name = graphene.String(required=True, description="Handle, or the network of somebody elsewhere.")
    how = graphene.String(required=True, description="How they are tied to the person.")

    resolve_how = staticmethod(said("how"))


async def _open(asking: Asking, handle: str, playbook: str = "arrest") -> Mapping[str, Any]:
    return {"run": await asking.ask(playbook_runs.open_for, playbook, handle)}


async def _take(asking: Asking, run: str, step: str) -> None:
    await asking.ask(playbook_runs.take, run, step)


async def _hand(asking: Asking, run: str, step: str, handle: str) -> None:
    await asking.ask(playbook_runs.hand, run, step, handle)


async def _report(asking: Asking, run: str, step: str, done: bool, note: str = "") -> Mapping[str, Any]:
    return {"missing": await asking.ask(playbook_runs.report, run, step, note or "", done=done)}


async def _settle(asking: Asking, run: str, consent: str, option: str) -> None:
    await asking.ask(playbook_runs.settle, run, consent, option)


async def _close(asking: Asking, run: str) -> None:
    await asking.ask(playbook_runs.close, run)


async def _wish(asking: Asking, wish: str, proxy: str = "") -> None:
    await asking.ask_bots(planning.set_wish, wish, proxy or "")


class PlaybookQueries:
    """Root fields."""

    playbooks = some(PlaybookName, "What can be opened.")
    playbook_runs = graphene.List(
        graphene.NonNull(PlaybookRun), description="What runs and I may see, the newest first."
    )
    my_wish = graphene.Field(Wish, description="What I said beforehand.")
    seen_from = graphene.List(
        graphene.NonNull(SeenPerson),
        description="Who could be seen from somebody's device.",
        handle=graphene.String(required=True, description="Whose device."),
    )

    @staticmethod
    def resolve_playbooks(_root: Any, info: GraphQLResolveInfo) -> list[Mapping[str, str]]:
        """By their files."""
        asking = of(info)
        return [{"key": key, "title": asking.say(say(one.title))} for key, one in recipes.known().items()]

    @staticmethod
    async def resolve_playbook_runs(_root: Any, info: GraphQLResolveInfo) -> tuple[RunView, ...]:
        """What the viewer may see."""
        return await of(info).ask(playbook_views.runs)

    @staticmethod
    async def resolve_my_wish(_root: Any, info: GraphQLResolveInfo) -> planning.Wish:
        """The viewer's own."""
        return await of(info).ask(planning.my_wish)

    @staticmethod
    async def resolve_seen_from(_root: Any, info: GraphQLResolveInfo, handle: str) -> tuple[Seen, ...]:
        """For coordinators."""
        return await of(info).ask(seen_from.seen_from, handle)


RUN = graphene.ID(required=True, description="Which run.")
STEP = graphene.ID(required=True, description="Which step, by its key.")


class PlaybookMutations:
    """Root fields."""

    open_playbook = act(
        "OpenPlaybook",
        "Begin a playbook for somebody; one that runs already stays the same.",
        _open,
        takes={
            "handle": graphene.String(required=True, description="For whom."),
            "playbook": graphene.String(description="Which; arrest unless said."),
        },
        gives={"run": graphene.ID(description="What runs now.")},
        word=True,
    )
    take_step = act("TakeStep", "I do this.", _take, takes={"run": RUN, "step": STEP})
    hand_step = act(
        "HandStep",
        "Somebody else does it; they are woken.",
        _hand,
        takes={"run": RUN, "step": STEP, "handle": graphene.String(required=True, description="Whom.")},
    )
    report_step = act(
        "ReportStep",
        "Note something about a step, or that it is done.",
        _report,
        takes={
            "run": RUN,
            "step": STEP,
            "note": graphene.String(description="What was found out, and from whom."),
            "done": graphene.Boolean(required=True, description="Done, or a note."),
        },
        gives={"missing": graphene.Int(description="How many sources are still missing.")},
    )
    settle_wish = act(
        "SettleWish",
        "What the person wishes, by whom they named for it.",
        _settle,
        takes={
            "run": RUN,
            "consent": graphene.ID(required=True, description="Which."),
            "option": graphene.String(required=True, description="One of its options."),
        },
    )
    close_playbook = act("ClosePlaybook", "Nothing is left to do.", _close, takes={"run": RUN}, word=True)
    set_wish = act(
        "SetWish",
        "Say beforehand what I want if I am ever held or missing.",
        _wish,
        takes={
            "wish": graphene.String(required=True, description="quiet, public or ask."),
            "proxy": graphene.String(description="With ask: who of my circle says it then."),
        },
    )
