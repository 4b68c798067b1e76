"""The first journey of everybody: ``digest demo``."""

from __future__ import annotations

import email
import re
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.conftest import Outcome, digest
from tests.journeys.test_logs import STEPS, events_of, secrets_in

from digest.demo.press import Access, BlockKind, load_press

pytestmark = pytest.mark.slow
RESIDUE = re.compile(
    r"(?i)\b(photograph|picture|photo|image)\s*[:/]|©|\bread (more|also)\b|sign up|newsletter|subscribe|cookie|"
    r"\bcomments?\b.*\b(below|join)\b|\badvertisement\b|share this"
)
MOVED = ("chandlery", "hospice")
"""What the morning's and the evening's words on each of the two stories that moved on have in common."""

Demo = tuple[Path, Outcome, Outcome]
"""The folder, and what two runs said: the first in words, the second as JSON and with its log."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    told = digest("demo", "--folder", folder)
    assert told.code == 0, told.err
    again = digest("-vv", "--log-format", "json", "demo", "--folder", folder / "again", "--json")
    return folder, told, again


def letters(folder: Path) -> list[EmailMessage]:
    return [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(folder.glob("*.eml"))]


def stories(report: dict[str, Any], edition: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = report["editions"][edition]["stories"]
    return found


def words(story: dict[str, Any]) -> str:
    return " ".join((story["headline"], *story["bullets"])).casefold()


def test_two_runs_give_the_same_bytes(demo: Demo) -> None:
    folder, _, _ = demo
    first = {path.name: path.read_bytes() for path in folder.glob("*.*")}
    assert first == {path.name: path.read_bytes() for path in (folder / "again").glob("*.*")}
    assert len(first) == 6 + 2


def test_six_letters_are_valid_mime_with_a_text_part_each_to_one_reader(demo: Demo) -> None:
    found = letters(demo[0])
    assert len(found) == 6
    assert len({(str(letter["To"]), str(letter["Subject"])) for letter in found}) == 6
    for letter in found:
        assert [part.defects for part in letter.walk()] == [[] for _ in letter.walk()]
        text = letter.get_body(("plain",))
        assert text is not None
        assert len(text.get_content()) > 1000
        assert letter.get_body(("html",)) is not None


def test_no_dirt_of_the_pages_stands_in_a_bullet(demo: Demo) -> None:
    bullets = [bullet for edition in (0, 1) for story in stories(demo[2].json, edition) for bullet in story["bullets"]]
    dirt = {
        block.text.strip()
        for paper in load_press()
        for article in paper.articles
        for block in article.blocks
        if block.kind not in {BlockKind.PARAGRAPH, BlockKind.HEADING} and len(block.text) > 15
    }
    assert len(bullets) > 20
    assert [bullet for bullet in bullets if RESIDUE.search(bullet)] == []
    assert [(bullet, line) for bullet in bullets for line in dirt if line in bullet or bullet in line] == []


def test_what_moved_on_is_an_update_and_nothing_of_the_morning_is_new_again(demo: Demo) -> None:
    morning, evening = stories(demo[2].json, 0), stories(demo[2].json, 1)
    updates = [words(story) for story in evening if story["place"] == "update"]
    assert len(updates) == len(MOVED)
    for moved in MOVED:
        assert any(moved in words(story) for story in morning)
        assert len([update for update in updates if moved in update]) == 1
    told = {story["headline"] for story in morning}
    bullets = {bullet for story in morning for bullet in story["bullets"]}
    new = [story for story in evening if story["place"] != "missed"]  # what a reader may have missed says so itself
    assert [story["headline"] for story in new if story["headline"] in told] == []
    assert [bullet for story in new for bullet in story["bullets"] if bullet in bullets] == []
    assert set(demo[2].json["editions"][1]["still_covered"]) <= told


def test_the_report_names_the_pages_that_are_gone_forbidden_and_paywalled(demo: Demo) -> None:
    _, told, again = demo
    report = again.json
    left_out = {page["link"]: page for edition in report["editions"] for page in edition["left_out"]}
    expected = {
        paper.url(article): article
        for paper in load_press()
        for article in paper.articles
        if article.access is not Access.OPEN
    }
    assert expected.keys() <= left_out.keys()
    problems = sorted(page["problem"] for page in left_out.values())
    assert [problem for problem in problems if "410" in problem]
    assert [problem for problem in problems if "robots.txt" in problem]
    assert [problem for problem in problems if "paywall" in problem]
    for page in left_out.values():
        assert page["problem"] in told.out


def test_the_report_ends_by_saying_where_the_letters_are(demo: Demo) -> None:
    folder, told, _ = demo
    assert f"The letters are in {folder}/" in told.out
    assert told.err == ""


def test_the_log_says_each_step_and_names_nobody(demo: Demo) -> None:
    _, _, again = demo
    events = events_of(again.err)
    names = [event["event"] for event in events]
    assert set(names) >= STEPS | {"page fell back", "page not fetched"}
    assert [names.count(each) for each in ("fetched", "edition composed", "edition frozen", "letters sent")] == [
        6,
        2,
        2,
        2,
    ]
    assert [event for event in events if event["level"] in {"warning", "error"}] == []
    assert secrets_in(again.err) == []
