"""The scorers judge what the corridor runs: the adapters call the very functions that it calls."""

from __future__ import annotations

import inspect

import pytest

import digest.edition.memory
import digest.extract.workers
import digest.fetch.feeds
import digest.fetch.listings
import digest.pipeline.editions.inputs
import digest.pipeline.readers.bounce_handling

adapters = pytest.importorskip("bench.adapters", reason="the benches run from the checkout")


@pytest.mark.parametrize(
    ("adapter", "name", "corridor"),
    [
        ("extract_page", "extract", digest.extract.workers),
        ("told_in_order", "bullets_of", digest.pipeline.editions.inputs),
        ("group_stories", "group", digest.pipeline.editions.inputs),
        ("rank_stories", "rank", digest.pipeline.editions.inputs),
        ("rank_day", "rank", digest.pipeline.editions.inputs),
    ],
)
def test_an_adapter_calls_what_the_corridor_calls(adapter: str, name: str, corridor: object) -> None:
    assert getattr(adapters, name) is getattr(corridor, name)
    called = inspect.getsource(getattr(adapters, adapter)) + inspect.getsource(adapters)
    assert f"{name}(" in called


def test_feeds_are_scored_by_the_function_that_the_fetcher_calls() -> None:
    assert adapters.parse_feed is vars(digest.fetch.listings)["parse_feed"]


def test_the_threshold_of_memory_is_the_shipped_one() -> None:
    assert adapters.TOLD_THRESHOLD is digest.edition.memory.TOLD_THRESHOLD


def test_a_bounce_is_scored_by_the_function_that_aftercare_calls() -> None:
    assert adapters.judge_returned is vars(digest.pipeline.readers.bounce_handling)["read_bounce"]
    assert "judge_returned(raw)" in inspect.getsource(adapters.read_bounce)
