"""Similarity of texts: terms, names, shingles, and the rarity of terms. Pure Python; any room may import it.

A text becomes a bag of light stems without function words, and a bag of names (capitalised words, pairs of them, and
numbers). Scripts without spaces (Chinese, Japanese, Thai) become pairs of characters.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from zlib import crc32

from digest.text.memory import Memory

WORD = re.compile(r"\w+(?:['\u2019]\w+)*")
_OPENS = r"[^\Wa-z\u00df-\u00f6\u00f8-\u00ff\u03b1-\u03c9\u0430-\u044f]"
_GOES_ON = r"\w*(?:['\u2019]\w+)*"
CAPITALS = re.compile(rf"{_OPENS}(?<!\w\w){_GOES_ON}(?: {_OPENS}{_GOES_ON})*")
"""Runs of words without a small first letter, separated by single spaces. This is a fast first filter, in C.

The lookbehind ensures that no letter precedes a word. The pattern begins with a character set, because ``re`` searches
for a set twice as fast as for ``\\b``."""
UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
SHINGLE_WORDS = 5
RAREST = 0.001
"""Added to every frequency, so that a stem outside the table counts as 1 in 1,000."""
_ENGLISH = """
a about above after again against all also am an and any are as at be because been before being below between both
but by can could did do does doing down during each few for from further had has have having he her here hers him
his how i if in into is it its just like may me might more most must my no nor not now of off on once one only or
other our out over own per said same say says she should since so some such than that the their them then there
these they this those through to too two under until up upon us very was we were what when where which while who
whom why will with would yet you your told according new
"""
_GERMAN_FRENCH_SPANISH_ITALIAN_PORTUGUESE_DUTCH = """
aan aber al alla als anche ao aos au auch auf aus aux avec bei bij bis ce ces cette che chi col com come como con
cuando cui da dal dalla dan dans das dass dat de degli dei del della delle dem den der des desde deze di die dit
doch door dos dove du durch e een ein eine einem einen einer eines el ela ele ella elle em en entre er era es essa
esse est esta este et eu foi fue für gli ha haar haben han hanno hasta hat hay heeft het hij hun ich ihr ik il ils
im io isso ist je já kan kann la las le les leur lo los lui ma maar mais mas meer mehr mesmo met mit muito muy más
même na naar nach nas ne nel nella nem nicht niet noch nog non nos nous nur não o oder om onder ont ook op os ou où
par para pas pela pelo perché pero più plus por porque pour qu quando que quem questa questo qui sa sans se sem ser
ses seu si sich sie sin sind sobre son sono sont su sua sul sulla suo sur sus são só también também te tem tiene
todo tot tra uit um uma un una und une uno unos van você von voor vor vous waar war wat wenn werd werden wie wir
wird wordt y ya ze zich zijn zo zu zum zur à às été être über
"""
STOPWORDS = frozenset((_ENGLISH + _GERMAN_FRENCH_SPANISH_ITALIAN_PORTUGUESE_DUTCH).split())


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the word in lower case without a possessive and the commonest English endings.

    The stemming is light: it unites "talks" and "talk", "raided" and "raiding", and hardly changes other languages.
    """
    word = word.casefold().replace("\u2019", "'").removesuffix("'s").replace("'", "")
    if len(word) > 4 and word.endswith("ies"):  # noqa: PLR2004 - shorter words lose their meaning with their ending
        return word[:-3] + "y"
    for ending in ("ing", "ed"):
        if len(word) > len(ending) + 3 and word.endswith(ending):
            return word[: -len(ending)].removesuffix("e")
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):  # noqa: PLR2004
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 4 else word  # noqa: PLR2004


def _pieces(word: str) -> Sequence[str]:
    if word.isascii() or not UNSPACED.search(word):
        return (word,)
    return [word[i : i + 2] for i in range(len(word) - 1)] or (word,)


def _term(word: str) -> tuple[str, ...]:
    """Return the stems of a word's pieces; none for a function word or a single letter or digit."""
    if word.isascii() and word.isalpha():
        return () if len(word) == 1 or word.casefold() in STOPWORDS else (stem(word),)
    if not any(map(str.isalnum, word)):
        return ()
    kept = (piece for piece in _pieces(word) if piece.casefold() not in STOPWORDS)
    return tuple(stem(piece) for piece in kept if len(piece) > 1 or not piece.isascii())


def _terms_of_chunk(chunk: str) -> tuple[str, ...]:
    """Return the stems of the text between two spaces: a word with its marks, or several words around a dash."""
    if chunk.isalpha():
        return _term(chunk)
    return tuple(chain.from_iterable(map(_term, WORD.findall(chunk))))


_TERMS = Memory(_terms_of_chunk, most=200_000)


def terms(text: str) -> list[str]:
    """Return the stems of the content words, in the text's order."""
    return list(chain.from_iterable(map(_TERMS.__getitem__, text.split())))


def _name(word: str) -> str:
    """Return the folded word if it may be a name: with a capital or a digit first; otherwise empty."""
    if word[0].isdigit():
        return word
    if not word[0].isupper() or len(word) == 1 or word.casefold() in STOPWORDS:
        return ""
    return word.casefold().replace("\u2019", "'").removesuffix("'s")


_NAMES = Memory(_name, most=200_000)


def names(text: str) -> list[str]:
    """Return the names in a text, case-folded: capitalised words, adjacent pairs of them, and numbers."""
    found: list[str] = []
    for run in CAPITALS.findall(text):
        before = ""
        for name in map(_NAMES.__getitem__, run.split(" ")):
            if name:
                found.append(name)
            if before and name and not name[0].isdigit():
                found.append(f"{before} {name}")
            before = "" if name[:1].isdigit() else name
    return found


def _code(word: str) -> int:
    return crc32(word.casefold().encode("utf-8", "surrogatepass"))


_CODES = Memory(_code, most=200_000)


def shingles(text: str, words: int = SHINGLE_WORDS) -> frozenset[int]:
    """Return a number for every run of ``words`` words. A shorter text has one for all of it, an empty text none.

    The numbers are the same in every process.
    """
    codes = list(map(_CODES.__getitem__, WORD.findall(text)))
    if len(codes) < words:
        return frozenset([hash(tuple(codes))] if codes else ())
    return frozenset(map(hash, zip(*(codes[start:] for start in range(words)), strict=False)))


def containment(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the share of the smaller set that is also in the larger; 0 when either is empty."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def bag_cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return the cosine of two bags of weights; 0 when either is empty."""
    shared = sum(weight * other[term] for term, weight in one.items() if term in other)
    lengths = math.hypot(*one.values()) * math.hypot(*other.values())
    return shared / lengths if lengths else 0.0


@cache
def _frequencies() -> Mapping[str, float]:
    """Return the share of news openings that contain a stem, for common stems of English, French and German."""
    lines = files("digest.text").joinpath("frequencies.txt").read_text(encoding="utf-8").splitlines()
    bands = (line.split(":", 1) for line in lines if not line.startswith("#"))
    return {term: 2.0 ** -int(band) for band, held in bands for term in held.split()}


def frequency(term: str) -> float:
    """Return the share of news openings that contain a stem, rounded to a power of two; 0 for an uncommon stem."""
    return _frequencies().get(term, 0.0)


def rarity(term: str) -> float:
    """Return the weight of a stem by its rarity: from about 1.4 for the commonest to 6.9 for an uncommon one."""
    return -math.log(frequency(term) + RAREST)
