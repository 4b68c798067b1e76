"""The archive: letters as they were sent, by month, a search of their text, and a feed of each edition."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from http import HTTPStatus

from digest.errors import ItemSetAside
from digest.model.letter import picture_type
from digest.model.quarantine import ItemKind
from digest.pipeline.editions.published import (
    Issue,
    as_read,
    card_of,
    issue_of,
    latest_issues,
    letter_page,
    month_of,
    search,
)
from digest.pipeline.quarantine import watching
from digest.pipeline.runtime import Runtime
from digest.render.catalogue import catalogue
from digest.render.headers import feed_tag
from digest.render.links import archive_link, site_base
from digest.web.oembed import archived_key, key_of, preview_of
from digest.web.pages import Pages
from digest.web.security import content_policy
from digest.web.visit import BY_LANGUAGE, PageAnswer, Visit, kept

LETTER_POLICY = content_policy({"style-src": "'unsafe-inline'", "img-src": "'self'"})
"""Content-Security-Policy of an archived letter. A letter has inline styles, as mail programs require, and no
scripts."""
IN_A_FEED = 20
LETTERS_KEPT = timedelta(hours=1)
LISTS_KEPT = timedelta(minutes=5)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of the last change in the feed of an edition that was never sent."""


class ArchivePages:
    """Shows sent letters, the lists of them, and their pictures."""

    def __init__(self, runtime: Runtime, pages: Pages) -> None:
        self._runtime = runtime
        self._pages = pages

    def letter(self, visit: Visit) -> PageAnswer:
        """Show a letter as it was sent, without personal data and links of a reader."""
        key = key_of(visit.places["name"], visit.places["date"])
        html = letter_page(self._runtime, key) if key else None
        if html is None:
            return self._pages.trouble(visit, HTTPStatus.NOT_FOUND)
        headers = (("Content-Security-Policy", LETTER_POLICY),)
        return kept(visit, PageAnswer(body=html.encode(), headers=headers), LETTERS_KEPT)

    def card(self, visit: Visit) -> PageAnswer:
        """Return the preview picture of a letter for social networks and messengers."""
        key = key_of(visit.places["name"], visit.places["date"])
        data = card_of(self._runtime, key) if key else None
        if data is None:
            return self._pages.trouble(visit, HTTPStatus.NOT_FOUND)
        headers = (("Cross-Origin-Resource-Policy", "cross-origin"),)
        return kept(visit, PageAnswer(body=data, kind="image/png", headers=headers), LETTERS_KEPT)

    def oembed(self, visit: Visit) -> PageAnswer:
        """Return the description of a letter's page, for sites that show a preview of it (oEmbed 1.0, type "link")."""
        if visit.asked("format") not in {"", "json"}:
            return PageAnswer(body=b"Only JSON.\n", status=HTTPStatus.NOT_IMPLEMENTED, kind="text/plain; charset=utf-8")
        key = archived_key(visit.asked("url"), self._runtime.settings.site)
        issue = issue_of(self._runtime, key) if key else None
        if issue is None:
            return self._pages.trouble(visit, HTTPStatus.NOT_FOUND)
        most = tuple(_number(visit.asked(name)) for name in ("maxwidth", "maxheight"))
        body = json.dumps(preview_of(issue, self._runtime.settings.site, most), ensure_ascii=False).encode()
        headers = (("Access-Control-Allow-Origin", "*"),)
        return kept(visit, PageAnswer(body=body, kind="application/json+oembed", headers=headers), LETTERS_KEPT)

    def index(self, visit: Visit) -> PageAnswer:
        """Show the letters of a month, or the results of a search."""
        query = visit.asked("q")
        if query:
            found = search(self._runtime, query, _number(visit.asked("after")))
            page = self._pages.show("search.html", visit, headers=BY_LANGUAGE, query=query, found=found)
            return kept(visit, page, LISTS_KEPT)
        wanted = _date(f"{visit.asked('month')}-01")
        if visit.asked("month") and (wanted is None or wanted.year == MAXYEAR):
            return self._pages.trouble(visit, HTTPStatus.NOT_FOUND)
        month, editions = month_of(self._runtime, wanted), self._runtime.settings.editions
        page = self._pages.show("archive.html", visit, headers=BY_LANGUAGE, query="", month=month, editions=editions)
        return kept(visit, page, LISTS_KEPT)

    def feed(self, visit: Visit) -> PageAnswer:
        """Return the Atom feed of an edition (RFC 4287) with the full text of its newest letters."""
        name, settings = visit.places["name"], self._runtime.settings
        plan = settings.editions.get(name)
        issues = latest_issues(self._runtime, IN_A_FEED, name)
        if plan is None and not issues:
            return self._pages.trouble(visit, HTTPStatus.NOT_FOUND)
        entries = tuple(self._entries(visit, issues))
        feed = self._pages.fill(
            "feed.xml",
            visit,
            title=plan.title if plan else issues[0].edition.title,
            language=issues[0].edition.language if issues else plan.language if plan else "",
            base=site_base(settings.site),
            called=name,
            tag=feed_tag(settings.mail),
            updated=max((issue.updated for issue in issues), default=NEVER),
            entries=entries,
        )
        return kept(visit, PageAnswer(body=feed.encode(), kind="application/atom+xml; charset=utf-8"), LISTS_KEPT)

    def _entries(self, visit: Visit, issues: Iterable[Issue]) -> Iterator[tuple[Issue, str, str]]:
        """Yield each sent letter (issue) with its URL and its HTML. Letters at which the program fails are left out."""
        runtime = self._runtime
        with watching(runtime, "archive") as watch:
            for issue in issues:
                key = issue.edition.key
                with suppress(ItemSetAside), watch.item(ItemKind.ISSUE, str(key), str(key).encode()):
                    yield issue, archive_link(runtime.settings.site, key), self._entry(visit, issue)

    def _entry(self, visit: Visit, issue: Issue) -> str:
        brand = self._runtime.settings.brand
        words, letter = catalogue(issue.edition.language, brand.templates), as_read(self._runtime, issue)
        return self._pages.fill(
            "feed_entry.html", visit, letter=letter, corrections=issue.corrections, letter_words=words
        )

    def picture(self, visit: Visit) -> PageAnswer:
        """Return a picture of a letter. Mail programs show it. Its name is a hash of its bytes, so it never changes."""
        data = self._runtime.stores.pictures.data(visit.places["name"])
        if data is None:
            return self._pages.trouble(visit, HTTPStatus.NOT_FOUND)
        headers = (("Cross-Origin-Resource-Policy", "cross-origin"),)
        return kept(visit, PageAnswer(body=data, kind=picture_type(data), headers=headers), timedelta(days=365))


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-11-23") else None
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004 - fits 32 bits
