"""A newspaper's sections under one name each, whatever language and spelling they have: Sports, Deportes -> sport."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from urllib.parse import unquote, urlsplit

from digest.model.article import Article
from digest.model.source import Source
from digest.text.folding import folded_words
from digest.text.patterns import compiled

MAIN_SECTIONS = 3
"""Names at the head of an article's list that are its sections; further down there are tags, what it mentions."""
_PARTS = r"\s*[/|>»\u203a:,;]\s*|\s+[-\u2013\u2014]\s+"
"""What parts the names of a trail: "Sport / Football", "News > Politics"."""


@cache
def _table() -> Mapping[str, str]:
    """Return the section of each name of ``sections.txt``, folded words with one space between."""
    found: dict[str, str] = {}
    for line in files("digest.text").joinpath("sections.txt").read_text(encoding="utf-8").splitlines():
        key, _, names = line.partition(":")
        if not line.startswith("#"):
            found |= {_plain(name.replace("_", " ")): key for name in names.split()}
            found[key] = key
    return found


def _plain(name: str) -> str:
    return " ".join(folded_words(name))


@lru_cache(maxsize=4096)
def section_key(name: str) -> str:
    """Return the one name of a section: ``sport`` for Sports, Deportes or Fußball; its own folded words if unknown."""
    plain = _plain(name)
    return _table().get(plain, plain)


def is_known(key: str) -> bool:
    """Return whether a key is one of the sections that most newspapers have."""
    return key in _table()


@lru_cache(maxsize=4096)
def keys_in(name: str) -> frozenset[str]:
    """Return the keys that a name stands for: its own, and those of the parts of a trail like "Sport / Football"."""
    names = (name, *compiled(_PARTS).split(name))
    return frozenset(filter(None, map(section_key, names)))


def _folders(url: str) -> Iterator[str]:
    """Yield the sections that the folders of an address name: .../sport/2026/cup -> sport."""
    for folder in unquote(urlsplit(url).path).split("/")[1:-1]:
        key = section_key(folder.replace("-", " ").replace("_", " "))
        if is_known(key):
            yield key


def _keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*map(keys_in, names))


def sections_of(article: Article, source: Source | None) -> frozenset[str]:
    """Return the keys of the sections in which an article stands.

    They are those that its feed and page name first, its address's folders, and its source's. A tag further down the
    list counts only where it is no section's name: a report tagged "Sport" stands in politics all the same.
    """
    main, tags = article.sections[:MAIN_SECTIONS], article.sections[MAIN_SECTIONS:]
    own = _keys((source.section,)) if source is not None and source.section else frozenset()
    return own | _keys(main) | {key for key in _keys(tags) if not is_known(key)} | set(_folders(article.link))


def section_name(article: Article, source: Source | None) -> str:
    """Return the section under which an article is shown: its source's, else the first that it names, or nothing."""
    if source is not None and source.section:
        return source.section
    return next((name for name in article.sections[:MAIN_SECTIONS] if keys_in(name) & _table().keys()), "")
