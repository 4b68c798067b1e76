"""A page of a real paper, with a glued credit first and a promo last: its headline and bullets have none of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.conftest import ROOT
from tests.journeys.conftest import configuration

if TYPE_CHECKING:
    from tests.journeys.conftest import Newsroom, Web

PAGE = ROOT.parent / "shared" / "eval" / "data" / "seed" / "article.html"
MOMENT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?")
"""What the page says of its age: it is made young, since editions tell the news of a day."""
DIRT = re.compile(
    r"(?i)\b(photo|photograph|photographer|getty|reuters|afp|epa|composite|caption|newsletter|sign up|subscribe|"
    r"click here|comments?|morning update|evening update|read more|"
    r"share (?:this|on|via))\b|©|\bimages\b|/\s?[A-Z]\w+\s*$"
)


@pytest.mark.skipif(not PAGE.exists(), reason="../shared/eval is not beside this checkout")
def test_a_real_page_gives_a_headline_and_bullets_and_nothing_around_them(web: Web, empty_room: Newsroom) -> None:
    lately = f"{datetime.now(UTC) - timedelta(hours=2):%Y-%m-%dT%H:%M:%SZ}"
    url = web.put("/seed/article", MOMENT.sub(lately, PAGE.read_text(encoding="utf-8")))
    feed = web.feed("/seed/feed.xml", [("A real page", url, "")])
    empty_room.configure(configuration([("Real Paper", feed)]).replace("follows", "floor = 1\nfollows"))
    assert empty_room("fetch").code == 0
    composed = empty_room("compose", "--edition", "evening", "--json")
    (story,) = composed.json["content"]["items"]
    bullets = [bullet["text"] for bullet in story["bullets"]]
    assert 2 <= len(bullets) <= 4
    assert 20 <= len(story["headline"]) <= 120
    assert [line for line in (story["headline"], *bullets) if DIRT.search(line)] == []
