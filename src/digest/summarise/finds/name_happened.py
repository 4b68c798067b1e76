"""Whether the event that a phrase names took place, and whether it is the news or only lies behind it."""
# ruff: noqa: RUF001 - apostrophes are the subject here

from __future__ import annotations

import re

from digest.summarise.finds.name_people import is_full_name, is_person
from digest.summarise.finds.name_words import TITLES
from digest.summarise.finds.telling import Telling, before, places
from digest.text.patterns import compiled

_NOT_HAPPENED = {
    "en": r"call(?:s|ed|ing)? off|averted|avoids?|avoided|foil(?:s|ed)|thwart(?:s|ed)|prevent(?:s|ed)|threat(?:s|en|ens"
    r"|ened|ening)?|cancel(?:s|led|ed)?|hoax|postpone[sd]?|abort(?:s|ed)|halts|scraps|scrapped",
    "de": r"abgesagt|abgewendet|vereitelt\w*|verhindert\w*|droh\w+|abgeblasen|verschoben|gestoppt",
    "fr": r"annulée?s?|déjouée?s?|évitée?s?|menace\w*|empêch\w+|reportée?s?",
    "es": r"cancel\w+|frustrad\w+|evit\w+|amenaz\w+|impid\w+|aplaz\w+",
}
"""Words in a title by which an event did not take place, or not yet. Patterns."""
_NO = {"en": "no", "de": r"kein\w*", "fr": r"pas d['’]|aucune?", "es": "ningún|ninguna"}
_AFTER = {
    "en": r"after|following|since|before|despite",
    "de": r"nach|seit|vor|trotz",
    "fr": r"après|depuis|avant|malgré",
    "es": r"tras|después de|desde|antes de",
}
"""Prepositions before an event that lies behind the news. Patterns."""
_VIOLENCE = {
    "en": r"attacks?|assaults?|strikes?|airstrikes?|bombings?|raids?|shootings?|war|explosion|coup|plot|siege",
    "de": r"Anschlag|Anschläge|Attentat|Angriff\w*|Explosion|Putsch|Krieg|Razzia|Messerangriff|Amoklauf",
    "fr": r"attentats?|attaques?|explosion|guerre|fusillade|grève",
    "es": r"atentado|ataque|explosión|guerra|huelga|tiroteo",
}
"""Nouns of events that a title can name although they did not take place. Patterns."""
_ON_PERSON = r"(?i:attacks?|assaults?|attaques?|ataques?|angriffe?) (?:on|contre|sur|contra|auf) (.+)"


def took_place(phrase: str, told: Telling) -> bool:
    """Return whether a phrase with a noun of violence names an event that took place.

    It did not when a title says that it was called off, foiled or threatened. An attack on a person is mostly one in
    words.
    """
    if not compiled(rf"\b(?:{_VIOLENCE[told.language]})\b", re.IGNORECASE).search(phrase):
        return True
    target = compiled(_ON_PERSON).fullmatch(phrase)
    if target and any(says(target[1], told) for says in (is_person, is_full_name, _has_office)):
        return False
    return not any(_is_undone(title, told.language) for title in told.titles)


def _is_undone(title: str, language: str) -> bool:
    """Return whether a title has a word of what did not take place close to the noun of an event."""
    noun, undone = _VIOLENCE[language], _NOT_HAPPENED[language]
    led = rf"(?<!\w)(?:{undone}|{_NO[language]})\W+(?:\S+ ){{0,2}}?(?:{noun})(?!\w)"
    behind = rf"(?<!\w)(?:{noun})(?:[\s-]\S+){{0,3}}?[\s-](?:{undone})(?!\w)"
    return any(compiled(each, re.IGNORECASE).search(title) for each in (led, behind))


def is_background(phrase: str, told: Telling) -> bool:
    """Return whether the headline has an event only behind a word like "after"."""
    at = told.headline.casefold().find(phrase.casefold())
    behind = compiled(rf"\b(?:{_AFTER[told.language]})(?: the| a| an| his| her| la| le| el| der| dem| einem)? \Z")
    return at > 0 and bool(behind.search(before(told.headline, at).casefold()))


def _has_office(name: str, told: Telling) -> bool:
    """Return whether the texts have an office, and maybe a first name, before a name."""
    for at in places(told.texts, name):
        led = before(told.texts, at).split()[-2:]
        if led and (led[-1].casefold() in TITLES or (led[-1][:1].isupper() and led[0].casefold() in TITLES)):
            return True
    return False
