"""A letter as a light or a dark screen shows it: computes from its style sheet the colours of each text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from lxml import etree

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
FEATURE = re.compile(r"\(\s*prefers-color-scheme\s*(?::\s*(light|dark)\s*)?\)", re.IGNORECASE)
ALWAYS, NEVER = "(min-width:0)", "(max-width:0)"
"""Media features that are true on every screen, and on none: every screen has a width above 0."""
DECLARED = re.compile(r"(?<![\w-])color-scheme\s*:[^;}]*", re.IGNORECASE)
SHEET = re.compile(r"(<style\b[^>]*>)(.*?)(</style\s*>)", re.IGNORECASE | re.DOTALL)
META = re.compile(r'(<meta\s+name="(?:supported-)?color-schemes?"\s+content=")[^"]*', re.IGNORECASE)
MEDIA = re.compile(r'(\smedia=")([^"]*)', re.IGNORECASE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
HEX = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})(?![0-9a-f])", re.IGNORECASE)
MOST_KEPT = 1024
"""Number of selectors and declarations that are cached; a letter has about a hundred of each."""
NAMED = {"white": "#ffffff", "black": "#000000"}
CANVAS: Mapping[Scheme, Mapping[str, str]] = {
    "light": {"color": "#000000", "background-color": "#ffffff", "a": "#0000ee"},
    "dark": {"color": "#ffffff", "background-color": "#121212", "a": "#9e9eff"},
}
"""Chromium's default colours of text, background and links."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A visible text with its colour and its background's, as ``#rrggbb``; None for a colour that we cannot parse."""

    text: str
    ink: str | None
    ground: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Declared:
    """The value of a CSS declaration, and its rank in the cascade."""

    value: str
    weight: tuple[bool, bool, tuple[int, int, int], int]
    """(important, inline, specificity, position) (CSS Cascading 4, section 6)."""


_Cascade = dict[str, _Declared]


def in_scheme(page: str, scheme: Scheme) -> str:
    """Return ``page`` as a screen with that scheme shows it, on any screen."""

    def sheet(found: re.Match[str]) -> str:
        opening, css, closing = found.groups()
        return _queries(opening, scheme) + _resolved(css, scheme) + closing

    return META.sub(lambda found: found[1] + scheme, SHEET.sub(sheet, page))


def _resolved(css: str, scheme: Scheme) -> str:
    """Return a style sheet in which queries for a colour scheme have a fixed result, as does ``color-scheme``."""
    return DECLARED.sub(f"color-scheme:{scheme}", FEATURE.sub(lambda found: _held(found, scheme), css))


def _held(found: re.Match[str], scheme: Scheme) -> str:
    return ALWAYS if found[1] is None or found[1].lower() == scheme else NEVER


def _queries(tag: str, scheme: Scheme) -> str:
    return MEDIA.sub(lambda found: found[1] + FEATURE.sub(lambda query: _held(query, scheme), found[2]), tag)


def wordings(page: str, scheme: Scheme) -> Iterator[Wording]:
    """Yield the visible texts of a page in that scheme, with the colours of text and background.

    It reads inline styles, old attributes and the rules in the head, as far as letters use them: selectors of CSS 3,
    and media queries that are true on some screen.
    """
    root = etree.fromstring(in_scheme(page, scheme), etree.HTMLParser())
    rules = _matched(root)
    body = root.find("body")
    if body is not None:
        start = _colours(root, _with_inline(root, rules), CANVAS[scheme], scheme)
        yield from _seen(body, rules, start, scheme)


def _seen(
    element: etree._Element,
    rules: Mapping[etree._Element, _Cascade],
    around: Mapping[str, str],
    scheme: Scheme,
) -> Iterator[Wording]:
    """Yield the visible texts of an element and its children; ``around`` are the colours of its parent."""
    cascade = _with_inline(element, rules)
    if "display" in cascade and cascade["display"].value.startswith("none"):
        return
    here = _colours(element, cascade, around, scheme)
    yield from _words(element.text, here)
    for child in element:
        if isinstance(child.tag, str):
            yield from _seen(child, rules, here, scheme)
        yield from _words(child.tail, here)


def _words(text: str | None, colours: Mapping[str, str]) -> Iterator[Wording]:
    words = " ".join((text or "").split())
    if words.strip("\N{NO-BREAK SPACE}"):
        yield Wording(text=words, ink=_hex(colours["color"]), ground=_hex(colours["background-color"]))


def _colours(element: etree._Element, cascade: _Cascade, around: Mapping[str, str], scheme: Scheme) -> dict[str, str]:
    """Return the colours of an element: those set for it, and otherwise those of its parent."""
    ink = cascade["color"].value if "color" in cascade else element.get("color")
    if ink is None:
        ink = CANVAS[scheme]["a"] if element.tag == "a" and element.get("href") else around["color"]
    ground = cascade.get("background-color") or cascade.get("background")
    own = ground.value if ground else element.get("bgcolor", "transparent")
    return {
        "color": around["color"] if ink in {"inherit", "currentcolor"} else ink,
        "background-color": around["background-color"] if _clear(own) else own,
    }


def _clear(ground: str) -> bool:
    return ground in {"transparent", "inherit", "none", "initial", "unset"} or ground.startswith("url(")


def _with_inline(element: etree._Element, rules: Mapping[etree._Element, _Cascade]) -> _Cascade:
    return _put(dict(rules.get(element, {})), element.get("style", ""), inline=True, specificity=(0, 0, 0), place=0)


def _matched(root: etree._Element) -> dict[etree._Element, _Cascade]:
    """Return for each element the declarations of the rules in the head that match it."""
    found: dict[etree._Element, _Cascade] = {}
    for place, (selectors, declarations) in enumerate(_rules(root)):
        for path, specificity in _paths(selectors):
            for element in root.xpath(path):
                cascade = found.setdefault(element, {})
                _put(cascade, declarations, inline=False, specificity=specificity, place=place)
    return found


@lru_cache(maxsize=MOST_KEPT)
def _paths(selectors: str) -> tuple[tuple[str, tuple[int, int, int]], ...]:
    """Return each selector of a rule as an XPath with its specificity.

    Selectors for single mail programs and for states such as ``:hover`` are left out. Cached, as the declarations are:
    the desk proofreads after each act, mostly the same style sheet.
    """
    from cssselect import HTMLTranslator, SelectorError, parse  # noqa: PLC0415 - only proofreading needs selectors

    try:
        whole = [one for one in parse(selectors) if one.pseudo_element is None]
        return tuple((HTMLTranslator().selector_to_xpath(one), one.specificity()) for one in whole)
    except SelectorError:
        return ()


def _put(
    cascade: _Cascade, declarations: str, *, inline: bool, specificity: tuple[int, int, int], place: int
) -> _Cascade:
    """Add declarations to a cascade. Each replaces the present value if it ranks higher."""
    for name, value, important in _declared(declarations):
        made = _Declared(value=value, weight=(important, inline, specificity, place))
        before = cascade.get(name)
        if before is None or before.weight <= made.weight:
            cascade[name] = made
    return cascade


@lru_cache(maxsize=MOST_KEPT)
def _declared(declarations: str) -> tuple[tuple[str, str, bool], ...]:
    """Return (name, value, whether it is important) of each declaration, in lower case."""
    pairs = (declaration.lower().partition(":")[::2] for declaration in declarations.split(";"))
    parts = ((name.strip(), *value.strip().partition("!")[:2]) for name, value in pairs)
    return tuple((name, value.strip(), bool(bang)) for name, value, bang in parts)


def _rules(root: etree._Element) -> Iterator[tuple[str, str]]:
    for sheet in root.iter("style"):
        if NEVER not in (sheet.get("media") or ""):
            yield from rules_of(sheet.text or "")


def rules_of(css: str) -> Iterator[tuple[str, str]]:
    """Yield (selectors, declarations) of a style sheet, including those in media queries that may be true."""
    rest = COMMENT.sub("", css)
    while "{" in rest:
        prelude, _, rest = rest.partition("{")
        body, rest = _to_its_end(rest)
        about = prelude.rpartition(";")[2].strip()
        if not about.startswith("@"):
            yield about, body
        elif about.lower().startswith(("@media", "@supports")) and NEVER not in about and "print" not in about:
            yield from rules_of(body)


def _to_its_end(rest: str) -> tuple[str, str]:
    """Return the text before the brace that closes a block, and the text after it."""
    depth = 1
    for at, char in enumerate(rest):
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return rest[:at], rest[at + 1 :]
    return rest, ""


def _hex(colour: str) -> str | None:
    """Return a colour as ``#rrggbb``, in a shorthand the first colour; None when there is none."""
    for word in colour.lower().split():
        if word in NAMED:
            return NAMED[word]
        if HEX.fullmatch(word):
            digits = word[1:]
            return word if len(digits) == 6 else "#" + "".join(2 * digit for digit in digits)  # noqa: PLR2004
    return None
