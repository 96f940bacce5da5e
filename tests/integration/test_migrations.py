"""The schema that migrations make is the schema the code declares."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text

from directory.store.database import metadata
from hub.migrations import NewerSchema, ours, upgrade

Fresh = Callable[[], AbstractAsyncContextManager[str]]


async def test_migrated_schema_is_the_declared_schema(fresh_database: Fresh) -> None:
    async with fresh_database() as url:
        upgrade(url)
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"include_name": ours, "compare_type": True, "compare_server_default": True}
            )
            differences = compare_metadata(context, metadata)
        engine.dispose()
    assert differences == []


async def test_upgrading_twice_changes_nothing_and_a_newer_schema_is_refused(fresh_database: Fresh) -> None:
    async with fresh_database() as url:
        upgrade(url)
        upgrade(url)
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
        with engine.begin() as connection:
            connection.execute(text("update alembic_version set version_num = 'from the future'"))
        engine.dispose()
        with pytest.raises(NewerSchema, match="newer Ayni"):
            upgrade(url)
