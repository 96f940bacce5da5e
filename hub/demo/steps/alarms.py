"""(f) an alarm climbs its ladder, (f2) one is stopped unheard, (g) a missed check-in escalates by itself."""

from __future__ import annotations

import asyncio
from typing import Any

from hub.demo.stage import Actor, Stage
from hub.demo.steps.watching import must, observed

WHAT = "Me siguen dos hombres desde el mercado"


async def raise_and_take(stage: Stage) -> str:
    """Circle silent, coordinators silent, then the one network she named; “I have it” stops the ladder."""
    ixchel, tomas = stage.actors["ixchel"], stage.actors["tomas"]
    await _plan(stage)
    for actor in stage.actors.values():
        actor.forget()
    await ixchel.tell(f"alarma {WHAT}")
    for name in ("nadia", "celestin"):
        rung = await stage.actors[name].hear(wanted=lambda heard: heard.wakes)
        must(WHAT in rung.body, f"{name} of the circle read what happened")
    woken = await tomas.hear(60, wanted=lambda heard: heard.wakes)
    must(WHAT not in woken.body, "a linked network reads the kind of help, not the words")
    answer = await tomas.tell("1")
    relief = await ixchel.hear(wanted=lambda heard: "tomas" in heard.body)
    await stage.actors["nadia"].hear(wanted=lambda heard: "tomas" in heard.body)
    taken = await observed("the ladder stands still", lambda: _state(stage, "taken"))
    must(answer and taken, "he has it")
    return f"the circle and Tejido's responder were woken; Ixchel reads: “{relief.body.splitlines()[0]}”"


async def stop_unheard(stage: Stage) -> str:
    """Within her window, with her word; the circle and Tejido hear nothing at all."""
    ixchel = stage.actors["ixchel"]
    await ixchel.tell(f"a salvo {ixchel.part.word}")
    await observed("the first alarm is over", lambda: _state(stage, ""))
    await ixchel.tell("plan ventana 20 s")
    await observed("everyone heard that she is safe", lambda: _heard_all(stage))
    others = [stage.actors[name] for name in ("nadia", "celestin", "tomas")]
    for actor in others:
        actor.forget()
    ixchel.forget()
    await ixchel.tell("alarma")
    stopped = await ixchel.tell(f"cancelar {ixchel.part.word}")
    await asyncio.gather(*map(_heard_nothing, others))
    await observed("no alarm is open", lambda: _state(stage, ""))
    return f"she reads “{stopped.splitlines()[0]}”, and three others heard nothing"


async def _heard_nothing(actor: Actor) -> None:
    # What they are asked now comes after anything that was sent to them before: order in a room holds.
    await actor.app.say(actor.room, "status")
    await actor.hear()
    must(not any(heard.wakes for heard in actor.app.heard.all()), f"{actor.part.handle} heard of it")


async def miss_check_in(stage: Stage) -> str:
    """Planned in seconds, reminded, not answered: the circle is woken without anybody doing anything."""
    ixchel = stage.actors["ixchel"]
    for actor in stage.actors.values():
        actor.forget()
    await ixchel.tell("aviso en 3 s, regreso del mercado")
    rung = await stage.actors["nadia"].hear(60, wanted=lambda heard: heard.wakes)
    await ixchel.tell(f"ok {ixchel.part.word}")
    await observed("the alarm of the missed check-in is over", lambda: _state(stage, ""))
    return f"nobody answered, so Nadia was woken: “{rung.body.splitlines()[0]}”"


async def _plan(stage: Stage) -> None:
    ixchel = stage.actors["ixchel"]
    circle = [stage.actors[name] for name in ("nadia", "celestin")]
    for actor in circle:
        actor.forget()
    await ixchel.tell("círculo nadia celestin")
    await asyncio.gather(*map(_agree, circle))
    await ixchel.tell("plan redes Tejido")
    await ixchel.tell("plan ventana 0")


async def _agree(actor: Actor) -> None:
    await actor.hear()
    await actor.tell("1")


async def _state(stage: Stage, wanted: str) -> bool:
    """The state of the one open alarm at Minga, "" when none is open."""
    today: Any = await stage.b.ask("Today")
    states = [alarm["state"].lower() for alarm in today["openAlarms"]]
    return states == ([wanted] if wanted else [])


async def _heard_all(stage: Stage) -> bool:
    circle: list[Actor] = [stage.actors[name] for name in ("nadia", "celestin")]
    return all(actor.app.heard.all() for actor in circle)
