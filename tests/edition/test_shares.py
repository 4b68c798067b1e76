"""Quotas, caps, and sources that a letter must have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import structs

from digest.edition.memory import MemoryVerdict, Recollection
from digest.edition.shares import rank_for, shared, weighed, within_reach
from digest.edition.telling import Telling
from digest.model.ids import SourceId
from digest.model.kind import TextKind
from digest.model.source import Source
from digest.settings import EditionSettings, RankSettings

Make = Callable[..., Any]
PLAN = EditionSettings(title="T", language="en", top_stories=2)
RANK = RankSettings()
SOURCES = {
    SourceId(n): Source(id=SourceId(n), url=f"https://paper{n}.example/feed", name=f"Paper {n}", publisher=f"P{n}")
    for n in range(20)
}


def filed(make_telling: Make, make_story: Make, make_article: Make, *sections: str) -> list[Telling]:
    """Return one telling for each section, each of another source."""
    stories = [make_story(n, make_article(n, sections=(name,))) for n, name in enumerate(sections)]
    return [make_telling(n, story=story) for n, story in enumerate(stories)]


def reasons(tellings: Sequence[Telling]) -> list[str]:
    return [telling.story.held_back for telling in tellings]


def test_a_quota_holds_back_what_is_beyond_it_in_any_language(telling: Make, story: Make, article: Make) -> None:
    three = filed(telling, story, article, "Economía", "Wirtschaft", "Business")
    rank = structs.replace(RANK, section_quotas={"Business": 2})
    assert reasons(shared(three, PLAN, rank, SOURCES)) == ["", "", "section business has its 2 (rank.section_quotas)"]
    own = structs.replace(PLAN, section_quotas={"economy": 1})
    assert reasons(shared(three, own, rank, SOURCES))[1:] == ["section business has its 1 (section_quotas)"] * 2


def test_sport_has_a_quota_by_default_but_not_in_an_edition_of_sport(telling: Make, story: Make, article: Make) -> None:
    day = filed(telling, story, article, *["Sport"] * 6, *["Politics"] * 7)
    held = [reason for reason in reasons(shared(day, PLAN, RANK, SOURCES)) if reason]
    assert held == ["section sport has its 4 (rank.sport_quota)"] * 2
    wanted = structs.replace(PLAN, sections=("Deportes", "politics"))
    assert not any(reasons(shared(day, wanted, RANK, SOURCES)))
    assert not any(reasons(shared(day[:8], PLAN, RANK, SOURCES)))
    assert not any(reasons(shared(day, PLAN, structs.replace(RANK, sport_quota=0), SOURCES)))


def test_what_reads_as_sport_counts_as_sport_and_what_was_told_fills_no_quota(
    telling: Make, story: Make, article: Make
) -> None:
    old = Recollection(verdict=MemoryVerdict.STILL_COVERED, reason="told")
    matches = [telling(n, story=story(n, article(n), kind=TextKind.SPORT)) for n in range(3)]
    matches[0] = telling(0, story=matches[0].story, recollection=old)
    rest = [telling(n) for n in range(3, 7)]
    held = reasons(shared([*matches, *rest], PLAN, structs.replace(RANK, sport_quota=1), SOURCES))
    assert [bool(reason) for reason in held] == [False, False, True, False, False, False, False]


def test_a_source_leads_no_more_stories_than_its_cap(telling: Make, story: Make, article: Make) -> None:
    one = [telling(n, story=story(n, article(n, source_id=SourceId(1)))) for n in range(3)]
    other = [telling(n, story=story(n, article(n, source_id=SourceId(2)))) for n in range(3, 6)]
    plan = structs.replace(PLAN, source_caps={"*": 2, "Paper 2": 1})
    held = reasons(shared([*one, *other], plan, RANK, SOURCES))
    assert held[:3] == ["", "", "source Paper 1 has its 2 (source_caps)"]
    assert held[3:] == ["", *["source Paper 2 has its 1 (source_caps)"] * 2]


def test_a_source_that_the_letter_must_have_is_moved_up_to_the_last_places_in_full(telling: Make) -> None:
    many = [telling(n) for n in range(8)]
    plan = structs.replace(PLAN, must_have=("Paper 6", "Paper 1", "Paper 19"))
    order = [each.story.id for each in shared(many, plan, RANK, SOURCES)]
    assert order == [many[n].story.id for n in (0, 1, 6, 2, 3, 4, 5, 7)]
    there = structs.replace(PLAN, must_have=("Paper 2",))
    assert [t.story.id for t in shared(many, there, RANK, SOURCES)] == [t.story.id for t in many]


def test_the_best_of_a_source_that_the_letter_must_have_is_made_ready_from_far_down(story: Make) -> None:
    many = [story(n) for n in range(9)]
    plan = structs.replace(PLAN, must_have=("Paper 7",))
    assert [each.id for each in within_reach(many, plan, SOURCES, 3)] == [many[n].id for n in (0, 1, 2, 7)]


def test_an_edition_weighs_sections_and_sources_in_its_own_way() -> None:
    plan = structs.replace(PLAN, section_weights={"Wirtschaft": 2.0}, source_weights={"Paper 3": 5.0})
    rank = rank_for(structs.replace(RANK, section_weights={"business": 1.0, "sport": -1.0}), plan)
    assert rank.section_weights == {"business": 2.0, "sport": -1.0}
    weights = weighed(SOURCES, plan)
    assert (weights[SourceId(3)].weight, weights[SourceId(4)].weight) == (5.0, 1.0)
