"""The headline of a story: an article's own title, cleaned."""
# ruff: noqa: RUF001 - dashes and quotation marks of many languages are the subject here

from __future__ import annotations

import html
import re
from collections import Counter

from digest.text.glyphs import cut
from digest.text.sentences import sentences
from digest.text.words import STOP_WORDS

LONGEST = 90
"""Characters of a headline: 81 % of English titles fit (measured over feeds)."""

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x00-\x08\x0e-\x1f\x7f]")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_BETWEEN = r"\s+(?:\||-|–|—|·|•|::|»|/)\s+|\s*\|\s*"
_PARTS = re.compile(rf"({_BETWEEN})")
_KICKERS = (
    "live|live ?blog|live ?ticker|live updates?|breaking|breaking news|just in|watch|video|videos|photos|pictures"
    "|in pictures|gallery|listen|podcast|exclusive|update|updated|alert|must see|newsletter"
    "|eilmeldung|exklusiv|fotos|bilder|bildergalerie|im video|ticker"
    "|direct|en direct|vidéo|vidéos|en images|exclusif|alerte info|info|dernière minute"
    "|en vivo|en directo|directo|vídeo|fotos|última hora|exclusiva|ao vivo|diretta|in diretta|esclusiva"
)
_KICKER = re.compile(rf"^(?:[\[(](?:{_KICKERS})[\])]\s*[:|–—-]?|(?:{_KICKERS})\s*(?::|\||–|—|\s-))\s*", re.IGNORECASE)
_TAIL_KICKER = re.compile(rf"\s*(?:[\[(](?:{_KICKERS})[\])]|\s[|–—-]\s(?:{_KICKERS}))$", re.IGNORECASE)
_SHOUTED_KICKER = re.compile(r"^(?=[^|]*[A-ZÀ-Þ]{3})[^|a-zà-ÿ]{3,24}\s\|\s+(?=.*[a-zà-ÿ])")
"""A rubric in capitals before a bar ("BUDGET | ...")."""
_SHOUTED_RUN = re.compile(r"(?<![\w'’.-])[A-ZÀ-Þ]{4,}(?:['’][A-ZÀ-Þ]+)?(?: [A-ZÀ-Þ]{2,}\b)*(?![\w.-])")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SHOUTED = 0.75
"""Share of capitals among the letters from which a title is shouting."""
_SHOUTED_WORDS = 3
_LEAST_LEFT = 12
"""Characters that must remain when something is taken off a title."""
_SECTION_WORDS = 3


def headline(title: str, *, site_name: str = "", host: str = "", language: str = "en", text: str = "") -> str:
    """Return an article's title fit for a letter: at most LONGEST characters, cut at a word.

    Entities, invisible characters, a kicker ("LIVE:") and the site's own name at either end are taken off, and a
    title in capitals is set in small letters, spelt as in the article's ``text``. Without a title it is the text's
    first good sentence; empty when there is neither.
    """
    clean = _plain(title)
    clean = _without_kicker(_without_site(clean, site_name, host))
    clean = _tamed(clean, text, language)
    return cut(clean or _first_sentence(text, language), LONGEST)


def _plain(title: str) -> str:
    text = _TAG.sub("", html.unescape(html.unescape(title)))
    return " ".join(_UNSEEN.sub("", text).split())


def _without_kicker(title: str) -> str:
    for pattern in (_KICKER, _SHOUTED_KICKER, _TAIL_KICKER):
        shorter = pattern.sub("", title).strip()
        if len(shorter) >= _LEAST_LEFT:
            title = shorter
    return title


def _without_site(title: str, site_name: str, host: str) -> str:
    """Take the site's name off either end, and a section ("World news") that stands between bars before it."""
    parts = _PARTS.split(title)
    names = _names(site_name, host)
    if len(parts) > 1 and _is_site(parts[-1], names):
        bar = "|" in parts[-2]
        parts = parts[:-2]
        while len(parts) > 1 and (
            _is_site(parts[-1], names) or (bar and "|" in parts[-2] and len(parts[-1].split()) <= _SECTION_WORDS)
        ):
            parts = parts[:-2]
    if len(parts) > 1 and _is_site(parts[0], names):
        parts = parts[2:]
    shorter = "".join(parts).strip()
    return shorter if len(shorter) >= _LEAST_LEFT else title


def _names(site_name: str, host: str) -> frozenset[str]:
    labels = [
        label for label in host.lower().split(":")[0].split(".") if label not in {"www", "m", "amp", "news", "edition"}
    ]
    names = {_squeezed(site_name), _squeezed("".join(labels)), _squeezed("".join(labels[:-1]))}
    names |= {_squeezed(label) for label in labels[:-1] if len(label) > 2}  # noqa: PLR2004 - "co" of co.uk is no name
    return frozenset(names - {""})


def _squeezed(name: str) -> str:
    letters = "".join(c for c in name.lower() if c.isalnum())
    return letters.removeprefix("the") if len(letters) > len("the") + 2 else letters


def _is_site(part: str, names: frozenset[str]) -> bool:
    """Say whether a part of a title is the site's name, its host, or its initials."""
    name = _squeezed(part)
    initials = "".join(word[0] for word in part.lower().split() if word[0].isalnum())
    return bool(name) and (name in names or (len(initials) > 2 and initials in names))  # noqa: PLR2004


def _tamed(title: str, text: str, language: str) -> str:
    letters = [c for c in title if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    found = _WORD.findall(title)
    if len(found) < _SHOUTED_WORDS:
        return title
    if capitals < _SHOUTED * len(letters):
        return _calmed(title, text)
    spelling = _spellings(text)
    small = STOP_WORDS.get(language, frozenset())

    def spelt(match: re.Match[str]) -> str:
        word = match.group().lower()
        if word in spelling:
            return spelling[word]
        return word if text or word in small else word.capitalize()

    tamed = _WORD.sub(spelt, title)
    return tamed[:1].upper() + tamed[1:]


def _calmed(title: str, text: str) -> str:
    """Return a title without single words shouted in it: those that the text spells, and never in capitals."""
    spelling = _spellings(text)

    def calm(match: re.Match[str]) -> str:
        found = _WORD.findall(match.group())
        shouted = [word for word in found if spelling.get(word.lower(), word) != word]
        if not shouted or any(re.search(rf"\b{re.escape(word)}\b", text) for word in found):
            return match.group()
        return _WORD.sub(lambda word: spelling.get(word.group().lower(), word.group().lower()), match.group())

    calmed = _SHOUTED_RUN.sub(calm, title)
    return calmed[:1].upper() + calmed[1:] if calmed != title else title


def _spellings(text: str) -> dict[str, str]:
    """Return how an article spells each of its words, most often, where no sentence begins."""
    counts: dict[str, Counter[str]] = {}
    for match in re.finditer(rf"(?<=[\w,;] )({_WORD.pattern})", text):
        counts.setdefault(match.group().lower(), Counter())[match.group()] += 1
    return {word: forms.most_common(1)[0][0] for word, forms in counts.items()}


def _first_sentence(text: str, language: str) -> str:
    spans = sentences(text[:4000], language)
    full = [text[a:b] for a, b in spans if b - a >= 2 * _LEAST_LEFT]
    return " ".join(full[0].split()).rstrip(".") if full else ""
