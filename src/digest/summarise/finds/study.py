"""The sentences of an article that can be read alone, which all finders choose from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from digest.model.article import Article
from digest.model.finds import Find
from digest.model.story import Bullet
from digest.summarise.days import Timing, timing
from digest.summarise.lexicon import lexicon
from digest.summarise.passage import fragment
from digest.summarise.reading import Sentence, read

SHORTEST, LONGEST = 8, 42
"""Words of a sentence that stands alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """An article with its sentences that are clear without the others; ``written`` and ``read`` are local dates."""

    article: Article
    title: frozenset[str]
    """Stems of its headline."""
    sentences: tuple[Sentence, ...]
    total: int
    """How many sentences the article has."""
    written: date
    read: date

    @property
    def language(self) -> str:
        """The article's language."""
        return self.article.language


def study(article: Article, written: date, read_on: date) -> Study:
    """Return the sentences of an article that may be used on the day ``read_on``."""
    reading = read(article.text, article.title, article.language)
    fit = tuple(
        sentence
        for sentence in reading.sentences
        if _stands_alone(sentence) and timing(sentence.text, article.language, written, read_on) is Timing.RIGHT
    )
    return Study(
        article=article,
        title=reading.title,
        sentences=fit,
        total=max(1, len(reading.sentences)),
        written=written,
        read=read_on,
    )


def _stands_alone(sentence: Sentence) -> bool:
    return not sentence.objection and not sentence.leans and SHORTEST <= sentence.words <= LONGEST


def is_personal(sentence: Sentence, language: str) -> bool:
    """Return whether the writer speaks of himself or to the reader, outside quotation marks."""
    known = lexicon(language)
    return not (known.first_person | known.second_person).isdisjoint(sentence.own)


def about_headline(sentence: Sentence, title: frozenset[str]) -> float:
    """Return the share of the headline's stems in a sentence."""
    return len(sentence.stems.keys() & title) / max(1, len(title))


def find(
    studied: Study, sentence: Sentence, source_name: str, *, why: str, figure: str = "", speaker: str = ""
) -> Find:
    """Return a sentence as a find, with its link."""
    article = studied.article
    start, end = sentence.told_start, sentence.told_end
    passage = Bullet(
        article_id=article.id,
        link=article.link,
        source_name=source_name,
        text=sentence.text,
        start=start,
        end=end,
        cut_start=any(map(str.isalnum, article.text[sentence.start : start])),
        cut_end=any(map(str.isalnum, article.text[end : sentence.end])),
        fragment=fragment(article.text, start, end),
    )
    return Find(passage=passage, figure=figure, speaker=speaker, why=why)


def best_first(scored: Iterator[tuple[float, Find]]) -> tuple[Find, ...]:
    """Return finds in order of their score, the highest first; equal ones in their order."""
    return tuple(found for _, found in sorted(scored, key=lambda each: -each[0]))
