"""Tables of the editions, the told stories, the editor's acts and the frozen letters."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from digest.model.edition import Edition, ToldStory
from digest.storage.schema.columns import METADATA, Instant
from digest.storage.values import FrozenLetter, Value

editions = Table(
    "editions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("date", Date, nullable=False),
    Column("number", Integer, nullable=False, default=1, server_default="1"),  # on-demand editions: several a day
    Column("state", String, nullable=False),
    Column("reason", String, nullable=False, default=""),
    Column("cause", String, nullable=False, default="", server_default=""),  # why it is not sent automatically
    Column("due", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
    Column("cut", Instant),
    Column("edition", Value(Edition)),
    Column("seen", JSON),  # its input: program version, settings, article ids in order, reasons
    Column("audience", Integer),  # readers it was frozen for; None before, and for editions of schema 0001
    Column("sums", JSON(none_as_null=True)),  # state -> letters, after their rows were pruned; None before
    Column("letter", Integer, nullable=False, default=1, server_default="1"),  # number of the letter that is sent now
    Column("approval_told", JSON(none_as_null=True)),  # ids of the users who were notified that it waits for approval
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("name", "date", "number"),
    Index("ix_editions_due", "due"),
)

edition_names = Table(
    "edition_names",
    METADATA,
    Column("name", String, primary_key=True),
    Column("since", Instant, nullable=False),  # editions due before this are not made up for
    Column("became", String),  # its present name, if it was renamed; else None
)

told = Table(
    "told",
    METADATA,
    Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("told", Value(ToldStory), nullable=False),
)

desk = Table(
    "desk",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("act", JSON, nullable=False),
    Column("at", Instant, nullable=False),
    Column("author", String, nullable=False, default="", server_default=""),  # who did it; "" when unknown
)

letters = Table(
    "letters",
    METADATA,
    Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True),
    Column("language", String, primary_key=True),
    Column("letter", FrozenLetter, nullable=False),
    Column("frozen_at", Instant, nullable=False),
    Column("words", Text, nullable=False, default="", server_default=""),  # its text, folded, for the archive's search
)

earlier_letters = Table(
    "earlier_letters",
    METADATA,
    Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),  # number of the letter, 1 first; deliveries.letter refers to it
    Column("edition", Value(Edition), nullable=False),
    Column("seen", JSON, nullable=False),
    Column("letter", FrozenLetter, nullable=False),
    Column("replaced_at", Instant, nullable=False),
    Column("replaced_by", String, nullable=False, default="", server_default=""),
)

tips = Table(
    "tips",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("words", Text, nullable=False),  # what the reader says is wrong
    Column("contact", String(254), nullable=False),  # how to answer them, if they want that; empty otherwise
    Column("mailed_at", Instant),
    Column("settled_at", Instant, index=True),
    Column("settled_by", String, nullable=False, default="", server_default=""),
    sqlite_autoincrement=True,
)

vote_counts = Table(
    "vote_counts",
    METADATA,
    Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True),
    Column("question", String, primary_key=True),  # useful | poll
    Column("answer", String, primary_key=True),  # yes | no, or the number of an answer of the poll
    Column("number", Integer, nullable=False),
)

vote_marks = Table(
    "vote_marks",
    METADATA,
    Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True),
    Column("question", String, primary_key=True),
    Column("mark", String, primary_key=True),  # a keyed hash of a reader; without the answer
)

edition_corrections = Table(
    "edition_corrections",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("anchor", String, nullable=False),  # anchor of the item in the letter
    Column("headline", Text, nullable=False),
    Column("printed", Text, nullable=False),  # the wrong text
    Column("corrected", Text, nullable=False),
    Column("author", String, nullable=False, default="", server_default=""),
    Column("at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    Column("withdrawn_by", String, nullable=False, default="", server_default=""),
)
