"""Who this hub is: its root document, its operating key and its sealing keys, made, kept and rotated.

A root key that the hub keeps lies under the Archive ring; the others are on paper with people (roots.py).
Operating and sealing keys lie under the Watch ring, so that a hub restarted by a power cut at night still
sends alarms (DESIGN 4.9). A new operating key signs only once every linked network confirmed it.

Sealing keys live 7 days; their private halves are deleted 48 hours after every linked network confirmed the
next one, and at the latest 48 hours after they ran out, so that a disk seized today opens nothing older than
nine days (DESIGN 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from directory import crypto
from directory.core.effects import DueAt, Post, Stream, TellRoles, Urgency
from directory.core.text import say
from directory.core.viewer import Role
from directory.store.database import Tx
from directory.store.guarded import Guard, HubSealed
from directory.turn import Turn
from hub.federation.core import canonical, network_card
from hub.federation.core import identity as statements
from hub.federation.core.canonical import Json
from hub.federation.core.identity import OPERATING_LIFE, SEALING_LIFE
from hub.federation.core.network_card import Https
from hub.store import envelopes, keys, links
from hub.store.keys import HubKey

ROOT, OPERATING, SEALING, DOCUMENT, ENVOY = "root", "operating", "sealing", "document", "envoy"
HTTPS = "https"
"""Where linked hubs reach us over HTTPS: `public` is the host, the statement the keys of its certificate."""
HOLDER, NEXT = "holder", "next-operating"
"""A person who keeps a root key (`public`), by name; an operating key that holders sign in advance."""
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
    """This network and the keys its hub works with; `sealing`: every private half kept, the newest first.

    `operating`: first the key that signs, then what follows it, then what it followed.
    """

    network: str
    name: str
    languages: tuple[str, ...]
    envoy: str
    roots: tuple[Json, ...]
    operating: tuple[HubKey, ...]
    sealing: tuple[HubKey, ...]
    https: Https | None = None

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
            https=self.https,
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
    https = await keys.of_purpose(tx, guard, HTTPS)
    if home is None or not documents or not envoy:
        raise NotFoundedYet
    network, name, languages = home
    return HomeIdentity(
        network=network,
        name=name,
        languages=languages,
        envoy=envoy[0].public.decode(),
        roots=tuple(sorted(map(_statement, documents), key=_number)),
        operating=keys.in_use_first(await keys.of_purpose(tx, guard, OPERATING)),
        sealing=keys.in_use_first(await keys.of_purpose(tx, guard, SEALING)),
        https=_https(https[0]) if https else None,
    )


def _https(key: HubKey) -> Https:
    return Https(host=key.public.decode(), pins=tuple(key.statement.decode().split()))


def _number(signed: Json) -> int:
    """A root document's place in the chain: its own word, since a clock may have been set back."""
    return msgspec.convert(signed["root"], statements.Root).number


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who keeps a root key: a name, and the public half."""

    name: str
    public: bytes


@dataclass(frozen=True, slots=True)
class FirstKeys:
    """The root keys a network begins with. `seeds` sign its first operating keys; `kept` stays on this hub.

    `ahead`: how many further operating keys are signed at once, for a hub that keeps no root key.
    """

    holders: tuple[Holder, ...]
    threshold: int
    seeds: tuple[bytes, ...] = field(repr=False)
    kept: bytes | None = field(default=None, repr=False)
    ahead: int = 0


async def found_network(
    turn: Turn, *, name: str, languages: Sequence[str], envoy: str, first: FirstKeys | None = None
) -> str:
    """Make the network this hub belongs to, once; returns its id, the hash of its first root document.

    `envoy` is the full Matrix id of the account that sits in link rooms. `first`: whose keys speak for it;
    without, one key that only this hub has. Needs the Archive ring open.
    """
    first = first or _alone(turn)
    root = statements.first_root([each.public for each in first.holders], first.threshold)
    network = statements.network_id(root)
    await links.found_home(
        turn.tx, network=network, name=canonical.tidy(name), languages=tuple(languages), now=turn.now
    )
    await keep_root(turn, {"root": root}, first.holders)
    if first.kept is not None:
        await keep(turn, ROOT, crypto.signing_public(first.kept), first.kept, b"", FOR_EVER)
    await name_envoy(turn, envoy)
    operating_seed = await _new_operating(turn, network, first.seeds[: first.threshold])
    await new_sealing(turn, network, operating_seed)
    for public, valid_from in await new_pending(turn, first.ahead, turn.now + OPERATING_LIFE):
        signed = statements.certify(
            "operating",
            network=network,
            public=public,
            valid_from=valid_from,
            valid_until=valid_from + OPERATING_LIFE,
            seeds=first.seeds[: first.threshold],
        )
        await prepared(turn, public, canonical.encode(signed))
    await turn.record(DueAt(DUE_KEYS, SEALING, turn.now + LOOK_AGAIN))
    return network


def _alone(turn: Turn) -> FirstKeys:
    seed = crypto.new_signing_seed(turn.guard.chance)
    return FirstKeys((Holder("this hub", crypto.signing_public(seed)),), 1, (seed,), seed)


async def new_pending(turn: Turn, count: int, last: datetime) -> list[tuple[bytes, datetime]]:
    """Make operating keys that follow one that ends at `last`, to be signed: (public, valid from) each."""
    made = []
    for _ in range(count):
        valid_from = max(turn.now, last - NEXT_OPERATING_BEFORE)
        last = valid_from + OPERATING_LIFE
        seed = crypto.new_signing_seed(turn.guard.chance)
        public = crypto.signing_public(seed)
        key = HubKey(turn.ids(), NEXT, public, seed, b"", valid_from, last)
        await keys.add(turn.tx, turn.guard, key)
        made.append((public, valid_from))
    return made


async def prepared(turn: Turn, public: bytes, statement: bytes) -> bool:
    """The holders signed a key that was made by `new_pending`; False when it is none of ours."""
    for key in await keys.of_purpose(turn.tx, turn.guard, NEXT):
        if key.public == public:
            await keys.forget(turn.tx, key.id)
            await keys.add(turn.tx, turn.guard, replace(key, statement=statement))
            return True
    return False


async def keep_root(turn: Turn, signed: Json, holders: Sequence[Holder]) -> None:
    """Keep a root document as its keys signed it, and who holds those keys."""
    root = signed["root"]
    assert isinstance(root, dict)
    await keep(turn, DOCUMENT, statements.root_hash(root), b"", canonical.encode(signed), FOR_EVER)
    for each in await keys.of_purpose(turn.tx, turn.guard, HOLDER):
        await keys.forget(turn.tx, each.id)
    for holder in holders:
        await keep(turn, HOLDER, holder.public, b"", holder.name.encode(), FOR_EVER)


async def name_envoy(turn: Turn, envoy: str) -> None:
    """Keep the Matrix id of the account that sits in link rooms."""
    await keep(turn, ENVOY, envoy.encode(), b"", b"", FOR_EVER)


async def name_https(turn: Turn, host: str, pins: Sequence[str]) -> None:
    """Keep where linked hubs reach us over HTTPS ("": nowhere), and tell them when it is new."""
    kept = await keys.of_purpose(turn.tx, turn.guard, HTTPS)
    if [(each.public.decode(), each.statement.decode().split()) for each in kept] == (
        [(host, list(pins))] if host else []
    ):
        return
    for each in kept:
        await keys.forget(turn.tx, each.id)
    if host:
        await keep(turn, HTTPS, host.encode(), b"", " ".join(pins).encode(), FOR_EVER)
    await announce(turn)


async def keep(
    turn: Turn, purpose: str, public: bytes, private: bytes, statement: bytes, life: timedelta
) -> HubKey:
    """Keep one key of this hub from now on, for `life`."""
    until = turn.now + life
    key = HubKey(turn.ids(), purpose, public, private, statement, turn.now, until)
    await keys.add(turn.tx, turn.guard, key)
    return key


async def _new_operating(turn: Turn, network: str, root_seeds: Sequence[bytes]) -> bytes:
    seed = crypto.new_signing_seed(turn.guard.chance)
    public = crypto.signing_public(seed)
    statement = _certified(turn, "operating", network, public, OPERATING_LIFE, root_seeds)
    await keep(turn, OPERATING, public, seed, statement, OPERATING_LIFE)
    return seed


async def new_sealing(turn: Turn, network: str, operating_seed: bytes) -> None:
    """A fresh sealing key that this operating key stands behind."""
    private = crypto.new_sealing_key(turn.guard.chance)
    public = crypto.sealing_public(private)
    statement = _certified(turn, "sealing", network, public, SEALING_LIFE, [operating_seed])
    key = await keep(turn, SEALING, public, private, statement, SEALING_LIFE)
    await keys.retire(turn.tx, SEALING, but=key.id, at=turn.now)


def _certified(
    turn: Turn,
    purpose: Literal["operating", "sealing"],
    network: str,
    public: bytes,
    life: timedelta,
    seeds: Sequence[bytes],
) -> bytes:
    signed = statements.certify(
        purpose,
        network=network,
        public=public,
        valid_from=turn.now,
        valid_until=turn.now + life,
        seeds=seeds,
    )
    return canonical.encode(signed)


async def rotate(turn: Turn, _ref: str) -> None:
    """Due handler `keys`: renew what runs out soon, tell linked networks, delete what nobody needs."""
    await turn.record(DueAt(DUE_KEYS, SEALING, turn.now + LOOK_AGAIN))
    home = await home_identity(turn.tx, turn.guard)
    await _hand_over(turn, home)
    renewed = await _renew_operating(turn, home)
    if not _begun(home.sealing[0], turn.now) or turn.now >= home.sealing[0].valid_from + NEXT_SEALING_AFTER:
        newest = await home_identity(turn.tx, turn.guard)
        await new_sealing(turn, home.network, newest.seed)
        renewed = True
    if renewed:
        await announce(turn)
    await _forget(turn)


async def _hand_over(turn: Turn, home: HomeIdentity) -> None:
    """The newer operating key signs from now on: every peer confirmed it, or the older one ran out."""
    living = [key for key in home.operating if key.retired_at is None]
    confirmed = not await envelopes.any_unconfirmed(turn.tx, "keys")
    if len(living) > 1 and (confirmed or turn.now >= living[0].valid_until):
        await keys.retire(turn.tx, OPERATING, but=living[-1].id, at=turn.now)


async def _renew_operating(turn: Turn, home: HomeIdentity) -> bool:
    """A next key, two weeks before the last one runs out: signed by the root key kept here, or long ago.

    Expired operating keys degrade cards and never stop alarms, so whatever is missing only puts this off;
    the administrators are told every day.
    """
    living = [key for key in home.operating if key.retired_at is None and _begun(key, turn.now)]
    last = max((key.valid_until for key in living), default=turn.now)
    if turn.now < last - NEXT_OPERATING_BEFORE:
        return False
    if await _take_prepared(turn):
        return True
    seeds = await kept_roots(turn, home)
    if seeds:
        await _new_operating(turn, home.network, seeds)
        return True
    await _warn(turn, last)
    return False


def _begun(key: HubKey, now: datetime) -> bool:
    """False for a key made while the clock was wrong and ahead: linked networks would not believe it yet."""
    return key.valid_from <= now + LOOK_AGAIN


async def kept_roots(turn: Turn, home: HomeIdentity) -> list[bytes]:
    """Root keys kept here, when they are enough to sign alone; none when not, or while records are closed."""
    root = statements.verify_roots(home.network, home.roots)
    if isinstance(root, statements.Doubt):
        return []
    try:
        kept = await keys.of_purpose(turn.tx, turn.guard, ROOT)
    except HubSealed:
        return []
    ours = [key.private for key in kept if key.public.hex() in root.keys]
    return ours[: root.threshold] if len(ours) >= root.threshold else []


async def _take_prepared(turn: Turn) -> bool:
    """An operating key the holders signed in advance, for this time."""
    for key in reversed(await keys.of_purpose(turn.tx, turn.guard, NEXT)):
        if key.statement and turn.now < key.valid_until - NEXT_OPERATING_BEFORE:
            if turn.now < key.valid_from:
                return False
            await keys.forget(turn.tx, key.id)
            await keys.add(turn.tx, turn.guard, replace(key, purpose=OPERATING))
            return True
    return False


async def _warn(turn: Turn, last: datetime) -> None:
    """Once a day, although this is looked at more often."""
    left, before = (last - turn.now).days, (last - turn.now + LOOK_AGAIN).days
    if left == before and left >= 0:
        return
    text = say(
        "The hub needs a new signed key within {days} days, and cannot make it alone. Open the records, or "
        "have the key holders sign. Calls for help go on.",
        days=max(left, 0),
    )
    await turn.record(TellRoles(Role.ADMINISTRATOR, text, Urgency.ANSWER))


async def announce(turn: Turn) -> None:
    """Tell every linked network our newest keys (envelope type `keys`)."""
    card = (await home_identity(turn.tx, turn.guard)).card()
    for link in await links.every(turn.tx, turn.guard):
        if link.state not in ("proposed", "severed"):
            await turn.record(Post(link.network, Stream.URGENT, "keys", {"card": card}))


async def _forget(turn: Turn) -> None:
    for key in await keys.of_purpose(turn.tx, turn.guard, OPERATING):
        if key.retired_at is not None and turn.now >= key.valid_until + KEPT_AFTER:
            await keys.forget(turn.tx, key.id)
    kept = keys.in_use_first(await keys.of_purpose(turn.tx, turn.guard, SEALING))
    waiting = await envelopes.any_unconfirmed(turn.tx, "keys")
    for key in kept[1:]:
        if _spent(key, turn.now, waiting):
            await keys.forget(turn.tx, key.id)


def _spent(key: HubKey, now: datetime, waiting: bool) -> bool:
    """May this private half go? Confirmed by all and 48 hours old, or run out for 48 hours."""
    if now >= key.valid_until + KEPT_AFTER:
        return True
    return not waiting and key.retired_at is not None and now >= key.retired_at + KEPT_AFTER
