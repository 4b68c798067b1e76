"""Store when a link was last listed, and the sums by state of deliveries whose rows were pruned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this change."""
    op.add_column("entries", sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("editions", sa.Column("sums", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Revert this change."""
    op.drop_column("editions", "sums")
    op.drop_column("entries", "listed_at")
