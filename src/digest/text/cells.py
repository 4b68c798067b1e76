"""Protects cells of CSV files for spreadsheets, so that text is not computed, and removes the protection again."""

from __future__ import annotations

GUARD = "'"
"""Spreadsheets read a cell with this prefix as text."""
_COMPUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The beginnings of formulas, also in full width (OWASP, CSV Injection)."""


def guarded(cell: str) -> str:
    """Return the cell in a form that no spreadsheet computes."""
    return GUARD + cell if cell.lstrip(GUARD).startswith(_COMPUTED) else cell


def bare(cell: str) -> str:
    """Return the cell without the prefix that ``guarded`` added."""
    return cell[1:] if cell.startswith(GUARD) and cell.lstrip(GUARD).startswith(_COMPUTED) else cell
