"""A changed letter needs no new entries in indexes; the journal of a run with an in-flight list is named in the list.

See storage.partitions and storage.in_flight.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

JOURNAL = ("journal_host", "journal_file")


def upgrade() -> None:
    """Apply this change. Rows that are held now have the names themselves."""
    for name in JOURNAL:
        op.add_column("in_flight", sa.Column(name, sa.String, nullable=False, server_default=""))
    for name in _partitions():
        op.execute(f"DROP INDEX IF EXISTS ix_{name}_held")
        op.execute(f"DROP STATISTICS IF EXISTS st_{name}_held")


def downgrade() -> None:
    """Revert this change: the rows of letters get the names of their list."""
    for name in JOURNAL:
        op.execute(
            f"UPDATE deliveries SET {name} = (SELECT l.{name} FROM in_flight l WHERE l.worker = deliveries.worker) "  # noqa: S608
            f"WHERE {name} IS NULL AND worker IS NOT NULL"
        )
    for name in JOURNAL:
        op.drop_column("in_flight", name)
    for name in _partitions():
        op.execute(f"CREATE INDEX ix_{name}_held ON {name} (reader_id) WHERE COALESCE(worker, '') <> ''")
        op.execute(f"CREATE STATISTICS st_{name}_held ON (COALESCE(worker, '')) FROM {name}")


def _partitions() -> list[str]:
    """Return the names of the tables of single editions."""
    if op.get_bind().dialect.name == "sqlite":
        return []
    found = "SELECT c.relname FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid "
    return list(op.get_bind().scalars(text(f"{found} WHERE i.inhparent = 'deliveries'::regclass")))
