"""Which work is in hand, and how it ended."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, String, Table

from digest.storage.schema.columns import METADATA, Instant

leases = Table(
    "leases",
    METADATA,
    Column("name", String, primary_key=True),
    Column("worker", String, nullable=False),
    Column("until", Instant, nullable=False),
)

runs = Table(
    "runs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("started", Instant, nullable=False),
    Column("ended", Instant, nullable=False),
    Column("report", JSON, nullable=False),
)
