from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from digest.extract.article import extract
from digest.model.article import Article, Page
from digest.model.ids import SourceId
from digest.model.source import FeedEntry

PARAGRAPHS = tuple(
    """The ferry between Port Ellen and the mainland will sail again from Monday, the harbour board said on Sunday,
after eleven weeks in which the island was cut off from its only market.

Engineers replaced both propeller shafts and tested the repaired vessel in rough weather for three days, according to
the board's chief, Morag Sinclair, who called the result a relief for everyone.

“We know what these weeks have cost our farmers,” she told a crowded meeting in the village hall, where several speakers
asked why no second ship had been chartered.

The regional government has promised two million crowns for the losses, and a decision about a second ship is expected
before the summer season begins in June.""".replace("\n\n", "\0")
    .replace("\n", " ")
    .split("\0")
)


@dataclass(frozen=True)
class Press:
    """An invented paper: makes pages and entries, and reads them."""

    now: datetime = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    url: str = "https://www.harbour-courier.example/news/ferry-line-returns"
    title: str = "Ferry line returns"
    paragraphs: tuple[str, ...] = PARAGRAPHS

    def html(self, above: str = "", below: str = "", head: str = "", paragraphs: tuple[str, ...] = PARAGRAPHS) -> str:
        text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        return (
            f"<!doctype html><html lang='en'><head><title>{self.title} | Harbour Courier</title>{head}</head><body>"
            f"<nav><a href='/'>Home</a> <a href='/news'>News</a></nav><main><article><h1>{self.title}</h1>{above}"
            f"<div class='article-body'>{text}{below}</div></article></main><footer>Imprint</footer></body></html>"
        )

    def page(self, html: str) -> Page:
        return Page(url=self.url, html=html, fetched_at=self.now)

    def entry(self, title: str = "Ferry line returns", summary: str = "", content: str = "") -> FeedEntry:
        return FeedEntry(
            source_id=SourceId(7),
            url=self.url,
            link=f"{self.url}?from=feed",
            title=title,
            summary=summary,
            content=content,
            position=3,
            seen_at=self.now,
        )

    def read(self, html: str, entry: FeedEntry | None = None, furniture: frozenset[str] = frozenset()) -> Article:
        return extract(self.page(html), entry or self.entry(), furniture)

    def at(self, page: Page, entry: FeedEntry) -> Article:
        return extract(page, entry)


@pytest.fixture
def press() -> Press:
    return Press()
