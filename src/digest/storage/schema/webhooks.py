"""Tables of webhooks: who is notified, of what, and whether it arrived."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from digest.storage.schema.columns import METADATA, Instant

webhook_endpoints = Table(
    "webhook_endpoints",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),  # encrypted with the secret key of the installation
    Column("former_secret", Text, nullable=False),  # still signs until former_until; empty when there is none
    Column("former_until", Instant),
    Column("events", JSON(none_as_null=True)),  # types of events; None means all
    Column("allow_private", Boolean, nullable=False),
    Column("with_addresses", Boolean, nullable=False),
    Column("pseudonym_key", LargeBinary, nullable=False),  # its own, so that two receivers cannot compare pseudonyms
    Column("added_at", Instant, nullable=False),
    Column("failures", Integer, nullable=False),  # in a row
    Column("failing_since", Instant),
    Column("rests_until", Instant),
    Column("answered_at", Instant),  # when it last accepted a message
    Column("disabled_at", Instant),
    Column("disabled_why", String, nullable=False),  # operator | gone | failing; empty when it is not disabled
    sqlite_autoincrement=True,
)

webhook_events = Table(
    "webhook_events",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),  # the webhook-id: random, so never given twice
    Column("type", String(60), nullable=False),
    Column("once", String(100), unique=True),  # what may be announced once only; None for other events
    Column("at", Instant, nullable=False, index=True),
    Column("reader_id", Integer, index=True),
    Column("edition", JSON(none_as_null=True)),
    Column("details", JSON, nullable=False),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("event_id", ForeignKey("webhook_events.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("endpoint_id", ForeignKey("webhook_endpoints.id", ondelete="CASCADE"), nullable=False),
    Column("pseudonym", String(64), nullable=False, index=True),  # of the reader; empty for editions
    Column("address", String, nullable=False),  # only for receivers of addresses; empty after an erasure
    Column("state", String, nullable=False),  # waiting | delivered | dead
    Column("attempts", Integer, nullable=False),
    Column("next_attempt", Instant, nullable=False),
    Column("status", Integer),  # HTTP status of the last answer
    Column("answer", String(300), nullable=False),  # why the last attempt failed
    Column("settled_at", Instant),
    Index("ix_webhook_deliveries_endpoint_id_state_next_attempt", "endpoint_id", "state", "next_attempt"),
    Index("ix_webhook_deliveries_settled_at", "settled_at"),
    sqlite_autoincrement=True,  # an operator names a delivery by its number
)
