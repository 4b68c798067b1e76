"""Is a text somebody's advertising? Only what its publisher says counts, in the marks that laws ask for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from urllib.parse import unquote, urlsplit

from digest.model.article import Article
from digest.text.folding import folded_words
from digest.text.patterns import compiled

ADVERTISING_TYPE = "AdvertiserContentArticle"
"""Of https://schema.org: an article that somebody pays for, or that is made in partnership with a sponsor."""
LABEL_WORDS = 5
"""A longer opening of a title is no label."""
_BRACKETED = r"^\s*[\[(\u3010\uff08\uff3b]([^\])\u3011\uff09\uff3d]{1,60})[\])\u3011\uff09\uff3d]"
_BRACKETED_END = r"[\[(\u3010\uff08\uff3b]([^\[(\u3010\uff08\uff3b]{1,60})[\])\u3011\uff09\uff3d]\s*$"
_BREAK = r"\s*[:\uff1a|\u2022\u00b7]\s*|\s+[-\u2013\u2014]\s+"


@cache
def _marks(strength: str) -> frozenset[str]:
    """Return the marks of one strength of ``advertorials.txt``, folded words with one space between."""
    lines = files("digest.text").joinpath("advertorials.txt").read_text(encoding="utf-8").splitlines()
    entries = (entry for line in lines if line.startswith(f"{strength}:") for entry in line.split()[1:])
    return frozenset(_plain(entry.replace("_", " ")) for entry in entries)


def _plain(text: str) -> str:
    return " ".join(folded_words(text))


def _says(text: str, *strengths: str) -> bool:
    plain = _plain(text)
    if any(plain in _marks(strength) for strength in strengths):
        return True
    return any(plain.startswith(f"{opening} ") for opening in _marks("opening")) and len(plain.split()) <= LABEL_WORDS


def _labels(title: str) -> Iterator[str]:
    """Yield the parts of a title that may be a label: the first before a break, and the last after one."""
    parts = [part for part in compiled(_BREAK).split(title.strip()) if part]
    if len(parts) > 1:
        yield from (part for part in (parts[0], parts[-1]) if len(part.split()) <= LABEL_WORDS)


def _in_brackets(title: str) -> Iterator[str]:
    for pattern in (_BRACKETED, _BRACKETED_END):
        found = compiled(pattern).search(title)
        if found:
            yield found[1]


def _folders(url: str) -> Iterator[str]:
    for folder in unquote(urlsplit(url).path).split("/")[1:-1]:
        yield folder.replace("-", " ").replace("_", " ")


def paid_mark(article: Article) -> str:
    """Return by what its publisher marks an article as advertising, in words; empty when nothing does.

    The marks are the sponsorship that extraction read from feed and page, the type AdvertiserContentArticle, a label
    of the title ("Sponsored: ...", "... (Advertorial)"), a section or category, and a folder of the address.
    """
    if ADVERTISING_TYPE in article.schema_types:
        return f"its page is of the type {ADVERTISING_TYPE}"
    labels = [text for text in _labels(article.title) if _says(text, "mark", "label")]
    labels += [text for text in _in_brackets(article.title) if _says(text, "mark", "label", "bracketed")]
    said = (
        *(f"its title says {text!r}" for text in labels),
        *(f"its section is {text!r}" for text in article.sections[:1] if _says(text, "mark", "section")),
        *(f"its section is {text!r}" for text in article.sections if _says(text, "mark")),
        *(f"its address lies in {text!r}" for text in _folders(article.link) if _says(text, "mark")),
    )
    return next(iter(said), "feed or page says that it is paid for" if article.sponsored else "")
