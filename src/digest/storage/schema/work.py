"""Tables of work in progress and its results."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Integer, LargeBinary, String, Table, Text, UniqueConstraint

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

mailboxes = Table(
    "mailboxes",
    METADATA,
    Column("place", String, primary_key=True),  # user, host and folder
    Column("validity", BigInteger, nullable=False),  # UIDVALIDITY: whether the UIDs are still valid
    Column("highest", BigInteger, nullable=False),  # all mails up to this UID were read
    Column("at", Instant, nullable=False),
)

quarantine = Table(
    "quarantine",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),  # source | page | bounce | ...
    Column("key", String, nullable=False),
    Column("starts", Integer, nullable=False, default=0),  # processes that died while they worked on it
    Column("error", String, nullable=False, default=""),  # empty while it is only a suspect
    Column("trace", Text, nullable=False, default=""),
    Column("data", LargeBinary, nullable=False, default=b""),  # the beginning of its input
    Column("at", Instant, nullable=False),
    UniqueConstraint("kind", "key"),
    sqlite_autoincrement=True,  # an operator names an item by its number, so no number may be reused
)
