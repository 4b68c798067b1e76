"""Each line that an edition printed is found, with the story to which it belongs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.letters.editions import finds_evening, finds_morning, full_morning

from digest.edition.parts import Part
from digest.edition.printed import printed_lines
from digest.model.edition import Edition, passages_of


@pytest.mark.parametrize("made", [full_morning, finds_morning, finds_evening])
def test_every_headline_and_every_quoted_passage_is_a_line(made: Callable[[], Edition]) -> None:
    edition = made()
    lines = {(line.headline, line.text) for line in printed_lines(edition)}
    assert {(headline, bullet.text) for headline, bullet in passages_of(edition)} <= lines
    assert {(item.headline, item.headline) for item in edition.items} <= lines


def test_the_lines_around_the_stories_belong_to_none_of_them() -> None:
    edition = full_morning()
    around = {line.kind: line for line in printed_lines(edition) if not line.anchor}
    assert edition.note is not None
    assert (around["Note"].text, around["Subject"].text) == (edition.note.text, edition.subject)


def test_a_number_and_a_quotation_lead_to_the_story_in_the_letter() -> None:
    edition = finds_morning()
    anchors = {item.headline: item.anchor for item in edition.items}
    found = [line for line in printed_lines(edition) if line.part in {Part.NUMBER, Part.QUOTE}]
    assert found
    assert all(line.anchor == anchors[line.headline] for line in found)
