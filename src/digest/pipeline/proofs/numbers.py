"""How many readers joined, left and got a letter, by day and edition: only sums, which identify nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from digest.model.delivery import DeliveryState
from digest.model.life import FROZEN
from digest.model.voice import NO, POLL, USEFUL, YES, VoteCounts
from digest.pipeline.runtime import Runtime
from digest.storage.day_counts import BOUNCED, COMPLAINED, JOINED, LEFT
from digest.storage.deliveries import Deliveries

CONFIRMED = "confirmed"
"""Key in ``joined`` for readers who signed up and confirmed by mail."""


@dataclass(slots=True, kw_only=True)
class Figures:
    """The numbers of one edition and one day (UTC; letters: the edition's own date)."""

    day: date
    edition: str
    letters: int = 0
    """Letters that mail servers accepted."""
    joined: dict[str, int] = field(default_factory=dict)
    """Way of joining -> number of new subscriptions: confirmed, operator (added or imported), preferences."""
    left: dict[str, int] = field(default_factory=dict)
    """Way or reason of leaving -> number of ended subscriptions: link, preferences, operator, erased, bounced, ..."""
    bounced: dict[str, int] = field(default_factory=dict)
    """hard or soft -> number of bounces."""
    complained: int = 0
    useful: int = 0
    not_useful: int = 0
    """Number of readers who answered that the letter was not useful; ``useful`` counts those who said it was."""
    poll: dict[str, int] = field(default_factory=dict)
    """Number of the poll's answer -> how many readers gave it."""

    @property
    def confirmed(self) -> int:
        """Number of readers who signed up and confirmed."""
        return self.joined.get(CONFIRMED, 0)

    def plain(self) -> dict[str, object]:
        """Return the numbers as values for JSON."""
        return {
            "day": self.day.isoformat(),
            "edition": self.edition,
            "letters": self.letters,
            "joined": sum(self.joined.values()),
            "confirmed": self.confirmed,
            "left": sum(self.left.values()),
            "bounced": sum(self.bounced.values()),
            "complained": self.complained,
            "useful": self.useful,
            "not_useful": self.not_useful,
            "poll": self.poll,
            "joined_by": self.joined,
            "left_by": self.left,
        }


def figures(runtime: Runtime, days: int, edition: str | None = None) -> tuple[Figures, ...]:
    """Return the numbers of the last days, including today: the newest day first, editions by name."""
    today = runtime.clock().astimezone(UTC).date()
    start = datetime.combine(today - timedelta(days=days - 1), time(), UTC)
    found: dict[tuple[date, str], Figures] = {}
    for day, name, what, way, number in runtime.stores.day_counts.since(start):
        _add(_of(found, day, name), what, way, number)
    rows = [row for row in runtime.stores.editions.latest(days * 24, FROZEN) if row.key.date >= start.date()]
    votes = runtime.stores.votes.counts([row.id for row in rows])
    for row in rows:
        counts = Deliveries(runtime.stores.database, row.id).counts()
        each = _of(found, row.key.date, row.key.name)
        each.letters += counts.of(DeliveryState.ACCEPTED)
        if row.id in votes:
            _add_votes(each, votes[row.id])
    wanted = (each for each in found.values() if edition is None or each.edition == edition)
    return tuple(sorted(wanted, key=lambda each: (-each.day.toordinal(), each.edition)))


def totals(found: Iterable[Figures]) -> Mapping[str, int]:
    """Return the sums over all days and editions."""
    rows = [each.plain() for each in found]
    names = ("letters", "joined", "confirmed", "left", "bounced", "complained", "useful", "not_useful")
    return {name: sum(number for row in rows if isinstance(number := row[name], int)) for name in names}


def _add_votes(figures: Figures, votes: VoteCounts) -> None:
    figures.useful += votes.of(USEFUL, YES)
    figures.not_useful += votes.of(USEFUL, NO)
    for answer, number in votes.by_question.get(POLL, {}).items():
        figures.poll[answer] = figures.poll.get(answer, 0) + number


def _of(found: dict[tuple[date, str], Figures], day: date, name: str) -> Figures:
    return found.setdefault((day, name), Figures(day=day, edition=name))


def _add(figures: Figures, what: str, way: str, number: int) -> None:
    if what == COMPLAINED:
        figures.complained += number
        return
    by_way = {JOINED: figures.joined, LEFT: figures.left, BOUNCED: figures.bounced}[what]
    by_way[way] = by_way.get(way, 0) + number
