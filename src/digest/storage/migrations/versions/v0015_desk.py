"""Authors of acts, corrections of sent editions, and several letters of an edition in succession."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this change."""
    op.add_column("desk", sa.Column("author", sa.String(), nullable=False, server_default=""))
    op.add_column("editions", sa.Column("letter", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("editions", sa.Column("approval_told", sa.JSON(), nullable=True))
    op.add_column("deliveries", sa.Column("letter", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "earlier_letters",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", sa.String(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name="fk_earlier_letters_edition_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("edition_id", "number", name="pk_earlier_letters"),
    )
    op.create_table(
        "edition_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("printed", sa.Text(), nullable=False),
        sa.Column("corrected", sa.Text(), nullable=False),
        sa.Column("author", sa.String(), nullable=False, server_default=""),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name="fk_edition_corrections_edition_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_edition_corrections"),
    )
    op.create_index("ix_edition_corrections_edition_id", "edition_corrections", ["edition_id"])


def downgrade() -> None:
    """Revert this change."""
    op.drop_table("edition_corrections")
    op.drop_table("earlier_letters")
    op.drop_column("deliveries", "letter")
    op.drop_column("editions", "approval_told")
    op.drop_column("editions", "letter")
    op.drop_column("desk", "author")
