"""Who this hub is: its root document, its operating key and its sealing keys, made, kept and rotated.

The root key lies under the Archive ring; operating and sealing keys lie under the Watch ring, so that a hub
restarted by a power cut at night still sends alarms (DESIGN 4.9). Sealing keys live 7 days; their private
halves are deleted 48 hours after every linked network confirmed the next one, and at the latest 48 hours
after they ran out, so that a disk seized today opens nothing older than nine days (DESIGN 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from directory import crypto
from directory.core.effects import DueAt, Post, Stream
from directory.store.database import Tx
from directory.store.guarded import Guard, HubSealed
from directory.turn import Turn
from hub.federation.core import canonical, network_card
from hub.federation.core import identity as statements
from hub.federation.core.canonical import Json
from hub.federation.core.identity import OPERATING_LIFE, SEALING_LIFE
from hub.store import envelopes, keys, links
from hub.store.keys import HubKey

ROOT, OPERATING, SEALING, DOCUMENT, ENVOY = "root", "operating", "sealing", "document", "envoy"
FOR_EVER = timedelta(days=36_500)
NEXT_SEALING_AFTER = timedelta(days=5)
NEXT_OPERATING_BEFORE = timedelta(days=14)
KEPT_AFTER = timedelta(hours=48)
LOOK_AGAIN = timedelta(hours=6)

DUE_KEYS = "keys"
"""Kind of the due row that rotates keys; its ref is `sealing`."""


class NotFoundedYet(Exception):
    """This hub belongs to no network yet. Run: ayni init"""


@dataclass(frozen=True, slots=True)
class HomeIdentity:
    """This network and the keys its hub works with, the newest first; `sealing`: every private half kept."""

    network: str
    name: str
    languages: tuple[str, ...]
    envoy: str
    roots: tuple[Json, ...]
    operating: tuple[HubKey, ...]
    sealing: tuple[HubKey, ...]

    @property
    def seed(self) -> bytes:
        """The seed of the operating key in use."""
        return self.operating[0].private

    def card(self) -> Json:
        """Our network card, signed: who we are and which keys speak for us."""
        return network_card.make_network_card(
            network=self.network,
            name=self.name,
            envoy=self.envoy,
            roots=self.roots,
            operating=[_statement(key) for key in self.operating[:4]],
            sealing=_statement(self.sealing[0]),
            operating_seed=self.seed,
            languages=self.languages,
        )


def _statement(key: HubKey) -> Json:
    parsed = canonical.parse(key.statement)
    if isinstance(parsed, canonical.Flaw):
        raise crypto.CannotOpen(parsed.value)
    return parsed


async def home_identity(tx: Tx, guard: Guard) -> HomeIdentity:
    """This network and its keys. Raises NotFoundedYet before `found_network`."""
    home = await links.home(tx)
    documents = await keys.of_purpose(tx, guard, DOCUMENT)
    envoy = await keys.of_purpose(tx, guard, ENVOY)
    if home is None or not documents or not envoy:
        raise NotFoundedYet
    network, name, languages = home
    return HomeIdentity(
        network=network,
        name=name,
        languages=languages,
        envoy=envoy[0].public.decode(),
        roots=tuple(_statement(each) for each in sorted(documents, key=lambda key: key.valid_from)),
        operating=await keys.of_purpose(tx, guard, OPERATING),
        sealing=await keys.of_purpose(tx, guard, SEALING),
    )


async def found_network(turn: Turn, *, name: str, languages: Sequence[str], envoy: str) -> str:
    """Make the network this hub belongs to, once; returns its id, the hash of its first root document.

    `envoy` is the full Matrix id of the account that sits in link rooms. Needs the Archive ring open.
    """
    root_seed = crypto.new_signing_seed(turn.guard.chance)
    root = statements.first_root([crypto.signing_public(root_seed)], 1)
    network = statements.network_id(root)
    await links.found_home(
        turn.tx, network=network, name=canonical.tidy(name), languages=tuple(languages), now=turn.now
    )
    document = canonical.encode({"root": root})
    await _keep(turn, ROOT, crypto.signing_public(root_seed), root_seed, b"", FOR_EVER)
    await _keep(turn, DOCUMENT, statements.root_hash(root), b"", document, FOR_EVER)
    await name_envoy(turn, envoy)
    operating_seed = await _new_operating(turn, network, root_seed)
    await _new_sealing(turn, network, operating_seed)
    await turn.record(DueAt(DUE_KEYS, SEALING, turn.now + LOOK_AGAIN))
    return network


async def name_envoy(turn: Turn, envoy: str) -> None:
    """Keep the Matrix id of the account that sits in link rooms."""
    await _keep(turn, ENVOY, envoy.encode(), b"", b"", FOR_EVER)


async def _keep(
    turn: Turn, purpose: str, public: bytes, private: bytes, statement: bytes, life: timedelta
) -> HubKey:
    until = turn.now + life
    key = HubKey(turn.ids(), purpose, public, private, statement, turn.now, until)
    await keys.add(turn.tx, turn.guard, key)
    return key


async def _new_operating(turn: Turn, network: str, root_seed: bytes) -> bytes:
    seed = crypto.new_signing_seed(turn.guard.chance)
    public = crypto.signing_public(seed)
    statement = _certified(turn, "operating", network, public, OPERATING_LIFE, root_seed)
    await _keep(turn, OPERATING, public, seed, statement, OPERATING_LIFE)
    return seed


async def _new_sealing(turn: Turn, network: str, operating_seed: bytes) -> None:
    private = crypto.new_sealing_key(turn.guard.chance)
    public = crypto.sealing_public(private)
    statement = _certified(turn, "sealing", network, public, SEALING_LIFE, operating_seed)
    key = await _keep(turn, SEALING, public, private, statement, SEALING_LIFE)
    await keys.retire(turn.tx, SEALING, but=key.id, at=turn.now)


def _certified(
    turn: Turn,
    purpose: Literal["operating", "sealing"],
    network: str,
    public: bytes,
    life: timedelta,
    seed: bytes,
) -> bytes:
    signed = statements.certify(
        purpose,
        network=network,
        public=public,
        valid_from=turn.now,
        valid_until=turn.now + life,
        seeds=[seed],
    )
    return canonical.encode(signed)


async def rotate(turn: Turn, _ref: str) -> None:
    """Due handler `keys`: renew what runs out soon, tell linked networks, delete what nobody needs."""
    home = await home_identity(turn.tx, turn.guard)
    renewed = await _renew_operating(turn, home)
    if turn.now >= home.sealing[0].valid_from + NEXT_SEALING_AFTER:
        newest = await home_identity(turn.tx, turn.guard)
        await _new_sealing(turn, home.network, newest.seed)
        renewed = True
    if renewed:
        await announce(turn)
    await _forget(turn)
    await turn.record(DueAt(DUE_KEYS, SEALING, turn.now + LOOK_AGAIN))


async def _renew_operating(turn: Turn, home: HomeIdentity) -> bool:
    """Expired operating keys degrade cards and never stop alarms, so a closed Archive only puts this off."""
    if turn.now < home.operating[0].valid_until - NEXT_OPERATING_BEFORE:
        return False
    try:
        root = await keys.of_purpose(turn.tx, turn.guard, ROOT)
    except HubSealed:
        return False
    await _new_operating(turn, home.network, root[0].private)
    return True


async def announce(turn: Turn) -> None:
    """Tell every linked network our newest keys (envelope type `keys`)."""
    card = (await home_identity(turn.tx, turn.guard)).card()
    for link in await links.every(turn.tx, turn.guard):
        if link.state not in ("proposed", "severed"):
            await turn.record(Post(link.network, Stream.URGENT, "keys", {"card": card}))


async def _forget(turn: Turn) -> None:
    kept = await keys.of_purpose(turn.tx, turn.guard, SEALING)
    waiting = await envelopes.any_unconfirmed(turn.tx, "keys")
    for key in kept[1:]:
        if _spent(key, turn.now, waiting):
            await keys.forget(turn.tx, key.id)


def _spent(key: HubKey, now: datetime, waiting: bool) -> bool:
    """May this private half go? Confirmed by all and 48 hours old, or run out for 48 hours."""
    if now >= key.valid_until + KEPT_AFTER:
        return True
    return not waiting and key.retired_at is not None and now >= key.retired_at + KEPT_AFTER
