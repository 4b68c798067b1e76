"""Which of a story's titles becomes its headline: complete, short, with most of the news, close to the others."""
# ruff: noqa: RUF001 - quotation marks of many languages are the subject here

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from digest.model.article import Article
from digest.model.ids import SourceId
from digest.summarise.headline import fit
from digest.text.ending import LONGEST_LINE, columns
from digest.text.similarity import STOPWORDS
from digest.text.title import site_names
from digest.text.words import stems, words

MOST_ARTICLES = 8
"""The number of articles of a story whose titles are compared."""
GOOD_LENGTH = 70
"""The number of columns that phones show in two lines."""
FRONT = 33
"""The number of characters of a subject that every phone shows: the actor and the event should be in them."""
_FRONT_TERMS = 4
"""So many content words fill these characters."""
_TELLING = 7
"""So many content words are enough for a title."""
_SHORT = 4
"""Words; a shorter title hardly says what happened."""
_OPENING = 600
"""The newest state of the story is in so many characters at the start of the text."""
_NEWER = timedelta(hours=1)
_OWN, _LEAD = 0.55, 0.15
"""The advantages of the lead's title and of its other forms: only a clearly better title replaces them."""
_WITHHOLDS = re.compile(
    r"\A\W*(?:how|why|what|who|when|where|which|here['’]s|this is|these|the (?:\w+ )?reason|does|do|did|is|are"
    r"|can|could|will|should|want to|"
    r"wie|warum|was|wer|wann|wo|so|darum|deshalb|diese|dieser|dieses|das steckt|"
    r"comment|pourquoi|quel(?:le)?s?|qui|où|voici|ces|que faut-il|qu['’]est-ce|"
    r"cómo|por qué|qué|quién|cuál(?:es)?|dónde|así|este es|esta es|estos son|"
    r"come|perché|cosa|ecco|chi|como|por que|quem|waarom|hoe|wat|"
    r"как|почему|что|кто|зачем|где|когда|вот|كيف|لماذا|ماذا|ما هو|ما هي|من هو|هل|متى|أين)\b|[?？؟]\W*\Z",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"\A\W*(?:he|she|they|it|i|we|my|his|her|er|sie|ich|wir|mein|il|elle|ils|elles|je|nous|on|mon|él|ella|ellos|yo|mi|он|она|они|я|мы)\s",
    re.IGNORECASE,
)
"""A title about a person whom it does not name."""
_ONLY_SAID = re.compile(r"\A[\"“„«‘'][^\"”“»’]+[\"”“»’']\W*\Z")


@dataclass(frozen=True, slots=True)
class _Candidate:
    line: str
    """The title as it would be printed."""
    terms: frozenset[str]
    article: Article
    bonus: float


def story_headline(articles: Sequence[Article], ends: Mapping[SourceId, frozenset[str]] | None = None) -> str:
    """Return the headline of a story: the best of its articles' titles, fit for a letter; the lead's is preferred.

    A title is better when it withholds nothing, fits GOOD_LENGTH, tells more of what the lead's text opens with, shares
    more words with the other titles, and is of a newer article. The lead's own is kept unless another is clearly
    better. Empty when neither a title nor a text can be used.

    Args:
        articles: the articles of the story, the lead first.
        ends: for each source, the endings that its titles repeat (``text.title.repeated_ends``).
    """
    lead = articles[0]
    candidates = list(_candidates(articles[:MOST_ARTICLES], ends or {}))
    if not candidates:
        return fit("", frozenset(), lead.language, lead.text)
    opening = _terms(f"{lead.subtitle} {lead.text[:_OPENING]}")
    newest = max(_appeared(each.article) for each in candidates)
    return max(candidates, key=lambda each: _worth(each, candidates, opening, newest)).line


def _candidates(articles: Sequence[Article], ends: Mapping[SourceId, frozenset[str]]) -> Iterable[_Candidate]:
    lead = articles[0]
    for article in articles:
        if article.language != lead.language:
            continue
        names = site_names(article.site_name, urlsplit(article.url).hostname or "")
        names |= ends.get(article.source_id, frozenset())
        for title in dict.fromkeys(filter(None, (article.title, *article.titles))):
            line = fit(title, names, article.language, article.text)
            own = article is lead and title == lead.title
            if line:
                bonus = _OWN if own else _LEAD if article is lead else 0.0
                yield _Candidate(line=line, terms=_terms(line), article=article, bonus=bonus)


def _terms(text: str) -> frozenset[str]:
    return frozenset(stems((word for word in words(text) if word not in STOPWORDS), ""))


def _appeared(article: Article) -> datetime:
    return min(article.published or article.first_seen, article.first_seen)


def _worth(one: _Candidate, all_of_them: Sequence[_Candidate], opening: frozenset[str], newest: datetime) -> float:
    """Return the value of a title: what it tells, how close it is to the others, how new it is, minus its faults."""
    told = len(one.terms & opening) / max(1, len(one.terms)) if opening else 0.5
    said = min(1.0, len(one.terms) / _TELLING)
    others = [other.terms for other in all_of_them if other.article is not one.article]
    near = sum(_likeness(one.terms, other) for other in others) / len(others) if others else 0.0
    fresh = 0.4 if newest - _appeared(one.article) < _NEWER else 0.0
    front = min(1.0, len(_terms(one.line[:FRONT])) / _FRONT_TERMS)
    return one.bonus + told + said + 0.5 * near + 0.2 * front + fresh - _faults(one.line)


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0


def _faults(line: str) -> float:
    width = columns(line)
    over = max(0, width - GOOD_LENGTH) / 35 + (0.3 if width > LONGEST_LINE else 0.0)
    short = 0.3 if len(line.split()) < _SHORT and line.isascii() else 0.0
    hidden = 0.5 * (_WITHHOLDS.search(line) is not None) + 0.4 * (_NOBODY.match(line) is not None)
    return over + short + hidden + 0.5 * (_ONLY_SAID.match(line) is not None)
