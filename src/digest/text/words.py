"""Words, light stems and stop words, with which texts are compared."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from digest.text.memory import Memory
from digest.text.patterns import compiled

WORDS_A_MINUTE = 230
"""Silent reading of English non-fiction is 238 words a minute on average (Brysbaert, 2019)."""
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUNNING = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
"""Thai, Lao, Burmese, Khmer: letters and their marks. These scripts have no spaces between words."""
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u0900-\u0903\u093a-\u093c\u093e-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc\u09be-\u09cd\u09d7\u0a01-\u0a03"
    "\u0a3c-\u0a4d\u0a70\u0a71\u0a81-\u0a83\u0abc\u0abe-\u0acd\u0b01-\u0b03\u0b3c\u0b3e-\u0b57\u0b82\u0bbe-\u0bcd\u0bd7"
    "\u0c00-\u0c04\u0c3c\u0c3e-\u0c56\u0c81-\u0c83\u0cbc\u0cbe-\u0cd6\u0d00-\u0d03\u0d3b\u0d3c\u0d3e-\u0d4d\u0d57"
    "\u0d81-\u0d83\u0dca-\u0ddf\u0f18\u0f19\u0f35\u0f37\u0f39\u0f71-\u0f84\u0f8d-\u0fbc\u135d-\u135f\u200d"
)
"""Vowel signs and other marks that belong to the letter before them. ``\\w`` does not contain them."""
_WORD = r"[^\W_]+"
_WORD_OR_RUN = (
    rf"[{_IDEOGRAPHS}]+|[{_RUNNING}]+|[^\W_{_IDEOGRAPHS}{_RUNNING}](?:[{_MARKS}]|[^\W_{_IDEOGRAPHS}{_RUNNING}])*"
)
_UNLIKE_LATIN = rf"[{_IDEOGRAPHS}{_RUNNING}{_MARKS}]"
_WRITTEN_TOGETHER = rf"[{_IDEOGRAPHS}{_RUNNING}]"
_TSHEG = "\u0f0b"
"""The point after each syllable of Tibetan, which has no spaces between words."""
_IDEOGRAPHS_A_WORD = 2
"""Characters of Chinese and Japanese, or syllables of Tibetan, in a word."""
_RUNNING_A_WORD = 5
"""Characters of Thai, Lao, Burmese or Khmer in a word, including marks."""
MARKS = "\u2019\u2018\u201c\u201d\u2013\u2014\u2026\u00a0"
"""The commonest non-ASCII marks between words. Replacing them first makes most English text several times as fast."""
_UNSPACED = f"[{_RUNNING}{_IDEOGRAPHS}{_TSHEG}]"
_ASCII_WORDS = str.maketrans(dict.fromkeys(set(map(chr, range(128))) - set(string.ascii_letters + string.digits), " "))
"""Replaces all but letters and digits by spaces. For ASCII it is three times as fast as a regular expression."""


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP_WORDS: dict[str, frozenset[str]] = {
    "en": _listed("""a about after again against all also although am an and any are as at be because been before being
        between both but by can could did do does doing down during each few for from further had has have
        having he her here hers him his how i if in into is it its just last many me more most much my no
        nor not now of off on once one only or other our out over own same she should since so some such
        than that the their them then there these they this those though through to too two under until up
        us very was we were what when where which while who whom why will with would yet you your s t"""),
    "fr": _listed("""a afin ai ainsi alors après au aucun aussi autre aux avant avec avoir car ce cela celle celui ces
        cet cette ceux chez comme contre d dans de depuis des deux donc dont du elle elles en encore entre
        est et eu être eux fait faire il ils j je jusqu l la le les leur leurs lors lorsque lui m ma mais
        même mes moins mon n ne ni nos notre nous on ont ou où par pas pendant peu plus pour puis qu quand
        que quel quelle qui s sa sans se selon ses si son sont sous sur t ta tandis te tous tout toute
        toutes très tu un une vers vos votre vous y à était étaient été c"""),
    "de": _listed("""ab aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei beide
        beiden bereits bin bis bist da damit danach dann das dass dazu dein dem den denn der des deshalb die
        dies diese diesem diesen dieser dieses doch dort du durch ein eine einem einen einer eines er es
        etwa für gegen hat hatte hatten habe haben hier ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in
        ins ist ja jede jeder jedes jedoch kann kein keine können man mehr mein mit nach nicht nichts noch
        nun nur ob oder ohne schon sehr sei sein seine seinem seinen seiner seit sich sie sind so sollte
        soll sondern und uns unter um vom von vor war waren was weil wenn wer werde werden wie wieder wir
        wird wo wurde wurden während zu zum zur zwar zwischen über"""),
    "es": _listed("""a ahí al algo algunos ante antes así aunque aún bajo cada como con contra cual cuando de del desde
        donde dos durante e el ella ellas ellos en entre era eran es esa esas ese eso esos está están esta
        estas este esto estos fue fueron ha había han hasta hay la las le les lo los mas me mi mientras muy
        más ni no nos o os otra otro para pero poco por porque pues que quién qué se sea según ser si sin
        sobre son su sus sí sólo tal también tan tanto te tiene tienen todo todos tras tu un una uno unos y
        ya yo él"""),
}
"""Function words in lower case, by BCP 47 primary tag. A missing language has none."""


def words(text: str) -> list[str]:
    """Return the words of a text in order, in lower case, including numbers.

    An apostrophe separates words. Scripts without spaces (Chinese, Japanese, Thai, Lao, Burmese, Khmer) give
    overlapping pairs of characters.
    """
    lower = text.lower()
    if text.isascii():
        return lower.translate(_ASCII_WORDS).split()
    if not compiled(_UNLIKE_LATIN).search(text):
        return compiled(_WORD).findall(lower)
    together = compiled(_WRITTEN_TOGETHER)
    found: list[str] = []
    for run in compiled(_WORD_OR_RUN).findall(lower):
        if together.match(run) and len(run) > 1:
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
        else:
            found.append(run)
    return found


def tokens_and_words(text: str) -> tuple[list[str], list[str]]:
    """Return what ``tokens`` and ``words`` give for a text. Together they take two thirds of the time."""
    if not text.isascii():
        for mark in MARKS:
            text = text.replace(mark, " ")
        if not text.isascii():
            return tokens(text), words(text)
    plain = text.translate(_ASCII_WORDS)
    return plain.split(), plain.lower().split()


def count_words(text: str) -> int:
    """Return the number of words. For scripts without spaces it is estimated from the characters."""
    if text.isascii() or not compiled(_UNSPACED).search(text):
        return len(text.split())
    ideographs = len(compiled(f"[{_IDEOGRAPHS}]").findall(text)) + text.count(_TSHEG)
    running = len(compiled(f"[{_RUNNING}]").findall(text))
    others = compiled(f"[{_RUNNING}{_IDEOGRAPHS}]").sub(" ", text).split()
    apart = sum(any(map(str.isalnum, word)) for word in others)
    return apart + ideographs // _IDEOGRAPHS_A_WORD + running // _RUNNING_A_WORD


def minutes_to_read(words: int) -> int:
    """Return how long so many words take to read, in whole minutes, at least 1."""
    return max(1, round(words / WORDS_A_MINUTE))


def tokens(text: str) -> list[str]:
    """Return the words of a text in order as written, in their original case. An apostrophe separates words."""
    return text.translate(_ASCII_WORDS).split() if text.isascii() else compiled(_WORD).findall(text)


def content_words(text: str, language: str = "en") -> list[str]:
    """Return the stems of a text's words without its stop words, in order, repeats kept."""
    return stems(words(text), language)


def stems(found: Iterable[str], language: str = "en") -> list[str]:
    """Return the stems of lower-case words without the stop words among them, in order, repeats kept."""
    return list(filter(None, map(_kept_stems(language).__getitem__, found)))


def stem(word: str, language: str = "en") -> str:
    """Return a lower-case word without its commonest endings.

    English, French, German and Spanish words lose plural and simple verb endings. In any other language a word is cut
    to its first six letters: truncation does nearly as well as a stemmer (McNamee and Mayfield, 2004).
    """
    return _STEMMERS.get(language, _TRUNCATED)[word]


def stems_by_word(language: str) -> Mapping[str, str]:
    """Return the stems of a language by word: what :func:`stem` gives, for any word that is asked for."""
    return _STEMMERS.get(language, _TRUNCATED)


@lru_cache(maxsize=16)
def _kept_stems(language: str) -> Memory[str]:
    """Return a cache of the stems of words; that of a stop word is empty."""
    stop, stemmed = STOP_WORDS.get(language, frozenset()), _STEMMERS.get(language, _TRUNCATED)
    return Memory(lambda word: "" if word in stop else stemmed[word], most=1 << 15)


def _remembering(stemmer: Callable[[str], str]) -> Memory[str]:
    """Return the stems of a stemmer with a cache. Words that are not all letters stay unchanged."""
    return Memory(lambda word: stemmer(word) if word.isalpha() else word, most=1 << 16)


def _truncated(word: str) -> str:
    return word[:6]


def _without(word: str, endings: tuple[str, ...], shortest: int) -> str:
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            return word[: -len(ending)]
    return word


def _english(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:  # noqa: PLR2004 - "ties" and "dies" stay
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = _without(word, ("s",), 3)
    return _without(word, ("ing", "ed", "ly", "e"), 4)


def _french(word: str) -> str:
    if word.endswith("aux") and len(word) > 5:  # noqa: PLR2004 - "eaux" stays
        return word[:-2] + "l"
    word = _without(word, ("s", "x"), 3)
    return _without(word, ("ement", "ée", "er", "é", "e"), 4)


def _german(word: str) -> str:
    folded = word.translate(_UMLAUTS)
    return _without(folded, ("ern", "em", "er", "en", "es", "e", "s", "n"), 4)


def _spanish(word: str) -> str:
    return _without(_without(word, ("es", "s"), 4), ("mente", "a", "o", "e"), 4)


_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_STEMMERS = {
    "en": _remembering(_english),
    "fr": _remembering(_french),
    "de": _remembering(_german),
    "es": _remembering(_spanish),
}
_TRUNCATED = _remembering(_truncated)
