"""(h) whom the network reaches."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from hub.demo.stage import NetworkOnStage, Stage
from hub.demo.steps.watching import must, observed


async def reach(stage: Stage) -> str:
    """Each network makes a release in the background; small numbers are nowhere in it."""
    return "; ".join(await asyncio.gather(*map(_seen, (stage.a, stage.b))))


async def _seen(network: NetworkOnStage) -> str:
    before = await _release(network)
    await network.act("MakeRelease")
    release = await observed("a release was made", partial(_newer, network, before), 40)
    cells = [cell for table in release["tables"] for row in table["rows"] for cell in row["cells"]]
    numbers = [cell["number"] for cell in cells if cell["number"] is not None]
    hidden = [cell for cell in cells if cell["number"] is None]
    must(all(number == 0 or number >= 10 for number in numbers), "no number under ten is shown")
    must(hidden, "small numbers are hidden, and say so")
    return f"{network.part.name}: {len(numbers)} numbers shown, {len(hidden)} hidden"


async def _release(network: NetworkOnStage) -> Any:
    return (await network.ask("Reach"))["reach"]


async def _newer(network: NetworkOnStage, before: Any) -> Any:
    release = await _release(network)
    return release if release and (not before or release["madeAt"] != before["madeAt"]) else None
