"""The node: builds every object once, in one place, and begins turns."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from msgspec import structs

from bots import recipes
from bots.core.ladder import LadderTimes
from bots.desk import Desk
from bots.store import conversations
from bots.waking import PUSH
from directory import vocabularies
from directory.core.effects import Effect
from directory.core.viewer import Viewer
from directory.store.database import Database
from directory.store.guarded import Guard, RingKey
from directory.turn import Turn
from hub import custody
from hub.address import pages_of
from hub.chance import chance, random_id
from hub.clock import utc_now as utc_now
from hub.custody import handing, rings
from hub.custody.watch import NotHanded
from hub.data_folder import database_url, settings_of
from hub.effects import Recorder
from hub.federation import cards, wakefulness
from hub.federation.core.lanes import LaneKind
from hub.federation.covering import promise_of
from hub.federation.post import Poster
from hub.federation.watch_out import WATCHED_KINDS
from hub.letters import LetterBox
from hub.settings import Settings
from hub.store import links
from hub.store.hearing import heard_lately
from hub.texting.gateways import gateways, ways
from hub.trouble import BadPlaybookFile, NotFounded

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Node:
    """What every process of this hub has. `home` is the id of its network, "" before there is one."""

    data: Path
    settings: Settings
    url: str
    database: Database
    guard: Guard
    clock: Clock
    letters: LetterBox
    poster: Poster
    recorder: Recorder
    desk: Desk
    home: str

    @asynccontextmanager
    async def turn(self, viewer: Viewer) -> AsyncIterator[Turn]:
        """One transaction on behalf of one viewer, with its effects."""
        async with self.database.transaction() as tx:

            async def record(effect: Effect) -> None:
                await self.recorder.record(turn, effect)

            turn = Turn(tx, viewer, self.clock(), record, random_id, self.guard, self.home)
            yield turn

    async def close(self) -> None:
        """Give the database connections back."""
        await self.database.close()


async def _remember(turn: Turn, member: str, question: str, context: Mapping[str, str]) -> None:
    await conversations.ask(turn.tx, turn.guard, member, question, context, turn.now)


def ladder_times(settings: Settings) -> LadderTimes:
    """The rungs' times as this network set them."""
    return LadderTimes(**structs.asdict(settings.care))


def _desk(data: Path, settings: Settings, name: str) -> Desk:
    return Desk(
        vocabularies.known(),
        name,
        ladder_times(settings),
        promises=promise_of,
        watches=wakefulness,
        hearing=heard_lately,
        evaluation=settings.evaluation,
        pages=pages_of(data, settings),
        wakers=frozenset({PUSH}) | ways(gateways(settings)),
    )


def check_playbooks(folder: Path) -> None:
    """Nothing starts with a playbook that cannot be run. Raises BadPlaybookFile."""
    try:
        recipes.load(folder)
    except recipes.BadPlaybook as bad:
        raise BadPlaybookFile(file=bad.file, key=bad.key, fix=bad.fix) from None


async def _guard(data: Path) -> Guard:
    """Where systemd hands the Watch key to the hub only, a command at the terminal asks the running hub."""
    try:
        return custody.open_rings(data / "keys", chance)
    except NotHanded:
        watch = await handing.watch_of(data)
        if watch is None:
            raise
        return rings.guard_with(data / "keys", chance, watch)


async def open_node(
    data: Path,
    *,
    clock: Clock = utc_now,
    part: str = "ayni",
    founded: bool = True,
    archive: RingKey | None = None,
) -> Node:
    """Build everything for the hub in `data`. Raises NotFounded, NoKeys, BadSettings, WrongKey.

    With `founded=False` a hub without a network opens too: that is how `ayni init` begins. `archive` is the
    Archive key where somebody just gave it; else it comes from its file or from a process that has it.
    """
    settings = settings_of(data)
    check_playbooks(recipes.FOLDER)
    guard = await _guard(data)
    if archive is not None:
        rings.unseal(guard, data / "keys", archive)
    await handing.join(guard, data)
    url = database_url(data, settings)
    database = Database(url, application=f"ayni {part}")
    async with database.transaction() as tx:
        home = await links.home(tx)
    if home is None and founded:
        await database.close()
        raise NotFounded(folder=data)
    poster = Poster(letters := LetterBox(guard), LaneKind(settings.links.prefer))
    return Node(
        data=data,
        settings=settings,
        url=url,
        database=database,
        guard=guard,
        clock=clock,
        letters=letters,
        poster=poster,
        recorder=Recorder(letters, poster, cards.changed, _remember, watched=frozenset(WATCHED_KINDS)),
        desk=_desk(data, settings, home[1] if home else settings.network.name),
        home=home[0] if home else "",
    )
