"""What the scorers call for honest figures on the dev half: each text is judged by weights fitted without its fold.

    python ../shared/eval/day.py --ranker bench.crossvalidated:rank_day

The functions are those of ``bench.adapters`` but for the weights. Fitting takes a few seconds, once a process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from bench import adapters
from bench.fit_value import models_without
from bench.folds import fold_by_title, fold_of

import digest.rank.score
import digest.rank.value
from digest.model.article import Article
from digest.summarise.scorer import Model

__all__ = ["fold_of", "rank_day", "summarise", "summarise_by_title"]


def _fold(article: Article) -> int:
    return fold_of(article.title, article.text)


def _value(article: Article) -> digest.rank.value.NewsValue:
    value, kinds = models_without(_fold(article))
    return digest.rank.value.news_value(article, value, kinds)


@contextmanager
def _fitted_without() -> Iterator[None]:
    """Have the ranking judge each article by the models that never saw it."""
    score = vars(digest.rank.score)
    score.update(news_value=_value)
    try:
        yield
    finally:
        score.update(news_value=digest.rank.value.news_value)


def rank_day(docs: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Rank a day's articles, each judged by weights fitted without its fold."""
    with _fitted_without():
        return adapters.rank_day(docs)


def summarise(text: str, title: str, n: int, lang: str) -> list[str]:
    """Summarise one article by the model that was fitted without its fold."""
    from bench.fit_summariser import model_without  # noqa: PLC0415 - LightGBM, which no other figure needs

    return _told(model_without(fold_of(title, text)), text, title, n, lang)


def summarise_by_title(text: str, title: str, n: int, lang: str) -> list[str]:
    """Do the same with folds by title: two ways to share out the articles show how much of a difference is noise."""
    from bench.fit_summariser import model_without  # noqa: PLC0415 - as above

    return _told(model_without(fold_by_title(title, text), fold_by_title), text, title, n, lang)


def _told(model: Model, text: str, title: str, n: int, lang: str) -> list[str]:
    return [bullet.text for bullet in adapters.told_in_order(adapters.summarisable(text, title, lang), n, model)]
