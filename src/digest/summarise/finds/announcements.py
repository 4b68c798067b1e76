"""Sentences that announce an event with a date that is still ahead: what comes next."""
# ruff: noqa: RUF001 - apostrophes and dashes of several languages are the subject here

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from digest.model.finds import Find
from digest.summarise.day_phrases import WEEKDAYS
from digest.summarise.finds.dates import Mention, mentions
from digest.summarise.finds.finder_words import BREAKS, DOUBTS, PLANS, POSSESSIVES, RELATIVES
from digest.summarise.finds.study import Study, best_first, find
from digest.summarise.finds.sureness import judged
from digest.summarise.finds.trait_words import EVENTS, FIXED_PLANS, HABITS, LOOSE_PLANS, PASTS, SALES, UNTIL
from digest.summarise.finds.traits import common_traits, has_words, is_barred, without_decisions
from digest.summarise.finds.word_pattern import pattern
from digest.summarise.lexicon import lexicon
from digest.summarise.reading import Sentence
from digest.text.patterns import compiled

HORIZON = timedelta(days=180)
"""An event further ahead is no news of what comes next."""
_REACH = 140
"""Most characters between the verb of a plan and its date."""
_OPENING = 30
"""A sentence opens with a date that begins within so many characters."""
_AFTER_OPENING = 70
"""The verb of a plan follows an opening date within so many characters."""
_BESIDE = 60
"""A verb is beside a date within so many characters."""
_RELATIVE = 12
"""A relative pronoun within so many characters before a verb opens its clause."""
_SUBJECT = r"(?:the|a|an|der|die|das|ein|eine)\s"
_ON = r"\b(?:on|am|ab|im|in|le|dès|el)\s\Z"
"""A preposition before a date makes it none of the subject: "The mayor on Monday will open"."""
_POSSESSIVE = ("'s", "’s")
_BRACKETS = r"\([^()]*\)"
_CUTS = r"[:;](?!\d)|[“”„«»\"(—]"
"""Marks that part a plan from a date; a colon in a time of day does not."""
_PASSIVE = r"\b(?:be|been) \w+"
"""What "will be announced" says is ahead."""
_THAT, _REPORTED = r"that|dass|que", 30
"""Words behind a verb of saying, which is so many characters before at most."""
_MAIN = 40
"""The clause of the event reaches to the first comma behind its date and behind so many characters."""
_MOST_QUOTED = 0.6
_NEAR = timedelta(days=8)
_MOST_MENTIONS = 3
_VAGUE = r"weeks|year|wochen|jahr|semaines|année|\ban\b|semanas|año"
"""A date within weeks or a year is vague."""
_UNTIL_REACH = 25
BARS = (
    "whose date",
    "dash",
    "relative clause",
    "colon or semicolon",
    "speaks of itself",
    "until the date",
    "vague date",
    "opens with a further one",
    "opens with a connective",
    "demonstrative",
    "loose pronoun",
    "elsewhere",
    "doubt",
    "a habit",
)
"""A sentence with one of these traits announces nothing that is clear and sure."""
NEEDS = ("planned",)
"""Without it an editor printed one sentence in fourteen; with it more than half."""


def announcements(studied: Study, source_name: str) -> tuple[Find, ...]:
    """Return the sentences that announce a coming event, the best first. Empty for a language without lists."""
    return best_first(_announced(studied, source_name)) if studied.language in PLANS else ()


def may_announce(studied: Study) -> Iterator[tuple[Sentence, Mention, dict[str, float]]]:
    """Yield the sentences that may announce a coming event, each with the event's date and its traits."""
    for sentence in studied.sentences:
        named = mentions_in(sentence, studied)
        ahead = event_of(sentence, studied, named)
        traits = next_traits(studied, sentence, named, ahead) if ahead else {}
        if ahead and not is_barred(traits, BARS, NEEDS):
            yield sentence, ahead, traits


def _announced(studied: Study, source_name: str) -> Iterator[tuple[float, Find]]:
    for sentence, ahead, traits in may_announce(studied):
        verdict = judged("next", traits)
        if verdict.printed:
            why = f"it announces an event of {ahead.first.isoformat()} or later; {verdict.why}"
            leans = sentence.leans or sentence.start in studied.unclear.names | studied.unclear.things
            yield (
                verdict.value,
                find(studied, sentence, source_name, leans=leans, why=why, sureness=verdict.value),
            )


def mentions_in(sentence: Sentence, studied: Study) -> tuple[Mention, ...]:
    """Return the dates that a sentence names, if it may be an announcement: it is mostly no quotation."""
    leaning = sentence.leans and sentence.small[0] not in POSSESSIVES[studied.language]
    if sentence.quoted > _MOST_QUOTED or sentence.text[:1].islower() or leaning:
        return ()
    return mentions(sentence.text, studied.language, studied.written, studied.read)


def event_of(sentence: Sentence, studied: Study, named: Sequence[Mention]) -> Mention | None:
    """Return the date of the announced event: the first date ahead that belongs to a plan, or else the first ahead."""
    ahead = [mention for mention in named if studied.read < mention.first <= studied.read + HORIZON]
    planned = (mention for mention in ahead if is_planned(sentence.text, studied.language, mention))
    return next(planned, next(iter(ahead), None))


def next_traits(studied: Study, sentence: Sentence, named: Sequence[Mention], ahead: Mention) -> dict[str, float]:
    """Return the traits of a sentence with its dates and the date of its event."""
    text, language = sentence.text, studied.language
    before, behind = text[max(0, ahead.start - _BESIDE) : ahead.start], text[ahead.end : ahead.end + _BESIDE]
    beside = before + behind
    written = text[ahead.start : ahead.end]
    days = (ahead.first - studied.read).days
    return (
        common_traits(studied, sentence)
        | {
            "doubt": has_words(DOUBTS, studied, without_decisions(_main_clause(text, ahead), language)),
            "planned": float(is_planned(text, language, ahead)),
            "fixed plan": has_words(FIXED_PLANS, studied, text),
            "fixed plan beside the date": has_words(FIXED_PLANS, studied, beside),
            "verb of a plan": has_words(PLANS, studied, text),
            "verb beside the date": has_words(LOOSE_PLANS, studied, beside),
            "break beside the date": has_words(BREAKS, studied, before),
            "break behind the date": has_words(BREAKS, studied, behind),
            "relative clause": float(_has_relative(before, language)),
            "opens with the date": float(_opens(text, language, ahead)),
            "ends with the date": float(len(text) - ahead.end <= 2),  # noqa: PLR2004 - a stop and a mark
            "whose date": float(text[ahead.end : ahead.end + 2] in _POSSESSIVE),
            "a date": float(bool(compiled(r"\d").search(written))),
            "a weekday": float(_is_weekday(written, language)),
            "vague date": float(bool(compiled(_VAGUE, re.IGNORECASE).search(written))),
            "until the date": float(bool(pattern(UNTIL[language]).search(before[-_UNTIL_REACH:]))),
            "public event": has_words(EVENTS, studied, text),
            "a habit": has_words(HABITS, studied, text),
            "goods": has_words(SALES, studied, text),
            "near": float(ahead.first - studied.read <= _NEAR),
            "days ahead": min(days, HORIZON.days) / HORIZON.days,
            "dates": min(len(named), _MOST_MENTIONS) / _MOST_MENTIONS,
            "a passed date": float(any(mention.first <= studied.read for mention in named)),
            "quoted": sentence.quoted,
        }
    )


def _main_clause(text: str, ahead: Mention) -> str:
    """Return a sentence up to the end of the clause that tells the event."""
    end = text.find(",", max(ahead.end, _MAIN))
    return text if end < 0 else text[:end]


def _has_relative(before: str, language: str) -> bool:
    """Return whether a relative pronoun follows a comma."""
    return any(pattern(RELATIVES[language]).match(part.lstrip()) for part in before.split(",")[1:])


def _is_weekday(written: str, language: str) -> bool:
    names = WEEKDAYS[language].replace(" ", "|")
    return bool(pattern(names).search(written))


def is_planned(text: str, language: str, mention: Mention) -> bool:
    """Return whether the date is that of a plan: the plan's verb is before it, or follows a date at the opening."""
    if text[mention.end : mention.end + 2] in _POSSESSIVE:
        return False
    plan = pattern(PLANS[language])
    before = list(plan.finditer(text, 0, mention.start))
    if before and _belongs(text[before[-1].end() : mention.start], language):
        return not _is_relative(text[: before[-1].start()], language)
    behind = plan.search(text, mention.end, mention.end + _AFTER_OPENING) if _opens(text, language, mention) else None
    return behind is not None and _belongs(text[mention.end : behind.start()], language)


def _opens(text: str, language: str, mention: Mention) -> bool:
    """Return whether a date opens a sentence ("On Wednesday").

    It is no part of the subject ("The Monday vote"), nor the day on which somebody spoke ("Norrhaven said on Monday").
    """
    before = text[: mention.start]
    told = pattern(PASTS[language]).search(before)
    subject = compiled(_SUBJECT, re.IGNORECASE).match(before) and not compiled(_ON, re.IGNORECASE).search(before)
    return mention.start <= _OPENING and not told and not subject


def _is_relative(before: str, language: str) -> bool:
    """Return whether a plan's verb is in a relative clause: what it announces is an aside of the sentence.

    The clause of "announced that she will leave" is no aside.
    """
    reported = pattern("|".join(lexicon(language).speech))
    said = any(reported.search(before[: found.start()][-_REPORTED:]) for found in pattern(_THAT).finditer(before))
    return not said and bool(pattern(RELATIVES[language]).search(before[-_RELATIVE:]))


def _belongs(between: str, language: str) -> bool:
    """Return whether the words between a plan's verb and a date keep them together."""
    between = compiled(_PASSIVE).sub("", compiled(_BRACKETS).sub("", between))
    return (
        len(between) <= _REACH and not compiled(_CUTS).search(between) and not pattern(BREAKS[language]).search(between)
    )
