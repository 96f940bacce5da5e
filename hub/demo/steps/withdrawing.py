"""(i) a withdrawal that can be proved."""

from __future__ import annotations

from typing import Any

from hub.demo.stage import NetworkOnStage, Stage
from hub.demo.steps.allies import finds, inside
from hub.demo.steps.watching import link_of, must, observed


async def withdraw(stage: Stage) -> str:
    """She says no; Tejido confirms, both ledgers show it, and nothing of her is left there."""
    ixchel = stage.actors["ixchel"]
    await ixchel.tell("no Tejido")
    given = await observed(
        "Minga's ledger shows the receipt", lambda: _withdrawn(stage.b, confirmed=True), 60
    )
    held = await observed("Tejido's ledger shows the withdrawal", lambda: _withdrawn(stage.a), 30)
    must(not await finds(stage.a, "ixchel"), "Tejido's search does not find her")
    left = await inside(stage.a, "ixchel", ixchel.app.user_id)
    must(not left, f"nothing of her is in Tejido's database, but: {left}")
    receipt, noted = given["withdrawalConfirmedAt"], held["withdrawnAt"]
    return f"receipt at {receipt}; Tejido noted it at {noted} and holds nothing of her"


async def _withdrawn(network: NetworkOnStage, *, confirmed: bool = False) -> Any:
    rows = (await link_of(network)).get("ledger") or []
    wanted = "withdrawalConfirmedAt" if confirmed else "withdrawnAt"
    return next((row for row in rows if row[wanted]), None)
