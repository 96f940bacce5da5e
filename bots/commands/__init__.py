"""All commands and questions of the conversation, in the order `help` shows them."""

from __future__ import annotations

from collections.abc import Mapping

from bots import unclear
from bots.command import Command, Question
from bots.commands import (
    alarms,
    apart,
    carried,
    checkins,
    circles,
    clearing,
    communities,
    consenting,
    coordinating,
    duty,
    finding,
    general,
    going_on,
    joining,
    journeys,
    keeping,
    meeting,
    mine,
    ourselves,
    outside,
    playbooks,
    pressing,
    ready,
    safekeeping,
    second,
    signins,
    silences,
    speaking,
    taking,
    texts,
)
from bots.core.grammar import Lexicon, lexicon

_OTHERS: tuple[Command, ...] = (
    *finding.COMMANDS,
    *meeting.COMMANDS,
    *consenting.COMMANDS,
    *alarms.COMMANDS,
    *taking.COMMANDS,
    *checkins.COMMANDS,
    *journeys.COMMANDS,
    *silences.COMMANDS,
    *circles.COMMANDS,
    *duty.COMMANDS,
    *ready.COMMANDS,
    *coordinating.COMMANDS,
    *keeping.COMMANDS,
    *safekeeping.COMMANDS,
    *second.COMMANDS,
    *signins.COMMANDS,
    *speaking.COMMANDS,
    *mine.COMMANDS,
    *pressing.COMMANDS,
    *ourselves.COMMANDS,
    *outside.COMMANDS,
    *communities.COMMANDS,
    *carried.COMMANDS,
    *apart.COMMANDS,
    *going_on.COMMANDS,
    *texts.COMMANDS,
    *playbooks.COMMANDS,
    *clearing.COMMANDS,
    *general.COMMANDS,
    *joining.COMMANDS,
)
COMMANDS: tuple[Command, ...] = (*_OTHERS, general.help_about(_OTHERS))
BY_NAME: Mapping[str, Command] = {command.name: command for command in COMMANDS}

QUESTIONS: Mapping[str, Question] = {
    question.name: question
    for question in (
        *unclear.QUESTIONS,
        *alarms.QUESTIONS,
        *taking.QUESTIONS,
        *checkins.QUESTIONS,
        *journeys.QUESTIONS,
        *silences.QUESTIONS,
        *circles.QUESTIONS,
        *consenting.QUESTIONS,
        *coordinating.QUESTIONS,
        *finding.QUESTIONS,
        *general.QUESTIONS,
        *speaking.QUESTIONS,
        *joining.QUESTIONS,
        *keeping.QUESTIONS,
        *meeting.QUESTIONS,
        *duty.QUESTIONS,
        *ready.QUESTIONS,
        *mine.QUESTIONS,
        *second.QUESTIONS,
        *communities.QUESTIONS,
        *going_on.QUESTIONS,
        *texts.QUESTIONS,
        *playbooks.QUESTIONS,
    )
}

LEXICON: Lexicon = lexicon(
    (phrase, command.name) for command in COMMANDS for phrases in command.words.values() for phrase in phrases
)


def things() -> tuple[str, ...]:
    """The names of all commands as the rule table knows them, for `check_coverage` at start."""
    return tuple(command.rule for command in COMMANDS)
