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
from digest.rank.value import news_value
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


def value_of(story: Story, name: str) -> float:
    (factor,) = (factor for factor in story.factors if factor.name == name)
    return factor.value


def note_of(story: Story, name: str) -> str:
    (factor,) = (factor for factor in story.factors if factor.name == name)
    return factor.note


@pytest.mark.parametrize(("papers", "points"), [(1, 1.0), (3, 2.0), (7, 3.0)])
def test_each_doubling_of_the_outlets_is_a_point(
    article: Make, source: Make, now: datetime, papers: int, points: float
) -> None:
    story = scored([article(n) for n in range(papers)], source, now)
    assert value_of(story, "coverage") == pytest.approx(points)


def test_an_outlets_weight_is_how_many_it_counts_for_and_an_unknown_one_counts_once(
    article: Make, source: Make, now: datetime
) -> None:
    heavy = {SourceId(0): source(0, weight=3.0)}
    assert value_of(rank([[article(0)]], heavy, PLAIN, now)[0], "coverage") == pytest.approx(2.0)
    assert value_of(rank([[article(1)]], heavy, PLAIN, now)[0], "coverage") == pytest.approx(1.0)


def test_an_owner_votes_with_what_it_printed_first(article: Make, source: Make, now: datetime) -> None:
    owned = structs.replace(PLAIN, owners={"Publisher 0": "Chain", "Publisher 1": "Chain"})
    weights = {SourceId(0): source(0, weight=3.0), SourceId(1): source(1, weight=7.0)}
    pair = [article(1, hours=1.0), article(0, hours=2.0)]
    assert value_of(rank([pair], weights, owned, now)[0], "coverage") == pytest.approx(2.0)


def test_velocity_counts_who_joined_in_the_last_hours(article: Make, source: Make, now: datetime) -> None:
    recent = [article(0, hours=6.0), article(1, hours=1.0), article(2, hours=2.0)]
    story = scored([*recent, article(3, hours=6.01)], source, now)
    assert value_of(story, "velocity") == pytest.approx(0.15 * 2)
    assert note_of(story, "velocity") == "3 owners in the last 6 h"
    assert value_of(scored([article(0, hours=7)], source, now), "velocity") == 0.0
    assert note_of(scored([article(0)], source, now), "velocity") == "1 owner in the last 6 h"


@pytest.mark.parametrize(("hours", "points"), [(-5.0, 0.3), (0.0, 0.3), (12.0, 0.15), (24.0, 0.075)])
def test_freshness_halves_with_the_age_of_the_latest_article(
    article: Make, source: Make, now: datetime, hours: float, points: float
) -> None:
    story = scored([article(0, hours=hours), article(1, hours=30)], source, now)
    assert value_of(story, "freshness") == pytest.approx(points)


@pytest.mark.parametrize(("position", "points"), [(0, 0.4), (2, 0.2), (14, 0.1)])
def test_prominence_is_that_of_the_best_place(
    article: Make, source: Make, now: datetime, position: int, points: float
) -> None:
    story = scored([article(0, position=position), article(1, position=50)], source, now)
    assert value_of(story, "prominence") == pytest.approx(points)
    assert note_of(story, "prominence") == f"place {position + 1} in its source's order"


def test_a_story_has_the_best_weight_of_its_sections(article: Make, source: Make, now: datetime) -> None:
    sources = {SourceId(0): source(0, section="world"), SourceId(1): source(1, section="sport")}
    weighted = structs.replace(PLAIN, section_weights={"world": 1.5, "sport": -2.0, "arts": 9.0})
    both, sport, none = rank([[article(0), article(1)], [article(11, source=1)], [article(2)]], sources, weighted, now)[
        :3
    ]
    by_size = {len(story.articles) + 2 * (story.articles[0].source_id == 2): story for story in (both, sport, none)}
    assert value_of(by_size[2], "section") == 1.5
    assert value_of(by_size[1], "section") == -2.0
    assert value_of(by_size[3], "section") == 0.0
    assert note_of(by_size[3], "section") == "section none"
    assert note_of(by_size[2], "section") == "section world"


def test_it_is_said_where_it_was_told_last(article: Make, source: Make, now: datetime) -> None:
    first = article(0)
    tellings = [
        ToldStory(
            edition=EditionKey(name=name, date=date(2026, 11, 22)), story_id=scored([first], source, now).id,
            anchor="a", headline=first.title, urls=urls, titles=(), text="", bullets=(), publishers=1, cut=now,
        )
        for name, urls in (("morning", (first.url,)), ("evening", (first.url,)), ("late", ("https://x.example/",)))
    ]  # fmt: skip
    (story,) = ranked([[first]], source, now, told=tellings)
    assert (value_of(story, "told"), note_of(story, "told")) == (-1.0, "told in evening/2026-11-22")
    (fresh,) = ranked([[first]], source, now, told=tellings[2:])
    assert (value_of(fresh, "told"), note_of(fresh, "told")) == (0.0, "not told before")


def test_what_a_story_lacks_to_lead_counts_half_of_eight_outlets(article: Make, source: Make, now: datetime) -> None:
    few, many = (scored([article(n) for n in range(count)], source, now) for count in (2, 8))
    assert value_of(few, "news value") < 0
    assert value_of(many, "news value") == pytest.approx(value_of(few, "news value") / 2)
    assert note_of(many, "news value").endswith("; counted 50%, as outlets agree")
    assert "counted" not in note_of(few, "news value")
    assert value_of(scored([article(0)], source, now), "news value") == pytest.approx(value_of(few, "news value"))


def test_opinions_lose_two_points_unless_there_is_news_beside_them(article: Make, source: Make, now: datetime) -> None:
    opinion = {"schema_types": ("OpinionNewsArticle",)}
    alone = scored([article(0, **opinion)], source, now)
    assert (value_of(alone, "kind"), note_of(alone, "kind")) == (-2.0, "opinion")
    beside = scored([article(0, **opinion), article(1)], source, now)
    assert value_of(beside, "kind") == 0.0


def test_only_the_first_stories_are_compared_with_each_other(article: Make, source: Make, now: datetime) -> None:
    shallow = structs.replace(PLAIN, diversity_depth=2)
    groups = [[article(10 * n + m, source=m) for m in range(5 - n)] for n in range(4)]
    found = ranked(groups, source, now, shallow)
    assert [len(story.articles) for story in found] == [5, 4, 3, 2]
    assert [any(factor.name == "diversity" for factor in story.factors) for story in found] == [
        True,
        True,
        False,
        False,
    ]
    assert value_of(found[0], "diversity") == 0.0
    assert note_of(found[0], "diversity") == ""
    assert value_of(found[1], "diversity") == pytest.approx(-1.5)
    assert note_of(found[1], "diversity") == "like a story above it"


@pytest.mark.parametrize(
    ("title", "leads"),
    [("Ten tips for your garden", False), ("Earthquake kills 47 people in Tarrow, president declares emergency", True)],
)
def test_a_story_loses_what_its_news_value_is_below_three_points(
    article: Make, source: Make, now: datetime, title: str, *, leads: bool
) -> None:
    told = article(0, title=title, text=f"{title}. The government said on Monday that 47 people were killed. " * 3)
    lacks = 3.0 - news_value(told).importance
    assert (lacks < 0) == leads
    story = scored([told], source, now)
    assert value_of(story, "news value") == pytest.approx(-PLAIN.news_value * max(0.0, lacks))
