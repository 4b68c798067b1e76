"""The package's own source, read and parsed once for all tests of a process that look at it."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import digest

PACKAGE = Path(digest.__file__).parent


@cache
def texts() -> Mapping[str, str]:
    """Return the source of each module of the package, by its file's path in the package, in order."""
    return {
        path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))
    }


@cache
def parsed(file: str) -> ast.Module:
    """Return what a module contains."""
    return ast.parse(texts()[file])


@cache
def trees(*words: str) -> Mapping[str, ast.Module]:
    """Return what each module contains in whose source any of these words stands, by its path; all without words.

    To parse the whole package takes two seconds, and a test of one word needs a few modules of it. Nothing of it is
    garbage: looking for that while it grows, and again in each later test, would take most of the time.
    """
    gc.disable()
    found = {file: parsed(file) for file, text in texts().items() if not words or any(word in text for word in words)}
    gc.freeze()
    gc.enable()
    return found


def statements(node: ast.AST) -> Iterator[ast.stmt]:
    """Yield the statements inside of a module or a statement, of any depth: a tenth of what ``ast.walk`` visits."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield from statements(child)
