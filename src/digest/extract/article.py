"""Page -> Article: the one door to trafilatura, and what serves when a page does not."""

from __future__ import annotations

import hashlib
import logging
import re

import trafilatura
from lxml.html import HtmlElement

from digest.errors import Unreadable
from digest.extract.clean import clean
from digest.extract.language import identify
from digest.extract.markup import parse
from digest.extract.metadata import Metadata, read_metadata, urlsplit_or_none
from digest.model import Article, ArticleId, ArticleKind, FeedEntry, Page, TextOrigin

SHORTEST_TEXT = 250
"""Characters; a page with less is a stub: a teaser, a wall, or a video with a caption."""
SHORTEST_FEED_TEXT = 80
"""Characters; a summary with less holds no sentence worth a bullet."""

_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
# What it logs for a hostile page is in our own reason already, and would drown the run's report.


def article_id(url: str, title: str, text: str) -> ArticleId:
    """Return the identity of one version of an article: another text at the same URL is another version."""
    digest = hashlib.sha256()
    for part in (url, title, text):
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return ArticleId(digest.hexdigest())


def count_words(text: str) -> int:
    """Return the number of words; two characters of a script without spaces count as one word."""
    unspaced = len(_UNSPACED.findall(text))
    return len(_WORD.findall(_UNSPACED.sub(" ", text))) + unspaced // 2


def extract(
    page: Page, entry: FeedEntry, furniture: frozenset[str] = frozenset(), language_hint: str | None = None
) -> Article:
    """Return the article that stands on a page, or the feed's own text where that serves better.

    Args:
        page: the fetched page; dates are checked against its ``fetched_at``.
        entry: how the source announced it; says what the page leaves unsaid (title, author, date).
        furniture: fingerprints of the host's furniture lines (see ``furniture``).
        language_hint: what the operator says the source writes; wins over the page's own declaration.

    Raises:
        Unreadable: the page is hostile or empty, and the feed has no text either.
    """
    tree = parse(page.html, page.url)
    found = read_metadata(tree, page.url, page.fetched_at)
    lines = clean(_lines(tree, page.url), found.title or entry.title, furniture)
    text = "\n\n".join(lines)
    stub = len(text) < SHORTEST_TEXT
    feed_text, origin = _feed_text(entry)
    if (stub or found.paywalled) and len(feed_text) > len(text):
        text, stub = feed_text, False
    elif not text:
        raise Unreadable(page.url, "there is no text on the page, and none in the feed")
    else:
        origin = TextOrigin.PAGE
    return _article(entry, found, text, origin, stub=stub, language_hint=language_hint, page_url=page.url)


def from_feed(entry: FeedEntry, language_hint: str | None = None) -> Article:
    """Return the article as far as its feed tells it, for a page that is gone, forbidden or unreadable.

    The origin is NONE, and the text empty, when the feed has no text long enough to serve.
    """
    text, origin = _feed_text(entry)
    return _article(entry, Metadata(), text, origin, stub=not text, language_hint=language_hint, page_url=entry.link)


def _feed_text(entry: FeedEntry) -> tuple[str, TextOrigin]:
    candidates = ((entry.content, TextOrigin.FEED_CONTENT), (entry.summary, TextOrigin.FEED_SUMMARY))
    text, origin = max(candidates, key=lambda c: len(c[0]))
    text = "\n\n".join(clean(text.split("\n\n"), entry.title)).strip()
    return (text, origin) if len(text) >= SHORTEST_FEED_TEXT else ("", TextOrigin.NONE)


def _lines(tree: HtmlElement, url: str) -> list[str]:
    """Return what trafilatura takes for the text, a paragraph each."""
    try:
        document = trafilatura.bare_extraction(tree, url=url, include_comments=False)
    except MemoryError:
        raise
    except Exception as error:  # the library's own errors have no common root, and hostile pages find new ones
        raise Unreadable(url, f"the extractor failed ({type(error).__name__}: {error})"[:300]) from error
    text = getattr(document, "text", None) or ""
    return [line for line in map(str.strip, text.splitlines()) if line]


def _article(
    entry: FeedEntry,
    found: Metadata,
    text: str,
    origin: TextOrigin,
    *,
    stub: bool,
    language_hint: str | None,
    page_url: str,
) -> Article:
    title = found.title or entry.title
    url = found.canonical or entry.url
    kind = ArticleKind.STUB if stub and found.kind is ArticleKind.ARTICLE else found.kind
    return Article(
        id=article_id(url, title, text),
        source_id=entry.source_id,
        url=url,
        link=entry.link,
        title=title,
        text=text,
        language=identify(text or title, language_hint or found.language),
        origin=origin,
        first_seen=entry.seen_at,
        kind=kind,
        paywalled=found.paywalled,
        subtitle=found.subtitle,
        authors=found.authors or ((entry.author,) if entry.author else ()),
        published=found.published or entry.published,
        updated=found.updated,
        site_name=found.site_name or (urlsplit_or_none(page_url) or ("", ""))[0],
        image=found.image,
        word_count=count_words(text),
        method=_method(origin, found),
        position=entry.position,
    )


def _method(origin: TextOrigin, found: Metadata) -> str:
    text = "trafilatura" if origin is TextOrigin.PAGE else origin.value
    return " ".join((f"text={text}", *(f"{name}={source}" for name, source in found.sources)))
