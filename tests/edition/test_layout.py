"""The letter's blocks within its words: what fits to the word, what is kept for later blocks, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs

from digest.edition.layout import Layout, Placed, lay_out, words_of
from digest.edition.memory import MemoryVerdict, Recollection
from digest.edition.telling import Telling
from digest.model.edition import Place
from digest.model.ids import EditionKey
from digest.settings import EditionSettings

Make = Callable[..., Any]
BARE = EditionSettings(title="T", also_stories=0)
"""Nothing is kept for one-liners."""
FRAME = 40
FULL = 5 + 8 + 2 * 5
"""A headline of five words, the credit, two bullets of five."""
LINE = 5 + 2
"""A headline, and the name of a paper."""


def within(words: int, settings: EditionSettings = BARE) -> EditionSettings:
    """Return settings whose stories have so many words."""
    return structs.replace(settings, words=FRAME + words)


def laid(settings: EditionSettings, *tellings: Telling, earlier: EditionKey | None = None, note: int = 0) -> Layout:
    return lay_out(settings, tellings, earlier, note)


def places(layout: Layout) -> list[Place]:
    return [placed.place for placed in layout.placed]


def test_a_story_takes_its_headline_its_credit_and_its_bullets_and_a_line_its_headline_and_its_paper(
    telling: Make,
) -> None:
    story = telling(0, bullets=2)
    assert words_of(Placed(telling=story, place=Place.TOP, bullets=story.bullets)) == FULL
    assert words_of(Placed(telling=story, place=Place.ALSO)) == LINE
    assert words_of(Placed(telling=story, place=Place.MISSED)) == LINE


def test_a_story_is_told_in_full_when_its_last_word_fits(telling: Make) -> None:
    assert places(laid(within(FULL), telling(0, bullets=2))) == [Place.LEAD]
    short = laid(within(FULL - 1), telling(0, bullets=2))
    assert short.placed == ()
    assert short.left_out[0].reason == "no room: the stories above fill the letter"


def test_the_editors_note_takes_its_words_from_the_stories(telling: Make) -> None:
    assert places(laid(within(FULL + 9), telling(0, bullets=2), note=9)) == [Place.LEAD]
    assert laid(within(FULL + 8), telling(0, bullets=2), note=9).placed == ()
    assert places(lay_out(within(FULL), [telling(0, bullets=2)], None)) == [Place.LEAD], "there may be no note"


def test_stories_below_the_lead_leave_room_for_four_lines_or_as_many_as_there_may_be(telling: Make) -> None:
    both = [telling(n, bullets=2) for n in range(2)]
    for lines, kept in ((1, 1), (4, 4), (6, 4)):
        settings = structs.replace(BARE, also_stories=lines)
        assert places(laid(within(2 * FULL + 14 * kept, settings), *both)) == [Place.LEAD, Place.TOP]
        assert places(laid(within(2 * FULL + 14 * kept - 1, settings), *both)) == [Place.LEAD, Place.ALSO]


def test_a_line_that_is_there_already_needs_no_more_room(telling: Make) -> None:
    settings = structs.replace(BARE, also_stories=1)
    three = (telling(0, bullets=2), telling(1, bullets=0), telling(2, bullets=2))
    assert places(laid(within(2 * FULL + LINE, settings), *three)) == [Place.LEAD, Place.TOP, Place.ALSO]


def test_room_is_kept_for_a_long_read_until_there_is_one(telling: Make) -> None:
    settings = structs.replace(BARE, in_depth_stories=1)
    both = [telling(n, bullets=2) for n in range(2)]
    assert places(laid(within(2 * FULL + 45, settings), *both)) == [Place.LEAD, Place.TOP]
    assert places(laid(within(2 * FULL + 44, settings), *both)) == [Place.LEAD]
    long = telling(2, bullets=1, minutes=settings.in_depth_minutes)
    first, deep, second = both[0], long, both[1]
    assert places(laid(within(2 * FULL + 5 + 8 + 5, settings), first, deep, second)) == [
        Place.LEAD,
        Place.TOP,
        Place.IN_DEPTH,
    ]


def test_only_a_long_text_with_a_bullet_is_a_long_read(telling: Make) -> None:
    settings = structs.replace(BARE, in_depth_stories=1)
    enough = settings.in_depth_minutes
    assert places(laid(within(500, settings), telling(0, bullets=1, minutes=enough))) == [Place.IN_DEPTH]
    assert laid(within(500, settings), telling(0, bullets=1, minutes=enough - 1)).placed == ()
    assert laid(within(500, settings), telling(0, bullets=0, minutes=enough)).placed == ()
    two = [telling(n, bullets=1, minutes=enough) for n in range(2)]
    assert places(laid(within(500, settings), *two)) == [Place.IN_DEPTH]


def test_a_line_is_a_line_when_it_fits_and_there_are_not_enough(telling: Make) -> None:
    settings = structs.replace(BARE, also_stories=2)
    lines = [telling(n, bullets=0) for n in range(3)]
    full = [telling(n, bullets=2) for n in range(3, 4 + settings.top_stories)]
    assert places(laid(within(900, settings), *full, *lines))[len(full) :] == [Place.ALSO] * 2
    assert places(laid(within(500, settings), *lines)) == [Place.ALSO] * 3, "what no story fills in full is for lines"
    assert places(laid(within(2 * LINE, settings), *lines)) == [Place.ALSO] * 2
    assert places(laid(within(2 * LINE - 1, settings), *lines)) == [Place.ALSO]


def test_every_line_that_finds_no_place_is_named_with_the_reason(telling: Make) -> None:
    settings = structs.replace(BARE, also_stories=2)
    lines = [telling(n, bullets=0) for n in range(5)]
    full = [telling(n, bullets=2) for n in range(5, 6 + settings.top_stories)]
    crowded = laid(within(900, settings), *full, *lines)
    narrow = laid(within(LINE, settings), *lines)
    for found, left in ((crowded, lines[2:]), (narrow, lines[1:])):
        reasons = {each.story_id: each.reason for each in found.left_out}
        assert reasons == {one.story.id: "no room: the stories above fill the letter" for one in left}


@pytest.mark.parametrize("top", [1, 3])
def test_there_is_a_lead_and_as_many_top_stories_as_the_settings_say(telling: Make, top: int) -> None:
    settings = structs.replace(BARE, top_stories=top)
    found = laid(within(900, settings), *(telling(n, bullets=2) for n in range(6)))
    assert places(found) == [Place.LEAD, *[Place.TOP] * top]
    early = [telling(n, bullets=2, since=n < 2) for n in range(6)]
    assert places(laid(within(900, settings), *early)) == [Place.LEAD, Place.TOP, *[Place.LEFT] * (top - 1)]


def test_third_bullets_come_while_their_last_word_fits_those_of_the_first_stories_first(telling: Make) -> None:
    both = [telling(n, bullets=3) for n in range(2)]

    def bullets(words: int) -> list[int]:
        return [len(placed.bullets) for placed in laid(within(words), *both).placed]

    assert bullets(2 * FULL + 4) == [2, 2]
    assert bullets(2 * FULL + 5) == [3, 2]
    assert bullets(2 * FULL + 9) == [3, 2]
    assert bullets(2 * FULL + 10) == [3, 3]
    assert [len(placed.bullets) for placed in laid(within(500), telling(0, bullets=5)).placed] == [3]


def test_a_story_of_before_gets_a_third_bullet_as_well(telling: Make) -> None:
    found = laid(within(500), telling(0, bullets=3), telling(1, bullets=3, since=False))
    assert [(placed.place, len(placed.bullets)) for placed in found.placed] == [(Place.LEAD, 3), (Place.LEFT, 3)]


def reworded(one: Telling, *texts: str) -> Telling:
    """Return a telling with other bullets."""
    made = zip(one.bullets, texts, strict=True)
    return replace(one, bullets=tuple(replace(bullet, text=text) for bullet, text in made))


def test_a_bullet_that_shares_three_of_five_runs_of_three_words_says_the_same_again(telling: Make) -> None:
    first = reworded(telling(0, bullets=2), "a b c d e f g", "h i j k l m n")
    same = reworded(telling(1, bullets=2), "a b c d e y z", "o p q r s t u")
    assert places(laid(within(500), first, same)) == [Place.LEAD]
    other = reworded(telling(1, bullets=2), "a b c d x y z", "o p q r s t u")
    assert places(laid(within(500), first, other)) == [Place.LEAD, Place.TOP]


def recalled(one: Telling, verdict: MemoryVerdict, told: Any, *, since: bool = False) -> Telling:
    return replace(one, recollection=Recollection(verdict=verdict, reason="told", told=told, covered_since=since))


def test_an_evening_opens_with_four_updates_at_most_and_the_others_fold_into_one_line(
    telling: Make, told: Make
) -> None:
    updates = [
        recalled(telling(n, bullets=2), MemoryVerdict.UPDATE, told(telling(n).story, headline=f"Told {n}"))
        for n in range(6)
    ]
    earlier = updates[0].recollection.told
    assert earlier is not None
    found = laid(within(500), *updates, earlier=earlier.edition)
    assert places(found) == [Place.UPDATE] * 4
    assert found.still_covered == ("Told 4", "Told 5")
    assert [each.reason for each in found.left_out] == ["told; no room for another update"] * 2
    narrow = laid(within(FULL + 4), *updates[:2], earlier=earlier.edition)
    assert (places(narrow), narrow.still_covered) == ([Place.UPDATE], ("Told 1",))


def test_the_still_covered_line_names_five_headlines_each_once_while_its_words_fit(telling: Make, told: Make) -> None:
    folded = [
        recalled(telling(n), MemoryVerdict.STILL_COVERED, told(telling(n).story, headline=f"Told {n}"), since=True)
        for n in (0, 0, 1, 2, 3, 4, 5)
    ]
    assert laid(within(500), *folded).still_covered == ("Told 0", "Told 1", "Told 2", "Told 3", "Told 4")
    assert laid(within(4), *folded).still_covered == ("Told 0", "Told 1")
    assert laid(within(5), *folded).still_covered == ("Told 0", "Told 1")
    taken = laid(within(FULL + 2 + 5), telling(9, bullets=3), folded[0])
    assert (taken.still_covered, len(taken.placed[0].bullets)) == (("Told 0",), 3)
    tight = laid(within(FULL + 2 + 4), telling(9, bullets=3), folded[0])
    assert (tight.still_covered, len(tight.placed[0].bullets)) == (("Told 0",), 2)


def test_three_told_stories_that_nothing_followed_are_reminders_in_the_words_of_the_edition_before(
    telling: Make, told: Make
) -> None:
    resting = [
        recalled(telling(n), MemoryVerdict.STILL_COVERED, told(telling(n).story, headline=f"Told {n}"))
        for n in range(4)
    ]
    earlier = resting[0].recollection.told
    assert earlier is not None
    found = laid(within(500), *resting, earlier=earlier.edition)
    assert [(placed.place, placed.telling.headline) for placed in found.placed] == [
        (Place.MISSED, f"Told {n}") for n in range(3)
    ]
    assert [(each.story_id, each.reason) for each in found.left_out] == [(resting[3].story.id, "told")]
    assert places(laid(within(4), *resting, earlier=earlier.edition)) == [Place.MISSED]
    assert laid(within(3), *resting, earlier=earlier.edition).placed == ()


def test_what_the_editor_wants_is_told_again_and_though_its_section_has_its_number(telling: Make, told: Make) -> None:
    again = recalled(telling(0, bullets=2), MemoryVerdict.STILL_COVERED, told(telling(0).story))
    wanted = replace(again, pinned=True)
    assert places(laid(within(500), wanted)) == [Place.LEAD]
    held = replace(wanted, story=replace(wanted.story, held_back="sport has its 2"))
    assert places(laid(within(500), held)) == [Place.LEAD]
    assert laid(within(500), replace(held, pinned=False)).left_out[0].reason == "sport has its 2"


def test_updates_then_new_stories_then_long_reads_then_those_of_before_then_lines_then_reminders(
    telling: Make, told: Make
) -> None:
    settings = structs.replace(BARE, also_stories=1, in_depth_stories=1)
    update = recalled(telling(0, bullets=2), MemoryVerdict.UPDATE, told(telling(0).story))
    reminder = recalled(telling(1), MemoryVerdict.STILL_COVERED, told(telling(1).story))
    rest = [
        telling(2, bullets=0),
        telling(3, bullets=2, since=False),
        telling(4, bullets=1, minutes=settings.in_depth_minutes),
        telling(5, bullets=2),
    ]
    earlier = update.recollection.told
    assert earlier is not None
    found = laid(within(900, settings), reminder, *rest, update, earlier=earlier.edition)
    assert places(found) == [Place.UPDATE, Place.LEAD, Place.IN_DEPTH, Place.LEFT, Place.ALSO, Place.MISSED]
