"""Store for each source whether its paper's front page is read, and its address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this change."""
    with op.batch_alter_table("sources") as sources:
        sources.add_column(sa.Column("front_page", sa.String(), server_default="auto", nullable=False))


def downgrade() -> None:
    """Revert this change."""
    with op.batch_alter_table("sources") as sources:
        sources.drop_column("front_page")
