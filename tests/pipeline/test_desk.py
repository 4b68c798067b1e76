"""The editor's acts are done to a draft, kept when it is composed again, and the edition waits for the editor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from digest.errors import EditionClosed, NothingToTell, RefusedAct, Unapproved, UnknownEdition
from digest.model.edition import Edition, EditionState
from digest.model.ids import EditionKey
from digest.pipeline.editions.editing import EditRequest, approve, edit, hold, skip
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.progress import unseen
from digest.pipeline.proofs.rebuild import rebuild
from digest.pipeline.sending.send import Request, SendReport, send_edition


def headlines(edition: Edition | None) -> list[str]:
    assert edition is not None
    return [item.headline for item in edition.items]


def send(newsroom: Any, **how: Any) -> SendReport:
    def gather() -> GatherReport:
        return GatherReport(sources=(), articles=0, pages=())

    return send_edition(newsroom.runtime, Request(name="morning", **how), gather, unseen)


def state(newsroom: Any) -> EditionState:
    found: EditionState = newsroom.stores.editions.get(newsroom.due().key).state
    return found


def test_acts_shape_the_edition_and_are_kept_when_it_is_composed_again(newsroom: Any) -> None:
    before = newsroom.compose().edition
    wish = EditRequest(
        note="Take an umbrella.",
        author="Ana",
        pin=("otters",),
        drop=("museum",),
        merge=(("storm", "nurses"),),
        retitle=(("harbour bridge", "The bridge shuts"),),
    )
    edited = edit(newsroom.runtime, "morning", wish).edition
    assert edited is not None
    assert headlines(edited)[0] == "Otters breed again on the Sallow after forty years"
    assert "The bridge shuts" in headlines(edited)
    assert len(headlines(edited)) == len(headlines(before)) - 2
    assert edited.note is not None
    assert (edited.note.text, edited.note.author) == ("Take an umbrella.", "Ana")
    newsroom.now += timedelta(minutes=5)
    again = newsroom.compose().edition
    assert (headlines(again), again.note) == (headlines(edited), edited.note)
    assert rebuild(newsroom.runtime, "morning").difference == ""


def test_a_retitled_story_is_found_by_its_new_headline_and_by_its_old_one_and_by_its_id(newsroom: Any) -> None:
    newsroom.compose()
    edit(newsroom.runtime, "morning", EditRequest(retitle=(("harbour bridge", "Closed till spring"),)))
    for words in ("closed till", "harbour bridge"):
        edit(newsroom.runtime, "morning", EditRequest(pin=(words,)))
    story = newsroom.stores.editions.get(newsroom.due().key).edition.items[0]
    assert story.headline == "Closed till spring"
    dropped = edit(newsroom.runtime, "morning", EditRequest(drop=(story.story_id,))).edition
    assert "Closed till spring" not in headlines(dropped)


def test_an_act_that_finds_no_story_is_refused_with_the_near_ones_and_nothing_is_stored(newsroom: Any) -> None:
    row = newsroom.compose().row
    with pytest.raises(RefusedAct, match=r"no story is like 'harbor brige'; near:\n  [0-9a-f]{16}  Harbour bridge"):
        edit(newsroom.runtime, "morning", EditRequest(note="Hello.", drop=("harbor brige",)))
    assert newsroom.stores.desk.acts(row.id) == ()


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (EditRequest(drop=(" a ",)), "[45] stories fit ' a '; say more"),
        (EditRequest(drop=("",)), "no story is like ''"),
        (EditRequest(note="word " * 61), "at most 60 words"),
        (EditRequest(retitle=(("otters", " "),)), "1 to 300 characters"),
    ],
)
def test_an_act_that_says_too_little_or_too_much_is_refused(newsroom: Any, wish: EditRequest, words: str) -> None:
    newsroom.compose()
    with pytest.raises(RefusedAct, match=words):
        edit(newsroom.runtime, "morning", wish)


def test_an_empty_note_takes_the_note_back(newsroom: Any) -> None:
    newsroom.compose()
    assert edit(newsroom.runtime, "morning", EditRequest(note="Hello.")).edition.note.text == "Hello."  # type: ignore[union-attr]
    assert edit(newsroom.runtime, "morning", EditRequest(note="")).edition.note is None  # type: ignore[union-attr]


@pytest.mark.parametrize("verb", [approve, hold, lambda runtime, name: edit(runtime, name, EditRequest(note="Hello."))])
def test_there_must_be_a_draft_first(newsroom: Any, verb: Callable[..., object]) -> None:
    with pytest.raises(NothingToTell, match="digest compose --edition morning --date 2026-11-23"):
        verb(newsroom.runtime, "morning")
    with pytest.raises(UnknownEdition):
        verb(newsroom.runtime, "morning/someday")


def test_what_is_held_stays_held_when_it_is_composed_again_until_it_is_approved(newsroom: Any) -> None:
    newsroom.compose()
    hold(newsroom.runtime, "morning")
    assert newsroom.compose().row.state is EditionState.HELD
    edit(newsroom.runtime, "morning/2026-11-23", EditRequest(note="Hello."))
    with pytest.raises(EditionClosed, match="held by the editor; to let it go: digest approve morning/2026-11-23"):
        send(newsroom, now=True)
    approve(newsroom.runtime, "morning")
    assert send(newsroom, now=True).row.state is EditionState.SENT


def test_an_approved_edition_is_edited_only_after_it_is_held(newsroom: Any) -> None:
    newsroom.compose()
    approve(newsroom.runtime, "morning")
    with pytest.raises(EditionClosed, match="to edit it: digest hold morning/2026-11-23"):
        edit(newsroom.runtime, "morning", EditRequest(note="Hello."))
    hold(newsroom.runtime, "morning")
    edit(newsroom.runtime, "morning", EditRequest(note="Hello."))
    assert state(newsroom) is EditionState.HELD


def test_a_skipped_edition_is_gone_even_before_it_is_composed(newsroom: Any) -> None:
    skip(newsroom.runtime, "morning")
    with pytest.raises(EditionClosed, match="skipped: by the editor"):
        send(newsroom, now=True)
    with pytest.raises(EditionClosed, match="skipped"):
        newsroom.compose()


def test_what_is_sent_is_neither_held_nor_skipped_nor_edited(newsroom: Any) -> None:
    send(newsroom, now=True)
    for verb in (approve, hold, skip):
        with pytest.raises(EditionClosed, match="is sent and cannot be"):
            verb(newsroom.runtime, "morning")
    with pytest.raises(EditionClosed, match="is sent and cannot be edited"):
        edit(newsroom.runtime, "morning", EditRequest(note="Hello."))


def test_an_edition_that_needs_approval_waits_for_it(newsroom: Any) -> None:
    newsroom.change(approval="required")
    with pytest.raises(Unapproved, match=r"waits for approval: digest approve morning/2026-11-23$"):
        send(newsroom, now=True)
    assert state(newsroom) is EditionState.READY
    approve(newsroom.runtime, "morning")
    assert send(newsroom, now=True).row.state is EditionState.SENT


def test_after_the_deadline_it_goes_without_approval(newsroom: Any) -> None:
    newsroom.change(approval="required", approval_deadline_minutes=30)
    newsroom.now = newsroom.due().due + timedelta(minutes=29)
    with pytest.raises(Unapproved, match="without it goes at Mon 23 Nov 06:30 UTC"):
        send(newsroom)
    newsroom.now += timedelta(minutes=1)
    assert send(newsroom).row.state is EditionState.SENT


def test_an_edition_held_for_want_of_stories_goes_when_there_are_more(newsroom: Any) -> None:
    newsroom.change(floor=9)
    assert newsroom.compose().row.state is EditionState.HELD
    newsroom.change(floor=3)
    assert send(newsroom, now=True).row.key == EditionKey(name="morning", date=newsroom.due().key.date)
    assert state(newsroom) is EditionState.SENT
