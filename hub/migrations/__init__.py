"""The schema, from the first table on. `upgrade` is what `ayni up` runs before anything else starts."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from hub.trouble import Trouble

HERE = Path(__file__).parent
LOCK = 0x4159_4E49_0002


class NewerSchema(Trouble):
    """This data folder was written by a newer Ayni. Install that version; nothing was changed."""

    needs_person = True


def ours(name: str | None, kind: str, _parents: object) -> bool:
    """Which tables Alembic looks after: procrastinate keeps its own, in our database."""
    return kind != "table" or not (name or "").startswith("procrastinate_")


def upgrade(url: str) -> None:
    """Bring the schema up to date, in one transaction, one process at a time.

    Raises NewerSchema when the database knows a revision that this program does not.
    """
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    try:
        with engine.begin() as connection:
            connection.execute(text(f"select pg_advisory_xact_lock({LOCK})"))
            settings = _settings(connection)
            _refuse_newer(connection, settings)
            command.upgrade(settings, "head")
    finally:
        engine.dispose()


def revise(url: str, message: str) -> None:
    """Write the next migration from the difference between the declared and the migrated schema."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        command.revision(_settings(connection), message=message, autogenerate=True)
    engine.dispose()


def _settings(connection: Connection) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(HERE))
    settings.attributes["connection"] = connection
    return settings


def _refuse_newer(connection: Connection, settings: Config) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(settings).walk_revisions()}
    if not set(MigrationContext.configure(connection).get_current_heads()) <= known:
        raise NewerSchema
