from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from tests.extract.conftest import Press

from digest.extract.article import from_feed


def linked_data(*nodes: Mapping[str, object]) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)


def test_sections_come_from_feed_and_page_each_name_once(press: Press) -> None:
    head = linked_data(
        {"@type": "NewsArticle", "headline": press.title, "articleSection": ["Local", "Ferries, Harbour"]}
    )
    head += '<meta property="article:section" content="local"><meta property="article:tag" content="Islands">'
    entry = replace(press.entry(), sections=("Shipping", "LOCAL"))
    article = press.read(press.html(head=head), entry)
    assert article.sections == ("Shipping", "LOCAL", "Ferries", "Harbour", "Islands")


def test_the_trail_above_an_article_names_sections_without_the_front_page_and_the_title(press: Press) -> None:
    trail = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "Startseite"},
            {"@type": "ListItem", "position": 2, "item": {"@id": "https://x.example/n", "name": "Inseln"}},
            {"@type": "ListItem", "position": 3, "name": press.title},
        ],
    }
    assert press.read(press.html(head=linked_data(trail))).sections == ("Inseln",)


def test_the_types_of_the_article_are_kept_and_those_of_its_surroundings_are_not(press: Press) -> None:
    head = linked_data(
        {"@type": "WebSite", "name": "Harbour Courier"},
        {"@type": ["https://schema.org/OpinionNewsArticle", "Article"], "headline": press.title},
    )
    assert press.read(press.html(head=head)).schema_types == ("Article", "OpinionNewsArticle")


def test_what_the_feed_files_an_article_under_is_known_without_its_page(press: Press) -> None:
    assert from_feed(replace(press.entry(), sections=("Shipping",))).sections == ("Shipping",)
