"""Maps the names of a newspaper's sections to one key, in any language and spelling: Sports, Deportes -> sport."""

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
"""This many first names in an article's list are its sections. Later ones are tags: what it mentions."""
_PARTS = r"\s*[/|>»\u203a:,;]\s*|\s+[-\u2013\u2014]\s+"
"""The separators in a trail: "Sport / Football", "News > Politics"."""


@cache
def _table() -> Mapping[str, str]:
    """Return the key of each name in ``sections.txt``; names are folded words, separated by one space."""
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
    """Return the key of a section: ``sport`` for Sports, Deportes or Fußball; the folded words of an unknown name."""
    plain = _plain(name)
    return _table().get(plain, plain)


def is_known(key: str) -> bool:
    """Return whether a key is that of a section which most newspapers have."""
    return key in _table()


@lru_cache(maxsize=4096)
def keys_in(name: str) -> frozenset[str]:
    """Return the keys of a name: its own, and those of the parts of a trail such as "Sport / Football"."""
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
    """Return the keys of an article's sections.

    They are the first names in feed and page, the folders of its address, and its source's section. A later tag counts
    only if it is not the name of a section: a report on politics with the tag "Sport" is not in the section sport.
    """
    main, tags = article.sections[:MAIN_SECTIONS], article.sections[MAIN_SECTIONS:]
    own = _keys((source.section,)) if source is not None and source.section else frozenset()
    return own | _keys(main) | {key for key in _keys(tags) if not is_known(key)} | set(_folders(article.link))


def section_name(article: Article, source: Source | None) -> str:
    """Return the section to show for an article: its source's, else the first known one that it names, else empty."""
    if source is not None and source.section:
        return source.section
    return next((name for name in article.sections[:MAIN_SECTIONS] if keys_in(name) & _table().keys()), "")
