"""The rules of the ledger: how a relay's verdict or a journal changes a row; and the interface of a ledger."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from digest.bookkeeping import Booked, Claim, Counts, Held, Outcome, RecoveryFinding, Step, Worker
from digest.deliver.ledger.journal import Evidence, Mark, Owner
from digest.deliver.protocol.replies import Fate, Verdict
from digest.model.delivery import DeliveryState
from digest.model.ids import ReaderId

S = DeliveryState

_FIRST_PAUSE = timedelta(minutes=5)
_SHORTEST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(seconds=4000)
"""The limits of Postfix (minimal_backoff_time, maximal_backoff_time), which relays are used to."""


class Ledger(Protocol):
    """The rows of one edition, as a sending run needs them. Every method is one transaction, called from one thread."""

    def book(self, worker: Worker, step: Step, now: datetime) -> Booked:
        """Write a step and return its result.

        Rows that another worker holds now are not changed, and are not in the result.
        """
        ...

    def held_by_others(self, worker: Worker) -> Sequence[Held]:
        """Return the claimed, attempting and uncertain rows of other workers."""
        ...

    def settle(self, findings: Sequence[RecoveryFinding], now: datetime) -> int:
        """Write the new states of rows that other runs left; return how many of the rows had not changed meanwhile."""
        ...

    def expire(self, now: datetime, reason: str) -> int:
        """Expire the queued and deferred letters; return how many there were."""
        ...

    def departed(self, readers: Collection[ReaderId], now: datetime) -> AbstractSet[ReaderId]:
        """Return which of ``readers`` must not get the letter any more: they left, paused it or are suppressed."""
        ...

    def counts(self) -> Counts:
        """Return the number of letters in each state."""
        ...

    def next_attempt(self) -> datetime | None:
        """Return when the first deferred letter is due again; None when no letter is deferred."""
        ...


def pause(attempts: int, chance: random.Random) -> timedelta:
    """Return how long to wait after that many attempts (at least 1). It doubles each time up to a limit.

    A random part of up to a tenth is added. The pause is never shorter: servers that greylist want five minutes to
    pass, and a letter that comes early waits twice.
    """
    grown: timedelta = min(_FIRST_PAUSE * 2 ** min(attempts - 1, 10), _LONGEST_PAUSE)
    return timedelta(seconds=grown.total_seconds() * chance.uniform(1.0, 1.1))


def _wait(verdict: Verdict, tried: int, chance: random.Random) -> timedelta:
    """Return the time until the next attempt: what the server asked for, within limits, or ``pause``."""
    if verdict.wait is None:
        return pause(tried, chance)
    named = min(max(verdict.wait, _SHORTEST_PAUSE), _LONGEST_PAUSE)
    return timedelta(seconds=named.total_seconds() * chance.uniform(1.02, 1.1))


def outcome(claim: Claim, verdict: Verdict, now: datetime, chance: random.Random, relay: str = "") -> Outcome:
    """Return the change that the verdict of ``relay`` on a claimed letter makes in the ledger."""
    reader, words, tried = claim.reader_id, verdict.reply, claim.attempts + 1
    match verdict.fate:
        case Fate.RETURNED:
            return Outcome(reader, S.QUEUED, claim.attempts, words, relay=relay)
        case Fate.DEFERRED:
            return Outcome(
                reader, S.DEFERRED, tried, words, next_attempt=now + _wait(verdict, tried, chance), relay=relay
            )
        case Fate.ACCEPTED:
            return Outcome(reader, S.ACCEPTED, tried, words, relay=relay)
        case Fate.REJECTED:
            return Outcome(reader, S.REJECTED, tried, words, suppress=verdict.suppress, relay=relay)
        case Fate.UNCERTAIN:
            return Outcome(reader, S.UNCERTAIN, tried, words, relay=relay)


def finding(
    held: Held, evidence: Evidence, now: datetime, chance: random.Random, grace: timedelta = timedelta()
) -> RecoveryFinding | None:
    """Return what became of another run's letter; None when that run may still work on it, or nothing new is known.

    ``grace`` is added to the lease of a run on another machine. The columns are the states of the letter's row; the
    lines are what was found in the journal of the run that claimed it.

    ========================  ===========================  ==============================================
    its journal               claimed                      attempting, uncertain
    ========================  ===========================  ==============================================
    of a live run             queued after its lease       uncertain after its lease
    read, was accepted        accepted                     accepted
    read, has another reply   queued                       as the reply says
    read, begun, no reply     uncertain                    uncertain
    read, letter not in it    queued                       queued: it was never handed over
    missing, or cut           queued after its lease       uncertain after its lease
    ========================  ===========================  ==============================================

    A claimed letter has left only if the database is older than the journal, because it was restored from a backup. A
    result that the run noted in the database counts like a reply in its journal, even if the journal is missing. There
    is one exception: if that result is "try again" and the journal shows a newer attempt, the journal decides.
    """
    lapsed = held.lease_until + (grace if evidence.owner is Owner.UNKNOWN else timedelta()) <= now
    counted = held.state is S.UNCERTAIN  # the row already counts that attempt
    claim = Claim(held.reader_id, "", attempts=held.attempts - counted)
    gone = evidence.owner is Owner.GONE
    if not gone and not lapsed:
        return None
    mark = evidence.marks.get(held.reader_id)
    if held.state is S.CLAIMED and (mark is None or not mark.left):
        return _found(held, outcome(claim, Verdict(Fate.RETURNED), now, chance))
    if held.result is not None and not _is_overtaken(held.result, mark):
        return _found(held, _with_reply(held.result, mark))
    if mark is not None and mark.fate is not None:
        return _found(held, outcome(claim, Verdict(mark.fate, reply=mark.words), now, chance, mark.relay))
    if mark is None and gone and evidence.whole:
        return _found(held, outcome(claim, Verdict(Fate.RETURNED), now, chance))
    why = "the run that sent it was stopped" if gone else "the run that sent it is out of reach"
    unsure = Verdict(Fate.UNCERTAIN, reply=f"{why} before a reply was noted")
    return _found(held, outcome(claim, unsure, now, chance, mark.relay if mark else ""))


def _is_overtaken(result: Outcome, mark: Mark | None) -> bool:
    """Return whether the journal shows a newer attempt than a result by which the letter was to be tried again."""
    return result.state in {S.QUEUED, S.DEFERRED} and mark is not None and mark.left


def _with_reply(result: Outcome, mark: Mark | None) -> Outcome:
    """Return a result with the relay's words. For an accepted letter only the journal has them."""
    if result.state is S.ACCEPTED and mark is not None and mark.fate is Fate.ACCEPTED:
        return replace(result, reply=mark.words)
    return result


def _found(held: Held, become: Outcome) -> RecoveryFinding | None:
    return None if become.state is held.state else RecoveryFinding(held, become)
