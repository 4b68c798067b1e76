from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.fetch.conftest import Listener, Serve, answer

from digest.cli.main import app
from digest.errors import DigestError, ListedInSettings, NotAFeed, UnknownSource
from digest.fetch.opml import Outline, read_opml, write_opml

LISTED = "http://127.0.0.1:9/listed.xml"
CONFIG = f"""[fetch]
allow_networks = ["127.0.0.0/8"]
host_pause_seconds = 0.0

[[sources]]
name = "Harbour Post"
url = "{LISTED}"
section = "local"
"""
FEED = (
    b"<rss version='2.0'><channel><title>The Paper</title>"
    b"<item><title>One</title><link>/1</link><pubDate>Sun, 01 Nov 2020 06:00:00 GMT</pubDate></item></channel></rss>"
)
NEWS = b"<urlset><url><loc>/one</loc><lastmod>2020-11-01</lastmod></url></urlset>"
NAMED_NEWS = (
    b"<urlset xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>/one</loc><news:news>"
    b"<news:publication><news:name>The Quay</news:name></news:publication><news:title>One</news:title>"
    b"<news:publication_date>2020-11-01</news:publication_date></news:news></url></urlset>"
)
HEADLINES = "".join(f"<a href='/2026/11/23/story-{n}'>What the council decided, part {n}</a>" for n in range(6))


class Newsroom:
    """A configuration in a folder of its own, and the command line on it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "config" / "digest.toml"
        self.file.write_text(CONFIG, encoding="utf-8")

    def __call__(self, *words: str) -> Result:
        return CliRunner().invoke(app, ["--config", str(self.file), *words])

    def says(self, *words: str) -> str:
        done = self(*words)
        assert done.exception is None, done.output
        return done.stdout

    def refuses(self, *words: str) -> DigestError:
        error = self(*words).exception
        assert isinstance(error, DigestError)
        return error

    def listed(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.says("sources", "list", "--json"))
        return found


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:
        yield Serve(stack)


@pytest.fixture
def newsroom(ready_folder: Path) -> Newsroom:
    return Newsroom(ready_folder)


def site(serve: Serve, **pages: bytes) -> tuple[Listener, str]:
    """Return a listener with these pages (``home`` is its front page), and its address."""
    answers = {f"/{'' if name == 'home' else name.replace('_', '.')}": answer(page) for name, page in pages.items()}

    def play(connection: socket.socket, head: str) -> None:
        connection.sendall(answers.get(head.split(" ", 2)[1], answer(status="404 Not Found")))

    listener = serve(play)
    return listener, f"http://127.0.0.1:{listener.port}"


@pytest.mark.parametrize(
    ("pages", "kind", "words"),
    [
        ({"home": b"<link rel=alternate type=application/rss+xml href=/rss>", "rss": FEED}, "feed", "a feed of 1"),
        ({"home": b"<p>Nothing here</p>", "sitemap_xml": NEWS}, "sitemap", "a news sitemap of 1"),
        ({"home": HEADLINES.encode()}, "front-page", "the links of a front page of 6"),
    ],
)
def test_a_site_is_added_by_what_it_offers(
    newsroom: Newsroom, serve: Serve, pages: dict[str, bytes], kind: str, words: str
) -> None:
    _, address = site(serve, **pages)
    said = newsroom.says("sources", "add", f"{address}/", "--section", "world", "--weight", "2", "--publisher", "Us")
    assert words in said
    added = newsroom.listed()[-1]
    assert (added["kind"], added["section"], added["weight"], added["publisher"]) == (kind, "world", 2.0, "Us")
    assert (added["listed"], added["standing"]) == ("command", "active")


def test_a_source_is_named_as_it_names_itself_unless_the_operator_says_otherwise(
    newsroom: Newsroom, serve: Serve
) -> None:
    _, address = site(serve, one=FEED, two=FEED)
    newsroom.says("sources", "add", f"{address}/one")
    newsroom.says("sources", "add", f"{address}/two", "--name", "Second")
    assert [source["name"] for source in newsroom.listed()] == ["Harbour Post", "The Paper", "Second"]


def test_a_known_source_is_said_to_be_known_and_is_not_asked_again(newsroom: Newsroom, serve: Serve) -> None:
    listener, address = site(serve, feed=FEED)
    newsroom.says("sources", "add", f"{address}/feed")
    asked = listener.connections
    assert "known already as source 2" in newsroom.says("sources", "add", f"{address}/feed?utm_source=x")
    assert f"known already as source 1; it is listed in {newsroom.file}:7" in newsroom.says("sources", "add", LISTED)
    assert listener.connections == asked
    assert len(newsroom.listed()) == 2


def test_a_known_source_becomes_what_the_operator_says_of_it(newsroom: Newsroom, serve: Serve) -> None:
    listener, address = site(serve, feed=FEED)
    newsroom.says("sources", "add", f"{address}/feed", "--section", "world")
    newsroom.says("sources", "disable", "2")
    asked = listener.connections
    assert "and enabled again" in newsroom.says("sources", "add", f"{address}/feed", "--name", "Morning Paper")
    assert "known already, and changed" in newsroom.says("sources", "add", f"{address}/feed", "--weight", "3")
    changed = newsroom.listed()[1]
    assert (changed["name"], changed["section"], changed["weight"]) == ("Morning Paper", "world", 3.0)
    assert listener.connections == asked
    assert isinstance(newsroom.refuses("sources", "add", LISTED, "--name", "Other"), ListedInSettings)


def test_a_source_is_renamed_where_it_is_described(newsroom: Newsroom, serve: Serve) -> None:
    _, address = site(serve, feed=FEED)
    newsroom.says("sources", "add", f"{address}/feed")
    newsroom.says("sources", "disable", "The Paper")
    assert "The Paper: renamed to Tide" in newsroom.says("sources", "rename", "The Paper", "Tide")
    assert [(s["name"], s["standing"]) for s in newsroom.listed()][1:] == [("Tide", "resting")]
    assert isinstance(newsroom.refuses("sources", "rename", "1", "Tide"), ListedInSettings)
    assert newsroom("sources", "rename", "2", " ").exit_code == 2


@pytest.mark.parametrize(
    "pages",
    [
        {"home": b"<title>Ships - today</title><meta property='og:site_name' content='The Quay'>" + HEADLINES.encode()},
        {"home": b"<meta property='og:site_name' content='The Quay'>", "sitemap_xml": NEWS},
        {"home": b"<title>Welcome</title>", "sitemap_xml": NAMED_NEWS},
    ],
)
def test_a_source_without_a_title_is_named_by_what_its_site_calls_itself(
    newsroom: Newsroom, serve: Serve, pages: dict[str, bytes]
) -> None:
    _, address = site(serve, **pages)
    newsroom.says("sources", "add", f"{address}/")
    assert newsroom.listed()[-1]["name"] == "The Quay"


def test_a_page_that_leads_to_a_known_feed_is_said_to_be_known(newsroom: Newsroom, serve: Serve) -> None:
    _, address = site(serve, home=b"<link rel=alternate type=application/rss+xml href=/rss>", rss=FEED)
    newsroom.says("sources", "add", f"{address}/rss")
    assert "known already" in newsroom.says("sources", "add", f"{address}/")


def test_a_site_that_offers_nothing_is_not_added(newsroom: Newsroom, serve: Serve) -> None:
    _, address = site(serve, home=b"<p>Under construction</p>")
    assert isinstance(newsroom.refuses("sources", "add", address), NotAFeed)
    assert newsroom("sources", "add", "ftp://paper.example/").exit_code == 2
    assert len(newsroom.listed()) == 1


def test_what_the_settings_list_is_taken_out_there_and_may_rest(newsroom: Newsroom) -> None:
    error = newsroom.refuses("sources", "remove", "Harbour Post")
    assert isinstance(error, ListedInSettings)
    assert f"{newsroom.file}:7" in str(error)
    newsroom.says("sources", "disable", "Harbour Post")
    assert newsroom.listed()[0]["standing"] == "resting"
    assert "enabled again" in newsroom.says("sources", "add", LISTED)
    newsroom.says("sources", "disable", "1")
    newsroom.says("sources", "enable", LISTED)
    assert newsroom.listed()[0]["standing"] == "active"


def test_what_a_command_added_a_command_removes(newsroom: Newsroom, serve: Serve) -> None:
    _, address = site(serve, feed=FEED)
    newsroom.says("sources", "add", f"{address}/feed")
    newsroom.says("sources", "remove", "The Paper")
    assert [source["name"] for source in newsroom.listed()] == ["Harbour Post"]
    assert isinstance(newsroom.refuses("sources", "remove", "The Paper"), UnknownSource)


def test_what_left_the_settings_rests_and_may_be_removed(newsroom: Newsroom) -> None:
    newsroom.listed()
    newsroom.file.write_text(CONFIG.partition("[[sources]]")[0], encoding="utf-8")
    assert (newsroom.listed()[0]["standing"], newsroom.listed()[0]["listed"]) == ("resting", "no longer")
    newsroom.says("sources", "enable", "1")
    assert (newsroom.listed()[0]["standing"], newsroom.listed()[0]["listed"]) == ("active", "command")
    newsroom.says("sources", "remove", "1")
    assert newsroom.listed() == []


def test_the_list_says_how_a_source_failed_and_when_it_is_asked_next(newsroom: Newsroom, serve: Serve) -> None:
    listener, address = site(serve, feed=FEED)
    newsroom.says("sources", "add", f"{address}/feed")
    newsroom.says("sources", "disable", "1")
    listener.close()
    assert newsroom("fetch").exit_code == 3
    (_, failed) = newsroom.listed()
    assert failed["failures"] == 1
    assert failed["not_before"] > failed["last_fetch"]
    header, _, line = newsroom.says("sources", "list").splitlines()
    start, end = header.index("NEXT"), header.index("RESULT")
    assert line[start:end].strip() == failed["not_before"][:16].replace("T", " ")
    assert failed["last_result"] in line[end:]


def test_a_fetch_with_nothing_to_do_says_which_source_is_next_and_enabling_it_ends_its_pause(
    newsroom: Newsroom,
) -> None:
    assert newsroom("fetch").exit_code == 3
    idle = newsroom("fetch")
    assert idle.exit_code == 0
    assert "No source is due. The next is Harbour Post, at " in idle.stderr
    assert "digest sources enable 1" in idle.stderr
    newsroom.says("sources", "enable", "1")
    assert newsroom.listed()[0]["not_before"] is None
    assert newsroom("fetch").exit_code == 3


def test_when_no_source_of_two_hosts_can_be_reached_none_of_them_pauses(newsroom: Newsroom) -> None:
    other = '\n[[sources]]\nname = "Quay Mail"\nurl = "http://127.0.0.2:9/feed.xml"\n'
    newsroom.file.write_text(CONFIG + other, encoding="utf-8")
    for _ in range(2):
        done = newsroom("fetch")
        assert done.exit_code == 3
        assert "is this machine online? The next fetch asks all of them again." in done.stderr
        assert [(each["failures"], each["not_before"]) for each in newsroom.listed()] == [(0, None)] * 2


def test_one_source_that_answers_shows_that_the_machine_is_online(newsroom: Newsroom, serve: Serve) -> None:
    _, address = site(serve, feed=FEED)
    newsroom.says("sources", "add", f"{address}/feed")
    other = '\n[[sources]]\nname = "Quay Mail"\nurl = "http://127.0.0.2:9/feed.xml"\n'
    newsroom.file.write_text(CONFIG + other, encoding="utf-8")
    assert "is this machine online" not in newsroom("fetch").stderr
    assert all(each["not_before"] for each in newsroom.listed() if each["failures"])


def test_an_address_of_a_private_network_names_the_setting_that_allows_it(newsroom: Newsroom) -> None:
    newsroom.file.write_text(CONFIG.replace('["127.0.0.0/8"]', "[]").replace(":9/", ":8999/"), encoding="utf-8")
    said = newsroom("fetch").stderr
    assert "Harbour Post: 127.0.0.1 is not a public address" in said
    assert "fetch.allow_networks" in said


def test_a_fetch_says_when_no_source_is_enabled(newsroom: Newsroom) -> None:
    newsroom.says("sources", "disable", "Harbour Post")
    assert "no source is enabled: digest sources list" in str(newsroom.refuses("fetch"))


def test_a_list_of_feeds_comes_and_goes_as_opml(newsroom: Newsroom, tmp_path: Path) -> None:
    world = Outline(url="https://paper.example/world", name="World & more", section="world")
    file, copy = tmp_path / "feeds.opml", tmp_path / "copy.opml"
    file.write_bytes(write_opml([world, Outline(url=LISTED, name="Known")], "Feeds"))
    rehearsed = newsroom.says("sources", "import", str(file), "--dry-run").splitlines()
    assert len(newsroom.listed()) == 1
    assert newsroom.says("sources", "import", str(file)).splitlines() == rehearsed
    assert [line.split("  ")[0] for line in sorted(rehearsed)] == ["added", "known already"]
    newsroom.says("sources", "export", str(copy))
    outlines = read_opml(copy.read_bytes())
    assert outlines == (Outline(url=LISTED, name="Harbour Post", section="local"), world)
    assert read_opml(newsroom.says("sources", "export").encode()) == outlines
    again = json.loads(newsroom.says("sources", "import", str(copy), "--json"))
    assert [line["outcome"] for line in again] == ["known already", "known already"]


def test_a_file_that_is_no_opml_is_refused(newsroom: Newsroom, tmp_path: Path) -> None:
    assert isinstance(newsroom.refuses("sources", "import", str(newsroom.file)), NotAFeed)
    assert newsroom("sources", "import", str(tmp_path / "missing.opml")).exit_code == 2


@pytest.mark.slow
def test_a_thousand_feeds_are_imported_in_seconds(newsroom: Newsroom, tmp_path: Path) -> None:
    file = tmp_path / "many.opml"
    many = [Outline(url=f"https://paper{n}.example/feed", name=f"Paper {n}") for n in range(1000)]
    file.write_bytes(write_opml(many, "Many"))
    newsroom.says("sources", "import", str(file))
    assert len(newsroom.listed()) == 1001
