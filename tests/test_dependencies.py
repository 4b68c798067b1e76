"""Each dependency is accounted for: its size, what it is for, and why nothing smaller does it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "dependencies.md"
pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the pages are in the checkout")


def rows() -> dict[str, list[str]]:
    """Return the cells of each row of the first table, by package."""
    table = PAGE.read_text(encoding="utf-8").partition("## Extras")[0]
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:1] == "|")
    return {row[0]: row[1:] for row in cells if row[0] not in {"package", "---"}}


def required(extra: str = "") -> list[str]:
    """Return the names of the dependencies, or of the extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    if extra:
        return list(project["optional-dependencies"])
    return [re.split(r"[\s<>=\[;]", each)[0] for each in project["dependencies"]]


def test_each_dependency_has_a_row_with_its_size_and_its_purpose_and_no_row_is_left_over() -> None:
    assert sorted(rows(), key=str.lower) == sorted(required(), key=str.lower)
    for name, (size, purpose, _why) in rows().items():
        assert float(size) > 0, name
        assert len(purpose) > 10, name


def test_what_is_large_says_why_nothing_smaller_does_it() -> None:
    assert [name for name, (size, _, why) in rows().items() if float(size) > 30 and not why] == []


def test_each_extra_has_a_row() -> None:
    extras = PAGE.read_text(encoding="utf-8").partition("## Extras")[2]
    assert [name for name in required("extras") if f"| {name} |" not in extras] == []
