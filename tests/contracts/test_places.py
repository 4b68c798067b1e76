"""Places of a limit of seconds, as the tallies of both databases keep them: two runs share one limit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from digest.bookkeeping import Claim
from digest.deliver.pacing.held_places import Fates
from digest.deliver.pacing.rate_limits import CLOCKS, TAKEN, Limit, Rates, scopes
from digest.deliver.pacing.relay_choice import Capacity, RateLimiter
from digest.model.ids import ReaderId
from digest.storage.engine import Database
from digest.storage.tallies import Tallies

NOW = datetime(2026, 11, 23, 6, 0, 0, 123456, tzinfo=UTC)
LIMIT = Limit(5, 1.0)
CLAIMS = [Claim(ReaderId(n), f"r{n}@reader.example") for n in range(1, 9)]
EVERYBODY = frozenset(claim.reader_id for claim in CLAIMS)


def admitted(run: RateLimiter, seconds: float, fates: Fates) -> list[float]:
    """Admit letters; return when they leave, in seconds from NOW."""
    now = NOW + timedelta(seconds=seconds)
    found = run.admit(CLAIMS, (Capacity("mx", 100),), now, fates)
    return [permit.due - NOW.timestamp() for permit in found.permits]


def stored(database: Database) -> dict[str, list[int]]:
    """Return the numbers of the stored tallies: resting and taken places."""
    known = Tallies(database).known(scopes("all", LIMIT), NOW - timedelta(hours=1), NOW + timedelta(hours=1))
    kinds = {"taken" if tally.scope.endswith(TAKEN) else "resting": list[int]() for tally in known}
    for tally in known:
        kinds["taken" if tally.scope.endswith(TAKEN) else "resting"].append(tally.number)
    return kinds


def test_two_runs_never_have_more_places_than_there_are(database: Database) -> None:
    one, two = (RateLimiter(Rates(overall=(LIMIT,)), Tallies(database), goes_first=True) for _ in range(2))
    assert len(admitted(one, 0, Fates())) == 5
    assert stored(database) == {"taken": [5]}
    assert admitted(two, 0.1, Fates()) == []
    answered = [(ReaderId(n), NOW.timestamp() + 0.2) for n in (1, 2)]
    one.admit((), (), NOW + timedelta(seconds=0.3), Fates(answered, EVERYBODY))
    assert stored(database) == {"resting": [2], "taken": [3]}, "one claim a run, which replaces the one before"
    rested = admitted(two, 0.4, Fates())
    assert len(rested) == 2
    answered_and_rested = 0.2 + LIMIT.seconds + CLOCKS
    assert all(answered_and_rested - 0.001 <= moment <= answered_and_rested + 0.021 for moment in rested)
    assert sorted(stored(database)["taken"]) == [2, 3]
    for run in (one, two):
        run.end(NOW + timedelta(seconds=3), Fates())
    assert stored(database) == {}
