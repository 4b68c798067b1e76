"""The ledger's rules: what a verdict writes into a row, and what a journal tells of a run that is gone."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digest.bookkeeping import Claim, Held, Outcome, RecoveryFinding
from digest.deliver.ledger.journal import Evidence, Mark, Owner
from digest.deliver.ledger.ledger import finding, outcome, pause
from digest.deliver.protocol.replies import Fate, Verdict
from digest.model.delivery import DeliveryState as S
from digest.model.ids import ReaderId

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
ADA = ReaderId(7)
MANY = [random.Random(seed) for seed in range(200)]  # noqa: S311 - spreads retries
CHANCE = MANY[1]


def waits(verdict: Verdict, attempts: int = 0) -> list[float]:
    """Return the seconds until the next attempt, as chance would have them."""
    claim = Claim(ADA, "ada@example.org", attempts=attempts)
    found = [outcome(claim, verdict, NOW, chance).next_attempt for chance in MANY]
    return [(moment - NOW).total_seconds() for moment in found if moment is not None]


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 300), (2, 600), (3, 1200), (4, 2400), (5, 4000), (6, 4000), (10**6, 4000)]
)
def test_pauses_double_from_five_minutes_to_an_hour_and_a_bit_and_are_never_shortened(
    attempts: int, seconds: int
) -> None:
    found = [pause(attempts, chance).total_seconds() for chance in MANY]
    assert seconds <= min(found) < seconds * 1.01
    assert seconds * 1.09 < max(found) <= seconds * 1.1


@pytest.mark.parametrize(("before", "seconds"), [(0, 300), (1, 600), (4, 4000)])
def test_a_deferred_letter_waits_by_the_attempts_that_it_has_had(before: int, seconds: int) -> None:
    found = waits(Verdict(Fate.DEFERRED), before)
    assert seconds <= min(found) <= max(found) <= seconds * 1.1


@pytest.mark.parametrize(("named", "seconds"), [(1, 30), (30, 30), (120, 120), (4000, 4000), (86_400, 4000)])
def test_a_pause_that_the_server_names_is_kept_within_bounds_and_a_little_longer(named: int, seconds: int) -> None:
    found = waits(Verdict(Fate.DEFERRED, wait=timedelta(seconds=named)), 3)
    assert seconds * 1.02 <= min(found) < seconds * 1.03
    assert seconds * 1.09 < max(found) <= seconds * 1.1


@pytest.mark.parametrize(
    ("fate", "state", "attempts"),
    [
        (Fate.ACCEPTED, S.ACCEPTED, 3),
        (Fate.REJECTED, S.REJECTED, 3),
        (Fate.DEFERRED, S.DEFERRED, 3),
        (Fate.UNCERTAIN, S.UNCERTAIN, 3),
        (Fate.RETURNED, S.QUEUED, 2),
    ],
)
def test_every_judged_letter_counts_an_attempt_and_a_returned_one_does_not(fate: Fate, state: S, attempts: int) -> None:
    claim = Claim(ADA, "ada@example.org", attempts=2)
    found = outcome(claim, Verdict(fate, reply="said"), NOW, CHANCE, "mx")
    assert (found.reader_id, found.state, found.attempts, found.reply, found.relay) == (
        ADA,
        state,
        attempts,
        "said",
        "mx",
    )
    assert (found.next_attempt is not None) == (fate is Fate.DEFERRED)


@pytest.mark.parametrize("suppress", [True, False])
def test_a_rejection_says_whether_the_address_is_gone(suppress: bool) -> None:  # noqa: FBT001 - the case itself
    verdict = Verdict(Fate.REJECTED, suppress=suppress)
    assert outcome(Claim(ADA, ""), verdict, NOW, CHANCE).suppress is suppress


def held(state: S, *, lapsed: bool = False, attempts: int = 1) -> Held:
    lease = NOW if lapsed else NOW + timedelta(microseconds=1)
    return Held(ADA, state, "other", lease, "there/boot", "other.journal", attempts)


def found(row: Held, evidence: Evidence) -> Outcome | None:
    made = finding(row, evidence, NOW, CHANCE)
    assert made is None or isinstance(made, RecoveryFinding)
    return made.outcome if made else None


GONE = Evidence(Owner.GONE, whole=True)
CUT = Evidence(Owner.GONE)
ALIVE = Evidence(Owner.ALIVE)
MISSING = Evidence(Owner.UNKNOWN)


@pytest.mark.parametrize("evidence", [ALIVE, MISSING])
@pytest.mark.parametrize("state", [S.CLAIMED, S.ATTEMPTING, S.UNCERTAIN])
def test_what_a_run_holds_under_its_lease_is_its_own_unless_it_is_gone(evidence: Evidence, state: S) -> None:
    assert found(held(state), evidence) is None


@pytest.mark.parametrize(
    ("evidence", "lapsed"), [(ALIVE, True), (MISSING, True), (CUT, True), (GONE, False), (CUT, False)]
)
def test_a_letter_that_was_only_claimed_is_anybodys_once_the_lease_or_the_run_is_over(
    evidence: Evidence,
    lapsed: bool,  # noqa: FBT001 - the case itself
) -> None:
    become = found(held(S.CLAIMED, lapsed=lapsed, attempts=1), evidence)
    assert become is not None
    assert (become.state, become.attempts) == (S.QUEUED, 1)


def journal(mark: Mark | None, *, whole: bool = True, owner: Owner = Owner.GONE) -> Evidence:
    return Evidence(owner, whole, {ADA: mark} if mark else {})


@pytest.mark.parametrize(
    ("state", "attempts"), [(S.ATTEMPTING, 3), (S.UNCERTAIN, 2)], ids=["attempting", "uncertain: counted already"]
)
def test_a_reply_in_the_journal_is_what_became_of_the_letter(state: S, attempts: int) -> None:
    become = found(held(state, attempts=2), journal(Mark(Fate.ACCEPTED, "250 kept", "mx"), whole=False))
    assert become == Outcome(ADA, S.ACCEPTED, attempts, "250 kept", relay="mx")


def test_a_letter_without_a_mark_in_a_whole_journal_was_never_handed_over() -> None:
    become = found(held(S.ATTEMPTING, attempts=2), GONE)
    assert become == Outcome(ADA, S.QUEUED, 2)
    assert found(held(S.UNCERTAIN, attempts=2), GONE) == Outcome(ADA, S.QUEUED, 1)


@pytest.mark.parametrize(
    ("evidence", "relay", "why"),
    [
        (journal(Mark(None, relay="mx")), "mx", "the run that sent it was stopped"),
        (CUT, "", "the run that sent it was stopped"),
        (MISSING, "", "the run that sent it is out of reach"),
        (journal(None, owner=Owner.ALIVE), "", "the run that sent it is out of reach"),
    ],
    ids=["begun", "a journal cut short", "no journal", "a run that lives and sleeps"],
)
def test_a_letter_of_which_nothing_is_known_is_uncertain(evidence: Evidence, relay: str, why: str) -> None:
    become = found(held(S.ATTEMPTING, lapsed=True, attempts=2), evidence)
    assert become == Outcome(ADA, S.UNCERTAIN, 3, f"{why} before a reply was noted", relay=relay)
    assert found(held(S.UNCERTAIN, lapsed=True), evidence) is None


@pytest.mark.parametrize("state", [S.CLAIMED, S.ATTEMPTING])
@pytest.mark.parametrize(
    ("mark", "become"),
    [(Mark(Fate.ACCEPTED, "250", "mx"), S.ACCEPTED), (Mark(None, relay="mx"), S.UNCERTAIN)],
    ids=["accepted", "begun"],
)
def test_a_journal_that_is_newer_than_the_database_shows_what_left_of_the_claimed_letters(
    state: S, mark: Mark, become: S
) -> None:
    made = found(held(state, attempts=2), journal(mark, whole=False))
    assert made is not None
    assert (made.state, made.attempts, made.relay) == (become, 3, "mx")


def test_a_claimed_letter_that_was_put_off_before_is_queued() -> None:
    made = found(held(S.CLAIMED), journal(Mark(Fate.DEFERRED, "451 later", "mx")))
    assert made == Outcome(ADA, S.QUEUED, 1)


BACK = Outcome(ADA, S.QUEUED, 1, "421 busy")
TAKEN = Outcome(ADA, S.ACCEPTED, 2, "its reply is in the journal", relay="mx")


@pytest.mark.parametrize(
    ("result", "mark", "become", "reply"),
    [
        (BACK, Mark(Fate.RETURNED, "421 busy"), S.QUEUED, "421 busy"),
        (BACK, None, S.QUEUED, "421 busy"),
        (BACK, Mark(None), S.UNCERTAIN, "the run that sent it was stopped before a reply was noted"),
        (BACK, Mark(Fate.ACCEPTED, "250 ok"), S.ACCEPTED, "250 ok"),
        (TAKEN, Mark(Fate.ACCEPTED, "250 ok"), S.ACCEPTED, "250 ok"),
        (TAKEN, Mark(None), S.ACCEPTED, "its reply is in the journal"),
        (TAKEN, None, S.ACCEPTED, "its reply is in the journal"),
    ],
    ids=["returned", "returned, no journal", "sent since", "accepted since", "accepted", "reply lost", "no journal"],
)
def test_a_result_in_the_list_counts_unless_the_letter_left_once_more(
    result: Outcome, mark: Mark | None, become: S, reply: str
) -> None:
    made = found(replace(held(S.ATTEMPTING), flight=3, result=result), journal(mark))
    assert made is not None
    assert (made.state, made.reply) == (become, reply)
