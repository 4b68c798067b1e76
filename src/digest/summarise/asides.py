"""Sentences in which a text speaks about itself or guides its reader: they say nothing about the event."""
# ruff: noqa: RUF001 - apostrophes are the subject here

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from functools import lru_cache

from digest.text.patterns import compiled

_TEXT_EN = r"(?:article|guide|tutorial|blog post|post|roundup|listicle|explainer|newsletter|blog)"
_SHOW_EN = r"(?:talk|show|look|explain|share|walk|take|dive|explore|cover|discuss|help|teach|tell|break)"
_TEXT_DE = r"(?:artikel|beitrag|ratgeber|text|newsletter|blogbeitrag)"
_SHOW_DE = r"(?:erklären|verraten|zeigen|geben|stellen|sagen|erläutern|präsentieren)"
_PHRASES = {
    "en": (
        rf"this {_TEXT_EN}\b(?! of\b)|in this (?:{_TEXT_EN}|piece|video|episode|series|review)\b",
        r"(?:we|i)(?:['’]ve| have) (?:also )?(?:compiled|rounded up|put together|gathered|collected|listed)\b",
        rf"(?:we(?:['’]re| are)|i(?:['’]m| am)) going to {_SHOW_EN}\b",
        rf"(?:we|i)(?:['’]ll| will) (?:also )?{_SHOW_EN}\b",
        rf"let(?:['’]s| us) (?:now )?(?:{_SHOW_EN}|review|compare|see|get|start|begin|find|go)\b",
        r"read on\b|stick around\b|we['’]ve got you covered|without further ado",
        r"if we haven['’]t met|my name is\b",
    ),
    "de": (
        rf"(?:in )?diese[rmsn]? {_TEXT_DE}\b",
        rf"wir {_SHOW_DE}(?:,| ihnen\b| euch\b| dir\b)|{_SHOW_DE} wir(?:,| ihnen\b| euch\b| dir\b)",
        (
            r"\A(?:wie|was|warum|wieso|wer|wo|welche[rsmn]?)\b[^,]*,(?: [^,]*,)?"
            r" (?:weiß|weiss|erklärt|verrät|zeigt|erläutert)\b"
        ),
        r"(?:erfahren|lesen|finden|sehen) sie (?:hier|in diesem|im folgenden)\b|hier (?:erfahren|lesen|finden) sie\b",
    ),
    "fr": (
        r"(?:dans )?cet article\b|(?:dans )?ce guide\b",
        r"(?:on|nous) vous (?:explique|dit|raconte|propose|dévoile|présente|montre|donne)\w*",
        r"découvrez\b|zoom sur\b",
    ),
    "es": (
        r"(?:en )?este artículo\b|(?:en )?esta guía\b",
        r"(?:te|les|os) (?:contamos|explicamos|mostramos|decimos|presentamos|enseñamos)\b|descubre\b",
    ),
    "it": (r"(?:in )?questo articolo\b|(?:in )?questa guida\b", r"(?:vi|ti) (?:spieghiamo|mostriamo|raccontiamo)\b"),
    "pt": (r"(?:n?este|nesse) artigo\b|nesta página\b", r"confira\b|(?:coloque|adicione) (?:nos|aos) seus favoritos"),
}
"""Phrases that mark an aside anywhere in a sentence."""
_OPENINGS = {
    "en": (
        (
            r"here(?:['’]s|['’]re| is| are) (?:the|our|my|what|how|why|when|where|who|some|a look|a few"
            r"|several|everything|all|\d+|three|four|five|six|seven|eight|nine|ten)\b(?!.*:)"
        ),
        r"get ready (?:to|for)\b|check out\b|take a look\b|keep scrolling\b|learn (?:more|how|why|about|all)\b",
        r"discover (?:how|why|the|our)\b|find out\b|explore (?:our|the|how)\b|join us\b|meet the\b",
        r"whether you(?:['’]re| are)\b|looking for\b",
    ),
    "fr": (r"voici (?:ce qu|nos|notre|les|tout|pourquoi|comment|comme|quelques|un|une|la|le)",),
    "de": (r"(?:hier|das) (?:sind|ist) (?:die|das|der|unsere?) (?:besten|wichtigsten|schönsten)\b",),
    "es": (r"est[oa]s? (?:es|son) (?:lo|los|las|todo)\b.*\bdebes\b|aquí (?:te|están|tienes)\b",),
    "it": (r"ecco (?:cosa|come|tutto|perché|quando|dove|i|le|gli)\b",),
    "pt": (r"(?:veja|saiba) (?:como|quando|onde|quais|o que|mais)\b",),
}
"""Phrases that mark an aside at the start of a sentence."""


_HINTS_EN = frozenset(
    (
        *("article", "guide", "tutorial", "post", "roundup", "listicle", "explainer", "newsletter", "blog"),
        *("piece", "video", "episode", "series", "review", "compiled", "rounded", "gathered", "collected"),
        *("listed", "put", "going", "ll", "will", "let", "read", "stick", "covered"),
        *("ado", "met", "name", "here", "get", "check", "take", "keep", "whether"),
        *("looking", "learn", "discover", "find", "explore", "join", "meet"),
    )
)
"""Each English aside has one of these words: checking for them first avoids the search."""
_IN_PHRASES_EN = frozenset(("this", "we", "i", "let", "read", "stick", "without", "my"))
"""Each English phrase has one of these words, too."""


def is_aside(own: str, vocabulary: AbstractSet[str], language: str) -> bool:
    """Return whether a sentence speaks about the text or guides the reader through it.

    ``own`` is the sentence without its quotations, ``vocabulary`` its words in lower case.
    """
    if language == "en" and _HINTS_EN.isdisjoint(vocabulary):
        return False
    small = own.lower()
    opening, phrase = _patterns(language)
    if opening and opening.match(small):
        return True
    if phrase is None or (language == "en" and _IN_PHRASES_EN.isdisjoint(vocabulary)):
        return False
    return bool(phrase.search(small))


@lru_cache(maxsize=16)
def _patterns(language: str) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """Return the patterns of openings and of phrases, for text in lower case."""
    openings, anywhere = _OPENINGS.get(language), _PHRASES.get(language)
    return (
        compiled(rf"\W*(?:{'|'.join(openings)})") if openings else None,
        compiled(rf"\b(?:{'|'.join(anywhere)})") if anywhere else None,
    )
