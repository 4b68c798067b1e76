"""Webhooks: who is notified, of what, and whether it arrived; and the tips that readers leave."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply this change."""
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(60), nullable=False, unique=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("former_secret", sa.Text, nullable=False),
        sa.Column("former_until", INSTANT),
        sa.Column("events", sa.JSON),
        sa.Column("allow_private", sa.Boolean, nullable=False),
        sa.Column("with_addresses", sa.Boolean, nullable=False),
        sa.Column("pseudonym_key", sa.LargeBinary, nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failing_since", INSTANT),
        sa.Column("rests_until", INSTANT),
        sa.Column("answered_at", INSTANT),
        sa.Column("disabled_at", INSTANT),
        sa.Column("disabled_why", sa.String, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "webhook_events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False, unique=True),
        sa.Column("type", sa.String(60), nullable=False),
        sa.Column("once", sa.String(100), unique=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("reader_id", sa.Integer),
        sa.Column("edition", sa.JSON),
        sa.Column("details", sa.JSON, nullable=False),
    )
    op.create_index("ix_webhook_events_at", "webhook_events", ["at"])
    op.create_index("ix_webhook_events_reader_id", "webhook_events", ["reader_id"])
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("event_id", sa.Integer, sa.ForeignKey("webhook_events.id", ondelete="CASCADE"), nullable=False),
        sa.Column("endpoint_id", sa.Integer, sa.ForeignKey("webhook_endpoints.id", ondelete="CASCADE"), nullable=False),
        sa.Column("pseudonym", sa.String(64), nullable=False),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt", INSTANT, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("answer", sa.String(300), nullable=False),
        sa.Column("settled_at", INSTANT),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_webhook_deliveries_event_id", "webhook_deliveries", ["event_id"])
    op.create_index("ix_webhook_deliveries_pseudonym", "webhook_deliveries", ["pseudonym"])
    op.create_index(
        "ix_webhook_deliveries_endpoint_id_state_next_attempt",
        "webhook_deliveries",
        ["endpoint_id", "state", "next_attempt"],
    )
    op.create_index("ix_webhook_deliveries_settled_at", "webhook_deliveries", ["settled_at"])
    op.create_table(
        "tips",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("edition_id", sa.Integer, sa.ForeignKey("editions.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("contact", sa.String(254), nullable=False),
        sa.Column("mailed_at", INSTANT),
        sa.Column("settled_at", INSTANT),
        sa.Column("settled_by", sa.String, nullable=False, server_default=""),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tips_edition_id", "tips", ["edition_id"])
    op.create_index("ix_tips_settled_at", "tips", ["settled_at"])


def downgrade() -> None:
    """Revert this change."""
    for name in ("tips", "webhook_deliveries", "webhook_events", "webhook_endpoints"):
        op.drop_table(name)
