"""No pattern of the package can be made to backtrack without end: every one that is compiled is taken apart."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import FrameType, ModuleType, SimpleNamespace
from typing import Any

import pytest
from tests.source import PACKAGE, parsed, statements, texts, trees
from tests.text.ambiguity import problems

import digest
from digest.extract import phrases as extract_phrases
from digest.render import page
from digest.summarise import asides, background, days, essentials, glue, guard, joints, pointers, tails, unclear
from digest.summarise.day_phrases import DAY, FUTURE, MONTH, WEEK, YEAR
from digest.summarise.finds import (
    agreed,
    dangling,
    dates,
    figures,
    introductions,
    name_happened,
    name_parts,
    name_people,
    name_phrases,
    name_places,
    name_traits,
    quoted,
    story,
)
from digest.summarise.finds.telling import Telling
from digest.summarise.finds.traits import without_decisions
from digest.text import advertorial, traits
from digest.text import stops as text_stops
from digest.text.sentences import sentences

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "pl", "ru", "uk", "tr", "ar", "ja", "zh", "el")

USES = re.compile(r"\bre\.|\bcompiled\(")
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
    for node in calls(module):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        of_re = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "re"
        if name not in READERS or not (of_re or name == "compiled"):
            continue
        flags = [word.value for word in node.keywords if word.arg == "flags"] + node.args[
            1 if "compile" in name else 9 :
        ]
        with suppress(NameError, AttributeError):  # made from what is known later only: see ``made_at_work``
            pattern = evaluated(node.args[0], module)
            given = evaluated(flags[0], module) if flags else 0
            yield f"{module.__name__}:{node.lineno}", re.compile(pattern, given)


def calls(module: ModuleType) -> Iterator[ast.Call]:
    """Yield the calls with arguments of a module that may make patterns."""
    if USES.search(texts()[file_of(module)]):
        yield from (node for node in ast.walk(parsed(file_of(module))) if isinstance(node, ast.Call) and node.args)


def file_of(module: ModuleType) -> str:
    assert module.__file__ is not None
    return Path(module.__file__).relative_to(PACKAGE).as_posix()


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
    elif isinstance(value, type) and value.__module__.startswith("digest."):
        yield from held_in([each for name, each in vars(value).items() if not name.startswith("__")])


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
        r"(?>(?:a+)+b)*c",
        r"(?:(?>a+)|a)*b",
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
        r"(?>a+|ab)*c",
        r"(?><!--.*?-->\s*)*<html",
    ],
)
def test_the_check_passes_what_does_not(good: str) -> None:
    assert problems(re.compile(good)) == []


ESCAPED = {
    "digest.fetch.html_text._without_hidden",
    "digest.readers.mime._pieces",
    "digest.render.letter._with_slots",
    "digest.render.transfer._pieces",
    "digest.summarise.casing._form",
    "digest.summarise.casing.calm",
    "digest.summarise.labels._is_name",
    "digest.summarise.labels._is_shout",
}
"""Functions whose patterns are words with every sign escaped, between constants without a quantifier."""


def finders(language: str) -> None:
    """Have the finders make the patterns of a language, and those around a name."""
    agreed._patterns(language)
    dates._date_patterns(language)
    dates._weekday_patterns(language)
    list(dates._relative("", language, date(2026, 11, 22), date(2026, 11, 23)))
    for found in re.finditer("Monday", "It was Monday"):
        dates._is_past("It was Monday", found, language)
    dates._any_weekday(language)
    dangling.adds(SimpleNamespace(text="She left.", small=("she", "left")), language)  # type: ignore[arg-type]
    without_decisions("They decide whether it opens.", language)
    with suppress(StopIteration):
        dates._month_number("no month", language)
    figures._figures(language)
    figures._value("5 million euros")
    list(quoted._named("said Ida Berg", language, introductions.NAME))
    introductions.introduction("Berg", "The Mayor of the town Ida Berg, a pilot.", 99, language)
    figures.with_noun("12 boats", re.match("12", "12 boats"), language)  # type: ignore[arg-type]
    story._is_light(SimpleNamespace(language=language, title="", text=""))  # type: ignore[arg-type]
    about_names(language)


def about_names(language: str) -> None:
    """Have the finder of names make its patterns of a language."""
    headline = "Ida Berg, Ada Lund and a friend see a fire in Berg"
    told = Telling(headline=headline, titles=(headline,), texts="The dike of Berg broke in Berg.", language=language)
    name_traits.traits(name_traits.Name(words="Ida Berg", run="Ida Berg", kind="person"), told, [])
    name_places.is_place("Berg", told)
    list(name_phrases.events(told))
    name_phrases._event_before("A fire in Berg", 6, language)
    name_phrases._is_noun("Berg fire", "fire", told)
    name_people.is_common("Berg", told)
    name_people._first_names("Berg", told)
    name_people.is_person("Berg", told)
    name_parts.is_tail("Berg", told)
    for violence in ("war", "Krieg", "guerre", "guerra"):
        name_happened.took_place(violence, told)
    name_happened.is_background("Berg", told)


def sentence_of(*words: str) -> Any:
    """Return what the search for background looks at of a sentence."""
    return SimpleNamespace(text=" ".join(words), vocabulary=frozenset(words))


SEEN = "He saw 31 gulls."
NUMBER: Any = re.search("31", SEEN)
DAY_PHRASES = (DAY, WEEK, MONTH, YEAR, FUTURE)
WORK: tuple[Callable[[str], object], ...] = (
    text_stops.rules,
    lambda language: sentences("He came, e.g. on Monday, to St. Mary's. No. 7 left.", language),
    lambda language: glue.unglued("What was said here is long enough Then it went on.", 0, 49, language),
    lambda language: glue._glued_openers(language) if language in glue._CAMEL else None,
    lambda language: guard.leanings("However, he said that it was so.", language),
    lambda _language: [guard._furniture(text, frozenset()) for text in ("7. One", "Photo: A (B)", "See www.a.example")],
    lambda _language: guard._torn("A (photo: B)"),
    lambda language: joints._joints(language) if language in joints._CONJUNCTIONS else None,
    lambda _language: [
        glue._is_glued(text, 1, len(text), "ab") for text in (".Then he came", "!Then he came", ".MORE x")
    ],
    pointers._back,
    pointers._definite,
    lambda _language: pointers._aged(),
    lambda language: essentials._limit(language) if language in essentials._LIMITS else None,
    lambda language: figures.with_noun(SEEN, NUMBER, language) if language in figures._NOUNS else None,
    unclear._pointers,
    background._past_opening,
    lambda language: background._defines(sentence_of(*background._DEFINING_WORDS.get(language, "").split()), language),
    lambda language: background._tells_history(
        sentence_of(*background._HISTORY_WORDS.get(language, "").split()), language
    ),
    asides._patterns,
    days._names_of_days,
    lambda language: [days._names(words, language, "He will come.") for words in DAY_PHRASES],
    tails._opens,
    lambda language: tails._is_main_clause("and so on", 0, 3, language) if language in tails._OPENS_CLAUSE else None,
    lambda language: essentials._essential(language) if language in essentials._SAYING else None,
    lambda language: essentials._saying(language) if language in essentials._SAYING else None,
    lambda language: list(advertorial._title_labels(f"Anzeige: a | {language} &")),
    lambda language: traits.traits("A title with 7 words", "A text says 'so'.", language),
    lambda _language: extract_phrases.consent(),
    lambda _language: page._row("foot"),
    lambda language: finders(language) if language in {"en", "de", "fr", "es"} else None,
)
"""What makes patterns of the tables of a language, when it is asked for the first time."""


def made_at_work() -> tuple[dict[re.Pattern[Any], str], set[str]]:
    """Return the patterns that WORK makes for every language, and the functions that made them."""
    made: dict[re.Pattern[Any], str] = {}
    makers: set[str] = set()

    def look(frame: FrameType, event: str, _given: object) -> None:
        if event != "call" or frame.f_code is not re._compile.__code__:  # type: ignore[attr-defined]
            return
        asked, caller = frame.f_locals["pattern"], frame.f_back
        while caller is not None and (
            caller.f_globals.get("__name__") in {"re", "digest.text.patterns"} or caller.f_code.co_name.startswith("<")
        ):
            caller = caller.f_back
        if isinstance(asked, str) and caller is not None:
            place = f"{caller.f_globals.get('__name__')}.{caller.f_code.co_name}"
            made[re.compile(asked, frame.f_locals["flags"])] = place
            makers.add(place)

    for work in WORK:
        forget()
        sys.setprofile(look)
        try:
            for language in LANGUAGES:
                work(language)
        finally:
            sys.setprofile(None)
    return made, makers


def forget() -> None:
    """Empty the caches of the package: what was made before would not be made again."""
    for name in [each for each in sys.modules if each.startswith("digest.")]:
        for value in vars(sys.modules[name]).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def made_later() -> dict[str, str]:
    """Return the functions that make patterns from what is known later only, each with one of the places."""
    found: dict[str, str] = {}
    for module in pkgutil.walk_packages(digest.__path__, "digest."):
        if ".migrations." in module.name or module.name in {"digest.__main__", "digest.text.patterns"}:
            continue
        loaded = importlib.import_module(module.name)
        functions = [node for node in statements(parsed(file_of(loaded))) if isinstance(node, ast.FunctionDef)]
        for node in filter(makes_pattern, calls(loaded)):
            around = [each for each in functions if each.lineno <= node.lineno <= (each.end_lineno or 0)]
            if not around:
                continue
            innermost = max(around, key=lambda each: each.lineno)
            try:
                evaluated(node.args[0], loaded)
            except (NameError, AttributeError):
                found[f"{module.name}.{innermost.name}"] = f"{module.name}:{node.lineno}"
    return found


def makes_pattern(node: ast.Call) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    of_re = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "re"
    return name in READERS and (of_re or name == "compiled")


@pytest.mark.slow
def test_what_makes_patterns_at_work_is_looked_at() -> None:
    made, makers = made_at_work()
    assert len(made) > 50
    assert {name: told for pattern, name in made.items() if (told := problems(pattern))} == {}
    unseen = {place for function, place in made_later().items() if function not in makers | ESCAPED}
    assert unseen == set(), "WORK has to call what makes them, unless it escapes all that it is given"


def test_patterns_are_made_under_their_own_names_alone() -> None:
    """Another name for ``re`` would hide its patterns from these tests."""
    for file, tree in trees("from re ", " re as ", "regex", "sre_compile").items():
        for node in statements(tree):
            assert not (isinstance(node, ast.ImportFrom) and node.module in {"re", "regex", "sre_compile"}), file
            named = [alias for alias in node.names if alias.name == "re"] if isinstance(node, ast.Import) else []
            assert not any(alias.asname for alias in named), file


@pytest.mark.slow
def test_no_pattern_of_the_package_backtracks_without_end() -> None:
    found = {pattern: name for name, pattern in patterns()}
    assert len(found) > 100
    assert {name: told for pattern, name in found.items() if (told := problems(pattern))} == {}


@pytest.mark.parametrize("language", ["en", "de", "fr"])
@pytest.mark.parametrize("mark", ['"', "\u00bb", "\u2019", "\u201d"])
def test_many_quotation_marks_behind_a_stop_cost_no_time(mark: str, language: str) -> None:
    assert sentences(f"He said so.{mark * 5000}x and left.", language)
