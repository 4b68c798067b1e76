"""Decides which editions the readers of an imported file get: those in their line, else the operator's."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from digest.errors import EditionsNotNamed

EVERY = "all"
"""What an operator writes for all editions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionChoice:
    """The existing editions (``known``), and those for readers whose line names none (``default``).

    ``default`` is None when the operator named none.
    """

    known: tuple[str, ...]
    default: tuple[str, ...] | None = None

    def of(self, cell: str) -> tuple[str, ...]:
        """Return the editions that a cell names, separated by ``;`` or spaces.

        For an empty cell, return the default, which may be empty.
        """
        return tuple(cell.replace(";", " ").split()) or self.default or ()

    def unknown(self, names: Iterable[str]) -> str:
        """Return the first name that is no existing edition; the empty text when all exist."""
        return next((name for name in names if name not in self.known), "")

    def require_answer(self, *, has_column: bool) -> None:
        """Raise EditionsNotNamed when neither the list nor the operator says which editions its readers get."""
        if self.default is None and not has_column:
            raise EditionsNotNamed(
                f"which editions do its readers get? --edition NAME ({', '.join(self.known)}), --edition {EVERY}, "
                "or a column `editions`"
            )


def chosen(named: Collection[str], known: tuple[str, ...]) -> EditionChoice:
    """Return the choice of an operator who names these editions for the readers of a file.

    If only one edition exists, it need not be named. Raises EditionsNotNamed when a name is that of no edition.
    """
    if not named:
        return EditionChoice(known=known, default=known if len(known) == 1 else None)
    if EVERY in named and EVERY not in known:
        return EditionChoice(known=known, default=known)
    choice = EditionChoice(known=known, default=tuple(dict.fromkeys(named)))
    if wrong := choice.unknown(named):
        raise EditionsNotNamed(no_edition(wrong, known))
    return choice


def no_edition(name: str, known: Collection[str]) -> str:
    """Return the message for a name that is not an edition. It suggests a similar name if there is one."""
    near = get_close_matches(name.lower(), known)
    return f"no edition is called {name!r} ({f'did you mean {near[0]}? ' if near else ''}known: {', '.join(known)})"
