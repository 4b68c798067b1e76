"""Where a page of the desk leads after a form, and which stories it offers: rules over values, without a server."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from digest.edition.acts import (
    Act,
    ChooseBullets,
    Drop,
    HouseLine,
    NoteAct,
    OwnItem,
    Photo,
    Pin,
    Redo,
    Retitle,
    StoryName,
    Undo,
)
from digest.edition.calendar import Occurrence
from digest.edition.hand import PhotoWish
from digest.edition.history import Deed
from digest.model.edition import Edition, Item, Place
from digest.model.ids import ArticleId, EditionKey, StoryId
from digest.model.story import Bullet
from digest.pipeline.editions.inputs import BY_EDITOR, PART_OF_ANOTHER
from digest.pipeline.sending.desk_sight import DeskSight
from digest.pipeline.sending.draft import Drafted, DraftState, Origin
from digest.web.desk.editions.mergeable import Choices, others_of
from digest.web.desk.editions.places import place_after, place_of
from digest.web.visit import Visit

KEY = EditionKey(name="morning", date=date(2026, 11, 23))
NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)
DUE = Occurrence(key=KEY, compose_at=NOW, due=NOW, closes=NOW + timedelta(hours=2), expires=NOW + timedelta(hours=4))


def item(story: str, bullets: int = 3, *, own: bool = False) -> Item:
    texts = tuple(
        Bullet(
            article_id=ArticleId("1" * 64), link="", source_name="Gazette", text=f"B{n}.", start=9 * n, end=9 * n + 3
        )
        for n in range(bullets)
    )
    return Item(
        story_id=StoryId(story),
        place=Place.TOP,
        anchor=story,
        headline=f"Headline {story}",
        link="",
        source_name="Gazette",
        bullets=texts,
        own=own,
    )


def sight(*items: Item, deeds: tuple[Act, ...] = (), facts: tuple[dict[str, Any], ...] = ()) -> DeskSight:
    """Return the sight of an edition with these items; the facts of items are added, none for no items at all."""
    edition = Edition(
        key=KEY, title="M", language="en", zone="UTC", cut=NOW, subject="s", preheader="p", items=tuple(items)
    )
    done = tuple(Deed(id=n, act=act, author="Ana", at=NOW) for n, act in enumerate(deeds, start=1))
    known = tuple({"id": one.story_id, "memory": "new", "headline": one.headline, "left_out": ""} for one in items)
    return DeskSight(
        version="1",
        last_act=len(done),
        standing=DraftState(due=DUE, row=None, deeds=done, fetched=None, sources=1, audience=0),
        drafted=Drafted(
            edition=edition if items else None,
            origin=Origin.STORED,
            made_at=NOW,
            thin="",
            stories=(),
            applied=(),
            frozen=None,
        ),
        proof=None,
        problem="",
        steps=(),
        facts=(*known, *facts),
        corrections=(),
    )


def form(**fields: str) -> Visit:
    return Visit(form={name.rstrip("_"): (value,) for name, value in fields.items()})


ABC = sight(item("a"), item("b"), item("c"))
B = StoryName(story_id=StoryId("b"))


def after(told: Visit, act: Act, before: DeskSight = ABC, now: DeskSight = ABC) -> str:
    return place_after(told, [act], before, now)


@pytest.mark.parametrize(
    ("act", "place"),
    [
        (Pin(story=B), "#story-b"),
        (NoteAct(text="Hello."), "#words"),
        (HouseLine(text="Read us."), "#house-form"),
        (OwnItem(story_id=StoryId("0wn"), headline="Ours"), "#own-form"),
        (Undo(of=9), "#words"),
    ],
)
def test_a_form_of_the_edition_leads_to_its_story_or_to_its_form(act: Act, place: str) -> None:
    assert after(form(act="x"), act) == place


def test_a_form_may_name_its_place_in_small_letters_and_figures() -> None:
    assert after(form(place="past-7"), Pin(story=B)) == "#past-7"
    assert place_of(form(act="pin", story="b", place="past-7")) == "past-7"
    for wrong in ("Past", 'x" onfocus="', "x" * 62):
        assert after(form(place=wrong), Pin(story=B)) == "#story-b"
        assert place_of(form(act="pin", story="b", place=wrong)) == "story-b"


def test_an_undo_leads_to_the_story_of_its_act() -> None:
    before = sight(item("a"), item("b"), deeds=(NoteAct(text="Hello."), Pin(story=B)))
    assert after(form(), Undo(of=2), before) == after(form(), Redo(of=2), before) == "#story-b"
    assert after(form(), Undo(of=1), before) == "#words"


@pytest.mark.parametrize(
    ("had", "has", "place"),
    [
        ("abc", "ac", "#story-c"),
        ("abcd", "ad", "#story-d"),
        ("abcd", "abcd", "#story-b"),
        ("ab", "a", "#story-a"),
        ("acb", "ac", "#story-c"),
        ("b", "", "#stories"),
        ("ac", "ac", "#story-b"),
    ],
)
def test_of_a_story_that_left_the_page_shows_the_one_in_its_place(had: str, has: str, place: str) -> None:
    before, now = (sight(*map(item, each)) for each in (had, has))
    assert after(form(), Drop(story=B), before, now) == place


@pytest.mark.parametrize(
    ("act", "place"),
    [
        (Retitle(story=B, headline="New"), "title"),
        (Photo(story=B, wish=PhotoWish()), "picture"),
        (Pin(story=B), "main"),
    ],
)
def test_a_form_of_a_storys_page_leads_to_its_section_of_that_page(act: Act, place: str) -> None:
    assert after(form(from_="story", story="b"), act) == f"/story/b#{place}"


def test_a_story_that_is_dropped_or_unknown_has_no_page_to_go_back_to() -> None:
    assert after(form(from_="story", story="b"), Drop(story=B)) == "#story-b"
    assert after(form(from_="story", story="x"), Pin(story=B)) == "#story-b"
    silent = sight(item("a"), facts=({"id": "b", "memory": "", "headline": "B", "left_out": ""},))
    assert after(form(from_="story", story="b"), Pin(story=B), now=silent) == "#story-a"


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"do": "remove", "bullet": "0"}, "bullet-1"),
        ({"do": "remove", "bullet": "7"}, "bullet-3"),
        ({"do": "up", "bullet": "2"}, "bullet-2"),
        ({"do": "up", "bullet": "0"}, "bullets"),
        ({"do": "add"}, "bullet-3"),
        ({"do": "add", "instead": "0"}, "bullet-1"),
        ({"do": "program", "bullet": "1"}, "bullets"),
        ({"do": "remove"}, "bullets"),
        ({"do": "remove", "bullet": "²"}, "bullets"),
        ({"do": "remove", "bullet": "-1"}, "bullets"),
    ],
)
def test_a_step_on_the_bullets_leads_to_the_bullet_that_it_changed(fields: dict[str, str], place: str) -> None:
    told = form(act="bullets", from_="story", story="b", **fields)
    assert after(told, ChooseBullets(story=B, bullets=())) == f"/story/b#{place}"


@pytest.mark.parametrize(("did", "place"), [("Bullet 2 replaced", "bullet-2"), ("", "bullets")])
def test_an_undo_of_a_step_leads_to_the_bullet_that_its_words_name(did: str, place: str) -> None:
    before = sight(item("b"), deeds=(ChooseBullets(story=B, bullets=(), did=did),))
    told = form(act="undo", from_="story", story="b")
    assert place_after(told, [Undo(of=1)], before, before) == f"/story/b#{place}"


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"act": "retitle", "from_": "story"}, "title"),
        ({"act": "bullets", "from_": "story", "bullet": "1"}, "bullet-2"),
        ({"act": "bullets", "from_": "story", "bullet": "1", "instead": "2"}, "bullet-3"),
        ({"act": "bullets", "from_": "story"}, "bullets"),
        ({"act": "photo", "from_": "story", "bullet": "1"}, "picture"),
        ({"act": "x", "from_": "story", "story": "b"}, ""),
        ({"act": "correct", "form": "a0"}, "correct-a0"),
        ({"act": "correct", "form": "other"}, "correct-other"),
        ({"act": "correct", "form": "x y"}, ""),
        ({"act": "note", "form": "a0"}, ""),
        ({"act": "pin", "story": "b"}, "story-b"),
        ({"act": "house"}, "house-form"),
        ({}, "add-form"),
    ],
)
def test_a_refused_form_is_shown_at_its_place(fields: dict[str, str], place: str) -> None:
    assert place_of(form(**fields)) == place


def test_a_story_can_be_merged_with_others_of_the_letter_and_with_free_ones_beside_it() -> None:
    def beside(story: str, left_out: str = "", memory: str = "new") -> dict[str, Any]:
        return {"id": story, "memory": memory, "headline": f"Headline {story}", "left_out": left_out}

    known = (
        beside("d"),
        beside("e", BY_EDITOR),
        beside("f", PART_OF_ANOTHER),
        beside("0", memory=""),
        beside("1", "too old"),
    )
    seen = sight(item("a"), item("b"), item("c", own=True), facts=known)
    inside, outside = others_of(seen, "a")
    assert inside == Choices(name="In the letter", stories=(("b", "Headline b"),))
    assert outside.stories == (("d", "Headline d"), ("1", "Headline 1"))
    (others,) = others_of(seen, "d")[1:]
    assert others.stories == (("1", "Headline 1"),)
    assert others_of(sight(item("a")), "a") == ()
    assert others_of(sight(), "a") == ()
