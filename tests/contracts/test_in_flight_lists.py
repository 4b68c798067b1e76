"""The list of what one run has in flight, as it is stored and as it changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.contracts.test_ledger import IDS, NOW, frozen

from digest.bookkeeping import Outcome
from digest.model.delivery import DeliveryState as S
from digest.storage.engine import Database
from digest.storage.in_flight import InFlight, close, listed

RESULTS = (
    Outcome(IDS[0], S.ACCEPTED, 2, "250 2.0.0 taken", relay="mx"),
    Outcome(IDS[1], S.ACCEPTED, 1, "250", suppress=True),
    Outcome(IDS[2], S.DEFERRED, 3, "421 busy", NOW + timedelta(minutes=5), relay="mx"),
    Outcome(IDS[3], S.REJECTED, 1, "550 no", suppress=True, relay="mx"),
)


def bare(outcome: Outcome) -> Outcome:
    """Return a result without the reply: a list need not have that of an accepted letter."""
    return replace(outcome, reply="") if outcome.state is S.ACCEPTED else outcome


def test_a_list_comes_back_as_it_was_stored_and_a_closed_one_takes_nothing_more(database: Database) -> None:
    frozen(database)
    run = InFlight("one", 1)
    with database.write() as connection:
        assert not run.is_closed(connection), "a run that has not begun has no list"
        run.begin(connection)
        assert run.change((IDS[4],), RESULTS, ())
        assert run.note(connection)
        found = listed(connection, ["one", "two"])
        assert found.keys() == {"one"}
        assert (found["one"].number, sorted(found["one"].readers)) == (1, [IDS[4]])
        assert {each: bare(found["one"].results[each.reader_id]) for each in RESULTS} == {
            each: bare(each) for each in RESULTS
        }
        assert not close(connection, "one", 0)
        assert not run.is_closed(connection)
        assert close(connection, "one", 1)
        assert run.is_closed(connection)
        assert not run.note(connection)
        assert listed(connection, ["one"])["one"].number == run.number == 1


def test_a_list_changes_with_each_attempt_and_with_what_becomes_of_it() -> None:
    run = InFlight("one", 1, claimed=set(IDS[:3]))
    one, two = RESULTS[:2]
    assert run.change((IDS[0], IDS[1]), (), ())
    assert run.change((IDS[0],), (), ()), "another attempt at the same letter"
    assert not run.change((), (), ())
    assert run.change((), (one,), ())
    assert (run.readers, run.results) == ({IDS[1]}, {IDS[0]: one})
    assert run.change((), (), (two,))
    assert (run.readers, run.results, run.claimed) == (set(), {IDS[0]: one}, {IDS[0], IDS[2]})
    assert run.change((), (), (one,))
    assert (run.results, run.claimed) == ({}, {IDS[2]})
    assert not run.change((), (), (one,))
