"""Every check, in an order in which the first trouble explains the later ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from directory.core.text import say
from directory.store.database import DATABASE_GONE, Tx
from directory.store.guarded import Guard
from hub import custody
from hub.chance import chance
from hub.data_folder import database_url
from hub.doctor import bots, database, homeserver, limits
from hub.doctor.check import Check, State, fine, not_without, unchecked, wrong
from hub.doctor.clocks import clock_trouble
from hub.doctor.folder import (
    look_at_custody,
    look_at_disk,
    look_at_embedded,
    look_at_folder,
    look_at_hand_over,
    look_at_keys,
    look_at_settings,
    look_at_watch,
)
from hub.doctor.homeserver import Addresses, HomeserverAway
from hub.doctor.parts import look_at_parts
from hub.node import open_node
from hub.settings import Settings
from hub.store import checkup
from hub.trouble import NotFounded, Trouble

Clock = Callable[[], datetime]
IN_DATABASE = ("schema", "letters", "due times", "clock of linked hubs")


async def examine(data: Path, environment: Mapping[str, str], clock: Clock) -> list[Check]:
    """All of it. Raises nothing that a person could mend: that is what the checks say."""
    folder = look_at_folder(data)
    if folder.state is State.TROUBLE:
        return [folder]
    settings_check, settings = look_at_settings(data, environment)
    checks = [folder, settings_check, look_at_keys(data), look_at_watch(data)]
    checks += [look_at_custody(data), look_at_hand_over(data)]
    if settings is None:
        return checks
    checks += [look_at_embedded(data, settings), *look_at_disk(data, settings), *look_at_parts(data, clock)]
    checks += await _database(data, settings, clock)
    checks += await _homeserver(data, settings, clock)
    return checks


async def _database(data: Path, settings: Settings, clock: Clock) -> list[Check]:
    name = "database"
    try:
        url = database_url(data, settings)
    except Trouble as trouble:
        return [wrong(name, trouble), *not_without(name, *IN_DATABASE)]
    async with database.answering(url) as tx:
        if tx is None:
            log = data / "logs" / "postgres.log"
            return [wrong(name, database.NoAnswer(log=log)), *not_without(name, *IN_DATABASE)]
        theirs = {"the database": await checkup.database_time(tx)}
        off = clock_trouble(clock(), theirs)
        answers = wrong(name, off) if off else fine(name, say("Answers, and its clock is ours"))
        schema = await database.look_at_schema(tx)
        if schema.state is State.TROUBLE:
            return [answers, schema, *not_without("schema", *IN_DATABASE[1:])]
        return [
            answers,
            schema,
            *await database.look_at_waiting(tx, clock()),
            await _peers(tx, data, clock()),
        ]


async def _peers(tx: Tx, data: Path, now: datetime) -> Check:
    name = IN_DATABASE[-1]
    try:
        guard: Guard = custody.open_rings(data / "keys", chance)
    except Trouble as trouble:
        return unchecked(name, trouble.text)
    off = await database.clock_of_peers(tx, guard, now)
    return wrong(name, off) if off else fine(name, say("No linked hub disagrees with ours"))


async def _homeserver(data: Path, settings: Settings, clock: Clock) -> list[Check]:
    where = homeserver.addresses(data, settings)
    identity = await homeserver.look_at_identity(data, where)
    name = "homeserver"
    try:
        theirs = await homeserver.ask(where)
    except HomeserverAway as away:
        return [wrong(name, away), *not_without(name, identity.name, "bots' devices")]
    off = clock_trouble(clock() - timedelta(seconds=0.5), {"the homeserver": theirs}) if theirs else None
    answers = wrong(name, off) if off else fine(name, say("Answers, and its clock is ours"))
    return [answers, identity, *await _bots(data, where, clock)]


async def _bots(data: Path, where: Addresses, clock: Clock) -> list[Check]:
    name = "bots' devices"
    try:
        node = await open_node(data, clock=clock, part="doctor")
    except NotFounded as trouble:
        return [wrong(name, trouble)]
    except Trouble as trouble:
        return [unchecked(name, trouble.text)]
    except DATABASE_GONE:
        return not_without("database", name)
    try:
        found = await bots.look_at_bots(node, where.client)
        return [*found, await limits.look_at_limits(node, where.client)]
    finally:
        await node.close()
