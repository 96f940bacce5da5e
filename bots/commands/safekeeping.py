"""When a device is lost or somebody may be held: close it, vouch for the way back, hold an entry back."""

from __future__ import annotations

from bots import freezing, losing
from bots.command import Arg, Args, Command, Talk
from bots.commands.keeping import ask_word
from bots.kinds import HANDLE
from directory.core.text import say


async def lost(talk: Talk, args: Args) -> None:
    """`lost` for oneself, `lost NAME` for somebody of whose circle one is."""
    handle = args.get("handle") or talk.me.handle
    await losing.lost(talk.turn, handle)
    await talk.reply(say("The device of {name} is closed. Ring them another way.", name=handle))


async def vouch(talk: Talk, args: Args) -> None:
    """`vouch NAME`, after having spoken with them."""
    code = await losing.vouch(talk.turn, args["handle"])
    if code is None:
        await talk.reply(say("Thank you. One more person of their circle has to vouch within a day."))
        return
    await talk.reply(
        say("Thank you. Tell them, by voice, to write from the new device: join {code}", code=code.typed)
    )


async def freeze(talk: Talk, args: Args) -> None:
    """`freeze NAME`."""
    await freezing.freeze(talk.turn, args["handle"])
    await talk.reply(say("Their entry is held back for 72 hours. What concerns them goes on."))


async def keep(talk: Talk, args: Args) -> None:
    """`keep NAME`, with the word."""
    await ask_word(talk, "keep", args)


async def lift(talk: Talk, args: Args) -> None:
    """`lift NAME`, with the word."""
    await ask_word(talk, "lift", args)


async def back(talk: Talk, args: Args) -> None:
    """`back NAME`: a coordinator who has rung them makes the code for the new device."""
    await ask_word(talk, "back", args)


_WHO = (Arg("handle", HANDLE),)

COMMANDS = (
    Command(
        "lost",
        {
            "en": ("lost", "stolen"),
            "es": ("perdido", "robado", "perdí"),
            "fr": ("perdu", "volé"),
            "ar": ("مفقود", "ضاع", "سرق"),
        },
        say("lost and a name: close a device that is gone; your own without a name."),
        lost,
        (Arg("handle", HANDLE, needed=False),),
    ),
    Command(
        "vouch",
        {"en": ("vouch",), "es": ("respondo por", "avalar"), "fr": ("garant",), "ar": ("أشهد", "شهادة")},
        say("vouch and a name: you spoke with them, it is them on a new device."),
        vouch,
        _WHO,
        lowers=True,
        rare=True,
    ),
    Command(
        "freeze",
        {
            "en": ("freeze",),
            "es": ("congelar", "retener"),
            "fr": ("geler", "retenir"),
            "ar": ("تجميد", "جمد"),
        },
        say("freeze and a name: hold an entry back when you fear for somebody."),
        freeze,
        _WHO,
        rare=True,
    ),
    Command(
        "keep",
        {"en": ("keep",), "es": ("mantener",), "fr": ("maintenir",), "ar": ("إبقاء",)},
        say("keep and a name: hold it back for longer."),
        keep,
        _WHO,
        rare=True,
    ),
    Command(
        "lift",
        {"en": ("lift",), "es": ("liberar", "soltar"), "fr": ("libérer",), "ar": ("رفع",)},
        say("lift and a name: let an entry free again."),
        lift,
        _WHO,
        lowers=True,
        rare=True,
    ),
    Command(
        "back",
        {"en": ("back",), "es": ("volver",), "fr": ("retour",), "ar": ("عودة",)},
        say("back and a name: you rang them; a code for their new device."),
        back,
        _WHO,
        lowers=True,
        rare=True,
    ),
)
