"""Whether a regular expression can be made to backtrack exponentially: decided on its automaton, not on how it looks.

A pattern backtracks exponentially where a loop can read one and the same text in two ways: then n rounds can be read in
2^n ways, and each is tried before the match fails. Each place in the pattern that takes one character is a state, and
``follow`` says which state may come next (Glushkov's automaton). A loop is ambiguous when two different walks lead from
one state back to itself over the same characters; that is so when the product of the automaton with itself has a
circle through a pair (p, p) and a pair (q, r) of different states (Weber and Seidl, 1991, "On the degree of ambiguity
of finite automata"), or when one step of a circle can be made in two ways without a character between.

Repeats of more than LONG rounds are taken for endless ones, and anchors, boundaries and back references for nothing: so
a pattern that only these save is found, too. Of a loop over an atomic group only the group's inside is looked at: each
round is read in one way, and a failed match gives back whole rounds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

LONG = 5
"""A repeat of more rounds is one without end to whoever waits."""
SAMPLES = frozenset([*map(chr, range(128)), *"é\xa0\u0661\u2028\uff21\u4e2d\U0001f6f3"])
_LOOPS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
_SINGLE = (codes.LITERAL, codes.NOT_LITERAL, codes.IN, codes.ANY)
_OF_ONE = [[code] for code in _SINGLE]
_AHEAD = (codes.ASSERT, codes.ASSERT_NOT)
State = int


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a pattern: with which states it begins and ends, and in how many ways it matches nothing."""

    first: Counter[State] = field(default_factory=Counter)
    last: Counter[State] = field(default_factory=Counter)
    empty: int = 1


class Automaton:
    """The states of a pattern, and in how many ways one may follow another."""

    def __init__(self, items: Sequence[Any], flags: int) -> None:
        self._flags = flags
        self._extra = "".join(sorted(set(_characters(items)) - SAMPLES))
        self.takes: list[frozenset[str]] = []
        self.follow: list[Counter[State]] = []
        self.ahead: list[Sequence[Any]] = []
        """What is looked for without being read: patterns of their own."""
        self._sequence(items)

    def ambiguous(self) -> set[str]:
        """Return the characters over which some loop can be read in two ways; empty when none can."""
        found: set[str] = set()
        for loop in _circles(range(len(self.takes)), self.follow):
            found |= self._twice(loop) or self._two_walks(loop)
        return found

    def _twice(self, loop: set[State]) -> set[str]:
        steps = ((p, q) for p in loop for q, ways in self.follow[p].items() if ways > 1 and q in loop)
        return set().union(*(self.takes[q] or {"nothing"} for _p, q in steps), set())

    def _two_walks(self, loop: set[State]) -> set[str]:
        """Look for a circle in the product of a loop with itself that leaves the diagonal and comes back."""
        pairs: dict[tuple[State, State], list[tuple[State, State]]] = {}
        waiting = [(p, p) for p in loop]
        while waiting:
            pair = waiting.pop()
            if pair not in pairs:
                pairs[pair] = [
                    (q, r)
                    for q in self.follow[pair[0]]
                    for r in self.follow[pair[1]]
                    if q in loop and r in loop and self.takes[q] & self.takes[r]
                ]
                waiting += pairs[pair]
        for circle in _circles(pairs, pairs):
            apart = [pair for pair in circle if pair[0] != pair[1]]
            if apart and len(apart) < len(circle):
                return set(self.takes[apart[0][0]] & self.takes[apart[0][1]])
        return set()

    def _sequence(self, items: Iterable[Any]) -> Part:
        whole = Part()
        for item in items:
            whole = self._joined(whole, self._part(item))
        return whole

    def _joined(self, before: Part, after: Part) -> Part:
        self._link(before.last, after.first)
        return Part(
            before.first + _times(after.first, before.empty),
            after.last + _times(before.last, after.empty),
            before.empty * after.empty,
        )

    def _link(self, last: Counter[State], first: Counter[State]) -> None:
        for state, out in last.items():
            for then, into in first.items():
                self.follow[state][then] += out * into

    def _part(self, item: Any) -> Part:
        code, value = item
        if code in _SINGLE:
            return self._single(item)
        if code in _LOOPS:
            return self._repeat(*value)
        if code is codes.SUBPATTERN:
            return self._group(*value)
        if code is codes.ATOMIC_GROUP:
            return self._sequence(value)
        if code in _AHEAD:
            self.ahead.append(value[1])
        branches = _branches(code, value)
        return self._choice([self._sequence(branch) for branch in branches]) if branches else Part()

    def _group(self, _number: int | None, added: int, removed: int, inner: Sequence[Any]) -> Part:
        outer, self._flags = self._flags, (self._flags | added) & ~removed
        part = self._sequence(inner)
        self._flags = outer
        return part

    def _single(self, item: Any) -> Part:
        state = len(self.takes)
        self.takes.append(_taken(_Item(repr(item), item), self._flags, self._extra))
        self.follow.append(Counter())
        return Part(Counter({state: 1}), Counter({state: 1}), 0)

    def _choice(self, parts: list[Part]) -> Part:
        return Part(
            sum((part.first for part in parts), Counter()),
            sum((part.last for part in parts), Counter()),
            sum(part.empty for part in parts),
        )

    def _repeat(self, low: int, most: int, inner: Sequence[Any]) -> Part:
        if most > LONG:
            part = self._sequence(inner)
            self._link(part.last, part.first)
            return Part(part.first, part.last, part.empty if low else 1)
        whole = Part()
        for place in range(int(most), 0, -1):  # the last round first: x{1,3} is x(?:x(?:x)?)?
            whole = self._joined(self._sequence(inner), whole)
            if place > low:
                whole = Part(whole.first, whole.last, whole.empty + 1)
        return whole


def problems(pattern: re.Pattern[Any]) -> list[str]:
    """Return what makes a pattern backtrack exponentially; empty when nothing does."""
    found = []
    waiting = list(_loops(parser.parse(pattern.pattern, pattern.flags), pattern.flags))
    while waiting:
        loop, flags = waiting.pop()
        automaton = Automaton([loop], flags)
        waiting += [each for items in automaton.ahead for each in _loops(items, flags)]
        if told := automaton.ambiguous():
            found.append(f"a loop that reads {sorted(told)[:5]} in two ways")
    return found


def _loops(items: Iterable[Any], flags: int) -> Iterator[tuple[Any, int]]:
    """Yield the outermost loops of more than one character a round, each with the flags that it has there."""
    for code, value in items:
        if code in _LOOPS and value[1] > LONG and [item[0] for item in value[2]] != [codes.ATOMIC_GROUP]:
            if [item[0] for item in value[2]] not in _OF_ONE:
                yield (code, value), flags
        else:
            yield from _within(code, value, flags)


def _within(code: Any, value: Any, flags: int) -> Iterator[tuple[Any, int]]:
    if code in _LOOPS:
        yield from _loops(value[2], flags)
    elif code is codes.SUBPATTERN:
        yield from _loops(value[3], (flags | value[1]) & ~value[2])
    elif code is codes.ATOMIC_GROUP:
        yield from _loops(value, flags)
    elif code in _AHEAD:
        yield from _loops(value[1], flags)
    else:
        for branch in _branches(code, value):
            yield from _loops(branch, flags)


def _branches(code: Any, value: Any) -> list[Sequence[Any]]:
    """Return the alternatives of an item that has some."""
    if code is codes.BRANCH:
        return list(value[1])
    return [value[1], value[2] or ()] if code is codes.GROUPREF_EXISTS else []


def _times(states: Counter[State], ways: int) -> Counter[State]:
    return Counter({state: number * ways for state, number in states.items()}) if ways else Counter()


def _characters(items: Any) -> Iterator[str]:
    """Yield the characters that a parsed pattern names, and the ends of its ranges."""
    if isinstance(items, parser.SubPattern | list | tuple):
        if len(items) == 2 and items[0] in (codes.LITERAL, codes.NOT_LITERAL):
            yield chr(items[1])
        elif len(items) == 2 and items[0] is codes.RANGE:
            yield from map(chr, items[1])
        else:
            for item in items:
                yield from _characters(item)


@dataclass(frozen=True, slots=True)
class _Item:
    """One item of one character; equal to another that is written alike."""

    written: str
    parsed: tuple[Any, Any] = field(compare=False)


@cache
def _taken(item: _Item, flags: int, extra: str) -> frozenset[str]:
    """Return the sample characters that an item takes: it is compiled and tried."""
    state = parser.State()
    state.flags, state.str = flags, ""
    compiled = re._compiler.compile(parser.SubPattern(state, [item.parsed]), flags & ~re.DEBUG)  # type: ignore[attr-defined]
    samples = SAMPLES | set(extra)
    if flags & re.UNICODE:
        return frozenset(filter(compiled.fullmatch, samples))
    return frozenset(c for c in samples if ord(c) < 256 and compiled.fullmatch(c.encode("latin-1")))


def _circles(nodes: Iterable[Any], follow: Any) -> list[set[Any]]:
    """Return the strongly connected sets of nodes that hold a circle (Tarjan, 1972; without recursion)."""
    index: dict[Any, int] = {}
    low: dict[Any, int] = {}
    stack: list[Any] = []
    held: set[Any] = set()
    found: list[set[Any]] = []
    for root in nodes:
        work = [(root, iter(follow[root]))] if root not in index else []
        while work:
            node, rest = work[-1]
            if node not in index:
                index[node] = low[node] = len(index)
                stack.append(node)
                held.add(node)
            for then in rest:
                if then not in index:
                    work.append((then, iter(follow[then])))
                    break
                if then in held:
                    low[node] = min(low[node], index[then])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    found.append(_popped(node, stack, held))
    return [circle for circle in found if len(circle) > 1 or any(node in follow[node] for node in circle)]


def _popped(node: Any, stack: list[Any], held: set[Any]) -> set[Any]:
    circle: set[Any] = set()
    while node not in circle:
        circle.add(stack.pop())
    held -= circle
    return circle
