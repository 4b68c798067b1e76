from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from digest.model.article import Article, ArticleKind
from digest.model.edition import ToldStory
from digest.model.ids import EditionKey, SourceId
from digest.model.story import Story
from digest.rank.lead import in_order
from digest.rank.score import rank
from digest.settings import RankSettings

Make = Callable[..., Any]
PLAIN = RankSettings()


def ranked(
    groups: list[list[Article]], source: Make, now: datetime, settings: RankSettings = PLAIN, **more: Any
) -> tuple[Story, ...]:
    return rank(groups, {SourceId(n): source(n) for n in range(40)}, settings, now, **more)


def scored(articles: list[Article], source: Make, now: datetime, settings: RankSettings = PLAIN) -> Story:
    (story,) = ranked([articles], source, now, settings)
    return story


def test_the_story_that_more_publishers_carry_stands_first(article: Make, source: Make, now: datetime) -> None:
    wide = [article(n, title="Floods close the harbour") for n in range(4)]
    narrow = [article(n, title="Museum finds letters") for n in range(4, 6)]
    assert [len(story.articles) for story in ranked([narrow, wide], source, now)] == [4, 2]


def test_ten_articles_of_one_site_count_as_one(article: Make, source: Make, now: datetime) -> None:
    texts = [" ".join(f"w{n}x{word}" for word in range(50)) for n in range(10)]
    ten = [article(n, source=0, text=texts[n]) for n in range(10)]
    assert scored(ten, source, now).score == pytest.approx(scored(ten[:1], source, now).score)


def test_publishers_of_one_owner_cast_one_vote(article: Make, source: Make, now: datetime) -> None:
    owned = structs.replace(PLAIN, owners={"Publisher 0": "Chain", "Publisher 1": "Chain"})
    pair = [article(0), article(1)]
    assert scored(pair, source, now, owned).score < scored(pair, source, now).score
    assert "2 outlets, 1 owner" in scored(pair, source, now, owned).factors[0].note


def test_syndicated_copies_do_not_vote_twice(article: Make, source: Make, now: datetime) -> None:
    text = " ".join(f"word{n}" for n in range(60))
    copies = scored([article(n, text=text) for n in range(3)], source, now)
    voices = scored([article(n, text=text.replace("word", f"own{n}")) for n in range(3)], source, now)
    assert copies.factors[0].value == pytest.approx(1.0)
    assert voices.factors[0].value == pytest.approx(2.0)


PAPERS = st.lists(st.tuples(st.integers(0, 9), st.floats(0, 20), st.integers(0, 9)), min_size=1, max_size=6)


def papers(article: Make, found: list[tuple[int, float, int]]) -> list[Article]:
    return [article(n, source=paper, hours=hours, position=place) for n, (paper, hours, place) in enumerate(found)]


@given(PAPERS, st.floats(0, 20), st.integers(0, 9))
def test_another_publisher_never_lowers_a_story(
    article: Make, source: Make, now: datetime, found: list[tuple[int, float, int]], hours: float, place: int
) -> None:
    before = papers(article, found)
    after = [*before, article(30, source=30, hours=hours, position=place)]
    assert scored(after, source, now).score >= scored(before, source, now).score - 1e-9


@given(PAPERS, st.floats(0.01, 48))
def test_an_older_copy_of_a_story_never_outranks_it(
    article: Make, source: Make, now: datetime, found: list[tuple[int, float, int]], later: float
) -> None:
    fresh = papers(article, found)
    old = [replace(a, url=f"{a.url}/old", first_seen=a.first_seen - timedelta(hours=later),
                   published=a.first_seen - timedelta(hours=later)) for a in fresh]  # fmt: skip
    assert scored(old, source, now).score <= scored(fresh, source, now).score + 1e-9
    assert [a.url for a in ranked([old, fresh], source, now)[0].articles if a.url.endswith("/old")] == []


@given(st.permutations(range(8)))
def test_the_order_of_groups_and_articles_does_not_matter(
    article: Make, source: Make, now: datetime, order: list[int]
) -> None:
    groups = [[article(10 * n + m, source=m, hours=n + m / 10) for m in range(n % 3 + 1)] for n in range(8)]
    shuffled = [groups[n][::-1] for n in order]
    assert ranked(shuffled, source, now) == ranked(groups, source, now)


def test_one_topic_does_not_take_the_letter(article: Make, source: Make, now: datetime) -> None:
    def covered(start: int, title: str, count: int) -> list[Article]:
        return [article(start + n, source=n, title=title) for n in range(count)]

    floods = [covered(0, "Floods close Port Vell harbour", 5), covered(10, "Port Vell floods: harbour damage grows", 4)]
    other = covered(20, "Parliament votes on pensions", 3)
    assert [s.articles[0].title for s in ranked([*floods, other], source, now)][1] == "Parliament votes on pensions"
    alone = structs.replace(PLAIN, diversity=0.0)
    assert len(ranked([*floods, other], source, now, alone)[1].articles) == 4


def test_sections_and_sources_weigh_as_the_settings_say(article: Make, source: Make, now: datetime) -> None:
    sources = {SourceId(0): source(0, section="world"), SourceId(1): source(1, weight=3.0)}
    groups = [[article(0)], [article(1)]]
    assert rank(groups, sources, PLAIN, now)[0].articles[0].source_id == 1
    weighted = structs.replace(PLAIN, section_weights={"world": 3.0})
    assert rank(groups, sources, weighted, now)[0].articles[0].source_id == 0


def test_a_told_story_loses_points_and_says_where_it_was_told(article: Make, source: Make, now: datetime) -> None:
    first = article(0)
    told = ToldStory(
        edition=EditionKey(name="morning", date=date(2026, 11, 22)), story_id=scored([first], source, now).id,
        anchor="a", headline=first.title, urls=(first.url,), titles=(first.title,), text="", bullets=(),
        publishers=1, cut=now - timedelta(days=1),
    )  # fmt: skip
    (story,) = ranked([[first]], source, now, told=(told,))
    assert story.score == pytest.approx(scored([first], source, now).score - PLAIN.told)
    assert any(factor.note == "told in morning/2026-11-22" for factor in story.factors)


def test_the_factors_add_up_and_speak(article: Make, source: Make, now: datetime) -> None:
    story = scored([article(0), article(1)], source, now)
    assert story.score == pytest.approx(sum(factor.value for factor in story.factors))
    notes = {factor.name: factor.note for factor in story.factors}
    assert notes["coverage"] == "2 outlets, 2 owners, 2.0 voices"
    assert notes["freshness"] == "latest article 3.0 h ago"
    assert notes["prominence"] == "place 4 in its source's order"


def test_the_id_stays_when_later_articles_join(article: Make, source: Make, now: datetime) -> None:
    assert scored([article(1, hours=5)], source, now).id == scored([article(2), article(1, hours=5)], source, now).id


def test_the_lead_is_full_open_readable_and_in_the_letters_language(article: Make) -> None:
    full = article(1, word_count=500, hours=2)
    rivals = [
        article(2, word_count=500, paywalled=True, hours=4),
        article(3, word_count=500, language="de", hours=4),
        article(4, word_count=40, hours=4),
        article(5, word_count=900, kind=ArticleKind.LIVE_BLOG, hours=4),
    ]
    for rival in rivals:
        assert in_order([rival, full], {}, "en")[0] is full


def test_of_equal_articles_the_earlier_and_more_trusted_leads(article: Make, source: Make) -> None:
    early, late = article(1, word_count=500, hours=3), article(2, word_count=500, hours=1)
    assert in_order([late, early], {}, "en")[0] is early
    trusted = {SourceId(2): source(2, weight=10.0), SourceId(1): source(1, weight=0.1)}
    same_hour = replace(late, first_seen=early.first_seen, published=early.published)
    assert in_order([early, same_hour], trusted, "en")[0] is same_hour


def test_each_publisher_is_credited_once_the_leads_first(article: Make, source: Make, now: datetime) -> None:
    articles = [article(0, source=0, word_count=500), article(1, source=0), article(2, source=2)]
    assert scored(articles, source, now).publishers == ("Paper 0", "Paper 2")


def test_a_running_story_is_told_at_its_newest_state_when_several_sources_have_it(article: Make) -> None:
    early, late = article(1, word_count=500, hours=9), article(2, word_count=500, hours=1)
    assert in_order([early, late], {}, "en")[0] is late
    same_source = article(2, source=1, word_count=500, hours=1)
    assert in_order([early, same_source], {}, "en")[0] is early


def test_an_agency_is_credited_beside_the_linked_paper_and_not_all_who_print_it(
    article: Make, source: Make, now: datetime
) -> None:
    wire = "PORT VELL (AP) \u2014 The harbour reopened on Monday after nine days of floods, its master said."
    copies = [article(n, source=n, text=wire) for n in range(3)]
    own = article(3, source=3, text="Our reporter saw the first boats enter the harbour, as Reuters told its readers.")
    assert scored([*copies, own], source, now).publishers in {("Paper 0", "AP", "Paper 3"), ("Paper 3", "AP")}
    assert scored([own], source, now).publishers == ("Paper 3",)
