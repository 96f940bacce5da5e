"""The triggers that number what changes for a search, in commit order."""

from __future__ import annotations

from alembic import op

from directory.store.following_tables import FOLLOWED

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """See directory/store/following_tables.py."""
    for words in FOLLOWED:
        op.get_bind().exec_driver_sql(words)
