"""The journal of a run with an in-flight list is named once, in the list, and not in the row of each letter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

JOURNAL = ("journal_host", "journal_file")


def upgrade() -> None:
    """Apply this change. Rows that are held now have the names themselves."""
    for name in JOURNAL:
        op.add_column("in_flight", sa.Column(name, sa.String, nullable=False, server_default=""))


def downgrade() -> None:
    """Revert this change: the rows of letters get the names of their list."""
    for name in JOURNAL:
        op.execute(
            f"UPDATE deliveries SET {name} = (SELECT l.{name} FROM in_flight l WHERE l.worker = deliveries.worker) "  # noqa: S608
            f"WHERE {name} IS NULL AND worker IS NOT NULL"
        )
    for name in JOURNAL:
        op.drop_column("in_flight", name)
