"""The special spaces that a language needs so that no line breaks in the wrong place, in all texts of a letter.

Articles keep such spaces only in part: feeds and pages lose them, and so does digest when it puts texts on one line.

French: narrow no-break spaces before ``; ! ?``, no-break spaces before ``:`` and inside guillemets (Lexique des regles
typographiques, Imprimerie nationale). Polish: no line ends with a word of one letter. Russian and Ukrainian: no line
begins with a dash. A space is only replaced, never added: Canadian and Swiss newspapers set none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar

from markupsafe import Markup

from digest.text.languages import primary_tag

NARROW, FIXED = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"
DASH = "\N{EM DASH}"
KEPT = frozenset({"html"})
"""Fields that hold markup, and are not changed."""
T = TypeVar("T")
_DASHES = (re.compile(rf" (?={DASH})"), FIXED)
RULES: Mapping[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    "fr": (
        (re.compile(r"[ \u00a0](?=[;!?])"), NARROW),
        (re.compile(r" (?=[:»])"), FIXED),
        (re.compile(r"(?<=«) "), FIXED),
    ),
    "pl": ((re.compile(r"(?<![^\s(„])([aiouwzAIOUWZ]) "), rf"\1{FIXED}"),),
    "ru": (_DASHES,),
    "uk": (_DASHES,),
}
"""For each language (primary tag): patterns with their replacements, in order."""


def typeset(value: T, language: str) -> T:
    """Return a value of any type, with the rules of the language applied to all texts in it. URLs do not change."""
    rules = RULES.get(primary_tag(language) or "")
    made: T = _typeset(value, rules) if rules else value
    return made


def _typeset(value: Any, rules: tuple[tuple[re.Pattern[str], str], ...]) -> Any:  # noqa: ANN401 - any part of a letter
    if isinstance(value, str):
        return value if isinstance(value, Markup | Enum) else _spaced(value, rules)
    if isinstance(value, tuple):
        return tuple(_typeset(each, rules) for each in value)
    if isinstance(value, Mapping):
        return {key: _typeset(each, rules) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        texts = {one.name: getattr(value, one.name) for one in fields(value) if one.name not in KEPT}
        return replace(value, **{name: _typeset(each, rules) for name, each in texts.items()})
    return value


def _spaced(text: str, rules: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, space in rules:
        text = pattern.sub(space, text)
    return text
