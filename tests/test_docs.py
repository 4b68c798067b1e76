"""Every example runs: those of the commands' help, which the reference prints, and those of the pages."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import click
import pytest
from sqlalchemy import update
from tests.papers import NEWS, papers
from tests.states import put

from digest.app import App, open_app
from digest.cli.main import app as front_door
from digest.cli.main import run
from digest.configuration import load
from digest.extract.article import article_id
from digest.model.article import Article, TextOrigin
from digest.model.edition import EditionState
from digest.model.ids import EditionKey, SourceId
from digest.model.source import FeedEntry, Source
from digest.pipeline.compose import compose_edition, occasion
from digest.pipeline.enrol import Subscription, subscribe
from digest.pipeline.gather import GatherReport
from digest.pipeline.progress import unseen
from digest.pipeline.send import Request, send_edition
from digest.pipeline.sources import follow
from digest.storage.schema.editions import editions

reference = pytest.importorskip("bench.reference", reason="the benches run from the checkout")
ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", *(f"docs/{page.name}" for page in sorted((ROOT / "docs").glob("*.md"))))
DAY = date(2026, 11, 23)
NEVER = datetime(2099, 1, 1, tzinfo=UTC)

CANNOT: Mapping[str, str] = {
    "pip install . && digest demo": "CI runs it in a fresh environment, also without a network; test_demo runs it here",
    "pip install -e '.[test]' && pytest": "this is it",
    "digest demo --open": "it opens the browser; test_demo runs the rest",
    "digest preview --edition morning --open": "it opens the browser and runs until it is told to end",
    "digest bounces fetch": "it asks a mailbox: the tests of bounces do",
    "digest serve": "it runs until it is told to end: test_serve",
    "digest web": "it runs until it is told to end: test_serve",
}
"""Example -> why no test runs it as it stands."""

@pytest.fixture(scope="module")
def press() -> Iterator[str]:
    with papers() as address:
        yield address


def configuration(press: str) -> str:
    """Return a configuration whose editions are due at noon of a zone in which it is past noon, and not yet one."""
    zone = f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"
    editions = "".join(
        f'[editions.{name}]\ntitle = "{name.title()} Update"\nat = "12:00"\nzone = "{zone}"\n'
        for name in ("morning", "evening")
    )
    return f"""
[fetch]
allow_networks = ["127.0.0.0/8"]
host_pause_seconds = 0
[extract]
workers = 1
{editions}
[[sources]]
name = "Tarrow Herald"
url = "{press}/herald/feed"
"""


def print_news(app: App, now: datetime) -> GatherReport:
    """Store the news as if it was just fetched."""
    entries = [
        FeedEntry(source_id=SourceId(1), url=url, link=url, title=title, published=now, seen_at=now)
        for title in NEWS
        for url in (f"https://herald.example/{now:%Y-%m-%d}/{title.split()[0].lower()}",)
    ]
    app.stores.entries.see(entries)
    for pending in app.stores.entries.pending(0):
        entry, text = pending.entry, "\n\n".join(NEWS[pending.entry.title])
        article = Article(
            id=article_id(entry.url, entry.title, text),
            source_id=entry.source_id,
            url=entry.url,
            link=entry.link,
            title=entry.title,
            text=text,
            language="en",
            origin=TextOrigin.PAGE,
            first_seen=entry.seen_at,
            published=entry.published,
            word_count=len(text.split()),
        )
        app.stores.articles.keep(pending.id, article, now)
    app.stores.runs.record("fetch", now, now, {})
    return GatherReport(sources=(), articles=len(NEWS), pages=())


def furnish(folder: Path, press: str) -> Path:
    """Make an installation in an empty folder; return its configuration."""
    digest("init", str(folder))
    config = folder / "config" / "digest.toml"
    config.write_text(configuration(press), encoding="utf-8")
    return config


@pytest.fixture(scope="module")
def drafted(press: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an installation with readers, seven sources, and today's morning edition as a draft."""
    folder = tmp_path_factory.mktemp("drafted")
    with open_app(load(furnish(folder, press), {})) as app:
        follow(app.stores, app.settings)
        print_news(app, app.clock())
        for number in range(2, 8):
            name = "Harbour Post" if number == 2 else f"Paper {number}"
            app.stores.sources.add(
                Source(id=SourceId(0), url=f"{press}/{number}/feed", name=name, publisher=name, section="")
            )
        subscribe(app.stores, app.clock(), Subscription(address="bea@example.com", editions=("morning", "evening")))
        compose_edition(app.house, occasion(app.settings, "morning", None, app.clock()))
    (folder / "readers.csv").write_text("address,name\nada@example.com,Ada\n", encoding="utf-8")
    (folder / "returned.eml").write_text("Subject: Away\n\nBack on Monday.\n", encoding="utf-8")
    (folder / "feeds.opml").write_text(
        f'<opml version="2.0"><body><outline text="P" xmlUrl="{press}/other/feed"/></body></opml>', encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def sent(press: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an installation whose only edition is the one of DAY, sent; its letters may leave for long."""
    folder = tmp_path_factory.mktemp("sent")
    settings = load(furnish(folder, press), {})
    now = occasion(settings, "morning", DAY, datetime.now(UTC)).due
    with open_app(settings, clock=lambda: now) as app:
        follow(app.stores, settings)
        subscribe(app.stores, now, Subscription(address="bea@example.com", editions=("morning",)))
        done = send_edition(app.house, Request(name="morning", day=DAY), lambda: print_news(app, now), unseen)
        assert done.row.state is EditionState.SENT
        with app.stores.database.write() as connection:
            connection.execute(update(editions).values(expires=NEVER))
    return folder


def moved(to: EditionState) -> Callable[[App], None]:
    """Bring the edition of DAY into a state."""

    def move(app: App) -> None:
        row = app.stores.editions.get(EditionKey(name="morning", date=DAY))
        assert row is not None
        put(app.stores.database, row.id, to)

    return move


def with_ada(app: App) -> None:
    subscribe(app.stores, app.clock(), Subscription(address="ada@example.com", editions=("morning",)))


def just_the_herald(app: App) -> None:
    for stored in app.stores.sources.all()[1:]:
        app.stores.sources.remove(stored.source.id)


OF_A_SENT_EDITION = ("audit", "deliveries", "verify", "rebuild", "pause", "resume", "cancel", "resend")
BEFORE: Mapping[str, Callable[[App], None]] = {
    "pause": moved(EditionState.SENDING),
    "resume": moved(EditionState.PAUSED),
    "cancel": moved(EditionState.SENDING),
    "readers remove": with_ada,
    "readers show": with_ada,
    "fetch": just_the_herald,
}
"""Command -> what has to be done before its example makes sense."""


def digest(*words: str) -> tuple[int, str]:
    """Run the command as the shell would, in this process; return its exit code and all that it said."""
    said, arguments, keyboard = StringIO(), sys.argv, sys.stdin
    if "<" in words:
        sys.stdin = TextIOWrapper(BytesIO(Path(words[-1]).read_bytes()))
        words = words[: words.index("<")]
    sys.argv = ["digest", *words]
    try:
        with redirect_stdout(said), redirect_stderr(said), pytest.raises(SystemExit) as ended:
            run()
    finally:
        sys.argv, sys.stdin = arguments, keyboard
    return int(ended.value.code or 0), said.getvalue()


def on_loopback(line: str, press: str) -> list[str]:
    """Return the words of an example after ``digest``, with what stands elsewhere taken from this machine."""
    line = line.replace("https://paper.example/", f"{press}/paper/")
    line = line.replace("postgresql://digest@localhost/digest", "sqlite:///copy.db")
    command, *words = shlex.split(line, comments=True)
    assert command == "digest"
    return words


def examples_of_help() -> Iterator[tuple[str, str]]:
    """Yield (command, example)."""
    for path, command in reference.commands(front_door, "digest"):
        for paragraph in click.unstyle(command.help or "").split("\n\n"):
            if found := re.match(r"\s*Example: (.+)", paragraph, re.DOTALL):
                yield path.removeprefix("digest "), " ".join(found[1].split())


def examples_of(page: str) -> list[str]:
    """Return the command lines of a page: those of its console blocks, and indented ones; none of the reference's."""
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:console|sh|bash|shell)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if not line.startswith("#")]
    lines += re.findall(r"^    ((?:digest|pip) .+)$", text, re.MULTILINE) if page == "README.md" else []
    return [line for line in lines if line.startswith(("digest ", "pip "))]


def settings_of(page: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    ("command", "example"), [each for each in examples_of_help() if each[1] not in CANNOT], ids=lambda part: part
)
def test_the_example_of_a_command_runs(
    command: str,
    example: str,
    press: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kind = "sent" if command in OF_A_SENT_EDITION else "drafted"
    folder = tmp_path / "room"
    shutil.copytree(request.getfixturevalue(kind), folder)
    monkeypatch.chdir(folder)
    with open_app(load(None, {})) as app:
        if command in BEFORE:
            BEFORE[command](app)
    code, said = digest(*on_loopback(example, press))
    assert code == 0, said


@pytest.mark.parametrize("page", [page for page in PAGES if examples_of(page)])
def test_the_examples_of_a_page_run_one_after_the_other(
    page: str, press: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "readers.csv").write_text("address,name\nada@example.com,Ada\n", encoding="utf-8")
    for example in examples_of(page):
        if re.split(r"\s+#", example)[0] in CANNOT:
            continue
        words = on_loopback(example, press)
        code, said = digest(*words)
        assert code == 0, f"{example}\n{said}"
        if words[0] == "init":  # the operator's own sources
            (tmp_path / "config" / "digest.toml").write_text(configuration(press), encoding="utf-8")


def test_the_settings_that_pages_show_can_be_loaded(tmp_path: Path) -> None:
    for number, toml in enumerate(toml for page in PAGES for toml in settings_of(page)):
        file = tmp_path / f"{number}.toml"
        file.write_text(toml, encoding="utf-8")
        load(file, {})


def test_what_cannot_run_in_a_test_is_an_example_still() -> None:
    shown = {example for _, example in examples_of_help()}
    shown |= {re.split(r"\s+#", line)[0] for page in PAGES for line in examples_of(page)}
    assert set(CANNOT) <= shown
