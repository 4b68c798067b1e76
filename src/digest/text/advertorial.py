"""Decides whether a text is advertising. Only the publisher's own labels count, which laws require.

No news may be left out as advertising, so a label with another meaning counts only where that meaning is unlikely.
"Anzeige" is also a German criminal complaint, and a word before a colon may be a topic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from urllib.parse import unquote, urlsplit

from digest.model.article import Article
from digest.text.folding import folded, folded_words
from digest.text.patterns import compiled

ADVERTISING_TYPE = "AdvertiserContentArticle"
"""A type of https://schema.org: an article that is paid for, or made in partnership with a sponsor."""
LABEL_WORDS = 5
"""The opening of a title with more words is not a label."""
OPENING = 600
"""Characters of a text that are searched for the words of a criminal complaint."""
_ROUND = r"^\s*[(\uff08]([^)\uff09]{1,60})[)\uff09]", r"[(\uff08]([^(\uff08]{1,60})[)\uff09]\s*$"
_SQUARE = (
    r"^\s*[\[\u3010\uff3b]([^\]\u3011\uff3d]{1,60})[\]\u3011\uff3d]",
    r"[\[\u3010\uff3b]([^\[\u3010\uff3b]{1,60})[\]\u3011\uff3d]\s*$",
)
_BREAK = r"\s*[:\uff1a|\u2022\u00b7]\s*|\s+[-\u2013\u2014]\s+"
_BAR = r"\s*\|\s*"


@cache
def _marks(strength: str) -> frozenset[str]:
    """Return the phrases of one strength in ``advertorials.txt``: case-folded words, separated by one space."""
    lines = files("digest.text").joinpath("advertorials.txt").read_text(encoding="utf-8").splitlines()
    entries = (entry for line in lines if line.startswith(f"{strength}:") for entry in line.split()[1:])
    return frozenset(_plain(entry.replace("_", " ")) for entry in entries)


@cache
def _openings() -> tuple[str, ...]:
    """Return the marks with which a label begins, each with the space after it."""
    return tuple(f"{opening} " for opening in _marks("opening"))


def _plain(text: str) -> str:
    return " ".join(folded_words(text))


def _says(text: str, *strengths: str) -> bool:
    plain = _plain(text)
    if any(plain in _marks(strength) for strength in strengths):
        return True
    return plain.startswith(_openings()) and len(plain.split()) <= LABEL_WORDS


def is_label(text: str) -> bool:
    """Return whether a short text beside a heading says explicitly that the article was paid for."""
    return _says(text, "mark")


def is_kicker(text: str) -> bool:
    """Return whether a short text has a label that is also above banners, such as "Advertisement"."""
    return _says(text, "mark", "section", "kicker")


def tells_of_complaint(*texts: str) -> bool:
    """Return whether texts are about a criminal complaint, by words with which no advertisement begins."""
    said = " ".join(folded(text[:OPENING]) for text in texts) + " "
    return any(f" {word} " in said for word in _marks("otherwise"))


def _title_labels(title: str) -> Iterator[str]:
    """Yield the parts of a title that label it as advertising.

    The last part is a label only after a bar: "Drunk at the wheel: Anzeige" reports a criminal complaint.
    """
    parts = [part for part in compiled(_BREAK).split(title.strip()) if part]
    if len(parts) > 1:
        yield from (part for part in parts[:1] if _says(part, "mark", "label"))
        behind_bar = parts[-1] in compiled(_BAR).split(title.strip())[1:]
        yield from (part for part in parts[-1:] if _says(part, "mark", *(("label",) if behind_bar else ())))
    for patterns, more in ((_ROUND, ()), (_SQUARE, ("square",))):
        found = filter(None, (compiled(pattern).search(title) for pattern in patterns))
        yield from (match[1] for match in found if _says(match[1], "mark", "label", "bracketed", *more))


def _folders(link: str) -> list[str]:
    return [folder.replace("-", " ").replace("_", " ") for folder in unquote(urlsplit(link).path).split("/")[1:-1]]


def _said(titles: Iterable[str], sections: Sequence[str], links: Iterable[str], *, doubtful: bool) -> Iterator[str]:
    """Yield a description of each mark. ``doubtful`` includes the marks with another meaning."""
    for title in titles:
        yield from (f"its title says {text!r}" for text in _title_labels(title) if doubtful or _says(text, "mark"))
    if doubtful:
        yield from (f"its section is {name!r}" for name in sections[:1] if _says(name, "section"))
    yield from (f"its section is {name!r}" for name in sections if _says(name, "mark"))
    for folders in map(_folders, links):
        if doubtful:
            yield from (f"its address lies in {name!r}" for name in folders[:1] if _says(name, "section"))
        yield from (f"its address lies in {name!r}" for name in folders if _says(name, "mark"))


def mark_of(
    titles: Sequence[str],
    sections: Sequence[str],
    schema_types: Iterable[str],
    links: Iterable[str],
    text: str = "",
) -> str:
    """Return a description of the mark that labels a text as advertising; empty when there is none.

    Marks are the type AdvertiserContentArticle, a label in a title ("Sponsored: ...", "... (Advertorial)"), a section
    or category, and a folder of the address. The opening of ``text`` shows what a doubtful mark means.
    """
    if ADVERTISING_TYPE in schema_types:
        return f"its page is of the type {ADVERTISING_TYPE}"
    marked = next(_said(titles, sections, links, doubtful=True), "")
    if marked and tells_of_complaint(*titles, text):
        return next(_said(titles, sections, links, doubtful=False), "")
    return marked


def paid_mark(article: Article) -> str:
    """Return a description of the mark with which the publisher labels an article as advertising; empty without one.

    Marks are those of ``mark_of``, and those that extraction found in feed and page.
    """
    said = mark_of((article.title,), article.sections, article.schema_types, (article.link,), article.text)
    return said or ("feed or page says that it is paid for" if article.sponsored else "")
