"""Each kind of act does one thing to the tellings; a value that makes no sense cannot be built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.edition.act_words import in_words
from digest.edition.acts import (
    Act,
    AddArticle,
    ChooseBullets,
    Drop,
    HouseLine,
    LinkTo,
    Merge,
    Move,
    NoteAct,
    Order,
    OriginalTitle,
    OwnItem,
    Photo,
    Pin,
    Preheader,
    Redo,
    Restore,
    Retitle,
    ShowPart,
    Split,
    StoryName,
    Subject,
    ToBlock,
    Undo,
    Where,
    short_headline,
)
from digest.edition.compose import compose
from digest.edition.desk import Workshop, desked, edited
from digest.edition.hand import Block, PhotoWish
from digest.edition.history import Deed, clashes, in_effect, last_done, last_undone, objection, read, undone, written
from digest.edition.memory import MemoryVerdict, Recollection
from digest.edition.parts import Part
from digest.edition.telling import Telling
from digest.model.article import Article, Image
from digest.model.edition import Edition, Place
from digest.model.ids import ArticleId, EditionKey, StoryId
from digest.model.story import Story
from digest.settings import EditionSettings

Make = Callable[..., Any]
KEY = EditionKey(name="morning", date=date(2026, 11, 23))
PLAN = EditionSettings(title="Morning Update")
NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
ONE, OTHER = StoryName(story_id=StoryId("a1"), urls=("https://p.example/1",)), StoryName(story_id=StoryId("b2"))
EVERY_ACT: tuple[Act, ...] = (
    NoteAct(text="Hello.", author="Ana"),
    Pin(story=ONE),
    Move(story=ONE, where=Where.BEFORE, beside=OTHER, block=Block.LINE),
    ToBlock(story=ONE, block=Block.FULL),
    Order(stories=(OTHER, ONE)),
    Drop(story=ONE),
    Restore(story=ONE),
    Merge(story=ONE, other=OTHER),
    Split(story=ONE, urls=("https://p.example/1",)),
    Retitle(story=ONE, headline="New"),
    OriginalTitle(story=ONE),
    ChooseBullets(story=ONE, bullets=()),
    LinkTo(story=ONE, url="https://p.example/1", name="P"),
    Photo(story=ONE, wish=PhotoWish(shown=True, alt="A bridge")),
    Subject(text="A subject"),
    Preheader(text="A line"),
    OwnItem(story_id=StoryId("c3"), headline="Ours", text="One line."),
    AddArticle(article_id=ArticleId("0" * 64), url="https://p.example/2", title="Two"),
    HouseLine(text="Read us.", link="https://p.example/offer", sponsor="Kelp Bank"),
    ShowPart(part=Part.AHEAD, story=ONE, words="The court decides on Friday."),
    Undo(of=1),
    Redo(of=1),
)


def name(telling: Telling) -> StoryName:
    return StoryName(story_id=telling.story.id, urls=tuple(article.url for article in telling.story.articles))


@pytest.fixture
def five(telling: Make) -> list[Telling]:
    return [telling(n) for n in range(5)]


@pytest.fixture
def shop(telling: Make) -> Workshop:
    def tell(story: Story) -> Telling:
        made: Telling = telling(int(story.articles[0].source_id), story=story)
        return made

    def alone(article: Article) -> Story:
        return Story(id=StoryId("alone"), articles=(article,), publishers=("P",), first_seen=article.first_seen)

    return Workshop(tell=tell, alone=alone)


def ids(tellings: tuple[Telling, ...]) -> list[str]:
    return [telling.story.id[-1] for telling in tellings]


def test_every_act_comes_back_as_it_was_written_and_has_words() -> None:
    for act in EVERY_ACT:
        assert read(written(act)) == act
        words = in_words(act, lambda found: f"story {found.story_id}")
        assert words[:1].isupper()
        assert not words.endswith(".")
    assert len({type(act) for act in EVERY_ACT}) == len({written(act)["act"] for act in EVERY_ACT}) == len(EVERY_ACT)


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: Move(story=ONE, where=Where.BEFORE), "before or after another one"),
        (lambda: Move(story=ONE, where=Where.AFTER, beside=ONE), "beside itself"),
        (lambda: Order(stories=(ONE, ONE)), "each story once"),
        (lambda: Order(stories=()), "at least one story"),
        (lambda: ShowPart(part=Part.AHEAD), "belongs to a story"),
        (lambda: ShowPart(part=Part.NUMBER, story=ONE), "belongs to no story"),
        (lambda: Split(story=ONE, urls=()), "choose the articles"),
        (lambda: Retitle(story=ONE, headline="two\nlines"), "is one line"),
        (lambda: Subject(text="x" * 151), "0 to 150 characters"),
        (lambda: LinkTo(story=ONE, url="javascript:alert(1)"), "a whole address"),
        (lambda: OwnItem(story_id=StoryId("c"), headline=" "), "a headline has 1 to 300 characters"),
        (lambda: OwnItem(story_id=StoryId("c"), headline="two\nlines"), "a headline is one line"),
        (lambda: OwnItem(story_id=StoryId("c"), headline="Ours", link="//p.example"), "a whole address"),
        (lambda: OwnItem(story_id=StoryId("c"), headline="Ours", text="word " * 121), "at most 120 words"),
        (lambda: OwnItem(story_id=StoryId("c"), headline="Ours", text="a\nb\nc\nd\ne\nf"), "at most 5 lines"),
        (lambda: HouseLine(text="word " * 41), "at most 40 words"),
        (lambda: HouseLine(text="Hello", link="https://ana:pw@p.example/"), "a whole address"),
        (lambda: Photo(story=ONE, wish=PhotoWish(alt="x" * 301)), "0 to 300 characters"),
        (lambda: NoteAct(text="word " * 61), "at most 60 words"),
        (lambda: Retitle(story=ONE, headline=" "), "1 to 300 characters"),
        (lambda: Retitle(story=ONE, headline="x" * 301), "1 to 300 characters"),
        (lambda: Preheader(text="x" * 201), "0 to 200 characters"),
        (lambda: OwnItem(story_id=StoryId("c"), headline="Ours", credit="x" * 81), "0 to 80 characters"),
        (lambda: OwnItem(story_id=StoryId("c"), headline="Ours", where=Where.LAST), "first, or after another"),
        (lambda: HouseLine(text="Hello", sponsor="x" * 81), "0 to 80 characters"),
        (lambda: LinkTo(story=ONE, url="https:///story"), "a whole address"),
        (lambda: AddArticle(article_id=ArticleId("0" * 64), url="paper.example/2", title="Two"), "a whole address"),
        (lambda: LinkTo(story=ONE, url="https://[1/"), "a whole address"),
    ],
)
def test_an_act_that_makes_no_sense_cannot_be_built(build: Callable[[], Act], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        build()


@pytest.mark.parametrize(
    ("text", "build"),
    [
        ("word " * 60, lambda text: NoteAct(text=text)),
        ("word " * 120, lambda text: OwnItem(story_id=StoryId("c"), headline="Ours", text=text)),
        ("word " * 40, lambda text: HouseLine(text=text)),
        (f" {'x' * 300}\n", lambda text: Retitle(story=ONE, headline=text)),
        (" x\n", lambda text: Retitle(story=ONE, headline=text)),
        (f" {'x' * 150}\n", lambda text: Subject(text=text)),
        (" \n", lambda text: Subject(text=text)),
        (f" {'x' * 200}\n", lambda text: Preheader(text=text)),
        (f" {'x' * 80}\n", lambda text: OwnItem(story_id=StoryId("c"), headline="Ours", credit=text)),
        (f" {'x' * 80}\n", lambda text: HouseLine(text="Hello", sponsor=text)),
        (f" {'x' * 300}\n", lambda text: Photo(story=ONE, wish=PhotoWish(alt=text, credit=text, caption=text))),
    ],
)
def test_what_is_just_short_enough_can_be_built(text: str, build: Callable[[str], Act]) -> None:
    assert read(written(build(text))) == build(text)


def test_five_bullets_or_lines_can_be_chosen(telling: Make) -> None:
    assert len(OwnItem(story_id=StoryId("c"), headline="Ours", text="a\nb\n\nc\nd\ne").lines) == 5
    assert len(ChooseBullets(story=ONE, bullets=telling(0, bullets=5).bullets).bullets) == 5


def test_a_new_headline_is_one_line_of_at_most_200_characters() -> None:
    assert short_headline(f" {'x' * 99}\n {'x' * 100} ") == f"{'x' * 99} {'x' * 100}"
    with pytest.raises(ValueError, match="at most 200 characters, this one has 201"):
        short_headline("x" * 201)


def test_a_line_that_is_only_named_is_taken_out() -> None:
    assert read({"act": "part", "part": "number"}) == ShowPart(part=Part.NUMBER, shown=False)


def test_a_name_means_the_story_with_its_id_or_with_one_of_its_articles(telling: Make) -> None:
    story = telling(1).story
    by_id, by_url = StoryName(story_id=story.id), StoryName(story_id=StoryId("x"), urls=(story.articles[0].url,))
    neither = StoryName(story_id=StoryId("x"), urls=("https://p.example/other",))
    assert [each.names(story) for each in (by_id, by_url, neither)] == [True, True, False]
    assert by_id.meets(StoryName(story_id=story.id))
    assert by_url.meets(StoryName(story_id=StoryId("y"), urls=by_url.urls))
    assert not by_url.meets(StoryName(story_id=StoryId("y"), urls=neither.urls))


def test_a_bullet_is_chosen_once_and_at_most_five(telling: Make) -> None:
    bullets = telling(0, bullets=6).bullets
    with pytest.raises(ValueError, match="at most 5 bullets"):
        ChooseBullets(story=ONE, bullets=bullets)
    with pytest.raises(ValueError, match="printed once"):
        ChooseBullets(story=ONE, bullets=(bullets[0], bullets[0]))


def test_a_dropped_story_comes_back_where_it_was_and_pinning_brings_it_back_too(five: list[Telling]) -> None:
    drop = Drop(story=name(five[2]))
    assert ids(edited(five, [drop])) == ["0", "1", "3", "4"]
    assert ids(edited(five, [drop, Restore(story=name(five[2]))])) == ["0", "1", "2", "3", "4"]
    assert ids(edited(five, [drop, Pin(story=name(five[2]))])) == ["2", "0", "1", "3", "4"]
    assert [t.story.id for t in desked(five, [drop]).dropped] == [five[2].story.id]


def test_stories_move_beside_each_other_to_the_ends_and_into_an_order(five: list[Telling]) -> None:
    names = [name(one) for one in five]
    before = Move(story=names[3], where=Where.BEFORE, beside=names[1])
    assert ids(edited(five, [before])) == ["0", "3", "1", "2", "4"]
    assert ids(edited(five, [Move(story=names[0], where=Where.AFTER, beside=names[3])])) == ["1", "2", "3", "0", "4"]
    assert ids(edited(five, [Move(story=names[2], where=Where.FIRST)])) == ["2", "0", "1", "3", "4"]
    assert ids(edited(five, [Move(story=names[2], where=Where.LAST)])) == ["0", "1", "3", "4", "2"]
    assert ids(edited(five, [Order(stories=(names[4], names[2]))])) == ["4", "2", "0", "1", "3"]
    assert ids(edited(five, [Order(stories=(names[4],)), before])) == ["4", "0", "3", "1", "2"]


def test_a_story_that_is_first_leads_whatever_the_program_thinks_of_it(telling: Make) -> None:
    covered = Recollection(verdict=MemoryVerdict.STILL_COVERED, reason="told")
    held = telling(3)
    held = replace(held, story=replace(held.story, held_back="section has its 2"), recollection=covered)
    edition = compose(KEY, PLAN, [telling(0), telling(1), telling(2), held], NOW, None)
    assert held.story.id not in {item.story_id for item in edition.items}
    moved = Move(story=name(held), where=Where.FIRST)
    edition = compose(KEY, PLAN, [telling(0), telling(1), telling(2), held], NOW, None, [moved])
    assert (edition.items[0].story_id, edition.items[0].place) == (held.story.id, Place.LEAD)


def test_a_story_becomes_a_one_liner_and_another_takes_its_place(telling: Make) -> None:
    tellings = [telling(n) for n in range(12)]
    plain = compose(KEY, PLAN, tellings, NOW, None)
    assert [item.place for item in plain.items[:8]] == [Place.LEAD] + [Place.TOP] * 7
    act = ToBlock(story=name(tellings[1]), block=Block.LINE)
    edition = compose(KEY, PLAN, tellings, NOW, None, [act])
    places = {item.story_id: item.place for item in edition.items}
    assert places[tellings[1].story.id] is Place.ALSO
    assert places[tellings[8].story.id] is Place.TOP
    assert compose(KEY, PLAN, tellings, NOW, None, [act, ToBlock(story=act.story, block=Block.FREE)]) == plain


def test_chosen_bullets_are_printed_as_they_are_and_one_is_enough(telling: Make) -> None:
    tellings = [telling(n, bullets=4) for n in range(4)]
    third = tellings[0].bullets[2]
    chosen = ChooseBullets(story=name(tellings[0]), bullets=(third,))
    edition = compose(KEY, PLAN, tellings, NOW, None, [chosen])
    assert (edition.items[0].place, edition.items[0].bullets) == (Place.LEAD, (third,))
    order = ChooseBullets(story=name(tellings[0]), bullets=tellings[0].bullets[::-1])
    assert compose(KEY, PLAN, tellings, NOW, None, [order]).items[0].bullets == tellings[0].bullets[::-1]
    back = ChooseBullets(story=name(tellings[0]), bullets=())
    assert compose(KEY, PLAN, tellings, NOW, None, [chosen, back]) == compose(KEY, PLAN, tellings, NOW, None)


def test_a_headline_goes_back_to_the_first_one(five: list[Telling]) -> None:
    again = [Retitle(story=name(five[0]), headline=words) for words in ("One", "Two")]
    assert edited(five, again)[0].headline == "Two"
    assert edited(five, [*again, OriginalTitle(story=name(five[0]))])[0].headline == five[0].headline


def test_another_article_is_linked_and_its_source_named_first(telling: Make, story: Make, article: Make) -> None:
    several = story(0, article(0), article(7))
    tellings = [telling(0, story=several), *(telling(n) for n in range(1, 4))]
    act = LinkTo(story=name(tellings[0]), url=article(7).url, name="Paper 7")
    item = compose(KEY, PLAN, tellings, NOW, None, [act]).items[0]
    assert (item.link, item.source_name, item.publishers) == (article(7).link, "Paper 7", ("Paper 7", "Paper 0"))
    gone = LinkTo(story=name(tellings[0]), url="https://elsewhere.example/", name="E")
    assert desked(tellings, [gone]).idle == (gone,)


def test_a_picture_is_hidden_worded_anew_or_another_ones(telling: Make, story: Make, article: Make) -> None:
    one, other = Image(url="https://p.example/1.jpg", alt="Old"), Image(url="https://p.example/2.jpg")
    several = story(0, article(0, image=one), article(7, image=other))
    tellings = [telling(0, story=several), *(telling(n) for n in range(1, 4))]

    def image(wish: PhotoWish) -> Image | None:
        edition: Edition = compose(KEY, PLAN, tellings, NOW, None, [Photo(story=name(tellings[0]), wish=wish)])
        return edition.items[0].image

    assert image(PhotoWish(shown=False)) is None
    assert image(PhotoWish(caption="A bridge.", credit="Kim")) == replace(one, caption="A bridge.", credit="Kim")
    assert image(PhotoWish(url=other.url)) == other
    assert image(PhotoWish(url="https://elsewhere.example/x.jpg")) is None


def test_a_split_story_is_two_and_acts_before_stay_with_what_is_left(
    telling: Make, story: Make, article: Make, shop: Workshop
) -> None:
    several = telling(0, story=story(0, article(0), article(7)))
    rest = [telling(n) for n in range(1, 3)]
    acts: list[Act] = [
        Retitle(story=name(several), headline="By hand"),
        Split(story=name(several), urls=(article(7).url,)),
    ]
    done = desked([several, *rest], acts, shop).tellings
    assert [len(one.story.articles) for one in done] == [1, 1, 1, 1]
    assert [one.headline for one in done[:2]] == ["By hand", article(7).title]
    assert done[0].story.id == several.story.id != done[1].story.id
    for urls in ((article(0).url, article(7).url), ("https://elsewhere.example/",)):
        split = Split(story=name(several), urls=urls)
        assert desked([several, *rest], [split], shop).idle == (split,)
    merged = desked([several, *rest], [*acts, Merge(story=name(done[0]), other=name(done[1]))], shop).tellings
    assert [len(one.story.articles) for one in merged] == [2, 1, 1]


def test_an_item_of_ones_own_is_told_without_a_source(five: list[Telling]) -> None:
    own = OwnItem(story_id=StoryId("0wn"), headline="Our open day", text="Come.\n\n Coffee is  free. ", link="")
    edition = compose(KEY, PLAN, five, NOW, None, [own])
    item = edition.items[1]
    assert (item.headline, item.own, item.link, item.source_name) == ("Our open day", True, "", "")
    assert [bullet.text for bullet in item.bullets] == ["Come.", "Coffee is free."]
    line = compose(KEY, PLAN, five, NOW, None, [replace(own, text="", link="https://p.example/day")]).items
    found = next(item for item in line if item.own)
    assert (found.place, found.link, found.source_name) == (Place.ALSO, "https://p.example/day", "p.example")
    gone: list[Act] = [own, Drop(story=StoryName(story_id=own.story_id))]
    assert not any(item.own for item in compose(KEY, PLAN, five, NOW, None, gone).items)


def test_an_added_article_is_told_after_the_lead_or_where_its_story_is(
    five: list[Telling], article: Make, shop: Workshop
) -> None:
    fresh = article(9)
    shop = replace(shop, added={fresh.id: fresh})
    act = AddArticle(article_id=fresh.id, url=fresh.url, title=fresh.title)
    done = desked(five, [act], shop).tellings
    assert done[1].story.articles == (fresh,)
    known = five[4].story.articles[0]
    shop = replace(shop, added={known.id: known})
    same = desked(five, [AddArticle(article_id=known.id, url=known.url, title=known.title)], shop).tellings
    assert (len(same), same[4].hand.block) == (5, Block.FULL)
    assert desked(five, [act], shop).idle == (act,)


def deeds(*acts: Act) -> tuple[Deed, ...]:
    return tuple(Deed(id=n, act=act, author="Ana", at=NOW) for n, act in enumerate(acts, start=1))


def test_what_is_taken_back_does_not_hold_until_it_is_done_again() -> None:
    history = deeds(Drop(story=ONE), NoteAct(text="Hello."), Undo(of=1))
    assert [deed.id for deed in in_effect(history)] == [2]
    assert undone(history) == {1}
    assert (last_done(history), last_undone(history)) == (history[1], history[0])
    again = deeds(Drop(story=ONE), NoteAct(text="Hello."), Undo(of=1), Undo(of=2), Redo(of=1))
    assert [deed.id for deed in in_effect(again)] == [1]
    assert last_undone(again) == again[1]
    assert last_undone(deeds(Drop(story=ONE))) is None
    assert last_done(()) is None


def test_an_undo_names_an_act_that_holds_and_a_redo_one_that_does_not() -> None:
    history = deeds(Drop(story=ONE), NoteAct(text="Hello."), Undo(of=1))
    assert objection(Undo(of=2), history) == ""
    assert objection(Redo(of=1), history) == ""
    assert objection(Undo(of=1), history) == "act 1 is taken back already"
    assert objection(Redo(of=2), history) == "act 2 holds"
    assert (
        objection(Undo(of=3), history) == objection(Undo(of=9), history).replace("9", "3") == "no act has the number 3"
    )


@pytest.mark.parametrize(
    ("act", "other", "disturbs"),
    [
        (Retitle(story=ONE, headline="A"), Retitle(story=ONE, headline="B"), True),
        (Retitle(story=ONE, headline="A"), OriginalTitle(story=ONE), True),
        (Retitle(story=ONE, headline="A"), Retitle(story=OTHER, headline="B"), False),
        (Retitle(story=ONE, headline="A"), ChooseBullets(story=ONE, bullets=()), False),
        (Retitle(story=ONE, headline="A"), Drop(story=ONE), True),
        (Drop(story=ONE), Photo(story=ONE, wish=PhotoWish()), True),
        (Merge(story=OTHER, other=ONE), Retitle(story=ONE, headline="B"), True),
        (Pin(story=ONE), Move(story=ONE, where=Where.LAST), True),
        (Pin(story=ONE), Move(story=OTHER, where=Where.LAST), False),
        (Order(stories=(ONE,)), Pin(story=OTHER), True),
        (Pin(story=ONE), Retitle(story=ONE, headline="A"), False),
        (Subject(text="A"), Subject(text="B"), True),
        (Subject(text="A"), Preheader(text="B"), False),
        (NoteAct(text="A"), Drop(story=ONE), False),
        (OwnItem(story_id=StoryId("c"), headline="One"), OwnItem(story_id=StoryId("d"), headline="Two"), False),
        (ShowPart(part=Part.AHEAD, story=ONE), ShowPart(part=Part.AHEAD, story=ONE, shown=True), True),
        (ShowPart(part=Part.AHEAD, story=ONE), ShowPart(part=Part.AHEAD, story=OTHER), False),
        (ShowPart(part=Part.AHEAD, story=ONE), ShowPart(part=Part.SO_FAR, story=ONE), False),
        (ShowPart(part=Part.NUMBER), ShowPart(part=Part.QUOTE), False),
        (ShowPart(part=Part.NUMBER), ShowPart(part=Part.NUMBER, shown=True), True),
        (ShowPart(part=Part.BLOCK, key="weather"), ShowPart(part=Part.BLOCK, key="markets"), False),
        (ShowPart(part=Part.AHEAD, story=ONE), Drop(story=ONE), True),
        (Undo(of=4), Undo(of=4), True),
        (Undo(of=4), Redo(of=5), False),
        (Undo(of=4), Drop(story=ONE), False),
    ],
)
def test_two_acts_disturb_each_other_only_where_they_change_one_thing(act: Act, other: Act, *, disturbs: bool) -> None:
    assert bool(clashes(act, deeds(other))) is disturbs
    assert bool(clashes(other, deeds(act))) is disturbs


KINDS = st.sampled_from(["drop", "restore", "first", "last", "before", "line", "full", "pin", "merge", "split", "own"])


@given(st.lists(st.tuples(KINDS, st.integers(0, 4), st.integers(0, 4)), max_size=10))
def test_any_acts_keep_every_article_once_and_drop_none_by_themselves(
    telling: Make, story: Make, article: Make, found: list[tuple[str, int, int]]
) -> None:
    tellings = [telling(n, story=story(n, article(n), article(n + 20))) for n in range(5)]
    shop = Workshop(
        tell=lambda made: telling(int(made.articles[0].source_id), story=made), alone=lambda one: story(0, one)
    )
    names = [name(one) for one in tellings]
    acts: list[Act] = []
    for number, (kind, one, other) in enumerate(found):
        built: dict[str, Callable[[int, int], Act | None]] = {
            "drop": lambda a, _: Drop(story=names[a]),
            "restore": lambda a, _: Restore(story=names[a]),
            "first": lambda a, _: Move(story=names[a], where=Where.FIRST),
            "last": lambda a, _: Move(story=names[a], where=Where.LAST),
            "before": lambda a, b: Move(story=names[a], where=Where.BEFORE, beside=names[b]) if a != b else None,
            "line": lambda a, _: ToBlock(story=names[a], block=Block.LINE),
            "full": lambda a, _: ToBlock(story=names[a], block=Block.FULL),
            "pin": lambda a, _: Pin(story=names[a]),
            "merge": lambda a, b: Merge(story=names[a], other=names[b]),
            "split": lambda a, _: Split(story=names[a], urls=(names[a].urls[1],)),
            "own": lambda a, b: OwnItem(story_id=StoryId(f"own{a}{b}"), headline="Ours"),
        }
        if kind == "own" and ("own", one, other) in found[:number]:
            continue
        acts += [act for act in (built[kind](one, other),) if act is not None]
    done = desked(tellings, acts, shop)
    told = [a.url for one in (*done.tellings, *done.dropped) for a in one.story.articles if not one.hand.own]
    assert len(told) == len(set(told)) == 10
    assert len({one.story.id for one in done.tellings}) == len(done.tellings)
