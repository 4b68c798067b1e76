from __future__ import annotations

import pytest

from digest.fetch.sitemaps import is_sitemap, read_sitemap

URL = "https://varn.example/sitemap.xml"


def urls(*dated: tuple[str, str]) -> str:
    url = "<url><loc>https://varn.example/{}</loc><lastmod>{}</lastmod></url>"
    inside = "".join(url.format(name, date) for name, date in dated)
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><!-- ours -->{inside}</urlset>"


def links(text: str) -> list[str]:
    assert is_sitemap(text.encode())
    return [entry.link.rpartition("/")[2] for entry in read_sitemap(text.encode(), URL).feed.entries]


def test_the_newest_is_so_by_its_time_however_it_is_written() -> None:
    dates = (
        ("third", "2026-11-22T10:00:00+10:00"),
        ("second", "Sun, 22 Nov 2026 08:00:00 GMT"),
        ("first", "2026-11-22 11:00"),
        ("last", "soon"),
        ("fourth", "2026/11/21"),
    )
    assert links(urls(*dates)) == ["first", "second", "third", "fourth", "last"]


@pytest.mark.parametrize(
    "text",
    [
        "<s:urlset xmlns:s='http://www.google.com/schemas/sitemap/0.84'><s:url><s:loc>https://v.example/a</s:loc></s:url>",
        "<x:urlset><x:url><x:loc>https://v.example/a</x:loc></x:url></x:urlset>",
        "<urlset><url><LOC> https://v.example/a </LOC></url></urlset>",
    ],
)
def test_any_namespace_or_none_will_do(text: str) -> None:
    assert links(text) == ["a"]


def test_news_tags_are_read_though_their_prefix_is_not_declared() -> None:
    text = (
        "<urlset><url><loc>https://varn.example/a?b=1&c=2</loc><news:news><news:title>Hull & Keel</news:title>"
        "<news:publication_date>2026-11-22</news:publication_date></news:news></url></urlset>"
    )
    (entry,) = read_sitemap(text.encode(), URL).feed.entries
    assert (entry.link, entry.title, entry.published) == (
        "https://varn.example/a?b=1&c=2",
        "Hull & Keel",
        "2026-11-22",
    )


def test_a_sitemap_in_another_charset_is_read() -> None:
    body = "<?xml version='1.0' encoding='iso-8859-1'?><urlset><url><loc>https://v.example/é</loc></url></urlset>"
    (entry,) = read_sitemap(body.encode("latin-1"), URL).feed.entries
    assert entry.link == "https://v.example/é"


def test_the_latest_part_of_an_index_is_so_by_its_time() -> None:
    text = (
        "<sitemapindex><sitemap><loc>https://v.example/1.xml</loc><lastmod>2026-11-22T01:00:00+10:00</lastmod></sitemap>"
        "<sitemap><loc>https://v.example/2.xml</loc><lastmod>2026-11-21T20:00:00Z</lastmod></sitemap></sitemapindex>"
    )
    assert [child[-5:] for child in read_sitemap(text.encode(), URL).children] == ["2.xml", "1.xml"]


def index(*names: str, host: str = "varn.example") -> list[str]:
    listed = "".join(f"<sitemap><loc>https://{host}/{name}</loc></sitemap>" for name in names)
    found = read_sitemap(f"<sitemapindex>{listed}</sitemapindex>".encode(), URL).children
    return [link.removeprefix(f"https://{host}/") for link in found]


def test_without_dates_of_change_the_latest_month_of_an_index_comes_first() -> None:
    months = [f"sitemap-{year}-{month:02}.xml" for year in (2025, 2026) for month in range(1, 12)]
    assert index(*months)[:2] == ["sitemap-2026-11.xml", "sitemap-2026-10.xml"]


def test_each_numbered_series_of_an_index_has_its_turn_from_both_ends() -> None:
    posts = [f"post-sitemap{number}.xml" for number in range(1, 13)]
    found = index(*posts, "page-sitemap.xml", "tag-sitemap.xml")
    assert found[:4] == ["post-sitemap12.xml", "page-sitemap.xml", "tag-sitemap.xml", "post-sitemap1.xml"]


def test_a_host_called_news_does_not_make_each_of_its_sitemaps_one_of_news() -> None:
    assert index("pages.xml", "news-sitemap.xml", host="news.varn.example")[0] == "news-sitemap.xml"


@pytest.mark.parametrize(
    "body",
    [
        urls(("a", "")).encode("utf-16"),
        ("Notice: undefined variable on line 3\n<?xml version='1.0'?>" + urls(("a", ""))).encode(),
        ("<?xml version='1.0'?><!-- made by <x> -->" + urls(("a", ""))).encode(),
    ],
)
def test_a_sitemap_is_known_behind_what_servers_write_before_it(body: bytes) -> None:
    assert is_sitemap(body)
    assert [entry.link for entry in read_sitemap(body, URL).feed.entries] == ["https://varn.example/a"]
