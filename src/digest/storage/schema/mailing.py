"""Tables of sent mails, of what comes back, and of counts."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from digest.storage.schema.columns import METADATA, Instant
from digest.storage.schema.editions import editions
from digest.storage.schema.people import readers

deliveries = Table(
    "deliveries",
    METADATA,
    Column("edition_id", ForeignKey(editions.c.id, ondelete="CASCADE"), primary_key=True),
    Column("reader_id", ForeignKey(readers.c.id), primary_key=True),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_attempt", Instant),
    Column("reply", String, nullable=False, default=""),
    Column("worker", String),
    Column("lease_until", Instant),
    Column("journal_host", String),
    Column("journal_file", String),
    Column("relay", String, nullable=False, default="", server_default=""),  # the relay that accepted or refused it
    Column("letter", Integer, nullable=False, default=1, server_default="1"),  # number of the letter, set by the claim
    Column("updated_at", Instant, nullable=False),
    sqlite_with_rowid=False,  # one tree, in the order of the claims; an index on state doubles the writes
)

in_flight = Table(
    "in_flight",
    METADATA,
    Column("worker", String, primary_key=True),
    Column("edition_id", ForeignKey(editions.c.id, ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),  # grows with each change of the list
    Column("closed", Boolean, nullable=False),  # others took over: the run may note nothing more
    Column("readers", Text, nullable=False),  # JSON: the letters that may have left and have no result here
    Column("results", Text, nullable=False),  # JSON: results that the rows of the ledger do not have yet
    Column("journal_host", String, nullable=False, default="", server_default=""),
    Column("journal_file", String, nullable=False, default="", server_default=""),
    Index("ix_in_flight_edition_id", "edition_id"),
)

outbox = Table(
    "outbox",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),  # the mail: confirm | known | choose | ...
    Column("address", String, nullable=False),
    Column("identity", String, nullable=False),
    Column("limit_key", String, nullable=False),  # the address without tag and dots: mails to it are limited
    Column("language", String, nullable=False, default=""),
    Column("request", JSON, nullable=False),  # the content of the request
    Column("nonce", String, nullable=False),  # makes the mail's token, with a secret key: the same at every try
    Column("asked_at", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
    Column("state", String, nullable=False),  # like a delivery's
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_attempt", Instant),
    Column("reply", String, nullable=False, default=""),
    Column("worker", String),
    Column("lease_until", Instant),
    Column("journal_host", String),
    Column("journal_file", String),
    Column("updated_at", Instant, nullable=False),
    Index("ix_outbox_state_id", "state", "id"),
    Index("ix_outbox_identity", "identity"),
    Index("ix_outbox_limit_key_asked_at", "limit_key", "asked_at"),
    sqlite_autoincrement=True,  # a journal names a mail by its id, so no id may be reused
)

service_events = Table(
    "service_events",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("sender", String, nullable=False),  # the name of the service in the settings
    Column("name", String(200), nullable=False),  # the event's name: an event posted twice is applied once
    Column("token", String(200), nullable=False, default=""),  # of the request, if the service's tokens are valid once
    Column("kind", String(60), nullable=False),  # as the service calls it
    Column("raw", LargeBinary, nullable=False),  # emptied after it was applied
    Column("state", String, nullable=False),  # waiting | taken | unknown | failed
    Column("effect", String, nullable=False, default=""),
    Column("happened_at", Instant),
    Column("at", Instant, nullable=False),
    UniqueConstraint("sender", "name"),
    Index("ix_service_events_state_id", "state", "id"),
    Index("ix_service_events_at", "at"),
)

bounces = Table(
    "bounces",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("mail", String(64), nullable=False, unique=True),  # SHA-256 of the report: one read twice counts once
    Column("reader_id", ForeignKey(readers.c.id, ondelete="CASCADE")),
    Column("edition", String, nullable=False, default=""),
    Column("kind", String, nullable=False),  # hard | soft | complaint
    Column("status", String, nullable=False, default=""),  # enhanced status code (RFC 3463)
    Column("words", String, nullable=False, default=""),  # the server's reply
    Column("at", Instant, nullable=False),
    Index("ix_bounces_reader_id_at", "reader_id", "at"),
    Index("ix_bounces_at", "at"),
)

tallies = Table(
    "tallies",
    METADATA,
    Column("scope", String, primary_key=True),  # what is counted: a relay, a recipient domain, a network
    Column("start", Instant, primary_key=True),  # start of the window
    Column("number", Integer, nullable=False),
    Index("ix_tallies_start", "start"),
)
