"""Comparing pictures: the bot says which seven it sees, the person looks whether their app shows the same.

The pictures and their order are the Matrix specification's (SAS emoji); the names are what apps show for them
in each language, so that they can be read out on the phone.
"""

from __future__ import annotations

from collections.abc import Sequence

from bots.saying import answer, note
from directory.core.effects import ComparePictures, TellRoles, Urgency
from directory.core.text import Text, say
from directory.core.viewer import Role
from directory.members import handle_of
from directory.turn import Turn

PICTURES: tuple[tuple[str, Text], ...] = (
    ("🐶", say("Dog")),
    ("🐱", say("Cat")),
    ("🦁", say("Lion")),
    ("🐎", say("Horse")),
    ("🦄", say("Unicorn")),
    ("🐷", say("Pig")),
    ("🐘", say("Elephant")),
    ("🐰", say("Rabbit")),
    ("🐼", say("Panda")),
    ("🐓", say("Rooster")),
    ("🐧", say("Penguin")),
    ("🐢", say("Turtle")),
    ("🐟", say("Fish")),
    ("🐙", say("Octopus")),
    ("🦋", say("Butterfly")),
    ("🌷", say("Flower")),
    ("🌳", say("Tree")),
    ("🌵", say("Cactus")),
    ("🍄", say("Mushroom")),
    ("🌏", say("Globe")),
    ("🌙", say("Moon")),
    ("☁️", say("Cloud")),
    ("🔥", say("Fire")),
    ("🍌", say("Banana")),
    ("🍎", say("Apple")),
    ("🍓", say("Strawberry")),
    ("🌽", say("Corn")),
    ("🍕", say("Pizza")),
    ("🎂", say("Cake")),
    ("❤️", say("Heart")),
    ("😀", say("Smiley")),
    ("🤖", say("Robot")),
    ("🎩", say("Hat")),
    ("👓", say("Glasses")),
    ("🔧", say("Spanner")),
    ("🎅", say("Santa")),
    ("👍", say("Thumbs Up")),
    ("☂️", say("Umbrella")),
    ("⌛", say("Hourglass")),
    ("⏰", say("Clock")),
    ("🎁", say("Gift")),
    ("💡", say("Light Bulb")),
    ("📕", say("Book")),
    ("✏️", say("Pencil")),
    ("📎", say("Paperclip")),
    ("✂️", say("Scissors")),
    ("🔒", say("Lock")),
    ("🔑", say("Key")),
    ("🔨", say("Hammer")),
    ("☎️", say("Telephone")),
    ("🏁", say("Flag")),
    ("🚂", say("Train")),
    ("🚲", say("Bicycle")),
    ("✈️", say("Aeroplane")),
    ("🚀", say("Rocket")),
    ("🏆", say("Trophy")),
    ("⚽", say("Ball")),
    ("🎸", say("Guitar")),
    ("🎺", say("Trumpet")),
    ("🔔", say("Bell")),
    ("⚓", say("Anchor")),
    ("🎧", say("Headphones")),
    ("📁", say("Folder")),
    ("📌", say("Pin")),
)


async def ask(turn: Turn, member: str) -> None:
    """Ask the member's app."""
    await turn.record(ComparePictures(member))


async def show(turn: Turn, member: str, numbers: Sequence[int]) -> None:
    """The seven pictures, by number. Whoever stands between app and bot shows others to one of the two."""
    seven = tuple(say("{picture} {name}", picture=PICTURES[n][0], name=PICTURES[n][1]) for n in numbers)
    text = say(
        "I see these seven pictures: {pictures}. Does your app show the same, in this order? "
        "Then say so in your app. To be quite sure, compare the key on your page too: The helper in chat.",
        pictures=seven,
    )
    await answer(turn, member, text)


async def ended(turn: Turn, member: str, how: str) -> None:
    """`how` is "same", "different" or "stopped"."""
    if how == "same":
        await answer(turn, member, say("The pictures are the same. Your app knows me now."))
    elif how == "stopped":
        await answer(turn, member, say("We stopped comparing pictures. To begin again, write: pictures"))
    else:
        await _different(turn, member)


async def _different(turn: Turn, member: str) -> None:
    """Somebody may stand in between, so the person is warned and people are told who can look into it."""
    text = say(
        "The pictures were not the same. Somebody may read along here. Write nothing secret, and ring us."
    )
    await note(turn, member, text)
    about = say(
        "{name} compared pictures with the bot and they were not the same. Please ring them.",
        name=await handle_of(turn.tx, member),
    )
    await turn.record(TellRoles(Role.COORDINATOR, about, Urgency.ANSWER, wakes=True))
