from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.edition.acts import (
    Act,
    AddArticle,
    ChooseBullets,
    Drop,
    HouseLine,
    Merge,
    Move,
    NoteAct,
    Order,
    OriginalTitle,
    OwnItem,
    Pin,
    Preheader,
    Restore,
    Retitle,
    ShowPart,
    Split,
    StoryName,
    Subject,
    ToBlock,
    Where,
)
from digest.edition.desk import (
    Workshop,
    desked,
    edited,
    house_line_of,
    idle,
    note_of,
    parts_out,
    preheader_of,
    subject_of,
)
from digest.edition.hand import Block, Hand
from digest.edition.parts import Part
from digest.edition.telling import Telling
from digest.model.ids import StoryId

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


NOBODY = StoryName(story_id=StoryId("gone"))


@pytest.mark.parametrize(
    "build",
    [
        lambda one: Merge(story=NOBODY, other=one),
        lambda one: Merge(story=one, other=NOBODY),
        lambda one: Order(stories=(one, NOBODY)),
        lambda one: Move(story=one, where=Where.AFTER, beside=NOBODY),
        lambda _one: Move(story=NOBODY, where=Where.FIRST),
        lambda one: Move(story=one, where=Where.AFTER, beside=StoryName(story_id=StoryId("x"), urls=one.urls)),
        lambda _one: ShowPart(part=Part.AHEAD, story=NOBODY),
        lambda _one: Restore(story=NOBODY),
        lambda _one: Retitle(story=NOBODY, headline="New"),
        lambda one: Split(story=one, urls=one.urls),
    ],
)
def test_an_act_that_does_not_find_all_that_it_needs_is_named(
    four: list[Telling], build: Callable[[StoryName], Act]
) -> None:
    act = build(name(four[0]))
    assert idle(four, [act]) == (act,)


def test_acts_that_found_what_they_need_are_not_named(four: list[Telling]) -> None:
    names = [name(one) for one in four]
    acts: list[Act] = [
        OwnItem(story_id=StoryId("0wn"), headline="Ours"),
        Merge(story=names[0], other=names[1]),
        Merge(story=names[0], other=names[0]),
        Order(stories=(names[3],)),
        Pin(story=names[2]),
        Move(story=names[3], where=Where.LAST),
        Move(story=names[3], where=Where.BEFORE, beside=names[2]),
        ToBlock(story=names[3], block=Block.LINE),
        ShowPart(part=Part.AHEAD, story=names[3]),
        ShowPart(part=Part.NUMBER),
        ChooseBullets(story=names[3], bullets=()),
        Drop(story=names[3]),
        Restore(story=names[3]),
    ]
    assert idle(four, acts) == ()


def test_an_added_article_belongs_to_the_story_that_has_it_among_others(
    four: list[Telling], telling: Make, story: Make, article: Make
) -> None:
    several = telling(0, story=story(0, article(0), article(7)))

    def shop(*added: Any) -> Workshop:
        return Workshop(
            tell=lambda made: telling(int(made.articles[0].source_id), story=made),
            alone=lambda one: story(1, one),
            added={one.id: one for one in added},
        )

    def added(number: int) -> AddArticle:
        return AddArticle(article_id=article(number).id, url=article(number).url, title="T")

    done = desked([*four[2:], several], [added(7)], shop(article(7)))
    assert (len(done.tellings), done.tellings[2].hand.block, done.idle) == (3, Block.FULL, ())
    alone = desked([], [added(8)], shop(article(8)))
    assert ([one.hand.block for one in alone.tellings], alone.idle) == ([Block.FULL], ())
    assert desked(four, [added(9)], shop(article(8))).idle == (added(9),)


def test_a_headline_goes_back_to_that_of_a_story_that_an_act_made(telling: Make, story: Make, article: Make) -> None:
    several, fresh = telling(0, story=story(0, article(0), article(7))), article(9)
    shop = Workshop(
        tell=lambda made: telling(int(made.articles[0].source_id), story=made),
        alone=lambda one: story(1, one),
        added={fresh.id: fresh},
    )
    makers: list[Act] = [
        Split(story=name(several), urls=(article(7).url,)),
        AddArticle(article_id=fresh.id, url=fresh.url, title=fresh.title),
    ]
    for made in (article(7), fresh):
        named = StoryName(story_id=StoryId("x"), urls=(made.url,))
        retitled = desked([several], [*makers, Retitle(story=named, headline="New")], shop)
        back = desked([several], [*makers, Retitle(story=named, headline="New"), OriginalTitle(story=named)], shop)
        assert retitled.idle == back.idle == ()
        assert [one.headline for one in retitled.tellings].count("New") == 1
        assert made.title in [one.headline for one in back.tellings]


def test_an_item_of_ones_own_comes_first_or_after_its_story_or_else_after_the_lead(four: list[Telling]) -> None:
    own = OwnItem(story_id=StoryId("0wn"), headline="Ours")
    for number, act in (
        (0, replace(own, where=Where.FIRST)),
        (3, replace(own, beside=name(four[2]))),
        (1, replace(own, beside=NOBODY)),
        (1, own),
    ):
        assert [one.hand.own for one in edited(four, [act])].index(True) == number
    assert len(edited([], [own])) == 1


def test_a_story_that_is_moved_first_is_told_in_full_unless_a_block_is_named(four: list[Telling]) -> None:
    def blocks(where: Where, block: Block = Block.FREE, had: Block = Block.FREE) -> list[Block]:
        tellings = [*four[:3], replace(four[3], hand=Hand(block=had))]
        beside = name(four[1]) if where is Where.AFTER else None
        done = edited(tellings, [Move(story=name(four[3]), where=where, block=block, beside=beside)])
        assert len(done) == 4
        return [one.hand.block for one in done if one.story.id == four[3].story.id]

    assert blocks(Where.FIRST) == [Block.FULL]
    assert blocks(Where.FIRST, Block.LINE) == [Block.LINE]
    assert blocks(Where.LAST) == blocks(Where.AFTER) == [Block.FREE]
    assert blocks(Where.LAST, Block.LINE) == blocks(Where.AFTER, Block.LINE) == [Block.LINE]
    assert blocks(Where.AFTER, had=Block.LINE) == [Block.LINE]


def test_a_restored_story_that_the_program_keeps_out_is_told_in_full(four: list[Telling]) -> None:
    held = replace(four[1], story=replace(four[1].story, held_back="section has its 2"))
    for one, block in ((held, Block.FULL), (four[1], Block.FREE)):
        done = edited([four[0], one], [Drop(story=name(one)), Restore(story=name(one))])
        assert [each.hand.block for each in done] == [Block.FREE, block]


def test_a_pin_holds_its_place_when_it_is_made_again_and_ends_when_the_block_is_chosen(four: list[Telling]) -> None:
    pins = [Pin(story=name(four[3])), Pin(story=name(four[2]))]
    assert edited(four, [*pins, pins[0]]) == edited(four, pins)
    freed = edited(four, [*pins, ToBlock(story=name(four[3]), block=Block.FREE)])
    assert [(one.story.id, one.pinned) for one in freed[:2]] == [(four[3].story.id, False), (four[2].story.id, True)]


def test_a_story_into_which_a_pinned_one_is_merged_is_pinned(four: list[Telling]) -> None:
    done = desked(four, [Pin(story=name(four[3])), Merge(story=name(four[1]), other=name(four[3]))])
    assert [(one.story.id, one.pinned) for one in done.tellings] == [
        (four[1].story.id, True),
        (four[0].story.id, False),
        (four[2].story.id, False),
    ]
    assert done.merged == {four[3].story.id}


def test_all_stories_that_a_name_means_are_merged(four: list[Telling]) -> None:
    both = StoryName(story_id=StoryId("x"), urls=(*name(four[0]).urls, *name(four[3]).urls))
    done = desked(four, [Merge(story=name(four[1]), other=both)])
    assert [len(one.story.articles) for one in done.tellings] == [3, 1]
    assert done.merged == {four[0].story.id, four[3].story.id}


def test_a_story_is_found_by_its_id_before_one_that_shares_an_article(
    four: list[Telling], telling: Make, story: Make
) -> None:
    shares = telling(9, story=story(9, *four[1].story.articles))
    done = edited([shares, four[1]], [Retitle(story=name(four[1]), headline="New")])
    assert [one.headline for one in done] == [shares.headline, "New"]


def test_the_last_lines_of_the_editor_count() -> None:
    assert (subject_of([]), preheader_of([])) == ("", "")
    acts: list[Act] = [Subject(text="One"), Preheader(text="A"), Subject(text=" Two "), Preheader(text=" B ")]
    assert (subject_of(acts), preheader_of(acts)) == ("Two", "B")
    sponsored = HouseLine(text="Read\n us.", link="https://p.example/", sponsor=" Kelp Bank ")
    line = house_line_of([HouseLine(text="Hello."), sponsored, NoteAct(text="Rain.")])
    assert line is not None
    assert (line.text, line.link, line.sponsor) == ("Read us.", "https://p.example/", "Kelp Bank")
    assert house_line_of([sponsored, HouseLine(text=" ")]) is None
    assert house_line_of([NoteAct(text="Rain.")]) is None


def test_lines_are_taken_out_of_the_story_that_has_their_article_now(four: list[Telling]) -> None:
    renamed = StoryName(story_id=StoryId("x"), urls=name(four[1]).urls)
    acts: list[Act] = [
        ShowPart(part=Part.AHEAD, story=renamed),
        ShowPart(part=Part.NAME, story=NOBODY),
        ShowPart(part=Part.BLOCK, key="weather"),
        ShowPart(part=Part.QUOTE),
        NoteAct(text="Rain."),
        ShowPart(part=Part.QUOTE, shown=True),
    ]
    assert parts_out(four, acts) == {(Part.AHEAD, four[1].story.id), (Part.BLOCK, "weather")}


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
