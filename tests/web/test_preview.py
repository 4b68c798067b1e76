"""The preview shows what would leave now, follows every change, says what to do, and stores nothing."""

from __future__ import annotations

import email
import email.policy
import http.client
import os
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from msgspec import structs
from starlette.types import ASGIApp
from tests.conftest import Filled
from tests.pipeline.conftest import Newsroom, printed

from digest.app import App
from digest.configuration import load
from digest.data import data_folder
from digest.errors import SettingsError
from digest.model.edition import EditionState, Place
from digest.pipeline.editions.editing import EditRequest, approve, edit, hold, skip
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.progress import unseen
from digest.pipeline.sending.send import Request, send_edition
from digest.settings import Settings
from digest.storage.editions import Draft
from digest.storage.engine import Database
from digest.web.preview.pages import preview_app
from digest.web.preview.view import PLACES, STATES, VIEWS
from digest.web.preview.watch import Watch

PATHS = (*(f"/?view={view}" for view in VIEWS), "/letter", "/letter?scheme=dark&pictures=0", "/letter.eml", "/version")


@dataclass(slots=True)
class Desk:
    """A newsroom, and its preview in a browser's place."""

    newsroom: Newsroom
    folder: Path
    url: str = ""

    def get(self, path: str = "/", host: str | None = None) -> tuple[int, str, http.client.HTTPMessage]:
        """Ask the preview for a path."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=20)
        connection.request("GET", path, headers={"Host": host} if host else {})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, body, answer.headers

    def words(self, path: str = "/") -> str:
        """Return what a page says, without its tags."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.get(path)[1])).split())

    def load(self) -> Settings:
        """Return the settings as they are now."""
        return self.newsroom.settings

    def template(self, name: str, text: str) -> Path:
        """Put a template into the operator's folder."""
        file = self.folder / "mine" / "email" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        brand = structs.replace(self.newsroom.settings.brand, templates=str(self.folder / "mine"))
        self.newsroom.settings = structs.replace(self.newsroom.settings, brand=brand)
        return file


def ours(name: str) -> str:
    return (data_folder() / "templates" / "email" / name).read_text(encoding="utf-8")


@pytest.fixture
def newsroom(tmp_path: Path, filled: Filled) -> Iterator[Newsroom]:
    """Give a newsroom at five in the morning, an hour before its edition, just after a fetch."""
    database = Database(filled("sqlite", printed, tmp_path / "digest.db"))
    made = Newsroom(database, tmp_path, stories=())
    fetched(made)
    yield made
    database.close()


def fetched(newsroom: Newsroom) -> None:
    newsroom.stores.runs.record("fetch", newsroom.now, newsroom.now, {})


@pytest.fixture
def desk(newsroom: Newsroom, tmp_path: Path, serve: Callable[[ASGIApp], str]) -> Desk:
    """Give the newsroom with its preview served."""
    made = Desk(newsroom, tmp_path)
    made.url = serve(preview_app(watch(made)))
    return made


def watch(desk: Desk) -> Watch:
    runtime = replace(desk.newsroom.runtime, clock=lambda: desk.newsroom.now)
    return Watch(App(runtime=runtime), desk.load, "morning", None)


def send(newsroom: Newsroom) -> None:
    request = Request(name="morning", now=True)
    send_edition(newsroom.runtime, request, lambda: GatherReport(sources=(), articles=0, pages=()), unseen)


def everything(folder: Path) -> list[str]:
    """Return all that the database holds, as SQL."""
    connection = sqlite3.connect(folder / "digest.db")
    rows = list(connection.iterdump())
    connection.close()
    return rows


def test_every_view_is_there(desk: Desk) -> None:
    edition = desk.newsroom.compose().edition
    assert edition is not None
    for view in VIEWS:
        status, page, headers = desk.get(f"/?view={view}")
        assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert page.count('aria-current="page"') == 1
        assert edition.subject in unescape(page)
    assert "This letter shows no pictures" in desk.words("/?view=plain")
    assert "* The harbour bridge at Lindau will close on Friday" in desk.words("/?view=text")
    assert "List-Unsubscribe <mailto:news@localhost?subject=leave-test>" in desk.words("/?view=headers")
    assert "Content-Transfer-Encoding: quoted-printable" in desk.words("/?view=source")


def test_the_source_can_be_opened_by_a_mail_program_and_its_links_open_nothing(desk: Desk) -> None:
    status, source, headers = desk.get("/letter.eml")
    assert (status, headers["Content-Type"]) == (200, "message/rfc822")
    assert headers["Content-Disposition"] == 'attachment; filename="2026-11-23.eml"'
    message = email.message_from_string(source, policy=email.policy.default)
    assert message["To"] == "reader@example.com"
    text = message.get_body(("plain",))
    assert text is not None
    assert "leave-test" in text.get_content()


def test_only_this_machine_is_answered_and_only_under_its_own_names(desk: Desk) -> None:
    port = urlsplit(desk.url).port
    for host, status in {
        f"127.0.0.1:{port}": 200,
        f"localhost:{port}": 200,
        f"[::1]:{port}": 200,
        "127.0.0.1:1": 421,
        "localhost": 421,
        f"evil.example:{port}": 421,
    }.items():
        for path in PATHS:
            assert desk.get(path, host)[0] == status, (host, path)


@pytest.mark.parametrize("state", ["planned", "ready", "edited", "held", "sent", "skipped"])
def test_looking_stores_nothing(desk: Desk, state: str) -> None:
    newsroom = desk.newsroom
    if state != "planned":
        newsroom.compose()
    if state == "edited":
        edit(newsroom.runtime, "morning", EditRequest(note="Hello.", drop=("museum",)))
    for verb in {"held": [hold], "skipped": [skip]}.get(state, []):
        verb(newsroom.runtime, "morning")
    if state == "sent":
        send(newsroom)
    before = everything(desk.folder)
    files = {file: file.stat().st_size for file in desk.folder.rglob("*") if file.suffix != ".db-shm"}
    for path in PATHS:
        assert desk.get(path)[0] == 200, path
    newsroom.change(top_stories=2)
    assert desk.get("/")[0] == 200
    assert everything(desk.folder) == before
    assert {file: file.stat().st_size for file in desk.folder.rglob("*") if file.suffix != ".db-shm"} == files


def test_before_anything_is_composed_it_shows_what_would_go(desk: Desk) -> None:
    words = desk.words()
    assert "Not composed goes out Mon 23 Nov, 06:00 UTC, in 1 h 0 min, to 0 readers" in words
    assert "nothing is composed yet" in words
    assert "digest compose --edition morning --date 2026-11-23" in words
    assert "digest approve" not in words
    assert desk.newsroom.stores.editions.get(desk.newsroom.due().key) is None


def test_a_draft_is_shown_as_it_is_stored_until_something_changes(desk: Desk) -> None:
    newsroom = desk.newsroom
    newsroom.compose()
    assert "Composed at 05:00; it goes as it stands here" in desk.words()
    newsroom.change(top_stories=2, also_stories=0)
    assert "changed since the draft was composed: this is what would go now" in desk.words()
    assert desk.get()[1].count('<span class="place">Top</span>') <= 2
    newsroom.change(top_stories=7, also_stories=6)
    assert "it goes as it stands here" in desk.words()
    newsroom.now += timedelta(minutes=10)
    newsroom.print_(
        "Lighthouse at Marsh End is lit again", "The lighthouse at Marsh End was lit again on Sunday night. " * 6
    )
    assert "it goes as it stands here" in desk.words()
    fetched(newsroom)
    assert "this is what would go now" in desk.words()
    assert "Lighthouse at Marsh End" in desk.words()


def test_a_letter_that_left_is_shown_as_it_left(desk: Desk) -> None:
    send(desk.newsroom)
    left = desk.get("/letter")[1]
    desk.template("morning.html", "broken {% if %}")
    newsroom = desk.newsroom
    newsroom.settings = structs.replace(
        newsroom.settings, site=structs.replace(newsroom.settings.site, name="Another Paper")
    )
    assert desk.get("/letter")[1] == left
    words = desk.words()
    assert "Sent was due Mon 23 Nov, 06:00 UTC" in words
    assert "no template or setting changes it any more" in words
    assert "digest deliveries --edition morning/2026-11-23" in words
    assert "digest skip" not in words


def test_acts_are_listed_with_commands_that_take_them_back(desk: Desk) -> None:
    newsroom = desk.newsroom
    before = newsroom.compose().edition
    assert before is not None
    edit(
        newsroom.runtime,
        "morning",
        EditRequest(
            note="It's windy.",
            author="Ana",
            pin=("otters",),
            drop=("museum",),
            merge=(("storm", "nurses"),),
            retitle=(("harbour bridge", "The bridge shuts"),),
        ),
    )
    page = desk.get()[1]
    assert "Dropped: Museum in Tarrow buys a map that was lost for a century" in unescape(page)
    assert "left out by the editor" in page
    assert "told as a part of another story, by the editor" in page
    commands = [shlex.split(unescape(found)) for found in re.findall(r"<code>(digest edit [^<]+)</code>", page)]
    undo = [command[3:] for command in commands if "--undo" in command]
    assert [words[0] for words in undo] == ["--undo"] * 5
    for _, number in undo:
        edition = edit(newsroom.runtime, "morning", EditRequest(undo=int(number))).edition
    assert edition is not None
    assert [item.headline for item in edition.items] == [item.headline for item in before.items]
    assert edition.note is None


def test_an_act_whose_story_is_gone_is_said_to_do_nothing(desk: Desk) -> None:
    newsroom = desk.newsroom
    newsroom.compose()
    edit(newsroom.runtime, "morning", EditRequest(pin=("otters",)))
    newsroom.change(sources=("Paper 2",))
    newsroom.print_("Storm cuts power to 900 homes in the northern valleys", "A storm cut the power. " * 20, source=2)
    assert "so it does nothing" in desk.words()


@pytest.mark.parametrize(
    ("verbs", "state", "offered", "refused"),
    [
        ([], "Draft", ["approve", "hold", "skip", "edit"], ["pause"]),
        ([hold], "Held", ["approve", "skip", "edit"], ["hold"]),
        ([approve], "Approved", ["hold", "skip"], ["approve", "edit"]),
        ([skip], "Skipped", [], ["approve", "hold", "skip", "edit"]),
    ],
)
def test_what_can_be_done_follows_from_the_state(
    desk: Desk, verbs: list[Any], state: str, offered: list[str], refused: list[str]
) -> None:
    desk.newsroom.compose()
    for verb in verbs:
        verb(desk.newsroom.runtime, "morning")
    words = desk.words()
    assert f"Morning Update Monday 23 November 2026 {state} " in words
    assert [verb for verb in offered if f"digest {verb} morning/2026-11-23" not in words] == []
    assert [verb for verb in refused if f"digest {verb} morning/2026-11-23" in words] == []


def test_what_is_held_does_not_say_that_it_goes(desk: Desk) -> None:
    desk.newsroom.compose()
    hold(desk.newsroom.runtime, "morning")
    words = desk.words()
    assert "Held was to go out Mon 23 Nov, 06:00 UTC" in words
    assert "Held by the editor. Composed at 05:00. Last fetch" in words
    assert "it goes as it stands" not in words


def test_an_edition_that_needs_approval_says_so(desk: Desk) -> None:
    desk.newsroom.change(approval="required")
    desk.newsroom.compose()
    assert "Waits for approval" in desk.words()


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(30, "was due Mon 23 Nov, 06:00 UTC, 30 min ago; it can still go"), (300, "5 h 0 min ago: past its window")],
)
def test_a_late_edition_says_so_and_so_does_its_letter(desk: Desk, minutes: int, words: str) -> None:
    late = "This edition comes later than usual."
    assert late not in desk.words("/?view=text")
    desk.newsroom.now = desk.newsroom.due().due + timedelta(minutes=minutes)
    assert words in desk.words()
    assert ("digest send --edition morning --date 2026-11-23 --late" in desk.words()) == (minutes == 300)
    assert late in desk.words("/?view=text")


def test_with_nothing_fetched_it_says_what_to_run(desk: Desk) -> None:
    with sqlite3.connect(desk.folder / "digest.db") as connection:
        connection.execute("DELETE FROM runs")
        connection.execute("DELETE FROM articles")
    assert "Nothing has been fetched yet digest fetch" in desk.words()
    assert desk.get("/letter")[0] == 404
    with sqlite3.connect(desk.folder / "digest.db") as connection:
        connection.execute("DELETE FROM sources")
    desk.newsroom.settings = structs.replace(desk.newsroom.settings, sources=())
    assert "There are no sources yet digest sources add" in desk.words()


def test_with_too_little_to_tell_it_says_so(desk: Desk) -> None:
    desk.newsroom.change(floor=9)
    assert "There is little to tell: 5 stories" in desk.words()


def test_without_editions_it_says_what_to_do(desk: Desk) -> None:
    desk.newsroom.settings = structs.replace(desk.newsroom.settings, editions={})
    words = desk.words()
    assert "no edition is called 'morning'" in words
    assert "There are no editions" in words


def test_a_broken_template_shows_file_and_line_until_it_is_mended(desk: Desk) -> None:
    desk.newsroom.compose()
    file = desk.template("morning.html", ours("morning.html"))
    assert "Nothing to mend" in desk.words()
    file.write_text("one\ntwo {% if %}\n", encoding="utf-8")
    assert f"{file}, line 2: Expected an expression" in desk.words()
    assert "Nothing was done by hand." in desk.words()
    assert desk.get("/letter")[0] == 404
    file.write_text(ours("morning.html").replace("{% block stories %}", "{% block stories %}{{ nobody.here }}"))
    assert f"{file}, line 2: 'nobody' is undefined" in desk.words()
    file.write_text(ours("morning.html"), encoding="utf-8")
    assert "Nothing to mend" in desk.words()


def test_a_phrase_of_the_operators_own_is_followed_too(desk: Desk) -> None:
    desk.newsroom.compose()
    file = desk.template("locale/en.toml", 'hello_morning = "Rise and shine."\n')
    assert "Rise and shine." in desk.words("/?view=text")
    file.write_text('hello_morning = "Wake up, all of you."\n', encoding="utf-8")
    assert "Wake up, all of you." in desk.words("/?view=text")
    file.write_text('reported_one = "By {nobody}"\n', encoding="utf-8")
    assert "locale/en.toml: reported_one = 'By {nobody}' cannot be filled; its places are: {first}" in desk.words()
    file.write_text("hello_morning = \n", encoding="utf-8")
    assert f"{file}: Invalid value (at line 1" in desk.words()


def test_a_broken_setting_shows_file_and_line_until_it_is_mended(
    newsroom: Newsroom, tmp_path: Path, serve: Callable[[ASGIApp], str]
) -> None:
    file = tmp_path / "config" / "digest.toml"
    file.parent.mkdir()
    good = f'[keys]\ncurrent = "k"\n[keys.ring]\nk = "{"5a" * 32}"\n[editions.morning]\ntitle = "Morning Update"\n'
    file.write_text(good, encoding="utf-8")
    watching = Watch(App(runtime=newsroom.runtime), lambda: load(file, {}), "morning", None)
    desk = Desk(newsroom, tmp_path, serve(preview_app(watching)))
    assert "The letter" in desk.words()
    file.write_text(good + "top_stories = 99\n", encoding="utf-8")
    assert re.search(rf"There is nothing to show {re.escape(str(file))}:7: .*top_stories", desk.words())
    file.write_text(good + "top_stories = \n", encoding="utf-8")
    assert "not valid TOML: Invalid value (at line 7" in desk.words()
    file.write_text(good + "top_stories = 1\nalso_stories = 0\nfloor = 1\n", encoding="utf-8")
    assert "There is nothing to show" not in desk.words()
    file.write_text(good + '[database]\nurl = "sqlite:///other.db"\n', encoding="utf-8")
    assert "start the preview again" in desk.words()
    assert not (tmp_path / "other.db").exists()


def test_the_version_changes_with_what_there_is_to_see_and_only_then(desk: Desk) -> None:
    newsroom = desk.newsroom

    seen = [desk.get("/version")[1]]

    def changed() -> bool:
        seen.append(desk.get("/version")[1])
        assert desk.get("/version")[1] == seen[-1]
        return seen[-1] != seen[-2]

    assert f'data-version="{seen[0]}"' in desk.get()[1]
    assert not changed()
    newsroom.compose()
    assert changed()
    newsroom.now += timedelta(minutes=1)
    assert not changed()
    edit(newsroom.runtime, "morning", EditRequest(note="Hello."))
    assert changed()
    approve(newsroom.runtime, "morning")
    assert changed()
    file = desk.template("morning.html", ours("morning.html"))
    assert changed()
    file.write_text(ours("morning.html") + "\n", encoding="utf-8")
    assert changed()
    file.write_text("{% if %}", encoding="utf-8")
    assert changed()
    file.unlink()
    assert changed()
    newsroom.settings = structs.replace(
        newsroom.settings, site=structs.replace(newsroom.settings.site, name="Another Paper")
    )
    assert changed()


def test_a_letter_in_a_frame_can_run_load_and_send_nothing(desk: Desk) -> None:
    for query, images in (("", "'self'"), ("?pictures=0", "'none'")):
        _, page, headers = desk.get(f"/letter{query}")
        policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
        assert policy == {
            "default-src": "'none'",
            "base-uri": "'none'",
            "form-action": "'none'",
            "style-src": "'unsafe-inline'",
            "img-src": images,
            "sandbox": "allow-popups allow-popups-to-escape-sandbox",
            "frame-ancestors": "'self'",
        }
        assert headers["X-Frame-Options"] == "SAMEORIGIN"
        assert '<head><base target="_blank">' in page
    page, headers = desk.get()[1:]
    assert page.count('sandbox="allow-popups allow-popups-to-escape-sandbox"') == page.count("<iframe") == 2
    assert headers["X-Frame-Options"] == "DENY"
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_pictures_of_the_public_site_are_shown_from_the_store(desk: Desk) -> None:
    newsroom = desk.newsroom
    newsroom.settings = structs.replace(
        newsroom.settings, site=structs.replace(newsroom.settings.site, url="https://paper.example")
    )
    newsroom.stores.pictures.keep("https://x.example/a.jpg", b"a picture", 8, 6, newsroom.now)
    stored = newsroom.stores.pictures.of("https://x.example/a.jpg")
    assert stored is not None
    status, body, headers = desk.get(f"/pictures/{stored.name}.jpg")
    assert (status, body, headers["Content-Type"]) == (200, "a picture", "image/jpeg")
    assert desk.get("/pictures/none.jpg")[0] == 404
    file = desk.template("morning.html", ours("morning.html"))
    assert "This letter shows no pictures" not in desk.words("/?view=light")
    shown = '<img src="https://paper.example/pictures/x.jpg" alt="x" width="9" height="9">'
    block = "{% block stories %}"
    file.write_text(ours("morning.html").replace(block, f"{block}<tr><td>{shown}</td></tr>"), encoding="utf-8")
    assert 'src="/pictures/x.jpg"' in desk.get("/letter")[1]
    assert "This letter shows no pictures" not in desk.words("/?view=plain")
    message = email.message_from_string(desk.get("/letter.eml")[1], policy=email.policy.default)
    html = message.get_body(("html",))
    assert html is not None
    assert "https://paper.example/pictures/x.jpg" in html.get_content()


def test_hostile_words_are_shown_as_words(desk: Desk) -> None:
    hostile = "<script>alert(1)</script> {{ 7*7 }} & 'more'"
    desk.newsroom.compose()
    edit(desk.newsroom.runtime, "morning", EditRequest(note=hostile, retitle=(("otters", hostile),), pin=("otters",)))
    for view in VIEWS:
        page = desk.get(f"/?view={view}")[1]
        assert "<script>alert" not in page
        assert "{{ 7*7 }}" in unescape(page)
    assert hostile in desk.words("/?view=text")


@pytest.mark.slow
def test_the_command_serves_it_on_loopback_and_ends_when_told(tmp_path: Path) -> None:
    file = tmp_path / "config" / "digest.toml"
    file.parent.mkdir()
    file.write_text('[[sources]]\nurl = "https://paper.example/feed"\nname = "Paper"\n', encoding="utf-8")
    source = Path(__file__).resolve().parents[2] / "src"
    code = "from digest.cli.main import run; run()"
    words = [sys.executable, "-c", code, "-c", str(file), "preview", "--edition"]
    around = {**os.environ, "PYTHONPATH": str(source)}
    refused = subprocess.run([*words, "noon"], env=around, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603
    assert refused.returncode == 1
    assert "no edition is called 'noon'" in refused.stderr
    running = subprocess.Popen(  # noqa: S603 - our own command
        [*words, "morning", "--port", "0"], env=around, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert running.stdout is not None
        line = running.stdout.readline()
        found = re.match(r"(http://127\.0\.0\.1:\d+)/ shows morning; Ctrl-C ends it\.", line)
        assert found is not None, line
        connection = http.client.HTTPConnection(urlsplit(found[1]).netloc, timeout=20)
        connection.request("GET", "/")
        assert "Nothing has been fetched yet" in connection.getresponse().read().decode()
        connection.close()
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=60) == 0
        assert running.stderr is not None
        assert running.stderr.read() == ""
    finally:
        running.kill()
        running.communicate()


def test_settings_that_cannot_be_read_are_no_end(newsroom: Newsroom) -> None:
    def broken() -> Settings:
        raise SettingsError(("config/digest.toml:3: no",))

    sight = Watch(App(runtime=newsroom.runtime), broken, "morning", None).look()
    assert (sight.standing, sight.problem) == (None, "config/digest.toml:3: no")


@pytest.mark.parametrize("place", Place)
def test_a_story_is_shown_wherever_it_stands(desk: Desk, place: Place) -> None:
    newsroom = desk.newsroom
    row = newsroom.compose().row
    assert row.edition is not None
    moved = tuple(replace(item, place=place) for item in row.edition.items)
    draft = Draft(edition=replace(row.edition, items=moved), telling=(), seen=row.seen)
    assert newsroom.stores.editions.draft(row.id, draft, newsroom.now)
    status, page, _ = desk.get()
    assert status == 200
    assert page.count(f'<span class="place">{PLACES[place]}</span>') == len(moved)


def test_long_reads_are_shown_when_the_settings_want_them(desk: Desk) -> None:
    desk.newsroom.change(in_depth_stories=1, in_depth_minutes=1, top_stories=2)
    status, page, _ = desk.get()
    assert status == 200
    assert page.count('<span class="place">In depth</span>') == 1


def test_every_state_has_its_words() -> None:
    assert set(STATES) == set(EditionState)
