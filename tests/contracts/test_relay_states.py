"""What one machine finds out about a relay holds for all, for a minute; then one of them tries it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from digest.storage.engine import Database
from digest.storage.relay_states import REST, RelayStates

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_refusal_stops_all_machines_for_a_minute_and_then_one_tries(database: Database) -> None:
    states = RelayStates(database)
    assert states.closed(NOW) == ""
    states.close("550 no", NOW, "one")
    assert states.closed(NOW) == "550 no (found by one)"
    assert states.closed(NOW + REST - SECOND)
    assert states.closed(NOW + REST) == "", "the first to ask tries it"
    assert states.closed(NOW + REST), "the others wait"
    assert states.all() == {"all": "550 no"}
    states.open()
    assert (states.closed(NOW + REST), states.all()) == ("", {})
    states.open()


def test_a_run_is_stopped_only_by_what_was_found_since_it_began(database: Database) -> None:
    states = RelayStates(database)
    states.close("550 no", NOW, "one")
    assert states.closed_since(NOW - SECOND, NOW) == "550 no (found by one)"
    assert states.closed_since(NOW, NOW + SECOND) == ""
    assert states.closed_since(NOW - SECOND, NOW + REST) == ""


def test_a_rest_that_a_clock_wrote_that_was_set_back_since_holds_nobody_up(database: Database) -> None:
    states = RelayStates(database)
    states.close("550 no", NOW + timedelta(hours=3), "one")
    assert states.closed(NOW) == ""
