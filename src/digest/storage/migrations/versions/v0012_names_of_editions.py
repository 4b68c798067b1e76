"""Store the later name of a renamed edition: old letters and the memory use it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this change."""
    op.add_column("edition_names", sa.Column("became", sa.String(), nullable=True))


def downgrade() -> None:
    """Revert this change."""
    op.drop_column("edition_names", "became")
