"""The stage: two hubs as anybody would start them, and people with real Matrix apps and browsers in front."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import aiohttp

from hub import log
from hub.chance import chance
from hub.cli.asking import Hub
from hub.cli.chat import Profile, device_key, save_profile
from hub.data_folder import settings_of
from hub.demo import prepared
from hub.demo.cast import NetworkPart, PersonPart
from hub.doctor.before_start import before
from hub.embedded.files import folder
from hub.embedded.synapse import SynapsePart
from hub.founding import Founder, found_on, prepare, progress_nothing
from hub.growing import Stem
from hub.matrix.admin import Homeserver, NameTaken
from hub.matrix.inbox import Heard
from hub.matrix.person import Person
from hub.node import utc_now
from hub.parts import order_of, parts_of
from hub.pulse import last_beat
from hub.supervise import Supervisor
from hub.supervise_part import OncePart
from hub.trouble import Trouble

SECONDS = {"circle_s": 1, "coordinators_s": 1, "networks_s": 60}
"""Rungs of seconds instead of minutes, so that the story is short."""
START_WITHIN_S = 180


class HubDidNotStart(Trouble):
    """The hub of {name} did not start within {seconds} seconds. Its logs are in {logs}."""


@dataclass(slots=True)
class Actor:
    """Somebody with a real Matrix app, and the room they share with the bot."""

    part: PersonPart
    app: Person
    room: str = ""

    async def tell(self, text: str, within_s: float = 60.0) -> str:
        """Write to the bot and wait for its answer."""
        await self.app.say(self.room, text)
        return (await self.hear(within_s)).body

    async def hear(self, within_s: float = 60.0, wanted: Callable[[Heard], bool] | None = None) -> Heard:
        """The next thing the bot says, or the first that is wanted."""
        return await self.app.wait_for(
            lambda heard: heard.room == self.room and (wanted is None or wanted(heard)), within_s
        )

    def forget(self) -> None:
        """Everything that was said so far is read."""
        self.app.heard.clear()


@dataclass(slots=True)
class NetworkOnStage:
    """One network of the story, running."""

    part: NetworkPart
    data: Path
    hub: Hub
    bot: str = ""
    network_id: str = ""
    homeserver: str = ""
    registration: str = ""
    supervisor: Supervisor | None = None
    keeping: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """Where its pages are."""
        beat = last_beat(self.data, "door", utc_now())
        return "" if beat is None else f"http://127.0.0.1:{beat.port}"

    async def ask(self, operation: str, **variables: object) -> dict[str, object]:
        """As the technician at its machine."""
        return await asyncio.to_thread(self.hub.ask, operation, **variables)

    async def act(self, operation: str, **values: object) -> dict[str, object]:
        """A mutation, as the technician at its machine."""
        return await asyncio.to_thread(self.hub.act, operation, **values)


@dataclass(slots=True)
class Stage:
    """Everything the steps of the story use."""

    folder: Path
    networks: dict[str, NetworkOnStage]
    http: aiohttp.ClientSession
    people: tuple[PersonPart, ...]
    actors: dict[str, Actor] = field(default_factory=dict)
    arriving: dict[str, asyncio.Task[Actor]] = field(default_factory=dict)
    """People who get their accounts and apps while a list is read in, which leaves a core free."""
    notes: dict[str, str] = field(default_factory=dict)

    def call(self) -> None:
        """Let everybody get an account and an app."""
        self.arriving = {part.handle: asyncio.create_task(enter(self, part)) for part in self.people}

    @property
    def a(self) -> NetworkOnStage:
        """Tejido."""
        return self.networks["a"]

    @property
    def b(self) -> NetworkOnStage:
        """Minga."""
        return self.networks["b"]


@asynccontextmanager
async def stage(
    where: Path,
    parts: tuple[NetworkPart, ...],
    people: tuple[PersonPart, ...],
    progress: Callable[[str], None],
    stem: Stem,
) -> AsyncIterator[Stage]:
    """Found and start the networks side by side, in a folder that `hub.demo.folder.begin_anew` made ready;
    everything started is ended when the block ends. The programs of both grow from `stem`."""
    log.configure("demo", log.file_in(where, "demo"))
    networks = {
        part.letter: NetworkOnStage(part, where / part.letter, Hub(where / part.letter)) for part in parts
    }
    async with aiohttp.ClientSession() as http:
        made = Stage(where, networks, http, people)
        try:
            empty = await _empty_database(where, parts[0], progress, stem)
            await asyncio.gather(*(_raise(network, empty, progress, stem) for network in networks.values()))
            yield made
        finally:
            for arriving in made.arriving.values():
                arriving.cancel()
            await asyncio.gather(*made.arriving.values(), return_exceptions=True)
            await asyncio.gather(*(actor.app.close() for actor in made.actors.values()))
            await asyncio.gather(*map(_lower, networks.values()))


async def _empty_database(
    where: Path, part: NetworkPart, progress: Callable[[str], None], stem: Stem
) -> Path:
    """Kept from the first time on: what every network begins with, without a row of anybody."""
    if not (where / prepared.SHELF).exists():
        progress("Preparing an empty database (only the first time)")
    return await prepared.shelf(where, _settings_text(part), stem)


async def _raise(network: NetworkOnStage, empty: Path, progress: Callable[[str], None], stem: Stem) -> None:
    """Found the network and keep it up, as `ayni init` and `ayni up` do, with one start of each part."""
    part, data = network.part, network.data
    progress(f"{part.name}: starting database and homeserver, founding the network")
    _settings(data, part)
    prepare(data)
    await prepared.lay(empty, data)
    for trouble in before(data, settings_of(data), utc_now):
        progress(f"{part.name}: {trouble}")
    parts = parts_of(data, settings_of(data), utc_now, lambda _: None, stem)
    synapse = next(one for one in parts if isinstance(one, SynapsePart))
    founding = OncePart("founding", partial(_found, network, synapse))
    parts.insert(parts.index(synapse) + 2, founding)
    network.supervisor = Supervisor(parts, data, utc_now, after=order_of(parts), signals=False)
    network.keeping = asyncio.create_task(network.supervisor.run(), name=part.name)
    ready = asyncio.create_task(network.supervisor.ready.wait())
    await asyncio.wait({ready, network.keeping}, timeout=START_WITHIN_S, return_when=asyncio.FIRST_COMPLETED)
    if network.keeping.done():
        network.keeping.result()
    if not ready.done():
        ready.cancel()
        raise HubDidNotStart(name=part.name, seconds=START_WITHIN_S, logs=data / "logs")
    progress(f"{part.name}: ready")


async def _found(network: NetworkOnStage, synapse: SynapsePart) -> None:
    """Found the network on the parts that stand."""
    part = network.part
    network.homeserver = synapse.client_url
    network.registration = synapse.registration_secret
    founder = Founder(part.administrator, part.word, part.language)
    founded = await found_on(
        network.data, founder, progress_nothing, network.homeserver, network.registration
    )
    network.bot, network.network_id = founded.bot, founded.network


async def _lower(network: NetworkOnStage) -> None:
    if network.supervisor is not None and network.keeping is not None:
        network.supervisor.end()
        await asyncio.gather(network.keeping, return_exceptions=True)


def _settings(data: Path, part: NetworkPart) -> None:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    (data / "settings.toml").write_text(_settings_text(part))
    (data / "settings.toml").chmod(0o600)


def _settings_text(part: NetworkPart) -> str:
    lines = ["[network]", f'name = "{part.name}"', f'languages = ["{part.language}"]', "[care]"]
    lines += [f"{name} = {seconds}" for name, seconds in SECONDS.items()]
    lines += ["[disk]", "reserve_mib = 16"]
    return "\n".join(lines) + "\n"


async def enter(stage: Stage, part: PersonPart) -> Actor:
    """A person gets an account on their network's homeserver and opens a Matrix app with it.

    The app's device is kept in the demo's folder, so that `ayni chat` can go on with it.
    """
    network = stage.networks[part.network]
    people = folder(stage.folder / "people")
    name = f"{part.handle}-{chance(3).hex()}"
    password = chance(12).hex()
    try:
        await Homeserver(network.homeserver, stage.http, secret=network.registration).register(name, password)
    except NameTaken:
        return await enter(stage, part)
    device = people / f"{part.handle}.device"
    profile = Profile(network.homeserver, name, password, network.bot, str(device.absolute()))
    key = await asyncio.to_thread(device_key, profile)
    app = await Person.enter(network.homeserver, name, password, chance=chance, file=device, file_key=key)
    save_profile(people / f"{part.handle}.json", profile)
    actor = Actor(part, app)
    stage.actors[part.handle] = actor
    return actor
