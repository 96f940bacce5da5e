"""Which Matrix accounts our bots have: one that talks with members, the envoy, and one for each part that the
network set apart (`[network] bots_apart`)."""

from __future__ import annotations

from collections.abc import Mapping

from bots import capabilities
from bots.capabilities import Capability
from hub.effects import BOT, ENVOY
from hub.logins import Name
from hub.settings import Network


def names(network: Network) -> tuple[Name, ...]:
    """Every account, the talking one first, the envoy last."""
    apart = (Name(part.key, f"{network.bot}-{part.key}") for part in _apart(network))
    envoy = "envoy" if network.bot == Network().bot else f"{network.bot}-envoy"
    return (Name(BOT, network.bot), *apart, Name(ENVOY, envoy))


def parts_of(network: Network, account: str) -> tuple[Capability, ...]:
    """What one account does."""
    if account == ENVOY:
        return (capabilities.ENVOY,)
    return tuple(part for part in capabilities.TALKING if _account_of(network, part) == account)


def elsewhere(network: Network, account: str, addresses: Mapping[str, str]) -> dict[str, str]:
    """Part → the Matrix id that does it, for the parts this account does not do."""
    others = {part.key: _account_of(network, part) for part in capabilities.TALKING}
    return {key: addresses[other] for key, other in others.items() if other != account}


def _apart(network: Network) -> tuple[Capability, ...]:
    return tuple(part for part in capabilities.TALKING if part.key in network.bots_apart)


def _account_of(network: Network, part: Capability) -> str:
    return part.key if part.key in network.bots_apart else BOT
