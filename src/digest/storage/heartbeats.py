"""Heartbeats of the serving processes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from digest.model.sign import PastTrouble, RelayState, RelayTrouble, Sign
from digest.storage.engine import Database
from digest.storage.schema.watch import heartbeats
from digest.storage.upsert import insert


class Heartbeats:
    """Reads and writes the heartbeats of serving processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def beat(self, sign: Sign) -> None:
        """Store a heartbeat; it replaces the last one of the process."""
        values = {
            "host": sign.host,
            "version": sign.version,
            "started_at": sign.started_at,
            "beat_at": sign.beat_at,
            "stopped_at": sign.stopped_at,
            "relays": {name: _plain(state) for name, state in sign.relays.items()},
        }
        with self._database.write() as connection:
            statement = insert(connection, heartbeats).values(values | {"process": sign.process})
            connection.execute(statement.on_conflict_do_update(index_elements=["process"], set_=values))

    def stop(self, process: str, now: datetime) -> None:
        """Store that a process stopped properly."""
        here = heartbeats.c.process == process
        with self._database.write() as connection:
            connection.execute(update(heartbeats).where(here).values(stopped_at=now))

    def all(self) -> tuple[Sign, ...]:
        """Return the last heartbeat of each process, the newest first."""
        newest = select(heartbeats).order_by(heartbeats.c.beat_at.desc(), heartbeats.c.process)
        return self._database.rows(newest, heartbeats.c.process, _sign)

    def forget(self, before: datetime) -> None:
        """Delete processes without a heartbeat since ``before``."""
        with self._database.write() as connection:
            connection.execute(delete(heartbeats).where(heartbeats.c.beat_at < before))


def _plain(state: RelayState) -> dict[str, str | None]:
    ends, past = state.certificate_ends, state.past
    return {
        "trouble": state.trouble.value,
        "since": state.since.isoformat(),
        "certificate_ends": ends.isoformat() if ends else None,
        "past_trouble": past.trouble.value if past else None,
        "past_since": past.since.isoformat() if past else None,
        "past_until": past.until.isoformat() if past else None,
    }


def _relay(known: Mapping[str, str | None]) -> RelayState:
    ends = known.get("certificate_ends")
    return RelayState(
        trouble=RelayTrouble(known["trouble"]),
        since=datetime.fromisoformat(known["since"] or ""),
        certificate_ends=datetime.fromisoformat(ends) if ends else None,
        past=_past(known),
    )


def _past(known: Mapping[str, str | None]) -> PastTrouble | None:
    """Return the past trouble of a relay; None also where an earlier version wrote the row."""
    trouble, since, until = (known.get(f"past_{part}") for part in ("trouble", "since", "until"))
    if not (trouble and since and until):
        return None
    return PastTrouble(
        trouble=RelayTrouble(trouble), since=datetime.fromisoformat(since), until=datetime.fromisoformat(until)
    )


def _sign(row: Row[Any]) -> Sign:
    return Sign(
        process=row.process,
        host=row.host,
        version=row.version,
        started_at=row.started_at,
        beat_at=row.beat_at,
        stopped_at=row.stopped_at,
        relays={name: _relay(known) for name, known in row.relays.items()},
    )
