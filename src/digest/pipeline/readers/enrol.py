"""The operator adds readers: one address, or a file of many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import islice

from digest.errors import ItemSetAside, ReaderKeptAway
from digest.model.quarantine import ItemKind, is_items_fault
from digest.pipeline.progress import Progress
from digest.pipeline.quarantine import Watch, watching
from digest.pipeline.runtime import Runtime
from digest.pipeline.stores import Stores
from digest.readers.address import parse_address
from digest.readers.exports import Status
from digest.readers.preferences import checked_editions
from digest.readers.roster import SET_ASIDE, BadLine, Line, NoSuchEdition, RosterLine, read_roster
from digest.readers.roster_editions import EditionChoice
from digest.readers.standing import shadows
from digest.readers.unknown_words import UnknownWord, unknown_words
from digest.readers.zones import checked_zone
from digest.storage.readers import Added, NewReader, StoredReader

BATCH = 5000
"""Number of lines in one transaction. An interrupted import keeps the stored lines, and can be repeated."""
MOST_PROBLEMS = 1000
"""Most bad lines that a report lists; a million of them would fill the memory."""
UNREADABLE = "lines that cannot be understood"
WAITING = "not yet: more than --most"
NO_SUCH_EDITION = "lines that name an edition which does not exist"
NO_ZONE = "of them without their time zone, whose name is not known"
FAILED = "set aside (digest quarantine list)"
GETS = frozenset({Added.NEW, Added.CHANGED, Added.KNOWN})
"""Outcomes of a line whose reader gets the editions of the line."""
UNCONFIRMED = "never confirmed there: not subscribed"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolReport:
    """The result of an import: number of lines by outcome, and (line, problem) of the first bad ones."""

    counts: dict[str, int]
    problems: tuple[tuple[int, str], ...]
    editions: Mapping[str, int] = field(default_factory=dict)
    """Edition -> number of readers in the file who get it from now on."""
    no_such: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Editions that do not exist -> (number of lines that name each, the first such line)."""
    unknown: tuple[UnknownWord, ...] = ()
    """Unknown values in the status column. If there is one, nothing was imported."""

    @property
    def left_out(self) -> int:
        """Number of lines that are unreadable, name an edition that does not exist, were set aside, or lack a zone."""
        return sum(self.counts.get(words, 0) for words in (UNREADABLE, NO_SUCH_EDITION, NO_ZONE, FAILED))

    @property
    def told_of(self) -> int:
        """Number of these lines for which the report has a text, in ``problems`` or ``no_such``."""
        return len(self.problems) + sum(lines for lines, _ in self.no_such.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """The address and editions of one reader to add."""

    address: str
    editions: tuple[str, ...]
    name: str = ""
    language: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentProof:
    """How another program proves that a person agreed to get letters."""

    source: str
    """Where they agreed, such as a page or a form."""
    given_at: datetime
    wording: str
    """The text that they agreed to."""


def subscribe_by_proof(
    runtime: Runtime, wish: Subscription, proof: ConsentProof, by: str
) -> tuple[Added, StoredReader]:
    """Subscribe one reader for the program named ``by``, which proves the reader's consent.

    Readers who left, bounced or were erased are not added, as in an import: only they can come back, by confirming.
    Raises BadAddress, NoEditionChosen and UnknownZone, and ReaderKeptAway when the address is not added.
    """
    parsed, now = parse_address(wish.address), runtime.clock()
    stated = {"source": proof.source, "wording": proof.wording, "confirmed_at": proof.given_at.isoformat()}
    new = NewReader(
        address=parsed.given,
        identity=parsed.identity,
        name=wish.name,
        language=wish.language,
        zone=checked_zone(wish.zone),
        editions=checked_editions(wish.editions, tuple(runtime.settings.editions)),
        consent={"by": "operator", "how": by, "at": now.isoformat(), **stated},
        shadows=shadows(runtime.settings.keys, parsed.identity),
    )
    outcome = runtime.stores.readers.add([new], now, announce=True)[0]
    stored = runtime.stores.readers.find(parsed.identity)
    if outcome is Added.REPEATED and stored is not None and stored.state == "active":  # twice at the same instant
        outcome = Added.KNOWN
    if outcome not in GETS or stored is None:
        raise ReaderKeptAway(f"the address is not subscribed: {outcome.value}; a sign-up asks them to confirm")
    return outcome, stored


def subscribe(stores: Stores, now: datetime, wish: Subscription) -> Added:
    """Subscribe one reader for the operator; raises BadAddress and UnknownZone."""
    parsed = parse_address(wish.address)
    new = NewReader(
        address=parsed.given,
        identity=parsed.identity,
        name=wish.name,
        language=wish.language,
        zone=checked_zone(wish.zone),
        editions=wish.editions,
        consent={"by": "operator", "how": "digest readers add", "at": now.isoformat()},
    )
    return stores.readers.add([new], now, announce=True)[0]


def enrol(  # noqa: PLR0913 - what an operator says of an import, each with a name of its own
    runtime: Runtime,
    lines: Iterable[str],
    choice: EditionChoice,
    *,
    dry_run: bool,
    progress: Progress,
    total_lines: int = 0,
    told: Mapping[str, Status] | None = None,
    most: int | None = None,
) -> EnrolReport:
    """Subscribe the readers of a CSV file, batch by batch; with ``dry_run`` only report what would happen.

    Readers who left or bounced, here or where the file comes from, are not subscribed. ``told`` gives the meaning of
    unknown status values. ``lines`` are iterated twice: all status values are read first, and nothing is stored if one
    is unknown. With ``most`` only so many readers are added, the first of the file; repeating the import later adds the
    next ones. Raises ReaderError when the file has no column of addresses, and EditionsNotNamed when neither the file
    nor the caller names editions.
    """
    with watching(runtime, "import") as watch:
        unknown = unknown_words(_seen(read_roster(lines, choice, watch.item, told), total_lines, progress))
        if unknown:
            return EnrolReport(counts={}, problems=(), unknown=unknown)
        enrolment = _Enrolment(runtime, watch, dry_run=dry_run, most=most)
        for batch in _batches(read_roster(lines, choice, watch.item, told)):
            enrolment.take(batch)
            progress(enrolment.lines, total_lines, f"{enrolment.counts[UNREADABLE]} problems")
    return EnrolReport(
        counts=dict(enrolment.counts),
        problems=tuple(sorted(enrolment.problems)),
        editions={name: enrolment.gets[name] for name in choice.known},
        no_such={name: (number, enrolment.first[name]) for name, number in enrolment.no_such.most_common()},
    )


class _Enrolment:
    """An import in progress."""

    def __init__(self, runtime: Runtime, watch: Watch, *, dry_run: bool, most: int | None) -> None:
        self._most = most
        self.counts: Counter[str] = Counter()
        self.problems: list[tuple[int, str]] = []
        self.gets: Counter[str] = Counter()
        self.no_such: Counter[str] = Counter()
        self.first: dict[str, int] = {}
        self.lines = 0
        self._runtime, self._watch, self._now, self._dry_run = runtime, watch, runtime.clock(), dry_run
        self._at = self._now.isoformat()
        self._shadows = runtime.stores.readers.knows_erased()
        self._seen: set[int] = set()

    def take(self, batch: list[Line]) -> None:
        """Store a batch of lines, or predict its result."""
        self.lines += len(batch)
        named = [line for line in batch if isinstance(line, RosterLine)]
        good = [line for line in named if line.status is not Status.UNCONFIRMED]
        self._refuse([line for line in batch if isinstance(line, BadLine)])
        self._count(UNCONFIRMED, len(named) - len(good))
        for line, outcome in self._outcomes(good if self._most is None else self._within(good, self._most)):
            self.counts[outcome.value] += 1
            if outcome in GETS:
                self.gets.update(line.editions)
            if outcome is Added.NEW and line.unknown_zone:
                self._count(NO_ZONE, 1)
                self._tell(line.number, f"no time zone is called {line.unknown_zone!r}: the reader has none")

    def _within(self, lines: Sequence[RosterLine], most: int) -> list[RosterLine]:
        """Return the lines without those that would add more than ``most`` new readers in the whole import."""
        left, kept = most - self.counts[Added.NEW.value], []
        foreseen = self._runtime.stores.readers.foresee([self._new(line) for line in lines], self._now)
        for line, outcome in zip(lines, foreseen, strict=True):
            is_new = outcome is Added.NEW
            if not is_new or left > 0:
                kept.append(line)
            left -= is_new
        self._count(WAITING, len(lines) - len(kept))
        return kept

    def _refuse(self, lines: Sequence[BadLine]) -> None:
        bad = [line for line in lines if not isinstance(line, NoSuchEdition)]
        for line in lines:
            if isinstance(line, NoSuchEdition):
                self.no_such[line.edition] += 1
                self.first.setdefault(line.edition, line.number)
        self._count(NO_SUCH_EDITION, len(lines) - len(bad))
        for line in bad:
            self._tell(line.number, line.problem)
        failed = sum(line.problem == SET_ASIDE for line in bad)
        self._count(UNREADABLE, len(bad) - failed)
        self._count(FAILED, failed)

    def _tell(self, number: int, problem: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append((number, problem))

    def _outcomes(self, good: Sequence[RosterLine]) -> list[tuple[RosterLine, Added]]:
        """Store the lines, and return each with its outcome.

        They are stored all at once, or one by one when one of them fails.
        """
        try:
            return list(zip(good, self._added(good), strict=True))
        except Exception as error:
            if not is_items_fault(error):
                raise
        made: list[tuple[RosterLine, Added]] = []
        for line in good:
            key = sha256(line.address.identity.encode("utf-8", "backslashreplace")).hexdigest()
            try:
                with self._watch.item(ItemKind.ROW, key, f"line {line.number}".encode()):
                    made += [(line, outcome) for outcome in self._added([line])]
            except ItemSetAside:
                self._refuse([BadLine(number=line.number, problem=SET_ASIDE)])
        return made

    def _added(self, lines: Sequence[RosterLine]) -> Iterable[Added]:
        new = [self._new(line) for line in lines]
        return self._foreseen(new) if self._dry_run else self._runtime.stores.readers.add(new, self._now)

    def _foreseen(self, good: list[NewReader]) -> Iterator[Added]:
        """Yield the outcome that each line would have. A hash of 8 bytes recognises readers of earlier batches."""
        outcomes = self._runtime.stores.readers.foresee(good, self._now)
        earlier = [hash(new.identity) in self._seen for new in good]
        self._seen.update(hash(new.identity) for new in good)
        for outcome, twice in zip(outcomes, earlier, strict=True):
            yield Added.REPEATED if twice and outcome in {Added.NEW, Added.KEPT_AWAY} else outcome

    def _count(self, words: str, number: int) -> None:
        if number:
            self.counts[words] += number

    def _new(self, line: RosterLine) -> NewReader:
        how = f"digest readers import, line {line.number}"
        consent = {"by": "operator", "how": how, "at": self._at, **line.consent}
        return NewReader(
            address=line.address.given,
            identity=line.address.identity,
            name=line.name,
            language=line.language,
            zone=line.zone,
            editions=line.editions,
            consent=consent,
            shadows=shadows(self._runtime.settings.keys, line.address.identity) if self._shadows else (),
            left=line.status is Status.LEFT,
            left_at=line.left_at,
            suppressed=line.status.value if line.status in {Status.BOUNCED, Status.COMPLAINED} else "",
        )


def _seen(lines: Iterator[Line], total_lines: int, progress: Progress) -> Iterator[Line]:
    for number, line in enumerate(lines, start=1):
        if number % BATCH == 0:
            progress(number, total_lines, "statuses")
        yield line


def _batches(lines: Iterator[Line]) -> Iterator[list[Line]]:
    while batch := list(islice(lines, BATCH)):
        yield batch
