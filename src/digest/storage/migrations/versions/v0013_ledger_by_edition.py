"""Make the ledger of each edition a partition on PostgreSQL, without foreign keys; see storage.partitions.

A new table holds why all machines stop sending.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

FOREIGN = {
    "fk_deliveries_edition_id": "FOREIGN KEY (edition_id) REFERENCES editions (id) ON DELETE CASCADE",
    "fk_deliveries_reader_id": "FOREIGN KEY (reader_id) REFERENCES readers (id)",
}


def upgrade() -> None:
    """Apply this change: the rows of each edition are copied into its partition, in one transaction."""
    op.create_table(
        "relay_states",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_relay_states")),
    )
    if op.get_bind().dialect.name == "sqlite":
        return
    for name in FOREIGN:
        op.execute(f"ALTER TABLE deliveries DROP CONSTRAINT {name}")
    _make_anew("PARTITION BY LIST (edition_id)")
    for edition in op.get_bind().scalars(text("SELECT DISTINCT edition_id FROM deliveries_before ORDER BY 1")).all():
        name = f"deliveries_{int(edition)}"
        op.execute(f"CREATE TABLE {name} (LIKE deliveries INCLUDING DEFAULTS) WITH (fillfactor = 60)")
        here = f"WHERE edition_id = {int(edition)} ORDER BY reader_id"
        op.execute(f"INSERT INTO {name} SELECT * FROM deliveries_before {here}")  # noqa: S608 - a number
        op.execute(f"ALTER TABLE {name} ADD CONSTRAINT pk_{name} PRIMARY KEY (edition_id, reader_id)")
        op.execute(f"CREATE INDEX ix_{name}_held ON {name} (reader_id) WHERE COALESCE(worker, '') <> ''")
        op.execute(f"CREATE STATISTICS st_{name}_held ON (COALESCE(worker, '')) FROM {name}")
        op.execute(f"CREATE INDEX ix_{name}_next_attempt ON {name} (next_attempt) WHERE next_attempt IS NOT NULL")
        op.execute(f"ANALYZE {name}")
        op.execute(f"ALTER TABLE deliveries ATTACH PARTITION {name} FOR VALUES IN ({int(edition)})")
    op.execute("DROP TABLE deliveries_before")


def downgrade() -> None:
    """Revert this change."""
    op.drop_table("relay_states")
    if op.get_bind().dialect.name == "sqlite":
        return
    _make_anew("")
    op.execute("INSERT INTO deliveries SELECT * FROM deliveries_before")
    op.execute("DROP TABLE deliveries_before")
    for name, rule in FOREIGN.items():
        op.execute(f"ALTER TABLE deliveries ADD CONSTRAINT {name} {rule}")


def _make_anew(kind: str) -> None:
    """Rename the table to ``deliveries_before``; create an empty copy of it, partitioned as ``kind`` says."""
    op.execute("ALTER TABLE deliveries RENAME TO deliveries_before")
    op.execute("ALTER TABLE deliveries_before RENAME CONSTRAINT pk_deliveries TO pk_deliveries_before")
    op.execute(f"CREATE TABLE deliveries (LIKE deliveries_before INCLUDING DEFAULTS) {kind}")
    op.execute("ALTER TABLE deliveries ADD CONSTRAINT pk_deliveries PRIMARY KEY (edition_id, reader_id)")
