"""Store why an edition is held or skipped as a value, and since when an edition's name is known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_CAUSES = """UPDATE editions SET cause = CASE
    WHEN state IN ('paused', 'cancelled') THEN 'operator'
    WHEN state IN ('held', 'skipped') AND reason LIKE 'by the editor%' THEN 'editor'
    WHEN state = 'skipped' AND reason LIKE '%not sent in its window%' THEN 'clock'
    WHEN state IN ('held', 'skipped') THEN 'stories'
    ELSE '' END"""
_SENT = """UPDATE editions SET state = 'sent', reason = '' WHERE state = 'skipped'
    AND EXISTS (SELECT 1 FROM letters WHERE letters.edition_id = editions.id)
    AND NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.edition_id = editions.id
        AND deliveries.state IN ('queued', 'claimed', 'attempting', 'deferred'))"""


def upgrade() -> None:
    """Apply this change; an edition that was sent and then skipped by the clock gets its state ``sent`` back."""
    op.add_column("editions", sa.Column("cause", sa.String(), server_default="", nullable=False))
    op.execute(_SENT)
    op.execute(_CAUSES)
    op.create_table(
        "edition_names",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_edition_names")),
    )


def downgrade() -> None:
    """Revert this change."""
    op.drop_table("edition_names")
    op.drop_column("editions", "cause")
