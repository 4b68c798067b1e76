"""Pages that were built to hurt, through a worker: each ends in time and memory, and the page after it is read."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from bench.fuzz_pages import OWN, broken, outcome
from bench.hostile_pages import HOSTILE, MOST_MB, TEXT, Hostile, page, read

from digest.extract.workers import Workers
from digest.model.article import Article, ArticleKind
from digest.settings import ExtractSettings

PATIENCE_SECONDS = 2.0


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(ExtractSettings(workers=1, page_seconds=PATIENCE_SECONDS)) as pool:
        read(pool, "warming up", Hostile(page(TEXT).encode))
        yield pool


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_ends_in_time_and_memory_and_the_run_goes_on(workers: Workers, name: str) -> None:
    reading = read(workers, name, HOSTILE[name])
    assert reading.problem == ""
    assert reading.seconds < 10
    assert reading.memory_mb < MOST_MB


@pytest.mark.slow
def test_a_page_that_never_ends_is_given_up_soon_after_its_time(workers: Workers) -> None:
    reading = read(workers, "endless", HOSTILE["100,000 attributes behind a quoted <"])
    assert not isinstance(reading.result, Article)
    assert reading.result.reason == "not read in 2 s"


@pytest.mark.slow
def test_broken_pages_are_read_or_unreadable_and_nothing_else() -> None:
    chances = (random.Random(f"test/{number}") for number in range(150))  # noqa: S311 - broken alike each time
    outcomes = [outcome(broken(chance, list(OWN)), number) for number, chance in enumerate(chances)]
    assert set(outcomes) <= {"unreadable", *(kind.value for kind in ArticleKind)}
    assert outcomes.count("article") > 50
