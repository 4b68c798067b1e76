"""The house style of a headline: lower case as the article itself spells its words; names keep their capitals."""
# ruff: noqa: RUF001 - apostrophes, dashes and quotation marks are the subject here

from __future__ import annotations

import re

from digest.summarise.spelling import (
    CALENDAR,
    POSSESSIVE,
    WORD,
    Spelling,
    listed,
    relatives,
    small_words,
    spelling,
    word_set,
)
from digest.text.words import STOP_WORDS

_STARTS = re.compile(
    r"(?:\A|[:?!|]\s+|(?<=[^\W\d_]{4})(?<!\b(?:Corp|Sept|Dept|Univ|Assn))\.\s+|[.?!][\"”»]\s+)[\"“„«‘'(\[¿¡]*\Z"
)
_SHOUTED = 0.75
"""A title with this share of capitals among its letters is shouted."""
_SHOUTED_WORDS = 3
_TITLE_CASE = 0.86
"""A title with this share of capitalised words is in title case."""
_TITLE_WORDS = 2
_OFTEN = 4
"""A word that is in lower case so many times as often as with a capital is no name."""
_SHORTEST_SHOUT = 4
_SURE_SHOUT = 6
"""A word in capitals of so many letters is no acronym, even if the text does not have it in any form."""
_ACRONYMS = word_set(
    """AI ABC AFP AP BBC CDC CEO CIA CNN DNA DOJ EU FBI FIFA GDP GOP HIV HQ IMF IRS ISIS IVF MEP MP MPs NASA NATO NBA
        NFL NHL NHS NRA NYPD PM PMs OPEC PSG RAF SPD CDU CSU AFD FDP TV UAE UEFA UFO UK UN USA USDA VAT VW ZDF ARD WHO
        WTO"""
)
_AMBIGUOUS = frozenset({"WHO", "AI", "AP", "PMs", "MPs"})
_PREFIXES = word_set("""anti pre post pro non re co self ex pan counter mid over under ultra semi multi inter""")
"""Prefixes that are in lower case before a hyphen, whatever follows it."""
_OFFICES = word_set(
    """president minister senator congressman congresswoman representative secretary governor judge justice king queen
    prince princess pope mayor sheriff chairman chairwoman speaker chancellor premier general admiral captain colonel
    sergeant professor archbishop bishop cardinal emperor sultan"""
)
_OF_OFFICES = word_set(
    """prime vice attorney foreign defense defence home interior finance health labor treasury state"""
)
"""Words that form an office together with the next word."""
_ABSTRACT = re.compile(r"\A\w{3,}(?:ness|tion|tions|ment|ments|ism|ingly|ously|ally)\Z|\A\w{6,}ing\Z")
_ENGLISH = re.compile(r"\b(?:the|of|and)\b")
_ENOUGH_TEXT = 600
"""Every text of so many characters has one of the commonest words of its language."""
_SMALL = word_set(
    """about above across after against ahead along amid among around at before behind below beneath beside between
        beyond by despite down during for from in inside into like near of off on onto out outside over past per since
        than through to toward towards under until up upon via vs v with within without and but or nor so yet as if the
        a an is are was were be been being am has have had do does did not no it its it's he she they we you his her
        their our your my me him them this that these those who whom whose which what when where why how there here all
        more most than then too very just now only can could would should will may might must isn't don't doesn't didn't
        won't can't couldn't wouldn't shouldn't wasn't weren't aren't hasn't haven't he's she's they're we're you're
        that's what's who's here's there's you've we've they've you'll we'll they'll you'd let's how's where's when's
        why's new"""
)
"""English grammar words: in lower case in a headline unless they are part of a name."""


def sentence_case(title: str, text: str, language: str) -> str:
    """Return a title in sentence case if it is shouted or in title case; names are spelt as in ``text``.

    A word that neither the text nor the list of common words has may be a name, and keeps its capital.
    """
    language = _language(f"{text[:_ENOUGH_TEXT]} {title.lower()}", language)
    if _is_shouted(title):
        return _lowered(title, spelling(text), text, language)
    if _is_title_case(title, language):
        spelt = spelling(text)
        return _calmed(_sentence(title, spelt, language), spelt, text, language)
    shouts = any(len(word) >= _SHORTEST_SHOUT and word.isupper() for word in WORD.findall(title))
    return _calmed(title, spelling(text), text, language) if shouts else title


def _language(sample: str, language: str) -> str:
    """Return the language; of "en" and "und", "und" for a long text without the commonest English words, else "en"."""
    if language not in {"en", "und"}:
        return language
    return "en" if len(sample) < _ENOUGH_TEXT or _ENGLISH.search(sample) else "und"


def _is_shouted(title: str) -> bool:
    letters = [c for c in title if c.isalpha()]
    return len(WORD.findall(title)) >= _SHOUTED_WORDS and sum(map(str.isupper, letters)) >= _SHOUTED * len(letters)


def _is_title_case(title: str, language: str) -> bool:
    """Return whether nearly all words of a title have capitals, in a language that does not capitalise nouns."""
    if language in {"de", "lb"}:
        return False
    words = [match.group() for match in WORD.finditer(title) if match.start()]
    telling = [w for w in words if len(w) > 1 and not w.isupper() and _key(w) not in _SMALL]
    capitals = sum(word[:1].isupper() for word in telling)
    return len(telling) >= _TITLE_WORDS and capitals >= _TITLE_CASE * len(telling)


def _sentence(title: str, spelt: Spelling, language: str) -> str:
    """Return a title-case title as a sentence; a word between lower-case words needs less evidence to become one."""
    words = list(WORD.finditer(title))
    bare = [POSSESSIVE.sub("", match.group()) for match in words]
    initials = [title[match.end() : match.end() + 1] == "." and len(match.group()) == 1 for match in words]
    prefixes = [
        word.casefold() in _PREFIXES and title[m.end() : m.end() + 1] in {"-", "‑"}
        for word, m in zip(bare, words, strict=True)
    ]
    kept = [
        not prefixes[n] and (initials[n] or not _is_plain(word) or _is_name(bare, n, spelt, language))
        for n, word in enumerate(bare)
    ]
    for place, word in enumerate(bare):
        if kept[place] and not initials[place] and _is_plain(word) and _is_no_name(bare, place, kept, spelt, language):
            kept[place] = False
    if language != "en" and any(kept[n] and _is_unknown(bare[n], spelt) for n in range(1, len(bare))):
        return title
    _keep_offices(bare, kept, spelt)
    made, at = [], 0
    for place, match in enumerate(words):
        word = match.group()
        stays = kept[place] or _opens(title, match.start())
        made += [title[at : match.start()], word if stays else word[:1].lower() + word[1:]]
        at = match.end()
    return "".join((*made, title[at:]))


def _is_unknown(word: str, spelt: Spelling) -> bool:
    """Return whether the text does not have a word; outside English, nothing else shows whether it is a name."""
    return _is_plain(word) and not _is_met(word.casefold(), spelt)


def _keep_offices(words: list[str], kept: list[bool], spelt: Spelling) -> None:
    """Mark the office before a name, with its other words: "Prime Minister Rae", but "the prime minister"."""
    for place in reversed(range(len(words) - 1)):
        word, behind = words[place].casefold(), words[place + 1]
        names = kept[place + 1] and _is_plain(behind) and behind.casefold() not in CALENDAR
        if (
            names and word in _OFFICES and (spelt.capital(behind.casefold()) or not _is_met(behind.casefold(), spelt))
        ) or (kept[place + 1] and behind.casefold() in _OFFICES and word in _OF_OFFICES):
            kept[place] = True


def _is_no_name(words: list[str], place: int, kept: list[bool], spelt: Spelling, language: str) -> bool:
    """Return whether a word that the text does not have is in lower case after all: it is in no name of the text.

    The list must have it mostly in lower case, and the names beside it must occur in the text without it.
    """
    word = words[place].casefold()
    if language != "en" or _is_met(word, spelt):
        return False
    if not (word in listed()["mostly"] or word in listed()["rare"] or _ABSTRACT.search(word)):
        return False
    near = [words[n] for n in (place - 1, place + 1) if 0 <= n < len(words) and kept[n]]
    return all(
        not _is_plain(other)
        or _is_met(other.casefold(), spelt)
        or (word.endswith("s") and _is_listed(other.casefold(), language))
        for other in near
    )


def _is_met(word: str, spelt: Spelling) -> bool:
    return bool(spelt.forms.get(word) or spelt.first[word])


def _key(word: str) -> str:
    return word.casefold().replace("’", "'")


def _opens(title: str, at: int) -> bool:
    """Return whether a sentence begins here, or the part after a colon or a dash."""
    return _STARTS.search(title[:at]) is not None


def _is_plain(word: str) -> bool:
    """Return whether a word has at most one capital, at its start: no acronym, no "iPhone", no "McKinley"."""
    return (word[1:].islower() and word[:2] not in {"I'", "I’"}) or word == "A"


def _is_name(words: list[str], place: int, spelt: Spelling, language: str) -> bool:
    """Return whether a word of a title may be a name: by its neighbours, its forms in the text, or the list."""
    word = words[place].casefold()
    if word in CALENDAR:
        return True
    by_neighbours = _named_with_neighbours(words, place, spelt)
    if by_neighbours is not None:
        return by_neighbours
    if language == "en" and _key(words[place]) in _SMALL:
        return False
    small, capital = spelt.small(word), spelt.capital(word)
    if not capital:
        return not small and not _is_common(word, spelt, language)
    return not small or (spelt.alone[word] > 0 and small < _OFTEN * capital)


def _named_with_neighbours(words: list[str], place: int, spelt: Spelling) -> bool | None:
    """Return whether the text capitalises a word beside the same neighbour; None when it has no such pair."""
    forms = list(spelt.beside(words, place))
    if not forms or (_key(words[place]) in _SMALL and not all(form[:1].isupper() for form in forms)):
        return None if not forms else False
    return any(form[:1].isupper() for form in forms)


def _is_common(word: str, spelt: Spelling, language: str) -> bool:
    """Return whether a word that the text does not have is in lower case: by its other forms, or by the list."""
    if language == "en" and word in small_words():
        return True
    if spelt.first[word] or (language == "en" and word in listed()["names"]):
        return False
    parts = [form for form in relatives(word) if _is_met(form, spelt)]
    if parts:
        return any(map(spelt.small, parts)) and not any(map(spelt.capital, parts))
    return language == "en" and word not in listed()["mostly"] and any(map(small_words().__contains__, relatives(word)))


def _lowered(title: str, spelt: Spelling, text: str, language: str) -> str:
    """Return a shouted title in lower case, each word spelt as in the text."""
    words = list(WORD.finditer(title))
    bare = [POSSESSIVE.sub("", match.group()) for match in words]

    made, at = [], 0
    for place, match in enumerate(words):
        made.append(title[at : match.start()])
        at = match.end()
        tail = match.group()[len(bare[place]) :].lower()
        form = _form(bare, place, spelt, text, language) + tail
        made.append(form[:1].upper() + form[1:] if _opens(title, match.start()) and form.islower() else form)
    return "".join((*made, title[at:]))


def _form(words: list[str], place: int, spelt: Spelling, text: str, language: str) -> str:
    """Return the spelling of a word in capitals: as beside its neighbour, as in the text, or as a name if unknown."""
    word = words[place]
    key = word.casefold()
    for form in spelt.beside(words, place):
        if not _is_shouted_word(form, language):
            return form
    if word in _ACRONYMS - _AMBIGUOUS or (key == "i"):
        return word
    if key in CALENDAR:
        return word.capitalize()
    commonest = spelt.commonest(key)
    if commonest and not _is_shouted_word(commonest, language):
        return commonest
    known = key in STOP_WORDS.get(language, frozenset()) or _is_listed(key, language)
    if known or re.search(rf"\b{re.escape(key)}\b", text) or _is_common(key, spelt, language):
        return key
    return word.capitalize()


def _is_listed(word: str, language: str) -> bool:
    """Return whether an English word is mostly in lower case; for words in capitals there is no better evidence."""
    return language == "en" and (word in _SMALL or word in listed()["mostly"] or word in listed()["rare"])


def _is_shouted_word(form: str, language: str) -> bool:
    """Return whether a form is a plain word in capitals, as at the start of some texts."""
    return len(form) >= _SHORTEST_SHOUT and form.isupper() and language == "en" and form.casefold() in small_words()


def _calmed(title: str, spelt: Spelling, text: str, language: str) -> str:
    """Return a title without single shouted words: plain words in capitals that the text never has in capitals."""

    def calm(match: re.Match[str]) -> str:
        word = match.group()
        bare = POSSESSIVE.sub("", word)
        key = bare.casefold()
        if not bare.isupper():
            return word
        if not _beside_a_shout(title, match):
            if len(bare) < _SHORTEST_SHOUT or (len(bare) < _SURE_SHOUT and not spelt.small(key) and key not in _SMALL):
                return word
        elif len(bare) < _SHORTEST_SHOUT and not spelt.small(key):
            return word
        if bare in _ACRONYMS or (re.search(rf"\b{re.escape(bare)}\b", text) and not _is_shouted_word(bare, language)):
            return word
        common = spelt.small(key) or _is_common(key, spelt, language) or _is_listed(key, language)
        if spelt.capital(key) and not spelt.small(key):
            return word.capitalize()
        return word.lower() if common else word

    calmed = re.sub(r"(?<![\w'’.&+-])[^\W\d_]{2,}(?:['’][^\W\d_]+)?(?![\w.&+]|-\w)", calm, title)
    return calmed if calmed == title or calmed[:1].isupper() else calmed[:1].upper() + calmed[1:]


def _beside_a_shout(title: str, match: re.Match[str]) -> bool:
    around = (*title[: match.start()].split()[-1:], *title[match.end() :].split()[:1])
    return any(len(word) >= _SHORTEST_SHOUT and word.isupper() for word in around)
