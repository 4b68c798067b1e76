"""Days of forty invented articles: look-alike events stay apart, and one event told in other words is one story."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from digest.model.article import Article
from digest.rank.agreement import Rarities, agreement, facts
from digest.rank.group import group
from digest.rank.vectors import bags_of

Make = Callable[..., Any]
Told = tuple[str, str]
Pair = tuple[Told, Told]
PRESS = Path(__file__).parent / "press"
LANGUAGES = ("en", "de", "fr", "es")
SIZE = 40
MOST_MERGED, LEAST_JOINED = 0.05, 0.85


def read(name: str) -> list[Pair]:
    """Return the pairs of a file: each begins with a line "= kind", and "--" parts its two articles."""
    blocks = ("\n" + (PRESS / f"{name}.txt").read_text(encoding="utf-8")).split("\n= ")[1:]
    pairs: list[Pair] = []
    for block in blocks:
        one, other = (part.strip("\n").partition("\n") for part in block.split("\n", 1)[1].split("\n--\n"))
        pairs.append(((one[0], one[2].strip()), (other[0], other[2].strip())))
    return pairs


@pytest.fixture(scope="module")
def lookalikes() -> list[Pair]:
    return [pair for language in LANGUAGES for pair in read(f"lookalikes_{language}")]


def joined(make: Make, pairs: Sequence[Pair]) -> Iterator[Pair]:
    """Yield the pairs whose articles land in one story, each on a day with one article of other pairs."""
    for place, pair in enumerate(pairs):
        dice = Random(place)  # noqa: S311 - a day's choice, no secret
        others = [dice.choice(other) for other in pairs if other is not pair]
        told = [*pair, *dice.sample(others, min(SIZE - 2, len(others)))]
        day = [
            make(number, source=number % 9, hours=dice.random() * 12, title=title, text=text)
            for number, (title, text) in enumerate(told)
        ]
        first, second = day[:2]
        if any(first in story and second in story for story in group(day)):
            yield pair


def test_there_are_sixty_look_alikes_and_forty_events_told_twice(lookalikes: list[Pair]) -> None:
    assert len(lookalikes) >= 60
    assert len(read("one_event")) >= 40


@pytest.mark.slow
def test_at_most_one_look_alike_pair_in_twenty_becomes_one_story(article: Make, lookalikes: list[Pair]) -> None:
    merged = [" | ".join(title for title, _ in pair) for pair in joined(article, lookalikes)]
    assert len(merged) <= MOST_MERGED * len(lookalikes), merged


@pytest.mark.slow
def test_one_event_in_the_words_of_two_outlets_is_mostly_one_story(article: Make) -> None:
    pairs = read("one_event")
    assert len(list(joined(article, pairs))) >= LEAST_JOINED * len(pairs)


STREETS = "Mill Lane,Orchard Close,High Street,Priory Road,Bell Row,Chapel Walk,Ferry Way,Oak Hill,Weir End,Kiln Yard"


def test_ten_notices_from_one_template_are_ten_stories(article: Make) -> None:
    notices = [
        article(
            number,
            source=1,
            title=f"Planning notice: {7 * number + 3} {street}, Ashcombe",
            text=f"An application was made for permission to build at {7 * number + 3} {street}, Ashcombe. Comments "
            "must be received by the planning department within 21 days of the date of this notice.",
        )
        for number, street in enumerate(STREETS.split(","))
    ]
    assert len(group(notices)) == len(notices)


def agreed(one: Article, other: Article) -> float:
    """Return the agreement of two articles in which every word is as rare as any."""
    return agreement(facts(one, *bags_of(one)), facts(other, *bags_of(other)), Rarities(lambda _: 1.0, 1.0))


TITLE = "Ferry Solveig collides with quay at Almvik"
TEXT = "The ferry Solveig struck the quay at Almvik on Monday with 40 passengers. Captain Ida Lund was on the bridge."


def test_names_numbers_and_titles_that_differ_each_speak_against_one_event(article: Make) -> None:
    whole = article(1, title=TITLE, text=TEXT)
    same = agreed(whole, article(2, title=TITLE, text=TEXT))
    other_title = agreed(whole, article(2, title="Crew praised after mishap by the sea", text=TEXT))
    other_number = agreed(whole, article(2, title=TITLE, text=TEXT.replace("40", "70")))
    other_names = agreed(
        whole, article(2, title=TITLE.replace("Solveig", "Ragna"), text=TEXT.replace("Solveig", "Ragna"))
    )
    assert same > max(other_title, other_number, other_names)


def test_nothing_is_held_against_bare_headlines(article: Make) -> None:
    assert agreed(article(1, title="Fire in Almvik", text=""), article(2, title="Flood in Hallby", text="")) == 1.0
