"""Up to which mail each mailbox was read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from digest.storage.engine import Database
from digest.storage.schema.work import mailboxes
from digest.storage.upsert import insert


class Mailboxes:
    """Reads and writes up to which mail a mailbox was read by IMAP."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def highest(self, place: str, validity: int) -> int | None:
        """Return the highest UID that was read; None when none was, or when the UIDs are no longer valid.

        ``validity`` is the mailbox's UIDVALIDITY (RFC 9051, 2.3.1.1): if it changes, the same UID is another mail.
        """
        query = select(mailboxes.c.highest).where(mailboxes.c.place == place, mailboxes.c.validity == validity)
        with self._database.read() as connection:
            found: int | None = connection.scalar(query)
            return found

    def reached(self, place: str, validity: int, highest: int, now: datetime) -> None:
        """Store that all mails up to this UID were read."""
        values = {"validity": validity, "highest": highest, "at": now}
        with self._database.write() as connection:
            statement = insert(connection, mailboxes)
            connection.execute(
                statement.on_conflict_do_update(index_elements=["place"], set_=values), [{"place": place, **values}]
            )
