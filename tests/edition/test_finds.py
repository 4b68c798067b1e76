"""Which finds a letter shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from digest.edition.finds import Origin, opening_names, sought, words_of
from digest.edition.finds import with_finds as finds_of
from digest.model.edition import Edition, Item, Place
from digest.model.finds import Close, Earlier, Find, StoryFinds
from digest.model.ids import ArticleId, EditionKey, StoryId
from digest.model.story import Bullet
from digest.settings import WITHOUT_FINDS, EditionSettings

PLAN = EditionSettings(title="Morning", number_of_day=True, quote_of_day=True)


def with_finds(
    told: Edition, found: Mapping[StoryId, StoryFinds], plan: EditionSettings, spare: tuple[Origin, ...] = ()
) -> Edition:
    return finds_of(told, lambda story_id: found.get(story_id, StoryFinds()), plan, spare)


def passage(text: str) -> Bullet:
    return Bullet(
        article_id=ArticleId("1" * 64),
        link="https://paper.example/1",
        source_name="Gazette",
        text=text,
        start=0,
        end=len(text),
    )


def find(text: str, figure: str = "", *, leans: bool = False) -> Find:
    return Find(passage=passage(text), why="a test", figure=figure, leans=leans)


def item(number: int, place: Place = Place.TOP, *, headline: str = "", bullets: tuple[str, ...] = ()) -> Item:
    return Item(
        story_id=StoryId(f"s{number}"),
        place=place,
        anchor=f"a{number}",
        headline=headline or f"Headline {number}",
        link="https://paper.example/1",
        source_name="Gazette",
        bullets=tuple(map(passage, bullets)),
    )


def edition(*items: Item) -> Edition:
    return Edition(
        key=EditionKey(name="morning", date=date(2026, 11, 23)),
        title="Morning",
        language="en",
        zone="UTC",
        cut=datetime(2026, 11, 23, 5, tzinfo=UTC),
        subject="s",
        preheader="p",
        items=items,
    )


def slugs(*names: str) -> dict[StoryId, StoryFinds]:
    return {StoryId(f"s{number}"): StoryFinds(slug=name, slug_why="a test") for number, name in enumerate(names)}


def test_the_opening_names_the_first_three_stories() -> None:
    made = with_finds(edition(*(item(n) for n in range(4))), slugs("Norrhaven", "Stenvik", "Hallby", "Almvik"), PLAN)
    assert made.finds.names == ("Norrhaven", "Stenvik", "Hallby")


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (("Norrhaven", "", "Hallby"), ("Norrhaven", "Hallby")),
        (("Norrhaven", "Stenvik", ""), ("Norrhaven", "Stenvik")),
        (("Ek", "Ola Ek", "Lund"), ("Ek", "Lund")),
        (("Norrhaven", "Norrhaven", ""), ()),
        (("", "Stenvik", "Hallby"), ("Stenvik", "Hallby")),
        (("", "", "Hallby", "", "Almvik", "Brunvik", "Rostholm"), ("Hallby", "Almvik", "Brunvik")),
        (("", "", "", "Hallby", "Almvik"), ()),
        (("Norrhaven", "", ""), ()),
    ],
)
def test_the_opening_names_two_or_three_stories_in_their_order(names: tuple[str, ...], shown: tuple[str, ...]) -> None:
    assert opening_names([StoryFinds(slug=name) for name in names]) == shown


def test_a_story_whose_name_is_taken_shows_its_next_name() -> None:
    first = (
        StoryFinds(slug="Norrhaven"),
        StoryFinds(slug="Norrhaven", other_slugs=("Stenvik",)),
        StoryFinds(slug="Hallby"),
    )
    assert opening_names(first) == ("Norrhaven", "Stenvik", "Hallby")


def test_a_name_that_another_story_of_the_letter_has_too_names_none() -> None:
    told = edition(item(0), item(1, bullets=("The ferry to Norrhaven is late.",)), item(2), item(3))
    found = slugs("Norrhaven", "Stenvik", "Hallby", "Almvik")
    assert with_finds(told, found, PLAN).finds.names == ("Stenvik", "Hallby", "Almvik")
    second = {**found, StoryId("s0"): StoryFinds(slug="Norrhaven", other_slugs=("Brunvik",))}
    assert with_finds(told, second, PLAN).finds.names == ("Brunvik", "Stenvik", "Hallby")


def test_a_one_liner_gets_its_name_only_if_its_headline_lacks_it() -> None:
    told = edition(
        item(0, Place.ALSO, headline="President sworn in amid protests"),
        item(1, Place.ALSO, headline="Stenvik fire is out"),
        item(2, Place.TOP, headline="A story in full"),
    )
    made = with_finds(told, slugs("Bolivia", "Stenvik", "Hallby"), PLAN)
    assert [each.slug for each in made.items] == ["Bolivia", "", ""]


AHEAD = {
    StoryId("s0"): StoryFinds(coming=(find("The court will rule on the trains on Thursday."),)),
    StoryId("s1"): StoryFinds(coming=(find("The bridge opens to all traffic on Sunday."),)),
}


def test_what_is_next_stands_under_a_story_in_full_and_else_in_the_block() -> None:
    made = with_finds(edition(item(0), item(1, Place.ALSO)), AHEAD, PLAN)
    assert made.items[0].ahead == AHEAD[StoryId("s0")].coming[0]
    assert [each.story_id for each in made.finds.coming] == ["s1"]


def test_the_block_takes_all_of_them_by_setting() -> None:
    made = with_finds(edition(item(0), item(1, Place.ALSO)), AHEAD, EditionSettings(title="M", whats_next="block"))
    assert [each.story_id for each in made.finds.coming] == ["s0", "s1"]
    assert made.items[0].ahead is None


def test_a_letter_has_at_most_three_sentences_on_what_is_next() -> None:
    texts = ("The court will rule.", "A bridge opens soon.", "Boats race at noon.", "Voters choose a mayor.")
    found = {StoryId(f"s{n}"): StoryFinds(coming=(find(text),)) for n, text in enumerate(texts)}
    made = with_finds(edition(*(item(n) for n in range(4))), found, PLAN)
    assert [each.ahead is not None for each in made.items] == [True, True, True, False]


def test_a_sentence_that_a_bullet_tells_already_is_not_shown_again() -> None:
    said = "The cost of the barrier has risen to 2.4 billion crowns."
    other = "Some 140,000 passengers can claim back their fares."
    found = {StoryId("s0"): StoryFinds(numbers=(find(said, figure="2.4 billion"), find(other, figure="140,000")))}
    made = with_finds(edition(item(0, bullets=(said,))), found, PLAN)
    assert made.finds.number is not None
    assert made.finds.number.find.figure == "140,000"


def test_number_and_quote_come_from_two_stories_if_they_can() -> None:
    both = StoryFinds(
        numbers=(find("A number of 140,000."),), quotes=(find("“We are glad of it,” said Ida Lund, a pilot."),)
    )
    found = {
        StoryId("s0"): both,
        StoryId("s1"): replace(both, quotes=(find("“The sea is calm today,” said Ola Ek, a cook."),)),
    }
    made = with_finds(edition(item(0), item(1)), found, PLAN)
    assert made.finds.number is not None
    assert made.finds.quote is not None
    assert (made.finds.number.story_id, made.finds.quote.story_id) == ("s0", "s1")


def test_nothing_is_shown_of_a_story_that_the_editor_wrote() -> None:
    own = replace(item(0), own=True)
    made = with_finds(edition(own), AHEAD | slugs("Norrhaven"), PLAN)
    assert made.items == (own,)


def test_every_part_can_be_turned_off() -> None:
    found = {
        StoryId("s0"): StoryFinds(
            slug="Norrhaven",
            coming=AHEAD[StoryId("s0")].coming,
            numbers=(find("A number of 140,000."),),
            quotes=(find("“We are glad of it,” said Ida Lund, a pilot."),),
            light=True,
        )
    }
    told = edition(item(0), item(1, Place.ALSO))
    assert with_finds(told, found, EditionSettings(title="M", **WITHOUT_FINDS)) == told  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"opening_names": True}, {"names"}),
        ({"one_liner_names": True}, {"names"}),
        ({"whats_next": "block"}, {"names", "coming"}),
        ({"number_of_day": True}, {"names", "numbers"}),
        ({"quote_of_day": True}, {"names", "quotes"}),
        ({"light_story": True}, {"light"}),
        ({}, set()),
    ],
)
def test_a_letter_looks_for_what_its_settings_ask_and_names_each_sentences_story(
    settings: dict[str, Any], expected: set[str]
) -> None:
    asked = sought(EditionSettings(title="M", **{**WITHOUT_FINDS, **settings}))
    assert {name for name in ("names", "coming", "numbers", "quotes", "light") if getattr(asked, name)} == expected
    assert asked.sentences == bool(expected & {"coming", "numbers", "quotes"})


def test_the_end_says_when_the_next_letter_comes() -> None:
    made = with_finds(edition(item(0)), {}, PLAN)
    assert made.finds.close == Close(next_letter=datetime(2026, 11, 24, 6, tzinfo=UTC), share=True, reply=True)


def test_an_edition_on_demand_has_no_next_letter() -> None:
    made = with_finds(edition(item(0)), {}, EditionSettings(title="M", kind="on_demand"))
    assert made.finds.close == Close(share=True, reply=True)


def test_a_light_story_is_a_one_liner_that_was_found_light() -> None:
    found = {StoryId(f"s{n}"): StoryFinds(light=True) for n in (0, 2)}
    made = with_finds(
        edition(item(0), item(1, Place.ALSO), item(2, Place.ALSO)), found, EditionSettings(title="M", light_story=True)
    )
    assert made.finds.close is not None
    assert made.finds.close.light == "s2"


def test_words_of_finds_count() -> None:
    made = with_finds(edition(item(0), item(1, Place.ALSO)), AHEAD, PLAN)
    assert words_of(made) == 9 + 8


def test_a_story_below_the_letter_lends_a_sentence_only_if_the_letters_own_have_none() -> None:
    spare = (Origin(story_id=StoryId("s9"), headline="A story below"),)
    lent = StoryFinds(numbers=(find("Some 8,200 emergencies were treated."),), coming=(find("Boats race on Sunday."),))
    made = with_finds(edition(item(0)), {StoryId("s9"): lent}, PLAN, spare)
    assert made.finds.number is not None
    assert [made.finds.number.headline, *(each.headline for each in made.finds.coming)] == ["A story below"] * 2
    own = StoryFinds(numbers=(find("A number of 140,000."),), coming=AHEAD[StoryId("s0")].coming)
    made = with_finds(edition(item(0)), {StoryId("s9"): lent, StoryId("s0"): own}, PLAN, spare)
    assert made.finds.number is not None
    assert (made.finds.number.story_id, made.finds.coming) == ("s0", ())


def test_a_sentence_that_needs_its_headline_stands_under_its_story_only() -> None:
    leaning = {
        StoryId(f"s{n}"): StoryFinds(coming=(find("Its next hearing is due on 3 December.", leans=True),))
        for n in (0, 1)
    }
    made = with_finds(edition(item(0), item(1, Place.ALSO)), leaning, PLAN)
    assert made.items[0].ahead is not None
    assert made.finds.coming == ()
    block = with_finds(edition(item(0)), leaning, EditionSettings(title="M", whats_next="block"))
    assert (block.items[0].ahead, block.finds.coming) == (None, ())


def sure(text: str, sureness: float) -> Find:
    return replace(find(text, "7"), sureness=sureness)


def test_the_surest_number_of_all_stories_is_shown_with_its_own_headline() -> None:
    told = edition(item(0), item(1))
    found = {
        StoryId("s0"): StoryFinds(numbers=(sure("The barge carried 7 sheep to the island.", 0.6),)),
        StoryId("s9"): StoryFinds(numbers=(sure("Some 7 million herrings came into the bay.", 0.9),)),
    }
    spare = (Origin(story_id=StoryId("s9"), headline="Herrings are back"),)
    shown = with_finds(told, found, PLAN, spare).finds.number
    assert shown is not None
    assert (shown.headline, shown.find.sureness) == ("Herrings are back", 0.9)


@pytest.mark.parametrize(("surer", "shown"), [(0.84, "s0"), (0.86, "s1")])
def test_a_number_of_a_one_liner_is_shown_only_if_it_is_surer(surer: float, shown: str) -> None:
    found = {
        StoryId("s0"): StoryFinds(numbers=(sure("The barge carried 7 sheep to the island.", 0.8),)),
        StoryId("s1"): StoryFinds(numbers=(sure("Some 7 million herrings came into the bay.", surer),)),
    }
    number = with_finds(edition(item(0), item(1, Place.ALSO)), found, PLAN).finds.number
    assert number is not None
    assert number.story_id == StoryId(shown)


def test_a_spare_number_that_is_hardly_surer_does_not_replace_the_letters_own() -> None:
    found = {
        StoryId("s0"): StoryFinds(numbers=(sure("The barge carried 7 sheep to the island.", 0.8),)),
        StoryId("s9"): StoryFinds(numbers=(sure("Some 7 million herrings came into the bay.", 0.85),)),
    }
    spare = (Origin(story_id=StoryId("s9"), headline="Herrings are back"),)
    shown = with_finds(edition(item(0)), found, PLAN, spare).finds.number
    assert shown is not None
    assert shown.story_id == StoryId("s0")


def test_a_sentence_that_repeats_a_headline_of_the_letter_is_not_shown() -> None:
    told = edition(item(0, headline="Some 7 million herrings came into the bay"))
    found = {StoryId("s0"): StoryFinds(numbers=(sure("Some 7 million herrings came into the bay.", 0.9),))}
    assert with_finds(told, found, PLAN).finds.number is None


HERRINGS = "Some 7 million herrings came into the bay."
SHEEP = "The barge carried 7 sheep to the island."
SPARE = (Origin(story_id=StoryId("s9"), headline="Herrings are back"),)


def number_of(told: Edition, found: Mapping[StoryId, StoryFinds], plan: EditionSettings = PLAN) -> str:
    """Return the story of the number of the day, with one spare story."""
    shown = with_finds(told, found, plan, SPARE).finds.number
    return shown.story_id if shown else ""


@pytest.mark.parametrize(("spare", "story"), [(0.5, "s0"), (0.625, "s0"), (0.75, "s9")])
def test_a_spare_number_is_taken_if_it_is_surer_by_a_tenth(spare: float, story: str) -> None:
    found = {
        StoryId("s0"): StoryFinds(numbers=(sure(SHEEP, 0.625),)),
        StoryId("s9"): StoryFinds(numbers=(sure(HERRINGS, spare),)),
    }
    assert number_of(edition(item(0)), found) == story


def test_of_equally_sure_numbers_the_first_is_shown() -> None:
    found = {
        StoryId("s0"): StoryFinds(numbers=(sure(SHEEP, 0.5),)),
        StoryId("s1"): StoryFinds(numbers=(sure(HERRINGS, 0.5),)),
    }
    assert number_of(edition(item(0), item(1)), found) == "s0"


@pytest.mark.parametrize(("sureness", "story"), [(0.55, "s0"), (0.65, "s1")])
def test_a_story_that_has_a_find_shows_another_one_only_if_that_is_surer(sureness: float, story: str) -> None:
    found = {
        StoryId("s0"): StoryFinds(numbers=(sure(SHEEP, 0.5),)),
        StoryId("s1"): StoryFinds(coming=(find("Boats race on Sunday at noon."),), numbers=(sure(HERRINGS, sureness),)),
    }
    assert number_of(edition(item(0), item(1)), found) == story


def test_no_sentence_is_shown_twice() -> None:
    told = edition(item(0), item(1, Place.ALSO))
    same = {StoryId(f"s{n}"): StoryFinds(coming=(find(HERRINGS),), numbers=(sure(HERRINGS, 0.9),)) for n in (0, 1)}
    made = with_finds(told, same, PLAN)
    assert (made.items[0].ahead is not None, made.finds.coming, made.finds.number) == (True, (), None)
    both = {StoryId("s0"): StoryFinds(numbers=(sure(HERRINGS, 0.9),), quotes=(sure(HERRINGS, 0.9),))}
    shown = with_finds(told, both, PLAN).finds
    assert (shown.number is not None, shown.quote) == (True, None)


@pytest.mark.parametrize(
    ("headline", "repeated"),
    [
        ("Some 7 million herrings came yesterday", True),
        ("Some 7 million herrings were seen yesterday", False),
    ],
    ids=["half of its runs", "fewer"],
)
def test_a_sentence_repeats_what_has_half_of_its_runs_of_three_words(headline: str, *, repeated: bool) -> None:
    found = {StoryId("s0"): StoryFinds(numbers=(sure("Some 7 million herrings came into the bay.", 0.9),))}
    assert (number_of(edition(item(0, headline=headline)), found) == "") is repeated


def test_a_breaking_letter_takes_no_sentence_of_another_story() -> None:
    found = {StoryId("s9"): StoryFinds(numbers=(sure(HERRINGS, 0.9),))}
    assert number_of(edition(item(0)), found) == "s9"
    breaking = EditionSettings(title="M", kind="breaking", number_of_day=True)
    assert number_of(edition(item(0)), found, breaking) == ""


def test_a_spare_story_lends_what_is_next_only_if_it_needs_no_headline() -> None:
    for leans, shown in ((False, 1), (True, 0)):
        found = {StoryId("s9"): StoryFinds(coming=(find(HERRINGS, leans=leans),))}
        assert len(with_finds(edition(item(0)), found, PLAN, SPARE).finds.coming) == shown
        off = EditionSettings(title="M", whats_next="off")
        assert with_finds(edition(item(0)), found, off, SPARE).finds.coming == ()


def test_a_letter_has_at_most_three_sentences_on_what_is_next_in_both_places() -> None:
    texts = ("The court will rule.", "A bridge opens soon.", "Boats race at noon.", "Voters choose a mayor.")
    found = {StoryId(f"s{n}"): StoryFinds(coming=(find(text),)) for n, text in enumerate(texts)}
    told = edition(item(0, Place.ALSO), item(1), item(2, Place.ALSO), item(3, Place.ALSO))
    made = with_finds(told, found, PLAN)
    assert [each.story_id for each in made.finds.coming] == ["s0", "s2"]
    assert made.items[1].ahead is not None


def test_the_opening_names_stories_in_full_and_no_one_liners() -> None:
    told = edition(item(0), item(1, Place.ALSO), item(2, Place.MISSED), item(3, Place.LEFT), item(4), item(5))
    found = slugs("Norrhaven", "Stenvik", "Hallby", "Almvik", "Brunvik", "Rostholm")
    assert with_finds(told, found, PLAN).finds.names == ("Norrhaven", "Almvik", "Brunvik")
    assert with_finds(told, found, EditionSettings(title="M", opening_names=False)).finds.names == ()


def test_a_one_liner_of_what_was_missed_has_its_name_too_and_its_reason() -> None:
    told = edition(item(0, Place.MISSED), item(1, Place.ALSO))
    made = with_finds(told, slugs("Norrhaven", "Stenvik"), PLAN).items
    assert [(each.slug, each.slug_why) for each in made] == [("Norrhaven", "a test"), ("Stenvik", "a test")]
    without = with_finds(told, slugs("Norrhaven", "Stenvik"), EditionSettings(title="M", one_liner_names=False)).items
    assert [(each.slug, each.slug_why) for each in without] == [("", ""), ("", "")]


def test_the_words_of_all_finds_and_earlier_headlines_are_counted() -> None:
    found = {
        StoryId("s0"): StoryFinds(
            numbers=(sure(HERRINGS, 0.9),), quotes=(sure("“We are glad of it,” said Ida Lund.", 0.9),)
        )
    }
    made = with_finds(edition(item(0)), found, PLAN)
    assert words_of(made) == 8 + 8
    told = Earlier(edition=made.key, anchor="a", headline="Herrings are back", at=made.cut)
    assert words_of(replace(made, items=(replace(made.items[0], so_far=(told, told)),))) == 8 + 8 + 6
