"""Readers choose their time zone where an edition leaves by it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from msgspec import structs
from tests.web.conftest import Serve
from tests.web.sites import Site, ask

from digest.pipeline.readers.corrections import ReaderChange, correct_reader

CHOSEN = re.compile(r"<option selected>([^<]*)</option>")


def link(site: Site, url: str) -> str:
    form = site.form(url, "/preferences", address=site.stored().address)
    assert ask(url, "/preferences", "POST", form).status == 200
    return site.mailed("choose")


def following(text: str) -> str:
    found = re.search(r'action="(/choose/[\w-]+)"', text)
    assert found is not None
    return found[1]


@pytest.fixture
def zoned(site: Site) -> Site:
    """Give a site whose morning edition leaves by its readers' zones."""
    morning = structs.replace(site.settings.editions["morning"], reader_zone=True)
    site.settings = structs.replace(site.settings, editions=site.settings.editions | {"morning": morning})
    site.runtime = replace(site.runtime, settings=site.settings)
    site.reader()
    return site


def test_a_reader_chooses_a_time_zone_and_the_page_shows_it(zoned: Site, serve: Serve) -> None:
    url = serve(zoned.app())
    page = link(zoned, url)
    before = ask(url, page).text
    assert "Your time zone" in before
    assert CHOSEN.findall(before) == []
    stored = ask(url, page, "POST", {"act": "choose", "edition": "morning", "zone": "America/New_York"}).text
    assert zoned.stored().zone == "America/New_York"
    assert CHOSEN.findall(stored) == ["America/New_York"]
    ask(url, following(stored), "POST", {"act": "choose", "edition": "morning", "zone": ""})
    assert zoned.stored().zone == ""


def test_a_zone_that_no_form_offers_changes_nothing(zoned: Site, serve: Serve) -> None:
    url = serve(zoned.app())
    correct_reader(zoned.runtime, zoned.stored().address, ReaderChange(zone="US/Eastern"))
    page = link(zoned, url)
    assert CHOSEN.findall(ask(url, page).text) == ["US/Eastern"], "what is stored is among the choices"
    stored = ask(url, page, "POST", {"act": "choose", "edition": "morning", "zone": "Moon/Crater"}).text
    assert "Your choices are saved." in stored
    assert zoned.stored().zone == "US/Eastern"


def test_nobody_is_asked_where_no_edition_leaves_by_the_readers_zones(site: Site, serve: Serve) -> None:
    site.reader()
    url = serve(site.app())
    correct_reader(site.runtime, site.stored().address, ReaderChange(zone="Asia/Tokyo"))
    page = link(site, url)
    assert "Your time zone" not in ask(url, page).text
    ask(url, page, "POST", {"act": "choose", "edition": "morning"})
    assert site.stored().zone == "Asia/Tokyo", "a form without the field leaves it as it is"
