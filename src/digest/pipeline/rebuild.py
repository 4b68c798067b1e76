"""The proof that an edition follows from its material: made again, and compared with what was stored and frozen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from itertools import zip_longest
from typing import Any

from digest import __version__
from digest.errors import UnknownEdition
from digest.model.edition import Edition
from digest.model.ids import EditionKey
from digest.model.letter import Letter, Slot
from digest.pipeline.explain import find_edition
from digest.pipeline.house import House
from digest.pipeline.material import make
from digest.pipeline.record import Basis, dressed, material_of, stored_basis, stored_look
from digest.storage.editions import StoredEdition

SHOWN = 160
"""Characters of a difference that are shown on either side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What came of making an edition again; it is the same when ``difference`` is empty."""

    key: EditionKey
    articles: int
    letter_bytes: int
    """Bytes of the frozen letter that were made again; 0 when no letter is frozen yet."""
    difference: str

    def lines(self) -> Iterator[str]:
        """Yield the outcome in words."""
        if self.difference:
            yield f"{self.key}: made again, it differs: {self.difference}"
            return
        letter = f"its letter too, {self.letter_bytes} bytes" if self.letter_bytes else "no letter is frozen yet"
        yield f"{self.key}: made again from {self.articles} articles, it is the same; {letter}"

    def plain(self) -> dict[str, Any]:
        """Return the outcome for machines."""
        return {
            "edition": str(self.key),
            "same": not self.difference,
            "articles": self.articles,
            "letter_bytes": self.letter_bytes,
            "difference": self.difference,
        }


def rebuild(house: House, reference: str) -> Rebuilt:
    """Make an edition and its letter again, from the article versions, settings and tellings as of its cut.

    The stored edition and the frozen letter are only looked at afterwards, to compare. Raises UnknownEdition when it
    was not composed, or by another version of the program, whose judgement may differ.
    """
    row = find_edition(house, reference)
    version = row.seen.get("version")
    if version is not None and version != __version__:
        raise UnknownEdition(f"{row.key} was composed by digest {version}; this is {__version__}, which may differ")
    basis = stored_basis(row.seen)
    if basis is None:
        raise UnknownEdition(f"{row.key} was not composed: there is nothing to make again")
    made = _made(house, row, basis)
    if isinstance(made, str):
        return Rebuilt(key=row.key, articles=len(basis.articles), letter_bytes=0, difference=made)
    edition, letter = made
    frozen = house.stores.editions.letter(row.id)
    difference = first_difference(edition, row.edition, "edition")
    if not difference and frozen is not None and letter is not None:
        difference = letters_differ(letter, frozen)
    return Rebuilt(
        key=row.key,
        articles=len(basis.articles),
        letter_bytes=sum(len(part) for part in frozen.segments if isinstance(part, bytes)) if frozen else 0,
        difference=difference,
    )


def _made(house: House, row: StoredEdition, basis: Basis) -> tuple[Edition, Letter | None] | str:
    """Return the edition and, when one was frozen, its letter; or why it cannot be made, in words."""
    try:
        material = material_of(row.key, basis, house.stores)
    except LookupError as error:
        return str(error)
    making = make(material)
    if making.edition is None:
        return f"there is too little to tell: {making.thin}"
    look = stored_look(row.seen)
    return making.edition, dressed(making.edition, look, house.stores) if look else None


def first_difference(made: object, stored: object, where: str) -> str:
    """Return the first place in which two values differ, field by field, in words; empty when they are equal."""
    if made == stored:
        return ""
    if is_dataclass(made) and type(made) is type(stored):
        pairs = [(getattr(made, f.name), getattr(stored, f.name), f"{where}.{f.name}") for f in fields(made)]
    elif isinstance(made, tuple) and isinstance(stored, tuple) and len(made) == len(stored):
        pairs = [(*both, f"{where}[{n}]") for n, both in enumerate(zip(made, stored, strict=True))]
    else:
        return f"{where} is now {_shown(made)}, and was {_shown(stored)}"
    return next(found for pair in pairs if (found := first_difference(*pair)))


def letters_differ(made: Letter, frozen: Letter) -> str:
    """Return the first line of two letters that differs, in words; empty when they are the same byte for byte."""
    if made.segments == frozen.segments:
        return ""
    lines = zip_longest(_lines(made), _lines(frozen), fillvalue=b"")
    for number, (now, then) in enumerate(lines, start=1):
        if now != then:
            return f"line {number} of the letter is now {_shown(now)}, and was {_shown(then)}"
    return "the letter is cut into other segments"


def _lines(letter: Letter) -> list[bytes]:
    parts = (f"<{part.value}>".encode() if isinstance(part, Slot) else part for part in letter.segments)
    return b"".join(parts).split(b"\r\n")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
