"""Events about letters that sending services posted, each stored once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this change."""
    op.create_table(
        "service_events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sender", sa.String, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("token", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("effect", sa.String, nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("sender", "name"),
    )
    op.create_index("ix_service_events_state_id", "service_events", ["state", "id"])
    op.create_index("ix_service_events_at", "service_events", ["at"])


def downgrade() -> None:
    """Revert this change."""
    op.drop_table("service_events")
