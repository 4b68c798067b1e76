"""The article pages of the invented papers as bytes, with the clutter of real pages."""

from __future__ import annotations

import json
from datetime import datetime
from html import escape
from string import Template

from digest.demo.drawings import HEIGHT, PATH, WIDTH
from digest.demo.press import Access, BlockKind, Paper, PressArticle, PressBlock

RELATED = 4
"""Number of links in the list under an article."""


def article_page(paper: Paper, article: PressArticle) -> bytes:
    """Return the article's page in its paper's layout. Every call returns the same bytes."""
    body = [_block(paper, block) for block in article.blocks]
    if article.access is Access.PAYWALLED:
        body.append(_fragment(paper, "paywall"))
    page = Template(paper.layout).substitute(
        title=escape(article.title),
        summary=escape(article.summary),
        author=escape(article.author),
        section=escape(article.section),
        paper=escape(paper.name),
        strapline=escape(paper.strapline),
        url=escape(paper.url(article)),
        feed=escape(paper.feed_path),
        published_iso=article.published.isoformat(),
        published=_clock_words(article.published),
        body="\n".join(body),
        related="\n".join(_related(paper, article)),
        comments="\n".join(_comment(paper, words) for words in article.comments),
        comment_count=len(article.comments),
        json_ld=_json_ld(paper, article),
    )
    return page.encode()


def _clock_words(moment: datetime) -> str:
    return f"{moment:%A} {moment.day} {moment:%B %Y}, {moment:%H:%M}"


def _fragment(paper: Paper, name: str, /, **values: str) -> str:
    return Template(paper.fragments[name]).substitute({key: escape(value) for key, value in values.items()}).strip()


def _block(paper: Paper, block: PressBlock) -> str:
    if block.kind is BlockKind.MORE:
        other = paper.by_slug(block.text)
        return _fragment(paper, "more", text=other.title, href=other.path)
    return _fragment(paper, block.kind.value, text=block.text, credit=block.credit, capitals=block.credit.upper())


def _related(paper: Paper, article: PressArticle) -> list[str]:
    """Return links to earlier articles only; later ones would change a page that is already published."""
    earlier = [other for other in paper.articles if other.published < article.published]
    return [_fragment(paper, "related", text=other.title, href=other.path) for other in earlier[:RELATED]]


def _comment(paper: Paper, words: str) -> str:
    name, _, said = words.partition(": ")
    return _fragment(paper, "comment", name=name, text=said)


def _json_ld(paper: Paper, article: PressArticle) -> str:
    """Return schema.org's NewsArticle, escaped for a script element."""
    facts: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "description": article.summary,
        "datePublished": article.published.isoformat(),
        "author": [{"@type": "Person", "name": article.author}],
        "publisher": {"@type": "NewsMediaOrganization", "name": paper.name},
        "mainEntityOfPage": paper.url(article),
        "isAccessibleForFree": article.access is not Access.PAYWALLED,
    }
    if article.drawing:
        facts["image"] = _picture(paper, article)
    return json.dumps(facts, ensure_ascii=False, indent=1).replace("<", "\\u003c")


def _picture(paper: Paper, article: PressArticle) -> dict[str, object]:
    """Return schema.org's ImageObject of the article's drawing, with the caption of its first figure."""
    figure = next((block for block in article.blocks if block.kind is BlockKind.FIGURE), None)
    return {
        "@type": "ImageObject",
        "url": f"{paper.base_url}{PATH}{article.drawing}.jpg",
        "width": WIDTH,
        "height": HEIGHT,
        "caption": figure.text if figure else "",
        "creditText": figure.credit if figure else "",
    }
