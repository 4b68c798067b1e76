"""What a process counts while it works; who reads the counts is no concern of those who work."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from digest.model.sign import RelayTrouble


class Meter(Protocol):
    """Takes note of what happens; each method returns at once, and may be called from any thread."""

    def composed(self, edition: str, seconds: float) -> None:
        """Note that an edition of that name was composed."""
        ...

    def fetched(self, articles: int, failed: int, seconds: float) -> None:
        """Note a fetch: articles that it brought, and sources that failed."""
        ...

    def answered(self, relay: str, fate: str, seconds: float, *, again: bool) -> None:
        """Note a letter's fate; ``seconds`` from its envelope to the answer, ``again`` when it was tried before."""
        ...

    def relay(self, name: str, trouble: RelayTrouble) -> None:
        """Note how a relay met us."""
        ...

    def certificate(self, relay: str, ends: datetime) -> None:
        """Note when the certificate of a relay ends."""
        ...


class Unmetered:
    """Counts nothing."""

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


UNMETERED: Meter = Unmetered()
