"""In which language a text is written."""

from __future__ import annotations

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from digest.text.languages import UNKNOWN, primary_tag

FEWEST = 10
"""Letters; with fewer of them, and no hint, the answer is ``und``."""
LONG = 200
"""Letters from which the classifier needs no second sign; what is shorter is a headline, and mostly names."""
SURE = 0.7
"""Probability from which the classifier's word stands against the page's own declaration."""
SURE_OF_SMALL = 0.5
LIKELY, LIKELY_OF_SMALL = 0.4, 0.25
"""The same of a headline without a declaration, and of its small words."""
SAMPLE = 600
"""Characters that are read: more do not change the answer."""

_CLOSE = 5
"""A declared language among so many of the classifier's best is believed."""
_PLAIN = 0.15
"""Share of a text's words that are among its language's dozen commonest, from which no classifier is asked."""
_COMMONEST = {
    tag: frozenset(words.split())
    for tag, words in {
        "cs": "a se v na je že to s z do o jako",
        "da": "og at det er en til på af i den som ikke",
        "de": "der die und in das den von zu mit ist nicht des",
        "en": "the of and to in a is that for on was with",
        "es": "de la que el en y los del las por un con",
        "fr": "de la le et les des en du une est que dans",
        "it": "di che la il e un della in per del non è",
        "nl": "de van het een en in is dat op te met voor",
        "no": "og i det er på en som til av for at har",
        "pl": "w i na z się nie do że o to jest od",
        "pt": "de a o que e do da em um para não os",
        "sv": "och i att det som en på är av för med till",
    }.items()
}
_WORD = re.compile(r"[^\W\d_]+")
_ALONE = {
    "ja": re.compile("[\u3040-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "el": re.compile("[\u0370-\u03ff]"),
}
"""Scripts in which one language alone is written."""
_LATIN = re.compile("[A-Za-z]")
_LETTER = re.compile(r"[^\W\d_]")


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _by_script(sample: str, letters: int) -> str | None:
    if sample.isascii():
        return None
    return next((tag for tag, script in _ALONE.items() if 5 * len(script.findall(sample)) > letters), None)


def _plainly(sample: str, declared: str) -> bool:
    """Tell whether the commonest words of the declared language, and of no other, fill the text."""
    words = _WORD.findall(sample.casefold())
    shares = {tag: sum(map(common.__contains__, words)) for tag, common in _COMMONEST.items()}
    own = shares.pop(declared, 0)
    return own > _PLAIN * len(words) and own > max(shares.values())


def _of_a_headline(sample: str, declared: str | None) -> str | None:
    """Return the language of a short text, when it is one of the well-known and its small words alone say the same.

    Half of a headline is names, which say nothing: of 72 English ones full of foreign names the classifier would take
    a fifth for another language. Names are written with a capital, so what is small is asked once more.
    """
    whole, probability = _best(sample)
    words = [word for word in _WORD.findall(sample) if not any(map(str.isupper, word))]
    small, small_probability = _best(" ".join(words)) if words else (whole, 0.0)
    sure = (SURE, SURE_OF_SMALL) if declared or not words else (LIKELY, LIKELY_OF_SMALL)
    known = whole in _COMMONEST or not _LATIN.search(sample)
    agreed = whole == small and probability >= sure[0] and small_probability >= sure[1]
    return whole if known and agreed else None


def _best(sample: str) -> tuple[str, float]:
    tag, probability = _identifier().rank(sample)[0]
    return primary_tag(str(tag)) or UNKNOWN, float(probability)


def identify(text: str, hint: str | None = None) -> str:
    """Return the primary BCP 47 tag of the text's language, ``und`` when nobody can tell.

    ``hint`` is what the page or the operator declares; it wins unless the text is plainly something else, because a
    classifier confuses close languages (Danish and Norwegian, Czech and Slovak). The same text gives the same answer.
    """
    declared = primary_tag(hint)
    sample = text[:SAMPLE]
    letters = len(_LETTER.findall(sample))
    if letters < FEWEST:
        return declared or UNKNOWN
    if declared is not None and _plainly(sample, declared):
        return declared
    script = _by_script(sample, letters)
    if script is not None:
        return script
    if letters < LONG:
        return _of_a_headline(sample, declared) or declared or UNKNOWN
    ranked = [(primary_tag(str(tag)) or UNKNOWN, float(share)) for tag, share in _identifier().rank(sample)[:_CLOSE]]
    found, probability = ranked[0]
    return found if declared is None or (probability >= SURE and declared not in dict(ranked)) else declared
