"""How long work tells how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called with how much is done, how much there is (0 when unknown), and what is under way."""

    def __call__(self, done: int, total: int, what: str) -> None:
        """Show it."""
        ...


def unseen(done: int, total: int, what: str) -> None:
    """Show nothing: nobody is watching."""
