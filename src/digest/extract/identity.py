"""Decides whether a claimed address identifies an article, and whether a page shows the announced article."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from digest.extract.addresses import host_and_path
from digest.model.source import FeedEntry
from digest.text.urls import canonical

SHARED_WORDS = 0.5
"""Share of the words at the end of an address that its canonical address must keep."""
_TOKEN = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W_]{4,}")
_LONG_NUMBER = re.compile(r"\d{5,}")
_SLUG = re.compile(r"[^\W_]+(?:[-_][^\W_]+){2,}")
_DIGIT = re.compile(r"\d")

FEWEST_WORDS = 3
"""An entry needs at least this many words for a comparison with its page."""
TITLE_SHARE, SUMMARY_SHARE = 0.4, 0.3
"""Share of an announcement's words that its page must contain. Unrelated texts have a few in common by chance."""
_STEM = 5
"""Words are compared by this many first letters, because languages inflect the rest."""
_SPEAKING = re.compile(r"[^\W\d_]{5,}")
_UNSPACED = re.compile(r"[\u0590-\u06ff\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts compared by single letters: words have no spaces (Chinese, Thai) or are short (Korean, Hebrew, Arabic)."""
_STAND_INS = (
    "robot", "captcha", "unusual (?:activity|traffic)", "not found", "404", "log ?in", "sign in", "unavailable",
    "not available", "not be found", "(?:cannot|could not|couldn.t|can.t) find", r"no longer (?:available|exists?)",
    "may have been (?:moved|removed|deleted)", "too many requests", "nicht gefunden", r"nicht mehr (?:da|verfügbar)",
    "n.existe plus", "no existe", "maintenance", r"ad ?block\w*", "access denied", "forbidden", "cookies?",
    r"subscri\w+", "seite nicht gefunden", "anmelden", r"wartung\w*", "werbeblocker", "page introuvable", "connectez",
    "indisponible", "página no encontrada", "inicia sesión", "no disponible", "manutenzione", "pagina non trovata",
    "accedi", "não encontrada", "niet gevonden", "nie znaleziono", "не найдена", "войдите", "غير موجودة",
    "hittades inte", "ikke funnet", "ikke fundet", "javascript",
)  # fmt: skip
_STAND_IN = re.compile(rf"\b(?:{'|'.join(_STAND_INS)})\b")


def tells_apart(claimed: str, own: str) -> bool:
    """Return whether an address that a page claims still distinguishes the page from others of its site.

    Some templates give all pages the address of the site or section, or drop the number or query that identifies the
    article. A query may be missing if the path identifies the article. Words of the path may change, as headlines do.
    """
    there, here = urlsplit(canonical(claimed)), urlsplit(canonical(own))
    kept = set(_TOKEN.findall(f"{there.path} {there.query}".lower()))
    if any(_DIGIT.search(token) and token not in kept for token in _TOKEN.findall(here.path.lower())):
        return False
    if here.query and not kept >= set(_TOKEN.findall(here.query.lower())) and not _names_an_article(there.path):
        return False
    own_words, words = _end_words(here.path, here.query), _end_words(there.path, there.query)
    shared = own_words & words
    numbered = any(map(_LONG_NUMBER.search, shared))
    return bool(shared) and (numbered or len(shared) >= SHARED_WORDS * len(own_words))


def _names_an_article(path: str) -> bool:
    end = path.rstrip("/").rpartition("/")[2]
    return _SLUG.search(end) is not None or _LONG_NUMBER.search(end) is not None


def _end_words(path: str, query: str) -> set[str]:
    return set(_WORD.findall(f"{path.rstrip('/').rpartition('/')[2]} {query}".lower()))


def is_elsewhere(page_url: str, link: str) -> bool:
    """Return whether a link led to a site's front page, or to a section above the article."""
    there, here = host_and_path(page_url), host_and_path(link)
    if there is None or here is None:
        return False
    reached, meant = there[1].strip("/").split("/"), here[1].strip("/").split("/")
    if urlsplit(page_url).query or meant == [""]:
        return False
    return reached == [""] or (len(reached) < len(meant) and meant[: len(reached)] == reached)


def is_stand_in(entry: FeedEntry, titles: tuple[str, ...], text: str) -> bool:
    """Return whether a page shows something else than the article that its feed announced.

    Robot checks, log-ins, error pages and maintenance pages answer with status 200 and have text. They share no content
    with the announcement. A page with the announced title is one of them only if its text has their typical words.
    """
    title, summary = _words(entry.title), _words(f"{entry.summary} {entry.content[:1000]}")
    if len(title | summary) < FEWEST_WORDS or not text:
        return False
    said = _words(text)
    if _share(title, said) >= TITLE_SHARE or _share(summary, said) >= SUMMARY_SHARE:
        return False
    headed = _share(title, _words(" ".join(titles))) >= TITLE_SHARE
    return not headed or _STAND_IN.search(text.casefold()) is not None


def _words(text: str) -> set[str]:
    folded = text.casefold()
    unspaced = _UNSPACED.findall(folded)
    return {word[:_STEM] for word in _SPEAKING.findall(folded)} if len(unspaced) < len(folded) / 4 else set(unspaced)


def _share(wanted: set[str], given: set[str]) -> float:
    return len(wanted & given) / len(wanted) if len(wanted) >= FEWEST_WORDS else 0.0
