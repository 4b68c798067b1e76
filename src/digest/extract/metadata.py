"""What a page says of its article outside the text: in JSON-LD, OpenGraph, other meta tags, and its markup."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from urllib.parse import urljoin

from lxml.html import HtmlElement

from digest.extract.addresses import host_and_path
from digest.extract.attribution import linked_authors, marked_authors, tagged_authors
from digest.extract.byline import people, plain
from digest.extract.credits import LONGEST_CREDIT, bare_credit, parted
from digest.extract.figures import Figure, figure_of
from digest.extract.heading import beside_a_date, dated, may_be_name, notes, signed
from digest.extract.identity import tells_apart
from digest.extract.kinds import declared_kind
from digest.extract.linked_data import ARTICLE_TYPES, Node, by_reference, names, nodes, types, words
from digest.extract.live import Update, updates
from digest.extract.markup import squeezed, text_of
from digest.extract.photo import address_of, logos, photo
from digest.extract.sections import named_once, sections
from digest.extract.title_choice import best_first, is_nobodys, without_tail
from digest.model.article import ArticleKind, Image
from digest.text.languages import primary_tag
from digest.text.timestamps import instant, instant_in_url, is_exact, is_month_first
from digest.text.title import LONGEST_TITLE, clean, site_names, without_site
from digest.text.urls import canonical

LONGEST_SUBTITLE = 600
MOST_TYPES = 10

_TITLE_TAGS = ("og:title", "twitter:title", "dc.title", "parsely-title", "sailthru.title", "title")
_PUBLISHED_TAGS = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "article:published",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "publish-date",
    "pubdate", "publishdate", "publication_date", "dc.date.issued", "dcterms.created", "dcterms.date", "dc.date",
    "article.published", "article_date_original", "citation_publication_date", "date",
)  # fmt: skip
_PUBLISHED = re.compile(r"publish(?!er)")
_UPDATED_TAGS = ("article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified")
_SITE_TAGS = ("og:site_name", "application-name", "apple-mobile-web-app-title", "publisher", "dc.publisher")
_IMAGE_TAGS = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
_OWN_DATA = frozenset({"json-ld", "meta"})
_PAGES = frozenset({"WebPage", "ItemPage", "Article", "NewsArticle", "BlogPosting", "AboutPage", "CollectionPage"})
"""Types whose date may be the page's own: that of a film, a book or a video is not."""
_OTHERS = re.compile(r"comment|ticker|related|sidebar|recommend|teaser|promo\b|most-?read|latest|more-?news")
_MOST_TIMES = 10
_MOST_MARKED = 12
_MOST_VALUES = 100
"""Of one meta tag; a page that repeats one for ever is no article."""
_MARKED_DATES = """.//body//*[contains(@class, 'date') or contains(@class, 'time') or contains(@class, 'publi')
    or contains(@itemprop, 'datePublished') or contains(@id, 'date')][string-length() < 200]"""
_TAGS_IN_TEXT = re.compile(r"</?[a-zA-Z][^<>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What was read; empty or None where the page says nothing. ``sources`` tells what was read from where."""

    title: str = ""
    titles: tuple[str, ...] = ()
    """Every form of the title that the page gives, the best first."""
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    published_exactly: bool = False
    """The article's own data gives its publication with time and zone."""
    updated: datetime | None = None
    language: str | None = None
    site_name: str = ""
    image: Image | None = None
    canonical: str = ""
    kind: ArticleKind = ArticleKind.ARTICLE
    paywalled: bool = False
    news: bool = False
    """The page calls itself an article, rather than a page of any kind."""
    live: tuple[Update, ...] = ()
    """What a live blog gives in its data."""
    sections: tuple[str, ...] = ()
    """Where the newsroom files it, as it names them."""
    schema_types: tuple[str, ...] = ()
    """JSON-LD types of the article, in alphabetical order."""
    sources: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Evidence:
    """The page taken apart once: its tree, its article's JSON-LD node, all nodes, and its meta tags in order."""

    url: str
    now: datetime
    tree: HtmlElement
    nodes: list[Node]
    article: Node
    tags: dict[str, list[str]]
    headings: list[HtmlElement] = field(default_factory=list)

    def tag(self, *keys: str) -> str:
        return next((value for key in keys for value in self.tags.get(key, ())), "")


def read_metadata(tree: HtmlElement, url: str, now: datetime) -> Metadata:
    """Return what the page says of its article; dates are checked against ``now``, when the page was fetched."""
    found = _evidence(tree, url, now)
    site = _site_name(found)
    titles = _titles(found, site)
    title, title_source = titles[0] if titles else ("", "")
    authors, author_source = _authors(found, site)
    published, date_source, exactly = _published(found)
    updated = next(filter(None, (instant(t, now) for t in _update_texts(found))), None)
    return Metadata(
        title=title,
        titles=tuple(text for text, _ in titles),
        subtitle=_subtitle(found, title),
        authors=authors,
        published=published,
        published_exactly=exactly,
        updated=updated,
        language=primary_tag(words(found.article.get("inLanguage"))) or _declared_language(found),
        site_name=site,
        image=_image(found),
        canonical=_canonical(found),
        kind=_kind(found),
        paywalled=_paywalled(found),
        news=any("NewsArticle" in name for name in types(found.article)),
        live=updates(found.nodes, _clean),
        sections=named_once(sections(found.article, found.nodes, found.tags), _clean, title),
        schema_types=tuple(sorted(types(found.article)))[:MOST_TYPES],
        sources=tuple(
            (name, source)
            for name, source in (("title", title_source), ("authors", author_source), ("published", date_source))
            if source
        ),
    )


def _evidence(tree: HtmlElement, url: str, now: datetime) -> _Evidence:
    tags: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        content = squeezed(meta.get("content"))
        if content:
            for key in {meta.get("property"), meta.get("name"), meta.get("itemprop")} - {None, ""}:
                values = tags.setdefault(str(key).lower(), [])
                if len(values) < _MOST_VALUES:
                    values.append(content)
    data = nodes(tree)
    return _Evidence(
        url=url,
        now=now,
        tree=tree,
        nodes=data,
        article=_article_node(data, url),
        tags=tags,
        headings=list(tree.iter("h1")),
    )


def _article_node(data: list[Node], url: str) -> Node:
    """Return the node of this page's article: the one that names this URL, else the first with a headline."""
    articles = [node for node in data if types(node) & ARTICLE_TYPES]
    here = _same_page(url)
    for node in articles:
        named = node.get("mainEntityOfPage") or node.get("url")
        address = named.get("@id") if isinstance(named, dict) else named
        if isinstance(address, str) and node.get("headline") and _same_page(address) == here:
            return node
    return next((n for n in articles if n.get("headline")), articles[0] if articles else {})


def _same_page(url: str) -> str:
    parts = host_and_path(url)
    return f"{parts[0]}{parts[1].rstrip('/')}" if parts else ""


def _clean(text: str) -> str:
    """Return a text property as text: entities undone (twice: many are escaped twice), tags and line breaks out."""
    return squeezed(
        _TAGS_IN_TEXT.sub("", html.unescape(html.unescape(text))).replace("\u00ad", "").replace("\u200b", "")
    )


def _site_name(found: _Evidence) -> str:
    given = found.tag("og:site_name") or words(found.article.get("publisher")) or found.tag(*_SITE_TAGS[1:])
    return _clean(given)[:100]


def _titles(found: _Evidence, site: str) -> list[tuple[str, str]]:
    """Return the title's forms, the best first, each with where it was read.

    OpenGraph comes first, since it is written to stand alone; it agrees with the newsroom's own title on 80 % of the
    pages of the development data, JSON-LD on 73 %, a single h1 on 68 %. But where the title tag only copies OpenGraph,
    and JSON-LD has what readers see in an h1, that was written for them and the other for searches and feeds.
    """
    head = found.tree.find(".//head/title")
    headline = clean(words(found.article.get("headline")))
    headings = [text for text in map(clean, map(text_of, found.headings[:5])) if text]
    candidates = (
        ("opengraph", without_tail(clean(found.tag("og:title")), (headline, *headings))),
        ("json-ld", headline),
        ("h1", headings[0] if len(headings) == 1 else ""),
        ("meta", clean(found.tag(*_TITLE_TAGS[1:]))),
        ("title", clean(text_of(head)) if head is not None else ""),
    )
    names = site_names(site, (host_and_path(found.url) or ("", ""))[0])
    forms = [(title, source) for source, given in candidates if (title := without_site(given, names))]
    seen = {plain(without_site(heading, names)) for heading in headings}
    return best_first([form for form in forms if not is_nobodys(form[0])], seen)


def _authors(found: _Evidence, site: str) -> tuple[tuple[str, ...], str]:
    host = (host_and_path(found.url) or ("", ""))[0]
    publisher = _clean(words(found.article.get("publisher")))
    sites = (site, publisher, host, *_names_of(host))
    data = (("json-ld", _stated_authors(found)), ("meta", tagged_authors(found.tags)))
    for source, given in data:
        authors = people(map(_clean, given), sites)
        if authors:
            return authors, source
    for text in _shown_authors(found):
        authors = tuple(name for name in people([text], sites) if may_be_name(name))
        if authors:
            return authors, "byline"
    for source, given in data:
        newsroom = people(map(_clean, given))
        if newsroom:
            return newsroom, source
    return (), ""


def _names_of(host: str) -> tuple[str, ...]:
    """Return the names that a host goes by: without its suffix, and its longest label alone."""
    labels = host.split(".")
    return (".".join(labels[:-1]), max(labels[:-1], key=len)) if len(labels) > 1 else ()


def _stated_authors(found: _Evidence) -> list[str]:
    """Return the names that the article's node gives, those of nodes that it only refers to as well."""
    known = by_reference(found.nodes)
    return [name for key in ("author", "creator") for name in names(found.article.get(key), known)]


def _shown_authors(found: _Evidence) -> Iterator[str]:
    """Yield what may name the authors for readers' eyes, the surest first."""
    around = _notes(found)
    yield "; ".join(signed(around))
    yield from marked_authors(found.tree)
    yield beside_a_date(around, found.now)
    yield from linked_authors(found.tree)


def _notes(found: _Evidence) -> list[str]:
    """Return the short texts around the heading."""
    titles = (_clean(found.tag("og:title")), _clean(words(found.article.get("headline"))))
    return notes(found.headings, filter(None, titles))


def _published(found: _Evidence) -> tuple[datetime | None, str, bool]:
    """Return when the article was published, where that is said, and whether its own data says so exactly."""
    american = is_month_first(_language_tag(found), (host_and_path(found.url) or ("", ""))[0])
    for source, text in _publication_texts(found):
        when = instant(text, found.now, month_first=american)
        if when:
            return when, source, source in _OWN_DATA and is_exact(text) and when.time() != time.min
    when = instant_in_url(found.url, found.now)
    if when:
        return when, "url", False
    when = dated(_notes(found), found.now, month_first=american)
    if when:
        return when, "heading", False
    when = dated(_marked_dates(found.tree), found.now, month_first=american)
    return when, "markup" if when else "", False


def _publication_texts(found: _Evidence) -> Iterator[tuple[str, str]]:
    yield "json-ld", words(found.article.get("datePublished"))
    yield from (("meta", value) for key in _PUBLISHED_TAGS for value in found.tags.get(key, ()))
    yield "created", words(found.article.get("dateCreated"))
    own = (node for node in found.nodes if node.get("datePublished") and types(node) <= _PAGES)
    yield from (("data", words(node.get("datePublished"))) for node in own)
    yield from (("time", value) for t in _times(found.tree) for value in (t.get("datetime") or "", text_of(t)) if value)
    yield from (("tags", value) for key, given in found.tags.items() if _PUBLISHED.search(key) for value in given)


def _times(tree: HtmlElement) -> list[HtmlElement]:
    """Return time elements that may be the article's: those that say so first, then those behind the heading."""
    own = [element for element in tree.iter("time") if not any(map(_is_another, element.iterancestors()))]
    behind = set(tree.xpath(".//h1/following::time"))
    own.sort(key=lambda e: ("publ" not in " ".join(map(str, e.attrib.values())).lower(), e not in behind))
    return own[:_MOST_TIMES]


def _is_another(element: HtmlElement) -> bool:
    """Tell whether an element holds comments or other articles."""
    names = f"{element.get('class', '')} {element.get('id', '')}".lower()
    return element.tag in {"nav", "aside", "footer"} or _OTHERS.search(names) is not None


def _language_tag(found: _Evidence) -> str:
    return found.tree.get("lang") or found.tag("og:locale", "content-language") or ""


def _marked_dates(tree: HtmlElement) -> Iterator[str]:
    for element in tree.xpath(_MARKED_DATES)[:_MOST_MARKED]:
        yield from filter(None, (*map(element.get, ("content", "datetime", "title")), text_of(element)))


def _update_texts(found: _Evidence) -> Iterator[str]:
    yield words(found.article.get("dateModified"))
    yield from (value for key in _UPDATED_TAGS for value in found.tags.get(key, ()))


def _subtitle(found: _Evidence, title: str) -> str:
    given = words(found.article.get("alternativeHeadline")) or words(found.article.get("description"))
    text = _clean(given or found.tag("og:description", "description", "twitter:description"))
    return "" if plain(text) == plain(title) else text[:LONGEST_SUBTITLE].rstrip()


def _declared_language(found: _Evidence) -> str | None:
    given = found.tree.get("lang") or found.tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    return primary_tag(given) or primary_tag(found.tag("og:locale", "content-language", "dc.language"))


def _image(found: _Evidence) -> Image | None:
    given = found.article.get("image")
    first = given[0] if isinstance(given, list) and given else given
    node = first if isinstance(first, dict) else {}
    named = (*(address for tag in _IMAGE_TAGS for address in found.tags.get(tag, ())), address_of(given))
    site = frozenset(_absolute(logo, found.url) for logo in logos(found.nodes))
    url = photo([_absolute(link, found.url) for link in named], site)
    if not url:
        return None
    figure = figure_of(found.tree, url) or Figure()
    credit = words(node.get("creditText")) or words(node.get("creator")) or words(node.get("copyrightHolder"))
    caption, maker = parted(_clean(words(node.get("caption"))))
    return Image(
        url=url,
        alt=(_clean(found.tag("og:image:alt", "twitter:image:alt")) or figure.alt)[:LONGEST_TITLE],
        caption=(figure.caption or caption)[:LONGEST_TITLE],
        credit=(figure.credit or bare_credit(_clean(credit)) or maker)[:LONGEST_CREDIT],
    )


def _absolute(address: str, base: str) -> str:
    try:
        url = urljoin(base, address.strip())
    except ValueError:
        return ""
    return url if address and host_and_path(url) else ""


def _canonical(found: _Evidence) -> str:
    """Return the identity that the page claims, when it is believable, as ``text.urls.canonical`` writes it.

    It must be on the page's own site, and keep what tells the page from others (see ``identity``).
    """
    here = host_and_path(found.url)
    links = (
        link.get("href") or "" for link in found.tree.iter("link") if (link.get("rel") or "").lower() == "canonical"
    )
    for address in (*links, found.tag("og:url")):
        url = _absolute(address, found.url)
        there = host_and_path(url)
        if there and here and _one_site(there[0], here[0]) and tells_apart(url, found.url):
            try:
                return canonical(url)
            except ValueError:  # a port or an encoding that no server has
                continue
    return ""


def _one_site(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _kind(found: _Evidence) -> ArticleKind:
    others = {name for node in found.nodes for name in types(node)}
    return declared_kind(types(found.article), others, found.tag("og:type"), found.url)


def _paywalled(found: _Evidence) -> bool:
    said = found.article.get("isAccessibleForFree")
    if str(said).lower() in {"false", "http://schema.org/false", "https://schema.org/false"}:
        return True
    tier = found.tag("article:content_tier", "og:article:content_tier").lower()
    return said is None and tier == "locked"
