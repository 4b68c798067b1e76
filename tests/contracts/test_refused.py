"""Who must not be written to any more, and who was refused too often: on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from digest.bookkeeping import Outcome, Step, Worker
from digest.model.delivery import DeliveryState
from digest.model.ids import ReaderId
from digest.storage.deliveries import Deliveries
from digest.storage.engine import Database
from digest.storage.partitions import make
from digest.storage.schema.editions import editions
from digest.storage.schema.mailing import deliveries
from digest.storage.schema.people import readers, subscriptions, suppressions

S = DeliveryState
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
ME = Worker("me", "here/boot", "me.journal")
IDS = [ReaderId(n) for n in range(1, 7)]
FULL = "RCPT: 552 5.2.2 mailbox full"
REFUSED_DAYS = 5
"""As it was decided, written out, so that a change is seen here."""


class Paper:
    """An edition a day, for six readers."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.days = 0
        with database.write() as connection:
            for n in IDS:
                who = {"id": n, "address": f"r{n}@example.org", "identity": f"r{n}@example.org", "state": "active"}
                connection.execute(readers.insert(), [who | {"consent": {}, "added_at": NOW}])
                connection.execute(subscriptions.insert(), [{"reader_id": n, "edition": "morning", "since": NOW}])

    def day(self, *, same: bool = False) -> Deliveries:
        """Freeze the next edition, of the next day or of the ``same``."""
        self.days += 1
        due = NOW + timedelta(days=0 if same else self.days)
        about = {"id": self.days, "name": "morning", "date": due.date(), "state": "sending", "reason": ""}
        if same:
            about["name"] = f"edition{self.days}"
        with self.database.write() as connection:
            connection.execute(editions.insert(), [about | {"due": due, "expires": due, "changed_at": due}])
            make(connection, [self.days])
            for n in IDS:
                row = {"edition_id": self.days, "reader_id": n, "state": "queued", "updated_at": due}
                connection.execute(deliveries.insert(), [row])
        return Deliveries(self.database, self.days)

    def settle(self, ledger: Deliveries, reader: int, state: DeliveryState, reply: str = "") -> None:
        """Settle a reader's letter as a run would."""
        now = NOW + timedelta(days=self.days)
        ledger.book(ME, Step(claim=6), now)
        ledger.book(ME, Step(attempt=(ReaderId(reader),)), now)
        put_off = now + timedelta(minutes=5) if state is S.DEFERRED else None
        outcome = Outcome(ReaderId(reader), state, 1, reply, next_attempt=put_off, relay="mx")
        ledger.book(ME, Step(outcomes=(outcome,)), now)

    @property
    def suppressed(self) -> set[str]:
        with self.database.read() as connection:
            return set(connection.scalars(select(suppressions.c.identity).where(suppressions.c.why == "rejected")))


@pytest.fixture
def paper(database: Database) -> Paper:
    return Paper(database)


def test_who_left_paused_or_is_suppressed_has_departed(paper: Paper) -> None:
    ledger = paper.day()
    assert ledger.departed(IDS, NOW) == frozenset()
    with paper.database.write() as connection:
        connection.execute(readers.update().where(readers.c.id == 1).values(state="left", left_at=NOW))
        connection.execute(subscriptions.delete().where(subscriptions.c.reader_id == 2))
        pause = subscriptions.update().where(subscriptions.c.reader_id.in_([3, 4]))
        connection.execute(pause.values(paused_until=NOW + timedelta(days=1)))
        connection.execute(suppressions.insert(), [{"identity": "r5@example.org", "why": "bounced", "since": NOW}])
    assert ledger.departed(IDS, NOW) == {1, 2, 3, 4, 5}
    assert ledger.departed(IDS[3:], NOW + timedelta(days=2)) == {5}, "a pause is over in the end"


def test_refusals_on_different_days_suppress(paper: Paper) -> None:
    for day in range(REFUSED_DAYS):
        assert paper.suppressed == set()
        ledger = paper.day()
        paper.settle(ledger, 1, S.REJECTED, FULL)
        paper.settle(ledger, 2, S.REJECTED, "the dot after the letter: 554 5.6.0 content")
        paper.settle(ledger, 3, S.ACCEPTED if day == 2 else S.REJECTED, FULL)
    assert paper.suppressed == {"r1@example.org"}


def test_an_address_that_does_not_exist_is_suppressed_at_once_and_nobody_beside_it(paper: Paper) -> None:
    ledger = paper.day()
    ledger.book(ME, Step(claim=6), NOW)
    ledger.book(ME, Step(attempt=tuple(IDS[:4])), NOW)
    gone = Outcome(IDS[0], S.REJECTED, 1, "RCPT: 550 5.1.1 unknown", suppress=True, relay="mx")
    full = Outcome(IDS[1], S.REJECTED, 1, FULL, relay="mx")
    ledger.book(ME, Step(outcomes=(gone, full, Outcome(IDS[2], S.ACCEPTED, 1, "250 kept", relay="mx"))), NOW)
    assert paper.suppressed == {"r1@example.org"}
    ledger.book(ME, Step(outcomes=(Outcome(IDS[3], S.ACCEPTED, 1, "250 kept", relay="mx"),)), NOW)
    assert paper.suppressed == {"r1@example.org"}


def test_refusals_on_one_day_suppress_nobody(paper: Paper) -> None:
    for _ in range(REFUSED_DAYS + 1):
        paper.settle(paper.day(same=True), 1, S.REJECTED, FULL)
    assert paper.suppressed == set()


@pytest.mark.parametrize(("days", "suppressed"), [(29, True), (30, False)])
def test_refusals_count_for_less_than_thirty_days(paper: Paper, days: int, *, suppressed: bool) -> None:
    paper.settle(paper.day(), 1, S.REJECTED, FULL)
    paper.days = days - 3
    for _ in range(REFUSED_DAYS - 1):
        paper.settle(paper.day(), 1, S.REJECTED, FULL)
    assert paper.days == 1 + days
    assert paper.suppressed == ({"r1@example.org"} if suppressed else set())


def test_letters_put_off_until_they_expired_count_as_well(paper: Paper) -> None:
    for _ in range(REFUSED_DAYS):
        ledger = paper.day()
        paper.settle(ledger, 1, S.DEFERRED, "RCPT: 450 4.1.2 Domain not found")
        ledger.expire(NOW + timedelta(days=paper.days), "too late")
        (row,) = (row for row in ledger.rows(S.EXPIRED) if row.reader_id == 1)
        assert row.reply == "too late; last answer: RCPT: 450 4.1.2 Domain not found"
    assert paper.suppressed == {"r1@example.org"}


def test_rejected_letters_are_queued_again_since_an_instant(paper: Paper) -> None:
    ledger = paper.day()
    paper.settle(ledger, 1, S.REJECTED, FULL)
    paper.settle(ledger, 2, S.ACCEPTED)
    rejected_at = NOW + timedelta(days=paper.days)
    assert ledger.resend(NOW, S.REJECTED, rejected_at + timedelta(seconds=1)) == 0
    assert ledger.resend(NOW, S.REJECTED, rejected_at) == 1
    assert ledger.counts().of(S.REJECTED) == 0
    assert ledger.counts().of(S.ACCEPTED) == 1
    assert date(2026, 11, 24) == rejected_at.date()
