"""Finds a kind of block by its name: one of this package, or one that another package provides by an entry point."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from digest.blocks.shape import GROUP, BlockKind, NoBlock

OURS = {name: f"digest.blocks.{name}" for name in ("line", "donation", "dates", "weather", "markets")}
"""Name -> the module whose constant ``KIND`` is the kind of block."""


def known_kinds() -> tuple[str, ...]:
    """Return the names of all kinds, ours first. Nothing is imported."""
    return tuple(dict.fromkeys((*OURS, *sorted(point.name for point in entry_points(group=GROUP)))))


def kind_of(name: str) -> BlockKind:
    """Return the kind with that name. The code of another package is imported here, so only a child process calls it.

    Raises:
        NoBlock: No kind has that name, or the entry point leads to something else.
    """
    if name in OURS:
        found: object = import_module(OURS[name]).KIND
    else:
        point: EntryPoint | None = next(iter(entry_points(group=GROUP, name=name)), None)
        if point is None:
            raise NoBlock(f"no block is called {name!r} (known: {', '.join(known_kinds())})")
        found = point.load()
    if not isinstance(found, BlockKind):
        raise NoBlock(f"the entry point {name!r} of {GROUP} leads to no BlockKind")
    return found
