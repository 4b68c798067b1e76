"""The lines beside the stories: which are printed, and the edition without one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from digest.edition.parts import LABELS, Part, taken_out, without
from digest.edition.printed import Printed, keyed, parts_of, printed_lines
from digest.model.block import Block, BlockPlace
from digest.model.edition import Correction, Edition, Item, Note, Place
from digest.model.finds import Earlier, Find, Finds, Shown
from digest.model.ids import ArticleId, EditionKey, StoryId
from digest.model.story import Bullet

KEY = EditionKey(name="morning", date=date(2026, 11, 23))
NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)


def find(text: str) -> Find:
    passage = Bullet(article_id=ArticleId("1" * 64), link="", source_name="Gazette", text=text, start=0, end=len(text))
    return Find(passage=passage)


def shown(number: int, text: str) -> Shown:
    return Shown(story_id=StoryId(f"s{number}"), headline=f"Headline {number}", find=find(text))


ITEM = Item(
    story_id=StoryId("s0"),
    place=Place.TOP,
    anchor="a0",
    headline="Headline 0",
    link="",
    source_name="Gazette",
    slug="Norrhaven",
    slug_why="a test",
    ahead=find("The council votes on Friday."),
    so_far=(Earlier(edition=KEY, anchor="a", headline="Ferry sold", at=NOW),),
)
FULL = Edition(
    key=KEY,
    title="Morning",
    language="en",
    zone="UTC",
    cut=NOW,
    subject="s",
    preheader="p",
    items=(ITEM,),
    still_covered=("A long strike",),
    corrections=(
        Correction(id=7, edition=KEY, title="M", anchor="a", headline="Ferry sold", wrong="nine", right="six", at=NOW),
    ),
    blocks=tuple(
        Block(kind="weather", place=BlockPlace.END, html="", text=text) for text in ("Rain & wind\nand hail", "x" * 300)
    ),
    finds=Finds(
        names=("Norrhaven", "Stenvik"),
        coming=(shown(1, "Boats race on Sunday."),),
        number=shown(2, "Some 8,200 came."),
        quote=shown(3, "We are glad, she said."),
    ),
)


def test_every_kind_of_line_is_listed_with_its_words() -> None:
    lines = parts_of(FULL)
    assert {line.part for line in lines} == set(Part) == set(LABELS)
    assert [line.words for line in lines][:2] == ["Norrhaven, Stenvik", "Norrhaven"]
    rain = keyed(lines, Part.BLOCK, "weather")
    assert rain is not None
    assert rain.words.startswith("weather: Rain & wind · and hail · xxx")
    assert rain.words.endswith("x…")


@pytest.mark.parametrize("line", parts_of(FULL), ids=lambda line: f"{line.part.value}-{line.key}")
def test_an_edition_without_one_line_has_all_others(line: Printed) -> None:
    left = parts_of(without(FULL, {(line.part, line.key)}))
    assert left == tuple(one for one in parts_of(FULL) if one != line)


def test_a_block_of_120_characters_is_shown_whole() -> None:
    block = replace(FULL.blocks[0], text="x" * 120)
    assert keyed(parts_of(replace(FULL, blocks=(block,))), Part.BLOCK, "weather") == Printed(
        part=Part.BLOCK, key="weather", words=f"weather: {'x' * 120}"
    )


def test_a_thin_edition_and_one_with_a_note_name_no_stories_in_their_opening() -> None:
    assert keyed(parts_of(replace(FULL, thin=True)), Part.OPENING, "") is None
    assert keyed(parts_of(replace(FULL, note=Note(text="Back on Monday."))), Part.OPENING, "") is None


def test_a_sentence_apart_from_its_story_is_listed_with_the_headline() -> None:
    said = {(line.part, line.key): line.words for line in parts_of(FULL)}
    assert said[Part.AHEAD, "s0"] == "The council votes on Friday."
    assert said[Part.AHEAD, "s1"] == "Boats race on Sunday. (Headline 1)"
    assert said[Part.CORRECTION, "7"] == "six (Ferry sold)"


def test_each_part_can_be_corrected_under_the_same_label() -> None:
    kinds = {(line.part, line.key): line.kind for line in printed_lines(FULL) if line.part}
    assert kinds == {(line.part, line.key): line.label for line in parts_of(FULL)}


def test_the_last_wish_on_a_line_counts() -> None:
    number, quote = (Part.NUMBER, ""), (Part.QUOTE, "")
    assert taken_out([(number, False), (quote, False), (number, True)]) == {quote}
