"""Tables of readers, their subscriptions, suppressions, and the tokens in mailed links."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table

from digest.storage.schema.columns import METADATA, Instant

readers = Table(
    "readers",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("address", String, nullable=False),  # as given; mails go to it
    Column("identity", String, nullable=False, unique=True),
    Column("name", String, nullable=False, default=""),
    Column("language", String, nullable=False, default=""),
    Column("zone", String, nullable=False, default="", server_default=""),  # IANA name; empty: each edition's own
    Column("state", String, nullable=False),  # active | left | erased
    Column("consent", JSON, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("left_at", Instant),
    Column("left_why", String, nullable=False, default="", server_default=""),  # in their own words; may be empty
    Index("ix_readers_added_at", "added_at"),
    Index("ix_readers_left_at", "left_at"),
)

subscriptions = Table(
    "subscriptions",
    METADATA,
    Column("reader_id", ForeignKey("readers.id", ondelete="CASCADE"), primary_key=True),
    Column("edition", String, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("paused_until", Instant),
    Index("ix_subscriptions_edition_reader_id", "edition", "reader_id"),
)

suppressions = Table(
    "suppressions",
    METADATA,
    Column("identity", String, primary_key=True),
    Column("why", String, nullable=False),
    Column("since", Instant, nullable=False),
    Index("ix_suppressions_since", "since"),
)

tokens = Table(
    "tokens",
    METADATA,
    Column("hash", String(64), primary_key=True),  # SHA-256 of the token; only the mail holds the token itself
    Column("purpose", String, nullable=False),
    Column("reader_id", ForeignKey("readers.id", ondelete="CASCADE"), index=True),  # None: not a reader yet
    Column("grant", JSON, nullable=False),  # what it confirms: address, editions, language, consent
    Column("made_at", Instant, nullable=False),
    Column("expires", Instant, nullable=False, index=True),
    Column("used_at", Instant),
)
