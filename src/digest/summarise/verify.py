"""Checks that a bullet is word for word in its article, at the place that it gives."""

from __future__ import annotations

from digest.model.article import Article
from digest.model.story import Bullet
from digest.summarise.passage import resolve


def verify(bullet: Bullet, article: Article) -> str | None:
    """Return what is wrong with a bullet, or None when it is right.

    A bullet is right when it names this version of the article, its text is the article's text at its offsets, and its
    link leads to that passage.
    """
    if bullet.article_id != article.id:
        return f"it names the article {bullet.article_id}, not {article.id}"
    if not 0 <= bullet.start < bullet.end <= len(article.text):
        return f"its offsets {bullet.start}-{bullet.end} lie outside the article's {len(article.text)} characters"
    if article.text[bullet.start : bullet.end] != bullet.text:
        return f"the article says something else at {bullet.start}-{bullet.end}"
    if bullet.fragment and resolve(article.text, bullet.fragment) != (bullet.start, bullet.end):
        return "its text fragment leads to another passage"
    return None
