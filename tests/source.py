"""The package's own source, parsed once for all tests of a process that look at it."""

from __future__ import annotations

import ast
import gc
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import digest

PACKAGE = Path(digest.__file__).parent


@cache
def trees() -> Mapping[str, ast.Module]:
    """Return what each module of the package contains, by its file's path in the package, in order.

    Nothing of it is garbage: looking for that while it grows, and again in each later test, would take most of the
    time.
    """
    gc.disable()
    parsed = {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }
    gc.freeze()
    gc.enable()
    return parsed
