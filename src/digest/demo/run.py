"""``digest demo``: one day of the invented press, from its web sites to three inboxes, all on loopback.

The demo has its own clock and fixed keys, and asks the sources without pauses. Everything else is the usual pipeline,
with HTTP, SQLite and SMTP. Two runs give the same bytes.
"""

from __future__ import annotations

import ipaddress
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

from digest.app import App, open_app
from digest.demo.press import ZONE, Paper, load_press
from digest.demo.server import PressServer
from digest.demo.sink import CaughtLetter, Sink
from digest.fetch.address_guard import Target
from digest.model.edition import Edition
from digest.model.ids import EditionKey
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.progress import Progress
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.sending.send import Request, SendReport
from digest.render.page import page
from digest.settings import (
    DatabaseSettings,
    EditionSettings,
    FetchSettings,
    KeySettings,
    MailSettings,
    Settings,
    SiteSettings,
    SourceSettings,
)

FOLDER = Path("digest-demo")
DAY = datetime(2026, 10, 14, tzinfo=ZONE)
EDITIONS = ("morning", "evening")
MOMENTS = {"morning": DAY.replace(hour=6), "evening": DAY.replace(hour=17)}
READERS = (
    ("ines.amari@readers.example", "Inès Amari"),
    ("jonas.beck@readers.example", "Jonas Beck"),
    ("ruth@lighthouse.example", ""),
)
KEY = "5a" * 32
"""A key for letters that nobody gets. No check refuses it elsewhere: never use it for real letters."""


class _Clock:
    """The demo's clock: its time changes only when it is set."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


class PaperNames:
    """A resolver that knows only the invented papers."""

    def __init__(self, hosts: Mapping[str, tuple[str, int]]) -> None:
        self._hosts = hosts

    def resolve(self, host: str, timeout_seconds: float) -> tuple[Target, ...]:  # noqa: ARG002 - it answers at once
        """Return the address of the papers' server."""
        if host not in self._hosts:
            raise OSError(f"{host}: no such paper")
        address, port = self._hosts[host]
        return (Target(address=ipaddress.ip_address(address), port=port),)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoEdition:
    """One edition of the day: the result of its fetch, its content, and the letters sent."""

    gathered: GatherReport
    edition: Edition
    sent: SendReport
    html: Path
    letters: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoReport:
    """The result of the demo."""

    folder: Path
    editions: tuple[DemoEdition, ...]

    @property
    def html_files(self) -> tuple[Path, ...]:
        """The letters as HTML files, one for each edition."""
        return tuple(done.html for done in self.editions)

    def lines(self) -> Iterator[str]:
        """Yield the report as lines of text."""
        for done in self.editions:
            yield from _edition_lines(done)
        yield f"The letters are in {self.folder}/ as .eml and .html; `digest demo --open` shows them in the browser."

    def plain(self) -> dict[str, Any]:
        """Return the report as plain values for JSON."""
        return {
            "folder": str(self.folder),
            "editions": [
                {
                    "edition": str(done.edition.key),
                    "subject": done.edition.subject,
                    "articles": done.gathered.articles,
                    "left_out": [
                        {"link": p.link, "problem": p.problem, "outcome": p.outcome} for p in done.gathered.pages
                    ],
                    "stories": [
                        {
                            "place": item.place.value,
                            "headline": item.headline,
                            "publishers": list(item.publishers),
                            "bullets": [bullet.text for bullet in item.bullets],
                        }
                        for item in done.edition.items
                    ],
                    "still_covered": list(done.edition.still_covered),
                    "letters": [str(path) for path in done.letters],
                    "html": str(done.html),
                }
                for done in self.editions
            ],
        }


def run_demo(folder: Path | None, progress: Progress) -> DemoReport:
    """Run the morning and the evening of the invented day; write the letters to ``folder`` (created when missing)."""
    into = folder or FOLDER
    into.mkdir(parents=True, exist_ok=True)
    clock = _Clock(MOMENTS["morning"])
    papers = load_press()
    with (
        tempfile.TemporaryDirectory(prefix="digest-demo-") as home,
        PressServer(papers, clock) as server,
        Sink() as sink,
        open_app(
            demo_settings(home, papers, f"smtp://127.0.0.1:{sink.port}"), clock=clock, resolver=PaperNames(server.hosts)
        ) as app,
    ):
        for address, name in READERS:
            subscribe(app.stores, clock(), Subscription(address=address, name=name, editions=EDITIONS))
        editions = tuple(_edition(app, clock, name, sink, into, progress) for name in EDITIONS)
    return DemoReport(folder=into, editions=editions)


def _edition(app: App, clock: _Clock, name: str, sink: Sink, into: Path, progress: Progress) -> DemoEdition:
    clock.moment = MOMENTS[name]
    before = len(sink.letters)
    gathered = app.gather(progress)
    sent = app.send(Request(name=name), progress)
    row = sent.row
    letter = app.stores.letters.get(row.id)
    if row.edition is None or letter is None:
        raise LookupError(f"the demo's {name} edition is {row.state.value}: {row.reason}")
    html = into / f"{name}.html"
    html.write_text(page(letter), encoding="utf-8")
    caught = sorted(sink.letters[before:], key=lambda letter: letter.recipients)
    letters = tuple(_keep(into, row.key, one) for one in caught)
    return DemoEdition(gathered=gathered, edition=row.edition, sent=sent, html=html, letters=letters)


def _keep(into: Path, key: EditionKey, caught: CaughtLetter) -> Path:
    path = into / f"{key.name}-{caught.recipients[0].partition('@')[0]}.eml"
    path.write_bytes(caught.raw)
    return path


def demo_settings(home: str, papers: tuple[Paper, ...], transport: str) -> Settings:
    """Return the settings of the demo. Its database is in the folder ``home``."""
    listed = tuple(SourceSettings(url=p.feed_url, name=p.name, publisher=p.name, language="en") for p in papers)
    zone = str(ZONE)
    return Settings(
        folder=home,
        site=SiteSettings(name="The Tarrow Digest", postal_address="3 Ropewalk, Port Sennet"),
        database=DatabaseSettings(url="sqlite:///demo.db"),
        fetch=FetchSettings(host_pause_seconds=0.0, allow_networks=("127.0.0.0/8",)),
        mail=MailSettings(transport=transport, sender="news@tarrowdigest.example", connections=1),
        keys=KeySettings(current="demo", ring={"demo": KEY}),
        editions={
            "morning": EditionSettings(title="Morning Update", language="en-GB", at=time(6), zone=zone),
            "evening": EditionSettings(
                title="Evening Update", language="en-GB", greeting="evening", at=time(17), zone=zone, follows="morning"
            ),
        },
        sources=listed,
    )


def _edition_lines(done: DemoEdition) -> Iterator[str]:
    yield f"{done.edition.title}, {done.edition.key.date:%A %d %B %Y}"
    entries = sum(source.entries for source in done.gathered.sources)
    yield f"  fetched {len(done.gathered.sources)} sources, {entries} entries, {done.gathered.articles} new articles"
    for left in done.gathered.pages:
        yield f"    {left.source}: {left.title}: {left.problem} -> {left.outcome}"
    for item in done.edition.items:
        yield f"  {item.place.value:<7} {item.headline}"
        yield f"          {', '.join(item.publishers) or item.source_name}"
    if done.edition.still_covered:
        yield f"  still covered, nothing new: {'; '.join(done.edition.still_covered)}"
    got = ", ".join(path.name for path in done.letters)
    yield f"  {len(done.letters)} letters: {got}"
    yield ""
