"""What people read about an alarm. Each rung reads only its part; the first line is always the same care."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bots.core.ladder import Rung, Skipped, Why
from bots.naming import country as named_country
from bots.naming import help_kind, tongue
from bots.saying import how_long, line_list, lines
from bots.store.actions import Action
from directory.core.text import Text, say

CONFIRM_FIRST = say("First confirm by a second way. Nobody travels before that.")
DO_NOT_WRITE = say("Do not write to them or call them. They may be forced. Ask people near them.")
BY_TEXT: Mapping[str, Text] = {
    "text": say("It came by text message with their phrase. Anybody can forge a number."),
    "borrowed": say("It came by text message with their phrase, from a phone we do not know."),
}
TAKE_IT = say("1 = I have it, 0 = I cannot")


def for_circle(action: Action) -> Text:
    """Handle, text, place: what a friend needs."""
    return lines(CONFIRM_FIRST, _who(action), *_words(action), _sent(action), TAKE_IT)


def for_coordinators(action: Action, circle_asked: int, skipped: tuple[Skipped, ...]) -> Text:
    """The case: the same, and who was asked before without an answer."""
    asked = say("{count} of their circle were asked and nobody has it yet.", count=circle_asked)
    return lines(
        CONFIRM_FIRST,
        _who(action),
        *_words(action),
        _sent(action),
        asked if circle_asked else None,
        *(passed_over(one) for one in skipped if one.rung is Rung.CIRCLE),
        TAKE_IT,
    )


def for_responders(action: Action, network: str) -> Text:
    """Somebody of a linked network: kind of help, country and language, until one of ours has it."""
    fields = action.fields
    country, language = fields.get("country"), fields.get("language")
    return lines(
        CONFIRM_FIRST,
        say("Somebody of {network} asks for help.", network=network),
        _kind(fields.get("kind_of_help", "")),
        say("Country: {country}", country=named_country(country)) if country else None,
        say("Language: {language}", language=tongue(language)) if language else None,
        _sent(action),
        TAKE_IT,
    )


def _kind(help: str) -> Text | None:
    return say("Help they may need: {help}", help=help_kind(help)) if help not in ("", "alarm") else None


def again(text: Text) -> Text:
    """The same once more, when nobody has answered."""
    return lines(say("Nobody has it yet. We ask you again."), text)


def passed_over(one: Skipped) -> Text:
    """Why a rung was not asked."""
    if one.rung is Rung.CIRCLE:
        return say("They have nobody in their circle.")
    if one.rung is Rung.COORDINATORS:
        return say("There is no coordinator here now.")
    if one.why is Why.NOT_LINKED:
        return say("The network they named is not linked with us now.")
    if one.why is Why.NOT_COVERED:
        return say("The networks they named do not answer at this hour.")
    return say("They named no other network.")


def will_ask(window: timedelta, first: tuple[Rung, int] | None, *honest: Text | None) -> Text:
    """What the person in it reads while they can still stop it unheard: who will be asked first, honestly."""
    return lines(
        say("Your alarm goes out in {span}.", span=how_long(window)),
        _first_asked(*first) if first is not None else nobody_to_ask(),
        *honest,
        say("To stop it, write: cancel and your word."),
    )


def _first_asked(rung: Rung, count: int) -> Text:
    if rung is Rung.CIRCLE:
        return say("Asked first: your circle ({count}).", count=count)
    if rung is Rung.COORDINATORS:
        return say("Asked first: the people on call in your network ({count}).", count=count)
    return say("Asked first: other networks you named ({count}).", count=count)


def asked_now(rung: Rung, count: int, names: tuple[str, ...] = ()) -> Text:
    """What the person in it reads when a rung is asked."""
    if rung is Rung.CIRCLE:
        return say("Your circle is asked now ({count}).", count=count)
    if rung is Rung.COORDINATORS:
        return say("The people on call in your network are asked now ({count}).", count=count)
    return say("Asked now: {names}.", names=names)


def nobody_to_ask() -> Text:
    """The honest sentence when no rung has anybody."""
    return say("We found nobody to ask now. We keep trying. If you can, call somebody you trust.")


def somebody_has_it(name: str, network: str | None = None) -> Text:
    """The named answer that stops the ladder."""
    if network is None:
        return say("{name} has it.", name=name)
    return say("{name} of {network} has it.", name=name, network=network)


def about(action: Action, text: Text) -> Text:
    """News of an alarm for somebody who was told of it, saying whose it is where that may be said."""
    name = action.fields.get("handle", "")
    return lines(say("About {name}:", name=name), text) if name else text


def closed(handle: str) -> Text:
    """What the person reads when whoever helped says that nothing is left to do."""
    return lines(
        say("{name} says that all is done. If it is not, write: alarm", name=handle),
        say("When it is over for you too, write: safe and your word."),
    )


def details(handle: str, text: str, network: str) -> Text:
    """What the one who has it reads once the home network knows that they have it."""
    return lines(
        CONFIRM_FIRST,
        say("It is about {name} of {network}.", name=handle, network=network),
        say("They wrote: {text}", text=text) if text else None,
    )


def needed_no_more(network: str, by: str) -> Text:
    """For people of a linked network when somebody elsewhere was faster."""
    return say("{name} has the call from {network}. Thank you.", name=by, network=network)


def over_there(network: str) -> Text:
    """For people of a linked network when the person is safe or called it off."""
    return say("The call from {network} is over. Thank you.", network=network)


def it_is_over(action: Action, safe: bool) -> Text:
    """What everybody who was told hears at the end."""
    name = action.fields.get("handle", "")
    if not name:
        return say("It is over: the person gave their word that they are safe.")
    if safe:
        return say("{name} is safe and gave their word for it. Thank you.", name=name)
    return say("{name} called it off and gave their word for it. Thank you.", name=name)


def lifted(action: Action) -> Text:
    """Two who look after the network ended a silent alarm."""
    name = action.fields.get("handle", "")
    return say("Two people say that the call of {name} is over. Thank you.", name=name)


def unverified(name: str, form: Text, at: datetime) -> Text:
    """What the first rung reads of something unclear that stayed without an answer. Not what was said: it
    may have been the word, mistyped."""
    return lines(
        CONFIRM_FIRST,
        say("{name} tried to reach us, unverified: {form}.", name=name, form=form),
        say("Sent: {at}", at=at),
        say("They did not answer when we asked whether they need help."),
        TAKE_IT,
    )


def timeline_of(lines_of_it: tuple[tuple[str, datetime, Mapping[str, str]], ...]) -> Text:
    """The story of an alarm, one line a step: (step, when, note)."""
    return line_list(
        say("{at}: {step}", at=at, step=STEPS.get(step, say("something happened")))
        for step, at, _note in lines_of_it
    )


STEPS: Mapping[str, Text] = {
    "raised": say("asked for help"),
    "again": say("asked again"),
    "told": say("more people were asked"),
    "skipped": say("nobody to ask there"),
    "taken": say("somebody has it"),
    "given back": say("passed on"),
    "declined": say("somebody cannot"),
    "cancelled": say("called off"),
    "safe": say("safe"),
    "closed": say("finished"),
    "asked again": say("everyone was asked again"),
    "silent": say("whoever has it does not answer"),
    "text": say("sent “I am safe” by text message; that ends nothing"),
    "seen": say("somebody has read it"),
    "place": say("said where they are"),
    "armed": say("over for the person too"),
    "debriefed": say("looked back at"),
    "pressed": say("called off with the phrase for danger: it goes on"),
    "lifted": say("two people ended it"),
}


def _who(action: Action) -> Text:
    name = action.fields.get("handle", "")
    if action.silent:
        return say("{name} gave the phrase for danger.", name=name)
    if action.fields.get("source") == "check-in":
        about = action.fields.get("about")
        if about:
            return say("{name} did not answer a check-in ({about}).", name=name, about=about)
        return say("{name} did not answer a check-in.", name=name)
    return say("{name} asks for help.", name=name)


def _words(action: Action) -> tuple[Text, ...]:
    said = [
        BY_TEXT.get(action.fields.get("source", "")),
        say("They wrote: {text}", text=action.fields["text"]) if action.fields.get("text") else None,
        say("Place: {place}", place=action.fields["place"]) if action.fields.get("place") else None,
    ]
    return tuple(line for line in said if line is not None)


def _sent(action: Action) -> Text:
    sent = action.fields.get("sent_at")
    return say("Sent: {at}", at=datetime.fromisoformat(sent) if sent else action.raised_at)
