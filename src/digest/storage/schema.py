"""The tables, and what each is for; times are stored in UTC.

The tables::

sources      where articles come from, and how the last fetch of each went
hosts        what is known of a web host: its robots.txt, its furniture lines
entries      every link ever seen, once (canonical URL)
sightings    who showed a link, when, and where in its list
articles     clean texts; a changed article is a new row, never an overwrite
editions     one row per name and local date: how far it has come, and what it said
told         what editions told: the memory
desk         the editor's acts, kept apart from what was computed
letters      the frozen letter of an edition
readers      who gets letters; a removed reader stays, as one that left
subscriptions, suppressions
tokens       what mailed links may do: hashed, one purpose each, used once
outbox       mails to one person: confirmations, links; sent ahead of letters
bounces      what came back, and complaints
deliveries   the ledger: one row per edition and reader
tallies      counts in windows of time: what rate limits look at
pictures     re-encoded pictures of stories, by the hash of their bytes
runs         reports of what commands and jobs did
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

from digest.model.article import Article
from digest.model.edition import Edition, ToldStory
from digest.model.source import FeedEntry
from digest.storage.values import FrozenLetter, Value


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC; SQLite keeps no zone, so it is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse naive times: they would mean another instant on another machine."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"a naive datetime cannot be stored: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002
        """Return the stored instant as an aware UTC datetime."""
        if value is None:
            return None
        stored: datetime = value
        return stored.replace(tzinfo=UTC) if stored.tzinfo is None else stored.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

sources = Table(
    "sources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("publisher", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("weight", Float, nullable=False),
    Column("section", String, nullable=False),
    Column("language", String),
    Column("managed", Boolean, nullable=False),  # True: added by command; False: stands in the settings file
    Column("enabled", Boolean, nullable=False),
    Column("state", JSON, nullable=False),  # fetch.politeness: validators, failures, next time allowed
    Column("last_fetch", Instant),
    Column("last_result", String, nullable=False, default=""),
    sqlite_autoincrement=True,  # articles outlive their source: its id must never be another's
)

hosts = Table(
    "hosts",
    metadata,
    Column("host", String, primary_key=True),  # an origin for robots, a source's id for furniture
    Column("kind", String, primary_key=True),  # robots | furniture
    Column("known", JSON, nullable=False),
    Column("at", Instant, nullable=False),
)

entries = Table(
    "entries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url", String, nullable=False, unique=True),
    Column("entry", Value(FeedEntry), nullable=False),  # as last announced; seen_at and position as first
    Column("seen_at", Instant, nullable=False, index=True),
    Column("state", String, nullable=False),  # pending | read | changed (read, and announced anew since) | failed
    Column("problem", String, nullable=False, default=""),
    Column("attempts", Integer, nullable=False, default=0),
    Column("read_at", Instant),
    Index("ix_entries_state_id", "state", "id"),
)

sightings = Table(
    "sightings",
    metadata,
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
    Column("seen_at", Instant, nullable=False),
    Column("position", Integer, nullable=False),
)

articles = Table(
    "articles",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("source_id", Integer, nullable=False),
    Column("stored_at", Instant, nullable=False, index=True),
    Column("article", Value(Article), nullable=False),
)

editions = Table(
    "editions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("date", Date, nullable=False),
    Column("state", String, nullable=False),
    Column("reason", String, nullable=False, default=""),
    Column("due", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
    Column("cut", Instant),
    Column("edition", Value(Edition)),
    Column("seen", JSON),  # what it was made from: program version, settings, article ids in order, reasons
    Column("audience", Integer),  # how many readers it was frozen for; None before, and for editions of schema 0001
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("name", "date"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String, primary_key=True),
    Column("worker", String, nullable=False),
    Column("until", Instant, nullable=False),
)

told = Table(
    "told",
    metadata,
    Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("told", Value(ToldStory), nullable=False),
)

desk = Table(
    "desk",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("act", JSON, nullable=False),
    Column("at", Instant, nullable=False),
)

letters = Table(
    "letters",
    metadata,
    Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True),
    Column("language", String, primary_key=True),
    Column("letter", FrozenLetter, nullable=False),
    Column("frozen_at", Instant, nullable=False),
    Column("words", Text, nullable=False, default="", server_default=""),  # its text, folded: what the archive searches
)

readers = Table(
    "readers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address", String, nullable=False),  # as given: this is what is mailed
    Column("identity", String, nullable=False, unique=True),
    Column("name", String, nullable=False, default=""),
    Column("language", String, nullable=False, default=""),
    Column("state", String, nullable=False),  # active | left | erased
    Column("consent", JSON, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("left_at", Instant),
    Column("left_why", String, nullable=False, default="", server_default=""),  # in their words, if they gave any
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("reader_id", ForeignKey("readers.id", ondelete="CASCADE"), primary_key=True),
    Column("edition", String, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("paused_until", Instant),
    Index("ix_subscriptions_edition_reader_id", "edition", "reader_id"),
)

suppressions = Table(
    "suppressions",
    metadata,
    Column("identity", String, primary_key=True),
    Column("why", String, nullable=False),
    Column("since", Instant, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("hash", String(64), primary_key=True),  # SHA-256 of the token; the token itself stands in the mail alone
    Column("purpose", String, nullable=False),
    Column("reader_id", ForeignKey("readers.id", ondelete="CASCADE"), index=True),  # None: not a reader yet
    Column("grant", JSON, nullable=False),  # what it confirms: address, editions, language, consent
    Column("made_at", Instant, nullable=False),
    Column("expires", Instant, nullable=False, index=True),
    Column("used_at", Instant),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),  # which mail: confirm | known | choose | ...
    Column("address", String, nullable=False),
    Column("identity", String, nullable=False),
    Column("limit_key", String, nullable=False),  # the address without tag and dots: mails to it are limited
    Column("language", String, nullable=False, default=""),
    Column("request", JSON, nullable=False),  # what was asked for
    Column("nonce", String, nullable=False),  # with a secret key it makes the mail's token: the same at every try
    Column("asked_at", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
    Column("state", String, nullable=False),  # as a delivery's
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
    sqlite_autoincrement=True,  # a journal names a mail by its id, which must never be another's
)

bounces = Table(
    "bounces",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mail", String(64), nullable=False, unique=True),  # SHA-256 of the report: read twice, counted once
    Column("reader_id", ForeignKey("readers.id", ondelete="CASCADE")),
    Column("edition", String, nullable=False, default=""),
    Column("kind", String, nullable=False),  # hard | soft | complaint
    Column("status", String, nullable=False, default=""),  # enhanced status code (RFC 3463)
    Column("words", String, nullable=False, default=""),  # the server's
    Column("at", Instant, nullable=False),
    Index("ix_bounces_reader_id_at", "reader_id", "at"),
)

tallies = Table(
    "tallies",
    metadata,
    Column("scope", String, primary_key=True),  # whose count: a relay, a recipient domain, a network
    Column("start", Instant, primary_key=True),  # of the window
    Column("number", Integer, nullable=False),
    Index("ix_tallies_start", "start"),
)

pictures = Table(
    "pictures",
    metadata,
    Column("url", String, primary_key=True),  # where it came from
    Column("hash", String(64), nullable=False, index=True),  # SHA-256 of data: its name on the site; "" when unusable
    Column("data", LargeBinary, nullable=False),  # JPEG
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("why_not", String, nullable=False, default=""),
    Column("at", Instant, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True),
    Column("reader_id", ForeignKey("readers.id"), primary_key=True),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_attempt", Instant),
    Column("reply", String, nullable=False, default=""),
    Column("worker", String),
    Column("lease_until", Instant),
    Column("journal_host", String),
    Column("journal_file", String),
    Column("relay", String, nullable=False, default="", server_default=""),  # which one took or refused it
    Column("updated_at", Instant, nullable=False),
    sqlite_with_rowid=False,  # one tree, in the order of the claims; an index on state doubles the writes
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("started", Instant, nullable=False),
    Column("ended", Instant, nullable=False),
    Column("report", JSON, nullable=False),
)
