"""What is no bullet, whatever its score."""
# ruff: noqa: RUF001 - quotation marks and dashes are the subject here

from __future__ import annotations

import re

from digest.summarise.phrases import phrases
from digest.summarise.trim import balanced

FEWEST_WORDS = 6
MOST_WORDS = 45
_IDEOGRAPHS_A_WORD = 2
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_CLOSING = "\"'”’»“‘)]› \u00a0"
_STOPS = ".!?…。！？؟।։"
_QUOTED = re.compile(r"[“«„][^“”«»„]*[”»“]|\"[^\"]*\"|(?<!\w)[‘'][^‘’']*['’](?!\w)")
_BARE_QUOTE = 0.8
"""Share of a sentence that stands in quotation marks from which nobody is left who says it."""
_CREDIT = re.compile(
    r"^(?:photo|image|picture|pic|video|graphic|credit|source|by|foto|bild|quelle|fotograf|photographe|imagen|fuente|vidéo|crédit)s?"
    r"(?: (?:credit|by|courtesy|via))?\s?[:/|]|©|\b(?:getty images|shutterstock|picture alliance|imago|keystone-sda|afp photo|epa-efe)\b",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"\((?:left|right|centre|center|pictured|above|below|file photo|file picture|stock image|l|r|links|rechts|archivbild"
    r"|symbolbild|à gauche|à droite|izquierda|derecha|archivo)\b[^)]{0,40}\)|^(?:pictured|above|below|file photo|im bild)\b",
    re.IGNORECASE,
)
_PROMO = re.compile(
    r"\b(?:click here|scroll down|sign up|subscribe|newsletter|follow us|read more|watch the video|share this|download the"
    r" app|all rights reserved|terms of (?:use|service)|cookies?|this (?:article|story) (?:was|is|has been|originally)|for more"
    r" information|affiliate|whatsapp|visit our|our website|advertis(?:ement|ing)|support us|donate"
    r"|abonnez-vous|inscrivez-vous|cliquez|lire aussi|à lire|retrouvez|suivez-nous|lisez aussi|droits réservés"
    r"|abonnieren|lesen sie|mehr zum thema|klicken sie|jetzt anmelden|alle rechte vorbehalten"
    r"|suscr[ií]bete|haga clic|haz clic|lea también|lee también|síguenos|todos los derechos)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://|www\.|\S+@\S+\.\w|(?<!\w)@\w{3,}|#\w{3,}.*#\w{3,}")


def objection(text: str, *, heading: bool = False) -> str:
    """Return why a sentence is never told, or an empty string.

    ``text`` is the span as it would be told; ``heading`` says that the sentence it comes from has no final stop.
    """
    if heading:
        return "a heading or an unfinished line"
    words = length(text)
    if not FEWEST_WORDS <= words <= MOST_WORDS:
        return f"{words} words long"
    if text.rstrip(_CLOSING).endswith(("?", "？", "؟")):
        return "a question"
    if not balanced(text):
        return "a quotation or parenthesis that is not closed"
    for pattern, reason in ((_CREDIT, "a credit"), (_CAPTION, "a caption"), (_PROMO, "a promotion"), (_LINK, "a link")):
        if pattern.search(text):
            return reason
    if quoted_share(text) > _BARE_QUOTE:
        return "a bare quotation"
    return ""


def leans(text: str, language: str) -> bool:
    """Say whether a sentence opens with a pronoun or connective and so leans on the one before it."""
    known = phrases(language)
    return bool(known.opens_pronoun.match(text) or known.opens_connective.match(text))


def is_heading(sentence: str) -> bool:
    """Say whether a sentence lacks its final stop."""
    return sentence.rstrip(_CLOSING)[-1:] not in _STOPS


def length(text: str) -> int:
    """Return the number of words; two ideographs count as one."""
    return len(text.split()) + len(_IDEOGRAPH.findall(text)) // _IDEOGRAPHS_A_WORD


def quoted_share(text: str) -> float:
    """Return the share of a sentence's characters that stand in quotation marks, 0 to 1."""
    return sum(map(len, _QUOTED.findall(text))) / max(1, len(text))
