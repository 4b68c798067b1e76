"""Likeness of texts: terms, names, shingles, and how much each term says. Pure Python, any room may import it.

A text becomes a bag of light stems without function words, and a bag of names (capitalised words, pairs of them, and
numbers). Scripts without spaces (Chinese, Japanese, Thai) become pairs of characters.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from zlib import crc32

WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
SHINGLE_WORDS = 5
STOPWORDS = frozenset(
    # English
    "a about above after again against all also am an and any are as at be because been before being below between both "
    "but by can could did do does doing down during each few for from further had has have having he her here hers him "
    "his how i if in into is it its just like may me might more most must my no nor not now of off on once one only or "
    "other our out over own per said same say says she should since so some such than that the their them then there "
    "these they this those through to too two under until up upon us very was we were what when where which while who "
    "whom why will with would yet you your told according new "
    # German, French, Spanish, Italian, Portuguese, Dutch
    "aber als am an auch auf aus bei bis das dass dem den der des die doch durch ein eine einem einen einer eines er es "
    "für hat haben ich ihr im in ist kann mehr mit nach nicht noch nur oder sich sie sind so über um und von vor war "
    "was wenn werden wie wird wir zu zum zur "
    "au aux avec ce ces cette dans de des du elle en est et il ils la le les leur lui mais même ne nous on ont ou où par "
    "pas plus pour qu que qui sa sans se ses son sont sur un une vous été être "
    "al como con cuando del desde el ella entre era esta este fue ha han hasta hay lo los las más muy nos para pero por "
    "porque se ser si sin sobre su sus también tiene todo una unos y ya "
    "alla anche che chi col come cui da dal dalla degli dei del della delle di dove e gli ha hanno il io le lo ma nel "
    "nella non per perché più quando questo questa se sono sul sulla suo tra un una uno "
    "ao aos com das do dos ela ele em essa esse eu foi isso já mas mesmo muito na nas nem no nos não o os ou para pela "
    "pelo quando que quem sem ser seu sua são só também tem uma você à às "
    "aan als bij dan dat de deze die dit door een en er haar heeft het hij hun ik is je kan maar meer met naar niet nog "
    "of om onder ook op over te tot uit van voor waar was wat we werd wie wordt ze zich zijn zo".split()
)


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the word in lower case without a possessive and the commonest English endings.

    Light on purpose: it joins "talks" and "talk", "raided" and "raiding", and leaves other languages nearly alone.
    """
    word = word.casefold().replace("’", "'").removesuffix("'s").replace("'", "")
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


@lru_cache(maxsize=200_000)
def _term(word: str) -> tuple[str, ...]:
    return tuple(stem(piece) for piece in _pieces(word) if piece.casefold() not in STOPWORDS and (len(piece) > 1 or not piece.isascii()))


def terms(text: str) -> list[str]:
    """Return the stems of the words that carry meaning, in the text's order."""
    return [term for word in WORD.findall(text) for term in _term(word)]


def names(text: str) -> list[str]:
    """Return what a text names, case-folded: capitalised words, pairs of them that stand together, and numbers."""
    found: list[str] = []
    before, end = "", -2
    for match in WORD.finditer(text):
        word = match.group()
        if word[0].isdigit():
            found.append(word)
            continue
        if not word[0].isupper() or word.casefold() in STOPWORDS or len(word) < 2:  # noqa: PLR2004 - an initial
            before = ""
            continue
        name = word.casefold().replace("’", "'").removesuffix("'s")
        found.append(name)
        if before and match.start() == end + 1:
            found.append(f"{before} {name}")
        before, end = name, match.end()
    return found


def shingles(text: str, words: int = SHINGLE_WORDS) -> frozenset[int]:
    """Return 32-bit hashes of every run of ``words`` words; of the whole text when it is shorter, none when empty."""
    spoken = [word.casefold() for word in WORD.findall(text)]
    if not spoken:
        return frozenset()
    last = max(1, len(spoken) - words + 1)
    return frozenset(crc32(" ".join(spoken[i : i + words]).encode()) for i in range(last))


def containment(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the share of the smaller set that the larger holds too; 0 when either is empty."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def bag_cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return the cosine of two bags of weights, 0 when either is empty."""
    shared = sum(weight * other[term] for term, weight in one.items() if term in other)
    lengths = math.hypot(*one.values()) * math.hypot(*other.values())
    return shared / lengths if lengths else 0.0
