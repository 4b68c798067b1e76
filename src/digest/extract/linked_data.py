"""Reads a page's JSON-LD data (https://schema.org, JSON-LD 1.1)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from lxml.html import HtmlElement

Node: TypeAlias = dict[str, object]

LONGEST_SCRIPT = 1_000_000
MOST_NODES = 5_000

ARTICLE_TYPES = frozenset(
    [
        "Article",
        "NewsArticle",
        "ReportageNewsArticle",
        "AnalysisNewsArticle",
        "AskPublicNewsArticle",
        "BackgroundNewsArticle",
        "OpinionNewsArticle",
        "ReviewNewsArticle",
        "AdvertiserContentArticle",
        "SatiricalArticle",
        "ScholarlyArticle",
        "TechArticle",
        "BlogPosting",
        "LiveBlogPosting",
        "SocialMediaPosting",
        "DiscussionForumPosting",
        "Report",
        "Review",
        "CriticReview",
        "Recipe",
    ]
)

_WRAPPING = re.compile(
    r"\A\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?|;)\s*\Z"
)
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")


def nodes(tree: HtmlElement) -> list[Node]:
    """Return every object of the page's JSON-LD in document order, nested ones after their parents.

    Usual mistakes are repaired: comments around the JSON, trailing commas, raw line breaks in strings. Scripts that are
    still not valid JSON are left out, because their content cannot be trusted.
    """
    found: list[Node] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            found.extend(_walk(_load(script.text or ""), MOST_NODES - len(found)))
    return found


def _load(text: str) -> object:
    if len(text) > LONGEST_SCRIPT:
        return None
    for candidate in _readings(text):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _readings(text: str) -> Iterator[str]:
    """Yield a script's text, then with one usual mistake repaired after the other. Most texts have none."""
    yield text
    bare = _WRAPPING.sub("", text)
    yield bare
    yield _TRAILING_COMMA.sub("", bare)


def _walk(value: object, most: int) -> Iterator[Node]:
    waiting, given = [value], 0  # the next one is the last
    while waiting and given < most:
        current = waiting.pop()
        if isinstance(current, dict):
            given += 1
            yield current
            waiting += [v for v in reversed(current.values()) if isinstance(v, dict | list)]
        elif isinstance(current, list):
            waiting += reversed(current)


def types(node: Node) -> frozenset[str]:
    """Return the node's types without the address of the vocabulary."""
    given = node.get("@type")
    names = given if isinstance(given, list) else [given]
    return frozenset(name.rpartition("/")[2] for name in names if isinstance(name, str))


def words(value: object) -> str:
    """Return a text property as one string. Of a list, the first text counts; of a node, its ``name`` or ``@value``."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return next(filter(None, map(words, value[:10])), "")
    if isinstance(value, dict):
        return words(value.get("name") or value.get("@value") or "")
    return ""


def by_reference(nodes: Iterable[Node]) -> dict[str, Node]:
    """Return the nodes with a name by their ``@id``, with which other nodes refer to them."""
    return {ref: node for node in nodes if isinstance(ref := node.get("@id"), str) and words(node.get("name"))}


def names(value: object, known: Mapping[str, Node]) -> list[str]:
    """Return the names of people or organisations, in order.

    A bare reference (``{"@id": ...}``) gives the name of that node in ``known``, or an empty name if it is not there.
    """
    if isinstance(value, list):
        return [name for item in value[:50] for name in names(item, known)]
    if isinstance(value, dict):
        parts = (words(value.get(key)) for key in ("givenName", "familyName"))
        given = names(value.get("name"), {}) or [" ".join(filter(None, parts))]
        reference = value.get("@id")
        return given if any(given) else [words(known.get(str(reference), {}).get("name"))]
    return [value] if isinstance(value, str) else []
