"""Sentences that announce an event with a date that is still ahead."""
# ruff: noqa: RUF001 - apostrophes and dashes of several languages are the subject here

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from digest.model.finds import Find
from digest.summarise.finds.dates import Mention, mentions, names_past_year
from digest.summarise.finds.finder_words import BREAKS, DEMONSTRATIVES, DOUBTS, ELSEWHERE, PLANS, RELATIVES
from digest.summarise.finds.study import (
    Study,
    about_headline,
    best_first,
    find,
    has_loose_pronoun,
    is_personal,
    opens_with_unknown,
)
from digest.summarise.finds.word_pattern import pattern
from digest.summarise.reading import Sentence
from digest.summarise.scorer import DOUBTFUL, WEAK
from digest.text.patterns import compiled

HORIZON = timedelta(days=180)
"""An event further ahead is no news of what comes next."""
_REACH = 110
"""Most characters between the verb of a plan and its date."""
_OPENING = 30
"""A sentence opens with a date that begins within so many characters."""
_AFTER_OPENING = 70
"""The verb of a plan follows an opening date within so many characters."""
_RELATIVE = 12
"""A relative pronoun within so many characters before a verb opens its clause."""
_SUBJECT = r"(?:the|a|an|der|die|das|ein|eine)\s"
_POSSESSIVE = ("'s", "’s")
_BRACKETS = r"\([^()]*\)"
_CUTS = ';:“”„«»"(—'
_MOST_QUOTED = 0.3
_NEAR = timedelta(days=8)
LEAST_ESTIMATE = DOUBTFUL
"""A sentence that an editor would delete as a bullet is no find either."""


def announcements(studied: Study, source_name: str) -> tuple[Find, ...]:
    """Return the sentences that announce a coming event, the best first. Empty for a language without lists."""
    return best_first(_announced(studied, source_name)) if studied.language in PLANS else ()


def _announced(studied: Study, source_name: str) -> Iterator[tuple[float, Find]]:
    for sentence in (*studied.sentences, *studied.with_headline):
        leans = sentence in studied.with_headline
        ahead = _coming(studied, sentence) if _is_plain(studied, sentence, leans=leans) else None
        if ahead is not None:
            near = ahead.first - studied.read <= _NEAR
            late = sentence.start / max(1, len(studied.article.text))
            score = 2 * about_headline(sentence, studied.title) + near - late - leans
            why = f"it announces an event of {ahead.first.isoformat()} or later"
            yield score, find(studied, sentence, source_name, leans=leans, why=why)


def _is_plain(studied: Study, sentence: Sentence, *, leans: bool) -> bool:
    """Return whether a sentence is a report without doubt, condition or look back."""
    estimate = studied.estimates.get(sentence.start, 0.0)
    about = about_headline(sentence, studied.title) > 0
    return (
        estimate >= (LEAST_ESTIMATE if about or leans else WEAK)
        and not opens_with_unknown(sentence, studied)
        and not pattern(ELSEWHERE[studied.language]).search(sentence.text)
        and sentence.quoted <= _MOST_QUOTED
        and not sentence.text[:1].islower()
        and not names_past_year(sentence.text, studied.read)
        and not is_personal(sentence, studied.language)
        and (leans or not has_loose_pronoun(sentence, studied.language))
        and not pattern(f"{DOUBTS[studied.language]}|{DEMONSTRATIVES[studied.language]}").search(sentence.text)
    )


def _coming(studied: Study, sentence: Sentence) -> Mention | None:
    """Return the date of the announced event; None when any date has passed, or none belongs to the plan."""
    named = mentions(sentence.text, studied.language, studied.written, studied.read)
    if not named or any(mention.first <= studied.read for mention in named):
        return None
    ahead = (mention for mention in named if mention.first - studied.read <= HORIZON)
    return next((mention for mention in ahead if _is_planned(sentence.text, studied.language, mention)), None)


def _is_planned(text: str, language: str, mention: Mention) -> bool:
    """Return whether the date is that of a plan: the plan's verb is before it, or follows a date at the opening."""
    if text[mention.end : mention.end + 2] in _POSSESSIVE:
        return False
    plan = pattern(PLANS[language])
    before = list(plan.finditer(text, 0, mention.start))
    if before and _belongs(text[before[-1].end() : mention.start], language):
        return not _is_relative(text[: before[-1].start()], language)
    behind = plan.search(text, mention.end, mention.end + _AFTER_OPENING) if _opens(text, mention) else None
    return behind is not None and _belongs(text[mention.end : behind.start()], language)


def _opens(text: str, mention: Mention) -> bool:
    """Return whether a date opens a sentence ("On Wednesday"), and is no part of its subject ("The Monday vote")."""
    before = text[: mention.start]
    return mention.start <= _OPENING and not compiled(_SUBJECT, re.IGNORECASE).match(before)


def _is_relative(before: str, language: str) -> bool:
    """Return whether a plan's verb is in a relative clause: what it announces is an aside of the sentence."""
    return bool(pattern(RELATIVES[language]).search(before[-_RELATIVE:]))


def _belongs(between: str, language: str) -> bool:
    """Return whether the words between a plan's verb and a date keep them together."""
    between = compiled(_BRACKETS).sub("", between)
    return (
        len(between) <= _REACH
        and not any(map(between.__contains__, ';:“”„«»"(—'))
        and not pattern(BREAKS[language]).search(between)
    )
