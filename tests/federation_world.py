"""Five hubs in one process, two of them hostile, over bad lines: a virtual clock, and chance from a seed.

Every pair is linked. Hostile hubs hold real keys and say what they should as well as everything they should
not; after the storm they behave, so that it shows whether what they did left anything broken. Signing and
sealing are played with hashes unless `real`: who holds which key is the same, and it is ten times faster.
"""

from __future__ import annotations

import copy
import hashlib
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from federation_builders import NOW, ANetwork
from federation_simulator import Line, Memory, SimHub

from directory import crypto
from directory.core.effects import Stream
from hub.federation.core import canonical
from hub.federation.core.envelope import FRAME, Draft, seal_envelope, sign_envelope
from hub.federation.core.identity import KID_SIZE, key_id
from hub.federation.core.shapes import millis

NETWORKS = tuple(ANetwork(name) for name in ("north", "south", "east", "mallory", "eve"))
STRANGER = ANetwork("nobody")
HONEST = (0, 1, 2)
HOSTILE = (3, 4)
ROUNDS = 14
Way = tuple[int, int]


@contextmanager
def played_crypto(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hashes in place of curves: only who has the seed makes what its public half is checked with here."""
    seeds: dict[bytes, bytes] = {}

    def sign(seed: bytes, purpose: str, message: bytes) -> bytes:
        seeds[crypto.signing_public(seed)] = seed
        return hashlib.blake2b(purpose.encode() + message, key=seed).digest()

    def verify(public: bytes, purpose: str, message: bytes, signature: bytes) -> bool:
        seed = seeds.get(public)
        return (
            seed is not None and hashlib.blake2b(purpose.encode() + message, key=seed).digest() == signature
        )

    def seal_to(public: bytes, plain: bytes) -> bytes:
        return hashlib.blake2b(plain, key=public, digest_size=48).digest() + plain

    def open_sealed(private: bytes, sealed: bytes, *, public: bytes | None = None) -> bytes:
        box, plain = sealed[:48], sealed[48:]
        key = public or crypto.sealing_public(private)
        if hashlib.blake2b(plain, key=key, digest_size=48).digest() != box:
            raise crypto.CannotOpen
        return plain

    with patch.context() as inside:
        for one in (sign, verify, seal_to, open_sealed):
            inside.setattr(crypto, one.__name__, one)
        yield


class World:
    """`hubs[here, there]` is what hub `here` keeps about `there`. `said`: everything a hub really signed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.line = Line(self.chance, loss=0.2, double=0.2)
        self.hubs = {
            (here, there): SimHub(NETWORKS[here], NETWORKS[there])
            for here, there in permutations(range(5), 2)
            if here in HONEST or there in HONEST
        }
        self.backups: dict[Way, Memory] = {way: copy.deepcopy(hub.memory) for way, hub in self.hubs.items()}
        self.withdrawn: set[tuple[Way, str]] = set()
        self.twice: set[Way] = set()
        self.restored: set[Way] = set()
        self.cut: set[Way] = set()
        self.time = 0

    @property
    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.time)

    def play(self) -> None:
        """A storm, then calm weather until all is settled."""
        for _ in range(ROUNDS):
            for _ in range(3):
                self.people(self.chance.choice(list(self.hubs)))
            self.trick(self.chance.choice(HOSTILE), self.chance.choice(HONEST))
            self.pass_time()
        self.line.loss = self.line.double = 0.0
        self.cut.clear()
        for _ in range(10):
            for hub in self.hubs.values():
                hub.ask()
                hub.checkpoint(self.now)
            for _ in range(8):
                self.pass_time()
            if self.settled():
                return

    def people(self, way: Way) -> None:
        """What members and accidents do at one hub of one link."""
        hub, name = self.hubs[way], f"{self.chance.randrange(6):032x}"
        match self.chance.choice(
            ("share", "share", "withdraw", "alarm", "ask", "backup", "restore", "cut", "mend")
        ):
            case "share":
                hub.share(name, self.time + 1)
            case "withdraw":
                hub.withdraw(name)
                self.withdrawn.add((way, name))
            case "alarm":
                hub.alarm(f"{way[0]:016x}{1000 + self.time:016x}", self.now)
            case "cut":
                self.cut |= {way, way[::-1]}
            case "mend":
                self.cut.clear()
            case "backup":
                self.backups[way] = copy.deepcopy(hub.memory)
            case "restore" if self.chance.random() < 0.2:
                hub.outbox.clear()
                hub.restore(self.backups[way])
                self.restored |= {way, way[::-1]}
                for raw in self.line.hand_over(way[::-1]):  # type: ignore[arg-type]
                    self.hubs[way[::-1]].hear(raw, self.now)
                hub.ask()
            case _:
                hub.ask()

    def trick(self, hostile: int, victim: int) -> None:
        """One thing a hostile hub does that no honest one does."""
        tricks: tuple[Callable[[Way], None], ...] = (
            self.replay,
            self.roll_back,
            self.fast_forward,
            self.equivocate,
            self.claim_membership,
            self.swap_keys,
            self.flood,
            self.twist_schema,
        )
        self.chance.choice(tricks)((hostile, victim))

    def replay(self, way: Way) -> None:
        """Old bytes again, to whom they were for and to another."""
        if self.line.recorded:
            for _ in range(3):
                raw = self.chance.choice(self.line.recorded)[1]
                self.throw((self.chance.choice(HOSTILE), self.chance.choice(HONEST)), raw)
                self.throw(way, raw)

    def roll_back(self, way: Way) -> None:
        """As if nothing had been said since: numbers are given a second time."""
        hub = self.hubs[way]
        if hub.memory.out[Stream.URGENT].seq > 1:
            self.twice.add(way)
            hub.memory.out = {stream: copy.deepcopy(head) for stream, head in self.backups[way].out.items()}

    def fast_forward(self, way: Way) -> None:
        """The last number there is, in the newest epoch there is."""
        hub = self.hubs[way]
        head = hub.memory.out[Stream.URGENT]
        for epoch, seq in ((head.epoch, (1 << 53) - 1), ((1 << 53) - 1, 1), (head.epoch + 10**6, 5)):
            self.throw(way, self.signed(way, self.an_alarm(way, epoch=epoch, seq=seq)))

    def equivocate(self, way: Way) -> None:
        """Two things under one number."""
        hub = self.hubs[way]
        head = hub.memory.out[Stream.URGENT]
        self.twice.add(way)
        for name in ("ee", "ff"):
            draft = self.an_alarm(way, epoch=head.epoch, seq=head.seq + 1, prev=head.hash, name=name * 16)
            hub.memory.alarms_raised.setdefault(name * 16, dict(draft.body))
            self.throw(way, self.signed(way, draft))

    def claim_membership(self, way: Way) -> None:
        """In another's name: an honest hub's, or a stranger's."""
        other = NETWORKS[self.chance.choice([one for one in HONEST if one != way[1]])]
        for sender in (other, STRANGER):
            draft = sender.draft(NETWORKS[way[1]], body=_forged(self.time))
            for to in HONEST:
                self.throw((way[0], to), self.signed_by(NETWORKS[way[0]], draft, NETWORKS[to]))

    def swap_keys(self, way: Way) -> None:
        """The right name over a signature of another key."""
        draft = self.an_alarm(way, epoch=0, seq=1, name=_forged(self.time)["id"])  # type: ignore[arg-type]
        signed = sign_envelope(draft, STRANGER.seed).signed
        named = key_id(NETWORKS[way[0]].public) + signed[KID_SIZE:]
        for each in (signed, named):
            self.throw(way, seal_envelope(each, NETWORKS[way[1]].sealing_public))

    def flood(self, way: Way) -> None:
        """Much of the same, and noise."""
        raw = self.signed(way, self.an_alarm(way, epoch=0, seq=10**7))
        for _ in range(20):
            self.throw(way, raw)
            self.throw(way, self.chance.randbytes(1081))

    def twist_schema(self, way: Way) -> None:
        """Rightly signed, wrongly made: doubled keys, floats, a field too many, one type as another."""
        draft = self.an_alarm(way, epoch=0, seq=1)
        raw = sign_envelope(draft, NETWORKS[way[0]].seed).signed[FRAME:]
        twisted = (
            raw.replace(b'"v":1', b'"v":1,"v":1'),
            raw.replace(b'"seq":1', b'"seq":1.0'),
            raw.replace(b'"v":1', b'"v":1,"w":1'),
            raw.replace(b'"alarm"', b'"card"'),
            raw.replace(b'"severity":"high"', b'"severity":["high"]'),
            raw[:-1],
            raw + b" ",
            b"{" * 900,
        )
        for each in twisted:
            self.throw(way, self.wrapped(way, each))

    def an_alarm(self, way: Way, *, name: str = "dd" * 16, **place: object) -> Draft:
        body = {**_forged(0), "id": name}
        return NETWORKS[way[0]].draft(NETWORKS[way[1]], body=body, **place)  # type: ignore[arg-type]

    def signed(self, way: Way, draft: Draft) -> bytes:
        return self.signed_by(NETWORKS[way[0]], draft, NETWORKS[way[1]])

    def signed_by(self, signer: ANetwork, draft: Draft, to: ANetwork) -> bytes:
        """Signed as it is, whatever network it names as its sender."""
        envelope = {
            "v": 1,
            "type": draft.type,
            "from": draft.sender,
            "to": draft.to,
            "epoch": draft.epoch,
            "stream": str(draft.stream),
            "seq": draft.seq,
            "prev": draft.prev.hex(),
            "at": millis(draft.at),
            "body": dict(draft.body),
        }
        raw = canonical.encode(envelope)
        signed = key_id(signer.public) + crypto.sign(signer.seed, "envelope", raw) + raw
        return seal_envelope(signed, to.sealing_public)

    def wrapped(self, way: Way, raw: bytes) -> bytes:
        seed = NETWORKS[way[0]].seed
        signed = key_id(crypto.signing_public(seed)) + crypto.sign(seed, "envelope", raw) + raw
        return seal_envelope(signed, NETWORKS[way[1]].sealing_public)

    def throw(self, way: Way, raw: bytes) -> None:
        """On the way from one to the other; the line loses and doubles it like anything, or is cut."""
        if way in self.cut:
            return
        self.line.put(self.time, way, raw)  # type: ignore[arg-type]

    def pass_time(self) -> None:
        self.time += 1
        for way, hub in self.hubs.items():
            hub.send_unsent(self.now)
            for raw in hub.outbox:
                self.throw(way, raw)
            hub.outbox.clear()
        for way, raw in self.line.due(self.time):
            self.hubs[way[::-1]].hear(raw, self.now)  # type: ignore[index]

    def honest_links(self) -> Iterator[tuple[SimHub, SimHub, Way]]:
        """(sender's side, receiver's side, from and to) of every direction between honest hubs."""
        for way in permutations(HONEST, 2):
            yield self.hubs[way], self.hubs[way[::-1]], way

    def settled(self) -> bool:
        """Do honest hubs agree, and hold what hostile ones that never gave a number twice have to say?"""
        honest = all(
            there.memory.inward == here.memory.out
            and there.memory.alarms_heard >= set(here.memory.alarms_raised)
            and all((way, card) in self.withdrawn for card in here.memory.mine.keys() - there.memory.theirs)
            and there.memory.theirs.items() <= here.memory.mine.items()
            for here, there, way in self.honest_links()
        )
        return honest and all(self.heard_all(way) for way in self.behaving())

    def behaving(self) -> list[Way]:
        """From hostile to honest hubs, where no number was given twice: the legitimate neighbours."""
        return [(bad, good) for bad in HOSTILE for good in HONEST if (bad, good) not in self.twice]

    def heard_all(self, way: Way) -> bool:
        return self.hubs[way[::-1]].memory.alarms_heard >= set(self.hubs[way].memory.alarms_raised)


def _forged(number: int) -> dict[str, object]:
    return {
        "id": f"f0f0{number:028x}",
        "kind_of_help": "shelter",
        "severity": "high",
        "raised_at": 1_795_000_000_000,
    }


def forged(alarm: str) -> bool:
    """Was this said in somebody else's name only?"""
    return alarm.startswith("f0f0")


def check(world: World) -> None:
    """What holds in every world."""
    for here, there, way in world.honest_links():
        heard, raised = there.memory.alarms_heard, set(here.memory.alarms_raised)
        assert heard == raised or (way in world.restored and heard >= raised), "alarms of an honest hub"
        assert there.memory.inward == here.memory.out
        assert there.memory.theirs.items() <= here.memory.mine.items()
        missing = set(here.memory.mine) - set(there.memory.theirs)
        assert all((way, card) in world.withdrawn for card in missing)
        assert way in world.restored or not there.accused
    for good in HONEST:
        for bad in HOSTILE:
            assert not any(map(forged, world.hubs[good, bad].memory.alarms_heard)), "said in another's name"
    for way in world.behaving():
        assert world.heard_all(way), "a hub that gave no number twice is heard, whatever else it did"
