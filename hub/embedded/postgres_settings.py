"""The settings of our PostgreSQL: small, durable, silent about people."""

from __future__ import annotations

from pathlib import Path

# Nobody gets in without a password, not even over the socket that only our account can open.
HBA = """\
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
"""

SMALL = {
    "max_connections": "60",
    "shared_buffers": "32MB",
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "effective_cache_size": "256MB",
    "max_wal_size": "256MB",
    "min_wal_size": "32MB",
    "max_wal_senders": "2",
    "max_worker_processes": "2",
    "max_parallel_workers": "0",
    "max_logical_replication_workers": "0",
    "autovacuum_max_workers": "1",
    "huge_pages": "off",
    "jit": "off",
}
# From version 18: read-ahead workers and spare vacuum slots are processes and memory we do not need.
SMALL_18 = {"io_method": "sync", "autovacuum_worker_slots": "2"}

# An alarm is a row: it has to survive a power cut in the second after it was written.
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}

# Errors of statements carry values ("Key (user)=(…) already exists"); only starts, stops and what ends a
# connection are logged, and never the statement.
SILENT = {
    "log_destination": "stderr",
    "logging_collector": "off",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
    "log_connections": "off",
    "log_checkpoints": "off",
    "log_autovacuum_min_duration": "-1",
    "log_line_prefix": "%m ",
}

PLAIN = {
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "default_text_search_config": "pg_catalog.simple",
    "password_encryption": "scram-sha-256",
    "unix_socket_permissions": "0700",
}


def settings_text(major: int, *, sockets: Path, port: int, tcp: bool) -> str:
    """postgresql.conf, whole. Without `tcp` nothing listens on the network at all."""
    where = {
        "listen_addresses": "127.0.0.1" if tcp else "",
        "port": str(port),
        "unix_socket_directories": f'"{sockets}"',
    }
    newer = SMALL_18 if major >= 18 else {}
    lines = SMALL | newer | DURABLE | SILENT | PLAIN | where
    return "".join(f"{key} = '{_quoted(value)}'\n" for key, value in lines.items())


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")
