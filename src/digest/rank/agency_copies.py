"""Wire copies: publishers that print one agency's text share one vote, and the agency is credited."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from operator import itemgetter

from digest.model.article import Article
from digest.text.similarity import shingles

CHARACTERS = 2_000
"""How much of a text is compared: who prints an agency's text prints its beginning."""
_SIGNED_WITHIN = 160
"""Characters at the beginning and at the end of a text where an agency signs it."""
_AGENCIES = {
    "AP": "AP|Associated Press|The Associated Press",
    "Reuters": "Reuters|Thomson Reuters",
    "AFP": "AFP|Agence France-Presse|Agence France Presse",
    "dpa": "dpa|Deutsche Presse-Agentur",
    "EFE": "EFE|Agencia EFE",
    "ANSA": "ANSA",
    "PA Media": "PA Media|Press Association",
    "UPI": "UPI|United Press International",
    "Europa Press": "Europa Press",
    "APA": "APA",
    "Keystone-SDA": "Keystone-SDA|sda",
    "epd": "epd",
    "Belga": "Belga",
    "ANP": "ANP",
    "NTB": "NTB",
    "TT": "TT",
    "Ritzau": "Ritzau",
    "Lusa": "Lusa",
    "PAP": "PAP",
    "Kyodo": "Kyodo|Kyodo News",
    "Xinhua": "Xinhua",
    "Canadian Press": "The Canadian Press|Canadian Press",
}
"""Agency -> how bylines and datelines write it."""
LEAST_SHINGLES = 20
"""A shorter text says nothing about copying: two sentences are alike by chance, and it votes whole."""


@lru_cache(maxsize=256)
def _printed(opening: str) -> frozenset[int]:
    """Return the shingles of an opening; the parts of a story's score ask for the same ones one after another."""
    return shingles(opening)


def voices(told: Iterable[tuple[str, float]]) -> float:
    """Return how many independent tellings there are among texts, each given with the weight of its vote.

    A vote is spread evenly over its text's shingles, and a shingle that several print counts once, for the
    strongest: an exact copy adds nothing, one that adds a third of its own adds a third of a vote. One more text
    never lowers the sum.
    """
    votes = tuple(told)
    if len(votes) == 1:
        return votes[0][1]
    texts = [(_printed(text[:CHARACTERS]), weight) for text, weight in votes]
    whole = sum(weight for printed, weight in texts if len(printed) < LEAST_SHINGLES)
    long = [(weight / len(printed), printed) for printed, weight in texts if len(printed) >= LEAST_SHINGLES]
    counted: set[int] = set()
    for share, printed in sorted(long, key=itemgetter(0), reverse=True):  # the strongest counts a shingle first
        whole += share * len(printed - counted)
        counted |= printed
    return whole


def agency(article: Article) -> str:
    """Return the news agency whose text an article is: its only author, or in the brackets of a dateline; else empty.

    "LONDON (AP) — ", "(dpa)", "© 2026 AFP": in brackets or after a copyright sign, near the beginning or the end. An
    agency that the text merely cites ("told Reuters") wrote nothing.
    """
    if len(article.authors) == 1 and (known := _BY_NAME.get(article.authors[0].strip().casefold())):
        return known
    ends = f"{article.text[:_SIGNED_WITHIN]}\n{article.text[-_SIGNED_WITHIN:]}"
    signed = _SIGNATURE.search(ends)
    return _BY_NAME[signed["name"].casefold()] if signed else ""


_BY_NAME = {name.casefold(): agency_ for agency_, names in _AGENCIES.items() for name in names.split("|")}
_ANY = "|".join(sorted(map(re.escape, "|".join(_AGENCIES.values()).split("|")), key=len, reverse=True))
_CLOSED = r"[)\]/]|\s*$|\s*[-/\u2013\u2014]"
_SIGNATURE = re.compile(rf"(?:[(\[/]|©\s*(?:\d{{4}}\s+)?)(?P<name>{_ANY})(?:{_CLOSED})")
