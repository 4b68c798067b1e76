"""One lane of a route: what it does with its transport when it ends."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from selectors import DefaultSelector, SelectorKey
from types import SimpleNamespace
from typing import Any, cast

import pytest

from digest.deliver.protocol.replies import Fate, Verdict
from digest.deliver.protocol.smtp import Parcel
from digest.deliver.run.lane import Lane, Owner
from digest.deliver.run.run_state import RunState


class Books:
    """A route that only writes down what became of its letters."""

    def __init__(self, *parcels: Any) -> None:
        self.waiting = list(parcels)
        self.settled: list[tuple[int, Fate, str]] = []

    def take(self) -> Parcel | None:
        return self.waiting.pop(0) if self.waiting else None

    async def more(self, lane: int) -> bool:
        return bool(self.waiting) and lane == 0

    def handing_over(self, parcel: Parcel) -> None:
        """Nothing to note."""

    def settle(self, parcel: Parcel, verdict: Verdict) -> None:
        self.settled.append((parcel.id, verdict.fate, verdict.reply))


def letter(number: int) -> Parcel:
    return cast("Parcel", SimpleNamespace(id=number))


def test_of_a_failed_transport_what_was_handed_over_is_uncertain_and_the_rest_returned() -> None:
    books = Books(*map(letter, (1, 2, 3)))
    lane = Lane(cast("Owner", books), 0)
    first, second, third = (lane.take() for _ in range(3))
    assert first is not None
    assert second is not None
    assert third is not None
    assert lane.take() is None
    for parcel in (first, second):
        lane.handing_over(parcel)
    lane.settle(first, Verdict(Fate.ACCEPTED, reply="250"))
    lane.abandon("gone")
    lane.abandon("gone again")
    assert books.settled == [
        (1, Fate.ACCEPTED, "250"),
        (2, Fate.UNCERTAIN, "gone"),
        (3, Fate.RETURNED, "gone"),
    ]


class Skipping(DefaultSelector):
    """Lets the time pass at once for which a loop would wait."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        self.passed += timeout or 0.0
        return super().select(0)


class SkippingLoop(asyncio.SelectorEventLoop):
    """A loop for which nobody waits."""

    def __init__(self) -> None:
        self.skipping = Skipping()
        super().__init__(self.skipping)

    def time(self) -> float:
        return self.skipping.passed


@pytest.mark.parametrize(
    ("letters", "hurried_after", "seconds"),
    [(0, None, 2.5), (0, 1.0, 2.5), (1, 0.0, 5.0), (1, 30.5, 33.0)],
    ids=["without letters", "without letters, in a hurry", "in a hurry", "in a hurry later"],
)
def test_a_run_that_ends_waits_for_letters_until_the_operator_wants_it_to_stop(
    letters: int, hurried_after: float | None, seconds: float
) -> None:
    class Stuck:
        async def carry(self, feed: Lane) -> None:
            feed.take()
            await asyncio.Event().wait()

    async def waited() -> float:
        loop = asyncio.get_running_loop()
        run_state = SimpleNamespace(ended=asyncio.Event(), hurried=asyncio.Event())
        run_state.ended.set()
        if hurried_after is not None:
            loop.call_at(hurried_after, run_state.hurried.set)
        lane = Lane(cast("Owner", Books(*map(letter, range(letters)))), 0)
        await lane.carry(cast("Any", Stuck()), cast("RunState", run_state))
        return loop.time()

    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        assert runner.run(waited()) == pytest.approx(seconds)


def test_a_lane_that_is_cancelled_leaves_no_transport_at_work() -> None:
    ended: list[str] = []

    class Stuck:
        async def carry(self, _feed: Lane) -> None:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                ended.append("cancelled")
                raise

    async def cancelled() -> None:
        run_state = SimpleNamespace(ended=asyncio.Event(), hurried=asyncio.Event())
        lane = Lane(cast("Owner", Books()), 0)
        task = asyncio.create_task(lane.carry(cast("Any", Stuck()), cast("RunState", run_state)))
        for _ in range(3):
            await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await asyncio.sleep(0)
        assert ended == ["cancelled"]

    asyncio.run(cancelled())
