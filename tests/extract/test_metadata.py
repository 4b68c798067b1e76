from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.extract.byline import people
from digest.extract.linked_data import nodes
from digest.extract.markup import parse
from digest.extract.metadata import Metadata, read_metadata
from digest.model.article import ArticleKind
from digest.text.timestamps import instant, instant_in_url, instant_within
from digest.text.title import site_names, without_site

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
URL = "https://www.harbour-courier.example/news/ferry"


def read(head: str = "", body: str = "<h1>Ferry returns</h1>", url: str = URL, language: str = "en-GB") -> Metadata:
    html = f"<html lang='{language}'><head>{head}</head><body>{body}<p>Text.</p></body></html>"
    return read_metadata(parse(html, url), url, NOW)


def linked(**properties: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **properties})}</script>'


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("<meta name='w-published-date' content='2026-02-27'>", ""),
        ("", "<div class='entry-date'>Feb 27, 2026 · 4 minutes</div>"),
        ("", "<div class='entry-date'>Published on 27.02.26</div>"),
        ("", "<abbr itemprop='datePublished' title='2026-02-27T15:18:00Z'>last Friday</abbr>"),
    ],
)
def test_a_date_is_found_where_only_its_label_tells_that_it_is_one(head: str, body: str) -> None:
    found = read(head, f"<h1>Ferry returns</h1><p>{'The ferry sails again from Sunday. ' * 9}</p>{body}")
    assert found.published is not None
    assert found.published.date().isoformat() == "2026-02-27"


def test_a_tag_of_the_publisher_is_no_date_and_an_unusual_one_yields_to_a_time_element() -> None:
    assert read("<meta name='publisher:since' content='2001-05-04'>").published is None
    found = read("<meta name='w-published-date' content='2019-02-05'>", "<time datetime='2026-02-27'>Friday</time>")
    assert found.published is not None
    assert found.published.year == NOW.year


def test_everything_that_json_ld_says_is_read() -> None:
    found = read(
        linked(
            headline="Ferry line returns after eleven weeks",
            description="The island has its market back.",
            author=[{"@type": "Person", "name": "By Morag Sinclair"}, {"givenName": "Ian", "familyName": "Rae"}],
            datePublished="2026-03-01T18:30:00+01:00",
            dateModified="2026-03-02T08:00:00Z",
            inLanguage="en-GB",
            publisher={"name": "Harbour Courier"},
            image={"url": "/pictures/ferry.jpg", "caption": "The ferry", "creditText": "Jane Doe"},
            isAccessibleForFree="False",
        )
    )
    assert found.title == "Ferry line returns after eleven weeks"
    assert found.subtitle == "The island has its market back."
    assert found.authors == ("Morag Sinclair", "Ian Rae")
    assert found.published is not None
    assert found.published.isoformat() == "2026-03-01T18:30:00+01:00"
    assert found.updated == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert (found.language, found.site_name, found.paywalled, found.news) == ("en", "Harbour Courier", True, True)
    assert found.image is not None
    assert found.image.url == "https://www.harbour-courier.example/pictures/ferry.jpg"
    assert (found.image.alt, found.image.caption, found.image.credit) == ("", "The ferry", "Jane Doe")
    assert dict(found.sources)["published"] == "json-ld"


def test_the_caption_of_the_page_s_own_figure_is_the_picture_s() -> None:
    data = linked(headline="Ferry returns", image={"url": "/pictures/ferry.jpg", "creditText": "Harbour Courier"})
    figure = (
        "<figure><img src='/pictures/ferry-640x360.jpg' alt='A white ship'><figcaption>The ferry at Hessle on Monday. "
        "<span class='credit'>Photo: Jane Doe/HC</span></figcaption></figure>"
    )
    image = read(data, f"<h1>Ferry returns</h1>{figure}").image
    assert image is not None
    assert (image.caption, image.credit, image.alt) == ("The ferry at Hessle on Monday.", "Jane Doe/HC", "A white ship")


def test_the_credit_that_the_data_gives_serves_where_the_figure_names_nobody() -> None:
    data = linked(image={"url": "/pictures/ferry.jpg", "caption": "An old caption", "creditText": "(Jane Doe/HC)"})
    figure = "<figure><img src='/pictures/ferry.jpg'><figcaption>The ferry at Hessle.</figcaption></figure>"
    image = read(data + "<meta property='og:image:alt' content='A ship'>", figure).image
    assert image is not None
    assert (image.caption, image.credit, image.alt) == ("The ferry at Hessle.", "Jane Doe/HC", "A ship")


def test_a_credit_at_the_end_of_the_caption_in_the_data_is_parted() -> None:
    image = read(linked(image={"url": "/pictures/ferry.jpg", "caption": "Die Fähre. Foto: Max Huber/dpa"})).image
    assert image is not None
    assert (image.caption, image.credit) == ("Die Fähre.", "Max Huber/dpa")


def test_a_node_that_names_this_page_is_preferred_to_an_earlier_one() -> None:
    other = linked(headline="Another story", url="https://www.harbour-courier.example/news/other")
    own = linked(headline="The story of this page", mainEntityOfPage={"@id": URL})
    assert read(other + own).title == "The story of this page"


def test_of_nodes_that_name_no_page_the_first_with_a_headline_is_the_articles() -> None:
    bare, first, second = linked(author="Ada Lund"), linked(headline="The first"), linked(headline="The second")
    assert dict(read(bare + first + second).sources)["title"] == "json-ld"
    assert read(bare + first + second, body="").title == "The first"
    assert read(bare, body="").authors == ("Ada Lund",)


def test_opengraph_and_other_tags_serve_without_json_ld() -> None:
    found = read(
        "<meta property='og:title' content='Ferry line returns | Harbour Courier'>"
        "<meta property='og:site_name' content='Harbour Courier'>"
        "<meta property='article:published_time' content='2026-03-01T10:00:00Z'>"
        "<meta name='author' content='Morag Sinclair and Ian Rae'>"
        "<link rel='canonical' href='https://harbour-courier.example/news/ferry-line'>"
    )
    assert found.title == "Ferry line returns"
    assert found.authors == ("Morag Sinclair", "Ian Rae")
    assert found.published == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert found.canonical == "https://harbour-courier.example/news/ferry-line"


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/news/ferry", "/", "/news", "javascript:alert(1)", "http://[::"]
)
def test_a_canonical_address_that_cannot_be_believed_is_ignored(address: str) -> None:
    assert read(f"<link rel='canonical' href='{address}'>").canonical == ""


def test_the_markup_serves_when_the_head_says_nothing() -> None:
    byline = (
        "<h1>Ferry returns</h1><p class='byline'>By Morag Sinclair</p><time datetime='2026-03-01T09:00'>Sunday</time>"
    )
    found = read(body=byline)
    assert (found.title, found.authors) == ("Ferry returns", ("Morag Sinclair",))
    assert found.published == datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Ferry returns | Harbour Courier", "Ferry returns"),
        ("Harbour Courier: Ferry returns", "Harbour Courier: Ferry returns"),
        ("Ferry returns - harbour-courier.example", "Ferry returns"),
        ("Ferry returns - after eleven weeks", "Ferry returns - after eleven weeks"),
        ("Budget | Taxes fall | Harbour Courier", "Budget | Taxes fall"),
        ("Harbour Courier", ""),
    ],
)
def test_only_the_sites_own_name_is_cut_from_a_title(title: str, expected: str) -> None:
    assert without_site(title, site_names("Harbour Courier", "www.harbour-courier.example")) == expected


@pytest.mark.parametrize(
    ("opengraph", "tag", "title"),
    [
        ("You will not believe this ferry", "Ferry timetable 2026 | Harbour Courier", "Ferry returns"),
        ("You will not believe this ferry", "Ferry returns | Harbour Courier", "Ferry returns"),
        ("Ferry is back", "Ferry is back | Harbour Courier", "Ferry is back"),
        ("Ferry is back", "Island news: Ferry is back", "Ferry is back"),
    ],
)
def test_without_json_ld_the_h1_wins_over_an_opengraph_title_that_nothing_else_bears_out(
    opengraph: str, tag: str, title: str
) -> None:
    head = (
        f"<title>{tag}</title><meta property='og:title' content='{opengraph}'>"
        "<meta property='og:site_name' content='Harbour Courier'>"
    )
    assert read(head).title == title
    newsroom = linked(headline="The newsroom's own headline")
    assert read(head + newsroom).title == opengraph


def test_a_sites_name_is_no_author_while_a_person_is_named() -> None:
    authors = [{"name": "Harbour Courier"}, {"name": "Ian Rae"}]
    assert read(linked(author=authors, publisher={"name": "Harbour Courier"})).authors == ("Ian Rae",)


def test_an_author_that_is_only_referred_to_is_looked_up_among_the_pages_nodes() -> None:
    person = '<script type="application/ld+json">{"@type": "Person", "@id": "#person/7", "name": "Ian Rae"}</script>'
    assert read(linked(author={"@id": "#person/7"}) + person).authors == ("Ian Rae",)
    assert read(linked(author=[{"@id": "#person/8"}]) + person).authors == ()


def test_a_card_of_social_sites_names_the_author_beside_its_label() -> None:
    card = "<meta name='twitter:label1' content='{}'><meta name='twitter:data1' content='Morag Sinclair'>"
    assert read(card.format("Written by")).authors == ("Morag Sinclair",)
    assert read(card.format("Reading time")).authors == ()


def test_a_newsroom_is_the_author_where_nobody_else_is_named() -> None:
    tags = "<meta property='og:site_name' content='Harbour Courier'><meta name='author' content='Harbour Courier'>"
    assert read(tags).authors == ("Harbour Courier",)
    assert read(tags, "<h1>Ferry returns</h1><p>By Morag Sinclair</p>").authors == ("Morag Sinclair",)


@pytest.mark.parametrize(
    ("address", "text", "authors"),
    [
        ("/authors/morag-sinclair", "Morag Sinclair", ("Morag Sinclair",)),
        ("https://www.harbour-courier.example/autor/12?all", "Morag Sinclair", ("Morag Sinclair",)),
        ("/authors/morag-sinclair", "More by Morag Sinclair", ()),
        ("/authors/", "Our Authors", ()),
        ("/news/authors-meet", "Authors Meet", ()),
    ],
)
def test_a_link_to_an_authors_page_names_the_author(address: str, text: str, authors: tuple[str, ...]) -> None:
    assert read(body=f"<h1>Ferry returns</h1><p><a href='{address}'>{text}</a></p>").authors == authors


@pytest.mark.parametrize("text", ["Table 4", "4m Read", "View all posts by Morag Sinclair →", "Text by"])
def test_what_is_marked_as_a_byline_but_holds_no_name_names_nobody(text: str) -> None:
    assert read(body=f"<h1>Ferry returns</h1><p class='byline'>{text}</p>").authors == ()


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("Von Anna Berg und Karl Lund", ("Anna Berg", "Karl Lund")),
        ("https://social.example/courier", ()),
        ("news@courier.example", ()),
        ("A. Berg; A. Berg", ("A. Berg",)),
        ("105092", ()),
        ("admin", ()),
    ],
)
def test_names_are_taken_out_of_what_stands_around_them(given_text: str, expected: tuple[str, ...]) -> None:
    assert people([given_text]) == expected


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ('<script type="application/ld+json">{"@type":"LiveBlogPosting"}</script>', ArticleKind.LIVE_BLOG),
        ('<script type="application/ld+json">{"@type":"VideoObject"}</script>', ArticleKind.VIDEO),
        ('<script type="application/ld+json">{"@type":"ImageGallery"}</script>', ArticleKind.GALLERY),
        ("<meta property='og:type' content='video.other'>", ArticleKind.VIDEO),
        ("", ArticleKind.ARTICLE),
    ],
)
def test_the_kind_of_page_is_told(head: str, kind: ArticleKind) -> None:
    assert read(head).kind is kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01T10:20:30.123+0100", "2026-03-01T10:20:30+01:00"),
        ("2026-03-01", "2026-03-01T00:00:00+00:00"),
        ("20260301T1020Z", "2026-03-01T10:20:00+00:00"),
        ("1772359200", "2026-03-01T10:00:00+00:00"),
        ("01.03.2026, 10:20 Uhr", "2026-03-01T10:20:00+00:00"),
        ("2026年3月1日 10:20", "2026-03-01T10:20:00+00:00"),
        ("March 1, 2026 10:20 pm", "2026-03-01T22:20:00+00:00"),
        ("Sun, 01 Mar 2026 10:20:30 GMT", "2026-03-01T10:20:00+00:00"),
        ("1. März 2026", "2026-03-01T00:00:00+00:00"),
        ("1 de marzo de 2026", "2026-03-01T00:00:00+00:00"),
    ],
)
def test_the_ways_in_which_pages_write_a_date_are_read(text: str, expected: str) -> None:
    found = instant(text, NOW)
    assert found is not None
    assert found.isoformat() == expected


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-13-01", "2099-01-01", "1970-01-01", "31.02.2026", "0000-00-00"]
)
def test_what_is_no_date_or_cannot_be_the_articles_is_none(text: str) -> None:
    assert instant(text, NOW) is None


def test_a_date_stands_in_an_address_or_within_a_line() -> None:
    assert instant_in_url("https://a.example/2026/03/01/ferry", NOW) == datetime(2026, 3, 1, tzinfo=UTC)
    assert instant_in_url("https://a.example/id-20261399-x", NOW) is None
    assert instant_within("Stand: 01.03.2026 | 07:21 Uhr", NOW) == datetime(2026, 3, 1, 7, 21, tzinfo=UTC)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    for found in (instant(text, NOW), instant_within(text, NOW), instant_in_url(text, NOW)):
        assert found is None or (found.utcoffset() is not None and found <= NOW + timedelta(hours=26))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "url", "@type", "author", "image", "headline"]), inner, max_size=4)
    ),
    max_leaves=12,
)
PROPERTIES = [
    "headline",
    "author",
    "datePublished",
    "image",
    "publisher",
    "mainEntityOfPage",
    "url",
    "@type",
    "creator",
]


@given(st.dictionaries(st.sampled_from(PROPERTIES), JSON))
def test_no_shape_of_json_ld_breaks_the_reading(properties: dict[str, object]) -> None:
    data = json.dumps({"@type": "NewsArticle", **properties}).replace("</", "<\\/")
    read(f'<script type="application/ld+json">{data}</script>')


def test_the_usual_mistakes_in_json_ld_are_mended_and_nonsense_is_left_out() -> None:
    scripts = ('<!-- {"@type": "A", "n": "x\ny",} -->', "[" * 50_000, "{nonsense")
    html = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    found = nodes(parse(f"<html><head>{html}</head><body><p>x</p></body></html>", URL))
    assert [node["@type"] for node in found] == ["A"]


def test_the_title_that_readers_see_goes_before_the_one_written_for_searches() -> None:
    head = f"<meta property='og:title' content='Ferry: all you need to know'>{linked(headline='Ferry line returns')}"
    assert read(head, "<h1>Ferry line returns</h1>").title == "Ferry: all you need to know"
    copied = f"<title>Ferry: all you need to know</title>{head}"
    assert read(copied, "<h1>Ferry line returns</h1>").title == "Ferry line returns"
    assert read(copied, "<h1>Ferry</h1>").title == "Ferry: all you need to know"


def test_a_title_without_end_ends() -> None:
    assert len(read(f"<meta property='og:title' content='{'Courier | ' * 20_000}'>").title) <= 300


def tagged(name: str, content: str) -> str:
    return f"<meta property='{name}' content='{content}'>"


MORNING = "2026-03-01T10:00:00Z"
LONG_TEXT = f"<p>{'The ferry sails again from Sunday. ' * 9}</p>"
PAGE_DATA = f'<script type="application/ld+json">{{"@type": "WebPage", "datePublished": "{MORNING}"}}</script>'


@pytest.mark.parametrize(
    ("page", "source", "exactly"),
    [
        ({"head": linked(headline="F", datePublished=MORNING)}, "json-ld", True),
        ({"head": linked(headline="F", datePublished="2026-03-01")}, "json-ld", False),
        ({"head": linked(headline="F", datePublished="2026-03-01T00:00:00+01:00")}, "json-ld", False),
        ({"head": tagged("article:published_time", MORNING)}, "meta", True),
        ({"head": tagged("article:published_time", "2026-03-01")}, "meta", False),
        ({"head": linked(headline="F", dateCreated=MORNING)}, "created", False),
        ({"head": PAGE_DATA}, "data", False),
        ({"body": f"<h1>F</h1><time datetime='{MORNING}'>Sunday</time>"}, "time", False),
        ({"head": tagged("w-published-date", MORNING)}, "tags", False),
        ({"url": "https://www.harbour-courier.example/2026/03/01/ferry"}, "url", False),
        ({"body": "<h1>Ferry returns</h1><p>1 March 2026</p>"}, "heading", False),
        ({"body": f"<h1>F</h1>{LONG_TEXT}<div class='entry-date'>Mar 1, 2026</div>"}, "markup", False),
    ],
)
def test_a_publication_is_exact_where_the_articles_own_data_say_time_and_zone(
    page: dict[str, str], source: str, *, exactly: bool
) -> None:
    found = read(**page)
    assert found.published is not None
    assert found.published.date().isoformat() == "2026-03-01"
    assert (dict(found.sources)["published"], found.published_exactly) == (source, exactly)


def test_a_page_without_a_date_has_no_publication() -> None:
    found = read()
    assert (found.published, found.published_exactly, "published" in dict(found.sources)) == (None, False, False)


@pytest.mark.parametrize(
    ("language", "host", "month"),
    [("en", "quay.example.com", 1), ("en-US", "quay.example", 1), ("en", "quay.co.uk", 2)],
)
@pytest.mark.parametrize(
    ("head", "body"),
    [
        (tagged("article:published_time", "01/02/2026"), ""),
        ("", "<p>01/02/2026</p>"),
        ("", f"{LONG_TEXT}<div class='entry-date'>01/02/2026</div>"),
    ],
)
def test_the_order_of_a_dates_numbers_follows_language_and_host(
    language: str, host: str, month: int, head: str, body: str
) -> None:
    found = read(head, f"<h1>Ferry returns</h1>{body}", f"https://{host}/ferry", language)
    assert found.published is not None
    assert found.published.month == month


@pytest.mark.parametrize("inside", ["<aside>{}</aside>", "<div class='comments'><p>{}</p></div>", "<nav>{}</nav>"])
def test_a_time_within_something_else_is_not_the_articles(inside: str) -> None:
    other = inside.format("<time datetime='2026-02-20T10:00Z'></time>")
    found = read(body=f"<main><h1>Ferry returns</h1>{other}<time datetime='{MORNING}'></time></main>")
    assert found.published is not None
    assert found.published.day == 1


def test_ten_times_of_a_page_are_looked_at() -> None:
    times = "".join(f"<time datetime='no date {n}'></time>" for n in range(9))
    assert read(body=f"<h1>F</h1>{times}<time datetime='{MORNING}'></time>").published is not None
    assert read(body=f"<h1>F</h1>{times}<time></time><time datetime='{MORNING}'></time>").published is None


def test_data_in_json_ld_go_before_the_pages_language_and_name_it_news() -> None:
    found = read(linked(headline="F", inLanguage="de-AT", **{"@type": ["Report", "NewsArticle"]}))
    assert (found.language, found.news) == ("de", True)
    other = read(linked(headline="F", **{"@type": "BlogPosting"}))
    assert (other.language, other.news) == ("en", False)


def test_twelve_types_are_ten_types() -> None:
    found = read(linked(headline="F", **{"@type": ["NewsArticle", *(f"A{n:02}" for n in range(11))]}))
    assert found.schema_types == tuple(f"A{n:02}" for n in range(10))


@pytest.mark.parametrize(
    ("name", "site"),
    [("og:site_name", "Quay"), ("application-name", "Quay"), ("dc.publisher", "Quay"), ("og:title", "")],
)
def test_a_site_is_called_as_its_tags_call_it(name: str, site: str) -> None:
    assert read(tagged(name, "Quay")).site_name == site


def test_a_sites_name_has_a_hundred_characters_at_most() -> None:
    assert read(tagged("og:site_name", "x" * 150)).site_name == "x" * 100


@pytest.mark.parametrize("name", ["twitter:title", "dc.title", "title"])
def test_a_title_is_read_from_other_tags_where_nothing_better_is(name: str) -> None:
    found = read(tagged(name, "Ferry line returns"), "<p>No heading.</p>")
    assert (found.title, dict(found.sources)["title"]) == ("Ferry line returns", "meta")


@pytest.mark.parametrize("host", ["courier.example", "www.courier.example", "news.courier.example"])
def test_what_the_host_is_called_is_no_author(host: str) -> None:
    named = linked(headline="F", author=[{"name": "Courier"}, {"name": "Jane Doe"}])
    assert read(named, url=f"https://{host}/ferry").authors == ("Jane Doe",)


def test_a_second_picture_of_the_head_serves_where_the_first_is_the_logo() -> None:
    head = "".join(f"<meta property='og:image' content='/media/{name}'>" for name in ("logo.png", "quay.jpg"))
    found = read(head).image
    assert found is not None
    assert found.url == "https://www.harbour-courier.example/media/quay.jpg"
