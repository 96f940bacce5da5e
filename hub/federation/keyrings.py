"""The keyring of one link: what we can open, and whose signatures count for that network only."""

from __future__ import annotations

from typing import TypedDict

from directory.turn import Turn
from hub.federation.core.identity import KnownKey
from hub.federation.core.keyring import Keyring, Signer
from hub.federation.core.network_card import KnownNetwork
from hub.federation.core.shapes import millis, moment_of
from hub.federation.identity import SEALING
from hub.store import keys
from hub.store.links import LinkRow, PeerKey


async def keyring_for(turn: Turn, link: LinkRow) -> Keyring:
    """Keys of this link's network only: another network's signature, however good, is unknown here."""
    ours = await keys.of_purpose(turn.tx, turn.guard, SEALING)
    return Keyring.of(turn.home, (each.private for each in ours), _signers(link))


def signers_for(turn: Turn, link: LinkRow) -> Keyring:
    """The same for what is not sealed to us any more: it opens nothing."""
    return Keyring.of(turn.home, (), _signers(link))


def _signers(link: LinkRow) -> tuple[Signer, ...]:
    last_good = {each.public: each.last_good for each in link.peer.operating}
    return tuple(Signer(key, last_good[key.public.hex()]) for key in known_keys(link))


def known_keys(link: LinkRow) -> tuple[KnownKey, ...]:
    """The operating keys of a link's network, as they were checked when its card came."""
    return tuple(
        KnownKey(
            link.network, bytes.fromhex(key.public), moment_of(key.valid_from), moment_of(key.valid_until)
        )
        for key in link.peer.operating
    )


REVOKED_KEPT = 16


def keys_of(known: KnownNetwork, before: tuple[PeerKey, ...] = ()) -> tuple[PeerKey, ...]:
    """The operating keys a checked card names, as we keep them.

    What was revoked before stays revoked, also when a card leaves it out and a later one names it again.
    """
    revoked = {each.public: each for each in before if each.last_good is not None}
    named = tuple(
        revoked.pop(
            each.public.hex(), PeerKey(each.public.hex(), millis(each.valid_from), millis(each.valid_until))
        )
        for each in known.operating
    )
    return (*named, *list(revoked.values())[-REVOKED_KEPT:])


class Reached(TypedDict):
    """Columns of Peer."""

    host: str
    pins: tuple[str, ...]


def reached_at(known: KnownNetwork) -> Reached:
    """Where a checked card says that its hub takes envelopes over HTTPS."""
    named = known.https
    return Reached(host="", pins=()) if named is None else Reached(host=named.host, pins=named.pins)
