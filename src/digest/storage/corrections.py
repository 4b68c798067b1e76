"""Changes that the operator makes for one reader, on their request: a correction, or erasure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, select, update

from digest.errors import ReaderChanged, ReaderError
from digest.model.ids import ReaderId
from digest.storage.announce import announce_change
from digest.storage.day_counts import JOINED, LEFT, count
from digest.storage.engine import Database
from digest.storage.readers import StoredReader, stored_readers
from digest.storage.schema.mailing import outbox
from digest.storage.schema.people import readers, subscriptions, suppressions, tokens
from digest.storage.selfservice import forget
from digest.storage.upsert import insert

WAY = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """The new values of a reader; None means unchanged."""

    address: str | None = None
    identity: str | None = None
    """The identity of the new address."""
    name: str | None = None
    language: str | None = None
    zone: str | None = None
    editions: tuple[str, ...] | None = None
    """All editions that the reader gets from now on."""


class Corrections:
    """Corrects and erases single readers for the operator."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def correct(self, identity: str, new: Correction, now: datetime, if_still: StoredReader | None = None) -> bool:
        """Change an active reader; return False when none has that identity.

        Raises ReaderError when the new address is another reader's, or suppressed, and ReaderChanged when the reader
        is not ``if_still`` any more; then nothing is changed.
        """
        r = readers.c
        with self._database.write() as connection:
            here = and_(r.identity == identity, r.state == "active")
            row = connection.execute(select(readers).where(here).with_for_update()).one_or_none()
            if row is None:
                return False
            reader_id = row.id
            if if_still is not None and stored_readers(connection, [row])[0] != if_still:
                raise ReaderChanged("the reader was changed meanwhile, and nothing was done")
            if new.identity is not None and new.identity != identity:
                taken = connection.execute(select(r.id).where(r.identity == new.identity)).first()
                away = connection.scalar(select(suppressions.c.why).where(suppressions.c.identity == new.identity))
                if taken or away:
                    why = f"suppressed ({away})" if away else "known already, of this or an earlier reader"
                    raise ReaderError(f"{new.address} is {why}, and nothing was changed")
                connection.execute(update(outbox).where(outbox.c.identity == identity).values(identity=new.identity))
                connection.execute(delete(tokens).where(tokens.c.reader_id == reader_id))
            values: Mapping[str, str | None] = {
                "address": new.address,
                "identity": new.identity,
                "name": new.name,
                "language": new.language,
                "zone": new.zone,
            }
            changed = {name: value for name, value in values.items() if value is not None}
            if changed:
                connection.execute(update(readers).where(r.id == reader_id).values(changed))
            announced: list[str] = [name for name in ("address", "name", "language", "zone") if name in changed]
            if new.editions is not None:
                s = subscriptions.c
                theirs = set(connection.scalars(select(s.edition).where(s.reader_id == reader_id)))
                off = theirs.difference(new.editions)
                connection.execute(delete(subscriptions).where(s.reader_id == reader_id, s.edition.in_(off)))
                on = [name for name in new.editions if name not in theirs]
                rows = [{"reader_id": reader_id, "edition": name, "since": now} for name in on]
                if rows:
                    connection.execute(insert(connection, subscriptions).on_conflict_do_nothing(), rows)
                count(connection, LEFT, WAY, off, now)
                count(connection, JOINED, WAY, on, now)
                announced += ["editions"] if off or on else []
            announce_change(connection, reader_id, announced, WAY, now)
        return True

    def pause(self, reader_id: ReaderId, until: Mapping[str, datetime | None], now: datetime) -> bool:
        """Pause subscriptions of an active reader until a moment, or end their pause (None).

        Return False when no active reader has that number. Editions that the reader does not get stay as they are.
        """
        r, s = readers.c, subscriptions.c
        with self._database.write() as connection:
            here = and_(r.id == reader_id, r.state == "active")
            if connection.execute(select(r.id).where(here).with_for_update()).first() is None:
                return False
            changed = 0
            for name, moment in until.items():
                theirs = and_(s.reader_id == reader_id, s.edition == name, s.paused_until.is_distinct_from(moment))
                changed += connection.execute(update(subscriptions).where(theirs).values(paused_until=moment)).rowcount
            announce_change(connection, reader_id, ("pause",) if changed else (), WAY, now)
        return True

    def erase(self, identity: str, shadow: str, now: datetime) -> bool:
        """Erase an address, whether of a reader or not, except for a ``shadow`` that blocks a later import.

        Return False when nothing was known of it.
        """
        r, t, x = readers.c, tokens.c, suppressions.c
        with self._database.write() as connection:
            reader_id = connection.scalar(select(r.id).where(r.identity == identity))
            pending = connection.execute(select(t.hash, t.grant).where(t.reader_id.is_(None)))
            asked = [hash_ for hash_, grant in pending if grant.get("identity") == identity]
            mails = connection.execute(select(outbox.c.id).where(outbox.c.identity == identity).limit(1)).first()
            away = connection.execute(select(x.why).where(x.identity == identity)).first()
            if reader_id is None and not (asked or mails or away):
                return False
            connection.execute(delete(tokens).where(t.hash.in_(asked)))
            forget(connection, reader_id, identity, shadow, now)
        return True
