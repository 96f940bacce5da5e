"""How Alembic reaches the database: the connection is handed in by hub.migrations."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

import bots.store.tables  # noqa: F401
import directory.store.community_tables
import directory.store.deciding_tables
import directory.store.finding_tables
import directory.store.gathered_tables
import directory.store.tables  # noqa: F401
import hub.store.tables  # noqa: F401
from directory.store.database import metadata
from hub.migrations import ours

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    include_name=ours,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
