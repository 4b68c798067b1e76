"""What a letter shows beside its stories, from stored articles to letter, proof, rebuilding, retention and archive."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update
from tests.pipeline.test_rebuild import both_editions

from digest.model.edition import Edition, passages_of
from digest.pipeline.proofs.explain import explain
from digest.pipeline.proofs.rebuild import rebuild
from digest.pipeline.proofs.verify import verify_edition
from digest.settings import WITHOUT_FINDS
from digest.storage.schema.editions import editions

RULING = (
    "Court in Norrhaven takes the licence of the night trains",
    (
        "A court in Norrhaven took the licence of the night trains on Sunday because 4.2 million crowns are missing. "
        "Judges found that the owners of the night trains had sold each bed twice since the spring. "
        "The night trains carried 310,000 passengers to the coast in the year before the court looked into the sales. "
        "Passengers with a ticket get their money back from the court in Norrhaven by the end of the winter.\n\n"
        "The new night train law of Norrhaven is expected to take effect at noon on Thursday.\n\n"
        "“The people of this country deserve trains that are free and open to everybody, and not only to the rich,”"
        " said Ida Lund, the mayor of Norrhaven."
    ),
)


@pytest.fixture
def told(newsroom: Any) -> Any:
    """A newsroom whose morning has a story with a ruling to come, a number and a quotation."""
    newsroom.change(number_of_day=True, quote_of_day=True)
    newsroom.print_(*RULING)
    return newsroom


def shown(edition: Edition) -> list[str]:
    """Return the texts that a letter shows beside its stories."""
    bullets = {bullet.text for item in edition.items for bullet in item.bullets}
    return [passage.text for _, passage in passages_of(edition) if passage.text not in bullets]


def test_each_shown_sentence_is_proved_like_a_bullet(told: Any) -> None:
    edition = told.compose().edition
    assert len(shown(edition)) >= 2
    proof = verify_edition(told.runtime, "morning")
    assert proof.bullets == len(list(passages_of(edition)))
    assert proof.unproved == ()


def test_a_shown_sentence_that_was_tampered_with_is_found(told: Any) -> None:
    row = told.compose().row
    find = next(item.ahead for item in row.edition.items if item.ahead)
    wrong = replace(find, passage=replace(find.passage, text="The court in Norrhaven will rule on a mayor."))
    items = tuple(replace(item, ahead=wrong) if item.ahead else item for item in row.edition.items)
    with told.stores.database.write() as connection:
        connection.execute(update(editions).values(edition=replace(row.edition, items=items)))
    assert [each.text for each in verify_edition(told.runtime, "morning").unproved] == [
        "The court in Norrhaven will rule on a mayor."
    ]


def test_the_letter_and_its_text_part_carry_every_find(told: Any) -> None:
    told.freeze()
    row = told.stores.editions.get(told.due().key)
    letter = told.stores.letters.get(row.id)
    for text in shown(row.edition):
        assert text in letter.html.replace("&#34;", '"')
        assert " ".join(text.split()) in " ".join(letter.text.split())
    assert "The next Morning Update comes on Tuesday" in letter.text


def test_an_edition_with_finds_is_made_again_the_same(told: Any) -> None:
    told.freeze()
    assert rebuild(told.runtime, "morning").difference == ""


def test_an_evening_with_a_story_so_far_is_made_again_the_same(newsroom: Any) -> None:
    both_editions(newsroom)
    row = newsroom.stores.editions.get(newsroom.due("evening").key)
    (earlier,) = next(item.so_far for item in row.edition.items if item.so_far)
    assert (str(earlier.edition), earlier.headline in newsroom.stores.letters.get(row.id).text) == (
        "morning/2026-11-23",
        True,
    )
    assert rebuild(newsroom.runtime, "evening").difference == ""


def test_an_edition_that_was_composed_before_there_were_finds_is_read_and_made_again_without_them(told: Any) -> None:
    told.change(**WITHOUT_FINDS)
    told.freeze()
    row = told.stores.editions.get(told.due().key)
    plan = {name: value for name, value in row.seen["basis"]["plan"].items() if name not in WITHOUT_FINDS}
    seen = {**row.seen, "basis": {**row.seen["basis"], "plan": plan}}
    with told.stores.database.write() as connection:
        connection.execute(update(editions).values(seen=seen))
    assert shown(row.edition) == []
    assert rebuild(told.runtime, "morning").difference == ""


def test_explain_says_what_was_found_and_why_and_what_was_not(told: Any) -> None:
    told.compose()
    account = explain(told.runtime, "morning", None)
    lines = "\n".join(account.lines())
    assert "The new night train law of Norrhaven is expected to take effect at noon on Thursday." in lines
    assert "it announces an event of 2026-11-26 or later" in lines
    assert {each["what"].split(" under")[0] for each in account.plain()["finds"]} >= {"what's next", "quote of the day"}


def test_explain_says_that_nothing_was_sure(newsroom: Any) -> None:
    newsroom.change(quote_of_day=True)
    newsroom.compose()
    lines = "\n".join(explain(newsroom.runtime, "morning", None).lines())
    assert "quote of the day: none: nothing in its stories was sure enough" in lines


def test_a_find_is_turned_off_by_setting(told: Any) -> None:
    told.change(whats_next="off", quote_of_day=False, number_of_day=False)
    assert shown(told.compose().edition) == []
