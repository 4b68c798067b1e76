"""An article read once for everything that a letter shows of it: bullets, what comes next, numbers and quotations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from digest.model.article import Article
from digest.summarise.days import ReadingDay, Timing, timing
from digest.summarise.reading import Reading, Sentence, read
from digest.summarise.scorer import Model, shipped, values


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """An article split into sentences, with the facts by which sentences are chosen."""

    reading: Reading
    estimates: Mapping[int, float]
    """The model's estimate of each sentence that may be a bullet, by the start of the sentence."""
    timings: Mapping[int, Timing]
    """Whether the day words of such a sentence are right for the reader. A sentence without an entry is right."""

    def timing(self, sentence: Sentence) -> Timing:
        """Return whether the day words of a sentence are right for the reader."""
        return self.timings.get(sentence.start, Timing.RIGHT)


Assess = Callable[[Article], Assessment]
"""Returns the assessment of an article, perhaps one that was made before."""


def assess(
    article: Article,
    written: date | None = None,
    read_on: date | None = None,
    *,
    model: Model | None = None,
    estimates: Mapping[int, float] | None = None,
) -> Assessment:
    """Return the assessment of an article that was written and is read on these local dates.

    Without the dates no day is past. ``estimates`` are those that were made before, by the start of the sentence.
    """
    reading = read(article.text, article.title, article.language)
    timings: Mapping[int, Timing] = {}
    if written and read_on and written != read_on:
        usable = (sentence for sentence in reading.sentences if not sentence.objection)
        timings = {each.start: timing(each.text, article.language, written, read_on) for each in usable}
    if estimates is None:
        estimates = values(reading, model or shipped())
    return Assessment(reading=reading, estimates=estimates, timings=timings)


def assess_for(
    article: Article,
    day: ReadingDay | None,
    *,
    model: Model | None = None,
    estimates: Mapping[int, float] | None = None,
) -> Assessment:
    """Return the assessment of an article for a letter that is read on ``day``; without a day no day is past."""
    if day is None:
        return assess(article, model=model, estimates=estimates)
    written = day.written(article.published or article.first_seen)
    return assess(article, written, day.read, model=model, estimates=estimates)
