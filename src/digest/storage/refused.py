"""Suppresses the addresses that a relay refused: at once, or after refusals on several days."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, text

from digest.model.ids import ReaderId
from digest.storage.announce import announce_refused
from digest.storage.schema.columns import Instant

REFUSED_DAYS = 5
"""After refusals at RCPT, or letters deferred there until they expired, on this many different days within
REFUSED_WITHIN, an address counts as gone: the same as for soft bounces."""
REFUSED_WITHIN = timedelta(days=30)

_IDS = {
    "sqlite": "(SELECT value FROM json_each(:ids))",
    "postgresql": "(SELECT value::int FROM jsonb_array_elements_text(CAST(:ids AS jsonb)))",
}
_NOW, _SINCE = bindparam("now", type_=Instant()), bindparam("since", type_=Instant())
_GONE = {
    dialect: text(f"""INSERT INTO suppressions (identity, why, since)
        SELECT identity, 'rejected', :now FROM readers WHERE id IN {ids} ON CONFLICT DO NOTHING
        RETURNING identity""").bindparams(_NOW)  # noqa: S608 - constants
    for dialect, ids in _IDS.items()
}
_REPEATED = {
    dialect: text(f"""INSERT INTO suppressions (identity, why, since)
        SELECT r.identity, 'rejected', :now FROM readers r WHERE r.id IN {ids} AND :most <= (
            SELECT count(DISTINCT e.date) FROM editions e JOIN deliveries d ON d.edition_id = e.id
            WHERE d.reader_id = r.id AND d.state IN ('rejected', 'expired') AND d.reply LIKE '%RCPT: %'
                AND e.due > :since AND e.due > COALESCE((
                    SELECT max(a.due) FROM editions a JOIN deliveries t ON t.edition_id = a.id
                    WHERE t.reader_id = r.id AND t.state = 'accepted' AND a.due > :since), :since))
        ON CONFLICT DO NOTHING RETURNING identity""").bindparams(_NOW, _SINCE)  # noqa: S608 - constants
    for dialect, ids in _IDS.items()
}


def suppress(connection: Connection, readers: Sequence[ReaderId], now: datetime) -> None:
    """Suppress readers whose mailbox does not exist."""
    if readers:
        given = {"ids": json.dumps(readers), "now": now}
        found = connection.execute(_GONE[connection.dialect.name], given)
        announce_refused(connection, found.scalars().all(), now)


def suppress_repeated(connection: Connection, readers: Sequence[ReaderId], now: datetime) -> None:
    """Suppress readers refused at RCPT on REFUSED_DAYS different days, with no letter accepted in between."""
    if readers:
        given = {"ids": json.dumps(readers), "most": REFUSED_DAYS, "since": now - REFUSED_WITHIN, "now": now}
        found = connection.execute(_REPEATED[connection.dialect.name], given)
        announce_refused(connection, found.scalars().all(), now)
