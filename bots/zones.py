"""The time zone of a country that has only one: what "22:00" means there."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.core import get_global


@lru_cache(maxsize=256)
def zone_of(country: str | None) -> ZoneInfo | None:
    """The zone of a country whose clocks all agree, else None: then a person says how long, not until when.

    Countries with several zone names that always show the same time count as several here.
    """
    zones = [name for name, territory in _zones().items() if territory == country]
    return ZoneInfo(zones[0]) if country is not None and len(zones) == 1 else None


@lru_cache(maxsize=256)
def any_zone_of(country: str | None) -> ZoneInfo | None:
    """A zone of the country, whichever: enough to tell day from night. None for no country."""
    zones = sorted(name for name, territory in _zones().items() if territory == country)
    return ZoneInfo(zones[0]) if country is not None and zones else None


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return dict(get_global("zone_territories"))
