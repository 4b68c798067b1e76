from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from digest.storage.engine import Database
from digest.storage.leases import TERM, Lease, Leases

NOW = datetime(2026, 10, 14, 4, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def test_one_process_at_a_time_does_a_piece_of_work(database: Database) -> None:
    leases, clock = Leases(database), Clock()
    with leases.hold("fetch", clock) as first:
        assert first is not None
        with leases.hold("fetch", clock) as second:
            assert second is None
        with leases.hold("compose", clock) as other:
            assert other is not None
    with leases.hold("fetch", clock) as again:
        assert again is not None


def test_the_work_of_a_killed_process_is_free_after_the_term_and_not_before(database: Database) -> None:
    clock = Clock()
    killed = Lease(database, "fetch", "killed", clock)
    assert killed.renew()
    clock.now = NOW + TERM - timedelta(seconds=1)
    assert not Lease(database, "fetch", "next", clock).renew()
    clock.now = NOW + TERM
    assert Lease(database, "fetch", "next", clock).renew()
    assert not killed.renew()


def test_a_lease_that_is_renewed_goes_on(database: Database) -> None:
    clock = Clock()
    lease = Lease(database, "fetch", "alive", clock)
    for _ in range(5):
        assert lease.renew()
        clock.now += TERM * 0.9
    assert lease.renew()
    assert not Lease(database, "fetch", "next", clock).renew()


def test_a_lease_of_a_clock_that_ran_ahead_holds_nobody_up(database: Database) -> None:
    clock = Clock()
    clock.now = NOW + timedelta(hours=2)
    assert Lease(database, "fetch", "ahead", clock).renew()
    clock.now = NOW
    assert Lease(database, "fetch", "right", clock).renew()


def test_a_process_that_works_keeps_its_lease_however_long_one_step_takes(database: Database) -> None:
    leases, clock = Leases(database), Clock()
    with leases.hold("fetch", clock, beat_seconds=0.01):
        for _ in range(4):
            clock.now += TERM * 0.9
            given_up = time.monotonic() + 30
            while (leases.until("fetch", clock.now) or clock.now) - clock.now < TERM / 2:
                assert time.monotonic() < given_up
                time.sleep(0.01)
            assert not Lease(database, "fetch", "next", clock).renew()
    assert leases.until("fetch", clock.now) is None


def test_who_waits_is_told_until_when_the_lease_of_a_killed_process_holds(database: Database) -> None:
    clock = Clock()
    assert Leases(database).until("fetch", NOW) is None
    assert Lease(database, "fetch", "killed", clock).renew()
    assert Leases(database).until("fetch", NOW) == NOW + TERM
    assert timedelta(seconds=30) >= TERM
    assert Leases(database).until("fetch", NOW + TERM) is None
