"""The feeds of the invented papers as bytes, in the three formats that real papers use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape

from digest.demo.press import FeedFormat, Paper, PressArticle

CONTENT_TYPES = {
    FeedFormat.RSS: "application/rss+xml; charset=utf-8",
    FeedFormat.ATOM: "application/atom+xml; charset=utf-8",
    FeedFormat.JSON: "application/feed+json; charset=utf-8",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listing:
    """One entry of a feed: an article, with the link that the feed gives for it."""

    article: PressArticle
    link: str
    title_html: str


def feed(paper: Paper, now: datetime) -> bytes:
    """Return the paper's feed at ``now``: the articles published by then, newest first."""
    listings = tuple(_listings(paper, now))
    match paper.feed_format:
        case FeedFormat.RSS:
            text = _rss(paper, listings)
        case FeedFormat.ATOM:
            text = _atom(paper, listings, now)
        case FeedFormat.JSON:
            text = _json(paper, listings)
    return text.encode()


def _listings(paper: Paper, now: datetime) -> Iterator[_Listing]:
    for article in paper.published_by(now):
        url = paper.url(article)
        link = f"{url}?{article.feed_query}" if article.feed_query else url
        title_html = article.feed_title_html or escape(article.title, quote=False)
        yield _Listing(article=article, link=link, title_html=title_html)
        if article.listed_twice:
            yield _Listing(article=article, link=url, title_html=title_html)


def _rss(paper: Paper, listings: tuple[_Listing, ...]) -> str:
    """Return RSS 2.0 as content systems write it: titles and descriptions are escaped markup."""
    items = "".join(
        f"""
  <item>
   <title>{escape(listing.title_html)}</title>
   <link>{escape(listing.link)}</link>
   <guid isPermaLink="false">{escape(paper.key)}:{escape(listing.article.slug)}</guid>
   <dc:creator>{escape(listing.article.author)}</dc:creator>
   <category>{escape(listing.article.section)}</category>
   <pubDate>{format_datetime(listing.article.published)}</pubDate>
   <description><![CDATA[<p>{escape(listing.article.summary)}</p>]]></description>
  </item>"""
        for listing in listings
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
 <channel>
  <title>{escape(paper.name)}</title>
  <link>{escape(paper.base_url)}/</link>
  <description>{escape(paper.strapline)}</description>
  <language>en-GB</language>{items}
 </channel>
</rss>
"""


def _atom(paper: Paper, listings: tuple[_Listing, ...], now: datetime) -> str:
    """Return Atom (RFC 4287); ``updated`` is the newest entry's time, or ``now`` in an empty feed."""
    updated = max((listing.article.published for listing in listings), default=now)
    entries = "".join(
        f"""
 <entry>
  <title type="html">{escape(listing.title_html)}</title>
  <link rel="alternate" type="text/html" href="{escape(listing.link)}"/>
  <id>tag:{escape(paper.host)},2026:{escape(listing.article.slug)}</id>
  <author><name>{escape(listing.article.author)}</name></author>
  <category term="{escape(listing.article.section)}"/>
  <published>{listing.article.published.isoformat()}</published>
  <updated>{listing.article.published.isoformat()}</updated>
  <summary type="html">&lt;p&gt;{escape(escape(listing.article.summary))}&lt;/p&gt;</summary>
 </entry>"""
        for listing in listings
    )
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB">
 <title>{escape(paper.name)}</title>
 <subtitle>{escape(paper.strapline)}</subtitle>
 <id>tag:{escape(paper.host)},2026:feed</id>
 <link rel="self" href="{escape(paper.feed_url)}"/>
 <updated>{updated.isoformat()}</updated>{entries}
</feed>
"""


def _json(paper: Paper, listings: tuple[_Listing, ...]) -> str:
    """Return JSON Feed 1.1 (jsonfeed.org); its titles are plain text."""
    items = [
        {
            "id": f"{paper.key}/{listing.article.slug}",
            "url": listing.link,
            "title": listing.article.title,
            "summary": listing.article.summary,
            "content_html": f"<p>{escape(listing.article.summary)}</p>",
            "date_published": listing.article.published.isoformat(),
            "authors": [{"name": listing.article.author}],
            "tags": [listing.article.section],
        }
        for listing in listings
    ]
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": paper.name,
        "description": paper.strapline,
        "home_page_url": f"{paper.base_url}/",
        "feed_url": paper.feed_url,
        "language": "en-GB",
        "items": items,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
