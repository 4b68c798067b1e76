"""Users of the desk, what they sign in with, their sessions, and the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
INDEXES = (
    ("ix_user_recovery_codes_user_id", "user_recovery_codes", ("user_id",)),
    ("ix_user_passkeys_user_id", "user_passkeys", ("user_id",)),
    ("ix_user_sessions_user_id", "user_sessions", ("user_id",)),
    ("ix_user_sessions_ends_at", "user_sessions", ("ends_at",)),
    ("ix_user_tickets_user_id", "user_tickets", ("user_id",)),
    ("ix_user_tickets_expires", "user_tickets", ("expires",)),
    ("ix_user_devices_user_id", "user_devices", ("user_id",)),
    ("ix_user_devices_seen_at", "user_devices", ("seen_at",)),
    ("ix_sign_in_tries_last_at", "sign_in_tries", ("last_at",)),
    ("ix_audit_at", "audit", ("at",)),
    ("ix_audit_user_id_at", "audit", ("user_id", "at")),
)
TABLES = (
    "users",
    "user_recovery_codes",
    "user_passkeys",
    "user_sessions",
    "user_tickets",
    "user_devices",
    "sign_in_tries",
    "audit",
)


def _text(name: str, *, needed: bool = True, length: int | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=not needed)


def _instant(name: str, *, needed: bool = True) -> sa.Column[object]:
    return sa.Column(name, INSTANT, nullable=not needed)


def _user_id(table: str, *, needed: bool = True) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    name = op.f(f"fk_{table}_user_id")
    key = sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=name, ondelete="CASCADE")
    return sa.Column("user_id", sa.Integer(), nullable=not needed), key


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _unique(table: str, column: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(column, name=op.f(f"uq_{table}_{column}"))


def upgrade() -> None:
    """Apply this change."""
    _make_users()
    _make_sign_in()
    _make_sessions()
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        _instant("at"),
        sa.Column("user_id", sa.Integer(), nullable=True),
        _text("who"),
        _text("what"),
        sa.Column("about", sa.JSON(), nullable=False),
        _text("client"),
        sa.Column("refused", sa.Boolean(), nullable=False),
        _key("audit", "id"),
        sqlite_autoincrement=True,
    )
    for name, table, columns in INDEXES:
        op.create_index(name, table, list(columns))


def _make_users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        *(_text(name) for name in ("name", "email", "identity", "role")),
        _instant("disabled_at", needed=False),
        _text("handle", length=64),
        _text("password", needed=False),
        _text("totp", needed=False),
        sa.Column("totp_step", sa.BigInteger(), nullable=False, server_default="0"),
        _instant("added_at"),
        _key("users", "id"),
        _unique("users", "identity"),
        _unique("users", "handle"),
        sqlite_autoincrement=True,
    )


def _make_sign_in() -> None:
    codes, keys, tickets = "user_recovery_codes", "user_passkeys", "user_tickets"
    op.create_table(
        codes, _text("hash", length=64), *_user_id(codes), _instant("used_at", needed=False), _key(codes, "hash")
    )
    op.create_table(
        keys,
        sa.Column("id", sa.Integer(), nullable=False),
        *_user_id(keys),
        _text("credential"),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        _text("name"),
        _instant("added_at"),
        _instant("used_at", needed=False),
        _key(keys, "id"),
        _unique(keys, "credential"),
    )
    op.create_table(
        tickets,
        _text("hash", length=64),
        _text("purpose"),
        *_user_id(tickets, needed=False),
        sa.Column("data", sa.JSON(), nullable=False),
        _instant("expires"),
        _key(tickets, "hash"),
    )


def _make_sessions() -> None:
    sessions, devices, tries = "user_sessions", "user_devices", "sign_in_tries"
    op.create_table(
        sessions,
        sa.Column("id", sa.Integer(), nullable=False),
        _text("hash", length=64),
        *_user_id(sessions),
        *(_instant(name) for name in ("made_at", "seen_at", "proved_at", "ends_at")),
        *(_text(name) for name in ("how", "client", "agent")),
        _key(sessions, "id"),
        _unique(sessions, "hash"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        devices, _text("hash", length=64), *_user_id(devices), _instant("seen_at"), _key(devices, "hash", "user_id")
    )
    op.create_table(
        tries,
        _text("scope"),
        sa.Column("number", sa.Integer(), nullable=False),
        _instant("last_at"),
        _key(tries, "scope"),
    )


def downgrade() -> None:
    """Revert this change."""
    for name, table, _columns in reversed(INDEXES):
        op.drop_index(name, table_name=table)
    for table in reversed(TABLES):
        op.drop_table(table)
