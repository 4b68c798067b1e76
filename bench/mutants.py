"""Mutants: does a test fail when a rule is changed a little? Draws changes evenly over the rooms that decide.

    python bench/mutants.py --sample 300 --seed 1 [--room route --room pace] [--jobs 2] [--json FILE]
    python bench/mutants.py --at src/digest/deliver/pacing/rate_limits.py:142   every change of a line

Each change (``bench/mutations.py`` lists the kinds) is made in a copy of the checkout, and only the tests that run the
changed line are run on it, those of its own room first and the fast ones before the others, until one fails. A change
in a function is made in a fork of a process that has collected them already (``bench/warm_tests.py``). Which tests run
which line is measured with coverage.py, since names do not tell: half of what kills a mutant of
``deliver_edition.py`` is in tests of other rooms. The map is kept in ``.mutants/map/``, a file for each test file, by
that file's content and the modules of ``ROOMS``: it takes some minutes once, and then a moment. Where a module has
changed since, its lines are found by what they say; delete the folder to measure anew. Tests that are marked slow in
their own file take no part.

A change survives when all those tests pass, and when no test runs its line. A run that crashes counts as killed, and so
does one that takes longer than ``PATIENCE`` times what the same tests computed before, and 30 seconds, or has a test
that takes so much longer than before, and 10 seconds. ``EQUIVALENT`` names changes that no test can see, each with its
reason; they are not drawn.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from bench.forks import (  # noqa: E402 - found through ROOT
    CRASHED,
    STALE,
    Outcome,
    Run,
    Tree,
    all_of,
    load_libraries,
    trees,
)
from bench.mutations import Mutant, applied, changed_function, mutants  # noqa: E402 - found through ROOT
from bench.warm_tests import warm  # noqa: E402 - found through ROOT

ROOMS: dict[str, tuple[str, ...]] = {
    "acts": ("edition.acts", "edition.history", "edition.parts", "edition.printed"),
    "assessment": (
        "summarise.assessment",
        "summarise.fitness",
        "summarise.reservations",
        "summarise.unclear",
        "summarise.unnamed",
    ),
    "bounces": ("readers.bounces", "storage.bounces"),
    "bullets": ("summarise.bullets", "summarise.essentials"),
    "calendar": ("edition.calendar",),
    "clean": ("extract.clean",),
    "deliveries": (
        "storage.deliveries",
        "storage.edition_rows",
        "storage.refused",
        "storage.reader_zones",
        "storage.in_flight",
        "storage.attempts",
    ),
    "desk": ("edition.desk", "editions.mergeable", "editions.marks", "editions.places"),
    "dispatch": ("deliver.dispatch", "deliver.run_state", "run.lane", "run.grants", "run.open_attempts"),
    "dns": ("dns.spf", "dns.spf_tree", "dns.dmarc", "dns.domain"),
    "doors": ("web.routing",),
    "events": ("readers.events", "readers.event_posts", "readers.event_signatures"),
    "finds": ("finds.announcements", "finds.dates", "finds.figures", "finds.quoted", "finds.sureness"),
    "group": ("rank.group", "rank.agreement"),
    "guard": ("fetch.address_guard", "summarise.guard"),
    "headers": ("render.headers",),
    "identity": ("fetch.item_identity", "fetch.mending", "fetch.cookies"),
    "journal": ("deliver.journal",),
    "ledger": ("deliver.ledger", "deliver.ledger_batches"),
    "layout": ("edition.layout",),
    "lists": ("readers.roster", "readers.roster_editions", "readers.standing", "readers.standing_columns"),
    "memory": ("edition.memory",),
    "metadata": ("extract.metadata",),
    "notices": ("extract.notices", "extract.title_choice", "extract.figures", "extract.credits"),
    "pace": ("deliver.rate_limits", "deliver.held_places"),
    "politeness": ("fetch.politeness",),
    "post": ("sending.deliver_edition", "sending.letters", "pipeline.relays"),
    "references": ("summarise.references", "summarise.background", "summarise.glue", "summarise.joints"),
    "relays": ("pacing.relay_choice", "pacing.relay_health", "pacing.throttle"),
    "replies": ("deliver.replies", "deliver.refusal_wording"),
    "route": ("deliver.route", "deliver.way"),
    "score": ("rank.score", "rank.value", "rank.front"),
    "send": ("sending.send",),
    "shards": (
        "sending.shards",
        "sending.freezing",
        "sending.mornings",
        "sending.amending",
        "sending.correcting",
        "sending.settling",
    ),
    "story_finds": (
        "finds.story",
        "finds.story_name",
        "finds.study",
        "finds.agreed",
        "finds.dangling",
        "edition.finds",
    ),
    "tick": ("pipeline.tick",),
    "tokens": ("readers.tokens", "readers.zones", "readers.bound_browser"),
    "trim": ("summarise.trim",),
}
"""The rooms that decide: ``a.b`` is each module ``b`` somewhere below a package ``a`` of ``src/digest``."""
EQUIVALENT: tuple[tuple[str, str, str, str], ...] = (
    (
        "deliver/run/route.py",
        "self._taken = 0",
        "0 -> 1",
        "letters are numbered to be compared with each other alone",
    ),
    (
        "deliver/run/route.py",
        "self._taken += 1",
        "1 -> 2",
        "letters are numbered to be compared with each other alone",
    ),
    (
        "deliver/run/route.py",
        "_LINGER = 0.05",
        "0.05 -> 0.1",
        "it decides how often a lane looks again, not what it finds",
    ),
    (
        "deliver/run/dispatch.py",
        "_IDLE = 0.2",
        "0.2 -> 0.4",
        "it decides how often a run looks again, not what it finds",
    ),
    (
        "deliver/pacing/throttle.py",
        "return len(self._accepted) / WINDOW",
        "len(self._accepted) / WINDOW -> (len(self._accepted) * WINDOW)",
        "the window is one second",
    ),
    (
        "deliver/pacing/rate_limits.py",
        "break",
        "break -> continue",
        "the number stays below the limit for every later stretch",
    ),
    (
        "deliver/pacing/rate_limits.py",
        "seen = sorted(start for start in self._numbers if self._end(start) > moment)",
        "self._end(start) > moment -> self._end(start) >= moment",
        "a stretch that ends at the moment is taken off first, and leaves the moment as it is",
    ),
    (
        "edition/calendar.py",
        "coming = [each.due for name, edition in editions.items() for each in upcoming(name, edition, now, 1)]",
        "1 -> 2",
        "the earliest of them is taken, whatever comes later",
    ),
    (
        "edition/calendar.py",
        "found = due_between(name, settings, now - window, now + timedelta(microseconds=1))",
        "1 -> 2",
        "what is due later than now is not open, and left out by the next line",
    ),
    (
        "extract/metadata.py",
        "published_exactly: bool = False",
        "False -> True",
        "a page of which nothing was read has no publication that could be exact",
    ),
    (
        "fetch/politeness.py",
        'return min(timedelta(seconds=int(written.lstrip("0")[:9] or 0)), LONGEST_WAIT)',
        "9 -> 10",
        "nine digits are longer than the longest wait already",
    ),
    (
        "fetch/politeness.py",
        "doubled = min(FIRST_PAUSE * (1 << min(failures - 1, 10)), LONGEST_WAIT)",
        "10 -> 20",
        "half an hour doubled six times is longer than the longest wait already",
    ),
    (
        "pipeline/sending/tick.py",
        "level = logging.WARNING if error.advice is Advice.RETRY else logging.ERROR",
        "error.advice is Advice.RETRY -> error.advice is not Advice.RETRY",
        "it decides how loud the log is",
    ),
    (
        "pipeline/sending/tick.py",
        "coming = tuple(due for due in upcoming(name, settings, now, 1) if due.compose_at <= now)",
        "1 -> 2",
        "no edition is composed more than ten hours ahead, and the one after it is a day later",
    ),
    (
        "pipeline/sending/tick.py",
        "def _tell(self, row: StoredEdition, posted: Posted | None, *, resumed: bool = False) -> timedelta:",
        "False -> True",
        "it is only logged",
    ),
    (
        "pipeline/sending/tick.py",
        "if since is None or now < since:  # first call, or the clock was set back",
        "now < since -> now <= since",
        "the store knows the same moment",
    ),
    (
        "pipeline/sending/tick.py",
        "return self._tell(row, posted, resumed=True)",
        "True -> False",
        "it is only logged",
    ),
    (
        "storage/deliveries.py",
        "unwanted = [[row.reader_id, S.SUPPRESSED.value, 0, row.objection] for row in due if row.objection]",
        "0 -> 1",
        "the statement that leaves letters out does not read the number of attempts",
    ),
    (
        "summarise/trim.py",
        "if (first, last) != (0, len(sentence)) and not _is_whole(sentence[first:last], LEAST_WORDS):",
        "0 -> 1",
        "a sentence of which nothing goes stays as it is either way",
    ),
    (
        "summarise/trim.py",
        "break",
        "break -> continue",
        "nothing was cut since the last look, so another look finds the same",
    ),
    (
        "summarise/bullets.py",
        "best = [max((each.value for each in pool), default=0.0) for pool in pools]",
        "0.0 -> 1.0",
        "of an article without candidates nothing is told, whatever it is worth",
    ),
    (
        "summarise/bullets.py",
        "return not candidate.sentence.refers_back or any(distance > 0 for distance in before)",
        "distance > 0 -> distance >= 0",
        "a sentence is not among those that were chosen before it",
    ),
    (
        "extract/title_choice.py",
        "if len(set(every)) <= 1:",
        "len(set(every)) <= 1 -> len(set(every)) < 1",
        "a single title is chosen either way: the text need not be read for it",
    ),
    (
        "extract/metadata.py",
        "news: bool = False",
        "False -> True",
        "a page of which nothing was read is not weighed line by line",
    ),
    (
        "rank/agreement.py",
        "UNNAMED = 0.5",
        "0.5 -> 1.0",
        "any share from ENOUGH_NAMES on costs nothing",
    ),
    (
        "summarise/unclear.py",
        "while at >= 0:",
        "at >= 0 -> at > 0",
        "no text of an article begins with a space",
    ),
    (
        "summarise/unclear.py",
        "while at >= 0:",
        "0 -> 1",
        "no text of an article begins with a space",
    ),
    (
        "summarise/finds/dates.py",
        "return not timedelta(days=0) < day - read <= _FARTHEST_WEEKDAY",
        "timedelta(days=0) < day - read <= _FARTHEST_WEEKDAY -> timedelta(days=0) <= day - read <= _FARTHEST_WEEKDAY",
        "a weekday that is the day of reading is that day either way",
    ),
    (
        "summarise/unclear.py",
        "found = compiled(_FULL_NAME).search(text, max(0, at - _NAME_REACH), at + 1)",
        "max(0, at - _NAME_REACH) -> min(0, at - _NAME_REACH)",
        "the pattern is tied to its end: where the search begins only saves time",
    ),
    (
        "summarise/unclear.py",
        "if found and _is_name(found.group(), text) and not text[at + 1 + len(name) : at + 2 + len(name)].isalnum():",
        "at + 1 -> (at - 1)",
        "the last letters of a name are letters",
    ),
    (
        "summarise/unclear.py",
        "_NAME_REACH = 24",
        "24 -> 48",
        "no first name is that long",
    ),
    (
        "summarise/unclear.py",
        'at = text.find(f" {name}", at + 1)',
        "1 -> 2",
        "a name has more than one letter",
    ),
    (
        "summarise/bullets.py",
        "elif like > likest[i]:",
        "like > likest[i] -> like >= likest[i]",
        "the same number is put in its own place",
    ),
)
"""(end of the file's name, the line, the change, why nobody can see it)."""
PATIENCE = 20.0
ENOUGH = 60.0
"""Seconds of tests for one mutant, as they took unchanged; the slowest are left out beyond it."""
AT_ONCE = 6
"""Test files measured by one process: starting one takes as long as many tests."""

Lines = dict[str, dict[int, list[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the tests.

    Attributes:
        lines: For each module, for each line, the tests that run it; "" is what runs while it is imported.
        seconds: What each test takes.
    """

    lines: Lines = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a mutant; ``by`` is the test that failed, "time" or "the import", and "" for a survivor."""

    room: str
    mutant: Mutant
    tests: int
    by: str = ""


def modules(patterns: Sequence[str], root: Path = ROOT) -> tuple[str, ...]:
    """Return the files of the modules that these patterns name."""
    found = []
    for file, parts in _all_modules(root):
        for package, _dot, name in (pattern.rpartition(".") for pattern in patterns):
            if parts[-1] == name and (not package or package in parts[:-1]):
                found.append(file)
    return tuple(found)


@cache
def _all_modules(root: Path) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the file and the dotted name of each module, in order."""
    files = sorted((root / "src" / "digest").rglob("*.py"))
    return tuple(
        (file.relative_to(root).as_posix(), file.relative_to(root / "src").with_suffix("").parts) for file in files
    )


def drawn(rooms: dict[str, Sequence[Mutant]], count: int, seed: int) -> list[tuple[str, Mutant]]:
    """Draw so many mutants, as many of each room, while it has any."""
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    left = {room: chance.sample(list(made), len(made)) for room, made in rooms.items()}
    taken: list[tuple[str, Mutant]] = []
    while len(taken) < count and any(left.values()):
        for room in chance.sample(sorted(left), len(left)):
            if left[room] and len(taken) < count:
                taken.append((room, left[room].pop()))
    return taken


def is_equivalent(mutant: Mutant) -> bool:
    """Tell whether no test can see this change."""
    line = mutant.source.splitlines()[mutant.line - 1].strip()
    change = f"{mutant.before} -> {mutant.after}"
    return any(mutant.path.endswith(path) and [line, change] == known for path, *known, _reason in EQUIVALENT)


def matching(known: Known, mutant: Mutant, last_line: int) -> list[str]:
    """Return the tests that run a mutant, the fastest first; those of the whole module for what its import runs."""
    lines = known.lines.get(mutant.path, {})
    tests = {test for line in range(mutant.line, last_line + 1) for test in lines.get(line, ())}
    if tests <= {""} or "" in tests:
        tests = {test for ran in lines.values() for test in ran}
    return sorted(tests - {""}, key=lambda test: (known.seconds.get(test, 0.0), test))


def stages(tests: Sequence[str], seconds: dict[str, float], path: str, enough: float = ENOUGH) -> list[Run]:
    """Return the runs over a mutant's tests, the fastest of them: first the files of its own room, then all others."""
    room, name = Path(path).parts[2], Path(path).stem
    chosen, spent, known = [], 0.0, set(tests)
    for test in tests:
        if "[postgresql" in test and test.replace("[postgresql", "[sqlite") in known:
            continue  # the same on a database that is there at once
        spent += seconds.get(test, 0.0)
        if spent > enough and chosen:
            break
        chosen.append(test)
    near = [t for t in chosen if (f"/{room}/" in t or f"test_{name}" in t) and "[postgresql" not in t]
    far = [test for test in chosen if test not in set(near)]
    return [_run(part, seconds) for part in (near, far) if part]


def _run(tests: Sequence[str], seconds: dict[str, float]) -> Run:
    files = tuple(dict.fromkeys(test.partition("::")[0] for test in tests))
    limit = 30 + PATIENCE * sum(seconds.get(test, 0.0) for test in tests)
    return Run(files=files, chosen=tuple(tests), limit=limit)


def digest_of(root: Path, file: Path, covered: Sequence[str]) -> str:
    """Return a name for a file below ``root`` with its contents, and the modules whose lines it was measured on."""
    words = (file.relative_to(root).as_posix(), *covered)
    return hashlib.sha256("\0".join(words).encode() + b"\0\0" + file.read_bytes()).hexdigest()


def known_tests(
    root: Path, copies: Sequence[Tree], covered: tuple[str, ...], below: Sequence[str] = ("tests/",)
) -> Known:
    """Return which tests of these folders run which line, measured for each test file that is new or has changed."""
    shelf = root / ".mutants" / "map"
    shelf.mkdir(parents=True, exist_ok=True)
    files = sorted((root / "tests").rglob("test_*.py"))
    every = {f.relative_to(root).as_posix(): shelf / f"{digest_of(root, f, covered)}.json" for f in files}
    kept = {name: file for name, file in every.items() if name.startswith(tuple(below))}
    missing = sorted((name for name, file in kept.items() if not file.exists()), key=_by_room)
    if missing:
        print(f"measuring which lines {len(missing)} test files run", file=sys.stderr)
    groups = [tuple(missing[n : n + AT_ONCE]) for n in range(0, len(missing), AT_ONCE)]
    all_of(copies, iter([_measuring(group, covered, kept) for group in groups]))
    for file in set(shelf.glob("*.json")) - set(every.values()):
        file.unlink()
    return _read(root, [file for file in kept.values() if file.exists()])


def _by_room(name: str) -> tuple[bool, str]:
    """Put the files that test one room first: what is stopped early is of use."""
    return name.startswith(("tests/cli/", "tests/contracts/", "tests/journeys/", "tests/web/")), name


def _measuring(
    group: tuple[str, ...], covered: tuple[str, ...], kept: dict[str, Path]
) -> Callable[[Tree], Iterator[Run]]:
    def job(tree: Tree) -> Iterator[Run]:
        outcome = yield Run(files=group, covered=covered, limit=3600)
        if outcome is None or outcome.code is None or outcome.code == CRASHED:
            print(f"not measured: {', '.join(group)}", file=sys.stderr)
            return
        sources = {module: _kept_source(kept, tree.folder / module) for module in covered}
        for name in group:
            kept[name].write_text(json.dumps(_part(outcome, name) | {"sources": sources}), encoding="utf-8")

    return job


def _kept_source(kept: dict[str, Path], module: Path) -> str:
    """Keep a module as it was when it was measured; return the name of the copy."""
    shelf, source = next(iter(kept.values())).parent, module.read_bytes()
    name = f"{hashlib.sha256(source).hexdigest()}.py"
    if not (shelf / name).exists():
        (shelf / name).write_bytes(source)
    return name


def _part(outcome: Outcome, name: str) -> dict[str, object]:
    """Return what a run tells of the tests of one file."""
    passed = {test: seconds for test, (well, seconds) in outcome.tests.items() if well and test.startswith(f"{name}::")}
    for test, (well, _seconds) in outcome.tests.items():
        if not well and test.startswith(f"{name}::"):
            print(f"fails or skips unchanged, takes no part: {test}", file=sys.stderr)
    place = {test: number for number, test in enumerate(passed)} | {"": -1}
    lines = {
        module: {line: held for line, ran in found.items() if (held := [place[t] for t in ran if t in place])}
        for module, found in outcome.lines.items()
    }
    return {"seconds": passed, "lines": lines}


def _read(root: Path, files: Sequence[Path]) -> Known:
    lines: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    seconds: dict[str, float] = {}
    for file in files:
        said = json.loads(file.read_bytes())
        seconds |= said["seconds"]
        tests = [*said["seconds"], ""]  # -1 is the last
        for module, found in said["lines"].items():
            places = moved(file.parent / said["sources"][module], root / module)
            for line, ran in found.items():
                for now in places.get(int(line), ()):
                    lines[module][now].update(tests[place] for place in ran)
    settled = {module: {line: sorted(ran) for line, ran in found.items()} for module, found in lines.items()}
    return Known(lines=settled, seconds=seconds)


@cache
def moved(old: Path, new: Path) -> dict[int, range]:
    """Return where the lines of a module as it was measured stand now; a new line is run by who ran the one before."""
    if not new.exists():
        return {}
    before, after = (file.read_text(encoding="utf-8").splitlines() for file in (old, new))
    places: dict[int, range] = {}
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "insert":
            places[i1] = range(places[i1].start if i1 in places else i1, j2 + 1)
        for line in range(i1, i2):
            places[line + 1] = (
                range(j1 + line - i1 + 1, j1 + line - i1 + 2) if tag == "equal" else range(j1 + 1, j2 + 1)
            )
    return places


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is to be run on a mutant.

    Attributes:
        tests: How many tests run the changed line.
        quick: The run in a process that has collected everything; None for a change of what an import runs.
        runs: The runs that import the changed module anew.
    """

    room: str
    mutant: Mutant
    tests: int
    quick: Run | None
    runs: tuple[Run, ...]


def planned(room: str, mutant: Mutant, known: Known, enough: float = ENOUGH) -> Trial:
    """Return what to run on a mutant: the tests of its lines, those of its own room first."""
    last = mutant.source.encode()[: mutant.end].count(b"\n") + 1
    tests = matching(known, mutant, last)
    runs = tuple(stages(tests, known.seconds, mutant.path, enough))
    lines = known.lines.get(mutant.path, {})
    imported = any("" in lines.get(line, ()) for line in range(mutant.line, last + 1))
    function = None if imported else changed_function(mutant)
    quick = None
    if runs and function:
        chosen = [test for run in runs for test in run.chosen]
        limits = tuple(10 + PATIENCE * known.seconds.get(test, 0.0) for test in chosen)
        quick = replace(_run(chosen, known.seconds), change=(mutant.path, function), limits=limits)
    return Trial(room=room, mutant=mutant, tests=len(tests), quick=quick, runs=runs)


def judging(trial: Trial, verdicts: list[Verdict]) -> Callable[[Tree], Iterator[Run]]:
    """Return the job that runs a mutant's tests on it, and keeps what became of it."""
    mutant = trial.mutant

    def job(tree: Tree) -> Iterator[Run]:
        by = ""
        with tree.changed(mutant.path, applied(mutant)):
            outcome = (yield trial.quick) if trial.quick else None
            if outcome is not None and outcome.code != STALE:
                by = killed_by(outcome)
            else:
                for run in trial.runs:
                    if by := killed_by((yield run)):
                        break
        verdicts.append(Verdict(room=trial.room, mutant=mutant, tests=trial.tests, by=by))
        print(f"{len(verdicts)}: {by or 'SURVIVES'}: {mutant}", file=sys.stderr, flush=True)

    return job


def killed_by(outcome: Outcome | None) -> str:
    """Return what killed a mutant in a run, "" when it lives."""
    if outcome is None or outcome.code == 0:
        return ""
    if outcome.code in {None, CRASHED}:
        return "time"
    return outcome.failed or "the import"


def report(verdicts: Sequence[Verdict], seconds: float) -> str:
    """Return the rates by room and in all, and each survivor."""
    rows = []
    for room in sorted({verdict.room for verdict in verdicts}):
        fates = [bool(verdict.by) for verdict in verdicts if verdict.room == room]
        rows.append(f"{room:12} {sum(fates):4} of {len(fates):4} killed  {100 * sum(fates) / len(fates):5.1f} %")
    killed = sum(bool(verdict.by) for verdict in verdicts)
    rows.append(f"{'all':12} {killed:4} of {len(verdicts):4} killed  {100 * killed / max(1, len(verdicts)):5.1f} %")
    rows.append(f"{sum(v.by == 'time' for v in verdicts)} by time; {seconds / 60:.1f} minutes")
    alive = sorted((v for v in verdicts if not v.by), key=lambda verdict: (verdict.mutant.path, verdict.mutant.start))
    rows += [f"survives {verdict.tests} tests: {verdict.mutant}" for verdict in alive]
    return "\n".join(rows)


def chosen(options: argparse.Namespace) -> list[tuple[str, Mutant]]:
    """Return the mutants that were asked for, with their rooms."""
    made: dict[str, list[Mutant]] = {}
    for room in options.room or ROOMS:
        paths = modules(ROOMS[room], options.root)
        found = [each for path in paths for each in mutants((options.root / path).read_text(encoding="utf-8"), path)]
        made[room] = [mutant for mutant in found if not is_equivalent(mutant)]
    if options.at:
        places = set(options.at)
        return [(room, m) for room, found in made.items() for m in found if {m.path, f"{m.path}:{m.line}"} & places]
    return drawn(made, options.sample, options.seed)


def main() -> int:
    """Draw, run, print; 1 when fewer are killed than ``--floor`` asks."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sample", type=int, default=300, help="how many mutants")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--room", action="append", choices=sorted(ROOMS), help="only these rooms")
    parser.add_argument("--at", action="append", help="all mutants of FILE or FILE:LINE instead of a sample")
    parser.add_argument("--tests", action="append", help="only the tests of files that begin so: tests/deliver/")
    parser.add_argument("--jobs", type=int, default=2, help="how many at once")
    parser.add_argument("--enough", type=float, default=ENOUGH, help="seconds of tests for one mutant, fastest first")
    parser.add_argument("--floor", type=float, default=0.0, help="per cent to be killed")
    parser.add_argument("--no-postgresql", action="store_true", help="leave out what needs a server")
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout")
    parser.add_argument("--json", type=Path, help="write the verdicts there")
    options = parser.parse_args()
    begun = time.monotonic()
    verdicts: list[Verdict] = []
    load_libraries()
    covered = modules([pattern for patterns in ROOMS.values() for pattern in patterns], options.root)
    with trees(options.root, options.jobs, servers=not options.no_postgresql) as copies:
        known = known_tests(options.root, copies, covered, options.tests or ("tests/",))
        measured = time.monotonic() - begun
        print(f"{len(known.seconds)} tests known after {measured:.0f} s", file=sys.stderr)
        trials = [planned(room, each, known, options.enough) for room, each in chosen(options)]
        files = sorted({file for trial in trials if trial.quick for file in trial.quick.files})
        with warm(copies, tuple(files)):
            all_of(copies, (judging(trial, verdicts) for trial in trials))
    print(f"\n{report(verdicts, time.monotonic() - begun)}")
    if options.json:
        said = [{**asdict(v), "mutant": {k: x for k, x in asdict(v.mutant).items() if k != "source"}} for v in verdicts]
        options.json.write_text(json.dumps(said, indent=1), encoding="utf-8")
    killed = sum(bool(verdict.by) for verdict in verdicts)
    return int(100 * killed < options.floor * len(verdicts))


if __name__ == "__main__":
    sys.exit(main())
