"""One name for a section, whatever its language; what stands in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from digest.model.article import Article, TextOrigin
from digest.model.ids import ArticleId, SourceId
from digest.model.source import Source
from digest.text.sections import keys_in, section_key, section_name, sections_of

NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)
GENERAL = Source(id=SourceId(1), url="https://quay.example/feed", name="Quay", publisher="Quay")


def filed(*sections: str, link: str = "https://quay.example/2026/ferry", **changes: Any) -> Article:
    return Article(
        id=ArticleId("0" * 64),
        source_id=SourceId(1),
        url=link,
        link=link,
        title="Ferry returns",
        text="",
        language="en",
        origin=TextOrigin.NONE,
        first_seen=NOW,
        sections=sections,
        **changes,
    )


@pytest.mark.parametrize(
    "name", ["Sport", "SPORTS", "Deportes", "Fußball", "Esportes", "спорт", "رياضة", "ספורט", "スポーツ", "Urheilu"]
)
def test_a_section_has_one_key_in_every_language(name: str) -> None:
    assert section_key(name) == "sport"


def test_sections_of_other_things_keep_their_keys_apart() -> None:
    names = ["Politik", "Wirtschaft", "Economía", "International", "Lokales", "Kultur", "Meinung"]
    assert [*map(section_key, names)] == ["politics", "business", "business", "world", "local", "culture", "opinion"]
    assert section_key("Harbour  Life!") == "harbour life"


def test_a_trail_names_each_of_its_parts() -> None:
    assert {"sport", "news"} <= keys_in("News > Football")
    assert "business" in keys_in("Home / Wirtschaft / Firmen")


def test_an_article_stands_in_its_own_sections_its_folders_and_its_sources() -> None:
    assert sections_of(filed("Politique"), None) == {"politics"}
    assert sections_of(filed(link="https://quay.example/deportes/copa/gol"), None) == {"sport"}
    local = Source(id=SourceId(1), url="https://quay.example/feed", name="Q", publisher="Q", section="Lokales")
    assert sections_of(filed("Sport"), local) == {"local", "sport"}


def test_a_tag_far_down_the_list_names_no_section() -> None:
    found = sections_of(filed("Politics", "Budget", "Council", "Sport", "Tidal barrier"), GENERAL)
    assert "sport" not in found
    assert {"politics", "tidal barrier"} <= found


def test_the_section_that_is_shown_is_the_sources_or_the_first_known_one() -> None:
    assert section_name(filed("Ferry news", "Wirtschaft"), GENERAL) == "Wirtschaft"
    assert section_name(filed("Ferry news"), GENERAL) == ""
