"""Reads who wrote an article from meta tags and from marked elements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from lxml.html import HtmlElement

from digest.extract.heading import may_be_name, signed
from digest.extract.markup import squeezed

MOST_MARKED = 12
"""Marked elements that are read. Later ones name the authors of other articles."""
LONGEST_BYLINE = 100
"""Characters. A longer text is a biography."""

_TAGS = (
    "author", "article:author", "og:article:author", "parsely-author", "sailthru.author", "byl", "dc.creator",
    "dcterms.creator", "cxenseparse:author", "dcsext.author", "citation_author",
)  # fmt: skip
_LABELS = frozenset(
    {"written by", "by", "author", "verfasst von", "geschrieben von", "écrit par", "escrito por", "scritto da"}
)
_MARKED = """.//body//*[contains(@rel, 'author') or contains(@itemprop, 'author') or contains(@class, 'author')
    or contains(@class, 'byline') or contains(@class, 'autor') or contains(@id, 'author')]
    [not(contains(@class, 'comment')) and not(ancestor::aside) and not(ancestor::footer)]"""
_AUTHORS_PAGE = re.compile(
    r"/(?:authors?|autor(?:en|es|in)?|auteurs?|autore|contributors?|writers?|journalists?)/[^/?#]"
)
_INVITATION = re.compile(r"(?:more|all|view|read|see|about|posts?|articles?)\b", re.IGNORECASE)


def tagged_authors(tags: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the authors that meta tags name: first author tags, then values beside a label for authors.

    Blogs write such labels for the cards of social sites (``twitter:label1``, ``twitter:data1``).
    """
    labelled = zip(tags.get("twitter:label1", ()), tags.get("twitter:data1", ()), strict=False)
    named = [value for key in _TAGS for value in tags.get(key, ())]
    return named + [value for label, value in labelled if label.lower() in _LABELS]


def marked_authors(tree: HtmlElement) -> Iterator[str]:
    """Yield the short texts of elements that are marked as an author's name, in document order."""
    for element in tree.xpath(_MARKED)[:MOST_MARKED]:
        said = [text for text in map(squeezed, element.itertext()) if text]
        if sum(map(len, said)) <= LONGEST_BYLINE:
            alone = said[0] if said and may_be_name(said[0]) else ""  # without the role or date after it
            yield "; ".join(signed(said)) or alone or " ".join(said)


def linked_authors(tree: HtmlElement) -> Iterator[str]:
    """Yield the texts of links to pages about an author, in document order."""
    for link in tree.iter("a"):
        if _AUTHORS_PAGE.search((link.get("href") or "").lower()):
            text = squeezed("".join(link.itertext()))
            if may_be_name(text) and not _INVITATION.match(text):
                yield text
