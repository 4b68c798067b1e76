"""Extracts an article from a page, or from the feed if the page does not serve."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime

from digest.errors import Unreadable, Wordless
from digest.extract.addresses import host_and_path
from digest.extract.blocks import PageLayout, layout
from digest.extract.clean import clean, without_credit
from digest.extract.credits import is_credit
from digest.extract.embeds import drop_short_links
from digest.extract.evidence import Known
from digest.extract.hidden import drop_hidden, drop_reserved
from digest.extract.identity import is_elsewhere, is_stand_in
from digest.extract.inline import join_inline
from digest.extract.kinds import is_wall, kind_of
from digest.extract.language import identify
from digest.extract.live import with_updates
from digest.extract.markup import drop_machinery, parse
from digest.extract.metadata import Metadata, read_metadata
from digest.extract.notices import is_offer, is_walled, own_text
from digest.extract.publication import publication
from digest.extract.repeated_lines import fingerprint
from digest.extract.running_text import LONGEST_TEXT, paragraphs
from digest.extract.sections import named_once
from digest.extract.sponsored import is_labelled
from digest.extract.title_choice import chosen
from digest.extract.vocabulary import is_notice
from digest.model.article import MEDIA, Article, ArticleKind, Page, TextOrigin
from digest.model.ids import ArticleId
from digest.model.source import FeedEntry
from digest.text.advertorial import mark_of
from digest.text.title import site_names, without_site
from digest.text.words import count_words

SHORTEST_FEED_TEXT = 80
"""Characters. A shorter summary holds no sentence that is fit for a bullet."""

LONGEST_OPENING = 1_500
"""Characters. A longer text is not the opening of a paywalled article, even beside an offer to subscribe."""

_WALL_NAMES = re.compile(
    r"(?:pay|reg|login|sub|premium|meter(?:ed)?)-?_?wall|paid-?(?:barrier|content-?box)|abo-?(?:box|wall)"
)
"""Class names and ids of elements that publishing systems show in place of the rest of a text."""
LESS_THAN_ARTICLES = frozenset({ArticleKind.STUB, ArticleKind.VIDEO, ArticleKind.GALLERY})
"""Kinds of pages for which the feed's text is used if it is longer."""


def article_id(url: str, title: str, text: str) -> ArticleId:
    """Return the identity of one version of an article. A changed text at the same URL gives another identity."""
    digest = hashlib.sha256()
    for part in (url, title, text):
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return ArticleId(digest.hexdigest())


def renamed(article: Article, url: str) -> Article:
    """Return the article with ``url`` as its address, and the identity that follows from it."""
    return replace(article, url=url, id=article_id(url, article.title, article.text))


def extract(
    page: Page, entry: FeedEntry, furniture: frozenset[str] = frozenset(), language_hint: str | None = None
) -> Article:
    """Return the article of a page, or the feed's own text where that serves better.

    Args:
        page: The fetched page; dates are checked against its ``fetched_at``.
        entry: The entry of the source. It supplies what the page does not say (title, author, date).
        furniture: Fingerprints of lines that repeat on the host's pages (see ``repeated_lines``).
        language_hint: The source's language in the settings; it overrides the page's own declaration.

    Raises:
        Unreadable: The page is hostile or empty, and the feed has no text either.
    """
    tree = parse(page.html, page.url)
    found = read_metadata(tree, page.url, page.fetched_at)
    drop_machinery(tree)
    drop_reserved(tree)
    drop_hidden(tree)
    drop_short_links(tree)
    join_inline(tree)
    shown = layout(tree)
    given = paragraphs(tree, shown, page.url)
    lines = clean(given, shown, _known(found, entry), furniture)
    text = with_updates("\n\n".join(lines), found.live)[:LONGEST_TEXT]
    if is_wall(text):
        raise Unreadable(page.url, "it asks for consent before it shows its text")
    if is_elsewhere(page.url, entry.link) or (not found.paywalled and is_stand_in(entry, found.titles, text)):
        raise Unreadable(page.url, "it shows something else than what the feed announced")
    if len(text) <= LONGEST_OPENING and (is_walled(given) or is_offer(_in_walls(shown))):
        found = replace(found, paywalled=True)
    body = _Text(text, TextOrigin.PAGE, kind_of(found.kind, text))
    if found.paywalled or body.kind in LESS_THAN_ARTICLES:
        body = max(body, _from_feed(entry, found.kind), key=lambda candidate: len(candidate.text))
    if not body.text:
        wordless = found.kind in MEDIA
        raise (Wordless if wordless else Unreadable)(page.url, "there is no text on the page, and none in the feed")
    article = _article(entry, found, body, language_hint, page.url, page.fetched_at)
    return replace(article, sponsored=article.sponsored or is_labelled(shown.blocks, text))


def from_feed(entry: FeedEntry, language_hint: str | None = None) -> Article:
    """Return the article from its feed alone, for a page that is gone, forbidden or unreadable.

    If the feed has no text of sufficient length, the origin is NONE and the text is empty.
    """
    return _article(entry, Metadata(), _from_feed(entry, ArticleKind.ARTICLE), language_hint, entry.link, entry.seen_at)


def _known(found: Metadata, entry: FeedEntry) -> Known:
    titles = (*found.titles, entry.title)
    authors = found.authors or ((entry.author,) if entry.author else ())
    return Known(titles=titles, subtitle=found.subtitle, authors=authors, site_name=found.site_name, news=found.news)


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    origin: TextOrigin
    kind: ArticleKind


def _from_feed(entry: FeedEntry, kind: ArticleKind) -> _Text:
    """Return the longer text of the feed, without lines that only repeat the title; a stub without such a text."""
    candidates = ((entry.content, TextOrigin.FEED_CONTENT), (entry.summary, TextOrigin.FEED_SUMMARY))
    text, origin = max(candidates, key=lambda candidate: len(candidate[0]))
    title = fingerprint(entry.title)
    paragraphs = [without_credit(part.strip()) for part in text.split("\n\n")]
    said = [part for part in paragraphs if part and fingerprint(part) != title]
    own = [part for part in said if not (is_notice(part) or is_credit(part))]
    text = "\n\n".join(own_text(own, (entry.author,), from_feed=True))
    return (
        _Text(text, origin, kind) if len(text) >= SHORTEST_FEED_TEXT else _Text("", TextOrigin.NONE, ArticleKind.STUB)
    )


def _in_walls(shown: PageLayout) -> list[str]:
    """Return the blocks inside elements that are named after a wall, which extractors leave out."""
    return [
        block.text for block in shown.blocks if any(_WALL_NAMES.search(each.names) for each in block.context.lineage())
    ]


def _article(
    entry: FeedEntry, found: Metadata, body: _Text, language_hint: str | None, page_url: str, now: datetime
) -> Article:
    text, origin = body.text, body.origin
    announced = origin is not TextOrigin.PAGE or body.kind is ArticleKind.STUB  # the page may show a wall
    title, *others = _titles(entry, found, text, page_url, announced=announced) or ("",)
    url = found.canonical or entry.url
    published = publication(found, entry.published, now)
    sections = named_once((*entry.sections, *found.sections), str)
    return Article(
        id=article_id(url, title, text),
        source_id=entry.source_id,
        url=url,
        link=entry.link,
        title=title,
        titles=tuple(others),
        text=text,
        language=identify(text or title, language_hint or found.language or entry.language),
        origin=origin,
        first_seen=entry.seen_at,
        kind=body.kind,
        paywalled=found.paywalled,
        subtitle=found.subtitle,
        authors=found.authors or ((entry.author,) if entry.author else ()),
        published=published,
        updated=found.updated if found.updated and published and published < found.updated <= now else None,
        site_name=found.site_name or _host(page_url),
        image=found.image,
        word_count=count_words(text),
        method=_method(origin, found),
        position=entry.position,
        sections=sections,
        schema_types=found.schema_types,
        sponsored=bool(
            mark_of((entry.title, *found.titles), sections, found.schema_types, (entry.link, page_url), text)
        ),
    )


def _titles(entry: FeedEntry, found: Metadata, text: str, page_url: str, *, announced: bool) -> tuple[str, ...]:
    """Return the title and its other forms. The feed's title comes first when the page may not show the article."""
    given = without_site(entry.title, site_names(found.site_name, _host(page_url))) or entry.title
    if announced and given:
        return chosen((given,), "", "")
    return chosen(found.titles, given, text)


def _host(url: str) -> str:
    return (host_and_path(url) or ("", ""))[0]


def _method(origin: TextOrigin, found: Metadata) -> str:
    text = "trafilatura" if origin is TextOrigin.PAGE else origin.value
    return " ".join((f"text={text}", *(f"{name}={source}" for name, source in found.sources)))
