"""A correction of a sent edition walks to the archive, the feed and the next letter; a withdrawn one goes nowhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs
from tests.pipeline.conftest import Newsroom

from digest.errors import EditionClosed, RefusedAct
from digest.extract.article import article_id
from digest.model.article import Article
from digest.model.edition import Item
from digest.model.ids import EditionKey
from digest.pipeline.editions.composing import compose_edition, occasion
from digest.pipeline.editions.published import latest_issues, letter_page
from digest.pipeline.proofs.rebuild import rebuild
from digest.pipeline.proofs.verify import verify_edition
from digest.pipeline.sending.correcting import correct, withdraw
from digest.pipeline.sending.letters import freeze, letter_of
from digest.settings import SiteSettings
from digest.storage.editions import StoredEdition
from digest.storage.engine import Database

NEXT_DAY = {
    "Quarry at Overton sold to a farming cooperative": """
        The quarry at Overton was sold to a cooperative of eleven farmers for 2 million crowns, its owner said.
        They want to store slurry there and plant 400 birches along the rim.""",
    "Choir of Fenwick wins a prize in Vienna": """
        The choir of Fenwick won the first prize of a contest in Vienna with a song about herring, judges said.
        Its 38 singers are between nine and seventy years old.""",
    "Lighthouse on Dray gets solar panels": """
        The lighthouse on the island of Dray will run on solar panels from January, the coast guard wrote.
        Diesel had been shipped there in barrels since 1952.""",
    "Court orders tram company to refund passengers": """
        A court ordered the tram company to refund 6,000 passengers who had paid a penalty without cause.
        Ticket machines had shown the wrong zone for eleven weeks.""",
}
RIGHT = "The bridge closes on Saturday, not on Friday."


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Newsroom:
    made = Newsroom(database, tmp_path)
    made.settings = structs.replace(made.settings, site=SiteSettings(name="The Paper", url="https://paper.example"))
    made.freeze()
    return made


def row_of(room: Newsroom) -> StoredEdition:
    found = room.stores.editions.get(room.due().key)
    assert found is not None
    return found


def bridge(row: StoredEdition) -> Item:
    assert row.edition is not None
    return next(item for item in row.edition.items if "bridge" in item.headline)


def corrected(room: Newsroom, row: StoredEdition) -> int:
    item = bridge(row)
    correct(room.runtime, row, item.anchor, item.bullets[0].text, RIGHT, "Ana")
    return room.stores.edition_corrections.of([row.key])[row.key][-1].id


def tomorrow(room: Newsroom) -> StoredEdition:
    """Compose the edition of the next day from the news of that day."""
    room.now += timedelta(days=1)
    for title, text in NEXT_DAY.items():
        room.print_(title, " ".join(text.split()))
    return compose_edition(room.runtime, occasion(room.settings, "morning", None, room.now)).row


def test_it_walks_to_the_archive_the_feed_and_the_next_letter_and_only_that(room: Newsroom) -> None:
    row = row_of(room)
    room.now += timedelta(hours=2)
    corrected(room, row)
    page = letter_page(room.runtime, row.key)
    assert page is not None
    assert RIGHT in page
    assert "Monday, November 23, 2026, 07:00" in page
    assert f'href="#{bridge(row).anchor}"' in page
    (issue,) = latest_issues(room.runtime, 1)
    assert (issue.updated, issue.corrections[0].right) == (room.now, RIGHT)
    second = tomorrow(room)
    assert second.edition is not None
    assert [one.right for one in second.edition.corrections] == [RIGHT]
    letter = letter_of(room.runtime, second.edition)
    assert RIGHT in letter.html
    assert RIGHT in " ".join(letter.text.split())
    assert f"https://paper.example/archive/morning/2026-11-23#{bridge(row).anchor}" in letter.html
    assert freeze(room.runtime, second) is not None
    assert rebuild(room.runtime, str(second.key)).difference == ""
    third = EditionKey(name="morning", date=second.key.date + timedelta(days=1))
    assert room.stores.edition_corrections.untold(third) == ()


def test_a_draft_that_is_there_already_tells_it_and_forgets_it_when_it_is_withdrawn(room: Newsroom) -> None:
    row = row_of(room)
    draft = tomorrow(room)
    number = corrected(room, row)
    now = room.stores.editions.get(draft.key)
    assert now is not None
    assert now.edition is not None
    assert [one.id for one in now.edition.corrections] == [number]
    withdraw(room.runtime, row, number, "Ana")
    now = room.stores.editions.get(draft.key)
    assert now is not None
    assert now.edition is not None
    assert now.edition.corrections == ()
    page = letter_page(room.runtime, row.key)
    assert page is not None
    assert RIGHT not in page
    with pytest.raises(RefusedAct, match=f"no correction {number}"):
        withdraw(room.runtime, row, number, "Ana")


def test_only_what_was_printed_is_corrected_and_with_words(room: Newsroom) -> None:
    row = row_of(room)
    item = bridge(row)
    for anchor, wrong, right, words in (
        (item.anchor, "Something else", RIGHT, "did not print that"),
        ("nowhere", item.headline, RIGHT, "did not print that"),
        (item.anchor, item.headline, "  ", "1 to 60 words"),
    ):
        with pytest.raises(RefusedAct, match=words):
            correct(room.runtime, row, anchor, wrong, right, "Ana")
    draft = tomorrow(room)
    with pytest.raises(EditionClosed, match="only what went out is corrected"):
        correct(room.runtime, draft, item.anchor, item.headline, RIGHT, "Ana")


def test_verify_names_the_articles_that_changed_since_they_were_quoted(room: Newsroom) -> None:
    row = row_of(room)
    item = bridge(row)
    room.now += timedelta(hours=1)
    title, text = "Harbour bridge at Lindau closes for repairs until spring", "The harbour bridge stays open after all."
    entry = room.stores.entries.announced([item.link])[item.link]
    number = room.stores.entries.add_by_hand(entry)
    room.stores.articles.keep(number, _version(room, item.link, title, text), room.now)
    proof = verify_edition(room.runtime, str(row.key))
    assert proof.unproved == ()
    (changed,) = proof.changed
    assert changed.link == item.link
    assert changed.gone == tuple(bullet.text for bullet in item.bullets)
    assert "changed since it was quoted" in "\n".join(proof.lines())


def _version(room: Newsroom, link: str, title: str, text: str) -> Article:
    stored = room.stores.articles.of_url(link)
    assert stored is not None
    return replace(stored, id=article_id(link, title, text), title=title, text=text)
