"""Sentences that quote a person who is named and introduced: the quote of the day."""
# ruff: noqa: RUF001 - quotation marks are the subject here

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from digest.model.finds import Find
from digest.summarise.finds.finder_words import CHARGES, COMPANY, OFFICES, PHRASES, SAYING, UNCLEAR
from digest.summarise.finds.introductions import CAPITALISED, NAME, NOT_NAMES, introduction, without_office
from digest.summarise.finds.name_words import TITLES
from digest.summarise.finds.study import Study, best_first, find, is_personal
from digest.summarise.finds.sureness import judged
from digest.summarise.finds.trait_words import (
    ACCUSATIONS,
    CONTRASTS,
    EXPERTS,
    JUDGING,
    PASTS,
    PLATITUDES,
    PUBLIC_OFFICES,
    SPOKESPEOPLE,
    STATEMENTS,
    WEIGHTY,
    WISHES,
)
from digest.summarise.finds.traits import common_traits, has_words, is_barred
from digest.summarise.finds.word_pattern import pattern
from digest.summarise.guard import leanings
from digest.summarise.lexicon import lexicon
from digest.summarise.pointers import points_back
from digest.summarise.reading import Sentence
from digest.text.patterns import compiled
from digest.text.words import STOP_WORDS, content_words, count_words, words

_MARKS = r"“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»|»([^«»]+)«|\"([^\"]+)\""
LEAST_QUOTED, MOST_QUOTED = 5, 36
"""Words in quotation marks."""
_LEAST_SHARE = 0.3
"""Least share of the sentence in quotation marks."""
_ONE_NAME = rf"(?<![\w.]){CAPITALISED}"
_OPENING = "\"'“„«» \u00a0\u202f‘"
_AROUND = ".,;:!?()[]’'”“\"»«"
_OF = r"(?:of|for|to|de|du|des|d['’]|del|von|vom|für|pour|por)"
"""Words before the name of somebody else: "the minister of Ida Lund"."""
_STOPS = (".", ",", "!")
_MARKS_INSIDE = ("?", "…", "...", "[", "(")
_OPENING_WORDS = 6
"""A pronoun among so many first quoted words means somebody whom the reader does not know."""
_GAP = (
    r"(?:(?!(?:in|on|at|to|during|from|after|when|by|for|as|about|near|outside|with|über|sur|sobre|dans|lors|en|à|im|am|bei|zu"
    r"|aus|vor|seit|depuis|devant|chez|vers|desde|hasta|ante|con)\b)"
    r"[^\s,.“”„\0]+\.? ){0,8}?"
)
_LISTENER = r"(?:\s(?:à l['’]|à |au |auprès de |auprès du )[A-ZÀ-Þ][\w-]+(?: [A-Z][\w-]+)?,?)?"
"""To whom somebody speaks, in French: "a déclaré à l'AFP Ida Lund"."""
_BEHIND = r"{listener}\s(?P<gap>{gap})(?P<name>{name})"
"""A name behind a verb of saying, with words of an office between, and no comma."""
_APPOSED = (
    r"{listener}\s(?P<gap>(?:the|an?|der|die|das|le|la|l['’]|une?|el|su|sein|ihr)[^,.:;“”„\0]{{3,90}}),"
    r"\s(?P<name>{name})"
)
"""A name behind words that say who it is: "erklärte der Sprecher der Partei, Ida Lund"."""
_BEFORE = r"(?P<name>{name})(?:,[^,\0“”]{{3,90}},|\s\([^)]{{1,40}}\)|,)?\s(?:\w+ly\s)?"
"""A name before a verb of saying, perhaps with who it is between commas."""
_APPOSITION = r"\A\s?(?:\(|, )(?:\d\d, )?(?:an? |the |who |[a-zà-ÿ])"
_LISTENERS = frozenset({"leur", "lui", "ihm", "ihnen"})
"""Pronouns for those to whom somebody speaks: the sentence does not say who they are."""
_NEAR = 60
"""An office within so many characters from a name says who it is."""
_FIRST = frozenset({"i", "my", "me", "ich", "mein", "mich", "mir", "je", "j", "mon", "yo", "mi"})
_WE = frozenset({"we", "our", "us", "wir", "unser", "nous", "on", "notre", "nosotros"})
"""Words of the first person; an apostrophe separates words."""
BARS = (
    "charge beside it",
    "accusation",
    "further quotations",
    "question or gap",
    "narrator speaks",
    "pronoun in the opening",
    "unclear word",
)
"""A sentence with one of these traits is no quote of the day: of 100 an editor printed at most about twenty."""
NEEDS = ("known speaker", "ends as a sentence")
"""Without one of these traits an editor printed about one of ten."""
_LONG_QUOTE, _SHORT_QUOTE = 26, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who is quoted: the name, and how the reader knows it."""

    name: str
    introduced: bool
    """An office, a trade or an apposition stands beside the name."""
    in_headline: bool
    full: bool
    credit: str = ""
    """How an earlier sentence of the article introduces the speaker, word for word; empty when this one does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A quotation in its sentence: the words in quotation marks, and the sentence with NUL in place of all of them."""

    inside: str
    own: str
    start: int
    more: int
    """How many further quotations the sentence has."""


def quoted(studied: Study, source_name: str) -> tuple[Find, ...]:
    """Return the sentences that quote an introduced person, the best first. Empty for a language without lists."""
    return best_first(_quoting(studied, source_name)) if studied.language in SAYING else ()


def may_quote(studied: Study) -> Iterator[tuple[Sentence, Speaker, dict[str, float]]]:
    """Yield the sentences that may be a quote of the day, each with its speaker and its traits."""
    for sentence in studied.sentences:
        saying = saying_of(sentence)
        speaker = speaker_of(saying, studied, sentence) if saying else None
        traits = quote_traits(studied, sentence, saying, speaker) if saying and speaker else {}
        if speaker and not is_barred(traits, BARS, NEEDS):
            yield sentence, speaker, traits


def _quoting(studied: Study, source_name: str) -> Iterator[tuple[float, Find]]:
    for sentence, speaker, traits in may_quote(studied):
        verdict = judged("quote", traits)
        if verdict.printed:
            who = speaker.credit or speaker.name
            made = find(
                studied,
                sentence,
                source_name,
                speaker=speaker.name,
                credit=speaker.credit,
                why=f"{who} is quoted; {verdict.why}",
                sureness=verdict.value,
            )
            yield verdict.value, made


def saying_of(sentence: Sentence) -> Saying | None:
    """Return the longest quotation of a sentence, if it is a statement and no few quoted words."""
    if not sentence.quoted:
        return None
    spans = list(compiled(_MARKS).finditer(sentence.text))
    whole = [span for span in spans if _inside(span)[:1].isupper() or _inside(span)[:1].isdigit()]
    said = max(whole, key=lambda span: len(span.group()), default=None)
    if said is None or not LEAST_QUOTED <= count_words(_inside(said)) <= MOST_QUOTED:
        return None
    inside = _inside(said)
    if len(inside) < _LEAST_SHARE * len(sentence.text):
        return None
    own = compiled(_MARKS).sub(" \0 ", sentence.text)
    return Saying(inside=inside, own=own, start=said.start(), more=len(spans) - 1)


def _inside(said: re.Match[str]) -> str:
    return str(next(filter(None, said.groups()))).strip(_OPENING)


def quote_traits(studied: Study, sentence: Sentence, saying: Saying, speaker: Speaker) -> dict[str, float]:
    """Return the traits of a sentence with its quotation and its speaker."""
    inside, language, known = saying.inside, studied.language, lexicon(studied.language)
    said = words(inside)
    first, count = said[:_OPENING_WORDS], count_words(inside)
    vague = known.pronouns | known.demonstratives | known.additives
    stems = frozenset(content_words(inside, language))
    return common_traits(studied, sentence) | {
        "quoted words": min(count, MOST_QUOTED) / MOST_QUOTED,
        "long quotation": max(0, count - _LONG_QUOTE) / 10,
        "short quotation": max(0, _SHORT_QUOTE - count) / 5,
        "quoted share": len(inside) / max(1, len(sentence.text)),
        "opens with the quotation": float(not saying.start),
        "further quotations": float(saying.more > 0),
        "ends as a sentence": float(inside.endswith(_STOPS) or bool(compiled(r"\0 [,.]").search(saying.own))),
        "full name": float(speaker.full),
        "introduced": float(speaker.introduced),
        "speaker in the headline": float(speaker.in_headline),
        "known speaker": float(speaker.introduced or speaker.in_headline),
        "introduced before": float(bool(speaker.credit)),
        "voice of business": has_words(COMPANY, studied, saying.own),
        "charge": has_words(CHARGES, studied, inside),
        "charge beside it": has_words(CHARGES, studied, saying.own),
        "accusation": has_words(ACCUSATIONS, studied, saying.own + inside),
        "set phrase": has_words(PHRASES, studied, inside),
        "unclear word": has_words(UNCLEAR, studied, inside),
        "vague opening": float(bool(first) and first[0] in vague),
        "pronoun in the opening": float(not known.subjects.isdisjoint(first)),
        "somebody unnamed": float(not known.persons.isdisjoint(said)),
        "leaning quotation": float(any(leanings(inside, language)) or points_back(inside, language)),
        "question or gap": float(any(map(inside.__contains__, _MARKS_INSIDE))),
        "numbers quoted": min(3, len(compiled(r"\d+").findall(inside))) / 3,
        "commas quoted": min(4, inside.count(",")) / 4,
        "new stems": min(12, len(stems - studied.title)) / 12,
        "stems of the headline quoted": min(3, len(stems & studied.title)) / 3,
        "in the first person": float(not _FIRST.isdisjoint(said)),
        "we": float(not _WE.isdisjoint(said)),
        "wish or denial": has_words(WISHES, studied, inside),
        "narrator speaks": float(is_personal(sentence, language)),
        "public office": has_words(PUBLIC_OFFICES, studied, saying.own),
        "explains": has_words(EXPERTS, studied, saying.own),
        "contrast": min(3, len(pattern(CONTRASTS[language]).findall(inside))) / 3,
        "platitude": min(2, len(pattern(PLATITUDES[language]).findall(inside))) / 2,
        "headline is a quotation": float(any(map(studied.article.title.__contains__, '"“„«'))),
        "pronouns": min(4, sum(word in known.pronouns or word in known.demonstratives for word in said)) / 4,
        "speaker late": float(not speaker.introduced and not speaker.in_headline),
        "listener unnamed": float(not _LISTENERS.isdisjoint(sentence.own)),
        "speaks for another": has_words(SPOKESPEOPLE, studied, saying.own),
        "a statement": has_words(STATEMENTS, studied, saying.own),
        "weighty words": min(3, len(pattern(WEIGHTY[language]).findall(inside))) / 3,
        "past tense quoted": min(3, len(pattern(PASTS[language]).findall(inside))) / 3,
        "words of judgement": min(2, len(pattern(JUDGING[language]).findall(inside))) / 2,
        "own words": min(30, len(sentence.own)) / 30,
    }


def speaker_of(saying: Saying, studied: Study, sentence: Sentence) -> Speaker | None:
    """Return who speaks: a full name beside the verb of saying, or a surname of the headline or with a title."""
    for full in (True, False):
        for found in _named(saying.own, studied.language, NAME if full else _ONE_NAME):
            name = without_office(found["name"], studied.language)
            known = not NOT_NAMES.isdisjoint(name.casefold().split())
            if not name or known or (full and " " not in name):
                continue
            title = {word.casefold() for word in re.findall(r"[\w-]+", studied.article.title) if word[:1].isupper()}
            headed = name.casefold().split()[-1].strip(".,’'") in title
            titled = found.start("name") > 0 and _is_titled(saying.own[: found.start("name")])
            introduced = _is_introduced(saying.own, found, studied)
            text, language = studied.article.text, studied.language
            last = name.split()[-1].strip(_AROUND)
            credit = "" if introduced else introduction(last, text, sentence.start, language)
            if full or titled or credit or (headed and _is_person(name, studied)):
                known = introduced or bool(credit)
                return Speaker(name=name, introduced=known, in_headline=headed, full=full, credit=credit)
    return None


def _is_person(surname: str, studied: Study) -> bool:
    """Return whether the article has a first name or a title before a surname: a firm or a service has none."""
    known = STOP_WORDS.get(studied.language, frozenset()) | TITLES
    firsts = [left for left, right in pairwise(studied.article.text.split()) if right.strip(_AROUND) == surname]
    named = any(left[:1].isupper() and left[-1:].isalpha() and left.casefold() not in known for left in firsts)
    return named or any(left[:1].isupper() and left.strip(".").casefold() in TITLES for left in firsts)


def _is_titled(before: str) -> bool:
    """Return whether a title such as "Sen." is directly before a name."""
    last = before.split()[-1:] or [""]
    return last[0].strip(".").casefold() in TITLES


def _named(own: str, language: str, name: str) -> Iterator[re.Match[str]]:
    """Yield the names beside each verb of saying: first the one behind it, then those before it."""
    behind_it = _BEHIND.format(listener=_LISTENER, gap=_GAP, name=name)
    apposed, before_it = _APPOSED.format(listener=_LISTENER, name=name), _BEFORE.format(name=name)
    for verb in pattern(SAYING[language]).finditer(own):
        direct = verb.group().casefold() != "told"
        behind = compiled(behind_it).match(own, verb.end()) if direct else None
        behind = behind or (compiled(apposed).match(own, verb.end()) if direct else None)
        before = [each for each in compiled(before_it).finditer(own, 0, verb.start()) if each.end() == verb.start()]
        yield from filter(None, (behind, *before))


def _is_introduced(own: str, found: re.Match[str], studied: Study) -> bool:
    """Return whether a sentence says who a person is: an office or a trade beside the name, or an apposition."""
    gap = found.groupdict().get("gap", "").split()
    if gap and compiled(_OF).fullmatch(gap[-1]):
        return False
    start, end = found.span("name")
    near = own[max(0, start - _NEAR) : end + _NEAR]
    if " ".join(gap).islower():
        return True
    office = pattern(OFFICES[studied.language])
    return bool(office.search(near)) or bool(compiled(_APPOSITION).match(own[end:]))
