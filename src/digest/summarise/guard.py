"""Which sentences are never bullets, whatever their score."""
# ruff: noqa: RUF001 - quotation marks and dashes are the subject here

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from digest.summarise.lexicon import lexicon
from digest.summarise.phrases import phrases
from digest.summarise.trim import balanced
from digest.text.patterns import compiled
from digest.text.sentences import is_finished
from digest.text.words import words

FEWEST_WORDS = 6
MOST_WORDS = 62
_CLOSING = "\"'”’»“‘)]› \u00a0"
_QUOTED = r"[“«„\"‘'](?:(?<=[“«„])[^“”«»„]*[”»“]|(?<=\")[^\"]*\"|(?<=[‘'])(?<!\w.)[^‘’']*['’](?!\w))"
"""A quotation. The pattern begins with the set of marks, because ``re`` looks for a set much faster."""
_QUOTES = "“«„\"‘'"
_NOBODY = frozenset(("it", "es"))
"""Pronouns that do not name a speaker ("heißt es")."""
_NUMBER_REACH = 4
"""Characters on either side of a sentence's edge that show whether a number continues across it."""
_INITIALS_REACH = 9
"""Characters on either side of a sentence's edge that show whether initials continue across it."""
_NAMES_HAVE_CAPITALS = frozenset(("en", "fr", "es", "it", "pt", "nl"))
_SPEAKER_REACH = 4
"""The speaker's name is looked for in so many words after a quotation."""
_BARE_QUOTE = 0.93
"""The share of a sentence in quotation marks from which no words are left to name the speaker."""
_CREDIT = (
    r"(?:photo|image|picture|pic|video|graphic|credit|source|by|foto|bild|quelle|fotograf|photographe|imagen"
    r"|fuente|vidéo"
    r"|crédit)s?(?: (?:credit|by|courtesy|via))?\s?[:/|]"
)
_LIST_ITEM = r"\d{1,2}(?:[.)]| ?[–—]) \D"
_AGENCIES = ("©", "getty images", "shutterstock", "picture alliance", "keystone-sda", "afp photo", "epa-efe")
_CAPTION = (
    r"\(\s?(?:(?:far |top |bottom |second )?left|(?:far |top |bottom |second )?right|centre|center|pictured|above|below"
    r"|file photo|file picture|stock image|(?-i:l|r)|links|rechts"
    r"|archivbild"
    r"|symbolbild|à gauche|à droite|izquierda|derecha|archivo)\b[^)]{0,40}\)"
)
_FRAGMENT = r"[,;:.)\]&%]|[a-zà-ÿ]+(?![\w-])"
"""The rest of a sentence that was split; a name that begins in lower case ("iPhone", "eBay") has a capital inside."""
_TITLES = (
    *("Mr", "Mrs", "Ms", "Dr", "Prof", "Sen", "Rep", "Gov", "Lt", "Sgt", "Const", "Capt", "Gen", "Col", "Hon", "Rev"),
    *("Messrs", "Herr", "Frau", "M", "MM", "Mme", "Sr", "Sra"),
)
_TORN_END = rf"(?<![\w.])(?:{'|'.join(_TITLES)}) ?\.[\"”’')]?\Z"
"""A title whose name is in the next sentence."""
_LONGEST_TITLE = 12
"""Characters from the beginning of such a title to the end of its sentence."""
_SCORE_ROW = r"[^:]{2,40}\(\d+[-–]\d+(?:[-–]\d+)?\) ?:"
_CAPTION_OPENS = r"(?:pictured|above|below|file photo|im bild)\b"
_SHOWN = (
    "pictured",
    "scroll down",
    "shown here",
    "seen here",
    "shown above",
    "shown below",
    "seen above",
    "seen below",
)
_SHOWN_WORDS = frozenset(("pictured", "scroll", "shown", "seen"))
"""Each of these has one of these words: checking for the words first avoids the search."""
_CREDIT_INSIDE = (
    r"[(\[](?:photos?|photographs?|fotos?|images?|pictures?|pic|video|credit|bild|imagen|crédits?)"
    r"(?: (?:by|courtesy of|via)\b|(?: credit)?\s?[:/|])"
)
"""A credit in brackets: a sentence with one is a picture caption."""
_PROMOTIONS = (
    *("keep reading", "continue reading", "this guide will", "join us and", "learn more about our"),
    *("click here", "scroll down", "sign up", "subscribe", "newsletter", "follow us", "read more", "watch the video"),
    *("download the app", "all rights reserved", "terms of use", "terms of service", "cookie policy", "use cookies"),
    *("this article was", "this article is", "this article originally", "this story was", "this story has been"),
    *("for more information", "affiliate", "our whatsapp", "visit our", "our website", "advertisement", "support us"),
    *(
        "abonnez-vous",
        "inscrivez-vous",
        "cliquez",
        "lire aussi",
        "à lire",
        "suivez-nous",
        "lisez aussi",
        "droits réservés",
    ),
    *("abonnieren", "lesen sie", "mehr zum thema", "klicken sie", "jetzt anmelden", "alle rechte vorbehalten"),
    *(
        "suscríbete",
        "suscríbase",
        "haga clic",
        "haz clic",
        "lea también",
        "lee también",
        "síguenos",
        "derechos reservados",
    ),
)
_BY_FIRST_WORD: dict[str, list[str]] = {}
for _phrase in _PROMOTIONS:
    _BY_FIRST_WORD.setdefault(_phrase.replace("-", " ").split()[0], []).append(_phrase)
_PROMOTING_WORDS = frozenset(_BY_FIRST_WORD)
_TEASERS = (
    *("Top stories", "Related stories", "Related articles", "Most read", "Most popular", "Latest news", "Trending now"),
    *("Recommended for you", "Editor's picks", "Editors' picks", "Editor’s picks", "You may also like", "Also read"),
    *("À lire aussi", "Lire aussi", "Sur le même sujet", "Les plus lus", "Articles liés", "À la une"),
    *("Mehr zum Thema", "Meistgelesen", "Das könnte Sie auch interessieren", "Auch interessant", "Lesen Sie auch"),
    *("Te puede interesar", "Lo más leído", "Noticias relacionadas", "Lea también", "Te recomendamos"),
    *("Читайте также", "Главные новости", "Самое читаемое", "Материалы по теме"),
    *("اقرأ أيضا", "اقرأ أيضاً", "اقرأ أيضًا", "أخبار ذات صلة", "مواضيع ذات صلة", "الأكثر قراءة"),
)
"""Headings of lists of other articles."""
_LINK = r"https?://|www\.|\S+@\S+\.\w|(?<!\w)@\w{3,}|#\w{3,}.*#\w{3,}"


def objection(text: str, found: AbstractSet[str], whole: str, *, words: int, quoted: float) -> str:
    """Return why a sentence is never a bullet; empty when it may be one.

    ``text`` is the span that would be used, ``found`` its words in lower case, ``words`` their number, and ``quoted``
    the share of it in quotation marks. ``whole`` is the sentence that the span comes from: an objection to a part that
    would be cut still counts.
    """
    return (
        _torn(whole)
        or ("" if FEWEST_WORDS <= words <= MOST_WORDS else f"{words} words long")
        or _left_open(text)
        or ("a teaser of another article" if _opens_teaser(text) else "")
        or _furniture(text, found)
        or ("a bare quotation" if quoted > _BARE_QUOTE else "")
    )


def _torn(whole: str) -> str:
    """Return why a line is no sentence of an article; empty when it may be one."""
    if is_heading(whole):
        return "a heading or an unfinished line"
    if ("(" in whole or "[" in whole) and _compiled(_CREDIT_INSIDE).search(whole):
        return "a caption"
    if compiled(_FRAGMENT).match(whole) or _ends_with_title(whole):
        return "a fragment"
    if ":" in whole and compiled(_SCORE_ROW).match(whole):
        return "a row of a table"
    return "a note of the editors" if whole.startswith("[") and whole.endswith("]") else ""


def _ends_with_title(whole: str) -> bool:
    """Return whether a line ends with a title; a comparison of its last letters excludes most lines."""
    end = whole[-_LONGEST_TITLE:]
    return end.rstrip("\"”’') .").endswith(_TITLES) and bool(
        compiled(_TORN_END).search(whole, max(0, len(whole) - _LONGEST_TITLE))
    )


def _left_open(text: str) -> str:
    if text.rstrip(_CLOSING).endswith(("?", "？", "؟", "፧")):
        return "a question"
    return "" if balanced(text) else "a quotation or parenthesis that is not closed"


def _compiled(pattern: str) -> re.Pattern[str]:
    return compiled(pattern, re.IGNORECASE)


def _furniture(text: str, found: AbstractSet[str]) -> str:
    """Return what kind of page text a sentence is when it is not part of the article; empty when it is."""
    small = text.lower()
    if not _SHOWN_WORDS.isdisjoint(found) and any(map(small.__contains__, _SHOWN)):
        return "a caption"
    if text[0].isdigit() and _compiled(_LIST_ITEM).match(text):
        return "an item of a list"
    if compiled(_CREDIT).match(small) or any(map(small.__contains__, _AGENCIES)):
        return "a credit"
    if compiled(_CAPTION_OPENS).match(small) or ("(" in text and _compiled(_CAPTION).search(text)):
        return "a caption"
    if not _PROMOTING_WORDS.isdisjoint(found) and _promotes(small, found):
        return "a promotion"
    marked = "@" in text or "#" in text or "://" in text or "www." in text
    return "a link" if marked and _compiled(_LINK).search(text) else ""


def _opens_teaser(text: str) -> bool:
    """Return whether a new sentence begins behind the heading of a list of other articles."""
    if not text.startswith(_TEASERS):
        return False
    heading = max((each for each in _TEASERS if text.startswith(each)), key=len)
    behind = text[len(heading) :].lstrip(" :|–-")
    return behind != text[len(heading) :] and not behind[:1].islower()


def _promotes(small: str, found: AbstractSet[str]) -> bool:
    return any(phrase in small for word in _PROMOTING_WORDS & found for phrase in _BY_FIRST_WORD[word])


def torn_at_number(text: str, start: int, end: int) -> bool:
    """Return whether a span of a text was split from its neighbour inside a number ("about 8 . 30 on Monday")."""
    before, behind = text[max(0, start - _NUMBER_REACH) : start + 1], text[end - _NUMBER_REACH : end + _NUMBER_REACH]
    if " ." not in before and " ." not in behind:
        return False
    joint = compiled(r"\d \. ?\d")
    return bool(joint.search(before)) or bool(joint.search(behind))


def torn_at_initials(text: str, start: int, end: int) -> bool:
    """Return whether a span was split from its neighbour inside initials with blanks ("at the U . S . court")."""
    before, behind = text[max(0, start - _INITIALS_REACH) : start], text[end - 3 : end + _INITIALS_REACH]
    if " ." not in before and " ." not in behind:
        return False
    ends = compiled(r"\b[A-Z] \. ?[A-Z] \.\s*\Z").search(before)
    return bool(ends) or bool(compiled(r"\b[A-Z] \.\s*[A-Z] \.").match(text, end - 3, end + _INITIALS_REACH))


def leanings(text: str, language: str) -> tuple[bool, bool]:
    """Return whether a sentence opens with a pronoun, and whether with a connective: both depend on the one before."""
    known, small = phrases(language), text.lower()
    return bool(known.opens_pronoun.match(small)), bool(known.opens_connective.match(small))


def speaker_is_unnamed(text: str, own: str, language: str) -> bool:
    """Return whether a sentence opens with a quotation whose speaker is a pronoun or has no name.

    ("…," she said; « … », dit-il; "…", the doctors stated.) ``own`` is the sentence without its quotations. An editor
    kept 8 of 77 sentences with a pronoun, and 4 of 28 without a name (measured). In German all nouns look like names.
    """
    if not text.startswith(tuple(_QUOTES)):
        return False
    subjects = lexicon(language).subjects - _NOBODY
    if not subjects.isdisjoint(words(own)[:_SPEAKER_REACH]):
        return True
    return language in _NAMES_HAVE_CAPITALS and own.islower()


def is_heading(sentence: str) -> bool:
    """Return whether a sentence lacks its final stop."""
    return not is_finished(sentence)


def unquoted(text: str) -> str:
    """Return a text with a space in place of each quotation: only the writer's own words are left."""
    return compiled(_QUOTED).sub(" ", text)


def quoted_share(text: str) -> float:
    """Return the share of a sentence's characters in quotation marks, 0 to 1."""
    quotations = compiled(_QUOTED).findall(text)
    return sum(map(len, quotations)) / len(text) if quotations else 0.0
