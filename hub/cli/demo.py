"""`ayni demo`: two networks on this machine play the whole story, then stay up to be looked at."""

from __future__ import annotations

import asyncio
import signal
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from hub.cli.frame import Exit, err, example, out, show_json
from hub.demo.cast import IXCHEL, NETWORKS, PEOPLE, TOMAS
from hub.demo.folder import begin_anew
from hub.demo.story import Outcome, Played, Step, play
from hub.embedded.child import Log
from hub.growing import Stem
from hub.loading import loading, settled

if TYPE_CHECKING:
    from hub.demo.stage import NetworkOnStage, Stage

DEMO_EXAMPLE = example("ayni demo --once --json")
MARKS = {
    Outcome.OK: "[green]✓[/green]",
    Outcome.FAILED: "[red]✗[/red]",
    Outcome.NOT_YET: "[yellow]·[/yellow]",
}
Folder = Annotated[Path, typer.Option("--data", help="A folder of the demo's own; emptied at every start.")]


def demo(
    data: Folder = Path(".demo"),
    once: Annotated[bool, typer.Option("--once", help="Leave after the story.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a step.")] = False,
) -> None:
    """Start two networks with everything they need, play the story, and stay up to be looked at."""
    begin_anew(data)
    ok = asyncio.run(_run(data.absolute(), once=once, as_json=as_json))
    if not ok:
        raise typer.Exit(Exit.TROUBLE)


async def _run(data: Path, *, once: bool, as_json: bool) -> bool:
    began = time.perf_counter()
    stem = Stem(Log(data / "logs" / "stem.log"))
    await stem.begin()  # it loads what the networks' programs need while we load the story
    try:
        return await _play(data, stem, began, once=once, as_json=as_json)
    finally:
        await stem.end()


async def _play(data: Path, stem: Stem, began: float, *, once: bool, as_json: bool) -> bool:
    loading()
    from hub.demo.stage import stage
    from hub.demo.steps import STORY

    settled()
    task = asyncio.current_task()
    assert task is not None
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, task.cancel)
    console = err if as_json else out
    try:
        async with stage(data, NETWORKS, PEOPLE, partial(_progress, console), stem) as standing:
            played = await play(
                STORY,
                standing,
                lambda step: _tell(step, as_json),
                lambda one: _done(one, as_json),
            )
            took = time.perf_counter() - began
            ok = all(one.ok for one in played)
            console.print(f"\n{_summary(played)}, {took:.0f} s in all.")
            if not once:
                await _stay(standing, console)
                await asyncio.Event().wait()
            return ok
    except asyncio.CancelledError:
        console.print("Ended.")
        return False


def _progress(console: Console, line: str) -> None:
    console.print(f"  {escape(line)}")


def _tell(step: Step, as_json: bool) -> None:
    if not as_json:
        out.print(f"[bold]({step.letter})[/bold] {escape(step.name)} …")


def _done(played: Played, as_json: bool) -> None:
    if as_json:
        show_json(played.as_json())
        return
    out.print(f"    {MARKS[played.outcome]} {escape(played.evidence)}  [dim]{played.seconds:.1f} s[/dim]")


def _summary(played: list[Played]) -> str:
    counts = {outcome: sum(one.outcome is outcome for one in played) for outcome in Outcome}
    parts = [f"{counts[Outcome.OK]} of {len(played)} steps observed"]
    if counts[Outcome.FAILED]:
        parts.append(f"{counts[Outcome.FAILED]} failed")
    if counts[Outcome.NOT_YET]:
        parts.append(f"{counts[Outcome.NOT_YET]} not yet")
    return ", ".join(parts)


async def _stay(standing: Stage, console: Console) -> None:
    """Addresses with one-time links, and how to chat."""
    people: dict[str, tuple[str, ...]] = {"a": ("marisol", TOMAS.handle), "b": ("amina", IXCHEL.handle)}
    console.print("\nTwo networks are up. Each link opens once:")
    for letter, handles in people.items():
        network = standing.networks[letter]
        for handle in handles:
            what = "administrator and coordinator" if handle == network.part.administrator else "member"
            console.print(
                f"  {network.part.name}, {what} {handle}: [bold]{await _link(network, handle)}[/bold]"
            )
        console.print(f"    their word: {escape(_word(standing, letter))}")
    profile = standing.folder / "people" / f"{IXCHEL.handle}.json"
    console.print(f"\nTo chat with the bot: [bold].venv/bin/ayni chat --profile {profile}[/bold]")
    console.print("Ctrl-C ends everything.")
    await asyncio.gather(*(actor.app.close() for actor in standing.actors.values()))
    standing.actors.clear()


async def _link(network: NetworkOnStage, handle: str) -> str:
    made: Any = await network.act("MakeLoginLink", handle=handle)
    return str(made["url"])


def _word(standing: Stage, letter: str) -> str:
    member = next(p for p in (TOMAS, IXCHEL) if p.network == letter)
    part = standing.networks[letter].part
    return f"{part.administrator} “{part.word}”, {member.handle} “{member.word}”"
