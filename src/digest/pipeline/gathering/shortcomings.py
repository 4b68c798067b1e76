"""What an article lacks, and which text is used instead, as text for the report of a fetch."""

from __future__ import annotations

from digest.model.article import MEDIA, Article, TextOrigin


def shortcoming(article: Article) -> str:
    """Return what the page of an article does not give, or the kind of article; empty when nothing is missing."""
    if article.sponsored:
        return "somebody paid for it"
    if article.paywalled:
        return "behind a paywall"
    return "" if article.origin is TextOrigin.PAGE else "the page shows too little of its text"


def lacks_by_nature(article: Article) -> bool:
    """Return whether the article lacks text although nothing went wrong.

    The page is for subscribers, paid for, a video, a gallery or a live blog.
    """
    return article.paywalled or article.sponsored or article.kind in MEDIA


def served(article: Article) -> str:
    """Return which text is used when a page did not give all of it, or what happens to an advertisement."""
    if article.sponsored:
        return "left out of editions that take no sponsored articles"
    match article.origin:
        case TextOrigin.PAGE:
            return "what the page shows"
        case TextOrigin.NONE:
            return "headline only"
        case _:
            return "the feed's own text"
