"""The name that stands for a story in a list: its headlines and texts share it."""
# ruff: noqa: RUF001 - apostrophes and dashes of several languages are the subject here

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from digest.model.article import Article
from digest.summarise.day_phrases import WEEKDAYS
from digest.summarise.finds.finder_words import FURTHER, LANGUAGES, MONTHS
from digest.summarise.finds.name_words import ADJECTIVES, GENERIC, HEADS, PLACES_OF_POWER, TITLES
from digest.summarise.finds.word_pattern import pattern
from digest.summarise.spelling import POSSESSIVE, spelling
from digest.text.patterns import compiled
from digest.text.similarity import rarity, terms
from digest.text.words import STOP_WORDS

MOST_WORDS, MOST_CHARACTERS = 3, 28
OPENING = 1_000
"""A story is about a name that its text uses within so many characters."""
LEAST_MENTIONS = 2
"""Least uses of the name in the text of a single article, besides its headline."""
_TEXT = 6_000
_ARTICLES = (
    r"der|die|das|dem|den|des|ein|eine|einen|einem|einer|eines|kein\w*|jede\w*|diese\w*|im|zum|zur|am|vom|beim|ins|ans"
    r"|sein\w*|ihr\w*|unser\w*|[a-zäöü]{3,}(?:e|en|er|es|em)"
)
_WORD = r"[^\W_]+(?:['’-][^\W_]+)*\.?(?:[A-Z]\.)*"
_OFTEN = 4
"""A word that is in lower case so many times less often than with a capital is a name."""
_PART = 0.5
"""A name that is a part of one longer name in this share of its uses is not complete."""
_WITH_ARTICLE = 0.15
"""A German word with an article in a larger share of its uses is a common noun, and no name."""
_LATER = 0.4
"""What each earlier name of the headline costs a later one: the first is mostly what the story is about."""
_BEFORE_LAST = 0.7
"""A name that begins later in the headline, as a share of its characters, is mostly an object or a place."""
_FULL = 0.1
"""A surname is written in full in at least this share of its uses."""
_SAME_PERSON = 0.8
"""So large a share of the first names before a surname is the same: the texts speak of one person."""
_FIRST = r"[^\W\d_a-zà-ÿ]\w+(?:-[^\W\d_a-zà-ÿ]\w+)?"
_CAPITAL = r"[^\W\d_a-zà-ÿ]"
_PARTICLES = r"de|du|des|del|d|di|da|van|von|bin|al|of"
_INSIDE = {"en": "in|across|near", "de": "in|nach|bei", "fr": "à|en|au", "es": "en"}
"""Prepositions before a place."""
_ABOUT_PLACE = {
    "en": (
        "in|at|near|to|hits?|off|from|across",
        "to|is|was|has|will|says?|gets|takes|votes|bans|wins|loses|warns|rejects|approves|faces|cuts|ends|begins",
    ),
    "de": ("in|nach|bei|aus|von", "ist|hat|wird|will|soll"),
    "fr": ("à|en|au|de", "est|a|va|veut"),
    "es": ("en|a|de", "es|ha|va|quiere"),
}
"""Words before and behind a place in a headline that is about it, and does not only describe by it."""
_EARLY = 0.4
"""A single word that begins later in the headline mostly describes another word."""
_LONGEST_ACRONYM = 3
_MARGIN = 0.25
"""The best name is at least so much better than another one: of two equal names neither is sure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryName:
    """The words that name a story, and why they were chosen; both empty when none are sure."""

    words: str = ""
    why: str = ""
    others: tuple[str, ...] = ()
    """Other names of its headline, best first, for a letter in which another story has that name."""


def story_name(headline: str, articles: Sequence[Article], outlets: frozenset[str]) -> StoryName:
    """Return the words that name a story.

    Args:
        headline: the story's headline, in sentence case.
        articles: the story's articles, the lead first.
        outlets: names of sources in lower case; a paper's own name names no story.
    """
    language = articles[0].language
    if language not in LANGUAGES:
        return StoryName()
    titles = [headline, *(article.title for article in articles[1:])]
    texts = "\n".join(article.text[:_TEXT] for article in articles[:4])
    runs = [run for run in _runs(headline, texts, language) if _is_fit(run, texts, language, outlets)]
    runs = [run for run in runs if _is_subject(run, headline) and not _is_head(run, texts, language)]
    runs = [run for run in runs if not _describes(run, headline, texts, language)]
    runs = [run for run in runs if " " in run or _may_stand_alone(run, headline, texts, language)]
    scored = [(_score(run, titles, texts, articles[0]) - _LATER * place, run) for place, run in enumerate(runs)]
    scored.sort(key=lambda each: -each[0])
    if not scored:
        return StoryName()
    if len(scored) > 1 and scored[0][0] - scored[1][0] < _MARGIN:
        return StoryName()
    best, *others = (_in_full(run, texts, language) for _, run in scored)
    if not best or not _is_short(best):
        return StoryName()
    shared = sum(_has(title, scored[0][1]) for title in titles)
    why = f"{shared} of {len(titles)} headlines and {_count(texts, best)} places of the text have it"
    return StoryName(
        words=best,
        why=why,
        others=tuple(dict.fromkeys(each for each in others if each and each != best and _is_short(each))),
    )


def _runs(headline: str, texts: str, language: str) -> list[str]:
    """Return the runs of name words in a headline, in their order."""
    runs: list[list[str]] = [[]]
    end = 0
    headline = headline.replace("\N{SOFT HYPHEN}", "")
    for found in compiled(_WORD).finditer(headline):
        word = POSSESSIVE.sub("", found.group()).rstrip(".") or found.group()
        joined = headline[end : found.start()] == " " and end > 0
        if not joined:
            runs.append([])
        if _is_name(word, texts, language) or (runs[-1] and joined and word.isdigit()):
            runs[-1].append(word)
        else:
            runs.append([])
        end = found.end() if word == found.group() else found.end() + len(headline)
    return [" ".join(run) for run in map(_without_titles, runs) if run]


def _without_titles(run: list[str]) -> list[str]:
    """Return a run of names without titles at its beginning: "President Ek" -> "Ek"."""
    while run and run[0].casefold() in TITLES:
        run = run[1:]
    return run


def _is_name(word: str, texts: str, language: str) -> bool:
    """Return whether the texts write a headline's word as a name: with a capital, also inside of sentences."""
    if not word[:1].isupper() or len(word) < 2:  # noqa: PLR2004 - a letter is no name
        return False
    spelt = spelling(texts)
    capital, small = spelt.capital(word.casefold()), spelt.small(word.casefold())
    return capital >= 1 and capital >= _OFTEN * small and word.casefold() not in _calendar(language)


def _is_fit(run: str, texts: str, language: str, outlets: frozenset[str]) -> bool:
    """Return whether a name can stand for the story."""
    words = run.casefold().split()
    if not _is_short(run) or run.casefold() in outlets | PLACES_OF_POWER:
        return False
    if len(words) == 1 and (words[0] in ADJECTIVES[language] or words[0] in GENERIC[language]):
        return False
    if words[-1] in ADJECTIVES[language] or words[-1] in TITLES:
        return False
    if language == "de" and _is_common(words[-1], texts):
        return False
    return _count(texts, run) >= LEAST_MENTIONS and _has(texts[:OPENING], run) and not _is_part(run, texts, language)


def _is_short(run: str) -> bool:
    return len(run.split()) <= MOST_WORDS and len(run) <= MOST_CHARACTERS


def _is_subject(run: str, headline: str) -> bool:
    """Return whether a name is early in a headline, and is no part of a list of names or of a description.

    Examples of those: "Ek, Lund and Berg", "a former Ek aide".
    """
    found = _uses(run).search(headline)
    if found is None or found.start() > _BEFORE_LAST * len(headline):
        return False
    if re.search(rf"(?i:\b(?:former|ex|an?)) {re.escape(run)} [^\W\d_]", headline):
        return False
    if _is_piece(found.span(), headline):
        return False
    behind = compiled(r"(?:,| and| und| et| y| &) [^\W\d_a-zà-ÿ]").match(headline, found.end())
    before = compiled(r"\w(?:,| and| und| et| y| &) \Z").search(headline[: found.start()])
    return not behind and not (before and headline[: before.start() + 1].rsplit(maxsplit=1)[-1][:1].isupper())


def _describes(run: str, headline: str, texts: str, language: str) -> bool:
    """Return whether a place only describes the next word of a headline: "a Norrhaven miner".

    A reader of the list alone would expect another story.
    """
    found = _uses(run).search(headline)
    if language != "en" or found is None or not _is_place(run, texts, language):
        return False
    behind = compiled(r" ([^\W\d_]+)").match(headline, found.end())
    led = _is_led(headline[: found.start()], language)
    return bool(behind and not led and not re.fullmatch(_ABOUT_PLACE[language][1], behind[1]))


def _is_led(before: str, language: str) -> bool:
    """Return whether the part of a headline before a place ends with a preposition of places."""
    return bool(re.search(rf"(?i:\b(?:{_ABOUT_PLACE[language][0]})) \Z", before))


def _is_piece(span: tuple[int, int], headline: str) -> bool:
    """Return whether a particle joins a name to another one in a headline: "Corée du Nord", "Ida de Lund"."""
    behind = compiled(rf" (?:{_PARTICLES})['’ ] ?{_CAPITAL}").match(headline, span[1])
    before = compiled(rf"{_CAPITAL}[\w-]* (?:(?:{_PARTICLES}|L[ea]) (?:la |l['’])?|d['’])\Z").search(
        headline[: span[0]]
    )
    return bool(behind or before)


def _may_stand_alone(word: str, headline: str, texts: str, language: str) -> bool:
    """Return whether a single word is a whole name that the headline is about."""
    found = _uses(word).search(headline)
    if found is None or (word.isupper() and len(word) <= _LONGEST_ACRONYM):
        return False
    behind = headline[found.end() :]
    if compiled(r" [^\W\d_a-zà-ÿ]").match(behind) and language != "de":
        return False
    if language == "de" and word.endswith("s") and _has(texts, word[:-1]):
        return False
    led = _is_led(headline[: found.start()], language) and not re.match(r" ['‘“\"„«]", behind)
    if not _is_place(word, texts, language):
        return led or found.start() <= _EARLY * len(headline)
    return led or bool(re.match(rf"[:,]| (?:{_ABOUT_PLACE[language][1]})\b", behind))


def _is_head(run: str, texts: str, language: str) -> bool:
    """Return whether the texts name somebody as the head of a state or a church, or as a former one."""
    name = re.escape(run.rsplit(maxsplit=1)[-1])
    before = rf"(?<!vice )(?<!\w)(?i:{HEADS[language]})\s(?:[^\W\d_a-zà-ÿ]\S*\s){{0,2}}"
    return bool(re.search(rf"{before}{name}(?!\w)(?! Jr)", texts))


def _in_full(run: str, texts: str, language: str) -> str:
    """Return a surname with the first name that the texts give before it: "Ek" -> "Ida Ek".

    Empty when the texts give several first names, or none to a person. Names of places and acronyms stay as they are.
    In German a place alone may stay: each noun has a capital, so that no first name is sure.
    """
    if " " in run or run.isupper() or _is_place(run, texts, language):
        return run
    firsts, unsure = _first_names(run, texts, language)
    word, count = firsts.most_common(1)[0] if firsts else ("", 0)
    if language == "de":
        return ""
    if count >= _SAME_PERSON * (firsts.total() + unsure) and count >= _FULL * _count(texts, run):
        return f"{word} {run}" if _is_introduced(run, word, texts) else ""
    return "" if firsts or unsure or _is_person(run, texts) else run


def _is_introduced(surname: str, first: str, texts: str) -> bool:
    """Return whether the texts give the first name where they first use the surname, as news does."""
    use = _uses(surname).search(texts)
    return bool(use and texts[: use.start()].endswith(f"{first} "))


def _first_names(run: str, texts: str, language: str) -> tuple[Counter[str], int]:
    """Return the possible first names before a surname, and how often a longer name has it as its last word."""
    found: Counter[str] = Counter()
    unsure = 0
    for before, first in re.findall(rf"(?:(\S+) )?(?<![\w.’'-])({_FIRST}) {re.escape(run)}(?!\w)", texts):
        word = first.casefold()
        if word in GENERIC[language]:
            unsure += 1
            continue
        known = TITLES | ADJECTIVES[language] | STOP_WORDS[language]
        if word in known or spelling(texts).small(word) or pattern(FURTHER[language]).fullmatch(word):
            continue
        longer = before[:1].isupper() and before[-1:].isalpha() and before.casefold() not in TITLES
        unsure += longer
        found[first] += not longer
    return +found, unsure


def _is_place(run: str, texts: str, language: str) -> bool:
    """Return whether the texts say that something is in a place of this name."""
    return bool(re.search(rf"\b(?i:{_INSIDE[language]}) {re.escape(run)}(?!\w)(?! [A-ZÄÖÜ])", texts))


def _is_person(run: str, texts: str) -> bool:
    """Return whether the texts put a title before a name, or let it speak."""
    titled = re.findall(rf"(\w+)\.? {re.escape(run)}(?!\w)", texts)
    return any(word.casefold() in TITLES for word in titled) or bool(
        re.search(rf"(?<!\w){re.escape(run)}['’]?s? (?:said|says|told|wife|husband|son|daughter|dit)\b", texts)
    )


def _is_common(word: str, texts: str) -> bool:
    """Return whether a German text uses a word as a common noun: with an article or an adjective before it."""
    uses = re.findall(rf"(?<!\w)(\w+) {re.escape(word)}(?!\w)", texts, re.IGNORECASE)
    plain = [before for before in uses if compiled(_ARTICLES, re.IGNORECASE).fullmatch(before)]
    return len(plain) > _WITH_ARTICLE * max(1, len(uses))


def _is_part(run: str, texts: str, language: str) -> bool:
    """Return whether the texts mostly use a name as a part of one longer name ("Hong" of Hong Kong)."""
    uses = list(_uses(run).finditer(texts))
    if language == "de":
        return False
    after = Counter(
        texts[use.end() :].split(" ", 2)[1].strip(".,;:!?)'’”\"")
        for use in uses
        if texts[use.end() : use.end() + 1] == " "
    )
    named = [count for word, count in after.items() if word[:1].isupper()]
    return max(named, default=0) > _PART * len(uses)


def _score(run: str, titles: Sequence[str], texts: str, lead: Article) -> float:
    """Return how well a name stands for the story: shared by headlines, used often and early, and rare."""
    shared = sum(_has(title, run) for title in titles) / len(titles)
    uses = min(_count(texts, run), 8)
    known = max(map(rarity, terms(run)), default=0.0)
    first = _uses(run).search(lead.text)
    early = 1.0 if first and first.start() < OPENING // 2 else 0.0
    return 3 * shared + 0.25 * uses + 0.4 * known + early + 0.3 * (len(run.split()) > 1)


def _has(text: str, run: str) -> bool:
    return bool(_uses(run).search(text))


def _count(text: str, run: str) -> int:
    """Return how often a text uses a name; after the full name of a person it uses the last word alone."""
    return max(len(_uses(part).findall(text)) for part in (run, run.rsplit(maxsplit=1)[-1]))


@lru_cache(maxsize=512)
def _uses(run: str) -> re.Pattern[str]:
    """Return the pattern of a name; cached within a limit, since names are without number."""
    return re.compile(rf"(?<![\w-]){re.escape(run)}(?![\w-])")


@lru_cache(maxsize=8)
def _calendar(language: str) -> frozenset[str]:
    """Return the names of days and months, without the marks of their patterns."""
    names = compiled(r"[()?:]").sub("", f"{WEEKDAYS[language]} {MONTHS[language]}")
    return frozenset(names.replace("|", " ").split())
