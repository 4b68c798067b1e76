from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.edition.acts import Act, Drop, Merge, NoteAct, Pin, Retitle, StoryName
from digest.edition.desk import edited, idle, note_of
from digest.edition.telling import Telling

Make = Callable[..., Any]


def name(telling: Telling) -> StoryName:
    return StoryName(story_id=telling.story.id, urls=tuple(article.url for article in telling.story.articles))


@pytest.fixture
def four(telling: Make) -> list[Telling]:
    return [telling(n) for n in range(4)]


def test_pins_stand_first_in_the_order_they_were_made(four: list[Telling]) -> None:
    done = edited(four, [Pin(story=name(four[3])), Pin(story=name(four[2]))])
    assert [t.story for t in done] == [four[n].story for n in (3, 2, 0, 1)]


def test_a_dropped_story_is_gone_and_a_retitled_one_has_its_new_headline(four: list[Telling]) -> None:
    done = edited(four, [Drop(story=name(four[0])), Retitle(story=name(four[1]), headline=" Calm again ")])
    assert [t.headline for t in done] == ["Calm again", four[2].headline, four[3].headline]


def test_merged_stories_are_told_as_one_with_all_articles_bullets_and_credits(four: list[Telling]) -> None:
    done = edited(four, [Merge(story=name(four[2]), other=name(four[0]))])
    assert [t.story.id for t in done] == [four[n].story.id for n in (1, 2, 3)]
    merged = done[1]
    assert merged.story.articles == four[2].story.articles + four[0].story.articles
    assert merged.story.publishers == ("Paper 2", "Paper 0")
    assert merged.bullets == four[2].bullets + four[0].bullets


def test_a_story_is_not_merged_with_itself(four: list[Telling]) -> None:
    assert edited(four, [Merge(story=name(four[1]), other=name(four[1]))]) == tuple(four)


def test_an_act_finds_its_story_by_an_article_when_its_id_has_changed(
    four: list[Telling], telling: Make, story: Make
) -> None:
    renamed = telling(9, story=story(9, *four[1].story.articles))
    assert edited([four[0], renamed], [Drop(story=name(four[1]))]) == (four[0],)


def test_an_act_without_its_story_does_nothing_and_is_named(four: list[Telling]) -> None:
    gone = Drop(story=StoryName(story_id=four[3].story.id))
    assert edited(four[:3], [gone]) == tuple(four[:3])
    assert idle(four[:3], [gone, NoteAct(text="Hello."), Pin(story=name(four[0]))]) == (gone,)


def test_the_last_note_counts_and_an_empty_one_takes_it_back() -> None:
    first, second = NoteAct(text="Rain."), NoteAct(text=" Sun. ", author="Ana")
    note = note_of([first, second])
    assert note is not None
    assert (note.text, note.author) == ("Sun.", "Ana")
    assert note_of([first, NoteAct(text="")]) is None
    assert note_of([]) is None


def test_a_note_of_more_than_sixty_words_and_an_empty_headline_cannot_be_built(four: list[Telling]) -> None:
    with pytest.raises(ValueError, match="at most 60 words, this one has 61"):
        NoteAct(text="word " * 61)
    with pytest.raises(ValueError, match="1 to 300 characters"):
        Retitle(story=name(four[0]), headline="  ")


@given(st.lists(st.tuples(st.sampled_from("pdmr"), st.integers(0, 5), st.integers(0, 5)), max_size=8))
def test_any_acts_keep_every_article_of_what_was_not_dropped_once(
    telling: Make, found: list[tuple[str, int, int]]
) -> None:
    tellings = [telling(n) for n in range(4)]
    names = [name(telling(n)) for n in range(6)]
    acts: list[Act] = []
    for kind, one, other in found:
        built: dict[str, Act] = {
            "p": Pin(story=names[one]),
            "d": Drop(story=names[one]),
            "m": Merge(story=names[one], other=names[other]),
            "r": Retitle(story=names[one], headline="New"),
        }
        acts.append(built[kind])
    done = edited(tellings, acts)
    articles = [article.id for t in done for article in t.story.articles]
    assert len(articles) == len(set(articles))
    if not any(isinstance(act, Drop) for act in acts):
        assert len(articles) == 4
