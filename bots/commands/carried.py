"""People without a phone, in chat: whose entry I look after, a new one, and a yes that was given again."""

from __future__ import annotations

from bots import proxies
from bots.command import Arg, Args, Command, Talk
from bots.saying import line_list, lines
from directory import carried
from directory.carried import Carried
from directory.core.carried import MOST_MONTHS
from directory.core.handles import handle_key
from directory.core.text import Text, say
from directory.core.tongues import spoken
from directory.refusals import Refusal

HOW = say(
    "To enter somebody, or when they said yes again, write “without phone”, then their name, a comma, and how"
    " they said yes and who was there. It holds for six months. More is on your page."
)


async def without_phone(talk: Talk, args: Args) -> None:
    """`without phone`, or `without phone NAME, HOW THEY SAID YES`."""
    name, _, how = args.get("what", "").replace("،", ",").partition(",")
    found = [one for one in await carried.listed(talk.turn) if one.mine]
    if not how.strip():
        await talk.show(lines(line_list(map(_line, found)), HOW))
        return
    said = {"who": talk.me.handle, "how": how, "language": spoken(talk.me.locale)}
    try:
        consent = carried.consent_of(talk.turn, said, months=MOST_MONTHS)
        known = [one for one in found if handle_key(one.handle) == handle_key(name.strip())]
        if known:
            kept = carried.consent_of(talk.turn, said, months=MOST_MONTHS, meets=known[0].consent.meets)
            await carried.renew(talk.turn, known[0].member, kept)
        else:
            around = {"country": talk.me.country, "languages": [spoken(talk.me.locale)]}
            await proxies.carry(talk.turn, name.strip(), around, consent)
    except Refusal as refused:
        await talk.reply(refused.text)
        return
    day = consent.ends_at.date()
    await talk.reply(say("Written down. {name} is found here until {day}.", name=name.strip(), day=day))


def _line(one: Carried) -> Text:
    day = one.consent.ends_at.date()
    if one.ended:
        return say("{name}: their yes ended on {day}. Nobody finds them.", name=one.handle, day=day)
    return say("{name}: their yes holds until {day}.", name=one.handle, day=day)


COMMANDS = (
    Command(
        "without-phone",
        {
            "en": ("without phone",),
            "es": ("sin teléfono",),
            "fr": ("sans téléphone",),
            "ar": ("بلا هاتف",),
        },
        say("without phone: people without a phone whose entry you look after."),
        without_phone,
        args=(Arg("what", needed=False),),
        rare=True,
    ),
)
