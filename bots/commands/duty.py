"""Being awake for others."""

from __future__ import annotations

from datetime import timedelta

from bots import duty as service
from bots.command import Arg, Args, Command, Talk
from bots.commands.checkins import when
from bots.core.folding import fold_word
from bots.saying import how_long, line_list
from bots.zones import zone_of
from directory.core.text import say
from directory.refusals import BadAnswer

ON = frozenset(("on", "start", "si", "inicio", "debut", "oui", "نعم", "ابدا", "بدء"))
OFF = frozenset(("off", "end", "no", "fin", "non", "لا", "انهاء", "نهايه"))
USUAL = timedelta(hours=8)


async def duty(talk: Talk, args: Args) -> None:
    """`duty on 8 h`, `duty off`, `duty`: who is awake."""
    first, _, rest = args.get("what", "").partition(" ")
    word = fold_word(first)
    if not first:
        await _who(talk)
    elif word in OFF:
        was = await service.off(talk.turn)
        await talk.reply(say("You are off duty. Rest well.") if was else say("You were not on duty."))
    else:
        await _on(talk, rest if word in ON else args["what"])


async def _on(talk: Talk, rest: str) -> None:
    until = talk.turn.now + USUAL
    if rest:
        moment, _ = when(rest, talk.turn.now, zone_of(talk.me.country))
        if moment is None:
            await talk.reply(say("Write for example: duty on 8 h"))
            return
        until = moment
    try:
        mine = await service.on(talk.turn, until)
    except BadAnswer as refused:
        await talk.reply(refused.text)
        return
    await talk.reply(
        say(
            "You are on duty for {span}. Keep your phone loud. Thank you.",
            span=how_long(until - mine.starts_at),
        )
    )


async def _who(talk: Talk) -> None:
    awake = await service.on_duty(talk.turn.tx, talk.turn.now)
    if not awake:
        await talk.reply(say("Nobody is on duty now. To begin, write: duty on 8 h"))
        return
    await talk.reply(line_list(say("{name} until {at}", name=one.handle, at=one.ends_at) for one in awake))


COMMANDS = (
    Command(
        "duty",
        {
            "en": ("duty",),
            "es": ("guardia", "turno"),
            "fr": ("garde", "permanence", "astreinte"),
            "ar": ("مناوبة", "المناوبة"),
        },
        say("duty on 8 h, duty off: be awake for others."),
        duty,
        (Arg("what", needed=False),),
    ),
)
