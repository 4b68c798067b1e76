"""What a site is called: by what its page says, never by a motto or a word that names nothing."""

from __future__ import annotations

import pytest

from digest.fetch.front_page import read_front_page
from digest.fetch.site_names import names_a_site

URL = "https://www.orrinpost.example/news"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("<title>Home</title><meta property='og:site_name' content='Orrin Post'>", "Orrin Post"),
        ("<title>Home</title><meta name='og:site_name' content='Orrin &amp;amp; Vale'>", "Orrin & Vale"),
        ("<title>News now</title><meta name='application-name' content='Orrin Post'>", "Orrin Post"),
        ("<title>News now</title><meta name='apple-mobile-web-app-title' content='Orrin Post'>", "Orrin Post"),
        ("<meta property='og:site_name' content='Home'><meta name='application-name' content='Vale'>", "Vale"),
        (
            '<script type="application/ld+json">{"@type": "NewsMediaOrganization", "name": "Orrin Post"}</script>',
            "Orrin Post",
        ),
        (
            (
                '<script type="application/ld+json">{"@graph": [{"@type": "Person", "name": "Bo"}, '
                '{"@type": ["WebSite"], "name": "Orrin Post"}]}</script>'
            ),
            "Orrin Post",
        ),
        ('<script type="application/ld+json">[{"@type": 5}, null, {"name": "x"</script><title>Vale</title>', "Vale"),
        ("<title>Latest news | Orrin Post</title>", "Orrin Post"),
        ("<title>The Orrin Post \u2013 News from the whole valley</title>", "The Orrin Post"),
        ("<title>Startseite</title>", ""),
        ("<title>Vale Courier: all the news</title>", "Vale Courier: all the news"),
        ("", ""),
    ],
)
def test_a_site_has_the_name_that_its_page_declares(head: str, name: str) -> None:
    assert read_front_page(f"<html><head>{head}</head><body><p>x</p></body></html>", URL).feed.title == name


@pytest.mark.parametrize(
    "title", ["RSS", "rss feed", "Feed", "Atom", "RSS 2.0", "Latest news", "Home", " ", "News Feed"]
)
def test_a_title_that_every_feed_may_have_names_no_site(title: str) -> None:
    assert not names_a_site(title)


@pytest.mark.parametrize("title", ["Orrin Post", "Newsday", "Atomic News", "Daily Feed of Vale", "Le Journal", "新聞"])
def test_other_titles_may_be_names(title: str) -> None:
    assert names_a_site(title)
