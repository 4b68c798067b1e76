"""Tables of the desk's users, their means of sign-in, their sessions, and the audit log."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from digest.storage.schema.columns import METADATA, Instant

users = Table(
    "users",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("email", String, nullable=False),  # as given; mails go to it
    Column("identity", String, nullable=False, unique=True),
    Column("role", String, nullable=False),  # viewer | editor | publisher | admin
    Column("disabled_at", Instant),
    Column("handle", String(64), nullable=False, unique=True),  # identifies the user to passkeys
    Column("password", String),  # Argon2id; None: not chosen yet, or reset
    Column("totp", String),  # the secret of the second factor, encrypted with the secret key
    Column("totp_step", BigInteger, nullable=False, default=0, server_default="0"),  # the last step used
    Column("added_at", Instant, nullable=False),
    sqlite_autoincrement=True,  # the audit log names users by number, so no number may be reused
)

recovery_codes = Table(
    "user_recovery_codes",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("used_at", Instant),
)

passkeys = Table(
    "user_passkeys",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("credential", String, nullable=False, unique=True),  # base64url, as browsers write it
    Column("public_key", LargeBinary, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("name", String, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("used_at", Instant),
)

sessions = Table(
    "user_sessions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),  # SHA-256 of the token; only the browser has the token
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("made_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("proved_at", Instant, nullable=False),  # when the user last proved their identity
    Column("ends_at", Instant, nullable=False, index=True),
    Column("how", String, nullable=False),  # password | passkey | oidc
    Column("client", String, nullable=False),
    Column("agent", String, nullable=False),
    sqlite_autoincrement=True,
)

tickets = Table(
    "user_tickets",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("purpose", String, nullable=False),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), index=True),
    Column("data", JSON, nullable=False),
    Column("expires", Instant, nullable=False, index=True),
)

devices = Table(
    "user_devices",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("seen_at", Instant, nullable=False, index=True),
)

tries = Table(
    "sign_in_tries",
    METADATA,
    Column("scope", String, primary_key=True),  # a keyed hash of an account, a network or a device
    Column("number", Integer, nullable=False),
    Column("last_at", Instant, nullable=False, index=True),
)

audit = Table(
    "audit",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("user_id", Integer),  # no foreign key: entries stay when a user is deleted
    Column("who", String, nullable=False),  # the e-mail address at that time, or "command line"
    Column("what", String, nullable=False),
    Column("about", JSON, nullable=False),
    Column("client", String, nullable=False),  # the machine's IP address, as far as trusted proxies report it
    Column("refused", Boolean, nullable=False),
    Index("ix_audit_at", "at"),
    Index("ix_audit_user_id_at", "user_id", "at"),
    sqlite_autoincrement=True,
)
