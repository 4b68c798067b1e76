"""The lead story's picture: fetched once, made light, hung in the letter; and a letter is whole without it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs
from PIL import Image as Drawing

from digest.errors import TooSlow
from digest.model.article import Image
from digest.model.edition import Edition, Place
from digest.pipeline.editions.lead_picture import TRY_AGAIN, fetch_pictures, hung, lead_of
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.letters import letter_of

URL = "https://paper1.example/quay.png"


def photograph() -> bytes:
    out = io.BytesIO()
    Drawing.linear_gradient("L").resize((1200, 800)).save(out, "PNG")
    return out.getvalue()


class Web:
    """Answers every address with the same bytes, and counts."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.asked: list[str] = []

    def __call__(self, url: str) -> bytes:
        self.asked.append(url)
        if not self.body:
            raise TooSlow(url, "the total deadline passed")
        return self.body


@pytest.fixture
def newsroom(newsroom: Any) -> Any:
    brand, site = newsroom.settings.brand, newsroom.settings.site
    newsroom.settings = structs.replace(
        newsroom.settings,
        brand=structs.replace(brand, images="hosted"),
        site=structs.replace(site, url="https://news.example/"),
    )
    return newsroom


def pictured(newsroom: Any) -> Edition:
    """Return today's edition, whose lead story names a picture."""
    edition: Edition = newsroom.compose().edition
    image = Image(url=URL, alt="The quay", credit="Ida Falk")
    return replace(edition, items=tuple(replace(i, image=image) if i.place is Place.LEAD else i for i in edition.items))


def runtime(newsroom: Any, web: Web) -> Runtime:
    here: Runtime = newsroom.runtime
    return replace(here, picture=web)


def test_the_picture_is_fetched_once_and_stands_in_the_letter(newsroom: Any) -> None:
    edition, web = pictured(newsroom), Web(photograph())
    fetch_pictures(runtime(newsroom, web), edition)
    fetch_pictures(runtime(newsroom, web), edition)
    assert web.asked == [URL]
    shown = hung(newsroom.stores, newsroom.settings, edition)
    assert shown is not None
    html = letter_of(newsroom.runtime, edition).html
    assert f'src="https://news.example/pictures/{shown.name}.jpg" width="552" height="290" alt="The quay"' in html
    assert "Picture: Ida Falk" in html
    assert (newsroom.stores.pictures.data(shown.name) or b"")[:2] == b"\xff\xd8"


def test_composing_fetches_it(newsroom: Any) -> None:
    for title in ("Ferry to Tarrow sinks and three sailors die", "Ferry to Tarrow sinks, coast guard says"):
        text = (
            "The ferry to Tarrow sank off the harbour on Sunday night and three sailors died, the coast guard said. "
            "Lifeboats rescued 84 passengers from the sea before the hull went down 9 kilometres from the pier. "
            "Minister Ruth Calder ordered an inquiry on Monday and closed the route to all vessels until Friday."
        )
        newsroom.print_(title, text, source=1 + title.endswith("says"), image=Image(url=URL))
    newsroom.picture = web = Web(photograph())
    lead = lead_of(newsroom.compose().edition)
    assert lead is not None
    assert "Ferry" in lead.headline
    assert web.asked == [URL]


def test_without_the_setting_nothing_is_fetched_and_nothing_shown(newsroom: Any) -> None:
    edition, web = pictured(newsroom), Web(photograph())
    fetch_pictures(runtime(newsroom, web), edition)
    newsroom.settings = structs.replace(
        newsroom.settings, brand=structs.replace(newsroom.settings.brand, images="none")
    )
    fetch_pictures(runtime(newsroom, other := Web(photograph())), edition)
    assert other.asked == []
    assert "<img" not in letter_of(newsroom.runtime, edition).html


@pytest.mark.parametrize("body", [b"", b"<html>no picture</html>"])
def test_a_picture_that_cannot_be_had_leaves_a_whole_letter_and_is_asked_for_again_later(
    newsroom: Any, body: bytes
) -> None:
    edition, web = pictured(newsroom), Web(body)
    fetch_pictures(runtime(newsroom, web), edition)
    fetch_pictures(runtime(newsroom, web), edition)
    assert len(web.asked) == 1
    assert newsroom.stores.pictures.of(URL).why_not
    assert "<img" not in letter_of(newsroom.runtime, edition).html
    newsroom.now += TRY_AGAIN + timedelta(seconds=1)
    web.body = photograph()
    fetch_pictures(runtime(newsroom, web), edition)
    assert hung(newsroom.stores, newsroom.settings, edition) is not None


def test_only_the_lead_story_has_a_picture(newsroom: Any) -> None:
    edition = pictured(newsroom)
    lead = lead_of(edition)
    assert lead is not None
    without = replace(edition, items=tuple(item for item in edition.items if item.place is not Place.LEAD))
    web = Web(photograph())
    fetch_pictures(runtime(newsroom, web), without)
    assert (web.asked, lead_of(without)) == ([], None)
