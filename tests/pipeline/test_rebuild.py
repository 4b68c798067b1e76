"""An edition follows from its material: made again it is the same, byte for byte, whatever happened since."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs
from tests.states import put

from digest.errors import UnknownEdition
from digest.model.edition import EditionState
from digest.model.letter import Slot
from digest.pipeline.proofs.rebuild import first_difference, letters_differ, rebuild
from digest.settings import MailSettings
from digest.storage.editions import Draft

ARREST = (
    "Police arrest engineer over cracks in the harbour bridge at Lindau",
    (
        "Police have arrested an engineer over the cracks in the harbour bridge at Lindau, the prosecutor said. "
        "The man of 54 signed the inspection reports of 2024 and 2025, and denies that he saw the damage. "
        "The town council had closed the bridge for repairs until the spring on Monday."
    ),
)


def both_editions(newsroom: Any) -> None:
    """Freeze a morning, let the day bring news, and freeze an evening that updates it."""
    newsroom.freeze()
    newsroom.now += timedelta(hours=11)
    newsroom.print_(*ARREST, source=2)
    for title, text in (
        (
            "Library in Kelder opens a reading room under its roof",
            (
                "The library in Kelder opened a room of 40 seats. "
                "Readers may stay until ten at night on every weekday, the mayor said at the opening."
            ),
        ),
        (
            "Fishermen land the largest catch of herring in a decade",
            (
                "Fishermen landed 310 tonnes of herring this week. "
                "It was the largest catch in a decade, the harbour office said on Monday afternoon."
            ),
        ),
        (
            "Court rules that the Marsh Road quarry may not grow",
            (
                "A court ruled that the quarry at Marsh Road may not "
                "grow. Neighbours had sued over dust and lorries, and the firm will appeal the ruling."
            ),
        ),
    ):
        newsroom.print_(title, text, source=2)
    newsroom.freeze("evening")


def test_editions_and_letters_are_the_same_when_made_again(newsroom: Any) -> None:
    both_editions(newsroom)
    for name in ("morning", "evening"):
        rebuilt = rebuild(newsroom.runtime, name)
        assert rebuilt.difference == ""
        assert rebuilt.letter_bytes > 10_000
        assert "it is the same; its letter too" in next(iter(rebuilt.lines()))


def test_what_came_after_the_cut_changes_nothing(newsroom: Any) -> None:
    both_editions(newsroom)
    newsroom.now += timedelta(days=9)
    newsroom.change("morning", words=120, title="Another Title")
    site = structs.replace(newsroom.settings.site, name="Another Paper")
    newsroom.settings = structs.replace(newsroom.settings, site=site, mail=MailSettings(sender="other@paper.example"))
    put(newsroom.stores.database, newsroom.stores.editions.latest()[0].id, EditionState.SENT)
    for name in ("morning", "evening"):
        assert rebuild(newsroom.runtime, name).difference == ""


def test_a_draft_is_made_again_before_any_letter_is_frozen(newsroom: Any) -> None:
    newsroom.compose()
    rebuilt = rebuild(newsroom.runtime, "morning")
    assert (rebuilt.difference, rebuilt.letter_bytes) == ("", 0)


def test_a_password_of_the_relay_is_not_stored_with_an_edition(newsroom: Any) -> None:
    mail = MailSettings(transport="smtp+starttls://user:hunter2@relay.example:587")
    newsroom.settings = structs.replace(newsroom.settings, mail=mail)
    newsroom.freeze()
    assert "hunter2" not in repr(newsroom.stores.editions.latest()[0].seen)


def test_an_edition_that_was_changed_in_the_store_is_told_with_the_first_difference(newsroom: Any) -> None:
    row = newsroom.compose().row
    items = (replace(row.edition.items[0], headline="Nothing happened"), *row.edition.items[1:])
    draft = Draft(edition=replace(row.edition, items=items), telling=(), seen=row.seen)
    newsroom.stores.editions.draft(row.id, draft, newsroom.now)
    difference = rebuild(newsroom.runtime, "morning").difference
    assert difference.startswith("edition.items[0].headline is now '")
    assert difference.endswith("and was 'Nothing happened'")


def test_a_letter_that_was_changed_is_told_with_its_line(newsroom: Any) -> None:
    newsroom.freeze()
    letter = newsroom.stores.letters.get(newsroom.stores.editions.latest()[0].id)
    assert letters_differ(letter, letter) == ""
    first = letter.segments[0].replace(b"From: Morning", b"From: Mourning")
    changed = replace(letter, segments=(first, *letter.segments[1:]))
    assert first != letter.segments[0]
    assert "Mourning" in letters_differ(letter, changed)
    assert letters_differ(letter, replace(letter, segments=(*letter.segments, Slot.TO)))


def by_another_version(newsroom: Any, **seen: object) -> None:
    """Let the draft be one of another version of the program."""
    row = newsroom.compose().row
    draft = Draft(edition=row.edition, telling=(), seen={**row.seen, "version": "0.0.1", **seen})
    newsroom.stores.editions.draft(row.id, draft, newsroom.now)


def test_what_another_version_composed_and_this_one_makes_the_same_is_the_same(newsroom: Any) -> None:
    by_another_version(newsroom)
    again = rebuild(newsroom.runtime, "morning")
    assert (again.difference, again.advice, again.version) == ("", "", "0.0.1")


def test_what_this_version_makes_differently_names_the_version_that_can(newsroom: Any) -> None:
    row = newsroom.compose().row
    first, *rest = row.edition.items
    changed = replace(row.edition, items=(replace(first, headline="Nothing happened"), *rest))
    draft = Draft(edition=changed, telling=(), seen={**row.seen, "version": "0.0.1"})
    newsroom.stores.editions.draft(row.id, draft, newsroom.now)
    again = rebuild(newsroom.runtime, "morning")
    assert "pip install digest-press==0.0.1" in again.advice
    assert again.advice in tuple(again.lines())


def test_a_record_that_only_another_version_can_read_names_it(newsroom: Any) -> None:
    by_another_version(newsroom, basis={"plan": 1})
    with pytest.raises(UnknownEdition, match=r"digest-press==0\.0\.1"):
        rebuild(newsroom.runtime, "morning")


def test_articles_that_are_gone_are_told_and_no_version_is_blamed(newsroom: Any) -> None:
    row = newsroom.compose().row
    basis = {**row.seen["basis"], "articles": [*row.seen["basis"]["articles"], "0" * 64]}
    by_another_version(newsroom, basis=basis)
    again = rebuild(newsroom.runtime, "morning")
    assert ("1 of its 6 articles are no longer stored" in again.difference, again.advice) == (True, "")


def test_what_was_not_composed_cannot_be_made_again(newsroom: Any) -> None:
    with pytest.raises(UnknownEdition):
        rebuild(newsroom.runtime, "morning")


def test_tuples_of_other_lengths_differ_as_a_whole() -> None:
    assert first_difference((1, 2), (1, 2), "x") == ""
    assert first_difference((1, 2), (1,), "x") == "x is now (1, 2), and was (1,)"
