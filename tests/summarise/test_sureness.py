"""How sure a find is: the shipped models, and the traits that they ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import pytest

from digest.model.article import Article
from digest.model.kind import TextKind
from digest.summarise.finds import announcements, figures, quoted
from digest.summarise.finds.study import study
from digest.summarise.finds.sureness import FindKind, judged, loaded, shipped

DAY = date(2026, 5, 4)
TEXT = (
    "Some 140,000 night train passengers can claim back their fares, the council of Norrhaven said. "
    "The council of Norrhaven will vote on the harbour budget on 12 May. "
    "“Nobody in this town believed that the ships would come back,” said Ida Lund, a pilot of the harbour."
)
Make = Callable[..., Article]


def traits(make: Make) -> dict[FindKind, Mapping[str, float]]:
    """Return the traits of one sentence of each kind."""
    studied = study(make(TEXT, title="Norrhaven"), DAY, DAY, TextKind.NEWS)
    number, ahead, quotation = studied.sentences
    figure, saying = figures.figure_of(number, studied), quoted.saying_of(quotation)
    named = announcements.mentions_in(ahead, studied)
    event = announcements.event_of(ahead, studied, named)
    assert figure
    assert saying
    assert event
    speaker = quoted.speaker_of(saying, studied, quotation)
    assert speaker
    return {
        "number": figures.figure_traits(studied, number, figure),
        "next": announcements.next_traits(studied, ahead, named, event),
        "quote": quoted.quote_traits(studied, quotation, saying, speaker),
    }


def test_the_shipped_models_ask_only_for_traits_that_finders_give(article: Make) -> None:
    for kind, given in traits(article).items():
        assert set(shipped()[kind].traits) <= set(given)


def test_each_bar_is_a_trait_that_its_finder_gives_and_no_part_of_the_model(article: Make) -> None:
    given = traits(article)
    decided: dict[FindKind, tuple[str, ...]] = {
        "number": figures.BARS,
        "quote": quoted.BARS + quoted.NEEDS,
        "next": announcements.BARS + announcements.NEEDS,
    }
    for kind, fixed in decided.items():
        assert set(fixed) <= set(given[kind])
        assert set(fixed).isdisjoint(shipped()[kind].traits)


def test_every_trait_is_a_small_number(article: Make) -> None:
    for given in traits(article).values():
        assert all(-1 <= value <= 5 for value in given.values()), given


MODEL = loaded({"constant": -1.0, "least": 0.5, "traits": {"first": [0.5, 2.0], "long": [0.25, -1.0]}})


def test_each_trait_adds_its_weight_for_what_it_is_above_its_mean() -> None:
    assert MODEL.parts({"first": 1.0, "long": 0.5}) == {"first": 1.0, "long": -0.25}


@pytest.mark.parametrize(
    ("first", "long", "value", "printed"),
    [(0.5, 0.25, 0.269, False), (1.0, 0.25, 0.5, True), (1.0, 0.5, 0.438, False), (1.5, 0.25, 0.731, True)],
)
def test_the_log_odds_are_the_constant_and_what_the_traits_add(
    first: float, long: float, value: float, *, printed: bool
) -> None:
    verdict = MODEL.judged({"first": first, "long": long})
    assert (round(verdict.value, 3), verdict.printed) == (value, printed)


def test_a_missing_trait_is_an_error() -> None:
    with pytest.raises(KeyError):
        judged("number", {})


def test_a_verdict_names_its_strongest_traits(article: Make) -> None:
    verdict = judged("number", traits(article)["number"])
    assert verdict.printed
    model = loaded(
        {"constant": 0.0, "least": 0.5, "traits": {name: [0.0, number] for number, name in enumerate("abcd")}}
    )
    assert model.judged(dict.fromkeys("abcd", -1.0)).why == "sure to 0.00 (d -3.0, c -2.0, b -1.0)"
