"""Counters of a running process. The code that counts does not know who reads the counters."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from digest.model.sign import RelayTrouble


class Meter(Protocol):
    """Counts events; each method returns at once and may be called from any thread."""

    def composed(self, edition: str, seconds: float) -> None:
        """Count a composed edition of that name."""
        ...

    def fetched(self, articles: int, failed: int, seconds: float) -> None:
        """Count a fetch, the articles it brought, and the sources that failed."""
        ...

    def answered(self, relay: str, fate: str, seconds: float, *, again: bool) -> None:
        """Count one letter's result.

        ``seconds`` is the time from envelope to answer; ``again`` is true for a later attempt.
        """
        ...

    def relay(self, name: str, trouble: RelayTrouble) -> None:
        """Record whether a relay works, and if not, what is wrong with it."""
        ...

    def certificate(self, relay: str, ends: datetime) -> None:
        """Record when the certificate of a relay ends."""
        ...

    def webhook(self, endpoint: str, result: str, seconds: float) -> None:
        """Count an attempt to send a webhook; ``result`` is ``delivered``, ``failed`` or ``dead``."""
        ...


class Unmetered:
    """A meter that counts nothing."""

    def composed(self, edition: str, seconds: float) -> None:
        """Count nothing."""

    def fetched(self, articles: int, failed: int, seconds: float) -> None:
        """Count nothing."""

    def answered(self, relay: str, fate: str, seconds: float, *, again: bool) -> None:
        """Count nothing."""

    def relay(self, name: str, trouble: RelayTrouble) -> None:
        """Count nothing."""

    def certificate(self, relay: str, ends: datetime) -> None:
        """Count nothing."""

    def webhook(self, endpoint: str, result: str, seconds: float) -> None:
        """Count nothing."""


UNMETERED: Meter = Unmetered()
