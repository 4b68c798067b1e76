"""Things that are identified by a number: ferry 4 and ferry 7, Flight 370, 12 High Street, the A12.

Notices from one template describe many such things in the same words, and each is a separate story. A number that
counts ("14 dead") identifies nothing: the next report of the same event has another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from digest.text.languages import NOUNS_WITH_CAPITALS
from digest.text.similarity import STOPWORDS, stem

Things = Mapping[str, frozenset[str]]
"""Numbered thing -> its numbers."""

_WORD = r"[^\W\d_]+(?:[-'\u2019][^\W\d_]+)*"
_SAID = r"(?:(?:number|no\.?|nr\.?|nummer|num\u00e9ro|n\u00famero|numero|n[\u00b0\u00ba])\s*|#)"
"""Words and signs that introduce a number, such as "no." and "#"."""
_NUMBER = r"(?!(?:19|20)\d\d(?!\d))(?P<number>\d{1,6}[a-z]?)"
"""A number that is not a year."""
_AFTER = re.compile(rf"(?<![\w-])(?P<word>{_WORD})\s+(?P<said>{_SAID})?{_NUMBER}(?!\w|[.,:/]\d|\s?%)", re.IGNORECASE)
_BEFORE = re.compile(rf"(?<![\w.,:/$\u00a3\u20ac-]){_NUMBER}\s+(?P<word>{_WORD})")
_CODE = re.compile(rf"(?<![\w-])(?P<word>(?![QH]\d)[A-Z]{{1,5}})[- ]?{_NUMBER}(?![\w%]|[.,]\d)")
_DIGIT = re.compile(r"\d")
_DETERMINERS_TEXT = """
the a an this that these each every another der die das dem den des ein eine einer einem einen dieser diese dieses le la
les un une cet cette ce el los las una este esta il lo gli uno questo questa o os as um uma
"""
_OPENS = re.compile(rf"(?<![\w-])(?P<before>{_WORD})\s+(?P<word>{_WORD})")
_NO_NOUNS_TEXT = """
another about around roughly approximately over under up nearly almost first last next past previous final top least
most other further more some only just update version updated
january february march april may june july august september october november december
januar februar märz mai juni juli oktober dezember rund knapp mehr etwa fast über mindestens ersten letzten nächsten
vergangenen weiteren
janvier février mars avril juin juillet août septembre octobre novembre décembre premiers derniers prochains environ
quelque plus près
enero febrero marzo mayo junio julio agosto octubre noviembre diciembre primeros últimos casi unos cerca más
"""
"""Words before a number that name no thing: a month, a measure, the edition of a report."""
_DETERMINERS, _NO_NOUNS = (frozenset(text.split()) for text in (_DETERMINERS_TEXT, _NO_NOUNS_TEXT))


def things(title: str, opening: str, language: str) -> tuple[Things, Things]:
    """Return the title's numbered things that the opening of the text confirms, and those of title and text together.

    A word before a number in the title is a thing when the text uses it as a noun. A word after a number is a thing
    when the text writes it with a capital, as for a street.
    """
    if not _DIGIT.search(title):
        return {}, {}
    nouns, names = _nouns(opening), language not in NOUNS_WITH_CAPITALS
    in_text = [*_after(opening, nouns), *(_before(opening) if names else ()), *_codes(opening)]
    after = [*_after(title, nouns), *_codes(title)]
    before = set(_before(title)) & set(in_text) if names else ()
    return _by_thing([*after, *before]), _by_thing([*after, *before, *in_text])


def _by_thing(pairs: list[tuple[str, str]]) -> Things:
    return {thing: frozenset(number for other, number in pairs if other == thing) for thing, _ in pairs}


def _nouns(text: str) -> frozenset[str]:
    """Return the words that the text uses as nouns, before a number or elsewhere, in lower case."""
    found = {match["word"].casefold() for match in _OPENS.finditer(text) if match["before"].casefold() in _DETERMINERS}
    for match in _AFTER.finditer(text):
        if match["said"] or match["word"][0].isupper():
            found.add(match["word"].casefold())
    return frozenset(found - _NO_NOUNS)


def _after(text: str, nouns: frozenset[str]) -> Iterator[tuple[str, str]]:
    for match in _AFTER.finditer(text):
        word = match["word"].casefold()
        if word in nouns and word not in STOPWORDS:
            yield stem(word), match["number"]


def _before(text: str) -> Iterator[tuple[str, str]]:
    """Yield capitalised words after a number."""
    for match in _BEFORE.finditer(text):
        word = match["word"].casefold()
        if match["word"][0].isupper() and word not in STOPWORDS and word not in _NO_NOUNS:
            yield f"at {stem(word)}", match["number"]


def _codes(text: str) -> Iterator[tuple[str, str]]:
    for match in _CODE.finditer(text):
        yield f"code {match['word']}", match["number"]


def conflict(one: tuple[Things, Things], other: tuple[Things, Things]) -> bool:
    """Return whether two titles number the same thing, and neither article contains the other title's number."""
    (mine, all_mine), (theirs, all_theirs) = one, other
    if not mine or not theirs:  # as in most pairs
        return False
    return any(
        mine[thing].isdisjoint(all_theirs[thing]) and theirs[thing].isdisjoint(all_mine[thing])
        for thing in mine.keys() & theirs.keys()
    )
