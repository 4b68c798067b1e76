"""Requests at the pace that each host allows, until the time of the fetch is up."""

from __future__ import annotations

import math
import time
from datetime import datetime, timedelta

from digest.errors import FetchError, HttpStatus, OutOfTime
from digest.fetch.client import NONE, OK, Client, HttpAnswer, Validators
from digest.fetch.pace import LONGEST_HOLD_SECONDS, Pace, host_of
from digest.fetch.politeness import SHORTEST_WAIT, retry_after

UNAVAILABLE = 503
_BUSY = frozenset((429, UNAVAILABLE))
"""Statuses of an overloaded host. After one of them all requests to the host are paused."""
_TIME_IS_UP = "the time of this fetch was up"


class PoliteClient:
    """Sends requests through a client, at the pace of their hosts. It may be used from many threads."""

    def __init__(self, client: Client, pace: Pace) -> None:
        self._client = client
        self._pace = pace
        self.until = math.inf
        """Until when requests may take (monotonic seconds)."""

    def get(
        self,
        url: str,
        accept: str,
        cap_bytes: int,
        *,
        cut: bool = False,
        validators: Validators = NONE,
        refreshes: bool = False,
    ) -> HttpAnswer:
        """Return the answer to a GET request, whatever its status. The arguments are those of ``Client.get``.

        Raises:
            FetchError: One of its subclasses. OutOfTime when the time is up first, or when a host of a shared pace asks
                to wait for long; with a pace of our own, the long wait is an HttpStatus.
        """
        host = host_of(url)
        held = self._pace.seconds_until(host)
        if time.monotonic() + held >= self.until:
            raise OutOfTime(url, _TIME_IS_UP)
        if held > LONGEST_HOLD_SECONDS and self._pace.is_shared:
            raise OutOfTime(url, "its host asks to wait")
        if held > LONGEST_HOLD_SECONDS:
            raise HttpStatus(url, 429, timedelta(seconds=held))
        self._pace.wait(host)
        try:
            return self._client.get(
                url,
                accept=accept,
                cap_bytes=cap_bytes,
                cut=cut,
                validators=validators,
                refreshes=refreshes,
                until=self.until,
            )
        except FetchError as problem:
            if time.monotonic() < self.until:
                raise
            raise OutOfTime(url, _TIME_IS_UP) from problem
        finally:
            self._pace.answered(host)

    def successful(
        self, url: str, accept: str, cap_bytes: int, now: datetime, *, refreshes: bool = False
    ) -> HttpAnswer:
        """Return the answer to a GET request. Raises FetchError as ``get`` does, and HttpStatus unless it is 200."""
        answer = self.get(url, accept, cap_bytes, refreshes=refreshes)
        try:
            expect_success(answer, now)
        except HttpStatus as problem:
            self.hold(answer.url, problem)
            raise
        return answer

    def hold(self, url: str, problem: FetchError) -> None:
        """Pause requests to the whole host after a status that says it is overloaded."""
        if isinstance(problem, HttpStatus) and problem.status in _BUSY:
            wait = max(problem.retry_after or SHORTEST_WAIT, SHORTEST_WAIT)
            self._pace.hold(host_of(url), wait.total_seconds())


def expect_success(answer: HttpAnswer, now: datetime) -> None:
    """Raise HttpStatus unless the status is 200. It carries the time that the server asks us to stay away."""
    if answer.status != OK:
        raise HttpStatus(answer.url, answer.status, retry_after(answer.retry_after, now))
