"""Tables of sources and their content: links, sightings, articles, pictures."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, String, Table

from digest.model.article import Article
from digest.model.source import FeedEntry
from digest.storage.schema.columns import METADATA, Instant
from digest.storage.values import Value

sources = Table(
    "sources",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("url", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("publisher", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("weight", Float, nullable=False),
    Column("section", String, nullable=False),
    Column("language", String),
    Column("front_page", String, nullable=False, server_default="auto"),  # auto | off | its URL
    Column("managed", Boolean, nullable=False),  # True: added by a command; False: listed in the settings file
    Column("enabled", Boolean, nullable=False),
    Column("state", JSON, nullable=False),  # fetch.politeness: validators, failures, next allowed time
    Column("last_fetch", Instant),
    Column("last_result", String, nullable=False, default=""),
    sqlite_autoincrement=True,  # articles stay after their source is deleted, so no id may be reused
)

hosts = Table(
    "hosts",
    METADATA,
    Column("host", String, primary_key=True),  # origin for robots, source's id for furniture, URL of a front page
    Column("kind", String, primary_key=True),  # robots | furniture | front-page
    Column("known", JSON, nullable=False),
    Column("at", Instant, nullable=False),
)

host_turns = Table(
    "host_turns",
    METADATA,
    Column("host", String, primary_key=True),
    Column("ready", Instant, nullable=False),  # no request is sent to it before
)

entries = Table(
    "entries",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("url", String, nullable=False, unique=True),
    Column("entry", Value(FeedEntry), nullable=False),  # as last announced; seen_at and position as first seen
    Column("seen_at", Instant, nullable=False, index=True),
    Column("listed_at", Instant),  # when a source last listed it, to the day; None: not since first seen
    Column("state", String, nullable=False),  # pending | read | changed (read, and announced again since) | failed
    Column("problem", String, nullable=False, default=""),
    Column("attempts", Integer, nullable=False, default=0),
    Column("read_at", Instant),
    Index("ix_entries_state_id", "state", "id"),
)

sightings = Table(
    "sightings",
    METADATA,
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
    Column("seen_at", Instant, nullable=False),
    Column("position", Integer, nullable=False),
)

articles = Table(
    "articles",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("source_id", Integer, nullable=False),
    Column("stored_at", Instant, nullable=False, index=True),
    Column("article", Value(Article), nullable=False),
)

pictures = Table(
    "pictures",
    METADATA,
    Column("url", String, primary_key=True),  # the original URL
    Column(
        "hash", String(64), nullable=False, index=True
    ),  # SHA-256 of data: its name on the site; "" if it cannot be shown
    Column("data", LargeBinary, nullable=False),  # JPEG
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("why_not", String, nullable=False, default=""),
    Column("at", Instant, nullable=False),
)
