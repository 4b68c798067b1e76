"""The re-encoded pictures of stories by the hash of their bytes; or why a picture cannot be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from digest.storage.engine import Database
from digest.storage.schema.press import pictures
from digest.storage.upsert import insert


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPicture:
    """The result for a picture; ``name`` is the SHA-256 of its bytes, empty when it cannot be shown (``why_not``)."""

    name: str
    width: int
    height: int
    why_not: str
    at: datetime


class Pictures:
    """Reads and writes the pictures of stories, or why one cannot be shown."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, url: str) -> StoredPicture | None:
        """Return the result for the picture at that URL; None when it was never fetched."""
        columns = (pictures.c.hash, pictures.c.width, pictures.c.height, pictures.c.why_not, pictures.c.at)
        with self._database.read() as connection:
            row = connection.execute(select(*columns).where(pictures.c.url == url)).one_or_none()
        if row is None:
            return None
        return StoredPicture(name=row.hash, width=row.width, height=row.height, why_not=row.why_not, at=row.at)

    def keep(self, url: str, data: bytes, width: int, height: int, now: datetime) -> None:
        """Store the JPEG made from the picture at ``url``."""
        name = sha256(data).hexdigest()
        self._put({"url": url, "hash": name, "data": data, "width": width, "height": height, "why_not": "", "at": now})

    def refuse(self, url: str, why: str, now: datetime) -> None:
        """Store why the picture at ``url`` cannot be shown."""
        self._put({"url": url, "hash": "", "data": b"", "width": 0, "height": 0, "why_not": why, "at": now})

    def data(self, name: str) -> bytes | None:
        """Return the JPEG with that name; None when there is none."""
        query = select(pictures.c.data).where(pictures.c.hash == name).limit(1)
        with self._database.read() as connection:
            found: bytes | None = connection.scalar(query) if name else None
            return found

    def _put(self, row: dict[str, object]) -> None:
        with self._database.write() as connection:
            statement = insert(connection, pictures)
            changed = {name: statement.excluded[name] for name in row if name != "url"}
            connection.execute(statement.on_conflict_do_update(index_elements=["url"], set_=changed), [row])
