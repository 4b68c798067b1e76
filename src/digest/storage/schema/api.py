"""Tables of the API: its tokens, the answers to repeated requests, and the articles that a CMS pushed."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from digest.storage.schema import press
from digest.storage.schema.columns import METADATA, Instant

__all__ = ["api_requests", "api_tokens", "press", "pushed_articles"]

api_tokens = Table(
    "api_tokens",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(100), nullable=False, unique=True),
    Column("hash", String(64), nullable=False, unique=True),  # SHA-256 of the token; only its owner has the token
    Column("scopes", JSON, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
    sqlite_autoincrement=True,
)

api_requests = Table(
    "api_requests",
    METADATA,
    Column("token_id", ForeignKey("api_tokens.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(64), primary_key=True),  # SHA-256 of the Idempotency-Key
    Column("fingerprint", String(64), nullable=False),  # SHA-256 of method, path, query and body
    Column("at", Instant, nullable=False),
    Column("status", Integer),  # None while the request is answered
    Column("headers", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("ix_api_requests_at", "at"),
)

pushed_articles = Table(
    "pushed_articles",
    METADATA,
    Column("name", String(200), primary_key=True),  # the CMS's own id of the article
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("fingerprint", String(64), nullable=False),  # SHA-256 of what was pushed last
    Column("pushed_at", Instant, nullable=False),
)
