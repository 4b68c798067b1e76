"""A lane: it sends letters over one connection of a route at a time, and ends when the run ends."""

from __future__ import annotations

import asyncio
from typing import Protocol

from digest.deliver.protocol.replies import Fate, Verdict
from digest.deliver.protocol.smtp import Parcel
from digest.deliver.run.run_state import RunState, either
from digest.deliver.transports.transport import Transport

GRACE_IDLE = 2.5
"""Seconds within which a lane without letters must end: enough for QUIT, not for a relay whose greeting is too slow."""
GRACE_BUSY = 5.0
"""Seconds to finish the letters in progress when the operator asks to stop; supervisors commonly kill after ten."""


class Owner(Protocol):
    """What a lane needs of its route: letters to send, and a place to note their results."""

    def take(self) -> Parcel | None:
        """Return a letter that may leave now."""
        ...

    async def more(self, lane: int) -> bool:
        """Wait until that lane may take a letter."""
        ...

    def handing_over(self, parcel: Parcel) -> None:
        """Note that the whole letter is about to be handed to the relay."""
        ...

    def settle(self, parcel: Parcel, verdict: Verdict) -> None:
        """Note what became of a letter."""
        ...


class Lane:
    """Gives a transport the letters of a route, for one connection at a time."""

    def __init__(self, owner: Owner, number: int) -> None:
        self._owner = owner
        self._number = number
        self._letters: dict[int, Parcel] = {}
        self._handed: set[int] = set()

    def take(self) -> Parcel | None:
        """Return a letter that may leave now; see Feed."""
        parcel = self._owner.take()
        if parcel is not None:
            self._letters[parcel.id] = parcel
        return parcel

    async def more(self) -> bool:
        """Wait until a letter may leave; see Feed."""
        return await self._owner.more(self._number)

    def handing_over(self, parcel: Parcel) -> None:
        """Note that the whole letter is about to be handed to the relay; see Feed."""
        self._handed.add(parcel.id)
        self._owner.handing_over(parcel)

    def settle(self, parcel: Parcel, verdict: Verdict) -> None:
        """Note what became of a letter; see Feed."""
        self._letters.pop(parcel.id, None)
        self._handed.discard(parcel.id)
        self._owner.settle(parcel, verdict)

    def abandon(self, why: str) -> None:
        """Settle the letters of a failed transport: those handed over are uncertain, the others are queued again."""
        for parcel in tuple(self._letters.values()):
            fate = Fate.UNCERTAIN if parcel.id in self._handed else Fate.RETURNED
            self.settle(parcel, Verdict(fate, reply=why))

    async def carry(self, transport: Transport, run_state: RunState) -> None:
        """Send letters by the transport. When the run ends, wait only for the letters in progress.

        When the operator asked to stop, letters get GRACE_BUSY seconds. What was handed over whole by then is
        uncertain.
        """
        work = asyncio.create_task(transport.carry(self))
        try:
            ended = asyncio.create_task(run_state.ended.wait())
            await asyncio.wait({work, ended}, return_when=asyncio.FIRST_COMPLETED)
            ended.cancel()
            if not work.done():
                await self._finish(work, run_state)
            if not work.cancelled():
                await work
        finally:
            work.cancel()

    async def _finish(self, work: asyncio.Task[None], run_state: RunState) -> None:
        await asyncio.wait({work}, timeout=GRACE_IDLE)
        while not work.done() and self._letters and not run_state.hurried.is_set():
            hurried = asyncio.create_task(either(run_state.hurried, 1.0))
            await asyncio.wait({work, hurried}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done() and self._letters:
            await asyncio.wait({work}, timeout=GRACE_BUSY - GRACE_IDLE)
        if not work.done():
            work.cancel()
            await asyncio.wait({work})
