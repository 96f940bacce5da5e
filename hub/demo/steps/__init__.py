"""The story's steps, in order."""

from __future__ import annotations

from collections.abc import Sequence

from hub.demo.steps import alarms, allies, joining, linking, reaching, withdrawing
from hub.demo.story import Step

STORY: Sequence[Step] = (
    Step("a", "Two networks propose a link, compare safety words, sign an agreement", linking.link),
    Step(
        "b",
        "Tejido lists 52 rows of public organisations and says what it understood",
        linking.list_organisations,
    ),
    Step("c", "Three people join Minga in Spanish, Arabic and French, two join Tejido", joining.join),
    Step("d", "Ixchel asks for allies on land and territory, in chat and on the page", allies.find),
    Step("e", "She is shown by name, asks for an introduction, and they talk in private", allies.meet),
    Step("f", "Her alarm: the circle is silent, Tejido hears, Tomas says “I have it”", alarms.raise_and_take),
    Step("f2", "A second alarm is stopped in its window, and nobody else heard", alarms.stop_unheard),
    Step("g", "A check-in is missed and escalates by itself", alarms.miss_check_in),
    Step("h", "Each coordinator sees whom her network reaches; small numbers stay hidden", reaching.reach),
    Step(
        "i",
        "She withdraws: both ledgers show the receipt, and Tejido holds nothing of her",
        withdrawing.withdraw,
    ),
)
