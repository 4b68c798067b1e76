"""Journeys with a paper's front page: it orders the paper's articles, and nothing depends on its coming."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.journeys.conftest import STORIES, configuration
from tests.journeys.test_articles import feed, printed

if TYPE_CHECKING:
    from tests.journeys.conftest import Newsroom, Web


def told(web: Web, room: Newsroom, setting: str) -> str:
    """Fetch and compose five articles of one paper; return what ``explain`` says of the edition."""
    items = [
        printed(web, f"/front/story-of-the-day-{n}", title, tuple(text)) for n, (title, *text) in enumerate(STORIES)
    ]
    source = feed(web, "/front/feed.xml", items)
    text = configuration([("Daily Tarrow", source)])
    room.configure(text.replace(f'url = "{source}"\n', f'url = "{source}"\nfront_page = "{setting}"\n'))
    assert room("fetch").code == 0
    assert room("compose", "--edition", "morning").code == 0
    return room("explain", "morning").out


def home(web: Web, order: list[int]) -> str:
    teasers = "".join(
        f"<h2><a href='{web.url(f'/front/story-of-the-day-{number}')}'>{STORIES[number][0]}</a></h2>"
        for number in order
    )
    return f"<html><body><main>{teasers}</main></body></html>"


def test_the_front_page_is_read_and_explain_says_what_it_adds(web: Web, empty_room: Newsroom) -> None:
    last = len(STORIES) - 1
    web.put("/", home(web, list(range(last, -1, -1))))
    try:
        account = told(web, empty_room, "auto")
    finally:
        del web.files["/"]
    block = account.partition(STORIES[last][0])[2]
    assert "front page (place 1 on its paper's front page, prominence 1.00" in block.split("\n\n")[0]
    assert empty_room("verify", "morning").code == 0


@pytest.mark.parametrize(("setting", "status"), [("off", 200), ("{url}", 503), ("{url}", 404)])
def test_a_front_page_that_is_off_or_fails_costs_nothing(
    web: Web, empty_room: Newsroom, setting: str, status: int
) -> None:
    url = web.put("/front/home", home(web, [0, 1, 2, 3, 4]), status=status)
    account = told(web, empty_room, setting.format(url=url))
    assert STORIES[0][0] in account
    assert "front page" not in account
