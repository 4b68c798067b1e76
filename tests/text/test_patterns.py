"""No pattern of the package can be made to backtrack without end: every one that is compiled is taken apart."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from contextlib import suppress
from types import ModuleType
from typing import Any

import pytest
from tests.text.ambiguity import problems

import digest

READERS = {"compile", "compiled", "search", "match", "fullmatch", "findall", "finditer", "split", "sub", "subn"}


def patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Yield every pattern that a module of the package holds, with its name."""
    for module in pkgutil.walk_packages(digest.__path__, "digest."):
        if ".migrations." in module.name or module.name.endswith("__main__"):
            continue
        loaded = importlib.import_module(module.name)
        for name, value in vars(loaded).items():
            yield from ((f"{module.name}.{name}", found) for found in held_in(value))
        yield from written_in(loaded)


def written_in(module: ModuleType) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Yield the patterns that a module's functions compile or use, as far as they are constants."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        of_re = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "re"
        if name not in READERS or not (of_re or name == "compiled"):
            continue
        flags = [word.value for word in node.keywords if word.arg == "flags"] + node.args[
            1 if "compile" in name else 9 :
        ]
        with suppress(NameError, AttributeError):  # made from what is known later only
            written = evaluated(node.args[0], module)
            given = evaluated(flags[0], module) if flags else 0
            yield f"{module.__name__}:{node.lineno}", re.compile(written, given)


def evaluated(node: ast.expr, module: ModuleType) -> Any:
    code = compile(ast.Expression(node), module.__name__, "eval")
    return eval(code, dict(vars(module)))  # noqa: S307 - our own modules' constants


def held_in(value: object) -> Iterator[re.Pattern[Any]]:
    """Yield the patterns in a value, and in collections of them."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list | frozenset | set):
        for each in value:
            yield from held_in(each)
    elif isinstance(value, dict):
        yield from held_in([*value, *value.values()])


@pytest.mark.parametrize(
    "evil",
    [
        r"(a+)+$",
        r"(\w+\s*)+:",
        r"(?:.|a)*b",
        r"\A(?:\w+:[^\n]*\n(?:[ \t]+[^\n]{0,500}\n){0,20}){2,60}x",
        r"(?:[ \t]+[^\n]*\n?)*x",
        r"^(\d+|\d)+$",
        r"([a-z]+)*@",
        r"(\s*\w*)*$",
        r"(?:a|ab|b)*c",
        r"(?:aa?)*b",
        r"(?:ab?b?)*c",
        r"(?:(?:x?)?b)*c",
        r"(?:[ab]{2}|[ab]{3})*c",
        r"(?:a|(?i:A))*b",
        r"(?=(?:a+)+$)a",
        r"(?>(?:a+)+)b",
    ],
)
def test_the_check_sees_what_backtracks_without_end(evil: str) -> None:
    assert problems(re.compile(evil))


@pytest.mark.parametrize(
    "good",
    [
        r"(?:\w+\.)+\w+",
        r"a+b+",
        r"(?:[a-z]+-)*[a-z]+",
        r"(?:<[^<>]*>\s*)*<",
        r'"(?:[^"\\]|\\.)*"',
        r"(?:a?b)*c",
        r"(?:a{2}|b)*c",
    ],
)
def test_the_check_passes_what_does_not(good: str) -> None:
    assert problems(re.compile(good)) == []


def test_no_pattern_of_the_package_backtracks_without_end() -> None:
    found = {pattern: name for name, pattern in patterns()}
    assert len(found) > 100
    assert {name: told for pattern, name in found.items() if (told := problems(pattern))} == {}
