"""An article that an editor adds by its address is read through the guard, and told in the letter."""

from __future__ import annotations

import pytest
from tests.journeys.conftest import Newsroom, Web, article_page, configuration

from digest.app import open_app
from digest.configuration import load
from digest.edition.acts import AddArticle
from digest.errors import FetchError, RefusedAct, RefusedAddress
from digest.pipeline.editions.acting import do_acts
from digest.pipeline.editions.added import read_article
from digest.pipeline.editions.composing import asked_for
from digest.pipeline.proofs.rebuild import rebuild
from digest.pipeline.proofs.verify import verify_edition

TITLE = "Tram line to Kelp reopens after nine years"
SENTENCES = [
    "The tram line to Kelp reopened on Monday after nine years, and 4,000 people rode it before noon.",
    "The city paid 31 million crowns for new rails, the transport office said in a statement.",
    "A second line to the harbour will follow in May, when three more trams have been delivered.",
]


def test_it_is_read_through_the_guard_and_told(web: Web, empty_room: Newsroom) -> None:
    empty_room.configure(configuration([("Paper", web.paper("paper"))]))
    assert empty_room("fetch").code == 0
    assert empty_room("compose", "--edition", "morning").code in {0, 3}
    url = web.put("/elsewhere/tram", article_page(TITLE, SENTENCES))
    with open_app(load(empty_room.config, {})) as app:
        runtime = app.runtime
        due = asked_for(runtime, "morning", None)
        row = runtime.stores.editions.get(due.key)
        assert row is not None
        article = read_article(runtime, url)
        assert (article.title, article.link) == (TITLE, url)
        act = AddArticle(article_id=article.id, url=article.url, title=article.title)
        composed = do_acts(runtime, due, row, (act,), author="Ana").row
        assert composed.edition is not None
        item = next(item for item in composed.edition.items if item.headline == TITLE)
        assert item.link == url
        assert any("4,000 people" in bullet.text for bullet in item.bullets)
        assert verify_edition(runtime, "morning").unproved == ()
        assert rebuild(runtime, "morning").difference == ""
        assert read_article(runtime, url) == article


@pytest.mark.parametrize(
    ("url", "error", "words"),
    [
        ("ftp://paper.example/story", RefusedAct, "whole address"),
        ("paper.example/story", RefusedAct, "whole address"),
        ("http://192.168.7.7/story", RefusedAddress, "192.168.7.7"),
    ],
)
def test_what_is_no_public_address_is_refused(
    web: Web, empty_room: Newsroom, url: str, error: type[Exception], words: str
) -> None:
    empty_room.configure(configuration([("Paper", web.paper("paper"))]))
    with open_app(load(empty_room.config, {})) as app, pytest.raises(error, match=words):
        read_article(app.runtime, url)


def test_a_page_that_is_not_there_or_no_article_is_refused_and_not_stored(web: Web, empty_room: Newsroom) -> None:
    empty_room.configure(configuration([("Paper", web.paper("paper"))]))
    blank = web.put("/blank", "<!doctype html><html><head><title>x</title></head><body></body></html>")
    with open_app(load(empty_room.config, {})) as app:
        with pytest.raises(FetchError, match="404"):
            read_article(app.runtime, web.url("/nothing"))
        with pytest.raises((RefusedAct, FetchError)):
            read_article(app.runtime, blank)
        assert app.stores.articles.of_url(blank) is None
