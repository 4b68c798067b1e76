"""Readers in CSV files: one reader a line, with a header line.

Columns, in any order and case: ``address`` (also ``email``, ``e-mail``), and if they are there ``name``, ``language``
and ``editions`` (names parted by ``;`` or spaces; the given default when empty). Other columns are passed over.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from digest.errors import BadAddress, ReaderError
from digest.readers.address import Address, parse_address

COLUMNS = ("address", "name", "language", "editions")
ADDRESS_NAMES = frozenset({"address", "email", "e-mail", "email address", "email_address"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterLine:
    """One line that names a reader; ``number`` is its line in the file, from 1."""

    number: int
    address: Address
    name: str
    language: str
    editions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """One line that does not; ``problem`` says why."""

    number: int
    problem: str


def read_roster(
    lines: Iterable[str], known: Collection[str], default: tuple[str, ...]
) -> Iterator[RosterLine | BadLine]:
    """Yield each line as a reader or as a problem; raise ReaderError when no column holds addresses."""
    table = csv.reader(lines)
    header = [name.strip().lower().lstrip("\ufeff") for name in next(table, [])]
    place = {name: index for index, name in enumerate(header)}
    address = next((index for name, index in place.items() if name in ADDRESS_NAMES), None)
    if address is None:
        raise ReaderError(f"line 1: expected a column called address or email; found: {', '.join(header) or 'nothing'}")
    place["address"] = address
    for row in table:
        if any(cell.strip() for cell in row):
            yield _line(table.line_num, row, place, known, default)


def _line(
    number: int, row: list[str], place: dict[str, int], known: Collection[str], default: tuple[str, ...]
) -> RosterLine | BadLine:
    cells = {name: row[index].strip() if index < len(row) else "" for name, index in place.items()}
    editions = tuple(cells.get("editions", "").replace(";", " ").split()) or default
    unknown = [name for name in editions if name not in known]
    if unknown:
        return BadLine(number=number, problem=f"no edition is called {unknown[0]!r} (known: {', '.join(known)})")
    try:
        address = parse_address(cells["address"])
    except BadAddress as error:
        return BadLine(number=number, problem=str(error))
    return RosterLine(
        number=number,
        address=address,
        name=cells.get("name", ""),
        language=cells.get("language", ""),
        editions=editions,
    )
