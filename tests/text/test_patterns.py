"""No pattern of the package can be made to backtrack without end: every one that is compiled is taken apart."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

import pytest

import digest

LONG = 5
"""A repeat of more rounds is one without end to whoever waits."""
SAMPLES = [chr(n) for n in range(128)] + list("é\xa0\u0661\u2028\uff21\u4e2d\U0001f6f3")
TAKEN: dict[tuple[str, int], set[str]] = {}
"""What was tried: (an item as it is written, flags) -> the sample characters that it takes."""
REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT)
SINGLE = (codes.LITERAL, codes.NOT_LITERAL, codes.IN, codes.ANY)
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


# --- a pattern taken apart --------------------------------------------------------------------------------------------


def starts(items: Sequence[Any], flags: int) -> set[str] | None:
    """Return the sample characters with which a match of these items may begin; None when it may be empty."""
    found: set[str] = set()
    for item in items:
        first = begins(item, flags)
        if first is None:
            found |= possible(item, flags)
            continue
        return found | first
    return None


def begins(item: Any, flags: int) -> set[str] | None:
    """Return the sample characters with which one item may begin; None when it may match nothing."""
    code, value = item
    if code in REPEATS or code is codes.POSSESSIVE_REPEAT:
        low, _, inner = value
        return None if low == 0 else starts(inner, flags)
    if code is codes.SUBPATTERN:
        return starts(value[3], flags)
    if code is codes.ATOMIC_GROUP:
        return starts(value, flags)
    if code is codes.BRANCH:
        each = [starts(branch, flags) for branch in value[1]]
        return None if None in each else set().union(*(one for one in each if one is not None))
    if code in (codes.AT, codes.ASSERT, codes.ASSERT_NOT, codes.GROUPREF, codes.GROUPREF_EXISTS):
        return None
    return taken(item, flags)


def possible(item: Any, flags: int) -> set[str]:
    """Return the sample characters with which an item that may be empty may begin."""
    code, value = item
    if code in REPEATS or code is codes.POSSESSIVE_REPEAT:
        return starts(value[2], flags) or open_starts(value[2], flags)
    if code is codes.SUBPATTERN:
        return open_starts(value[3], flags)
    if code is codes.BRANCH:
        return set().union(*(starts(branch, flags) or open_starts(branch, flags) for branch in value[1]))
    return set()


def open_starts(items: Sequence[Any], flags: int) -> set[str]:
    found: set[str] = set()
    for item in items:
        first = begins(item, flags)
        if first is not None:
            return found | first
        found |= possible(item, flags)
    return found


def taken(item: Any, flags: int) -> set[str]:
    """Return the sample characters that one item of one character takes."""
    written = (repr(item), flags)
    if written not in TAKEN:
        TAKEN[written] = tried(item, flags)
    return TAKEN[written]


def tried(item: Any, flags: int) -> set[str]:
    """Compile an item of one character, and return the sample characters that it takes."""
    state = parser.State()
    state.flags = flags
    state.str = ""
    single = parser.SubPattern(state, [item])
    compiled = re._compiler.compile(single, flags & ~re.DEBUG)  # type: ignore[attr-defined]
    is_bytes = not flags & re.UNICODE
    samples = [one.encode("latin-1") if is_bytes else one for one in SAMPLES if not is_bytes or ord(one) < 256]
    return {
        sample if isinstance(sample, str) else sample.decode("latin-1")
        for sample in samples
        if compiled.fullmatch(sample)
    }


def faults(items: Sequence[Any], flags: int, *, repeated: bool = False) -> Iterator[str]:
    """Yield what makes a pattern backtrack exponentially.

    A long repeat of something that holds a long repeat itself, unless one round can be told from the next by the
    character with which it begins; and a long repeat of alternatives that begin alike.
    """
    for code, value in items:
        if code in REPEATS:
            _, most, inner = value
            long = most > LONG
            if long:
                yield from nested(inner, flags)
            yield from faults(inner, flags, repeated=repeated or long)
        elif code is codes.SUBPATTERN:
            yield from faults(value[3], flags, repeated=repeated)
        elif code is codes.BRANCH:
            if repeated:
                yield from alike(value[1], flags)
            for branch in value[1]:
                yield from faults(branch, flags, repeated=repeated)
        elif code in (codes.ASSERT, codes.ASSERT_NOT):
            yield from faults(value[1], flags)


def nested(items: Sequence[Any], flags: int) -> Iterator[str]:
    """Yield the long repeats at an end of a repeated group whose characters may begin the next round as well."""
    flat = list(flattened(items))
    if separated(flat, flags):  # but each round that can be matched in n ways makes it n to the power of the rounds
        yield from overlaps([item for item in flat if not is_short(item)], set(), flags)
    else:
        yield from overlaps(flat, starts(flat, flags) or open_starts(flat, flags), flags)


def is_short(item: Any) -> bool:
    """Tell whether an item is a repeat of few rounds at most."""
    return item[0] in REPEATS and item[1][1] <= LONG


def separated(items: Sequence[Any], flags: int) -> bool:
    """Tell whether every round of a group has a character that nothing else in the round takes."""
    for place, item in enumerate(items):
        if item[0] in SINGLE:
            others = [*items[:place], *items[place + 1 :]]
            if not taken(item, flags) & set().union(*(alphabet(other, flags) for other in others), set()):
                return True
    return False


def alphabet(item: Any, flags: int) -> set[str]:
    """Return all sample characters that a match of an item may hold."""
    code, value = item
    if code in SINGLE:
        return taken(item, flags)
    inner: Sequence[Any] = ()
    if code in REPEATS or code is codes.POSSESSIVE_REPEAT:
        inner = value[2]
    elif code is codes.SUBPATTERN:
        inner = value[3]
    elif code is codes.ATOMIC_GROUP:
        inner = value
    elif code is codes.BRANCH:
        inner = [each for branch in value[1] for each in branch]
    return set().union(*(alphabet(each, flags) for each in inner), set())


def overlaps(flat: Sequence[Any], again: set[str], flags: int) -> Iterator[str]:
    """Yield the long repeats among items whose characters may also stand for what follows them."""
    for place, (code, value) in enumerate(flat):
        if code is codes.BRANCH:
            for branch in value[1]:
                yield from overlaps([*flattened(branch), *flat[place + 1 :]], again, flags)
        if code not in REPEATS or value[1] <= 1 or value[0] == value[1]:
            continue
        own = open_starts(value[2], flags) or set()
        after = flat[place + 1 :]
        follow = starts(after, flags)
        reach = again | open_starts(after, flags) if follow is None else follow
        if own & reach:
            yield f"a repeat of {sorted(own & reach)[:5]} inside a repeat"


def flattened(items: Sequence[Any]) -> Iterator[Any]:
    """Yield items with plain groups taken apart."""
    for item in items:
        if item[0] is codes.SUBPATTERN:
            yield from flattened(item[1][3])
        else:
            yield item


def alike(branches: Sequence[Any], flags: int) -> Iterator[str]:
    """Yield the alternatives of a repeated group of which both take one and the same character."""
    seen: set[str] = set()
    for branch in branches:
        if len(branch) != 1 or branch[0][0] not in (codes.LITERAL, codes.IN, codes.NOT_LITERAL, codes.ANY):
            continue
        own = taken(branch[0], flags)
        if own & seen:
            yield f"alternatives that both take {sorted(own & seen)[:5]} inside a repeat"
        seen |= own


def problems(pattern: re.Pattern[Any]) -> list[str]:
    return list(faults(list(parser.parse(pattern.pattern, pattern.flags)), pattern.flags))


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
    ],
)
def test_the_check_sees_what_backtracks_without_end(evil: str) -> None:
    assert problems(re.compile(evil))


@pytest.mark.parametrize(
    "good", [r"(?:\w+\.)+\w+", r"a+b+", r"(?:[a-z]+-)*[a-z]+", r"(?:<[^<>]*>\s*)*<", r'"(?:[^"\\]|\\.)*"']
)
def test_the_check_passes_what_does_not(good: str) -> None:
    assert problems(re.compile(good)) == []


def test_no_pattern_of_the_package_backtracks_without_end() -> None:
    found = dict(patterns())
    assert len(found) > 100
    assert {name: told for name, pattern in found.items() if (told := problems(pattern))} == {}
