"""Words that open a sentence which depends on the previous one, by language (other words: ``lexicon``)."""
# ruff: noqa: RUF001 - apostrophes and accents of several languages are the subject here

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from digest.text.patterns import compiled

OPENING = "[\"'“”‘’«»„‹›(\\[–—\\s-]*"

"""Marks that may come before the first word of a sentence."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """How sentences of one language open when they depend on the one before.

    The patterns match at the start of a sentence in lower case, after any opening quotation mark: ``re`` compares text
    without regard to case at half the speed.
    """

    opens_pronoun: re.Pattern[str]
    """Words for somebody or something that an earlier sentence named."""
    opens_connective: re.Pattern[str]
    """A word that joins the sentence to an earlier one."""


_TIMES = {
    "fr": "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|semaine|année|matin|soir|mois|week-end|nuit",
    "de": "woche|jahr|monat|wochenende|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|sommer|winter",
    "es": "lunes|martes|miércoles|jueves|viernes|sábado|domingo|semana|año|mes|mañana|tarde|noche|fin de semana",
    "ru": "недел|год|месяц|день|утр|вечер|ноч|лет|зим|осен|весн|раз",
}
"""Words after which a demonstrative means a date ("cette semaine") and refers to nothing earlier in the text."""
_PRONOUNS = {
    "en": "he|she|they|it|that|this|these|those|his|her|their|its|such|him|them|hers|theirs|both|neither|there"
    "|he's|she's|it's|they're|that's|there's|he’s|she’s|it’s|they’re|that’s|there’s",
    "fr": rf"il|elle|ils|elles|c['’](?:est|était|étaient)|cela|ça|ceci|celui|celle|ceux|celles|celui-ci|celle-ci"
    rf"|ceux-ci|son|sa|ses|leur|leurs|lui|y|(?:ce|cet|cette|ces) (?!(?:{_TIMES['fr']})\b)\w+",
    "de": rf"er|sie|es|sein|seine|seinem|seinen|seiner|ihr|ihre|ihrem|ihren|ihrer|ihm|ihn|ihnen|beide|beides|dies|dabei"
    rf"|dazu|dafür|dagegen|damit|darin|daran|darauf|darüber|davon|dort"
    rf"|das (?:ist|war|sei|wird|hat|kann|soll|heißt|gilt)"
    rf"|(?:dieser|diese|dieses|diesem|diesen) (?!(?:{_TIMES['de']})\b)\w+",
    "es": rf"él|ella|ellos|ellas|esto|eso|ello|ambos|ambas|lo|le|les|allí|su|sus|ese|esa|esos|esas"
    rf"|(?:este|esta|estos|estas) (?!(?:{_TIMES['es']})\b)\w+",
    "ru": rf"он|она|они|оно|его|её|ее|их|ему|ей|им|ими|у (?:него|неё|нее|них)|с (?:ним|ней|ними)|это|свой|своя|своё"
    rf"|свои"
    rf"|(?:этот|эта|эти|этого|этой|этому|этим|этих|тот|та|те|то) (?!(?:{_TIMES['ru']}))\w+",
    "ar": r"[وف]?(?:هو|هي|هم|هما|هذا|هذه|ذلك|تلك|هؤلاء|أولئك)",
}
_TIMES_EN = "week|weekend|month|year|morning|afternoon|evening|spring|summer|autumn|fall|winter|season"
_WITH_DEMONSTRATIVE = {
    "fr": r"(?:dans|à|sur|avec|pour|par|de|selon|après|avant|depuis|malgré|face à|lors de|en|chez|sous|parmi|contre)"
    rf" (?:c(?:elui|elle|eux|elles)(?:-ci|-là)\b|(?:ce|cet|cette|ces|cela) (?!(?:{_TIMES['fr']})\b)\w+)",
    "de": r"(?:in|auf|bei|mit|nach|vor|für|aus|von|zu|an|unter|trotz|wegen|seit|um|gegen|durch|über) diese[mnrs]?"
    rf" (?!(?:{_TIMES['de']})\b)\w+",
    "es": r"(?:en|con|por|para|de|tras|ante|sobre|a) (?:ello|eso|esto"
    rf"|(?:este|esta|estos|estas|ese|esa|esos|esas) (?!(?:{_TIMES['es']})\b)\w+)",
}
"""A preposition with something that an earlier sentence named ("in this case")."""
_CONNECTIVES = {
    "en": "but|and|so|or|yet|also|however|then|meanwhile|instead|still|nor|moreover|furthermore|therefore|thus|besides"
    "|nevertheless|nonetheless|otherwise|hence|likewise|similarly|in addition|for example|for instance|as a result"
    "|in fact|on the other hand|at the same time|even so|after all|additionally|indeed|actually|because|elsewhere"
    "|no wonder|of late"
    "|(?:in|at|by|for|of|with|from|on|until|since|after|before|despite|following|amid|under|through|to|without|within"
    "|behind|because of|according to|given|along with|unlike|among) (?:this|that|these|those|such|it|them)"
    rf"(?! (?:{_TIMES_EN})\b)"
    r"|(?:[^\s,]+ ){0,6}[^\s,]+, (?:however|meanwhile|though|too|for his part|for her part|in turn),",
    "fr": "mais|et|donc|or|ni|car|cependant|toutefois|pourtant|ainsi|alors|aussi|puis|ensuite|enfin|néanmoins"
    "|d['’]ailleurs|en effet|par ailleurs|en revanche|de plus|en outre|par exemple|pour autant|de son côté|en fait"
    rf"|{_WITH_DEMONSTRATIVE['fr']}",
    "de": "aber|und|oder|doch|denn|jedoch|also|dann|auch|zudem|außerdem|allerdings|dennoch|trotzdem|deshalb|daher"
    "|somit|vielmehr|schließlich|hingegen|stattdessen|darum|so|nun|danach|zuvor|gleichzeitig|immerhin|zum beispiel"
    rf"|{_WITH_DEMONSTRATIVE['de']}",
    "es": "pero|y|o|ni|sino|sin embargo|además|también|así|entonces|por eso|por tanto|por lo tanto|no obstante|pues"
    "|mientras tanto|en cambio|por ejemplo|de hecho|luego|después|asimismo|por otro lado|por otra parte"
    rf"|{_WITH_DEMONSTRATIVE['es']}",
    "ru": "но|а|и|или|однако|также|тоже|кроме того|при этом|поэтому|затем|потом|тем не менее|вместе с тем|между тем"
    "|в то же время|по (?:его|её|ее|их) (?:словам|мнению|данным)|впрочем|зато|так|итак|например|наконец|в связи с этим"
    "|после этого|до этого|в этом|об этом|к этому|для этого|из-за этого|благодаря этому|в частности",
    "ar": r"(?:و?لكن|غير أن|إلا أن|بل|كما|كذلك|أيضا|ثم|وبالتالي|لذلك|ولذلك|لذا|بينما|وهو ما|وهي|ومع ذلك|من جهة أخرى"
    r"|في المقابل|وفي المقابل|من جهته|من جهتها|ومن جهته|بدوره|بدورها)"
    r"|و?(?:قال|قالت|قالوا|أضاف|أضافت|أكد|أكدت|أوضح|أوضحت|ذكر|ذكرت|أشار|أشارت|تابع|تابعت|شدد|شددت|لفت|لفتت) (?:إن|أن"
    r"|إلى أن|على أن)",
}
_NOTHING = r"(?!)"


def _opens(by_language: dict[str, str], language: str) -> re.Pattern[str]:
    listed = by_language.get(language)
    return compiled(rf"{OPENING}\b(?:{listed})(?!\w)") if listed else compiled(_NOTHING)


@lru_cache(maxsize=32)
def phrases(language: str) -> Phrases:
    """Return the phrases of a language (BCP 47 primary tag); for an unknown language nothing matches."""
    return Phrases(
        opens_pronoun=_opens(_PRONOUNS, language),
        opens_connective=_opens(_CONNECTIVES, language),
    )
