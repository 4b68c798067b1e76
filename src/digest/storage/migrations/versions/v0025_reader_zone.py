"""The time zone of a reader, for editions that leave in each reader's own morning."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this change."""
    op.add_column("readers", sa.Column("zone", sa.String, nullable=False, server_default=""))


def downgrade() -> None:
    """Revert this change."""
    op.drop_column("readers", "zone")
