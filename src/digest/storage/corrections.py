"""What the operator changes of one reader, at their wish: corrected, or forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, select, update

from digest.errors import ReaderError
from digest.storage.day_counts import JOINED, LEFT, count
from digest.storage.engine import Database
from digest.storage.schema.mailing import outbox
from digest.storage.schema.people import readers, subscriptions, suppressions, tokens
from digest.storage.selfservice import forget
from digest.storage.upsert import insert

WAY = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What becomes different of a reader; None leaves it as it is."""

    address: str | None = None
    identity: str | None = None
    """Of the new address."""
    name: str | None = None
    language: str | None = None
    editions: tuple[str, ...] | None = None
    """All that they get from now on."""


class Corrections:
    """The operator's hand on one reader."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def correct(self, identity: str, new: Correction, now: datetime) -> bool:
        """Change an active reader; False when there is none of that identity.

        Raises ReaderError when the new address is another reader's, or suppressed; then nothing was changed.
        """
        r = readers.c
        with self._database.write() as connection:
            here = and_(r.identity == identity, r.state == "active")
            reader_id = connection.scalar(select(r.id).where(here))
            if reader_id is None:
                return False
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
            }
            changed = {name: value for name, value in values.items() if value is not None}
            if changed:
                connection.execute(update(readers).where(r.id == reader_id).values(changed))
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
        return True

    def erase(self, identity: str, shadow: str, now: datetime) -> bool:
        """Forget an address, a reader's or not, but for a ``shadow`` that keeps it from coming back by an import.

        False when nothing was known of it.
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
