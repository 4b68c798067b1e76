"""In which language a text is written."""

from __future__ import annotations

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

UNKNOWN = "und"
SHORTEST = 20
"""Letters; with fewer of them, and no hint, the answer is ``und``."""
SURE = 0.7
"""Probability from which the classifier's word stands against the page's own declaration."""
SAMPLE = 3_000
"""Characters that are read: more do not change the answer."""

_PRIMARY = re.compile(r"\s*([a-zA-Z]{2,3})(?:[-_].*)?\s*\Z", re.DOTALL)
_SAME = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi"}
_ALONE = (
    ("ja", "\u3040", "\u30ff"),
    ("ko", "\uac00", "\ud7af"),
    ("th", "\u0e00", "\u0e7f"),
    ("el", "\u0370", "\u03ff"),
)


def primary_tag(tag: str | None) -> str | None:
    """Return the primary part of a BCP 47 tag in lower case, or None when it is none."""
    match = _PRIMARY.match(tag or "")
    if match is None:
        return None
    found = match[1].lower()
    return None if found == UNKNOWN else _SAME.get(found, found)


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _by_script(sample: str, letters: int) -> str | None:
    for tag, first, last in _ALONE:
        if sum(first <= c <= last for c in sample) * 5 > letters:
            return tag
    return None


def identify(text: str, hint: str | None = None) -> str:
    """Return the primary BCP 47 tag of the text's language, ``und`` when nobody can tell.

    ``hint`` is what the page or the operator declares; it wins unless the text is plainly something else, because a
    classifier confuses close languages (Danish and Norwegian, Czech and Slovak). The same text gives the same answer.
    """
    declared = primary_tag(hint)
    sample = text[:SAMPLE]
    letters = sum(c.isalpha() for c in sample)
    if letters < SHORTEST:
        return declared or UNKNOWN
    script = _by_script(sample, letters)
    if script is not None:
        return script
    tag, probability = _identifier().classify(sample)
    found = _SAME.get(str(tag), str(tag))
    if declared is None:
        return found if probability >= SURE or letters >= 10 * SHORTEST else UNKNOWN
    if probability < SURE or not _plainly_other(sample, declared, found):
        return declared
    return found


def _plainly_other(sample: str, declared: str, found: str) -> bool:
    if declared == found:
        return False
    ranked = [_SAME.get(str(tag), str(tag)) for tag, _ in _identifier().rank(sample)[:5]]
    return declared not in ranked
