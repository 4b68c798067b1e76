from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.errors import Unreadable
from digest.extract.workers import AHEAD, Job, Workers
from digest.model.article import Article, Page
from digest.model.ids import SourceId
from digest.model.source import FeedEntry
from digest.settings import ExtractSettings

pytestmark = pytest.mark.slow(because="processes that load all that reading pages needs")
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SENTENCE = "The harbour board met on Sunday and decided that the ferry will sail again in spring, paragraph {}. "
GOOD = (
    "<html><body><article>" + "".join(f"<p>{SENTENCE.format(n) * 2}</p>" for n in range(6)) + "</article></body></html>"
)
ENDLESS = "<html><body><p x='<' " + " ".join(f"a{n}" for n in range(60_000)) + ">x</p></body></html>"


def job(name: str, html: str = GOOD) -> Job:
    url = f"https://paper.example/{name}"
    entry = FeedEntry(source_id=SourceId(1), url=url, link=url, title="Ferry", seen_at=NOW)
    return Job(page=Page(url=url, html=html, fetched_at=NOW), entry=entry)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(ExtractSettings(workers=1, page_seconds=5, memory_mb=512)) as pool:
        yield pool


def test_results_come_in_the_order_of_the_jobs(workers: Workers) -> None:
    names = [f"n{n}" for n in range(8)]
    results = list(workers.extract_all(job(name) for name in names))
    assert [r.url.rpartition("/")[2] for r in results if isinstance(r, Article)] == names


def test_jobs_are_taken_only_as_they_are_needed(workers: Workers) -> None:
    taken = 0

    def source() -> Iterator[Job]:
        nonlocal taken
        for n in range(50):
            taken += 1
            yield job(f"n{n}")

    next(workers.extract_all(source()))
    assert taken <= AHEAD * workers.size + 1


def test_an_unreadable_page_is_given_with_its_reason_and_the_run_goes_on(workers: Workers) -> None:
    bad, good = workers.extract_all([job("empty", ""), job("good")])
    assert isinstance(bad, Unreadable)
    assert bad.url.endswith("/empty")
    assert isinstance(good, Article)


def test_a_page_that_takes_for_ever_is_given_up_and_the_run_goes_on(workers: Workers) -> None:
    started = time.monotonic()
    endless, good = workers.extract_all([job("endless", ENDLESS), job("good")])
    assert isinstance(endless, Unreadable)
    assert isinstance(good, Article)
    assert time.monotonic() - started < 30


def test_no_worker_outlives_a_run() -> None:
    with Workers(ExtractSettings(workers=1)) as pool:
        list(pool.extract_all([job("good")]))
        worker = Path(f"/proc/{pool._pool.schedule(os.getpid).result()}")
        assert worker.exists()
    deadline = time.monotonic() + 60
    while worker.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not worker.exists()
