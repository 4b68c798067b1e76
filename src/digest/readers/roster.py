"""Reads readers from CSV files: one reader per line, with a header line or as a bare list of addresses.

Our columns, in any order and case: ``address`` (also ``email``, ``e-mail``). Optional are ``name``, ``language``,
``zone`` (also ``timezone``: an IANA name; with another name the reader has no zone), ``editions`` (names separated by
``;`` or spaces; if empty, those of the operator), ``state`` (``left``, ``bounced`` and ``complained`` get no letters)
and ``confirmed_at``. The exports of listmonk, Mailchimp, Ghost and Buttondown are recognised by their header lines. Any
column about a reader's status is read as well (``standing_columns``). Other columns are ignored.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import chain
from typing import Any

from digest.errors import BadAddress, ItemSetAside, ReaderError
from digest.model.quarantine import Guard, ItemKind, is_items_fault, unguarded
from digest.readers.address import Address, parse_address
from digest.readers.exports import Cells, Form, Status, dated, form_of, instant
from digest.readers.roster_editions import EditionChoice, no_edition
from digest.readers.standing_columns import Standings
from digest.readers.standing_words import UnknownStanding
from digest.readers.zones import zone_or_none
from digest.text.cells import bare

ADDRESS_NAMES = (
    "email",
    "e-mail",
    "email address",
    "email_address",
    "e-mail address",
    "emailaddress",
    "mail",
    "e-mail-adresse",
    "email-adresse",
    "emailadresse",
    "e-mailadres",
    "adresse e-mail",
    "adresse email",
    "adresse électronique",
    "courriel",
    "dirección de correo electrónico",
    "dirección de email",
    "correo electrónico",
    "correo",
    "indirizzo e-mail",
    "indirizzo email",
    "endereço de e-mail",
    "endereço de email",
    "adres e-mail",
    "subscriber email",
    "email (primary)",
    "primary email",
    "user_email",
    "address",
)
"""Names of the column with the e-mail address, the preferred one first.

``address`` is the last, since it holds postal addresses in files that also have another of these columns.
"""
ZONE_NAMES = ("zone", "timezone", "time_zone", "time zone")
_SEPARATORS = ",;\t|"
_HINTS = frozenset(_SEPARATORS)
_LONGEST_NAME = 200
NO_EDITION = "names no edition: --edition NAME says what such lines get"
SET_ASIDE = "set aside: we failed at it (digest quarantine list)"
"""What the report says about a line at which digest itself failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterLine:
    """One line of a file that describes a reader. ``number`` is its line number in the file, from 1."""

    number: int
    address: Address
    name: str
    language: str
    zone: str = ""
    """IANA name; empty where the file gives none, or a name that is no time zone."""
    unknown_zone: str = ""
    """What the file gives as a time zone although it is none; otherwise empty."""
    editions: tuple[str, ...]
    status: Status = Status.ACTIVE
    consent: Mapping[str, str]
    """The proof of consent: when the reader confirmed or signed up (ISO 8601), and which system exported the file."""
    left_at: datetime | None = None
    """When the reader left the other system. None when the file does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """One line of a file that is not imported. ``problem`` says why."""

    number: int
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchEdition(BadLine):
    """One line of a file that names an edition which does not exist."""

    edition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownLine(BadLine):
    """One line of a file with an unknown status word, so that it is unclear whether the reader gets letters."""

    column: str
    word: str


Line = RosterLine | BadLine


def read_roster(
    lines: Iterable[str],
    editions: EditionChoice,
    guard: Guard = unguarded,
    told: Mapping[str, Status] | None = None,
) -> Iterator[Line]:
    """Parse a file of readers. Yield for each line a reader, or the problem of the line.

    ``editions`` says which editions exist, and which ones readers get when the file names none. ``told`` gives the
    operator's meanings of status words. Work on a line at which digest itself fails is repeated inside ``guard``, which
    sets the line aside.

    Raises ReaderError when no column has addresses, and EditionsNotNamed when neither the file nor the operator names
    the readers' editions.
    """
    source = iter(lines)
    first = next(source, "").lstrip("\ufeff")
    before = 0
    if first.lower().startswith("sep=") and first[4:].strip("\r\n") in _HINTS:  # a line for spreadsheets
        separator, before = first[4], 1
        first = next(source, "")
    else:
        separator = max(_SEPARATORS, key=first.count)
    headless = _is_address(first.split(separator)[0])
    table = csv.reader(chain(("address\n",) if headless else (), (first,), source), delimiter=separator)
    rows = _rows(table, before - headless)
    _, header = next(rows, (0, []))
    sample = next(rows, None)
    names = [name.strip().lower() for name in header]
    reader = _Reader(names, sample[1] if sample else (), editions, told or {})
    for number, row in chain((sample,) if sample else (), rows):
        if any(map(str.strip, row)):
            yield _read(reader, number, row, guard)


def _read(reader: _Reader, number: int, row: list[str], guard: Guard) -> Line:
    """Return the reader in a row, or the row's problem.

    ``guard`` is used only for a row that fails: it is slower than a row.
    """
    try:
        return reader.line(number, row)
    except Exception as error:
        if not is_items_fault(error):
            raise
    data = "\t".join(row).encode("utf-8", "backslashreplace")
    with suppress(ItemSetAside), guard(ItemKind.ROW, sha256(data).hexdigest(), data):
        return reader.line(number, row)
    return BadLine(number=number, problem=SET_ASIDE)


def _rows(table: Iterator[list[str]], before: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a table with their line numbers in the file.

    ``before`` lines of the file are not in the table.
    """
    numbered: Any = table  # the type of the csv module's reader has no name
    while True:
        try:
            row = next(table, None)
        except csv.Error as error:
            raise ReaderError(f"line {numbered.line_num + before}: cannot be read as CSV ({error})") from error
        if row is None:
            return
        yield numbered.line_num + before, row


class _Reader:
    """Turns the rows of a file with one header line into readers or problems."""

    def __init__(
        self,
        header: Sequence[str],
        sample: Sequence[str],
        editions: EditionChoice,
        told: Mapping[str, Status],
    ) -> None:
        """Find out what each column means.

        ``sample`` is the first row: an address in it shows which column has the addresses, if no column has a known
        name.
        """
        self._form = form_of(header)
        self._editions = editions
        place = {name: index for index, name in reversed(list(enumerate(header)))}
        self._address = _address_place(place, self._form, sample)
        self._standings = Standings(header, self._form, told)
        editions.require_answer(has_column="editions" in place)
        wanted = _columns(self._form)
        self._wanted = {name: index for name, index in place.items() if name in wanted}
        self._silent = (self._address, *(place[name] for name in self._form.names if name in place))

    def line(self, number: int, row: Sequence[str]) -> Line:
        cells = {name: bare(row[index].strip()) for name, index in self._wanted.items() if index < len(row)}
        editions = self._editions.of(cells.get("editions", ""))
        if unknown := self._editions.unknown(editions):
            return NoSuchEdition(number=number, problem=no_edition(unknown, self._editions.known), edition=unknown)
        try:
            address = parse_address(bare(row[self._address].strip()) if self._address < len(row) else "")
        except BadAddress as error:
            return BadLine(number=number, problem=str(error))
        try:
            status = self._standings.of([bare(cell.strip()) for cell in row], self._silent)
        except UnknownStanding as error:
            return UnknownLine(number=number, problem=str(error), column=error.column, word=error.word)
        if status is Status.ACTIVE and not editions:
            return BadLine(number=number, problem=NO_EDITION)
        zone, unknown_zone = _zones(cells)
        return RosterLine(
            number=number,
            address=address,
            name=_printable(" ".join([cells[name] for name in self._form.names if cells.get(name)])),
            language=_printable(cells.get("language", "")),
            zone=zone,
            unknown_zone=unknown_zone,
            editions=editions,
            status=status,
            consent=_consent(self._form, cells),
            left_at=_first_instant(cells, self._form.left) if status is not Status.ACTIVE else None,
        )


def _address_place(place: Mapping[str, int], form: Form, sample: Sequence[str]) -> int:
    """Return the number of the column with the addresses: one with a known name, else the first with an address.

    ``sample`` is the first row. Raises ReaderError when no column has addresses.
    """
    named = next((place[name] for name in (*form.marks & set(ADDRESS_NAMES), *ADDRESS_NAMES) if name in place), None)
    if named is not None:
        return named
    seen = next((index for index in sorted(place.values()) if index < len(sample) and _is_address(sample[index])), None)
    if seen is None:
        found = ", ".join(place)[:200] or "nothing"
        raise ReaderError(f"line 1: expected a column called address or email; found: {found}")
    return seen


def _printable(text: str) -> str:
    if text and not text.isprintable():
        text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return text[:_LONGEST_NAME]


def _zones(cells: Cells) -> tuple[str, str]:
    """Return the reader's time zone, and what was written instead of one. At most one of both is not empty.

    All columns for a time zone are searched for a valid name.
    """
    written = [text for name in ZONE_NAMES if (text := cells.get(name, ""))]
    zone = next((zone for text in written if (zone := zone_or_none(text))), "")
    return zone, "" if zone else _printable(next(iter(written), ""))


def _columns(form: Form) -> frozenset[str]:
    proofs = chain.from_iterable(form.consent.values())
    return frozenset({"language", "editions", *ZONE_NAMES, *form.names, *form.left, *proofs})


def _consent(form: Form, cells: Cells) -> dict[str, str]:
    consent = {"from": form.name}
    for what, columns in form.consent.items():
        for column in columns:
            if (text := cells.get(column)) and (at := dated(text)):
                consent[what] = at
                break
    return consent


def _first_instant(cells: Cells, columns: Iterable[str]) -> datetime | None:
    for column in columns:
        if (text := cells.get(column)) and (found := instant(text)) is not None:
            return found
    return None


def _is_address(text: str) -> bool:
    try:
        parse_address(text.strip().strip('"'))
    except BadAddress:
        return False
    return True
