from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.model.article import Article
from digest.rank.agency_copies import voices
from digest.rank.average_link import average_link
from digest.rank.group import SPAN_HOURS, group, when

Make = Callable[..., Any]
FLOOD = (
    "Harbour of Port Vell reopens after floods",
    "Port Vell harbour open again as floods recede",
    "After the floods, Port Vell opens its harbour",
)
STRIKE = ("Tram drivers in Lindau call a strike", "Lindau tram drivers to strike from Friday")
LONE = ("Astronomers see two comets in one night", "Museum shows letters of a forgotten poet")


def titles(stories: tuple[tuple[Article, ...], ...]) -> set[frozenset[str]]:
    return {frozenset(article.title for article in story) for story in stories}


def press(article: Make) -> list[Article]:
    return [article(n, title=title) for n, title in enumerate((*FLOOD, *STRIKE, *LONE))]


def test_headlines_of_one_event_are_one_story_and_strangers_stay_alone(article: Make) -> None:
    assert titles(group(press(article))) == {frozenset(FLOOD), frozenset(STRIKE), *(frozenset([t]) for t in LONE)}


def test_no_article_is_no_story() -> None:
    assert group([]) == ()


def test_articles_without_any_word_stay_alone(article: Make) -> None:
    assert len(group([article(1, title="..."), article(2, title="???")])) == 2


@given(st.permutations(range(7)))
@settings(max_examples=25)
def test_the_order_of_the_articles_does_not_matter(article: Make, order: list[int]) -> None:
    articles = press(article)
    assert group([articles[n] for n in order]) == group(articles)


def test_the_same_words_a_week_later_are_another_story(article: Make) -> None:
    assert len(group([article(1, hours=0), article(2, hours=168)])) == 2


def test_a_running_topic_is_cut_into_stories_of_bounded_span(article: Make) -> None:
    stories = group([article(n, hours=10.0 * n) for n in range(20)])
    assert len(stories) > 1
    assert all(when(story[-1]) - when(story[0]) <= SPAN_HOURS for story in stories)


SEVERAL = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), st.floats(0.1, 3, allow_nan=False)), max_size=25
).map(lambda found: {(min(a, b), max(a, b)): w for a, b, w in found if a != b})


@given(SEVERAL)
def test_clusters_are_a_partition_in_which_no_two_are_near_enough_to_join(edges: dict[tuple[int, int], float]) -> None:
    clusters = average_link([(a, b, w) for (a, b), w in edges.items()], [0.0] * 8, cut=1.0, span=1.0)
    assert sorted(index for cluster in clusters for index in cluster) == list(range(8))
    for one, other in combinations(clusters, 2):
        total = sum(edges.get((min(a, b), max(a, b)), 0.0) for a in one for b in other)
        assert total / (len(one) * len(other)) < 1.0 + 1e-9


def test_average_link_does_not_chain() -> None:
    chain = [(0, 1, 1.2), (1, 2, 1.1), (2, 3, 1.2)]
    assert average_link(chain, [0.0] * 4, cut=1.0, span=1.0) == ((0, 1), (2, 3))


def test_clusters_longer_than_the_span_are_not_joined() -> None:
    assert average_link([(0, 1, 2.0)], [0.0, 5.0], cut=1.0, span=4.0) == ((0,), (1,))


TEXT = "The harbour of Port Vell reopened on Monday after nine days of floods "
LONG = " ".join(f"word{n}" for n in range(60))
OTHER = " ".join(f"other{n}" for n in range(60))


def test_a_wire_copy_adds_no_voice_and_half_a_copy_half_of_one() -> None:
    assert voices([(LONG, 1.0), (LONG, 1.0), (LONG, 1.0)]) == pytest.approx(1.0)
    assert voices([(LONG, 1.0), (OTHER, 1.0)]) == pytest.approx(2.0)
    half = " ".join([*LONG.split()[:30], *OTHER.split()[:30]])
    assert 1.4 < voices([(LONG, 1.0), (half, 1.0)]) < 1.7


def test_headlines_alone_vote_whole() -> None:
    assert voices([("", 1.0), ("", 1.0), (TEXT[:30], 0.5)]) == 2.5


TOLD = st.tuples(st.lists(st.sampled_from("abcdefgh"), min_size=25, max_size=60).map(" ".join), st.floats(0.1, 3))


@given(st.lists(TOLD, max_size=5), TOLD)
def test_one_more_telling_never_lowers_the_voices(told: list[tuple[str, float]], more: tuple[str, float]) -> None:
    assert voices([*told, more]) >= voices(told) - 1e-9


def test_the_scorers_adapter_groups_as_the_corridor_does(article: Make) -> None:
    adapters = pytest.importorskip("bench.adapters", reason="runs from the checkout")
    docs = [
        {"id": str(n), "title": title, "text": "", "published": "", "source": str(n)}
        for n, title in enumerate((*FLOOD, *STRIKE, *LONE))
    ]
    groups = {frozenset(docs[int(n)]["title"] for n in ids) for ids in adapters.group_stories(docs)}
    assert groups == titles(group(press(article)))
