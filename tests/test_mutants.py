"""The bench of mutants: which changes it makes, how it draws them, which tests it runs, and what it says."""

from __future__ import annotations

import ast
import importlib.util
import json
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

bench = pytest.importorskip("bench.mutants", reason="the benches run from the checkout")
mutations = pytest.importorskip("bench.mutations", reason="the benches run from the checkout")
forks = pytest.importorskip("bench.forks", reason="the benches run from the checkout")
warm_tests = pytest.importorskip("bench.warm_tests", reason="the benches run from the checkout")

ROOT = Path(__file__).resolve().parent.parent


def changes(source: str) -> set[str]:
    return {mutations.applied(mutant) for mutant in mutations.mutants(source, "m.py")}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a < b", {"a <= b"}),
        ("a >= b", {"a > b"}),
        ("a == b", {"a != b"}),
        ("a in b", {"a not in b"}),
        ("a is None", {"a is not None"}),
        ("a < b < c", {"a <= b < c", "a < b <= c"}),
        ("a and b", {"(a or b)"}),
        ("not a", {"(a)"}),
        ("a + b", {"(a - b)"}),
        ("a // b", {"(a * b)"}),
        ("'x' + b", set()),
        ("min(a, b)", {"max(a, b)"}),
        ("any(a)", {"all(a)"}),
        ("7", {"8"}),
        ("10", {"20"}),
        ("0.5", {"1.0"}),
        ("0.0", {"1.0"}),
        ("True", {"False"}),
        ("'text'", set()),
        ("b if a else c", {"b if (not a) else c"}),
        ("[b for b in a if c]", {"[b for b in a if (not c)]"}),
        ("f'{a + 1}'", set()),
        ("zip(a, b, strict=True)", set()),
        ("cast(1, a)", set()),
    ],
)
def test_an_expression_is_changed_in_these_ways(before: str, after: set[str]) -> None:
    assert changes(f"x = {before}\n") == {f"x = {each}\n" for each in after}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("do(a)", {"pass"}),
        ("log.info('done', n=1)", set()),
        ("if a < b: log.info('done')", set()),
        ("assert a < b", set()),
        ("n += a", {"n -= a"}),
        ("if a: b = c", {"if (not a): b = c"}),
        ("x: Literal[1] = y", set()),
        ("@dataclass(frozen=True)\nclass A: ...", set()),
        ("if TYPE_CHECKING:\n    n = 1", set()),
        ("Line = Spaced | Counted", set()),
        ("for a in b:\n    break", {"for a in b:\n    continue"}),
        ('def f():\n    "1 < 2"', set()),
        ("def f(*, n=1): ...", {"def f(*, n=2): ..."}),
    ],
)
def test_a_statement_is_changed_in_these_ways(before: str, after: set[str]) -> None:
    assert changes(f"{before}\n") == {f"{each}\n" for each in after}


def test_a_change_to_a_room_is_a_program_that_differs() -> None:
    (path,) = bench.modules(("deliver.replies",))
    source = (ROOT / path).read_text(encoding="utf-8")
    whole = ast.dump(ast.parse(source))
    for mutant in mutations.mutants(source, path):
        assert ast.dump(ast.parse(mutations.applied(mutant))) != whole, mutant


def test_a_change_behind_letters_of_several_bytes_is_at_its_place() -> None:
    assert changes("x = 'äöü€'; y = a < 'é'\n") == {"x = 'äöü€'; y = a <= 'é'\n"}


PLACES = """
LIMIT = 1


@cache
def asked(most=2):
    def inner():
        return 3
    return inner


class Held:
    most: int = 4

    @property
    def free(self):
        return 5

    async def wait(self, *, most=6):
        return [lambda: 7]
"""


def test_a_change_in_a_body_is_in_the_function_of_its_module_or_class_and_others_are_the_imports() -> None:
    functions = {mutant.before: mutations.changed_function(mutant) for mutant in mutations.mutants(PLACES, "m.py")}
    assert functions == {
        "1": None,
        "2": None,
        "3": ("asked", 5),
        "4": None,
        "5": ("Held.free", 15),
        "6": None,
        "7": ("Held.wait", 19),
    }


def test_a_function_is_replaced_for_whoever_holds_it_and_forgets_what_it_remembered(tmp_path: Path) -> None:
    file = tmp_path / "rule.py"
    file.write_text("from functools import cache\n@cache\ndef most(n):\n    return n + 1\ndef other():\n    return 1\n")
    spec = importlib.util.spec_from_file_location("digest_rule", file)
    assert spec is not None
    assert spec.loader is not None
    rule = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(rule)
    held = rule.most
    assert held(1) == 2
    loaded = warm_tests.Loaded(tmp_path)
    loaded.look()
    file.write_text(file.read_text().replace("n + 1", "n - 1"))
    assert loaded.replace(file, mutations.Function("most", 2))
    assert held(1) == 0
    assert rule.other() == 1
    assert not loaded.replace(file, mutations.Function("gone", 9)), "its module is loaded without it"
    assert loaded.replace(tmp_path / "later.py", mutations.Function("most", 2)), "it is not loaded yet"


def test_each_room_finds_its_modules() -> None:
    for room, patterns in bench.ROOMS.items():
        for pattern in patterns:
            assert bench.modules((pattern,)), f"{room}: no module is called {pattern}"


@pytest.mark.slow
def test_each_named_equivalent_is_still_there_and_has_its_reason() -> None:
    paths = [path for patterns in bench.ROOMS.values() for path in bench.modules(patterns)]

    named = {change for _, _, change, _ in bench.EQUIVALENT}

    @cache
    def there(path: str) -> list[str]:
        made_there = mutations.mutants((ROOT / path).read_text(encoding="utf-8"), path)
        changes = [(f"{m.before} -> {m.after}", m) for m in made_there]
        return [change for change, m in changes if change in named and bench.is_equivalent(m)]

    for end, line, change, reason in bench.EQUIVALENT:
        (path,) = (path for path in paths if path.endswith(end))
        assert change in there(path), (end, line)
        assert reason


def made(path: str, count: int) -> list[object]:
    return list(mutations.mutants("\n".join(f"x = {n}" for n in range(count)), path))


def test_rooms_get_as_many_mutants_as_each_other_while_they_have_any() -> None:
    rooms = {"small": made("small.py", 3), "large": made("large.py", 100), "other": made("other.py", 50)}
    drawn = bench.drawn(rooms, 30, 1)
    assert Counter(room for room, _ in drawn) == {"small": 3, "large": 14, "other": 13} or {
        "small": 3,
        "large": 13,
        "other": 14,
    }
    assert len({(mutant.path, mutant.start) for _, mutant in drawn}) == 30
    assert bench.drawn(rooms, 30, 1) == drawn
    assert bench.drawn(rooms, 30, 2) != drawn
    assert len(bench.drawn(rooms, 1000, 1)) == 153


def mutant_at(line: int, path: str = "src/digest/deliver/pacing/rate_limits.py") -> object:
    source = "\n" * (line - 1) + "x = 1"
    return mutations.mutants(source, path)[0]


KNOWN = {
    "lines": {"src/digest/deliver/pacing/rate_limits.py": {1: [""], 2: ["t::slow", "t::fast"], 3: ["t::other"]}},
    "seconds": {"t::slow": 5.0, "t::fast": 0.1, "t::other": 1.0},
}


def test_the_tests_that_run_a_line_are_run_the_fastest_first_and_all_of_a_module_for_its_constants() -> None:
    known = bench.Known(**KNOWN)
    assert bench.matching(known, mutant_at(2), 2) == ["t::fast", "t::slow"]
    assert bench.matching(known, mutant_at(2), 3) == ["t::fast", "t::other", "t::slow"]
    assert bench.matching(known, mutant_at(1), 1) == ["t::fast", "t::other", "t::slow"]
    assert bench.matching(known, mutant_at(9, "src/digest/unknown.py"), 9) == []


def test_a_rooms_own_tests_run_first_and_a_database_that_is_there_at_once_stands_for_the_other() -> None:
    own, far, twin = (
        "tests/deliver/test_a.py::a",
        "tests/web/test_b.py::b[sqlite]",
        "tests/web/test_b.py::b[postgresql]",
    )
    only = "tests/web/test_b.py::c[postgresql]"
    changed = "src/digest/deliver/pacing/rate_limits.py"
    runs = bench.stages([far, twin, own, only], {far: 1.0, own: 2.0, only: 3.0}, changed)
    assert [run.chosen for run in runs] == [(own,), (far, only)]
    assert [run.files for run in runs] == [("tests/deliver/test_a.py",), ("tests/web/test_b.py",)]
    assert [run.limit for run in runs] == [30 + 2.0 * bench.PATIENCE, 30 + 4.0 * bench.PATIENCE]


def test_lines_are_found_again_where_they_stand_now(tmp_path: Path) -> None:
    old, new = tmp_path / "old.py", tmp_path / "new.py"
    old.write_text("a\nb\nc\nd\n")
    new.write_text("new\na\nb\nchanged\nmore\nd\n")
    places = bench.moved(old, new)
    assert {line: list(now) for line, now in places.items() if line} == {1: [2], 2: [3], 3: [4, 5], 4: [6]}


def test_what_was_measured_counts_for_the_same_test_file_and_the_same_modules(tmp_path: Path) -> None:
    file, other = tmp_path / "test_a.py", tmp_path / "test_b.py"
    for each in (file, other):
        each.write_text("def test_a(): ...")
    name = bench.digest_of(tmp_path, file, ("one.py", "two.py"))
    assert bench.digest_of(tmp_path, file, ("one.py", "two.py")) == name
    assert bench.digest_of(tmp_path, file, ("one.py",)) != name
    assert bench.digest_of(tmp_path, other, ("one.py", "two.py")) != name
    file.write_text("def test_b(): ...")
    assert bench.digest_of(tmp_path, file, ("one.py", "two.py")) != name


@pytest.mark.parametrize(
    ("code", "failed", "by"),
    [(0, "", ""), (1, "t::a", "t::a"), (None, "", "time"), (70, "", "time"), (2, "", "the import")],
)
def test_a_mutant_is_killed_by_a_failing_test_a_failing_import_or_too_much_time(
    code: int | None, failed: str, by: str
) -> None:
    assert bench.killed_by(forks.Outcome(code=code, seconds=1.0, failed=failed)) == by


def test_the_report_names_each_survivor() -> None:
    lived = bench.Verdict(room="pace", mutant=mutant_at(7), tests=12)
    killed = bench.Verdict(room="pace", mutant=mutant_at(8), tests=12, by="t::a")
    said = bench.report([lived, killed], 90.0)
    assert "pace            1 of    2 killed   50.0 %" in said
    assert said.endswith("survives 12 tests: src/digest/deliver/pacing/rate_limits.py:7: 1  ->  2")


RULE = '''"""A rule."""


def may(number):
    """Tell whether so many may."""
    return number < 3


def never_asked(number):
    """Tell what no test asks."""
    return number > 3
'''
TESTS = """
from digest.deliver.pacing.rate_limits import may


def test_three_are_too_many():
    assert may(2)
    assert not may(3)
"""


@pytest.mark.slow
def test_on_a_small_program_what_no_test_asks_survives(tmp_path: Path) -> None:
    for name, text in {
        "src/digest/__init__.py": "",
        "src/digest/deliver/__init__.py": "",
        "src/digest/deliver/pacing/__init__.py": "",
        "src/digest/deliver/pacing/rate_limits.py": RULE,
        "tests/test_pace.py": TESTS,
        "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["src"]\naddopts = "--import-mode=importlib"\n',
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)  # noqa: S603, S607 - git is where PATH says
    words = [
        "--root",
        str(tmp_path),
        "--room",
        "pace",
        "--sample",
        "9",
        "--jobs",
        "1",
        "--json",
        str(tmp_path / "found.json"),
    ]
    program = [sys.executable, str(ROOT / "bench" / "mutants.py"), *words, "--no-postgresql"]
    done = subprocess.run(program, capture_output=True, text=True, timeout=120, check=True)  # noqa: S603 - our own
    found = {(each["mutant"]["line"], bool(each["by"])) for each in json.loads((tmp_path / "found.json").read_text())}
    assert found == {(6, True), (11, False)}, done.stdout
    assert "2 of    4 killed   50.0 %" in done.stdout
    assert (tmp_path / "src/digest/deliver/pacing/rate_limits.py").read_text() == RULE
