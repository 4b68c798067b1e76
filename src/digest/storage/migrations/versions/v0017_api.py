"""The API: its tokens, the answers to repeated requests, and pushed articles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this change."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False, unique=True),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("expires_at", instant),
        sa.Column("used_at", instant),
        sa.Column("revoked_at", instant),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "api_requests",
        sa.Column("token_id", sa.Integer, sa.ForeignKey("api_tokens.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("headers", sa.JSON, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_api_requests_at", "api_requests", ["at"])
    op.create_table(
        "pushed_articles",
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("entry_id", sa.Integer, sa.ForeignKey("entries.id", ondelete="CASCADE"), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("pushed_at", instant, nullable=False),
    )
    op.create_index("ix_pushed_articles_entry_id", "pushed_articles", ["entry_id"])


def downgrade() -> None:
    """Revert this change."""
    op.drop_table("pushed_articles")
    op.drop_table("api_requests")
    op.drop_table("api_tokens")
