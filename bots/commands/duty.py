"""Being awake for others: now, every week, in somebody's place, or not at all for a while."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from bots import duty as service
from bots import rota
from bots.command import Arg, Args, Command, Question, Talk
from bots.commands.checkins import when
from bots.core.grammar import yes_or_no
from bots.core.rota import Weekly
from bots.core.spans import duration
from bots.kinds import part
from bots.naming import means_nothing
from bots.saying import how_long, line_list, lines
from bots.store import rota as rows
from bots.zones import zone_of
from directory.core.text import Text, say
from directory.refusals import BadAnswer, Refusal

ON = frozenset(("on", "start", "si", "inicio", "debut", "oui", "نعم", "ابدا", "بدء"))
OFF = frozenset(("off", "end", "no", "fin", "non", "لا", "انهاء", "نهايه"))
PARTS: Mapping[str, frozenset[str]] = {
    "on": ON,
    "off": OFF,
    "rota": frozenset(("rota", "plan", "tabla", "calendario", "planning", "tableau", "جدول", "الجدول")),
    "week": frozenset(("week", "weekly", "semana", "semanal", "semaine", "اسبوع", "اسبوعيا")),
    "swap": frozenset(("swap", "cambio", "cambiar", "echange", "echanger", "تبديل", "بدل")),
    "away": frozenset(
        ("away", "holiday", "fuera", "vacaciones", "absent", "absente", "conges", "اجازه", "غائب")
    ),
    "note": frozenset(("note", "nota", "notes", "ملاحظه")),
}
USUAL = timedelta(hours=8)
HOURS = re.compile(r"(\d{1,2}):?(\d{2})?\s*[-–]\s*(\d{1,2}):?(\d{2})?(?!\d)")


async def duty(talk: Talk, args: Args) -> None:
    """`duty`, `duty on 8 h`, `duty off`, `duty rota`, `duty week 1 2 3 22:00-06:00`, `duty swap NAME` …"""
    wanted, rest = args.get("part"), args.get("rest", "")
    try:
        if wanted is not None:
            await DO[wanted](talk, rest)
        elif rest:
            await _on(talk, rest)
        else:
            await _who(talk)
    except Refusal as refused:
        await talk.reply(refused.text)


async def _off(talk: Talk, rest: str) -> None:
    was = await service.off(talk.turn)
    alone = was and not await service.on_duty(talk.turn.tx, talk.turn.now)
    await talk.reply(
        lines(
            say("You are off duty. Rest well.") if was else say("You were not on duty."),
            say("Nobody is on duty now.") if alone else None,
        )
    )


async def _on(talk: Talk, rest: str) -> None:
    until = talk.turn.now + USUAL
    if rest:
        moment, _ = when(rest, talk.turn.now, zone_of(talk.me.country))
        if moment is None:
            await talk.reply(say("Write for example: duty on 8 h"))
            return
        until = moment
    mine = await service.on(talk.turn, until)
    left = [one for one in await rota.notes(talk.turn) if one.member != talk.me.id]
    span = how_long(until - mine.starts_at)
    await talk.reply(
        lines(
            say("You are on duty for {span}. Keep your phone loud. Thank you.", span=span),
            *(say("{name} wrote for you: {note}", name=one.handle, note=one.note) for one in left),
        )
    )


async def _who(talk: Talk) -> None:
    awake = await service.on_duty(talk.turn.tx, talk.turn.now)
    if not awake:
        await talk.reply(say("Nobody is on duty now. To begin, write: duty on 8 h"))
        return
    await talk.reply(line_list(say("{name} until {at}", name=one.handle, at=one.ends_at) for one in awake))


async def _rota(talk: Talk, rest: str) -> None:
    found = await rota.rota(talk.turn)
    planned = [
        say("{name}: {start} to {end}", name=one.handle, start=one.starts_at, end=one.ends_at)
        for one in found.stretches
    ]
    free = [say("Nobody: {start} to {end}", start=start, end=end) for start, end in found.gaps]
    await talk.reply(
        lines(
            *planned,
            *free,
            say("For a weekly duty write: duty week 1 2 3 22:00-06:00 (1 is Monday)"),
        )
    )


async def _week(talk: Talk, rest: str) -> None:
    if means_nothing(rest):
        for one in (await rota.rota(talk.turn)).shifts:
            if one.member == talk.me.id:
                await rota.end_shift(talk.turn, one.id)
        await talk.reply(say("You have no weekly duty any more."))
        return
    zone = zone_of(talk.me.country)
    weekly, words = _weekly(rest, zone.key if zone is not None else "UTC")
    languages, regions = rota.covers(talk.desk, words.split(","))
    await rota.plan_shift(talk.turn, weekly, languages=languages, regions=regions)
    await _rota(talk, "")


def _weekly(text: str, zone: str) -> tuple[Weekly, str]:
    """The hours, and what is said after them."""
    hours = next(reversed([*HOURS.finditer(text)]), None)
    days = re.findall(r"[1-7]", text[: hours.start()]) if hours is not None else []
    if hours is None or not days:
        raise BadAnswer(say("Write for example: duty week 1 2 3 22:00-06:00 (1 is Monday)"))
    start, end = (int(hours[n]) * 60 + int(hours[n + 1] or 0) for n in (1, 3))
    return Weekly(zone, tuple(sorted({int(day) for day in days})), start, end), text[hours.end() :]


async def _swap(talk: Talk, rest: str) -> None:
    mine = await rows.of_member(talk.turn.tx, talk.turn.guard, talk.me.id, talk.turn.now)
    coming = [one for one in mine if one.starts_at > talk.turn.now]
    if not rest or not coming:
        await talk.reply(say("Write duty swap and a name, while you have a duty to come."))
        return
    await rota.offer(talk.turn, coming[0].id, rest.strip("@ "))
    await talk.reply(say("{name} is asked. I tell you when they say yes.", name=rest.strip("@ ")))


async def _away(talk: Talk, rest: str) -> None:
    since, until = _days(rest, talk.turn.now)
    free = await rota.go_away(talk.turn, since, until)
    await talk.reply(
        lines(
            say("You are away until {at}. Rest well.", at=until),
            say("Duties that are free now: {count}. The coordinators know.", count=free) if free else None,
        )
    )


def _days(text: str, now: datetime) -> tuple[datetime, datetime]:
    """ "3 d" from now, or two dates as 2026-12-24 2027-01-02."""
    span = duration(text)
    if span is not None:
        return now, now + span
    try:
        first, last = (datetime.fromisoformat(part).replace(tzinfo=now.tzinfo) for part in text.split())
    except ValueError:
        raise BadAnswer(
            say("Write for example: duty away 7 d, or: duty away 2026-12-24 2027-01-02")
        ) from None
    return first, last + timedelta(days=1)


async def _note(talk: Talk, rest: str) -> None:
    kept = await rota.hand_over(talk.turn, rest)
    text = say("Whoever comes next reads it.") if kept else say("You were not on duty.")
    await talk.reply(text)


DO: Mapping[str, Callable[[Talk, str], Awaitable[None]]] = {
    "on": _on,
    "off": _off,
    "rota": _rota,
    "week": _week,
    "swap": _swap,
    "away": _away,
    "note": _note,
}


async def take_swap(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """1 = I take it over, 0 = I cannot."""
    yes = yes_or_no(text)
    if yes is None:
        return False
    try:
        asked = await rota.answer_offer(talk.turn, context.get("stretch", ""), yes)
    except Refusal as refused:
        await talk.reply(refused.text)
        return True
    if not asked:
        await talk.reply(say("Nobody asks you any more. Thank you."))
    else:
        await talk.reply(say("It is yours. Thank you.") if yes else say("Thank you. They are told."))
    return True


async def put_swap(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """Once more, while somebody asks."""
    for one in await rows.offered(talk.turn.tx, talk.turn.guard, talk.me.id, talk.turn.now):
        if one.id == context.get("stretch"):
            return lines(
                say("{name} asks you to take over a duty:", name=one.handle),
                say("{start} to {end}", start=one.starts_at, end=one.ends_at),
                say("1 = yes, 0 = no"),
            )
    return None


QUESTIONS = (Question(rota.QUESTION, take_swap, put_swap),)

COMMANDS = (
    Command(
        "duty",
        {
            "en": ("duty",),
            "es": ("guardia", "turno"),
            "fr": ("garde", "permanence", "astreinte"),
            "ar": ("مناوبة", "المناوبة"),
        },
        say("duty on 8 h, duty off, duty rota: be awake for others."),
        duty,
        (Arg("part", part(PARTS), needed=False), Arg("rest", needed=False)),
    ),
)
