"""Agency copies: publishers that print one agency's text share one vote, and the agency is credited."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from operator import itemgetter

from digest.model.article import Article
from digest.text.similarity import shingles

CHARACTERS = 2_000
"""Number of characters compared: all publishers of an agency's text print its beginning."""
_SIGNED_WITHIN = 160
"""An agency signs a text within this many characters of its beginning or its end."""
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
"""Agency -> its forms in bylines and datelines, separated by ``|``."""
LEAST_SHINGLES = 20
"""A shorter text cannot prove copying: two sentences can be alike by chance. Its vote counts in full."""


@lru_cache(maxsize=256)
def _printed(opening: str) -> frozenset[int]:
    """Return the shingles of an opening; cached, since the parts of a score ask for the same ones repeatedly."""
    return shingles(opening)


def voices(told: Iterable[tuple[str, float]]) -> float:
    """Return the number of independent texts, each given with the weight of its vote.

    A vote is spread evenly over the shingles of its text. A shingle in several texts counts once, with the highest
    weight. So an exact copy adds nothing, and a text with one third of new shingles adds a third of a vote. One more
    text never lowers the sum.
    """
    votes = tuple(told)
    if len(votes) == 1:
        return votes[0][1]
    texts = [(_printed(text[:CHARACTERS]), weight) for text, weight in votes]
    whole = sum(weight for printed, weight in texts if len(printed) < LEAST_SHINGLES)
    long = [(weight / len(printed), printed) for printed, weight in texts if len(printed) >= LEAST_SHINGLES]
    counted: set[int] = set()
    for share, printed in sorted(long, key=itemgetter(0), reverse=True):  # the strongest text counts a shingle first
        whole += share * len(printed - counted)
        counted |= printed
    return whole


def agency(article: Article) -> str:
    """Return the news agency that wrote an article, by its only author or by a signature; else empty.

    A signature is in brackets or after a copyright sign, near the beginning or the end: "LONDON (AP) — ", "(dpa)", "©
    2026 AFP". An agency that the text merely quotes ("told Reuters") did not write it.
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
