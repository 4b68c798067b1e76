"""One lane of a route: what it does with its transport when it ends."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from types import SimpleNamespace
from typing import Any, cast

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
