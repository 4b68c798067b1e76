"""Cells of CSV files that people open in spreadsheets: text stays text there, and comes back as it was."""

from __future__ import annotations

GUARD = "'"
"""What spreadsheets take as: this is text."""
_COMPUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What makes a cell a formula, also in full width (OWASP, CSV Injection)."""


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet computes."""
    return GUARD + cell if cell.lstrip(GUARD).startswith(_COMPUTED) else cell


def bare(cell: str) -> str:
    """Return a cell without the guard that ``guarded`` set before it."""
    return cell[1:] if cell.startswith(GUARD) and cell.lstrip(GUARD).startswith(_COMPUTED) else cell
