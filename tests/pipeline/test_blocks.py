"""The blocks of an edition: fetched, frozen with the letter, shown everywhere; one that fails costs only itself."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec import structs
from PIL import Image as Drawing
from tests.letters.looks import WEATHER

from digest.errors import HttpStatus
from digest.model.edition import EditionState
from digest.model.ids import EditionKey
from digest.pipeline.check.check import Doors, check
from digest.pipeline.editions.blocks import tried_blocks
from digest.pipeline.editions.composing import compose_edition
from digest.pipeline.editions.published import as_read, issue_of, letter_page
from digest.pipeline.proofs.explain import explain
from digest.pipeline.proofs.rebuild import rebuild
from digest.pipeline.runtime import Runtime
from digest.settings import BlockSettings
from digest.storage.retention import Retention

ADDRESS = "https://weather.example/today.json"
LINE = BlockSettings(kind="line", text="The Courier is 150 years old.", place="lead")


@pytest.fixture
def newsroom(newsroom: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a newsroom with a public site, whose runtime fetches the data of blocks from ``newsroom.web``."""
    newsroom.settings = structs.replace(
        newsroom.settings, site=structs.replace(newsroom.settings.site, url="https://news.example")
    )
    newsroom.web = {ADDRESS: json.dumps(WEATHER).encode()}
    newsroom.asked = []

    def data(url: str, seconds: float) -> bytes:
        newsroom.asked.append(url)
        assert seconds > 0
        if url not in newsroom.web:
            raise HttpStatus(url, 503)
        found: bytes = newsroom.web[url]
        return found

    plain: Callable[[Any], Runtime] = type(newsroom).runtime.fget
    monkeypatch.setattr(type(newsroom), "runtime", property(lambda self: replace(plain(self), data=data)))
    return newsroom


def with_blocks(newsroom: Any, *blocks: BlockSettings) -> None:
    newsroom.change(blocks=blocks)


def weather(**changes: Any) -> BlockSettings:
    return structs.replace(BlockSettings(kind="weather", source=ADDRESS), **changes)


def sent(newsroom: Any) -> EditionKey:
    newsroom.freeze()
    key: EditionKey = newsroom.due().key
    return key


def test_a_letter_shows_its_blocks_in_html_text_archive_and_feed(newsroom: Any) -> None:
    with_blocks(newsroom, LINE, weather(title="Out there"))
    key = sent(newsroom)
    letter = newsroom.stores.archive.letter(key)
    for said in ("150 years old", "Out there", "Hallby"):
        assert said in letter.html
        assert said in letter.text
    page = letter_page(newsroom.runtime, key)
    assert page is not None
    assert "Out there" in page
    issue = issue_of(newsroom.runtime, key)
    assert issue is not None
    assert [block.kind for block in as_read(newsroom.runtime, issue).blocks["end"]] == ["weather"]


def test_what_a_block_gave_is_frozen_with_the_letter(newsroom: Any) -> None:
    with_blocks(newsroom, weather())
    key = sent(newsroom)
    newsroom.web.clear()
    newsroom.asked.clear()
    made = rebuild(newsroom.runtime, str(key))
    assert (made.difference, made.letter_bytes > 0) == ("", True)
    assert newsroom.asked == []


def test_an_edition_composed_again_from_its_articles_does_not_ask_again(newsroom: Any) -> None:
    with_blocks(newsroom, weather())
    newsroom.compose()
    newsroom.web.clear()
    again = compose_edition(newsroom.runtime, newsroom.due(), fresh=False)
    assert again.edition is not None
    assert [block.kind for block in again.edition.blocks] == ["weather"]
    assert newsroom.asked == [ADDRESS]


@pytest.mark.parametrize(
    ("block", "why"),
    [
        (weather(source="https://weather.example/gone.json"), "HTTP status 503"),
        (weather(source="config/none.json"), "No such file"),
        (weather(source="x" * 300), "File name too long"),
        (BlockSettings(kind="tides"), "no block is called 'tides'"),
        (weather(seconds=0.1), "longer than 0.1 seconds"),
    ],
)
def test_a_block_that_fails_costs_only_itself_and_is_told(newsroom: Any, block: BlockSettings, why: str) -> None:
    with_blocks(newsroom, block, LINE)
    key = sent(newsroom)
    assert "150 years old" in newsroom.stores.archive.letter(key).html
    assert newsroom.stores.editions.get(key).state is EditionState.SENDING
    account = explain(newsroom.runtime, str(key), None)
    assert any(line.startswith(f"Block {block.kind}: left out: ") and why in line for line in account.lines())
    assert "Block line: shown (lead)" in "\n".join(account.lines())


def test_a_block_is_shown_on_its_dates_only(newsroom: Any) -> None:
    today = newsroom.due().key.date
    for first, last, shown in (
        (today, today, True),
        (today + timedelta(days=1), None, False),
        (None, today - timedelta(days=1), False),
        (date(2020, 1, 1), None, True),
    ):
        with_blocks(newsroom, structs.replace(LINE, first=first, last=last))
        assert bool(newsroom.compose().edition.blocks) is shown


def photograph() -> bytes:
    out = io.BytesIO()
    Drawing.linear_gradient("L").resize((1200, 800)).save(out, "PNG")
    return out.getvalue()


def test_the_picture_of_a_line_is_served_by_us_and_stays_as_long_as_its_letter(newsroom: Any) -> None:
    address = "https://ferries.example/ad.png"
    newsroom.web[address] = photograph()
    with_blocks(newsroom, structs.replace(LINE, picture=address, alt="A ferry", sponsor="Ferries"))
    key = sent(newsroom)
    (block,) = newsroom.stores.editions.get(key).edition.blocks
    assert f'src="https://news.example/pictures/{block.picture.name}.jpg"' in block.html
    assert address not in newsroom.stores.archive.letter(key).html
    old = Retention(newsroom.stores.database)
    assert sum(old.pictures(newsroom.now + timedelta(days=90), dry=False)) == 0
    assert newsroom.stores.pictures.data(block.picture.name)


def test_a_line_whose_picture_cannot_be_had_is_shown_without_it(newsroom: Any) -> None:
    with_blocks(newsroom, structs.replace(LINE, picture="https://ferries.example/gone.png"))
    (block,) = newsroom.compose().edition.blocks
    assert "150 years" in block.html
    assert "<img" not in block.html


def test_the_check_makes_each_block_once_and_names_what_fails(newsroom: Any) -> None:
    with_blocks(newsroom, weather(source="config/none.json"), LINE)
    doors = Doors(blocks=lambda name: tried_blocks(newsroom.runtime, name))
    found = {one.subject: one for one in check(newsroom.runtime, lambda _name, _kind: (), doors)}
    assert "No such file" in found["block weather of morning"].words
    with_blocks(newsroom, LINE)
    found = {one.subject: one for one in check(newsroom.runtime, lambda _name, _kind: (), doors)}
    assert found["blocks of morning"].words == "made: line"


def test_a_fault_of_the_program_sets_the_block_aside_and_the_letter_is_made(newsroom: Any) -> None:
    with_blocks(newsroom, LINE, weather())
    newsroom.web[ADDRESS] = None  # base64 of None raises a TypeError, which nobody foresees
    edition = newsroom.compose().edition
    assert [block.kind for block in edition.blocks] == ["line"]
    ((kind, key),) = newsroom.stores.quarantine.held()
    assert (kind.value, key) == ("block", f"{edition.key}/weather")
