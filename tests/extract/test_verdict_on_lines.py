"""The verdict on a line, by weights of our own: from which probability it goes, and what comes before the weights."""

from __future__ import annotations

import math

import pytest

from digest.extract.blocks import layout
from digest.extract.clean import LONGEST_CAPTION, Weights, clean, residue_probability, shipped_weights, without_credit
from digest.extract.evidence import PLACES, Known
from digest.extract.markup import parse
from digest.extract.repeated_lines import fingerprint

NOWHERE = {place: dict[str, float]() for place in PLACES}
SENTENCES = tuple(
    f"The ferry number {n} sailed to the island with sheep and wool at {n} o'clock." for n in range(1, 11)
)


def logit(probability: float) -> float:
    return math.log(probability / (1 - probability))


def weighing(everywhere: dict[str, float], **in_place: dict[str, float]) -> Weights:
    named = {place.replace("_", " "): weights for place, weights in in_place.items()}
    return Weights(everywhere, NOWHERE | named)


def kept(lines: tuple[str, ...], weights: Weights, body: str = "", **known: object) -> list[str]:
    markup = body or "".join(f"<p>{line}</p>" for line in lines)
    page = layout(parse(f"<html><body><article>{markup}</article></body></html>", "https://paper.example/"))
    return clean(lines, page, Known(**known), weights=weights)  # type: ignore[arg-type]


@pytest.mark.parametrize(("total", "probability"), [(0.0, 0.5), (1000.0, 1.0), (-1000.0, 0.0), (logit(0.3), 0.3)])
def test_what_speaks_for_residue_adds_up_to_a_probability(total: float, probability: float) -> None:
    assert residue_probability({"bias": 2.0}, weighing({"bias": total / 2})) == pytest.approx(probability)


def test_what_no_weight_is_known_of_says_nothing() -> None:
    assert residue_probability({"bias": 1.0, "new": 7.0}, weighing({"bias": 1.0})) == pytest.approx(
        1 / (1 + math.e**-1)
    )


def test_where_places_meet_their_weights_are_added_and_none_weighs_itself() -> None:
    weights = weighing({"day": 1.0}, passed={"day": 2.0, "passed": 50.0}, news={"day": 4.0, "bold": 8.0})
    assert dict(weights.at(())) == {"day": 1.0}
    assert dict(weights.at(("passed",))) == {"day": 3.0}
    assert dict(weights.at(("passed", "news"))) == {"day": 7.0, "bold": 8.0}
    assert dict(weights.at(())) == {"day": 1.0}, "what was added stays where it belongs"
    assert residue_probability({"day": 1.0, "passed": 1.0}, weights) == pytest.approx(1 / (1 + math.exp(-3)))


def test_a_line_goes_from_even_odds_on() -> None:
    lines = SENTENCES
    marked = (*lines[:9], f"| {lines[9]}")
    assert len(kept(marked, weighing({"bias": -9.0, "table": 9.0 + logit(0.49)}))) == 10
    assert kept(marked, weighing({"bias": -9.0, "table": 9.0})) == list(lines[:9])


def test_when_too_little_would_stay_only_what_is_certain_goes() -> None:
    assert kept(SENTENCES, weighing({"bias": logit(0.92)})) == list(SENTENCES)
    assert kept(SENTENCES, weighing({"bias": logit(0.94)})) == []
    two = (f"| {'x' * 57}.", f"{'The ferry sailed again with wool'.ljust(39, 's')}.")
    assert kept(two, weighing({"bias": -9.0, "table": 9.0 + logit(0.8)})) == [two[1]], "four tenths are enough"
    less = (f"| {'x' * 70}.", two[1])
    assert kept(less, weighing({"bias": -9.0, "table": 9.0 + logit(0.8)})) == list(less)


PASSED = "This paragraph was passed over by the extractor, though it is set exactly like all the others of the text."


@pytest.mark.parametrize(("probability", "taken"), [(0.29, True), (0.31, False)])
def test_a_paragraph_that_was_passed_over_needs_better_evidence(
    probability: float,
    taken: bool,  # noqa: FBT001 - the case itself
) -> None:
    lines = tuple(f"{line} It carried the post of a whole week and a new bell for the school." for line in SENTENCES)
    body = "".join(f"<p>{line}</p>" for line in (*lines[:3], PASSED, *lines[3:]))
    found = kept(lines, weighing({"bias": -9.0, "passed": 9.0 + logit(probability)}), body)
    assert (PASSED in found) == taken
    assert len(found) == 10 + taken


def test_a_line_that_is_the_title_goes_when_it_is_long_enough_to_mean_nothing_else() -> None:
    weights = weighing({"bias": -9.0})
    long, short = "Ferries return.", "Ferries again."
    assert (len(long), len(short)) == (15, 14)
    assert kept((long, *SENTENCES), weights, titles=(long,)) == list(SENTENCES)
    assert kept((short, *SENTENCES), weights, titles=(short,)) == [short, *SENTENCES]


def test_furniture_of_the_host_goes() -> None:
    page = layout(parse("<html><body></body></html>", "https://paper.example/"))
    own = "Our readers keep the lights of this newsroom burning."
    found = clean((own, *SENTENCES), page, Known(), frozenset({fingerprint(own)}), weighing({"bias": -9.0}))
    assert found == list(SENTENCES)


def test_without_weights_of_our_own_those_that_are_shipped_judge() -> None:
    page = layout(parse("".join(f"<p>{line}</p>" for line in SENTENCES), "https://paper.example/"))
    assert clean(SENTENCES, page, Known()) == clean(SENTENCES, page, Known(), weights=shipped_weights())


CREDIT = " (Photo: Jane Doe)"


def test_what_carries_a_credit_and_is_no_longer_than_a_caption_is_one() -> None:
    longest = "x" * (LONGEST_CAPTION - 1) + "."
    assert without_credit(longest + CREDIT) == ""
    assert without_credit(f"x{longest}{CREDIT}") == f"x{longest}"
    assert without_credit(longest) == longest, "without a credit it is text"
    assert without_credit(f"x{longest}JANE DOE / AFP") == f"x{longest}"
    assert without_credit(f"x{longest} (Photo of the year)") == f"x{longest} (Photo of the year)"
