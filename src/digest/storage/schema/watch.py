"""Tables for monitoring: heartbeats and alerts."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, String, Table, Text

from digest.storage.schema.columns import METADATA, Instant

heartbeats = Table(
    "heartbeats",
    METADATA,
    Column("process", String, primary_key=True),
    Column("host", String, nullable=False),
    Column("version", String, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("beat_at", Instant, nullable=False),
    Column("stopped_at", Instant),  # when it stopped properly
    Column("relays", JSON, nullable=False),  # relay's name -> trouble, since, certificate's end
)

alerts = Table(
    "alerts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", String, nullable=False),  # kind and subject: raised once until it is over
    Column("kind", String, nullable=False),
    Column("words", Text, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("cleared_at", Instant),
    Column("over", Text, nullable=False, default=""),  # text of the recovery note; when empty, none is sent
    Column("told", JSON, nullable=False),  # channel -> raised | cleared: the phase last sent
    Index("ix_alerts_key", "key"),
    Index("ix_alerts_raised_at", "raised_at"),
    sqlite_autoincrement=True,
)

relay_states = Table(
    "relay_states",
    METADATA,
    Column("name", String, primary_key=True),
    Column("until", Instant, nullable=False),  # the relay is not used before this
    Column("why", Text, nullable=False),  # the relay's reply
    Column("closed_by", String, nullable=False),  # the machine that got the refusal
    Column("at", Instant, nullable=False),
)
