from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import NotAFeed
from digest.fetch.front_page import MOST_LINKS, read_front_page
from digest.fetch.opml import Outline, read_opml, write_opml
from digest.fetch.sitemaps import MOST_CHILDREN, is_sitemap, read_sitemap

URL = "https://paper.example/"
NEWS = b"""<?xml version="1.0" encoding="UTF-8"?><!-- made today --><urlset
  xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
  <url><loc> https://paper.example/1 </loc><news:news>
  <news:publication_date>2026-11-23T05:00:00Z</news:publication_date>
  <news:title>The &lt;ferry&gt; &amp; its crew</news:title></news:news></url>
  <url><loc>https://paper.example/2</loc><news:news>
  <news:publication_date>2026-11-23T06:00:00Z</news:publication_date>
  <news:title>Later</news:title></news:news></url>
  <url><loc>https://paper.example/about</loc><lastmod>2026-11-23</lastmod></url></urlset>"""


def test_a_news_sitemap_is_a_list_of_articles_newest_first() -> None:
    entries = read_sitemap(NEWS, URL).feed.entries
    assert [(entry.link, entry.title, entry.published) for entry in entries] == [
        ("https://paper.example/2", "Later", "2026-11-23T06:00:00Z"),
        ("https://paper.example/1", "The <ferry> & its crew", "2026-11-23T05:00:00Z"),
    ]


def test_a_sitemap_without_news_is_a_list_of_links() -> None:
    dates = {"/a": "2026-01-01", "/b": "2026-02-01"}
    listed = "".join(f"<url><loc>{link}</loc><lastmod>{date}</lastmod></url>" for link, date in dates.items())
    body = f"<urlset>{listed}</urlset>".encode()
    assert [entry.link for entry in read_sitemap(body, URL).feed.entries] == ["/b", "/a"]


def test_an_index_names_the_likeliest_sitemaps_first() -> None:
    names = ["old", "new", "news", *(f"more{n}" for n in range(20))]
    dates = {"old": "2020", "new": "2026"}
    inside = "".join(f"<sitemap><loc>/{n}.xml</loc><lastmod>{dates.get(n, '2021')}</lastmod></sitemap>" for n in names)
    children = read_sitemap(f"<sitemapindex>{inside}</sitemapindex>".encode(), URL).children
    assert children[:2] == ("https://paper.example/news.xml", "https://paper.example/new.xml")
    assert len(children) == MOST_CHILDREN


def test_a_sitemap_is_known_by_its_first_tag() -> None:
    assert is_sitemap(NEWS)
    assert is_sitemap(b"\xef\xbb\xbf<?xml version='1.0'?><?xml-stylesheet href='x'?><sitemapindex>")
    assert not is_sitemap(b"<rss><channel><item><title>urlset</title>")
    assert not is_sitemap(b"")


@pytest.mark.parametrize("body", [b"", b"<html>", b"text"])
def test_what_is_no_sitemap_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(NotAFeed):
        read_sitemap(body, URL)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_sitemap_or_none(noise: bytes) -> None:
    for body in (noise, b"<urlset><url><loc>" + noise):
        try:
            read_sitemap(body, URL)
        except NotAFeed:
            continue


PAGE = """<html><head><title>The Paper</title><base href="https://paper.example/home/">
<link rel="alternate" type="application/rss+xml" href="/comments/feed">
<link rel="Alternate" type="application/atom+xml" href="atom">
<link rel="stylesheet" href="/x.css"><link rel="alternate" hreflang="de" href="/de"></head><body>
<nav><a href="/2026/11/23/from-the-navigation-bar">A link of the navigation bar</a></nav>
<a href="/2026/11/23/ferry"><img></a>
<a href="/2026/11/23/ferry/"><h2>The ferry is <b>withdrawn</b></h2><p>A teaser.</p></a>
<a href="/news/bridge-opens-after-ten-years">Bridge opens after ten years</a>
<a href="/a/1234567">An article known by its number</a>
<a href="/about-us-and-our-long-history">About</a>
<a href="/tag/ferries-and-other-boats">All about ferries and boats</a>
<a href="https://other.example/2026/11/23/elsewhere">A story of another paper</a>
<a href="javascript:x()">Nothing to be seen</a>
<a href="/sport">The section of sports</a></body></html>"""


def test_a_front_page_gives_its_article_links_once_with_their_headlines() -> None:
    page = read_front_page(PAGE, URL)
    assert [(entry.link, entry.title) for entry in page.feed.entries] == [
        ("https://paper.example/2026/11/23/ferry", "The ferry is withdrawn"),
        ("https://paper.example/news/bridge-opens-after-ten-years", "Bridge opens after ten years"),
        ("https://paper.example/a/1234567", "An article known by its number"),
    ]
    assert page.feed.title == "The Paper"


def test_a_page_names_its_feeds_the_one_of_comments_last() -> None:
    header = '<https://paper.example/feed>; rel="alternate"; type="application/rss+xml", </x>; rel="preload"'
    assert read_front_page(PAGE, URL, header).feeds == (
        "https://paper.example/feed",
        "https://paper.example/home/atom",
        "https://paper.example/comments/feed",
    )


@given(st.text(max_size=200))
def test_any_text_is_a_page(text: str) -> None:
    page = read_front_page(text, URL, text)
    assert len(page.feed.entries) <= MOST_LINKS


def test_a_list_of_sources_survives_the_way_out_and_in() -> None:
    outlines = (
        Outline(url="https://a.example/feed", name="A & B"),
        Outline(url="https://b.example/feed?x=1&y=2", name="B", section="World"),
        Outline(url="https://c.example/feed", name="C", section="World"),
    )
    assert read_opml(write_opml(outlines, "Sources")) == outlines


def test_a_list_of_another_reader_is_read_as_it_is_meant() -> None:
    body = b"""<opml version="1.0"><body><outline text="World"><outline text="A" xmlurl="https://a.example/feed"/>
      <outline text="Again" xmlUrl="https://a.example/feed"/><outline text="None" xmlUrl="file:///etc/passwd"/>
      </outline><outline xmlUrl="https://b.example/feed"></body></opml>"""
    assert read_opml(body) == (
        Outline(url="https://a.example/feed", name="A", section="World"),
        Outline(url="https://b.example/feed", name="https://b.example/feed"),
    )


@pytest.mark.parametrize("body", [b"", b"<rss/>", b"nothing"])
def test_what_is_no_list_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(NotAFeed):
        read_opml(body)
