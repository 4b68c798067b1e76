"""What a cut must not remove from a bullet: speaker, figures, negations, doubts, limits, words of the headline."""
# ruff: noqa: RUF001 - letters and apostrophes of several languages are the subject here

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from functools import lru_cache

from digest.text.patterns import compiled
from digest.text.words import content_words

_DIGITS = r"\d+(?:[.,:]\d+)*"
_SAYING = {
    "en": r"said|says?|saying|told|tells?|telling|announc\w+|report(?:s|ed|edly|ing)?|confirm\w*|wrote|writ(?:es|ing"
    r"|ten)|stat(?:es|ed|ing)|explain\w*|add(?:s|ed|ing)|reveal\w*|claim\w*|alleg\w*|accus\w*|argu\w*|insist\w*"
    r"|den(?:y|ies|ied|ying)|quot\w*|cit(?:e|es|ed|ing)|accord\w*|suggest\w*|believ\w*|think\w*|thought|warn\w*"
    r"|describ\w*|admit\w*|acknowledg\w*|testif\w*|estimat\w*|sources?|critics|officials|authorities|witness\w*"
    r"|assert\w*|maintain\w*|contend\w*|blam\w*|prosecut\w*|statement|interview|spokes\w+|call(?:s|ed|ing)"
    r"|rumou?r\w*|view|opinion|complain\w*|words?|doubt\w*|swear\w*|swore|testimon\w*|paper|newspaper|reporters?"
    r"|lawyers?|disput\w*|refus\w*",
    "fr": r"dit|disent|disant|déclar\w*|annonc\w*|indiqu\w*|précis\w*|expliqu\w*|ajout\w*|rapport\w*|savoir|selon"
    r"|d['’]après|écri\w*|affirm\w*|assur\w*|estim\w*|accus\w*|dénonc\w*|jug\w*|cit(?:e|ent|ant|és?|ées?|ait|aient)|sources?|témoin\w*|confi\w*"
    r"|révél\w*|soulign\w*|raconte\w*|avis|considèr\w*|démen\w*|soutien\w*|prétend\w*|évoqu\w*|communiqué|appel\w*"
    r"|reproch\w*",
    "de": r"sag\w*|teil\w*|erklär\w*|bericht\w*|hieß|heißt|meld\w*|ergänz\w*|beton\w*|laut|zufolge|nach angaben"
    r"|so der|so die|schrieb\w*|schreib\w*|behaupt\w*|wirft|werfen|warf\w*|vorw\w*|kritisier\w*|mein\w*|glaub\w*"
    r"|kündig\w*|räum\w*|dementier\w*|zeug\w*|quellen?|sprecher\w*|nannte\w*|nenn\w*|bezeichne\w*|ansicht|angab\w*"
    r"|verdächt\w*|beschuldig\w*|soll|sollen|sei|seien|habe|hätte\w*|wäre\w*|würde\w*",
    "es": r"dij\w*|dic\w*|inform\w*|anunci\w*|señal\w*|explic\w*|indic\w*|declar\w*|añad\w*|asegur\w*|según|afirm\w*"
    r"|acus\w*|denunci\w*|escrib\w*|fuentes?|testig\w*|portavo\w*|calific\w*|consider\w*|revel\w*|sosten\w*"
    r"|critic\w*|cit\w*|atribu\w*|neg\w*",
}
_LIMITS = {
    "en": r"not|no|never|none|nobody|nothing|neither|nor|cannot|without|fail\w*|hardly|barely|\w+n['’]t|may|might"
    r"|could|would|should|perhaps|possibly|probably|likely|unlikely|apparently|suspect\w*|purported\w*|seem\w*"
    r"|appear\w*|expect\w*|potential\w*|if|unless|except\w*|only|but|however|although|though|until|pending|provided"
    r"|despite|condition\w*|subject to|whether|yet",
    "fr": r"ne|n['’]|pas|jamais|aucune?|rien|personne|sans|ni|non|peut-être|probable\w*|pourrai\w*|serai\w*|aurai\w*"
    r"|devrai\w*|soupçonn\w*|présum\w*|si|sauf|seulement|mais|bien que|quoique|sous réserve|hormis|condition\w*",
    "de": r"nicht|nichts|nie|niemand|kein\w*|ohne|weder|noch|vielleicht|womöglich|möglicherweise|vermutlich|wohl"
    r"|wahrscheinlich|angeblich|mutmaßlich\w*|könnte\w*|dürfte\w*|falls|sofern|wenn|außer|nur|aber|jedoch|obwohl"
    r"|bedingung\w*",
    "es": r"no|nunca|jamás|nada|nadie|ningun\w*|sin|ni|tampoco|quizás?|tal vez|probable\w*|posible\w*|podría\w*"
    r"|sería\w*|habría\w*|presunt\w*|supuest\w*|si|salvo|excepto|solo|sólo|pero|aunque|condición\w*",
}
_COUNTS = {
    "en": r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|[mb]illions?|half"
    r"|twice|double",
    "fr": r"deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douzaine|dizaines?|centaines?|milliers?|millions?|milliards?"
    r"|moitié|double",
    "de": r"zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|dutzend\w*|hundert\w*|tausend\w*|million\w*|milliard\w*"
    r"|hälfte|doppelt",
    "es": r"dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|docenas?|decenas?|cientos|miles|millones|mitad|doble",
}
_OPENS_SINGLE = r"(?<![\w.,!?…])[‘'](?=\S)"
_CLOSES_SINGLE = r"(?<=[\w.,!?…])[’'](?!\w)"
"""Single quotation marks; the apostrophe of a plural possessive looks like a closing one."""
_QUOTED = '“”„«»"'


def loses(kept: str, cut: str, language: str, title: AbstractSet[str]) -> bool:
    """Return whether a cut would remove something that a bullet must keep.

    This is an attribution, words in quotation marks, a negation, a doubt or a limit; also a figure or a stem of the
    headline that the kept part lacks. True for a language in which these words are not known.
    """
    if language not in _SAYING or any(map(cut.__contains__, _QUOTED)) or _essential(language).search(cut):
        return True
    if len(compiled(_OPENS_SINGLE).findall(kept)) > len(compiled(_CLOSES_SINGLE).findall(kept)):
        return True
    figures = compiled(_DIGITS)
    if not set(figures.findall(cut)) <= set(figures.findall(kept)):
        return True
    return bool(lost_of_title(kept, cut, language, title))


def names_speaker(text: str, language: str) -> bool:
    """Return whether a text has a word of saying or thinking; true for a language whose words are not known."""
    return language not in _SAYING or bool(_saying(language).search(text))


def left_out(kept: str, cut: str, language: str) -> tuple[str, str]:
    """Return a word of saying, and a negation, doubt or limit, that only the removed part of a sentence has.

    Either is empty when there is none, and in a language whose words are not known.
    """
    if language not in _SAYING:
        return "", ""
    saying, limit = _saying(language), _limit(language)
    said = saying.search(cut)
    has = {found.lower() for found in limit.findall(kept)}
    limits = (found for found in limit.findall(cut) if found.lower() not in has)
    return said[0] if said and not saying.search(kept) else "", next(limits, "")


def lost_of_title(kept: str, cut: str, language: str, title: AbstractSet[str]) -> AbstractSet[str]:
    """Return the stems of the headline that only the removed part has."""
    missing = title & set(content_words(cut, language)) if title else frozenset()
    return missing - set(content_words(kept, language)) if missing else frozenset()


@lru_cache(maxsize=8)
def _essential(language: str) -> re.Pattern[str]:
    return compiled(rf"\b(?:{_SAYING[language]}|{_LIMITS[language]}|{_COUNTS[language]})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=8)
def _limit(language: str) -> re.Pattern[str]:
    return compiled(rf"\b(?:{_LIMITS[language]})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=8)
def _saying(language: str) -> re.Pattern[str]:
    return compiled(rf"\b(?:{_SAYING[language]})(?!\w)", re.IGNORECASE)
