"""homeserver.yaml of an embedded Synapse, as data. Reasons beside each part; measured ones in FACTS."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from hub.embedded.ports import LOOPBACK


@dataclass(frozen=True, slots=True)
class Place:
    """Where one homeserver is: its name, folder, database and ports.

    `domain` is None for an evaluation hub, whose name is localhost:<federation port>. `peers` are the
    only servers it federates with; None means any.
    """

    server_name: str
    state: Path
    database: str
    client_port: int
    federation_port: int
    domain: str | None = None
    peers: tuple[str, ...] | None = None
    bcrypt_rounds: int = 12


def homeserver(place: Place) -> dict[str, Any]:
    """Everything of homeserver.yaml. JSON of it is YAML."""
    parts = (
        _identity(place),
        _database(place),
        _listeners(place),
        _federation(place),
        _accounts(place),
        _evaluation(place) if place.domain is None else _public(place),
        QUIET,
        FORGETFUL,
        SMALL,
        RATES,
    )
    return {key: value for part in parts for key, value in part.items()}


def _identity(place: Place) -> dict[str, Any]:
    return {
        "server_name": place.server_name,
        "report_stats": False,
        "signing_key_path": str(place.state / "signing.key"),
        "macaroon_secret_key_path": str(place.state / "macaroon.key"),
        "form_secret_path": str(place.state / "form.key"),
        "media_store_path": str(place.state / "media"),
        "log_config": str(place.state / "log.yaml"),
        "trusted_key_servers": [],  # no third party learns whom we talk to or vouches for anybody's keys
        "suppress_key_server_warning": True,
    }


def _database(place: Place) -> dict[str, Any]:
    arguments = {**conninfo_to_dict(place.database), "cp_min": 1, "cp_max": 6}
    return {"database": {"name": "psycopg2", "args": arguments}}


def _listeners(place: Place) -> dict[str, Any]:
    behind_proxy = place.domain is not None
    common = {"type": "http", "bind_addresses": [LOOPBACK], "x_forwarded": behind_proxy}
    client = {"names": ["client"], "compress": False}
    federation = {"names": ["federation", "keys"], "compress": False}
    return {
        "listeners": [
            {**common, "port": place.client_port, "tls": False, "resources": [client]},
            {**common, "port": place.federation_port, "tls": not behind_proxy, "resources": [federation]},
        ]
    }


def _evaluation(place: Place) -> dict[str, Any]:
    return {
        "bcrypt_rounds": min(place.bcrypt_rounds, 4),  # its accounts are for a try, with random passwords
        "tls_certificate_path": str(place.state / "tls.crt"),
        "tls_private_key_path": str(place.state / "tls.key"),
        # Its peers are on the same computer: loopback must be allowed, and "localhost" cannot be certified.
        "federation_certificate_verification_whitelist": ["localhost"],
        "federation_ip_range_blacklist": [],
        "ip_range_blacklist": [],
        "public_baseurl": f"http://localhost:{place.client_port}/",
        "serve_server_wellknown": False,
    }


def _public(place: Place) -> dict[str, Any]:
    return {"public_baseurl": f"https://{place.domain}/", "serve_server_wellknown": True}


def _federation(place: Place) -> dict[str, Any]:
    longest = "15s" if place.domain is None else "60s"
    settings: dict[str, Any] = {
        # By default a peer that was away for a moment is not asked again for 10 minutes, later 7 days.
        "federation": {
            "client_timeout": "30s",
            "max_short_retry_delay": "1s",
            "max_short_retries": 2,
            "max_long_retry_delay": "5s",
            "max_long_retries": 3,
            "destination_min_retry_interval": "1s",
            "destination_retry_multiplier": 2,
            "destination_max_retry_interval": longest,
        },
        "allow_profile_lookup_over_federation": False,
        "allow_device_name_lookup_over_federation": False,
        "allow_public_rooms_over_federation": False,
    }
    if place.peers is not None:
        settings["federation_domain_whitelist"] = list(place.peers)
    return settings


def _accounts(place: Place) -> dict[str, Any]:
    return {
        "enable_registration": False,
        "registration_shared_secret_path": str(place.state / "registration.key"),
        "bcrypt_rounds": place.bcrypt_rounds,
        "enable_3pid_lookup": False,
        "enable_3pid_changes": False,  # no mail addresses or phone numbers beside accounts
        "allow_guest_access": False,
    }


# What would show who is there, or tell others about it.
QUIET: dict[str, Any] = {
    "presence": {"enabled": False},
    "url_preview_enabled": False,
    "user_directory": {"enabled": False},
    "enable_search": False,
    "enable_room_list_search": False,
    "room_list_publication_rules": [{"action": "deny"}],
    "allow_public_rooms_without_auth": False,
    "require_auth_for_profile_requests": True,
    "limit_profile_requests_to_users_who_share_rooms": True,
    "include_profile_data_on_invite": False,
    "push": {"enabled": True, "include_content": False},  # phones must ring, and a push says nothing else
    "enable_metrics": False,
}

# What would stay on the disk for a thief. Rooms say themselves (m.room.retention) how long they keep.
FORGETFUL: dict[str, Any] = {
    "user_ips_max_age": "1h",
    "redaction_retention_period": "5m",
    "forget_rooms_on_leave": True,
    "forgotten_room_retention_period": "1d",
    "retention": {
        "enabled": True,
        "purge_jobs": [{"longest_max_lifetime": "3d", "interval": "1h"}, {"interval": "1d"}],
    },
}

SMALL: dict[str, Any] = {
    "caches": {"global_factor": 0.2, "cache_entry_ttl": "10m", "sync_response_cache_duration": "10s"},
    "event_cache_size": "1K",
    "max_upload_size": "20M",
}

_BRISK = {"per_second": 50, "burst_count": 500}
# The defaults are made for open servers full of strangers and would silence a bot in an alarm; accounts
# here are made by the hub alone. Guessing passwords stays slow.
RATES: dict[str, Any] = {
    "rc_message": _BRISK,
    "rc_joins": {"local": _BRISK, "remote": _BRISK},
    "rc_joins_per_room": _BRISK,
    "rc_invites": {"per_room": _BRISK, "per_user": _BRISK, "per_issuer": _BRISK},
    "rc_room_creation": _BRISK,
    "rc_key_requests": {"per_second": 200, "burst_count": 1000},
    "rc_login": {
        "address": _BRISK,  # all members behind one proxy or onion address share one
        "account": {"per_second": 1, "burst_count": 20},
        "failed_attempts": {"per_second": 0.1, "burst_count": 5},
    },
    "rc_federation": {
        "window_size": 1000,
        "sleep_limit": 200,
        "sleep_delay": 100,
        "reject_limit": 500,
        "concurrent": 10,
    },
}


def logging_settings() -> dict[str, Any]:
    """log.yaml: errors only, in the words of hub/embedded/quiet.py; requests are not logged at all."""
    return {
        "version": 1,
        "formatters": {"quiet": {"()": "hub.embedded.quiet.Quiet"}},
        "handlers": {"log": {"class": "logging.StreamHandler", "formatter": "quiet"}},
        "root": {"level": "ERROR", "handlers": ["log"]},
        "loggers": {"synapse.access": {"level": "CRITICAL"}},
        "disable_existing_loggers": False,
    }
