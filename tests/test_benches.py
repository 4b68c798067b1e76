"""The programs in bench/ name what there is: they import late, so that no other test would see a name that moved."""

from __future__ import annotations

import ast
import importlib
from importlib.util import find_spec
from pathlib import Path

import pytest

BENCHES = sorted((Path(__file__).parent.parent / "bench").glob("*.py"))


def imported(source: str) -> list[tuple[str, str]]:
    """Return (module, name) of all that a text imports from the program."""
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom))
    wanted = (node for node in nodes if (node.module or "").partition(".")[0] == "digest")
    return [(node.module or "", alias.name) for node in wanted for alias in node.names]


def there_is(module: str, name: str) -> bool:
    return hasattr(importlib.import_module(module), name) or find_spec(f"{module}.{name}") is not None


@pytest.mark.parametrize("bench", BENCHES, ids=lambda path: path.stem)
def test_a_bench_imports_what_there_is(bench: Path) -> None:
    source = bench.read_text(encoding="utf-8")
    programs = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    within = [text for text in programs if isinstance(text, str) and "\nfrom digest." in text]
    for text in (source, *within):
        assert [each for each in imported(text) if not there_is(*each)] == []
