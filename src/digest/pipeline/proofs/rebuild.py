"""Makes an edition again from its stored inputs, and compares it with the stored edition and letter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from itertools import zip_longest
from typing import Any

import msgspec

from digest import __version__
from digest.errors import UnknownEdition
from digest.model.ids import EditionKey
from digest.model.letter import Letter, Slot
from digest.pipeline.editions.inputs import make
from digest.pipeline.editions.lookup import find_edition
from digest.pipeline.editions.snapshot import dressed, material_of, stored_basis, stored_look
from digest.pipeline.runtime import Runtime
from digest.storage.editions import StoredEdition

SHOWN = 160
"""How many characters of a difference are shown on each side."""
UNREADABLE = (msgspec.ValidationError, KeyError, TypeError, ValueError)
"""Errors that may occur when the stored record was written by another version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """The result of making an edition again. An empty ``difference`` means that it is the same."""

    key: EditionKey
    articles: int
    letter_bytes: int
    """Bytes of the letter that were made again; 0 when the edition has no frozen letter yet."""
    difference: str
    version: str = __version__
    """Version of the program that composed it; another version may give another result."""

    @property
    def advice(self) -> str:
        """How to make the edition again byte for byte with another version; empty when this version can."""
        if not self.difference or self.version == __version__:
            return ""
        return (
            f"digest {self.version} composed it, and this is {__version__}, which judges differently: to make it again "
            f"byte for byte, `pip install digest-press=={self.version}` in an environment of its own and "
            "`digest restore` there a backup of that time; `digest verify` proves its bullets with any version"
        )

    def lines(self) -> Iterator[str]:
        """Yield the result as lines of text."""
        if self.difference:
            yield f"{self.key}: made again, it differs: {self.difference}"
            if self.advice:
                yield self.advice
            return
        letter = f"its letter too, {self.letter_bytes} bytes" if self.letter_bytes else "no letter is frozen yet"
        yield f"{self.key}: made again from {self.articles} articles, it is the same; {letter}"

    def plain(self) -> dict[str, Any]:
        """Return the result as values for JSON."""
        return {
            "edition": str(self.key),
            "same": not self.difference,
            "articles": self.articles,
            "letter_bytes": self.letter_bytes,
            "difference": self.difference,
            "composed_by": self.version,
            "advice": self.advice,
        }


def rebuild(runtime: Runtime, reference: str) -> Rebuilt:
    """Make an edition and its letter again, from the article versions, settings and told stories as of its cut.

    The stored edition and the frozen letter are read only for the comparison at the end. Raises UnknownEdition when it
    was not composed, or when this version cannot read the record of the version that composed it.

    An edition composed by another version may differ: then ``advice`` names that version.
    """
    row = find_edition(runtime, reference)
    version = str(row.seen.get("version", ""))
    try:
        return _compared(runtime, row, version)
    except UNREADABLE as error:
        if version == __version__:
            raise
        raise UnknownEdition(
            f"{row.key} was composed by digest {version}, whose record {__version__} cannot read: `pip install "
            f"digest-press=={version}` in an environment of its own makes it again from a backup of that time"
        ) from error


def _compared(runtime: Runtime, row: StoredEdition, version: str) -> Rebuilt:
    basis = stored_basis(row.seen)
    if basis is None:
        raise UnknownEdition(f"{row.key} was not composed: there is nothing to make again")
    articles = len(basis.articles)
    try:
        material = material_of(row.key, basis, runtime.stores)
    except LookupError as error:  # an input was deleted, so no version can make it
        return Rebuilt(key=row.key, articles=articles, letter_bytes=0, difference=str(error))
    making = make(material)
    if making.edition is None:
        thin = f"there is too little to tell: {making.thin}"
        return Rebuilt(key=row.key, articles=articles, letter_bytes=0, difference=thin, version=version)
    look, frozen = stored_look(row.seen), runtime.stores.letters.get(row.id)
    letter = dressed(making.edition, look, runtime.stores) if look else None
    difference = first_difference(making.edition, row.edition, "edition")
    if not difference and frozen is not None and letter is not None:
        difference = letters_differ(letter, frozen)
    return Rebuilt(
        key=row.key,
        articles=articles,
        letter_bytes=sum(len(part) for part in frozen.segments if isinstance(part, bytes)) if frozen else 0,
        difference=difference,
        version=version,
    )


def first_difference(made: object, stored: object, where: str) -> str:
    """Return the first difference of two values, field by field, as text; empty when they are equal."""
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
    """Return the first line that differs in two letters, as text; empty when they are the same byte for byte."""
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
