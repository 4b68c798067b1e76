from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from digest.edition.acts import Act, Drop, NoteAct, Pin, StoryName
from digest.edition.compose import (
    anchor,
    compose,
    planned,
    words_in,
)
from digest.edition.memory import MemoryVerdict, Recollection, telling_of
from digest.edition.telling import Telling
from digest.errors import NothingToTell
from digest.model.article import Image
from digest.model.edition import PREHEADER_CHARACTERS, SUBJECT_CHARACTERS, Edition, Place, ToldStory
from digest.model.ids import EditionKey
from digest.model.kind import AFTER_NEWS, TextKind
from digest.settings import EditionSettings

DAY = date(2026, 11, 23)
MORNING = EditionKey(name="morning", date=DAY)
EVENING = EditionKey(name="evening", date=DAY)
DAILY = EditionSettings(title="Morning Update")
NIGHTLY = EditionSettings(title="Evening Update", greeting="evening", follows="morning")
Make = Callable[..., Any]


def places(edition: Edition) -> list[Place]:
    return [item.place for item in edition.items]


def test_a_full_day_has_a_lead_seven_top_stories_and_one_liners(telling: Make, cut: datetime) -> None:
    edition = compose(MORNING, DAILY, [telling(n) for n in range(20)], cut, None)
    assert places(edition) == [Place.LEAD] + [Place.TOP] * 7 + [Place.ALSO] * 6
    assert [item.story_id for item in edition.items] == [telling(n).story.id for n in range(14)]
    assert not edition.thin
    assert {len(item.bullets) for item in edition.items[:8]} == {3}


def test_a_story_with_one_good_bullet_is_a_line(telling: Make, cut: datetime) -> None:
    edition = compose(MORNING, DAILY, [telling(0, bullets=1), *(telling(n) for n in range(1, 6))], cut, None)
    assert edition.items[-1].story_id == telling(0).story.id
    assert edition.items[-1].place is Place.ALSO
    assert edition.items[-1].bullets == ()
    assert edition.items[0].place is Place.LEAD


def test_places_that_no_story_fills_in_full_go_to_one_liners_where_a_letter_has_any(telling: Make) -> None:
    short = [telling(0), *(telling(n, bullets=1) for n in range(1, 20))]
    layout = planned(DAILY, short, None)
    assert [placed.place for placed in layout.placed] == [Place.LEAD] + [Place.ALSO] * (7 + 6)
    assert {left.reason for left in layout.left_out} == {"no room: the stories above fill the letter"}
    none = planned(structs.replace(DAILY, also_stories=0), short, None)
    assert [placed.place for placed in none.placed] == [Place.LEAD]


def doubting(telling: Telling, first: int) -> Telling:
    """Return the telling with its bullets doubtful from one on."""
    bullets = tuple(replace(bullet, doubtful=n >= first) for n, bullet in enumerate(telling.bullets))
    return replace(telling, bullets=bullets)


def test_a_story_whose_bullets_are_doubtful_is_a_line_unless_the_editor_wants_it(telling: Make, cut: datetime) -> None:
    others = [telling(n) for n in range(1, 4)]
    doubted = doubting(telling(0), 1)
    assert places(compose(MORNING, DAILY, [doubted, *others], cut, None))[-1] is Place.ALSO
    wanted = replace(doubted, pinned=True)
    assert places(compose(MORNING, DAILY, [wanted, *others], cut, None)) == [Place.LEAD] + [Place.TOP] * 3


def test_a_doubtful_bullet_gives_its_place_to_the_next_good_one(telling: Make, cut: datetime) -> None:
    one = telling(0, bullets=4)
    marked = replace(one, bullets=(one.bullets[0], replace(one.bullets[1], doubtful=True), *one.bullets[2:]))
    edition = compose(MORNING, DAILY, [marked, telling(1), telling(2)], cut, None)
    assert [bullet.text for bullet in edition.items[0].bullets] == [one.bullets[n].text for n in (0, 2, 3)]
    wanted = replace(marked, pinned=True, bullets=marked.bullets[:2])
    edition = compose(MORNING, DAILY, [wanted, telling(1), telling(2)], cut, None)
    assert edition.items[0].bullets == wanted.bullets


def test_a_long_read_has_a_good_bullet_or_is_a_line(telling: Make, cut: datetime) -> None:
    deep = structs.replace(DAILY, in_depth_stories=1, top_stories=1)
    for first, place in ((1, Place.IN_DEPTH), (0, Place.ALSO)):
        long = doubting(replace(telling(5), minutes=7), first)
        edition = compose(MORNING, deep, [telling(0), telling(1), long], cut, None)
        found = {item.story_id: item for item in edition.items}[long.story.id]
        assert found.place is place
        assert all(not bullet.doubtful for bullet in found.bullets)


def test_an_update_without_a_good_sentence_is_folded(telling: Make, told: Make) -> None:
    earlier = told(telling(0).story, edition=MORNING)
    news = Recollection(verdict=MemoryVerdict.UPDATE, reason="news", told=earlier, covered_since=True)
    for first, fate in ((1, Place.UPDATE), (0, None)):
        updated = doubting(replace(telling(0), recollection=news), first)
        layout = planned(NIGHTLY, [updated, telling(1), telling(2), telling(3)], MORNING)
        assert {placed.telling.story.id: placed.place for placed in layout.placed}.get(updated.story.id) is fate
    assert (
        "no good sentence that was not told"
        in {left.story_id: left.reason for left in layout.left_out}[updated.story.id]
    )


@pytest.mark.parametrize("mark", ["doubtful", "weak"])
def test_no_doubtful_or_weak_bullet_lengthens_a_story(telling: Make, cut: datetime, mark: str) -> None:
    told = telling(1)
    marked = replace(told, bullets=(*told.bullets[:2], *(replace(each, **{mark: True}) for each in told.bullets[2:])))
    edition = compose(MORNING, DAILY, [telling(0), marked, telling(2)], cut, None)
    assert [len(item.bullets) for item in edition.items] == [3, 2, 3]


def test_a_long_read_that_makes_no_top_story_stands_in_depth_when_the_settings_want_it(
    telling: Make, cut: datetime
) -> None:
    deep = structs.replace(DAILY, in_depth_stories=1, top_stories=3)
    tellings = [replace(telling(n), minutes=7 if n in {1, 5, 6} else 2) for n in range(10)]
    edition = compose(MORNING, deep, tellings, cut, None)
    (long,) = (item for item in edition.items if item.place is Place.IN_DEPTH)
    assert long.story_id == tellings[5].story.id
    assert len(long.bullets) == 1
    assert places(edition)[:5] == [Place.LEAD, *[Place.TOP] * 3, Place.IN_DEPTH]
    assert Place.IN_DEPTH not in places(compose(MORNING, structs.replace(DAILY, top_stories=3), tellings, cut, None))


def test_a_thin_day_says_so_and_an_empty_one_is_refused(telling: Make, cut: datetime) -> None:
    assert compose(MORNING, DAILY, [telling(n) for n in range(3)], cut, None).thin
    with pytest.raises(NothingToTell, match="2 stories, and the floor is 3"):
        compose(MORNING, DAILY, [telling(n) for n in range(2)], cut, None)


def test_bullets_are_a_prefix_of_the_candidates_in_article_order(telling: Make, cut: datetime) -> None:
    one = telling(0, bullets=4)
    shuffled = Telling(story=one.story, recollection=one.recollection, headline=one.headline, bullets=one.bullets[::-1])
    edition = compose(MORNING, DAILY, [shuffled, telling(1), telling(2)], cut, None)
    assert edition.items[0].bullets == one.bullets[1:]


def test_no_bullet_is_printed_twice_in_one_letter(telling: Make, cut: datetime) -> None:
    twin = telling(1, bullets=2)
    copied = Telling(
        story=twin.story,
        recollection=twin.recollection,
        headline=twin.headline,
        bullets=telling(0, bullets=2).bullets + twin.bullets,
    )
    edition = compose(MORNING, DAILY, [telling(0, bullets=2), copied, telling(2)], cut, None)
    assert edition.items[1].bullets == twin.bullets


def test_a_story_over_its_sections_quota_stays_out_unless_it_is_pinned(
    telling: Make, story: Make, cut: datetime
) -> None:
    full = telling(0, story=story(0, held_back="section sport has its 2"))
    others = [telling(n) for n in range(1, 5)]
    assert full.story.id not in {item.story_id for item in compose(MORNING, DAILY, [full, *others], cut, None).items}
    assert planned(DAILY, [full, *others], None).left_out[0].reason == "section sport has its 2"
    pin = Pin(story=StoryName(story_id=full.story.id))
    assert compose(MORNING, DAILY, [*others, full], cut, None, [pin]).items[0].story_id == full.story.id


def update_of(telling: Make, told: Make, article: Make, story: Make, number: int) -> Telling:
    old, new = article(number), article(100 + number, hours=5)
    both = story(number, old, new)
    recollection = Recollection(
        verdict=MemoryVerdict.UPDATE,
        reason="told in morning; news: a new number, 7",
        told=told(story(number, old), anchor=f"anchor-{number}"),
        new_articles=(new,),
    )
    made: Telling = telling(number, story=both, recollection=recollection)
    return made


def test_the_evening_opens_with_updates_and_links_to_the_mornings_item(
    telling: Make, told: Make, article: Make, story: Make, cut: datetime
) -> None:
    update = update_of(telling, told, article, story, 9)
    edition = compose(EVENING, NIGHTLY, [*(telling(n) for n in range(6)), update], cut, MORNING)
    assert places(edition) == [Place.UPDATE, Place.LEAD] + [Place.TOP] * 5
    assert edition.items[0].earlier_anchor == "anchor-9"
    assert edition.items[0].link == "https://paper109.example/story/109"


def test_the_subject_names_what_opens_the_letter_and_the_preheader_the_lead(
    telling: Make, told: Make, article: Make, story: Make, cut: datetime
) -> None:
    update, second = (update_of(telling, told, article, story, n) for n in (8, 9))
    edition = compose(EVENING, NIGHTLY, [*(telling(n) for n in range(6)), update, second], cut, MORNING)
    assert edition.subject == edition.items[0].headline == update.headline
    assert edition.preheader.startswith(telling(0).headline)
    assert update.headline not in edition.preheader


def test_an_update_that_is_no_news_gives_no_subject(
    telling: Make, told: Make, article: Make, story: Make, cut: datetime
) -> None:
    update = update_of(telling, told, article, story, 9)
    guide = replace(update, story=replace(update.story, kind=TextKind.GUIDE))
    edition = compose(EVENING, NIGHTLY, [*(telling(n) for n in range(4)), guide], cut, MORNING)
    assert (edition.items[0].place, edition.subject) == (Place.UPDATE, telling(0).headline)


def test_what_yesterday_told_is_no_update_of_this_morning(
    telling: Make, told: Make, article: Make, story: Make, cut: datetime
) -> None:
    update = update_of(telling, told, article, story, 0)
    yesterday = EditionKey(name="evening", date=date(2026, 11, 22))
    edition = compose(EVENING, NIGHTLY, [update, telling(1), telling(2)], cut, yesterday)
    assert places(edition) == [Place.LEAD, Place.TOP, Place.TOP]


def test_a_told_story_without_news_folds_into_one_line(telling: Make, told: Make, story: Make, cut: datetime) -> None:
    earlier = told(story(0), headline="Harbour reopens")
    silent = telling(0, recollection=remembered(earlier, covered_since=True))
    edition = compose(EVENING, NIGHTLY, [silent, *(telling(n) for n in range(1, 5))], cut, MORNING)
    assert edition.still_covered == ("Harbour reopens",)
    assert silent.story.id not in {item.story_id for item in edition.items}


def remembered(earlier: ToldStory, *, covered_since: bool = False) -> Recollection:
    return Recollection(verdict=MemoryVerdict.STILL_COVERED, reason="told", told=earlier, covered_since=covered_since)


def resting(telling: Make, told: Make, story: Make, numbers: Iterable[int], **changes: Any) -> list[Telling]:
    return [
        telling(n, recollection=remembered(told(story(n), headline=f"As told {n}", **changes)), bullets=0)
        for n in numbers
    ]


def test_the_weightiest_stories_of_the_morning_that_nothing_followed_are_reminders_and_no_more_than_three(
    telling: Make, told: Make, story: Make, cut: datetime
) -> None:
    quiet = resting(telling, told, story, range(20, 25))
    edition = compose(EVENING, NIGHTLY, [*quiet, *(telling(n) for n in range(4))], cut, MORNING)
    assert edition.still_covered == ()
    assert [item.headline for item in edition.items if item.place is Place.MISSED] == [
        f"As told {n}" for n in (20, 21, 22)
    ]
    assert places(edition)[-3:] == [Place.MISSED] * 3
    left = planned(NIGHTLY, [*quiet, telling(0)], MORNING).left_out
    assert [out.story_id for out in left] == [quiet[3].story.id, quiet[4].story.id]


def test_what_another_edition_told_is_no_reminder(telling: Make, told: Make, story: Make, cut: datetime) -> None:
    yesterday = EditionKey(name="morning", date=date(2026, 11, 22))
    quiet = resting(telling, told, story, [20], edition=yesterday)
    tellings = [*quiet, *(telling(n) for n in range(4))]
    assert Place.MISSED not in places(compose(EVENING, NIGHTLY, tellings, cut, MORNING))
    assert Place.MISSED not in places(compose(MORNING, DAILY, tellings, cut, None))


def test_reminders_make_no_letter_and_are_not_told_again(telling: Make, told: Make, story: Make, cut: datetime) -> None:
    quiet = resting(telling, told, story, range(20, 23))
    with pytest.raises(NothingToTell, match="2 stories"):
        compose(EVENING, NIGHTLY, [*quiet, telling(0), telling(1)], cut, MORNING)
    tellings = [*quiet, *(telling(n) for n in range(3))]
    edition = compose(EVENING, NIGHTLY, tellings, cut, MORNING)
    told_now = telling_of(edition, [one.story for one in tellings])
    assert [memory.story_id for memory in told_now] == [telling(n).story.id for n in range(3)]


def test_an_update_whose_sentences_were_all_told_folds_too(
    telling: Make, told: Make, story: Make, article: Make, cut: datetime
) -> None:
    update = update_of(telling, told, article, story, 0)
    earlier = told(story(0), bullets=tuple(bullet.text for bullet in update.bullets))
    recollection = Recollection(verdict=MemoryVerdict.UPDATE, reason="told", told=earlier, new_articles=(article(100),))
    silent = telling(0, story=update.story, recollection=recollection)
    edition = compose(EVENING, NIGHTLY, [silent, *(telling(n) for n in range(1, 5))], cut, MORNING)
    assert Place.UPDATE not in places(edition)
    assert edition.still_covered == (earlier.headline,)


def test_the_evenings_own_lesser_stories_are_one_liners_too(telling: Make, cut: datetime) -> None:
    edition = compose(EVENING, NIGHTLY, [telling(n) for n in range(30)], cut, MORNING)
    assert places(edition)[-7:] == [Place.TOP] + [Place.ALSO] * 6


def test_acts_shape_the_edition(telling: Make, cut: datetime) -> None:
    tellings = [telling(n) for n in range(6)]
    acts: list[Act] = [
        Drop(story=StoryName(story_id=tellings[0].story.id)),
        Pin(story=StoryName(story_id=tellings[3].story.id)),
        NoteAct(text="Take an umbrella.", author="Ana"),
    ]
    edition = compose(MORNING, DAILY, tellings, cut, None, acts)
    assert [item.story_id for item in edition.items[:2]] == [tellings[3].story.id, tellings[1].story.id]
    assert edition.note is not None
    assert edition.note.author == "Ana"


def test_the_preheader_names_the_second_and_third_story(telling: Make, cut: datetime) -> None:
    edition = compose(MORNING, DAILY, [telling(n) for n in range(5)], cut, None)
    assert edition.preheader == "Harbour number1 reopens after flood1 · Harbour number2 reopens after flood2"


def test_the_preheader_names_two_stories_that_fit_whole(telling: Make, cut: datetime) -> None:
    long = "Islanders of Brannoch ask the harbour board of Tarrow for the money that nine days without a ferry cost"
    named = [
        "Ferry returns to Brannoch",
        "Council of Tarrow closes the harbour",
        long,
        "Storm tears the old pier in two",
    ]
    tellings = [telling(n, headline=headline) for n, headline in enumerate(named)]
    edition = compose(MORNING, structs.replace(DAILY, floor=1), tellings, cut, None)
    assert edition.preheader == "Council of Tarrow closes the harbour · Storm tears the old pier in two"


def test_a_subject_is_never_cut_within_a_clause(telling: Make, cut: datetime) -> None:
    def subject(headline: str, prefix: str = "") -> str:
        settings = structs.replace(DAILY, floor=1, subject_prefix=prefix)
        return compose(MORNING, settings, [telling(0, headline=headline)], cut, None).subject

    ends = "Storms tear the old pier of Tarrow in two, leaving ninety islanders without bread"
    whole = "Ninety islanders of Brannoch ask the harbour board of Tarrow for bread, post and money"
    assert subject(ends) == "Storms tear the old pier of Tarrow in two"
    assert subject(ends, "Tarrow:") == "Tarrow: Storms tear the old pier of Tarrow in two"
    assert subject(whole) == whole


def test_a_late_edition_says_so(telling: Make, cut: datetime) -> None:
    assert compose(MORNING, DAILY, [telling(n) for n in range(5)], cut, None, late=True).late


HEADLINES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=200).filter(
    str.strip
)
DAYS = st.lists(st.tuples(HEADLINES, st.integers(0, 6), st.integers(1, 40)), min_size=3, max_size=25)


@given(day=DAYS, words=st.integers(100, 900), evening=st.booleans())
def test_budgets_subject_and_preheader_hold_for_any_day(
    telling: Make, cut: datetime, day: list[tuple[str, int, int]], words: int, *, evening: bool
) -> None:
    settings = structs.replace(NIGHTLY if evening else DAILY, words=words, floor=1)
    tellings = [telling(n, bullets=bullets, headline=headline) for n, (headline, bullets, _) in enumerate(day)]
    layout = planned(settings, tellings, None)
    assert words_in(layout) <= words
    if not layout.placed:
        return
    edition = compose(EVENING if evening else MORNING, settings, tellings, cut, None)
    whole = {item.headline for item in edition.items}
    assert 0 < len(edition.subject) <= SUBJECT_CHARACTERS or edition.subject in whole
    assert len(edition.preheader) <= PREHEADER_CHARACTERS[1] or edition.preheader in whole
    assert edition.preheader != edition.subject
    printed = [bullet.text for item in edition.items for bullet in item.bullets]
    assert len(printed) == len(set(printed))
    assert len({item.anchor for item in edition.items}) == len(edition.items)
    assert all(len(item.bullets) in {2, 3} for item in edition.items if item.place in {Place.LEAD, Place.TOP})
    placed = {item.story_id for item in edition.items}
    assert placed.isdisjoint(left.story_id for left in layout.left_out)
    assert len(placed) + len(layout.left_out) == len(tellings)


def test_an_anchor_is_plain_ascii_in_any_script() -> None:
    assert anchor("Überschwemmung: Brücke gesperrt!", "0123456789abcdef") == "uberschwemmung-brucke-gesperrt-01234567"
    assert anchor("洪水", "0123456789abcdef") == "story-01234567"


def of_kind(telling: Make, story: Make, kind: TextKind, number: int, **changes: Any) -> Telling:
    made: Telling = telling(number, story=story(number, kind=kind), **changes)
    return made


@pytest.mark.parametrize("kind", sorted(AFTER_NEWS, key=str))
def test_what_is_no_news_never_leads_nor_gives_the_subject(
    telling: Make, story: Make, cut: datetime, kind: TextKind
) -> None:
    tellings = [of_kind(telling, story, kind, 0, headline="Ten offers"), *(telling(n) for n in range(1, 6))]
    edition = compose(MORNING, DAILY, tellings, cut, None)
    assert edition.items[0].story_id == tellings[1].story.id
    assert places(edition) == [Place.LEAD, *[Place.TOP] * 5]
    assert edition.subject == tellings[1].headline
    assert edition.items[1].kind is kind


def test_a_day_without_news_has_no_lead_and_the_editions_name_as_subject(
    telling: Make, story: Make, cut: datetime
) -> None:
    edition = compose(MORNING, DAILY, [of_kind(telling, story, TextKind.GUIDE, n) for n in range(6)], cut, None)
    assert Place.LEAD not in places(edition)
    assert edition.subject == edition.title


def test_the_editor_may_let_an_opinion_lead(telling: Make, story: Make, cut: datetime) -> None:
    pinned = of_kind(telling, story, TextKind.OPINION, 0, pinned=True, headline="Our view")
    edition = compose(MORNING, DAILY, [pinned, *(telling(n) for n in range(1, 6))], cut, None)
    assert (edition.items[0].place, edition.subject) == (Place.LEAD, "Our view")


def test_what_the_morning_left_out_stands_below_what_is_new_and_never_leads(telling: Make, cut: datetime) -> None:
    old = [telling(n, since=False) for n in range(2)]
    new = [telling(n) for n in range(2, 5)]
    edition = compose(EVENING, NIGHTLY, [*old, *new], cut, MORNING)
    assert places(edition) == [Place.LEAD, Place.TOP, Place.TOP, Place.LEFT, Place.LEFT]
    assert {item.story_id for item in edition.items[3:]} == {one.story.id for one in old}
    alone = compose(EVENING, NIGHTLY, [telling(n, since=False) for n in range(4)], cut, MORNING)
    assert set(places(alone)) == {Place.LEFT}


def test_an_update_credits_who_wrote_it(telling: Make, told: Make, article: Make, story: Make, cut: datetime) -> None:
    update = replace(update_of(telling, told, article, story, 9), credits=("Paper 109",))
    edition = compose(EVENING, NIGHTLY, [*(telling(n) for n in range(4)), update], cut, MORNING)
    assert (edition.items[0].source_name, edition.items[0].publishers) == ("Paper 109", ("Paper 109",))


def test_a_letter_is_one_publishers_only_when_its_stories_stand_on_one_site(
    telling: Make, article: Make, story: Make, cut: datetime
) -> None:
    own = [
        telling(n, story=story(n, article(n, link=f"https://{part}.paper.example/{n}")))
        for n, part in enumerate(("www", "sport", "local"))
    ]
    assert compose(MORNING, DAILY, own, cut, None, one_publisher=True).one_publisher
    strangers = [*own, telling(7, story=story(7, article(7, link="https://elsewhere.example.net/7")))]
    assert not compose(MORNING, DAILY, strangers, cut, None, one_publisher=True).one_publisher


def test_a_picture_that_several_stories_share_is_no_photo(
    telling: Make, story: Make, article: Make, cut: datetime
) -> None:
    badge, photo = Image(url="https://paper.example/card.jpg"), Image(url="https://paper.example/quay.jpg")
    images = [badge, badge, photo, None]
    tellings = [telling(n, story=story(n, article(n, image=image))) for n, image in enumerate(images)]
    edition = compose(MORNING, DAILY, tellings, cut, None)
    assert {item.image for item in edition.items} == {None, photo}
    twice = [telling(0, story=story(0, article(0, image=photo), article(9, image=photo))), *tellings[1:2]]
    assert compose(MORNING, structs.replace(DAILY, floor=1), twice, cut, None).items[0].image == photo
