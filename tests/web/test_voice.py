"""What a letter asks its readers: signed links, a page with a button, and counts without readers."""

from __future__ import annotations

import email
import email.policy
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from msgspec import structs
from sqlalchemy import func, select
from tests.letters.editions import samples
from tests.web.conftest import Serve
from tests.web.sites import Site, ask

from digest.model.voice import POLL, USEFUL, VoteCounts
from digest.pipeline.proofs.numbers import figures
from digest.pipeline.readers.personal_mails import purge
from digest.pipeline.readers.voice import OPEN_FOR
from digest.readers.tokens import LinkPurpose
from digest.settings import KeySettings
from digest.storage.engine import Database
from digest.storage.schema.editions import vote_counts, vote_marks
from digest.storage.welcomes import Welcome, queue_welcomes

QUESTION, ANSWERS = "Which day for a longer letter?", ("Saturday", "Sunday", "None")
ADDRESS = "editors@example.com"
Vote = Callable[..., tuple[int, str]]
quick = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For what is the same on every database: nothing is counted."""


@pytest.fixture
def site(tmp_path: Path, database: Database) -> Site:
    made = Site(tmp_path, database=database)
    asking(made, ask_useful=True, poll=QUESTION, poll_answers=ANSWERS, show_reply_address=True)
    return made


def asking(site: Site, **changes: object) -> None:
    """Change the settings of the morning edition."""
    morning = structs.replace(site.settings.editions["morning"], **changes)
    site.settings = structs.replace(site.settings, editions=site.settings.editions | {"morning": morning})
    site.runtime = site.runtime.__class__(settings=site.settings, stores=site.runtime.stores, clock=lambda: site.now)


@pytest.fixture
def url(site: Site, serve: Serve) -> str:
    site.reader()
    site.reader("bo@receiver.test")
    site.send(samples()[0].edition)
    return serve(site.app())


def message(site: Site) -> EmailMessage:
    raw = site.copy(samples()[0].edition.key, site.stored())
    return email.message_from_bytes(raw, policy=email.policy.default)


def links(site: Site, kind: str) -> list[str]:
    """Return the paths of the answers' links in a reader's letter."""
    body = message(site).get_body((kind,))
    assert body is not None
    return re.findall(r"http://127\.0\.0\.1(/voice/[\w./~-]+)", body.get_content())


def counts(site: Site) -> VoteCounts:
    (row,) = site.runtime.stores.editions.latest(1)
    return site.runtime.stores.votes.counts([row.id]).get(row.id, VoteCounts(by_question={}))


def marks(site: Site) -> int:
    with site.database.read() as connection:
        return connection.scalar(select(func.count()).select_from(vote_marks)) or 0


@quick
def test_a_letter_asks_in_both_parts_with_links_of_its_reader(site: Site, url: str) -> None:
    token = site.token(site.stored(), LinkPurpose.CHOOSE)
    wanted = [f"/voice/{token}/2026-11-23/{answer}" for answer in ("yes", "no", "1", "2", "3")]
    assert links(site, "html") == links(site, "plain") == wanted
    assert url
    for kind in ("html", "plain"):
        body = message(site).get_body((kind,))
        assert body is not None
        words = body.get_content()
        assert all(text in words for text in ("Was this letter useful?", QUESTION, *ANSWERS, ADDRESS))


@quick
def test_the_archive_does_not_ask(site: Site, url: str) -> None:
    page = ask(url, "/archive/morning/2026-11-23").text
    assert "/voice/" not in page
    assert QUESTION not in page
    assert site.settings.editions["morning"].poll == QUESTION


@quick
def test_a_letter_asks_nothing_by_default(site: Site) -> None:
    asking(site, ask_useful=False, poll="", poll_answers=(), show_reply_address=False)
    site.reader()
    site.send(samples()[0].edition)
    assert links(site, "html") == links(site, "plain") == []
    assert 'class="list rule ink voice"' not in message(site).get_body(("html",)).get_content()  # type: ignore[union-attr]


def test_a_get_counts_nothing_and_shows_the_answer(site: Site, url: str) -> None:
    before = site.runtime.stores.votes.counts([1])
    for link, answer in zip(links(site, "plain"), ("Yes", "No", *ANSWERS), strict=True):
        reply = ask(url, link)
        assert reply.status == 200
        assert f"<strong>{answer}</strong>" in reply.text
        assert ask(url, link, "HEAD").status == 200
    assert (site.runtime.stores.votes.counts([1]), marks(site)) == (before, 0)


def test_an_answer_is_counted_once_for_each_question_and_reader(site: Site, url: str) -> None:
    yes, no, _, second, _ = links(site, "plain")
    assert "is counted" in ask(url, yes, "POST", "").text
    for again in (yes, no, no):
        assert "already counted" in ask(url, again, "POST", "").text
    assert "is counted" in ask(url, second, "POST", "").text
    assert counts(site).by_question == {USEFUL: {"yes": 1}, POLL: {"2": 1}}
    other = site.stored("bo@receiver.test")
    token = site.token(other, LinkPurpose.CHOOSE)
    assert "is counted" in ask(url, f"/voice/{token}/2026-11-23/no", "POST", "").text
    assert counts(site).by_question[USEFUL] == {"yes": 1, "no": 1}


def test_nothing_stored_says_who_answered_what(site: Site, url: str) -> None:
    ask(url, links(site, "plain")[0], "POST", "")
    assert {column.name for column in vote_counts.columns} == {"edition_id", "question", "answer", "number"}
    assert {column.name for column in vote_marks.columns} == {"edition_id", "question", "mark"}
    with site.database.read() as connection:
        (mark,) = connection.scalars(select(vote_marks.c.mark))
    assert re.fullmatch(r"[0-9a-f]{32,64}", mark)


@quick
@pytest.mark.parametrize("answer", ["0", "4", "01", "maybe", "YES", "-1", "%00", "1.0"])
def test_answers_that_the_letter_does_not_offer_are_unknown(site: Site, url: str, answer: str) -> None:
    token = site.token(site.stored(), LinkPurpose.CHOOSE)
    for method in ("GET", "POST"):
        assert ask(url, f"/voice/{token}/2026-11-23/{answer}", method, None).status == 404
    assert marks(site) == 0


@quick
def test_links_of_others_are_unknown(site: Site, url: str) -> None:
    reader = site.stored()
    choose, leave = site.token(reader, LinkPurpose.CHOOSE), site.token(reader)
    for token, day in (
        ("A" * 43, "2026-11-23"),
        (leave, "2026-11-23"),
        (choose, "2026-11-24"),
        (choose, "never"),
        (site.token(reader, LinkPurpose.CHOOSE, "evening"), "2026-11-23"),
    ):
        assert ask(url, f"/voice/{token}/{day}/yes", "POST", "").status == 404
    assert ask(url, f"/voice/{choose}/2026-11-23/yes", "POST", "", origin="https://evil.example").status == 403
    assert counts(site).by_question == {}
    assert "test copy" in ask(url, "/voice/test-copy/2026-11-23/yes", "POST", "").text


def test_who_did_not_get_a_letter_cannot_answer_it(site: Site, url: str) -> None:
    """Their link is of another letter of the same edition, with another day."""
    token = site.token(site.reader("late@receiver.test"), LinkPurpose.CHOOSE)
    for method in ("GET", "POST"):
        assert ask(url, f"/voice/{token}/2026-11-23/yes", method, None).status == 404
    assert (marks(site), counts(site).by_question) == (0, {})


def test_who_was_greeted_with_a_letter_can_answer_it(site: Site, url: str) -> None:
    late = site.reader("late@receiver.test")
    (row,) = site.runtime.stores.editions.latest(1)
    greeting = Welcome(edition_id=row.id, mark="m" * 32, request={"edition": "morning"}, expires=site.now)
    with site.database.write() as connection:
        to = {"address": late.address, "identity": late.address, "language": ""}
        queue_welcomes(connection, late.id, to, [greeting], site.now)
    token = site.token(late, LinkPurpose.CHOOSE)
    assert "is counted" in ask(url, f"/voice/{token}/2026-11-23/yes", "POST", "").text


def test_a_new_key_lets_nobody_answer_twice(site: Site, serve: Serve, url: str) -> None:
    yes, *_ = links(site, "plain")
    assert "is counted" in ask(url, yes, "POST", "").text
    keys = KeySettings(current="n", ring=site.settings.keys.ring | {"n": "6b" * 32})
    site.settings = structs.replace(site.settings, keys=keys)
    site.runtime = replace(site.runtime, settings=site.settings)
    rotated = serve(site.app())
    assert "already counted" in ask(rotated, yes, "POST", "").text
    assert counts(site).by_question == {USEFUL: {"yes": 1}}


def test_after_a_week_no_answer_is_taken_and_the_marks_go(site: Site, url: str) -> None:
    yes, no, *_ = links(site, "plain")
    ask(url, yes, "POST", "")
    purge(site.runtime)
    assert marks(site) == 1
    site.now += OPEN_FOR + timedelta(seconds=1)
    assert ask(url, no).status == ask(url, no, "POST", "").status == 410
    purge(site.runtime)
    assert (marks(site), counts(site).by_question) == (0, {USEFUL: {"yes": 1}})


def test_the_numbers_have_the_answers(site: Site, url: str) -> None:
    yes, *_, third = links(site, "plain")
    ask(url, yes, "POST", "")
    ask(url, third, "POST", "")
    (morning,) = figures(site.runtime, 3, "morning")
    found = json.loads(json.dumps(morning.plain()))
    assert (found["useful"], found["not_useful"], found["poll"]) == (1, 0, {"3": 1})


@quick
def test_the_privacy_page_explains_answers_when_letters_ask(site: Site, url: str, serve: Serve) -> None:
    assert "you are counted once" in ask(url, "/privacy").text
    asking(site, ask_useful=False, poll="", poll_answers=())
    assert "you are counted once" not in ask(serve(site.app()), "/privacy").text
