"""What an article lacks, and which text is used instead, in the words of the run's report."""

from __future__ import annotations

from digest.model.article import MEDIA, Article, TextOrigin


def shortcoming(article: Article) -> str:
    """Return what a page withholds from readers, or the kind of article; empty when nothing is missing."""
    if article.sponsored:
        return "somebody paid for it"
    if article.paywalled:
        return "behind a paywall"
    return "" if article.origin is TextOrigin.PAGE else "the page shows too little of its text"


def lacks_by_nature(article: Article) -> bool:
    """Return whether nothing is wrong: the page is for subscribers, paid for, a video, a gallery or a live blog."""
    return article.paywalled or article.sponsored or article.kind in MEDIA


def served(article: Article) -> str:
    """Return which text is used for a page that did not give all of its text, or what becomes of an advertisement."""
    if article.sponsored:
        return "left out of editions that take no sponsored articles"
    match article.origin:
        case TextOrigin.PAGE:
            return "what the page shows"
        case TextOrigin.NONE:
            return "headline only"
        case _:
            return "the feed's own text"
