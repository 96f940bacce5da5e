"""The triggers that tell of what somebody watches."""

from __future__ import annotations

from alembic import op

from hub.store.live_triggers import TRIGGERS

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """See hub/store/live_triggers.py."""
    op.get_bind().exec_driver_sql(TRIGGERS)
