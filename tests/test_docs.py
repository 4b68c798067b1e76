"""Every example runs: those of the commands' help, which the reference prints, and those of the pages."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
import tomllib
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
from digest.deliver.dns.domain import findings
from digest.extract.article import article_id
from digest.model.api_token import Scope
from digest.model.article import Article, TextOrigin
from digest.model.edition import EditionState
from digest.model.finding import Level
from digest.model.ids import EditionKey, SourceId
from digest.model.source import FeedEntry, Source
from digest.model.user import Role
from digest.pipeline.editions.composing import compose_edition, occasion
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.gathering.source_list import follow
from digest.pipeline.people.accounts import add_user
from digest.pipeline.people.api_tokens import add_token
from digest.pipeline.people.audit import By
from digest.pipeline.progress import unseen
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.sending.send import Request, send_edition
from digest.pipeline.webhooks.receivers import Wanted
from digest.pipeline.webhooks.receivers import add as add_receiver
from digest.render.catalogue import Kind, catalogue
from digest.storage.schema.editions import editions

reference = pytest.importorskip("bench.reference", reason="the benches run from the checkout")
ROOT = Path(__file__).resolve().parent.parent
DOCS = tuple(str(page.relative_to(ROOT)) for page in sorted((ROOT / "docs").rglob("*.md")))
TUTORIAL = tuple(page for page in DOCS if "/tutorial/" in page)
"""Followed word for word by tests/journeys/test_tutorial.py."""
PAGES = ("README.md", *DOCS)
DAY = date(2026, 11, 23)
NEVER = datetime(2099, 1, 1, tzinfo=UTC)

CANNOT: Mapping[str, str] = {
    "pip install . && digest demo": "CI runs it in a fresh environment, also without a network; test_demo runs it here",
    "pip install -e '.[test]' && pytest": "this is it",
    "digest demo --open": "it opens the browser; test_demo runs the rest",
    "digest preview --edition morning --open": "it opens the browser and runs until it is told to end",
    "digest bounces fetch": "it asks a mailbox: the tests of bounces do",
    "digest restore backups": "it makes another installation: tests/pipeline/keeping",
    "digest demo --desk": "it runs until it is told to end: test_demo_desk",
    "digest serve": "it runs until it is told to end: test_serve",
    "digest web": "it runs until it is told to end: test_serve",
    "digest editions rename morning daily": "the settings need the new name: tests/pipeline/test_renaming.py",
    "digest alert test": "it asks servers of the world: test_alerting does it on loopback",
    "digest webhooks test crm": "it asks a server of the world: tests/cli/test_webhooks.py does it on loopback",
    "pip install .": "CI does, in a fresh environment",
    "pip install '.[postgresql]'": "the tests' environment has it",
    "pip install '.[cluster]'": "the tests' environment has it",
    "digest crew": "it needs PostgreSQL: test_cluster runs it",
    "pip install '.[desk]'": "the tests' environment has it",
    "digest users add bo@paper.example --prompt": "it asks for a password: the tests of the command answer",
    "digest demo": "test_demo runs it",
    "digest send --edition morning --to you@example.com": "it needs a relay: the tutorial's test sends one",
    "digest send --edition morning --late": "the drafted edition is in its window: test_sending sends late ones",
}
"""Example -> why no test runs it as it stands."""
ELSEWHERE: Mapping[str, str] = {
    "curl": "it asks the pages while serve runs: the tutorial's test does",
}
"""First word of an example that is no command of ours -> why no test runs it."""
LANGUAGES: Mapping[str, str] = {
    "console": "each line runs, or stands in CANNOT or ELSEWHERE",
    "toml": "loaded as settings",
    "sh": "tests/web/test_api_howto.py runs each with curl",
    "zone": "read as receivers read DNS",
    "phrases": "loaded as words of letters and pages",
    "python": "run by tests/blocks/test_process.py and tests/webhooks/test_howto.py",
    "nginx": "nginx is not there to read it",
    "html": "a frame for a page of somebody else",
    "text": "files of other programs, and pictures in characters",
    "{toctree}": "the site's build reads it",
    "": "output, and pictures in characters",
}
"""Language of a block -> what a test does with it, or why none does."""


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
        compose_edition(app.runtime, occasion(app.settings, "morning", None, app.clock()))
    (folder / "readers.csv").write_text("address,name\nada@example.com,Ada\n", encoding="utf-8")
    (folder / "portion.csv").write_text("email\ncy@example.com\n", encoding="utf-8")
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
        done = send_edition(app.runtime, Request(name="morning", day=DAY), lambda: print_news(app, now), unseen)
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


def all_sent(app: App) -> None:
    """Let no draft wait: its links lead to papers that are nowhere, and its time has passed."""
    for row in app.stores.editions.latest():
        put(app.stores.database, row.id, EditionState.SENT)


def with_operator(app: App) -> None:
    with (Path(app.settings.folder) / "config" / "digest.toml").open("a", encoding="utf-8") as file:
        file.write('[alerts]\nmail = ["operator@example.com"]\n')


def with_breaking(_app: App) -> None:
    block = next(block for block in blocks_of("docs/howto/letters.md", "toml") if "breaking" in block)
    config = Path("config") / "digest.toml"
    config.write_text(f"{config.read_text(encoding='utf-8')}\n{block}", encoding="utf-8")


def with_pages(_app: App) -> None:
    with (Path("config") / "digest.toml").open("a", encoding="utf-8") as file:
        file.write('[site]\nurl = "http://127.0.0.1:8080"\n')


def with_ana(app: App) -> None:
    with_pages(app)
    for name in ("ana", "bo"):
        add_user(app.runtime, name, f"{name}@paper.example", Role.ADMIN, By(who="the test"))


def with_token(app: App) -> None:
    add_token(app.runtime, "cms", [Scope.ARTICLES_WRITE], None, By(who="the test"))


OF_A_SENT_EDITION = ("audit", "deliveries", "verify", "rebuild", "pause", "resume", "cancel", "resend")


def with_receiver(app: App) -> None:
    """Add a receiver of webhooks."""
    add_receiver(app.runtime, Wanted(name="crm", url="https://crm.example.com/digest"))


BEFORE: Mapping[str, Callable[[App], None]] = {
    "pause": moved(EditionState.SENDING),
    "resume": moved(EditionState.PAUSED),
    "cancel": moved(EditionState.SENDING),
    "readers edit": with_ada,
    "readers erase": with_ada,
    "readers remove": with_ada,
    "readers show": with_ada,
    "fetch": just_the_herald,
    "check": all_sent,
    "status": all_sent,
    "alert test": with_operator,
    "users add": with_pages,
    "users role": with_ana,
    "users disable": with_ana,
    "users enable": with_ana,
    "users reset": with_ana,
    "tokens revoke": with_token,
    "digest send --edition breaking": with_breaking,
    **{f"webhooks {verb}": with_receiver for verb in ("deliveries", "disable", "enable", "remove", "resend", "rotate")},
}
"""Command, or a whole example -> what has to be done before its example makes sense."""


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
    """Return the command lines of a page: those of its console blocks; of the README the indented ones as well."""
    lines = [re.sub(r"^\$ ", "", line) for block in blocks_of(page, "console") for line in block.splitlines()]
    if page == "README.md":
        text = (ROOT / page).read_text(encoding="utf-8")
        lines += re.findall(r"^    ((?:digest|pip) .+)$", text, re.MULTILINE)
    return [re.split(r"\s+#", line)[0] for line in lines]


def blocks_of(page: str, language: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def examples_of_docs() -> list[tuple[str, str]]:
    """Return (command, example) of each line of the docs that runs by itself, once."""
    known = {example for _, example in examples_of_help()}
    pages = (page for page in DOCS if page not in TUTORIAL)
    lines = dict.fromkeys(line for page in pages for line in examples_of(page))
    ours = (line for line in lines if line not in CANNOT and line not in known and line.split()[0] not in ELSEWHERE)
    return [(command_of(line), line) for line in ours]


def command_of(line: str) -> str:
    """Return the words that call the command of an example: its options and arguments are the rest."""
    words = [word for word in line.split()[1:] if not word.startswith("-")]
    names = [path.removeprefix("digest ") for path, _ in reference.commands(front_door, "digest")]
    return next((name for name in (" ".join(words[:2]), words[0]) if name in names), "")


@pytest.mark.parametrize(
    ("command", "example"),
    [*(each for each in examples_of_help() if each[1] not in CANNOT), *examples_of_docs()],
    ids=lambda part: part,
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
    if prepare := BEFORE.get(example, BEFORE.get(command)):
        with open_app(load(None, {})) as app:
            prepare(app)
    code, said = digest(*on_loopback(example, press))
    assert code == 0, said


def test_the_examples_of_the_readme_run_one_after_the_other(
    press: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "readers.csv").write_text("address,name\nada@example.com,Ada\n", encoding="utf-8")
    for example in examples_of("README.md"):
        if example in CANNOT:
            continue
        words = on_loopback(example, press)
        code, said = digest(*words)
        assert code == 0, f"{example}\n{said}"
        if words[0] == "init":  # the operator's own sources
            (tmp_path / "config" / "digest.toml").write_text(configuration(press), encoding="utf-8")


@pytest.mark.parametrize("page", [page for page in PAGES if blocks_of(page, "toml") and page not in TUTORIAL])
def test_the_settings_that_a_page_shows_can_be_loaded(page: str, tmp_path: Path) -> None:
    for number, toml in enumerate(blocks_of(page, "toml")):
        file = tmp_path / f"{number}.toml"
        file.write_text(toml, encoding="utf-8")
        load(file, {})


@pytest.mark.parametrize("page", [page for page in PAGES if blocks_of(page, "zone")])
def test_receivers_find_the_dns_records_that_a_page_shows_in_order(page: str) -> None:
    records: dict[tuple[str, str], list[str]] = {}
    for block in blocks_of(page, "zone"):
        for name, kind, text in re.findall(r'^(\S+)\. (\w+) "(.*)"$', block, re.MULTILINE):
            if "_dmarc" in name:
                records.pop((name, kind), None)  # the strict one comes after the first
            records.setdefault((name, kind), []).append(text)
    assert {kind for _, kind in records} == {"TXT", "MX", "PTR", "A"}
    found = findings("example.com", lookup=lambda name, kind: records.get((name.rstrip("."), kind), []))
    assert {one.subject: one.words for one in found if one.level is not Level.OK} == {}
    assert {one.subject.split()[0] for one in found} == {"SPF", "MX", "DMARC", "BIMI"}


@pytest.mark.parametrize("page", [page for page in PAGES if blocks_of(page, "phrases")])
def test_the_words_that_a_page_changes_are_words_of_letters_or_pages(page: str, tmp_path: Path) -> None:
    for block in blocks_of(page, "phrases"):
        (name, *_) = tomllib.loads(block)
        kind: Kind = "email" if name in catalogue("en").phrases else "web"
        file = tmp_path / kind / "locale" / "en.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block, encoding="utf-8")
        assert set(tomllib.loads(block)) <= set(catalogue("en", kind=kind).phrases)
        assert catalogue("en", str(tmp_path), kind)(name) == tomllib.loads(block)[name]


def named_in(text: str) -> Iterator[str]:
    """Yield the command lines in a text: those in code spans, and those that a message ends with."""
    hints = re.findall(r': (digest [a-z]+(?: [a-z]+)?)(?: [{A-Z-][^"]*)?"', text)
    for span in [*re.findall(r"`(digest [^`]+)`", text), *hints]:
        line = " ".join(span.split())
        if not re.fullmatch(r"digest [A-Z_.]+.*|digest -v+ VERB|digest --log-format.*|.*[{|<].*", line):
            yield line


@pytest.mark.parametrize("page", [*PAGES, "CONTRIBUTING.md", "config/digest.example.toml", "src"])
def test_each_command_that_is_named_exists_with_its_options(page: str) -> None:
    files = sorted((ROOT / page).rglob("*.py")) if page == "src" else [ROOT / page]
    commands = dict(reference.commands(front_door, "digest"))
    groups = {path.rpartition(" ")[0] for path in commands}
    for line in (line for file in files for line in named_in(file.read_text(encoding="utf-8"))):
        name = f"digest {command_of(line)}"
        if name not in commands:
            assert line in groups, line
            continue
        known = {option for parameter in commands[name].params for option in parameter.opts}
        assert {word for word in line.split() if word.startswith("-")} <= {*known, "-v", "-c", "-h", "--help"}, line


def test_each_kind_of_block_is_tested_or_says_why_not() -> None:
    found = set()
    for page in PAGES:
        fences = re.findall(r"^```(.*)$", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
        found |= set(fences[::2])
        assert set(fences[1::2]) <= {""}, page
    assert found == set(LANGUAGES)


def test_what_cannot_run_in_a_test_is_an_example_still() -> None:
    shown = {example for _, example in examples_of_help()} | {line for page in PAGES for line in examples_of(page)}
    assert set(CANNOT) <= shown
    assert set(ELSEWHERE) == {
        line.split()[0] for page in DOCS for line in examples_of(page) if page not in TUTORIAL
    } - {
        "digest",
        "pip",
    }
