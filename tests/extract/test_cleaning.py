from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.extract.blocks import align, layout, spaceless
from digest.extract.candidates import candidates
from digest.extract.clean import Weights, clean, residue_probability, shipped_weights, without_credit
from digest.extract.evidence import PLACES, Known, observe
from digest.extract.markup import parse
from digest.extract.repeated_lines import fingerprint, furniture
from digest.extract.teasers import teasers
from digest.extract.vocabulary import is_notice

LONG = (
    "The harbour board met on Sunday and decided, after a long debate about money, that the ferry will sail again {}."
)


def page_of(body: str) -> str:
    return f"<html><head></head><body>{body}</body></html>"


def texts(body: str) -> list[str]:
    return [block.text for block in layout(parse(page_of(body), "u")).blocks]


def test_blocks_end_where_a_browser_breaks_the_line() -> None:
    body = "<div>One <b>two</b><p>three <a href='#'>four</a></p>five<br>six<ul><li>seven</li></ul></div>"
    assert texts(body) == ["One two", "three four", "five", "six", "seven"]


def test_scripts_and_controls_hold_no_text() -> None:
    assert texts("<p>Text</p><script>var x</script><noscript>y</noscript><select><option>z</option></select>") == [
        "Text"
    ]


def test_a_block_knows_its_links_and_what_stands_around_it() -> None:
    (block,) = layout(parse(page_of("<figure class='Photo'><p><a href='#'>abcde</a> fgh</p></figure>"), "u")).blocks
    assert block.linked == 5
    assert {"figure", "p"} <= block.context.around
    assert block.context.parent is not None
    assert block.context.parent.names == "photo"


def test_lines_are_found_again_though_cut_or_listed() -> None:
    blocks = layout(parse(page_of("<p>A first line</p><ul><li>An item</li></ul><p>A first line</p>"), "u")).blocks
    found = align(["A first line", "- An item", "A first line", "unknown"], blocks)
    assert [block.index if block else None for block in found] == [0, 1, 2, None]


def test_a_paragraph_set_like_the_text_is_proposed_though_the_extractor_passed_over_it() -> None:
    lines = [LONG.format(n) for n in ("today", "tomorrow", "on Friday")]
    body = "".join(f"<p class='body'>{line}</p>" for line in lines)
    proposed = candidates([lines[0], lines[2]], layout(parse(page_of(body), "u")).blocks)
    assert [(line.text, line.taken) for line in proposed] == [
        (lines[0], True),
        (lines[1], False),
        (lines[2], True),
    ]


def test_a_paragraph_that_the_extractor_lost_is_taken_up() -> None:
    lines = [LONG.format(n) for n in ("today", "tomorrow", "on Friday", "in May", "in June")]
    body = "<article>" + "".join(f"<p class='body'>{line}</p>" for line in lines) + "</article>"
    page = layout(parse(page_of(body), "u"))
    assert clean([*lines[:2], *lines[3:]], page, Known(news=True)) == lines


def test_a_text_of_short_lines_is_not_emptied() -> None:
    names = [f"- Nominee {chr(65 + n)}" for n in range(20)]
    body = "<article><ul>" + "".join(f"<li>{name[2:]}</li>" for name in names) + "</ul></article>"
    kept = clean(names, layout(parse(page_of(body), "u")), Known())
    assert len(kept) > 10


def below(body: str) -> list[str]:
    lines = candidates(texts(body), layout(parse(page_of(body), "u")).blocks)
    return [line.text for line in teasers(lines)]


def test_what_a_part_of_the_page_shows_below_a_heading_of_further_articles_is_a_teaser() -> None:
    text = f"<article><p>{LONG.format('today')}</p></article>"
    cards = "<section><div><h2>More from the Harbour Post</h2><div><h3>A boat is lost</h3><p>It sank.</p></div></div>"
    assert sorted(below(f"{text}{cards}</section><p>Behind it</p>")) == ["A boat is lost", "It sank."]


def test_a_heading_within_the_text_makes_no_teasers() -> None:
    paragraph = f"<p>{LONG.format('today')}</p>"
    assert below(f"<article>{paragraph}<h2>More about the ferry</h2>{paragraph}</article>") == []
    assert below(f"<article>{paragraph}</article><section><h2>The ferry</h2>{paragraph}</section>") == []


def test_lines_without_a_letter_go() -> None:
    lines = [LONG.format("today"), "|---|---|", LONG.format("in May")]
    assert clean(lines, layout(parse(page_of("<p>x</p>"), "u")), Known()) == [lines[0], lines[2]]


@pytest.mark.parametrize(
    "line",
    [
        "They met in May.JANE DOE / AFP / Getty Images",
        "The two ministers on the ferry. Photo: Jane Doe / Reuters",
        "Sand rises over the pier as the gate is closed. (Image: Jane Doe)",
        "The two ministers on the ferry [Photo by: Jane Doe / AFP].",
    ],
)
def test_a_short_line_that_carries_a_credit_is_a_caption(line: str) -> None:
    assert without_credit(line) == ""


def test_a_credit_is_cut_from_the_end_of_a_long_paragraph() -> None:
    paragraph = " ".join(LONG.format(n) for n in ("today", "tomorrow", "on Friday", "in May"))
    assert without_credit(f"{paragraph}JANE DOE / AFP") == paragraph


@pytest.mark.parametrize(
    "line", ["She said: “No.” He left for Paris / Orly", "The and/or question remains.", "It rose 3.5 / 4.5 points."]
)
def test_what_only_looks_like_a_credit_stays(line: str) -> None:
    assert without_credit(line) == line


@pytest.mark.parametrize(
    "line",
    [
        "Give a Comment6083",
        "Share this on Facebook",
        "Lesen Sie auch: Die Fähre kommt",
        "ANZEIGE",
        "Wednesday 14 October 2026, 00:20",
        "Stand: 14. Oktober 2026, 9.30 Uhr",
        "segunda-feira, 22 de janeiro de 2026 às 0:13",
        "Mis à jour le lundi 3 mars 2026 à 10:12",
        "maandag 2 maart 2026, 10:30",
        "mandag 2. mars 2026 kl. 10:30",
        "(Reporting by Jane Doe; Editing by John Roe)",
        "© 2026 Harbour Courier",
        "Our evening letter is written by the editors. Sign up today and find our newsletter in your inbox.",
    ],
)
def test_a_line_that_says_that_it_is_a_notice_is_one(line: str) -> None:
    assert is_notice(line)


@pytest.mark.parametrize(
    "line",
    [
        "It was in May 2026.",
        "Monday",
        "Shares fell on Monday after the board's statement.",
        "Copyright law was the subject of the debate, and both sides claimed to have won it" + " in the end" * 20,
        "Reporting by the commission found no fault with the ferry" + ", it said" * 30,
    ],
)
def test_a_sentence_that_begins_like_a_notice_is_none(line: str) -> None:
    assert not is_notice(line)


@given(st.lists(st.text(min_size=1, max_size=200).map(str.strip).filter(bool), max_size=8))
def test_every_line_gets_a_probability(lines: list[str]) -> None:
    page = layout(parse(page_of("".join(f"<p>{n}</p>" for n in range(3))), "u"))
    proposed = candidates(lines, page.blocks)
    for seen in observe(proposed, page, Known(titles=("A title",), authors=("Jane Doe",), site_name="Site")):
        assert 0 <= residue_probability(seen, shipped_weights()) <= 1


def test_every_weight_is_of_something_that_is_observed_in_a_known_place() -> None:
    weights = shipped_weights()
    assert set(weights.in_place) == set(PLACES)
    assert weights.everywhere["is the title"] > 1


def test_furniture_is_what_stands_on_several_pages() -> None:
    promo = "Support our work: {} readers already do."
    pages = [f"{LONG.format(n)}\n\n{promo.format(n * 111)}" for n in range(3)]
    found = furniture(pages)
    assert fingerprint(promo.format(5)) in found
    assert furniture(pages[:2]) == frozenset()


def test_long_paragraphs_and_lines_without_letters_are_never_furniture() -> None:
    assert furniture(["x " * 300, "* * *"] * 5) == frozenset()


@given(st.text())
def test_comparing_forms_are_stable(text: str) -> None:
    assert fingerprint(fingerprint(text)) == fingerprint(text)
    assert not any(character.isspace() for character in spaceless(text))


NOWHERE = layout(parse(page_of("<p>x</p>"), "u"))


def weighed(**everywhere: float) -> Weights:
    """Return weights of observations by their names, ``_`` for a blank; all else weighs nothing."""
    named = {name.replace("_", " "): weight for name, weight in everywhere.items()}
    return Weights(named, {place: {} for place in PLACES})


def sure(probability: float) -> float:
    """Return the weight that makes a line residue with this probability."""
    return math.log(probability / (1 - probability))


def test_an_observation_weighs_by_how_much_is_seen_of_it_and_an_unknown_one_nothing() -> None:
    weights = weighed(length=0.5)
    assert residue_probability({"length": 2.0, "unheard of": 7.0}, weights) == pytest.approx(1 / (1 + math.exp(-1)))
    assert residue_probability({"length": 1e9}, weights) == 1 / (1 + math.exp(-30.0)) < 1
    assert residue_probability({"length": -1e9}, weights) == 1 / (1 + math.exp(30.0)) > 0


def test_weights_of_places_add_to_those_of_everywhere_but_not_a_places_own() -> None:
    weights = Weights({"tiny": 1.0}, {"news": {"tiny": 2.0, "news": 9.0, "last": 4.0}, "passed": {"tiny": 16.0}})
    assert weights.at(("news", "passed")) == {"tiny": 19.0, "last": 4.0}
    assert weights.at(()) == {"tiny": 1.0}
    assert weights.at(("news",)) == {"tiny": 3.0, "last": 4.0}
    here, elsewhere = ({"tiny": 1.0, "last": 1.0} | place for place in ({"passed": 1.0}, {}))
    placed = Weights({"tiny": 1.0}, {"passed": {"tiny": 2.0, "last": 4.0}})
    assert residue_probability(here, placed) == pytest.approx(1 / (1 + math.exp(-7)))
    assert residue_probability(elsewhere, placed) == pytest.approx(1 / (1 + math.exp(-1)))
    assert weights == Weights({"tiny": 1.0}, weights.in_place), "what was summed up is no part of them"
    assert "19.0" not in repr(weights)


def test_of_lines_of_which_nothing_is_known_those_that_are_as_likely_residue_as_not_go() -> None:
    lines = [LONG.format(n) for n in ("today", "tomorrow", "on Friday", "in May")]
    assert clean(lines, NOWHERE, Known(), weights=weighed(bias=-1.0, first=1.0)) == lines[1:]
    assert clean(lines, NOWHERE, Known(), weights=weighed(bias=-1.0, first=0.99)) == lines


@pytest.mark.parametrize(("passed", "taken_up"), [(0.29, True), (0.31, False), (0.49, False)])
def test_a_paragraph_that_was_passed_over_needs_better_evidence(passed: float, *, taken_up: bool) -> None:
    lines = [LONG.format(n) for n in ("today", "tomorrow", "on Friday", "in May", "in June")]
    body = "<article>" + "".join(f"<p class='body'>{line}</p>" for line in lines) + "</article>"
    page = layout(parse(page_of(body), "u"))
    weights = weighed(bias=-5.0, passed=5.0 + sure(passed))
    kept = clean([*lines[:2], *lines[3:]], page, Known(), weights=weights)
    assert kept == (lines if taken_up else [*lines[:2], *lines[3:]])


@pytest.mark.parametrize(("few", "kept"), [(0.92, True), (0.93, False), (0.94, False)])
def test_when_less_than_two_fifths_would_stay_only_what_is_certainly_residue_goes(few: float, *, kept: bool) -> None:
    lines = [f"{LONG.format(n)} They spoke."[-100:] for n in ("today", "in May", "in June", "in July", "in Graz")]
    assert set(map(len, lines)) == {100}
    one, two = weighed(bias=sure(few), first=-9.0), weighed(bias=sure(few), first=-9.0, last=-9.0)
    assert clean(lines, NOWHERE, Known(), weights=one) == (lines if kept else lines[:1])
    assert clean(lines, NOWHERE, Known(), weights=two) == [lines[0], lines[4]]


@pytest.mark.parametrize(("title", "stays"), [("The ferry sails", False), ("The ferry sail", True)])
def test_a_line_of_fifteen_characters_that_is_the_title_goes(title: str, *, stays: bool) -> None:
    lines = [LONG.format("today"), title, LONG.format("in May")]
    kept = clean(lines, NOWHERE, Known(titles=(title,)), weights=weighed(bias=-9.0))
    assert (title in kept) == stays
    assert title in clean(lines, NOWHERE, Known(), weights=weighed(bias=-9.0))


@pytest.mark.parametrize(("length", "caption"), [(350, True), (351, False)])
def test_a_text_of_three_hundred_and_fifty_characters_with_a_credit_is_a_caption(length: int, *, caption: bool) -> None:
    text = "x" * (length - 1) + "."
    for credit in ("JANE DOE / AFP", " (Image: Jane Doe)"):
        assert without_credit(text + credit) == ("" if caption else text)
    assert without_credit(text) == text
