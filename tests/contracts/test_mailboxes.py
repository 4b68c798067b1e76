"""How far mailboxes were read, on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime

from digest.storage.engine import Database
from digest.storage.mailboxes import Mailboxes

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
LARGEST = 2**32 - 1
"""UIDs and their validity are unsigned numbers of 32 bits (RFC 9051, 2.3.1.1)."""


def test_a_mailbox_is_known_as_far_as_it_was_read_until_its_numbers_are_given_anew(database: Database) -> None:
    store = Mailboxes(database)
    assert store.highest("anna@mail.example:993/INBOX", LARGEST) is None
    store.reached("anna@mail.example:993/INBOX", LARGEST, 9, NOW)
    store.reached("anna@mail.example:993/INBOX", LARGEST, LARGEST, NOW)
    store.reached("anna@mail.example:993/Returned", 1, 3, NOW)
    assert store.highest("anna@mail.example:993/INBOX", LARGEST) == LARGEST
    assert store.highest("anna@mail.example:993/INBOX", 1) is None
    assert store.highest("anna@mail.example:993/Returned", 1) == 3
