"""The words by which a sentence shows what it leans on: pronouns, connectives, speech, days; by language."""
# ruff: noqa: RUF001 - apostrophes and accents of several languages are the subject here

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_OPENING = "[\"'“”‘’«»„‹›(\\[–—\\s-]*"


@dataclass(frozen=True, slots=True)
class Phrases:
    """Patterns of one language; those called ``opens_...`` match at the start of a sentence, past its quotation marks."""

    opens_pronoun: re.Pattern[str]
    """Somebody or something that an earlier sentence named."""
    opens_connective: re.Pattern[str]
    """A word that joins the sentence to an earlier one."""
    speech: re.Pattern[str]
    """Verbs by which a speaker is named."""
    more_speech: re.Pattern[str]
    """Verbs of a speaker who goes on: added, continued."""
    first_person: re.Pattern[str]
    second_person: re.Pattern[str]
    days: re.Pattern[str]


_PRONOUNS = {
    "en": "he|she|they|it|that|this|these|those|his|her|their|its|such|him|them|hers|theirs|both|neither|there",
    "fr": "il|elle|ils|elles|ce|c'|c’|cela|ça|celui-ci|celle-ci|ceux-ci|celles-ci|son|sa|ses|leur|leurs|cet|cette|ces|ceci"
    "|celui|celle|y|lui",
    "de": "er|sie|es|dieser|diese|dieses|diesem|diesen|sein|seine|seinem|seinen|seiner|ihr|ihre|ihrem|ihren|ihrer|das|dies"
    "|dabei|dazu|dafür|dagegen|damit|darin|daran|darauf|darüber|davon|dort|ihm|ihn|ihnen|beide|beides",
    "es": "él|ella|ellos|ellas|esto|eso|este|esta|estos|estas|ese|esa|esos|esas|su|sus|ello|ambos|ambas|lo|le|les|allí",
}
_CONNECTIVES = {
    "en": "but|and|so|or|yet|also|however|then|meanwhile|instead|still|nor|moreover|furthermore|therefore|thus|besides"
    "|nevertheless|nonetheless|otherwise|hence|likewise|similarly|in addition|for example|for instance|as a result|in fact"
    "|on the other hand|at the same time|even so|after all|additionally|indeed|because",
    "fr": "mais|et|donc|or|ni|car|cependant|toutefois|pourtant|ainsi|alors|aussi|puis|ensuite|enfin|néanmoins|d'ailleurs"
    "|d’ailleurs|en effet|par ailleurs|en revanche|de plus|en outre|par exemple|pour autant|de son côté|en fait",
    "de": "aber|und|oder|doch|denn|jedoch|also|dann|auch|zudem|außerdem|allerdings|dennoch|trotzdem|deshalb|daher|somit"
    "|vielmehr|schließlich|hingegen|stattdessen|darum|so|nun|danach|zuvor|gleichzeitig|immerhin|zum beispiel|ferner",
    "es": "pero|y|o|ni|sino|sin embargo|además|también|así|entonces|por eso|por tanto|por lo tanto|no obstante|aunque|pues"
    "|mientras tanto|en cambio|por ejemplo|de hecho|luego|después|asimismo|por otro lado|por otra parte",
}
_SPEECH = {
    "en": "said|says|told|tells|announced|reported|confirmed|wrote|according to",
    "fr": "a dit|a déclaré|a affirmé|a annoncé|a indiqué|a précisé|a expliqué|a estimé|a-t-il|a-t-elle|selon|d'après|assure"
    "|explique|affirme|indique|précise|estime|annonce|raconte|déclare",
    "de": "sagte|sagt|erklärte|teilte|berichtete|berichtet|hieß es|laut|zufolge|betonte|sagten|so der|so die|kündigte",
    "es": "dijo|dice|afirmó|aseguró|anunció|informó|explicó|señaló|indicó|según|declaró|ha dicho|ha asegurado|confirmó",
}
_MORE_SPEECH = {
    "en": "added|adding|adds|continued|explained|insisted|admitted|recalled|concluded|joked|replied|asked",
    "fr": "a ajouté|ajoute|a poursuivi|poursuit|conclut|a conclu|renchérit|souligne|a souligné|confie|a confié",
    "de": "fügte|ergänzte|meinte|fuhr|räumte|schloss|erzählt|erzählte",
    "es": "añadió|agregó|ha añadido|concluyó|insistió|prosiguió|recordó|admitió",
}
_FIRST = {
    "en": "i|we|my|our|us|me|i'm|i’m|we're|we’re",
    "fr": "je|j|nous|mon|ma|mes|notre|nos|moi",
    "de": "ich|wir|mein|meine|unser|unsere|uns|mich|mir",
    "es": "yo|nosotros|mi|mis|nuestro|nuestra|nuestros|nuestras|me|nos",
}
_SECOND = {
    "en": "you|your|yours",
    "fr": "vous|votre|vos|tu|ton|ta|tes",
    "de": "du|dein|deine|ihnen",
    "es": "usted|ustedes|tú|tu|tus",
}
_DAYS = {
    "en": "monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|yesterday|tonight|this week|last week|last night",
    "fr": "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|aujourd|hier",
    "de": "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|sonnabend|heute|gestern",
    "es": "lunes|martes|miércoles|jueves|viernes|sábado|domingo|hoy|ayer",
}
_NOTHING = re.compile(r"(?!)")


def _words(by_language: dict[str, str], language: str, *, opens: bool = False) -> re.Pattern[str]:
    listed = by_language.get(language)
    if listed is None:
        return _NOTHING
    return re.compile(rf"{_OPENING if opens else ''}\b(?:{listed})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=32)
def phrases(language: str) -> Phrases:
    """Return the patterns of a language (BCP 47 primary tag); for one without evidence they match nothing."""
    return Phrases(
        opens_pronoun=_words(_PRONOUNS, language, opens=True),
        opens_connective=_words(_CONNECTIVES, language, opens=True),
        speech=_words(_SPEECH, language),
        more_speech=_words(_MORE_SPEECH, language),
        first_person=_words(_FIRST, language),
        second_person=_words(_SECOND, language),
        days=_words(_DAYS, language),
    )
