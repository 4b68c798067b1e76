"""When a machine is lost with its journals, at most two letters for each of its connections are uncertain."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Ready
from tests.contracts.test_ledger import NOW, OTHER

from digest.bookkeeping import LEASE, Booked, Order, Outcome, Step, Worker
from digest.deliver.ledger.recovery import recover
from digest.deliver.pacing.rate_limits import Limit, Rates
from digest.deliver.protocol.refusal import About
from digest.deliver.protocol.replies import Act, Fate, Verdict
from digest.deliver.protocol.smtp import Parcel
from digest.deliver.run.dispatch import dispatch
from digest.deliver.run.open_attempts import OpenAttempts, reduced
from digest.deliver.run.options import DispatchOptions
from digest.deliver.run.way import Way
from digest.errors import RelayUnreachable, StorageError
from digest.model.delivery import DeliveryState as S
from digest.model.ids import ReaderId
from digest.storage.deliveries import Deliveries
from digest.storage.engine import Database
from digest.storage.in_flight import listed
from digest.storage.schema.editions import editions
from digest.storage.schema.mailing import deliveries
from digest.storage.schema.people import readers, subscriptions

CHANCE = random.Random(7)  # noqa: S311 - which letters is all one
LANES = 3
READERS = range(1, 201)
TAKEN = Verdict(Fate.ACCEPTED, reply="250 2.0.0 queued")
DEAD = Verdict(Fate.REJECTED, reply="550 no such user", about=About.RECIPIENT)
SLOW = Verdict(Fate.RETURNED, Act.SLOW, "421 too much", about=About.US)


class Fake:
    """A relay that answers as a rule says; one letter after another in each lane."""

    lanes = LANES

    def __init__(self, answer: Callable[[int], Verdict | None], name: str = "mx") -> None:
        self.name = name
        self._answer = answer

    async def carry(self, feed: Any) -> None:
        """Take what the feed gives. A rule that gives no answer closes the connection."""
        while await feed.more():
            taken = [parcel for parcel in (feed.take(),) if parcel is not None]
            for parcel in taken:
                feed.handing_over(parcel)
            await asyncio.sleep(random.uniform(0.0, 0.02))  # noqa: S311 - letters are answered one by one
            for place, parcel in enumerate(taken):
                verdict = self._answer(parcel.id)
                if verdict is None:
                    for unsent in taken[place:]:
                        feed.settle(unsent, Verdict(Fate.RETURNED, reply="not sent"))
                    raise RelayUnreachable("closed")
                feed.settle(parcel, verdict)


class Lossy(Deliveries):
    """A ledger of a machine that is lost at a step; it counts how many letters its list has open."""

    lost_at = 0
    steps = 0
    most = 0

    def book(self, worker: Worker, step: Step, now: Any) -> Booked:
        """Write a step, and lose the machine."""
        self.steps += 1
        if self.steps == self.lost_at:
            raise StorageError("the machine is lost")
        booked = super().book(worker, step, now)
        with self._database.read() as connection:
            found = listed(connection, [worker.name])
        self.most = max(self.most, *(len(each.readers) for each in found.values()), 0)
        return booked


@pytest.fixture
def database(ready: Ready) -> Database:
    """Give a frozen edition for many readers."""
    made = Database(ready("sqlite"))
    edition = {"id": 1, "name": "morning", "date": NOW.date(), "state": "sending", "reason": ""}
    with made.write() as connection:
        connection.execute(editions.insert(), [edition | {"due": NOW, "expires": NOW, "changed_at": NOW}])
        who = [(n, f"r{n}@example.org") for n in READERS]
        person = {"state": "active", "consent": {}, "added_at": NOW}
        connection.execute(readers.insert(), [person | {"id": n, "address": a, "identity": a} for n, a in who])
        connection.execute(
            subscriptions.insert(), [{"reader_id": n, "edition": "morning", "since": NOW} for n, _ in who]
        )
        row = {"edition_id": 1, "state": "queued", "updated_at": NOW}
        connection.execute(deliveries.insert(), [row | {"reader_id": n} for n, _ in who])
    return made


def dead_in_a_row(letter: int) -> Verdict:
    return DEAD if 50 < letter < 80 else TAKEN


def slow_at_times(letter: int) -> Verdict:
    return SLOW if letter % 7 == 0 and CHANCE.random() < 0.5 else TAKEN


def closed_at_times(letter: int) -> Verdict | None:
    return None if letter % 25 == 0 and CHANCE.random() < 0.5 else TAKEN


WAYS: Mapping[str, tuple[Way, ...]] = {
    "one relay": (Way(transport=Fake(lambda _letter: TAKEN)),),
    "two relays": (Way(transport=Fake(lambda _letter: TAKEN)), Way(transport=Fake(lambda _letter: TAKEN, "mx2"))),
    "dead addresses": (Way(transport=Fake(dead_in_a_row)),),
    "an overloaded relay": (Way(transport=Fake(slow_at_times)), Way(transport=Fake(lambda _letter: TAKEN, "mx2"))),
    "lost connections": (Way(transport=Fake(closed_at_times)), Way(transport=Fake(lambda _letter: TAKEN, "mx2"))),
}


def sent(ledger: Deliveries, ways: tuple[Way, ...], folder: Path, rates: Rates) -> None:
    """Send until the machine is lost, or to the end."""
    orders = DispatchOptions(
        expires=NOW + timedelta(hours=1),
        journals=folder,
        letters_a_lane=2,
        rates=rates,
        relay_patience=timedelta(seconds=5),
    )
    dispatch(
        ledger,
        ways,
        lambda claim: Parcel(claim.reader_id, "news@paper.example", claim.address, b"", ready=True),
        orders=orders,
        clock=lambda: NOW,
    )


@pytest.mark.slow
@pytest.mark.parametrize("limited", [False, True], ids=["no limit", "a limit"])
@pytest.mark.parametrize("ways", WAYS.values(), ids=WAYS)
def test_of_a_lost_machine_at_most_two_letters_a_connection_are_uncertain(
    database: Database,
    tmp_path: Path,
    ways: tuple[Way, ...],
    limited: bool,  # noqa: FBT001 - the case itself
) -> None:
    bound = 2 * LANES * len(ways)
    rates = Rates(overall=(Limit(2000, 1.0),)) if limited else Rates()
    ledger = Lossy(database, 1, lists=True)
    ledger.lost_at = 13
    with pytest.raises(StorageError):
        sent(ledger, ways, tmp_path / "lost", rates)
    others = Deliveries(database, 1, lists=True)
    lapsed = NOW + LEASE + timedelta(minutes=1)
    recover(others, OTHER, tmp_path / "others", lapsed, random.Random(1), resend=False)  # noqa: S311
    counts = others.counts()
    assert counts.of(S.UNCERTAIN) <= bound
    assert 0 < counts.of(S.QUEUED) < len(READERS)
    again = Lossy(database, 1, lists=True)
    sent(again, ways, tmp_path / "others", rates)
    done = again.counts()
    assert done.of(S.QUEUED, S.CLAIMED, S.ATTEMPTING) == 0, "no letter waits for a place for ever"
    assert max(ledger.most, again.most) <= bound
    assert done.of(S.UNCERTAIN) == counts.of(S.UNCERTAIN)
    database.close()


def test_free_places_are_reduced_where_there_are_most() -> None:
    assert reduced((4, 9, 0), 6) == (3, 3, 0)
    assert reduced((4, 9, 0), 20) == (4, 9, 0)
    assert reduced((4, 9), -3) == (0, 0)


def test_an_attempt_is_open_until_the_step_with_its_result() -> None:
    attempts, one, two = OpenAttempts(2), ReaderId(1), ReaderId(2)
    attempts.book(Step(attempt=(one, two)), Booked(frozenset({one, two})))
    assert attempts.limited((5,), Step()) == (0,)
    back = Step(interim=(Outcome(one, S.QUEUED, 0),), attempt=(one,))
    assert attempts.limited((5,), back) == (1,)
    attempts.book(back, Booked(frozenset({one}), order=Order.GO))
    assert attempts.limited((5,), Step()) == (0,)
    attempts.book(Step(outcomes=(Outcome(one, S.ACCEPTED, 1), Outcome(two, S.ACCEPTED, 1))), Booked())
    assert attempts.limited((5,), Step()) == (2,)
    assert OpenAttempts(0).limited((5,), Step()) == (5,)
