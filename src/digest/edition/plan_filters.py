"""Which articles the settings of an edition exclude, and why: by source, section, word, author, kind, payment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from digest.model.article import Article
from digest.model.source import Source
from digest.settings import EditionSettings
from digest.text.advertorial import paid_mark
from digest.text.folding import folded
from digest.text.kind import kind_of
from digest.text.sections import section_key, sections_of

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
"""Letters of scripts that do not separate words. In these, a word of the settings is found anywhere in a text."""


class Cause(Enum):
    """Why an article is excluded from an edition."""

    DATE = "date"
    LANGUAGE = "language"
    SOURCE = "source"
    SECTION = "section"
    WORD = "word"
    AUTHOR = "author"
    KIND = "kind"
    ADVERTORIAL = "advertorial"
    PAID = "paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why an edition excludes an article: the cause, and a text that names the setting."""

    cause: Cause
    words: str


def unwanted(article: Article, source: Source, plan: EditionSettings) -> Refusal | None:
    """Return why an edition's settings exclude an article. None when they do not."""
    return next(_refusals(article, source, plan), None)


def _refusals(article: Article, source: Source, plan: EditionSettings) -> Iterator[Refusal]:
    """Yield the reasons against an article. The cheapest checks come first."""
    yield from _by_source(source, plan)
    yield from _by_payment(article, plan)
    yield from _by_section(article, source, plan)
    yield from _by_word(article, plan)
    yield from _by_author(article, plan)
    if plan.exclude_kinds and (kind := kind_of(article).value) in plan.exclude_kinds:
        yield Refusal(cause=Cause.KIND, words=f"kind {kind} is left out (exclude_kinds)")


def _by_source(source: Source, plan: EditionSettings) -> Iterator[Refusal]:
    if plan.sources and source.name not in plan.sources:
        yield Refusal(cause=Cause.SOURCE, words=f"source {source.name} is not among the edition's (sources)")
    if source.name in plan.exclude_sources:
        yield Refusal(cause=Cause.SOURCE, words=f"source {source.name} is left out (exclude_sources)")


def _by_payment(article: Article, plan: EditionSettings) -> Iterator[Refusal]:
    if plan.advertorials == "leave_out" and (mark := paid_mark(article)):
        yield Refusal(cause=Cause.ADVERTORIAL, words=f"sponsored: {mark} (advertorials)")
    if plan.paid == "leave_out" and article.paywalled:
        yield Refusal(cause=Cause.PAID, words="behind a paywall (paid)")


def _by_section(article: Article, source: Source, plan: EditionSettings) -> Iterator[Refusal]:
    if not plan.sections and not plan.exclude_sections:
        return
    stands_in = sections_of(article, source)
    if plan.sections and stands_in.isdisjoint(map(section_key, plan.sections)):
        where = ", ".join(sorted(stands_in)) or "none"
        yield Refusal(cause=Cause.SECTION, words=f"section {where} is not among the edition's (sections)")
    for name in plan.exclude_sections:
        if section_key(name) in stands_in:
            yield Refusal(cause=Cause.SECTION, words=f"section {name} is left out (exclude_sections)")


def _by_word(article: Article, plan: EditionSettings) -> Iterator[Refusal]:
    if not plan.include_words and not plan.exclude_words:
        return
    said = "\n".join((article.title, article.subtitle, *article.sections))
    if plan.include_words and not any(_said(plan.include_words, said)):
        yield Refusal(cause=Cause.WORD, words="it has none of the edition's words (include_words)")
    for word in _said(plan.exclude_words, said):
        yield Refusal(cause=Cause.WORD, words=f"the word {word!r} is left out (exclude_words)")


def _by_author(article: Article, plan: EditionSettings) -> Iterator[Refusal]:
    names = "\n".join(article.authors)
    if plan.include_authors and not any(_said(plan.include_authors, names)):
        yield Refusal(cause=Cause.AUTHOR, words="its author is not among the edition's (include_authors)")
    for name in _said(plan.exclude_authors, names):
        yield Refusal(cause=Cause.AUTHOR, words=f"author {name} is left out (exclude_authors)")


def _said(wanted: Iterable[str], text: str) -> Iterator[str]:
    """Yield the wanted words (or phrases) that occur in a text. Case and accents are ignored."""
    plain = folded(text) + " "
    for word in wanted:
        if _UNSPACED.search(word):
            found = word.rstrip("*").casefold() in text.casefold()
        else:
            found = folded(word) + ("" if word.endswith("*") else " ") in plain
        if found:
            yield word
