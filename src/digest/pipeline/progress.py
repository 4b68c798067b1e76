"""How a long task reports its progress."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called with the amount done, the total (0 when unknown), and the present step."""

    def __call__(self, done: int, total: int, what: str) -> None:
        """Show the progress."""
        ...


def unseen(done: int, total: int, what: str) -> None:
    """Show nothing."""
