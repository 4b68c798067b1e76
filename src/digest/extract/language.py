"""Identifies the language of a text."""

from __future__ import annotations

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from digest.text.languages import UNKNOWN, primary_tag

FEWEST = 10
"""Letters. With fewer, and without a hint, the answer is ``und``."""
LONG = 200
"""Letters. A longer text needs only the classifier. A shorter one is a headline, with many names."""
SURE = 0.7
"""From this probability on, the classifier may override the page's declaration."""
SURE_OF_SMALL = 0.5
LIKELY, LIKELY_OF_SMALL = 0.4, 0.25
"""The limits for a headline without a declaration: for all of it, and for its words in small letters."""
SAMPLE = 600
"""Characters that are read. More do not change the answer."""

_CLOSE = 5
"""A declared language is believed if it is among this many best guesses of the classifier."""
_PLAIN = 0.15
"""Share of words among the language's dozen commonest ones. Above it, the classifier is not needed."""
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
"""Scripts that only one language uses."""
_TIBETAN = re.compile("[\u0f00-\u0fff]")
"""The script of Tibetan and of Dzongkha. The classifier knows only Dzongkha, which is much rarer."""
_LATIN = re.compile("[A-Za-z]")
_LETTER = re.compile(r"[^\W\d_]")


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@cache
def _taught() -> frozenset[str]:
    """Return the languages that the classifier knows."""
    return frozenset(filter(None, (primary_tag(str(tag)) for tag in _identifier().nb_classes)))


def _by_script(sample: str, letters: int, declared: str | None) -> str | None:
    if sample.isascii():
        return None
    if 5 * len(_TIBETAN.findall(sample)) > letters:
        return "dz" if declared == "dz" else "bo"
    return next((tag for tag, script in _ALONE.items() if 5 * len(script.findall(sample)) > letters), None)


def _plainly(sample: str, declared: str) -> bool:
    """Return whether the commonest words of the declared language, and of no other, are frequent in the text."""
    words = _WORD.findall(sample.casefold())
    shares = {tag: sum(map(common.__contains__, words)) for tag, common in _COMMONEST.items()}
    own = shares.pop(declared, 0)
    return own > _PLAIN * len(words) and own > max(shares.values())


def _of_a_headline(sample: str, declared: str | None) -> str | None:
    """Return the language of a short text if it is a common one and the text's small words confirm it, otherwise None.

    Half of a headline is names, which are no evidence: the classifier took a fifth of 72 English headlines with many
    foreign names for another language. Names have a capital, so the words in small letters are classified alone.
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
    """Return the primary BCP 47 tag of the text's language, ``und`` when it cannot be identified.

    ``hint`` is the language that the page or the operator declares. It wins unless the text is clearly in another
    language, because a classifier confuses close languages (Danish and Norwegian, Czech and Slovak). The result is
    deterministic.
    """
    declared = primary_tag(hint)
    sample = text[:SAMPLE]
    letters = len(_LETTER.findall(sample))
    if letters < FEWEST:
        return declared or UNKNOWN
    if declared is not None and _plainly(sample, declared):
        return declared
    script = _by_script(sample, letters, declared)
    if script is not None:
        return script
    if letters < LONG:
        return _of_a_headline(sample, declared) or declared or UNKNOWN
    ranked = [(primary_tag(str(tag)) or UNKNOWN, float(share)) for tag, share in _identifier().rank(sample)[:_CLOSE]]
    found, probability = ranked[0]
    if declared is None:
        return found
    unknown = declared not in _taught() and found not in _COMMONEST
    return declared if unknown or probability < SURE or declared in dict(ranked) else found
