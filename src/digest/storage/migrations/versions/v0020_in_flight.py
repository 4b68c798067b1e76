"""Two tables for many machines: letters that a run may have handed over, and when a web host may be asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this change."""
    op.create_table(
        "in_flight",
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("readers", sa.Text(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_in_flight_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_in_flight")),
    )
    op.create_index("ix_in_flight_edition_id", "in_flight", ["edition_id"])
    op.create_table(
        "host_turns",
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("ready", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_host_turns")),
    )
    if op.get_bind().dialect.name == "postgresql":  # lists are rewritten often, and stay within one page
        op.execute("ALTER TABLE in_flight SET (toast_tuple_target = 8160)")


def downgrade() -> None:
    """Revert this change."""
    op.drop_table("host_turns")
    op.drop_table("in_flight")
