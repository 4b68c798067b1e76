"""Number the editions on demand: there may be several a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OLD, NEW = "uq_editions_name_date", "uq_editions_name_date_number"


def upgrade() -> None:
    """Apply this change."""
    with op.batch_alter_table("editions") as editions:
        editions.add_column(sa.Column("number", sa.Integer(), server_default="1", nullable=False))
        editions.drop_constraint(OLD, type_="unique")
        editions.create_unique_constraint(NEW, ["name", "date", "number"])


def downgrade() -> None:
    """Revert this change."""
    with op.batch_alter_table("editions") as editions:
        editions.drop_constraint(NEW, type_="unique")
        editions.create_unique_constraint(OLD, ["name", "date"])
        editions.drop_column("number")
