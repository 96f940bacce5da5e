"""Two hubs over a bad line, restored now and then, agree in the end; and five, two of them hostile.

A failing seed is printed; tests/proof/test_federation_simulated.py plays thousands, and one again.
"""

from __future__ import annotations

import copy
import os
import random
from datetime import timedelta

import pytest
from federation_builders import NOW, ANetwork
from federation_simulator import Line, Memory, SimHub
from federation_world import World as FiveHubs
from federation_world import check, played_crypto

SEEDS = int(os.environ.get("AYNI_SEEDS", "30"))
FIVE = int(os.environ.get("AYNI_SEEDS", "25"))
NORTH, SOUTH, MALLORY = ANetwork("north"), ANetwork("south"), ANetwork("mallory")


class World:
    """Two hubs, a line, and what people and accidents do to them."""

    def __init__(self, seed: int, *, restores: bool) -> None:
        self.chance = random.Random(seed)
        self.hubs = [SimHub(NORTH, SOUTH), SimHub(SOUTH, NORTH)]
        self.line = Line(self.chance)
        self.restores = restores
        self.backups: list[Memory] = [copy.deepcopy(hub.memory) for hub in self.hubs]
        self.ever_withdrawn: list[set[str]] = [set(), set()]
        self.time = 0

    def play(self, rounds: int = 40) -> None:
        for _ in range(rounds):
            self.something_happens()
            self.pass_time()
        self.line.loss = self.line.double = 0.0
        for _ in range(12):
            for hub in self.hubs:
                hub.ask()
                hub.checkpoint(self.now)
            for _ in range(8):
                self.pass_time()

    @property
    def now(self) -> object:
        return NOW + timedelta(seconds=self.time)

    def something_happens(self) -> None:
        which = self.chance.randrange(2)
        hub, name = self.hubs[which], f"{self.chance.randrange(8):032x}"
        match self.chance.choice(["share", "share", "withdraw", "alarm", "ask", "attack", "accident"]):
            case "share":
                hub.share(name, self.time + 1)
            case "withdraw":
                hub.withdraw(name)
                self.ever_withdrawn[which].add(name)
            case "alarm":
                hub.alarm(f"{1000 + self.time:032x}", self.now)  # type: ignore[arg-type]
            case "ask":
                hub.ask()
            case "attack":
                self.attack()
            case _:
                self.accident(which)

    def attack(self) -> None:
        """Old bytes again, bytes of a stranger, bytes for the other, and noise."""
        to = self.chance.randrange(2)
        hub = self.hubs[to]
        if self.line.recorded:
            self.line.waiting.append((self.time, to, self.chance.choice(self.line.recorded)[1]))
        self.line.waiting.append((self.time, to, MALLORY.sealed(hub.network)))
        self.line.waiting.append((self.time, to, MALLORY.sealed(hub.network, hub.peer.draft(hub.network))))
        self.line.waiting.append((self.time, to, self.chance.randbytes(1081)))

    def accident(self, which: int) -> None:
        if not self.restores:
            return
        hub = self.hubs[which]
        if self.chance.random() < 0.5:
            self.backups[which] = copy.deepcopy(hub.memory)
        else:
            hub.outbox.clear()
            hub.restore(self.backups[which])
            for raw in self.line.hand_over(1 - which):
                self.hubs[1 - which].hear(raw, self.now)  # type: ignore[arg-type]
            hub.ask()

    def pass_time(self) -> None:
        self.time += 1
        for which, hub in enumerate(self.hubs):
            hub.send_unsent(self.now)  # type: ignore[arg-type]
            for raw in hub.outbox:
                self.line.put(self.time, 1 - which, raw)
            hub.outbox.clear()
        for to, raw in self.line.due(self.time):
            self.hubs[to].hear(raw, self.now)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(SEEDS))
def test_both_hubs_agree_in_the_end_and_accept_nothing_forged(seed: int) -> None:
    world = World(seed, restores=False)
    world.play()
    for here, there in (world.hubs, reversed(world.hubs)):
        assert there.memory.theirs == here.memory.mine
        assert there.memory.alarms_heard == set(here.memory.alarms_raised)
        assert there.memory.inward == here.memory.out
    assert all(len(hub.applied) == len(set(hub.applied)) for hub in world.hubs)
    assert all(hub.accused == [] for hub in world.hubs)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_hubs_restored_from_backups_agree_in_the_end_and_a_withdrawn_card_stays_gone(seed: int) -> None:
    world = World(10_000 + seed, restores=True)
    world.play()
    for which, (here, there) in enumerate((world.hubs, list(reversed(world.hubs)))):
        missing = {card for card in here.memory.mine if card not in there.memory.theirs}
        assert missing <= world.ever_withdrawn[which]
        assert there.memory.theirs.items() <= here.memory.mine.items()
        assert there.memory.alarms_heard >= set(here.memory.alarms_raised)
        assert there.memory.inward == here.memory.out
        assert "Equivocation" not in there.accused, "a number was given twice"


def test_honest_hubs_of_five_agree_whatever_two_hostile_ones_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(FIVE):
        world = FiveHubs(seed)
        with played_crypto(monkeypatch):
            world.play()
        try:
            check(world)
        except AssertionError as why:
            pytest.fail(f"AYNI_SEED={seed}: {why}")
