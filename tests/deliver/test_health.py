"""Refusals add up, or do not: pure rules."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from digest.bookkeeping import Claim
from digest.deliver.pacing.relay_health import RelayHealth, is_held
from digest.deliver.protocol.replies import Fate, Reply, Stage, Verdict, judge
from digest.model.ids import ReaderId

OF_US = "550 5.4.5 Daily user sending limit exceeded"
DOUBTFUL = "550 5.7.1 refused"
GONE = "550 5.1.1 user unknown"


def verdict(said: str, stage: Stage = Stage.RCPT) -> Verdict:
    code, _, rest = said.partition(" ")
    return judge(Reply(int(code), (rest.encode(),)), stage)


def refused(said: str, times: int) -> RelayHealth:
    health = RelayHealth()
    for n in range(1, times + 1):
        health.refused(Claim(ReaderId(n), f"r{n}@example.org"), verdict(said), n)
    return health


def fates(released: Iterable[tuple[Claim, Verdict]]) -> dict[int, Fate]:
    return {claim.reader_id: given.fate for claim, given in released}


@pytest.mark.parametrize(("said", "bears"), [(OF_US, 2), (DOUBTFUL, 9), (GONE, 99)])
def test_so_many_refusals_in_a_row_are_about_us(said: str, bears: int) -> None:
    assert not refused(said, bears).refuses_us
    health = refused(said, bears + 1)
    assert health.refuses_us
    assert said in health.why
    assert fates(health.end(early=True)) == dict.fromkeys(range(1, bears + 2), Fate.RETURNED)


@pytest.mark.parametrize(("said", "fate"), [(OF_US, Fate.DEFERRED), (DOUBTFUL, Fate.REJECTED), (GONE, Fate.REJECTED)])
def test_a_letter_accepted_later_shows_that_a_refusal_was_its_reader_s_own(said: str, fate: Fate) -> None:
    health = refused(said, 1)
    assert fates(health.accepted(1)) == {}, "that one was handed out before"
    assert fates(health.accepted(2)) == {1: fate}
    assert fates(health.end(early=False)) == {}


@pytest.mark.parametrize(
    ("said", "early", "fate"),
    [
        (OF_US, False, Fate.RETURNED),
        (DOUBTFUL, False, Fate.DEFERRED),
        (DOUBTFUL, True, Fate.RETURNED),
        (GONE, False, Fate.REJECTED),
        (GONE, True, Fate.REJECTED),
    ],
)
def test_what_no_other_letter_explains_is_not_lost(said: str, *, early: bool, fate: Fate) -> None:
    assert fates(refused(said, 2).end(early=early)) == {1: fate, 2: fate}


def test_a_burst_from_one_domain_alone_is_put_off_so_that_the_others_come_first() -> None:
    health = RelayHealth()
    health.passed(Claim(ReaderId(1), "r1@elsewhere.example"))
    for n in range(2, 12):
        health.refused(Claim(ReaderId(n), f"r{n}@company.example"), verdict(DOUBTFUL), n)
    assert health.refuses_us
    assert fates(health.end(early=True)) == dict.fromkeys(range(2, 12), Fate.DEFERRED)
    for n in range(2, 12):
        health.refused(Claim(ReaderId(n), f"r{n}@company{n}.example"), verdict(DOUBTFUL), n)
    assert fates(health.end(early=True)) == dict.fromkeys(range(2, 12), Fate.RETURNED)


def test_a_burst_suppresses_nobody() -> None:
    assert not any(given.suppress for _claim, given in refused(GONE, 100).end(early=True))
    assert all(given.suppress for _claim, given in refused(GONE, 3).end(early=False))


def test_deferrals_and_what_was_never_asked_are_not_held() -> None:
    assert not is_held(verdict("450 4.2.0 greylisted"))
    assert not is_held(verdict("454 4.7.0 too fast"))
    assert not is_held(verdict("535 5.7.8 wrong password"))
    assert not is_held(Verdict(Fate.REJECTED, reply="553 5.1.3 not a mail address (not sent)"))
    assert is_held(verdict(GONE))
