"""(a) the link, (b) the list of organisations."""

from __future__ import annotations

import asyncio
import base64
from functools import partial
from importlib import resources
from typing import Any

from hub.demo.stage import NetworkOnStage, Stage
from hub.demo.steps.watching import link_of, must, observed


async def link(stage: Stage) -> str:
    """Invite, accept, compare words on both sides, propose, sign twice; each side sees the other's step."""
    a, b = stage.a, stage.b
    code = (await a.act("InviteNetwork"))["code"]
    await b.act("AcceptNetwork", code=code)
    await observed("Tejido sees the proposal", lambda: _words(a))
    ours = await observed("Minga sees safety words", lambda: _words(b))
    theirs = await _words(a)
    must(len(ours) == len(theirs) >= 8, "both sides have the same number of safety words")
    await _both(stage, "ConfirmSafetyWords")
    await observed("both compared", lambda: _state(a, wordsOkHere=True, wordsOkThere=True))
    await a.act(
        "ProposeAgreement",
        network=b.network_id,
        kinds=["person", "organisation", "bot"],
        months=12,
        answerAlarms=True,
        theyAnswerAlarms=True,
    )
    await observed("Minga reads the draft", lambda: _state(b, draft=True))
    await _both(stage, "SignAgreement")
    for network in (a, b):
        await observed("both signed", partial(_state, network, signedHere=True, signedThere=True))
    state = (await link_of(a))["stateText"]
    return f"both see {len(ours)} safety words and one agreement, signed twice; the link is “{state}”"


async def list_organisations(stage: Stage) -> str:
    """A dry run, the import, and a second import that changes nothing; then a search finds them."""
    text = resources.files("hub.demo").joinpath("organisations.csv").read_text(encoding="utf-8")
    a = stage.a
    stage.call()
    dry = await _import(a, text, dry_run=True)
    done = await _import(a, text, dry_run=False)
    again = await _import(a, text, dry_run=False)
    must(dry["added"] == done["added"] > 40, "the dry run said what the import then did")
    must(again["added"] == 0 and again["changed"] == 0, "the same table twice changes nothing")
    kinds: dict[str, int] = {}
    for finding in done["findings"]:
        kinds[finding["kind"]] = kinds.get(finding["kind"], 0) + 1
    question = {"issues": ["land and territory"], "regions": ["Guatemala"]}
    found: Any = await a.ask("FindAllies", question=question, first=50)
    must(len(found["findAllies"]["edges"]) > 3, "a search finds what was listed")
    counted = ", ".join(f"{count} {kind.lower().replace('_', ' ')}" for kind, count in sorted(kinds.items()))
    return f"{done['added']} organisations listed ({counted}); a second import changed nothing"


async def _import(network: NetworkOnStage, text: str, *, dry_run: bool) -> dict[str, Any]:
    data = base64.b64encode(text.encode()).decode()
    payload: Any = await network.act("ImportOrganisations", data=data, source="demo table", trial=dry_run)
    return dict(payload["report"])


async def _both(stage: Stage, operation: str) -> None:
    """Two administrators at once, as on the telephone."""
    pairs = ((stage.a, stage.b), (stage.b, stage.a))
    await asyncio.gather(*(one.act(operation, network=other.network_id) for one, other in pairs))


async def _words(network: NetworkOnStage) -> list[str]:
    return list((await link_of(network)).get("safetyWords") or [])


async def _state(network: NetworkOnStage, **wanted: bool) -> bool:
    found = await link_of(network)
    return all(bool(found.get(name)) is value for name, value in wanted.items())
