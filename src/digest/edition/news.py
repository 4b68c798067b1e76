"""Signs that a told story has news: a pure judgement of the headlines and openings that came since."""

from __future__ import annotations

import re

from digest.model.article import Article
from digest.model.edition import ToldStory
from digest.text.similarity import STOPWORDS, stem, terms

DOUBLED = 2
"""So many times the publishers of the telling are a sign by themselves."""
LEAST_PUBLISHERS = 4
"""Two outlets instead of one are no sign: coverage always arrives hours late."""
OPENING = 600
"""Characters of an article's text that are read for signs."""
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
WORD = re.compile(r"[^\W\d_]+(?:[-'\u2019][^\W\d_]+)*")
_DECISIVE_WORDS = """
dies died dead killed arrested charged indicted convicted acquitted sentenced jailed freed released resigns
resigned quits fired sacked ousted ruling ruled verdict overturned blocked signed approved passed rejected  vetoed
confirmed elected wins won loses lost collapsed crashed exploded evacuated recalled suspended cancelled  agreed deal
ceasefire found rescued surrendered apologised apologizes settled sues sued bankrupt closes  stirbt gestorben tot
getötet verhaftet festgenommen angeklagt verurteilt freigesprochen freigelassen  zurückgetreten rücktritt entlassen
urteil gewählt gewinnt einigung waffenruhe gefunden gerettet abgesagt  mort morte tué arrêté inculpé condamné
acquitté libéré démissionne démission limogé verdict élu accord annulé  muere murió muerto detenido acusado
condenado absuelto liberado dimite renuncia destituido fallo elegido acuerdo
"""
DECISIVE = frozenset(map(stem, _DECISIVE_WORDS.split()))
"""Words that decide, end or begin something, in English, German, French and Spanish."""


def grown(publishers: int, told: ToldStory) -> str:
    """Return in words that the coverage doubled since a telling; empty when it did not."""
    if publishers >= max(LEAST_PUBLISHERS, DOUBLED * told.publishers):
        return f"coverage grew from {told.publishers} to {publishers} publishers"
    return ""


def news_sign(article: Article, told: ToldStory) -> str:
    """Return the first sign of news in an article that came after a telling, in words; empty when there is none.

    Numbers, decisive words and names count, in the headline; what the telling already said is no sign.
    """
    said = " ".join((told.headline, *told.titles, *told.bullets, told.text))
    known_numbers, known_words = set(NUMBER.findall(said)), set(terms(said))
    for number in NUMBER.findall(article.title):
        if number not in known_numbers:
            return f"a new number, {number}"
    for word in WORD.findall(article.title):
        if stem(word) in DECISIVE and stem(word) not in known_words:
            return f"a decisive word, {word.lower()}"
    name = _new_name(article, known_words)
    return f"a new name, {name}" if name else ""


def _new_name(article: Article, known: set[str]) -> str:
    """Return a name of the headline that the telling does not hold; empty without one.

    A headline may capitalise every word, so a name must stand with its capital inside a sentence of the text.
    """
    inside = {match.group(1) for match in re.finditer(r"[^\W\d_,;:]\s+([^\W\d_]+)", article.text[:OPENING])}
    for word in WORD.findall(article.title):
        bare = re.split(r"['\u2019]", word)[0]
        if bare[:1].isupper() and bare in inside and bare.casefold() not in STOPWORDS and stem(bare) not in known:
            return bare
    return ""
