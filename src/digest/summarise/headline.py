"""The headline of a story: the whole title of one of its articles, without labels, in the house style."""
# ruff: noqa: RUF001 - dashes and quotation marks of many languages are the subject here

from __future__ import annotations

import re

from digest.summarise.casing import sentence_case
from digest.summarise.labels import About, without_labels
from digest.summarise.spelling import small_words
from digest.text.ending import ended
from digest.text.sentences import sentences
from digest.text.title import clean, site_names, without_site

_SHORTEST_SENTENCE = 24
_OPENING = 4000
"""The first sentence is looked for in so many characters of a text."""
_DATELINE = re.compile(
    r"\A(?:[^\W\d_a-zß-ÿ][^(.–—]{2,40})?(?:\([A-Z][\w /]{1,30}\)\s*(?:(?:--|—|–|-)\s+)?)(?=\S)"
    r"|\A[^\W\d_a-zß-ÿ][^a-zß-ÿ(]{2,30}(?:, [A-Z][\w. ]{1,20})?\s*(?:--|—|–)\s+(?=\S)"
)
_SPACED = re.compile(r"\s+(?=[,.;،؛](?:\s|\Z))")
_ELLIPSIS = re.compile(r"\s*(?:…|\.{2,})\s*\Z|\s*\[(?:…|\.{3})\]\s*\Z")
_INNER_ELLIPSIS = re.compile(r"\s*(?:…|\.{3})\s*")
_DOTS = ". …"
_SHOUT = re.compile(r"(?<=[\w”’\"»)])!+(?=\s*[-–—]\s|\s*\Z)")
_END = re.compile(r"(?<![.\s][^\W\d_])(?<=[^\W\d_]{3})\.\Z")


def headline(title: str, *, site_name: str = "", host: str = "", language: str = "en", text: str = "") -> str:
    """Return an article's title fit for a letter: without site name, label and shouting, in sentence case.

    It is never cut in the middle of a clause: a title that is too long ends at the end of a clause if possible
    (``text.ending``). Without a title, the first good sentence of the text is used; empty when there is neither.

    Args:
        title: the title from the source or the page.
        site_name: the site's name for itself; it is removed, as are names derived from ``host``.
        host: the host of the article's address.
        language: BCP 47 primary tag of title and text.
        text: the article's text; it shows how words are spelt, and which words belong to the story.
    """
    return fit(clean(title), site_names(site_name, host), language, text)


def fit(line: str, names: frozenset[str], language: str = "en", text: str = "") -> str:
    """Return the headline for a clean title; ``names`` are the names of its site in compact form."""
    line = without_site(line, names) or line
    common = small_words() if language == "en" else frozenset()
    line = without_labels(_SPACED.sub("", line), About(names=names, text=text, common=common))
    line = line or _first_sentence(text, language)
    return _tidy(ended(_tidy(sentence_case(line, text, language), text)), text)


def _tidy(line: str, text: str) -> str:
    """Return a line with a headline's punctuation: no ellipsis, no exclamation, no full stop after one sentence."""
    line = _ELLIPSIS.sub("", line)
    line = _INNER_ELLIPSIS.sub(" – ", line) if not line.startswith(("…", "...")) else line.lstrip(_DOTS)
    if (shout := _SHOUT.search(line)) and line[: shout.end()].split()[-1] not in text:
        line = _SHOUT.sub("", line)
        line = line if "!" in line else line.removeprefix("¡")
    return _END.sub("", line.rstrip(" ,;:–—-"))


def _first_sentence(text: str, language: str) -> str:
    text = _DATELINE.sub("", text[:_OPENING], count=1)
    full = [text[a:b] for a, b in sentences(text, language) if b - a >= _SHORTEST_SENTENCE]
    return _DATELINE.sub("", " ".join(full[0].split())) if full else ""
