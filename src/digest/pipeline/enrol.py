"""Readers come in: by one address, or by a file of many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from digest.pipeline.progress import Progress
from digest.pipeline.stores import Stores
from digest.readers.address import parse_address
from digest.readers.roster import BadLine, RosterLine, read_roster
from digest.storage.readers import Added, NewReader

BATCH = 1000
"""Lines a transaction: an interrupted import keeps what it stored, and may be run again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolReport:
    """What came of an import: how many lines of each outcome, and (line, problem) of the bad ones."""

    counts: dict[str, int]
    problems: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What one reader is to get."""

    address: str
    editions: tuple[str, ...]
    name: str = ""
    language: str = ""


def subscribe(stores: Stores, now: datetime, wish: Subscription) -> Added:
    """Subscribe one reader on the operator's word; raise BadAddress when it is none."""
    parsed = parse_address(wish.address)
    new = NewReader(
        address=parsed.given,
        identity=parsed.identity,
        name=wish.name,
        language=wish.language,
        editions=wish.editions,
        consent={"by": "operator", "how": "digest readers add", "at": now.isoformat()},
    )
    return stores.readers.add([new], now)[0]


def enrol(
    stores: Stores,
    now: datetime,
    lines: Iterable[str],
    known: tuple[str, ...],
    *,
    dry_run: bool,
    progress: Progress,
) -> EnrolReport:
    """Subscribe the readers of a CSV file, a batch a transaction; with ``dry_run`` read it only."""
    counts: Counter[str] = Counter()
    problems: list[tuple[int, str]] = []
    for batch in _batches(read_roster(lines, known, known)):
        problems += [(line.number, line.problem) for line in batch if isinstance(line, BadLine)]
        good = [_new(line, now) for line in batch if isinstance(line, RosterLine)]
        outcomes = [Added.NEW] * len(good) if dry_run else stores.readers.add(good, now)
        counts.update("readable" if dry_run else outcome.value for outcome in outcomes)
        progress(sum(counts.values()), 0, f"{len(problems)} problems")
    return EnrolReport(counts=dict(counts), problems=tuple(problems))


def _batches(lines: Iterator[RosterLine | BadLine]) -> Iterator[list[RosterLine | BadLine]]:
    while batch := list(islice(lines, BATCH)):
        yield batch


def _new(line: RosterLine, now: datetime) -> NewReader:
    return NewReader(
        address=line.address.given,
        identity=line.address.identity,
        name=line.name,
        language=line.language,
        editions=line.editions,
        consent={"by": "operator", "how": f"digest readers import, line {line.number}", "at": now.isoformat()},
    )
