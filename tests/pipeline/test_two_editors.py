"""Two editors at once: no act is lost, and the draft has all of them in one order, on both databases."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from tests.pipeline.conftest import Newsroom

from digest.edition.acts import Act, Drop, Move, NoteAct, Retitle, StoryName, Subject, Undo, Where
from digest.edition.history import in_effect
from digest.errors import LostRace, RefusedAct
from digest.model.edition import Edition
from digest.pipeline.editions.acting import do_acts
from digest.pipeline.editions.again import PREPARED, deeds_of
from digest.pipeline.editions.composing import compose_edition
from digest.pipeline.proofs.rebuild import rebuild
from digest.storage.editions import StoredEdition
from digest.storage.engine import Database

ROUNDS = 6


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Newsroom:
    made = Newsroom(database, tmp_path)
    made.compose()
    return made


def row_of(room: Newsroom) -> StoredEdition:
    found = room.stores.editions.get(room.due().key)
    assert found is not None
    return found


def edition(room: Newsroom) -> Edition:
    found = row_of(room).edition
    assert found is not None
    return found


def name(room: Newsroom, words: str) -> StoryName:
    return StoryName(story_id=next(item.story_id for item in edition(room).items if words in item.headline))


def do(room: Newsroom, act: Act, author: str = "Ana", seen: int | None = None) -> None:
    do_acts(room.runtime, room.due(), row_of(room), (act,), author=author, seen=seen)


def test_acts_of_two_editors_at_the_same_time_are_all_in_the_draft(room: Newsroom) -> None:
    otters, museum = name(room, "Otters"), name(room, "Museum")
    acts: dict[str, list[Act]] = {
        "Ana": [Retitle(story=otters, headline=f"Otters, take {n}") for n in range(ROUNDS)],
        "Ben": [
            Subject(text=f"Subject {n}") if n % 2 else Retitle(story=museum, headline=f"Map {n}") for n in range(ROUNDS)
        ],
    }
    failed: list[BaseException] = []

    def work(author: str) -> None:
        try:
            for act in acts[author]:
                do(room, act, author)
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            failed.append(error)

    threads = [threading.Thread(target=work, args=(author,)) for author in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    deeds = deeds_of(room.stores, row_of(room))
    assert len(deeds) == 2 * ROUNDS
    for author, done in acts.items():
        assert [deed.act for deed in deeds if deed.author == author] == done
    assert edition(room).subject == f"Subject {ROUNDS - 1}"
    headlines = [item.headline for item in edition(room).items]
    assert {f"Otters, take {ROUNDS - 1}", f"Map {ROUNDS - 2}"} <= set(headlines)
    assert rebuild(room.runtime, "morning").difference == ""


def test_a_lost_race_changes_nothing_and_says_who_was_first(room: Newsroom) -> None:
    otters = name(room, "Otters")
    do(room, Retitle(story=otters, headline="The otters are back"), "Ana", seen=0)
    with pytest.raises(LostRace, match=r"The otters are back.*Ana"):
        do(room, Drop(story=otters), "Ben", seen=0)
    assert "The otters are back" in [item.headline for item in edition(room).items]
    do(room, NoteAct(text="Hello."), "Ben", seen=0)
    assert len(deeds_of(room.stores, row_of(room))) == 2


def test_two_moves_of_different_stories_do_not_disturb_each_other(room: Newsroom) -> None:
    do(room, Move(story=name(room, "Otters"), where=Where.FIRST), "Ana", seen=0)
    do(room, Move(story=name(room, "Museum"), where=Where.FIRST), "Ben", seen=0)
    assert [item.headline.split()[0] for item in edition(room).items[:2]] == ["Museum", "Otters"]


def test_one_act_is_taken_back_once(room: Newsroom) -> None:
    do(room, NoteAct(text="Hello."))
    (deed,) = deeds_of(room.stores, row_of(room))
    do(room, Undo(of=deed.id), "Ana", seen=deed.id)
    with pytest.raises(RefusedAct, match="taken back already"):
        do(room, Undo(of=deed.id), "Ben", seen=deed.id)
    with pytest.raises(RefusedAct, match="no act has the number"):
        do(room, Undo(of=deed.id + 1))
    assert in_effect(deeds_of(room.stores, row_of(room))) == ()
    assert edition(room).note is None


def test_an_act_scores_nothing_again_that_composing_scored_in_this_process(newsroom: Newsroom) -> None:
    runtime = newsroom.runtime
    first = compose_edition(runtime, newsroom.due()).row
    row = newsroom.stores.editions.get(newsroom.due().key)
    assert row is not None
    do_acts(runtime, newsroom.due(), row, (NoteAct(text="Hello."),))
    assert len(runtime.kept.held(PREPARED)) == 1
    assert first.edition is not None
    newsroom.print_("Ferry to Kelp sails again", "The ferry to Kelp sails again from Monday on, its owner said. " * 3)
    newsroom.now += timedelta(minutes=1)
    compose_edition(runtime, newsroom.due())
    assert len(runtime.kept.held(PREPARED)) == 2
