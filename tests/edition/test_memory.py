from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.edition.memory import (
    TOLD_THRESHOLD,
    MemoryVerdict,
    appeared_since,
    near_same_title,
    recall,
    told_already,
)
from digest.text.similarity import shingles

Make = Callable[..., Any]
ALONE, COHESION, SIGN = 0.3, 0.3, 0.03
OPENING, TOLD_CHARACTERS = 250, 2_000
"""What was measured, written out, so that a change of it is seen here."""
FLOOD = (
    "The harbour of Port Vell was closed on Monday after the river Orla rose and flooded its sluices, officials said."
)
TITLE = "Floods close Port Vell harbour"


@pytest.fixture(scope="session")
def morning(story: Make, article: Make, told: Make) -> Any:
    return told(story(0, article(0, title=TITLE, text=FLOOD)), publishers=1)


def test_a_story_of_other_words_is_new(story: Make, article: Make, morning: Any) -> None:
    other = story(5, article(5, title="Museum finds a poet's letters", text="The letters lay in a drawer in Lindau."))
    assert recall(other, [morning]).verdict is MemoryVerdict.NEW
    assert recall(other, []).verdict is MemoryVerdict.NEW
    assert not recall(other, [morning]).covered_since


def test_the_same_article_is_still_covered_and_the_reason_says_why(story: Make, article: Make, morning: Any) -> None:
    found = recall(story(7, article(0, title="Another headline", text="Other words.")), [morning])
    assert found.verdict is MemoryVerdict.STILL_COVERED
    assert found.reason == "told in morning/2026-11-23 (the same article); nothing appeared since"
    assert not found.covered_since


def test_a_near_same_title_at_another_url_is_the_same_story(story: Make, article: Make, morning: Any) -> None:
    found = recall(story(7, article(8, title="Floods close the Port Vell harbour", text="", hours=4)), [morning])
    assert found.verdict is MemoryVerdict.STILL_COVERED
    assert "a near-same title" in found.reason


def test_a_wire_copy_in_another_paper_brings_nothing_new(story: Make, article: Make, told: Make) -> None:
    text = " ".join(f"word{n}" for n in range(60))
    earlier = told(story(0, article(0, title=TITLE, text=text)))
    copy = article(8, title="Sluices give way in Vell, 9 boats lost", text=f"By our desk. {text}", hours=4)
    found = recall(story(7, copy), [earlier])
    assert found.verdict is MemoryVerdict.STILL_COVERED
    assert found.covered_since
    assert found.reason.endswith("nothing new in what appeared since")


def later(article: Make, title: str, text: str = "", hours: float = 5) -> Any:
    return article(9, title=title, text=text or FLOOD, hours=hours, url="https://paper9.example/later",
                   link="https://paper9.example/later")  # fmt: skip


@pytest.mark.parametrize(
    ("title", "text", "sign"),
    [
        ("Floods at Port Vell harbour kill 14", "Officials at the harbour of Port Vell spoke.", "a new number, 14"),
        (
            "Port Vell harbour master resigns after floods",
            "The master of the harbour left.",
            "a decisive word, resigns",
        ),
        ("Ruiz visits Port Vell harbour after floods", "The minister Ana Ruiz saw the harbour.", "a new name, Ruiz"),
    ],
)
def test_a_sign_of_news_in_a_later_article_makes_an_update(
    story: Make, article: Make, morning: Any, title: str, text: str, sign: str
) -> None:
    new = later(article, title, text)
    found = recall(story(0, article(0, title=TITLE, text=FLOOD), new), [morning])
    assert found.verdict is MemoryVerdict.UPDATE
    assert found.new_articles == (new,)
    assert (found.told, found.covered_since) == (morning, True)
    assert found.reason.endswith(f"news: {sign}")


def test_the_same_sign_in_an_article_from_before_the_cut_is_no_update(story: Make, article: Make, morning: Any) -> None:
    old = later(article, "Floods at Port Vell harbour kill 14", "Officials at the harbour spoke.", hours=-1)
    assert recall(story(0, article(0, title=TITLE, text=FLOOD), old), [morning]).verdict is MemoryVerdict.STILL_COVERED


def test_a_later_article_without_a_sign_is_still_covered(story: Make, article: Make, morning: Any) -> None:
    new = later(article, "Harbour of Port Vell remains closed by floods", "The harbour stays shut, it was said.")
    found = recall(story(0, article(0, title=TITLE, text=FLOOD), new), [morning])
    assert found.verdict is MemoryVerdict.STILL_COVERED
    assert found.reason.endswith("nothing new in what appeared since")


def test_the_article_with_the_news_leads_the_update(story: Make, article: Make, morning: Any) -> None:
    background = article(8, title="Harbour of Port Vell: what we know", text="The harbour stays shut.", hours=6)
    news = later(article, "Floods at Port Vell harbour kill 14", "Officials at the harbour spoke.")
    found = recall(story(0, article(0, title=TITLE, text=FLOOD), background, news), [morning])
    assert found.new_articles == (news, background)


def test_doubled_coverage_is_news(story: Make, article: Make, morning: Any) -> None:
    grown = story(0, article(0, title=TITLE, text=FLOOD), *many_of(article, hours=5), publishers=("A", "B", "C", "D"))
    assert "coverage grew from 1 to 4 publishers" in recall(grown, [morning]).reason


def many_of(article: Make, hours: float) -> list[Any]:
    return [
        article(n, title=f"Harbour of Port Vell stays closed {word}", text="It stays shut.", hours=hours)
        for n, word in ((9, "a"), (10, "b"), (11, "c"))
    ]


def test_a_merge_alone_is_no_growth_of_coverage(story: Make, article: Make, morning: Any) -> None:
    one = later(article, "Harbour of Port Vell stays closed today", "It stays shut.")
    merged = story(0, article(0, title=TITLE, text=FLOOD), *many_of(article, hours=-2), one)
    found = recall(merged, [morning])
    assert found.verdict is MemoryVerdict.STILL_COVERED
    assert found.covered_since


@pytest.mark.parametrize(
    ("title", "morning_text", "evening_text"),
    [
        (
            "Obituary",
            "Martha Ellingsworth, a teacher at Cold Spring for forty years, died on Tuesday. Two daughters survive.",
            "Harold Pinnock, who sold nails and paint on Main Street since 1969, died on Monday after a fall at home.",
        ),
        (
            "Morning briefing",
            "Councillors meet on the tidal barrier, nurses vote on pay, and the ferry to Brannoch sails again at noon.",
            "The trial of Leonard Voss opens, a storm nears the valleys, and the museum shows its newest painting.",
        ),
        (
            "Das Wetter heute",
            "Im Norden fällt Regen bei elf Grad, an der Küste weht ein starker Wind, am Abend klart es langsam auf.",
            "Sonne im ganzen Land und bis zu zwanzig Grad, nur in den Alpen ziehen gegen Mittag Gewitter heran.",
        ),
    ],
)
def test_the_same_headline_over_another_event_is_a_new_story(
    story: Make, article: Make, told: Make, title: str, morning_text: str, evening_text: str
) -> None:
    earlier = told(story(0, article(0, title=title, text=morning_text)))
    other = story(7, article(8, title=title, text=evening_text, hours=4))
    assert recall(other, [earlier]).verdict is MemoryVerdict.NEW
    again = story(7, article(8, title=title, text=f"From our desk: {morning_text}", hours=4))
    assert recall(again, [earlier]).verdict is MemoryVerdict.STILL_COVERED


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        (
            "en",
            "Rights groups win as judge overturns Port Vell harbour rule",
            "Port Vell loses in court over harbour rule",
        ),
        (
            "de",
            "Richter kippt Hafenregel: Sieg für Port Vell",
            "Niederlage für die Fischer: Port Vell verliert Hafenregel",
        ),
        ("fr", "Victoire en justice pour le port de Vell", "Le port de Vell perd : les pêcheurs saluent le jugement"),
    ],
)
def test_one_ruling_told_by_either_side_is_no_update(
    story: Make, article: Make, told: Make, language: str, before: str, after: str
) -> None:
    first = article(0, title=before, text=FLOOD)
    other_side = replace(later(article, after, FLOOD), language=language)
    found = recall(story(0, first, other_side), [told(story(0, first))])
    assert found.verdict is MemoryVerdict.STILL_COVERED


def test_what_appeared_since_the_cut_of_the_edition_before_is_known(story: Make, article: Make, morning: Any) -> None:
    assert appeared_since(story(1, article(1, hours=2)), [morning], morning.edition)
    assert not appeared_since(story(1, article(1, hours=-1)), [morning], morning.edition)
    assert appeared_since(story(1, article(1, hours=-1)), [morning], None)


def test_a_development_is_told_once(story: Make, article: Make, told: Make, morning: Any) -> None:
    new = later(article, "Floods at Port Vell harbour kill 14", "Officials at the harbour spoke.")
    grown = story(0, article(0, title=TITLE, text=FLOOD), new)
    assert recall(grown, [morning]).verdict is MemoryVerdict.UPDATE
    evening = told(grown, cut=morning.cut + timedelta(hours=11))
    assert recall(grown, [morning, evening]).verdict is MemoryVerdict.STILL_COVERED


def test_likeness_alone_finds_the_telling(story: Make, article: Make, morning: Any) -> None:
    retold = article(9, title="River Orla floods harbour at Port Vell", text=FLOOD[:80], hours=4)
    found = recall(story(3, retold), [morning])
    assert found.verdict is not MemoryVerdict.NEW
    assert "likeness" in found.reason


def test_a_repeat_is_judged_higher_than_a_stranger() -> None:
    docs = [(TITLE, FLOOD), ("Port Vell harbour shut by flooding", FLOOD[:90])]
    repeat = told_already(docs, ("Harbour of Port Vell closed by floods", FLOOD[20:]))
    stranger = told_already(docs, ("Museum finds a poet's letters", "The letters lay in a drawer in Lindau."))
    assert repeat > TOLD_THRESHOLD > stranger
    assert told_already([], (TITLE, FLOOD)) == 0


def test_short_titles_are_the_same_only_when_equal() -> None:
    assert not near_same_title("Live updates", "Updates live")
    assert near_same_title("Live updates", "live updates")
    assert not near_same_title("", "")


@given(st.text(max_size=80), st.text(max_size=200))
def test_what_was_told_word_for_word_never_returns(
    story: Make, article: Make, told: Make, title: str, text: str
) -> None:
    same = story(0, article(0, title=title, text=text))
    assert recall(same, [told(same)]).verdict is MemoryVerdict.STILL_COVERED


def test_the_scorers_adapter_judges_as_the_corridor_does() -> None:
    adapters = pytest.importorskip("bench.adapters", reason="runs from the checkout")
    assert adapters.TOLD_THRESHOLD is TOLD_THRESHOLD
    morning = [{"title": TITLE, "text": FLOOD, "source": "A"}]
    evening = {"title": "Harbour of Port Vell closed", "text": FLOOD[20:], "source": "B"}
    assert adapters.told_already(morning, evening) == told_already(
        [(TITLE, FLOOD)], (evening["title"], evening["text"])
    )


SAME = ("Ferry", "Ferry sails again")


def test_the_same_telling_loses_what_tellings_of_one_story_have_in_common() -> None:
    assert told_already([SAME], SAME) == pytest.approx(1 - COHESION * ALONE)
    assert told_already([SAME, SAME], SAME) == pytest.approx(1 - COHESION)
    stranger = ("Museum", "Poet letters found")
    assert told_already([SAME, stranger], SAME) == pytest.approx(0.5)
    assert told_already([stranger], SAME) == pytest.approx(-COHESION * ALONE)


def test_a_new_number_and_a_new_decision_in_the_headline_take_something_off() -> None:
    morning = [("Ferry trial", "The ferry trial goes on in Vell.")]
    plain = told_already(morning, ("Ferry trial", "The ferry trial goes on in Vell."))
    numbered = told_already(morning, ("Ferry trial 14", "The ferry trial goes on in Vell."))
    assert numbered < plain
    counted = [("Ferry trial 14", "The ferry trial goes on in Vell.")]
    assert told_already(counted, ("Ferry trial 14", "The ferry trial goes on in Vell.")) == pytest.approx(plain)
    assert told_already(counted, ("Ferry trial 15", "The ferry trial goes on in Vell.")) <= plain - SIGN


def test_only_the_opening_of_a_text_is_compared_and_a_title_counts_twice() -> None:
    opening = "ferry " * 60
    assert len(opening) > OPENING
    one, other = (("", opening + more) for more in ("sheep", "wool"))
    assert told_already([one], other) == pytest.approx(1 - COHESION * ALONE)
    titled, told_twice = ("ferry sheep", "wool"), ("", "ferry ferry sheep sheep wool")
    assert told_already([titled], told_twice) == pytest.approx(1 - COHESION * ALONE)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ferry sails north", "North sails ferry", True),
        ("a1 b1 c1 d1 e1 f1 g1 h1 i1 j1", "a1 b1 c1 d1 e1 f1 g1 h1 i1 x1", False),
        (" ".join(f"w{n}" for n in range(20)), " ".join(f"w{n}" for n in range(18)), True),
        (" ".join(f"w{n}" for n in range(20)), " ".join(f"w{n}" for n in range(17)), True),
        (" ".join(f"w{n}" for n in range(20)), " ".join(f"w{n}" for n in range(16)), False),
        ("Ferry sails", "Sails ferry", False),
        ("Ferry  sails", "FERRY sails", True),
        ("Ferry sails again", "Ferry sails", False),
    ],
)
def test_titles_are_near_same_from_seventeen_words_of_twenty(one: str, other: str, same: bool) -> None:  # noqa: FBT001
    assert near_same_title(one, other) == same
    assert near_same_title(other, one) == same


def words(name: str, count: int) -> str:
    return " ".join(f"{name}{n}" for n in range(count))


@pytest.mark.parametrize(("shared", "copy"), [(62, True), (61, False)])
def test_a_wire_copy_shares_three_fifths_of_the_shorter_text(
    story: Make, article: Make, told: Make, shared: int, *, copy: bool
) -> None:
    earlier = told(story(0, article(0, title="A", text=words("w", 100))))
    text = f"{words('w', shared)} {words('own', 100 - shared)}"
    found = recall(story(7, article(8, title="Quite another headline", text=text)), [earlier])
    assert ("a wire copy" in found.reason) == copy


def test_a_short_text_and_what_stands_far_down_are_no_copy(story: Make, article: Make, told: Make) -> None:
    short = told(story(0, article(0, title="A", text=words("w", 20))))
    assert "a wire copy" not in recall(story(7, article(8, title="B", text=words("w", 20))), [short]).reason
    far = "x" * TOLD_CHARACTERS
    deep = told(story(0, article(0, title="A", text=f"{far} {words('w', 100)}")))
    assert "wire" not in recall(story(7, article(8, title="B", text=f"{far}y {words('w', 100)}")), [deep]).reason


def test_one_of_the_titles_that_were_told_is_enough(story: Make, article: Make, told: Make) -> None:
    titles = ("Quite another headline of that story", TITLE)
    earlier = told(story(0, article(0, title=TITLE, text=FLOOD)), titles=titles)
    found = recall(story(7, article(8, title="Floods close the Port Vell harbour", text="", hours=4)), [earlier])
    assert "a near-same title" in found.reason


def test_of_several_tellings_the_surest_counts_and_then_the_latest(
    story: Make, article: Make, told: Make, cut: Any
) -> None:
    mine = article(0, title=TITLE, text=FLOOD)
    alike = told(story(9, article(5, title="Floods shut Port Vell", text=FLOOD)), cut=cut + timedelta(hours=9))
    old, new = (told(story(0, mine), cut=cut + timedelta(hours=h), headline=f"Told {h}") for h in (0, 2))
    found = recall(story(0, mine), [old, new, alike])
    assert found.told == new
    assert found.reason.startswith("told in morning/2026-11-23 (the same article)")
    assert recall(story(0, mine), [new, old]).told == new


def test_a_story_of_the_same_id_is_the_same_story(story: Make, article: Make, told: Make) -> None:
    earlier = told(story(0, article(0, title=TITLE, text=FLOOD)))
    found = recall(story(0, article(5, title="Quite other words", text="Nothing in common at all.")), [earlier])
    assert "(the same story)" in found.reason


def test_what_appeared_at_the_cut_was_there_before(story: Make, article: Make, told: Make, cut: Any) -> None:
    earlier = told(story(0, article(0, title=TITLE, text=FLOOD)))
    at = story(0, article(0, title=TITLE, text=FLOOD), article(5, title="Other words", text="More of it.", hours=0))
    assert not recall(at, [earlier]).covered_since
    assert not appeared_since(at, [earlier], earlier.edition)
    after = story(0, article(5, title="Other words", text="More of it.", hours=0.01))
    assert recall(after, [earlier]).covered_since
    assert appeared_since(after, [earlier], earlier.edition)
    assert appeared_since(at, [earlier], None)
    later_cut = told(story(1, article(1)), cut=cut + timedelta(hours=1))
    assert not appeared_since(after, [earlier, later_cut], earlier.edition)


def test_a_word_that_stands_three_times_weighs_more_but_not_three_times_as_much() -> None:
    often, once = ("", "quxle quxle quxle zorbit"), ("", "quxle")
    weight = 1 + math.log(3)
    likeness = weight / math.hypot(weight, 1)
    assert told_already([often], once) == pytest.approx(likeness - COHESION * ALONE)


@pytest.mark.parametrize("sign", ["17", "wins"])
def test_each_sign_of_news_takes_the_same_off_a_likeness_that_it_does_not_change(sign: str) -> None:
    opening = "ferry " * 60
    assert len(opening) > OPENING
    headline = (f"Ferry trial {sign}", opening)
    unsaid, said = ("Ferry trial", f"{opening} harbour"), ("Ferry trial", f"{opening} {sign}")
    assert told_already([said], headline) - told_already([unsaid], headline) == pytest.approx(SIGN)
    assert told_already([said], ("Ferry trial", f"{sign} {opening}")) == pytest.approx(
        told_already([unsaid], ("Ferry trial", f"{sign} {opening}"))
    )


@pytest.mark.parametrize(("count", "copy"), [(20, True), (19, False)])
def test_texts_of_twenty_runs_of_words_are_long_enough_for_a_copy(
    story: Make, article: Make, told: Make, count: int, *, copy: bool
) -> None:
    text = words("w", count + 4)
    assert len(shingles(text)) == count
    earlier = told(story(0, article(0, title="A", text=text)))
    found = recall(story(7, article(8, title="Quite another headline", text=f"{text} {words('own', 5)}")), [earlier])
    assert ("a wire copy" in found.reason) == copy


@pytest.mark.parametrize(
    ("lengths", "shared", "same"),
    [
        ((7, 30), 0, True),  # of seven words nobody can tell
        ((30, 7), 0, True),
        ((8, 30), 0, False),
        ((30, 8), 0, False),
        ((20, 60), 7, True),  # 0.35 of the shorter
        ((60, 20), 7, True),
        ((20, 60), 6, False),
        ((60, 20), 6, False),
    ],
)
def test_under_one_headline_the_shorter_text_tells_whether_it_is_one_event(
    story: Make, article: Make, told: Make, lengths: tuple[int, int], shared: int, *, same: bool
) -> None:
    (told_words, own_words), common = lengths, words("common", shared)
    earlier = told(story(0, article(0, title="Das Wetter heute", text=f"{common} {words('a', told_words - shared)}")))
    other = article(8, title="Das Wetter heute", text=f"{common} {words('b', own_words - shared)}", hours=4)
    found = recall(story(7, other), [earlier])
    assert ("a near-same title" in found.reason) == same


@pytest.mark.parametrize(("shared", "same"), [(3, True), (2, False)])
@pytest.mark.parametrize("said", ["Wetter", "Wetter heute"])
def test_texts_that_both_say_half_of_the_headline_need_fewer_words_in_common(
    story: Make, article: Make, told: Make, said: str, shared: int, *, same: bool
) -> None:
    common = f"{said} {words('common', shared)}"
    earlier = told(story(0, article(0, title="Wetter heute", text=f"{common} {words('a', 25 - shared)}")))
    other = article(8, title="Wetter heute", text=f"{common} {words('b', 25 - shared)}", hours=4)
    assert ("a near-same title" in recall(story(7, other), [earlier]).reason) == same


def test_a_rare_word_that_two_texts_share_counts_more_than_a_common_one() -> None:
    morning = [("", "A synod opened the school.")]
    rare, common = ("", "A synod closed the bakery."), ("", "A school closed the bakery.")
    assert told_already(morning, rare) > told_already(morning, common)


def test_one_new_article_of_a_story_appeared_since_the_earlier_edition(
    story: Make, article: Make, morning: Any
) -> None:
    old, new = article(1, hours=-5), article(2, hours=2)
    assert appeared_since(story(1, old, new), [morning], morning.edition)
    assert not appeared_since(story(1, old), [morning], morning.edition)
    assert appeared_since(story(1, old), [morning], None)
