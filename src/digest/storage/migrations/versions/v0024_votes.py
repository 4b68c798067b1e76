"""Readers' answers to the questions of a letter: counts, and marks that are deleted later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this change."""
    for name, last in (
        (
            "vote_counts",
            (sa.Column("answer", sa.String, primary_key=True), sa.Column("number", sa.Integer, nullable=False)),
        ),
        ("vote_marks", (sa.Column("mark", sa.String, primary_key=True),)),
    ):
        op.create_table(
            name,
            sa.Column("edition_id", sa.Integer, sa.ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True),
            sa.Column("question", sa.String, primary_key=True),
            *last,
        )


def downgrade() -> None:
    """Revert this change."""
    op.drop_table("vote_marks")
    op.drop_table("vote_counts")
