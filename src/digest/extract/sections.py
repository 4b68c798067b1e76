"""Reads the newsroom's sections, topics and breadcrumbs of an article from the page's data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from digest.extract.byline import plain
from digest.extract.linked_data import Node, types, words

LONGEST_NAME = 80
"""Longest name of a section or topic, in characters."""
MOST_SECTIONS = 30

_TAGS = ("article:section", "og:article:section", "section", "parsely-section", "sailthru.section", "article:tag")
_SEVERAL = re.compile(r"\s*[,;|>»]\s*")
_HOME_NAMES = "home homepage startseite start accueil inicio início główna главная forside hjem hem"
_HOME = frozenset(_HOME_NAMES.split())


def sections(article: Node, nodes: Iterable[Node], tags: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the names of sections and topics in the page's data, as written, the article's own section first.

    Args:
        article: The JSON-LD node of the page's article (``articleSection`` of schema.org).
        nodes: All JSON-LD nodes of the page. A BreadcrumbList leads from the front page to the article.
        tags: The page's meta tags.
    """
    yield from _listed(article.get("articleSection"))
    yield from (name for key in _TAGS for value in tags.get(key, ()) for name in _listed(value))
    yield from _breadcrumbs(nodes)


def named_once(names: Iterable[str], cleaned: Callable[[str], str], title: str = "") -> tuple[str, ...]:
    """Return the names as clean text, each once in any case of letters, without the front page and the title."""
    found: dict[str, str] = {}
    for name in map(cleaned, names):
        key = plain(name)
        if key and len(name) <= LONGEST_NAME and key not in _HOME and key != plain(title):
            found.setdefault(key, name)
    return tuple(found.values())[:MOST_SECTIONS]


def _listed(value: object) -> list[str]:
    """Return the names in a property: a list, or one text with one or several names."""
    values = value if isinstance(value, list) else [value]
    return [name for text in map(words, values[:MOST_SECTIONS]) for name in _SEVERAL.split(text) if name]


def _breadcrumbs(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        if "BreadcrumbList" in types(node):
            items = node.get("itemListElement")
            for item in items[:MOST_SECTIONS] if isinstance(items, list) else ():
                if isinstance(item, dict):
                    yield words(item.get("name")) or words(item.get("item"))
