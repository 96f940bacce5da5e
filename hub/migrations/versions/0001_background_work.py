"""The tables of procrastinate 3.10, as that version ships them."""

from __future__ import annotations

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Background work that is due now."""
    driver = op.get_bind().connection.driver_connection  # its SQL holds per cent signs: no placeholders
    assert driver is not None
    driver.execute(SchemaManager.get_schema())
