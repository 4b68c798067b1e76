"""What the operator reads about a story: its place, its memory, its first hour in the edition's zone, its points."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from digest.pipeline.editions.fates import LEFT_OUT, editions_of, readings
from digest.pipeline.editions.left_out import advertorials
from digest.pipeline.proofs.explain import explain
from digest.storage.schema.editions import editions


def account(newsroom: Any, story: str, name: str = "morning") -> str:
    return "\n".join(explain(newsroom.runtime, name, story).lines())


def test_a_story_is_explained_in_the_zone_of_its_edition_without_factors_that_count_nothing(newsroom: Any) -> None:
    newsroom.change(zone="Asia/Kathmandu")
    newsroom.compose()
    told = account(newsroom, "harbour bridge")
    assert "first seen Mon 10:45 Asia/Kathmandu" in told
    assert "1 outlet, 1 owner" in told
    assert "+0.40 prominence (place 1 in its source's order)" in told
    assert "0.00" not in told.split("score", 1)[1].split("\n", 1)[0]
    assert told.count("not told before") == 1


def test_the_reason_why_a_story_was_held_back_is_said_once(newsroom: Any) -> None:
    newsroom.freeze()
    newsroom.now += timedelta(hours=11)
    for topic in ("Kestrel", "Quarry", "Violin"):
        newsroom.print_(f"{topic} news", f"The {topic} was seen on Monday by {len(topic)} of its {topic} admirers.", 2)
    newsroom.change("evening", floor=1)
    newsroom.compose("evening")
    told = "\n".join(explain(newsroom.runtime, "evening", None).lines())
    assert "left out: told in morning/2026-11-23 (the same article); nothing appeared since\n" in told


def test_an_edition_that_was_held_is_found_and_its_reason_told(newsroom: Any) -> None:
    newsroom.freeze()
    newsroom.now += timedelta(days=1)
    newsroom.compose()
    told = "\n".join(explain(newsroom.runtime, "morning", None).lines())
    assert told.startswith("morning/2026-11-24: held: 0 stories, and the floor is 3")


def test_advertising_is_named_as_composing_left_it_out_whatever_the_settings_say_later(newsroom: Any) -> None:
    newsroom.print_("Sponsored: a bed for every back", "The bed of the house of Kettle fits every back in the county.")
    composed = newsroom.compose()
    newsroom.change(advertorials="label")
    stored = newsroom.stores.editions.get(composed.row.key)
    assert composed.advertorials == advertorials(stored)
    assert [line.partition(": sponsored")[0] for line in composed.advertorials] == [
        "Sponsored: a bed for every back (Paper 1)"
    ]


def test_an_edition_of_settings_that_no_version_knows_any_more_is_explained_by_those_of_today(newsroom: Any) -> None:
    row = newsroom.compose().row
    newsroom.print_("Der Hafen von Lindau", "Der Hafen ist zu.")
    seen = {**row.seen, "basis": {**row.seen["basis"], "plan": {"title": "Morning Update", "at": "at dawn"}}}
    with newsroom.stores.database.write() as connection:
        connection.execute(update(editions).values(seen=seen))
    assert explain(newsroom.runtime, "morning", None).stories
    assert [edition.composed for edition in editions_of(newsroom.runtime, "morning")] == [False]


def test_a_story_whose_best_bullets_are_bad_by_the_models_own_estimate_says_so(newsroom: Any) -> None:
    newsroom.print_("Ten gifts for your garden", "You will love these ten gifts. Order them here. They are so lovely!")
    newsroom.compose()
    assert "possible bullets good enough by the model's estimate, 2 needed" in account(newsroom, "ten gifts")
    good = next(story for story in explain(newsroom.runtime, "morning", None).stories if story.facts["place"] == "lead")
    assert good.facts["bullets"] == ""


def test_a_line_with_enough_good_bullets_has_no_such_reason(newsroom: Any) -> None:
    newsroom.change(top_stories=1)
    newsroom.compose()
    lines = [each.facts for each in explain(newsroom.runtime, "morning", None).stories if each.facts["place"] == "also"]
    assert "" in {facts["bullets"] for facts in lines}


def test_articles_of_an_edition_without_news_say_so_and_later_ones_wait(newsroom: Any) -> None:
    newsroom.freeze()
    newsroom.now += timedelta(hours=11)
    assert newsroom.compose("evening").edition is None
    newsroom.now += timedelta(minutes=1)
    newsroom.print_(
        "Night ferry returns", "The night ferry sails again on Friday. It carries ninety cars to the island."
    )
    (evening,) = editions_of(newsroom.runtime, "evening")
    fates = [reading.fates[0] for reading in readings(newsroom.runtime, (evening,), newsroom.now - timedelta(days=1))]
    assert fates[0].words == "seen after it was composed"
    assert {(fate.outcome, fate.words) for fate in fates[1:]} == {
        (LEFT_OUT, "it tells nothing new: the edition has 0 stories, and the floor is 3")
    }
