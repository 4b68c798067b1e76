"""Openings that point back without a pronoun: "The latter", "Two days later", "The pair", "The 34-year-old".

What they point to is in another sentence. Of 94 English sentences with such an opening an editor kept one in nine
(measured); of other sentences, more than a third.
"""
# ruff: noqa: RUF001 - apostrophes and letters of several scripts are the subject here

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from functools import lru_cache

from digest.summarise.phrases import OPENING
from digest.text.patterns import compiled
from digest.text.words import content_words

_VERB = {
    "en": r"(?:also |then |later |now |both |\w+ly )?(?:was|were|is|are|has|have|had|will|would|can|could|may|might"
    r"|must"
    r"|should|said|says|told|did|does|do|came|comes|took|takes|went|goes|fell|began|lost|won|made|left|met|ran|gave|got"
    r"|saw|found|held|kept|became|died|stood|denies|faces|remains|claims|wants|plans|hopes|lives|works|\w+ed)\b",
    "de": r"(?:war|waren|ist|sind|wurden?|wird|werden|hat|haben|hatten?|habe|sei|seien|soll|sollen|sollte|kann|können"
    r"|konnten?|musste|müssen|will|wollten?|kam|kamen|ging|gingen|fiel|fielen|liegt|lag|gab|erlitt|verlor|starb|\w+te"
    r"|\w+ten)\b",
    "fr": r"(?:a|ont|est|sont|était|étaient|avait|avaient|sera|seront|doit|doivent|devrait|peut|peuvent|va|vont|fait"
    r"|s['’]est|n['’]a|\w+ait|\w+aient|\w+ra|\w+ront)\b",
    "es": r"(?:ha|han|es|son|era|eran|fue|fueron|está|están|estaba|había|habían|será|tiene|tienen|puede|pueden|debe"
    r"|\w+ó|\w+aron|\w+ieron|\w+aba|\w+ía)\b",
}
_AUXILIARY_DE = (
    r"(?:war|waren|ist|sind|wurden?|wird|werden|hat|haben|hatten?|habe|sei|seien|soll|sollen|sollte|kann|können"
    r"|könnte|dürfte|muss|müssen|würde|will|wollen)\b"
)
_NUMBER = {
    "en": r"(?:two|three|four|five|six|seven|eight|nine|ten|\d{1,2})",
    "de": r"(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|\d{1,2})",
    "fr": r"(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|\d{1,2})",
    "es": r"(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|\d{1,2})",
}
_UNIT_EN = r"(?:second|minute|hour|day|night|week|month|year|decade|season)s?"
_BACK = {
    "en": (
        rf"the latter(?! (?:\w+ )?of\b)|the former(?= {_VERB['en']})",
        (
            r"(?:one|some|many|most|several|few|all|half|each|neither|either|none|much|any|\w+ly \w+|about \w+"
            r"|(?:more|fewer|less) than \w+"
            rf"|at least \w+|up to \w+|{_NUMBER['en']}|the (?:first|second|third|last|best|worst)) of (?:them|these"
            rf"|those(?! (?:who|in|on|at|with|of|from|\w+ed|\w+ing)))\b"
        ),
        (
            r"(?:one|some|many|most|several|few|all|half|none|much|part) of (?:this|that|it)\b|all (?:this|that|these"
            r"|those)\b"
        ),
        (
            rf"(?:another|others?(?! than)|(?:some|many|several|most|few|{_NUMBER['en']}) others?"
            r"|the (?:others?|rest|remaining|remainder))\b(?! (?:\w+ )?of (?:the|his|her|its|their|a)\b)"
        ),
        (
            rf"the {_NUMBER['en']} (?!(?:months?|years?|weeks?|days?|hours?|minutes?|seconds?)\b)"
            rf"|the (?:pair|duo|trio|twins)(?= {_VERB['en']})|all {_NUMBER['en']}(?= {_VERB['en']})"
        ),
        rf"the (?:first|second|third|fourth|fifth|last|next)(?: one)?(?= {_VERB['en']})",
        r"the same(?! \w+ (?:as|that|who|which|of)\b)",
        (
            rf"(?:(?:just|only|about|nearly|some|almost|barely|less than|more than) )?(?:a|an|one|{_NUMBER['en']}"
            rf"|several|some"
            rf"|many|a few|a couple of) {_UNIT_EN} (?:later|earlier|afterwards?)\b"
        ),
        (
            r"(?:moments|seconds|minutes|hours|days|weeks|months|years|decades|shortly|not long|soon) (?:later|earlier"
            r"|afterwards?)\b"
        ),
        (
            r"(?:the (?:next|following|previous|same)|later that|earlier that|that same) (?:day|morning|evening"
            r"|afternoon"
            r"|night|week|month|year)\b"
        ),
        r"(?:later|afterwards?|subsequently|thereafter|eventually|lastly),? (?!(?:this|in|on|today|tonight|next)\b)",
        r"here(?:,| (?!(?:is|are|in|at)\b))|not so\b|even (?:worse|better)|worse(?:,| still| yet)|better (?:still|yet)",
        r"doing so|if so|if not,|as such,|as for|which\b|at the time(?! of)|in other words|not only that|that way",
        r"(?:inside|outside|nearby|next door|downstairs|upstairs),",
        r"\d+ ?(?:%|percent|per cent) (?:say|said|think|believe|agree|report|reported|were|are|have|had)\b",
        r"(?:\w+ ){1,3}aside,",
        r"yes,|no,|in any case|at any rate|what['’]s more|conversely|alternatively",
    ),
    "de": (
        r"(?:(?:der|die|das) )?(?:letztere|erstere)[rsnm]?\b|(?:der|die|das)selben?\b|(?:das|der|die) (?:gleiche)\b",
        rf"(?:beide|alle {_NUMBER['de']})\b|die (?:beiden|{_NUMBER['de']})(?: \w+)? (?={_AUXILIARY_DE})",
        (
            r"(?:eine[rs]?|zwei|drei|vier|einige|viele|manche|mehrere|keine[rs]?|jede[rs]?|die (?:meisten|hälfte)"
            r"|mehr als \w+) (?:von|unter) (?:ihnen|denen|diesen)\b|(?:eine[rs]?|einige|viele|die meisten) davon\b"
        ),
        (
            r"(?:andere|(?:ein|der) andere?r?|(?:eine|die) anderen?|(?:ein|das) anderes?|wieder andere|(?:die"
            r"|alle) übrigen"
            r"|der rest)\b"
        ),
        r"(?:ein|eine) weitere[rs]?\b",
        (
            rf"(?:(?:nur|erst|gut|knapp|rund|etwa|fast|kaum) )?(?:einen?|eine|{_NUMBER['de']}|wenige|einige|mehrere)"
            r" (?:minuten?|stunden?|tage?|nächte?|wochen?|monate?|jahre?) (?:später|zuvor|danach|darauf|davor|vorher)\b"
        ),
        r"(?:kurz|wenig|jahre|monate|wochen|tage|stunden|minuten) (?:später|zuvor|danach|darauf|davor|vorher)\b",
        (
            r"am (?:tag|abend|morgen) (?:danach|darauf|davor|zuvor)\b|am (?:nächsten|folgenden|selben"
            r"|gleichen) (?:tag|abend"
            r"|morgen)\b"
        ),
        (
            r"(?:später|damals|daraufhin|anschließend|hierzu|hierfür|hierbei|darunter|hinzu kommt|hinzu kommen|ebenso"
            r"|genauso|dadurch|dahinter|unter ihnen|betroffen (?:sind|ist|waren|war)|grund (?:dafür|hierfür)"
            r"|der grund(?: dafür)?(?: ist|:| liegt)|zum einen|zum anderen)\b"
        ),
        (
            r"hier (?!(?:in|im|am|bei)\b)|was (?:das|dies|ihn|sie|es)\b|schlimmer noch|wenn (?:ja|nicht),|nicht so\b"
            r"|ja,|nein,"
        ),
        rf"(?:der|die|das) (?:erste|zweite|dritte|letzte|nächste)(?= {_AUXILIARY_DE})",
        rf"(?:das|die|der) (?={_AUXILIARY_DE})",
    ),
    "fr": (
        (
            r"(?:ce|cette|ces) (?:derni(?:er|ère)s?)\b|(?:le|la|les) (?:premi(?:er|ère)s?|second(?:e|s|es)?"
            r"|derni(?:er|ère)s?"
            rf"|même|mêmes)(?= {_VERB['fr']})"
        ),
        (
            r"(?:l['’]une?|une?|deux|trois|certaine?s|plusieurs|beaucoup|la plupart|chacune?|aucune?) (?:d['’]entre"
            r"|d['’])"
            r" ?(?:eux|elles)\b|parmi (?:eux|elles|ceux|celles)|dont\b"
        ),
        r"(?:d['’]autres|une? autre|l['’]autre|les autres|tous les autres|le reste)\b(?! (?:de|du|des)\b)",
        (
            rf"(?:les|tous les|toutes les) {_NUMBER['fr']} (?!(?:jours|semaines|mois|ans|années|heures)\b)|tous (?:deux"
            rf"|trois)\b"
        ),
        (
            rf"(?:(?:à peine|environ|quelque) )?(?:une?|{_NUMBER['fr']}|quelques|plusieurs) (?:secondes?|minutes?"
            rf"|heures?"
            r"|jours?|nuits?|semaines?|mois|ans?|années?) (?:plus tard|plus tôt|auparavant|après,|avant,)"
        ),
        (
            r"(?:peu|quelque temps|juste|bien) (?:après|avant|auparavant|plus tard)\b,?(?! (?:le|la|les|l['’]|son"
            r"|sa)\b)"
            r"|(?:le|la) (?:lendemain|veille|surlendemain)\b(?! (?:de|du|des)\b)|le même (?:jour|soir)"
            r"|la même (?:nuit|année)"
        ),
        (
            r"(?:plus tard|depuis lors|dès lors|à l['’]époque|à ce moment|là-bas|pire|si oui|si non|quant à"
            r"|même chose|idem"
            r"|autrement dit|(?:à|a) la place,|non,|oui,|résultat)\b"
        ),
    ),
    "es": (
        (
            rf"(?:este|esta|estos|estas) últim[oa]s?\b|(?:el|la|los|las) (?:primer[oa]s?|segund[oa]s?"
            rf"|mism[oa]s?)(?= {_VERB['es']})"
        ),
        (
            r"(?:un[oa]|dos|tres|algun[oa]s|much[oa]s|vari[oa]s|la mayoría|la mitad|ningun[oa]"
            r"|cada un[oa]) de (?:ellos|ellas"
            r"|est[oa]s|es[oa]s)\b|entre (?:ellos|ellas)\b"
        ),
        r"(?:otr[oa]s?|(?:el|la|los|las) otr[oa]s?|(?:los|las) demás|el resto)\b(?! de\b)",
        rf"(?:l[oa]s|tod[oa]s l[oa]s) {_NUMBER['es']} (?!(?:días|semanas|meses|años|horas)\b)|amb[oa]s\b",
        (
            rf"(?:(?:apenas|casi|unos?) )?(?:un|una|{_NUMBER['es']}|poc[oa]s|vari[oa]s|unos|unas) (?:segundos?"
            rf"|minutos?|horas?"
            r"|días?|noches?|semanas?|mes|meses|años?) (?:después|más tarde|antes)\b(?! de\b)"
        ),
        (
            r"(?:poco|horas|días|semanas|meses|años|minutos) (?:después|antes|más tarde)\b(?! de\b)|al día siguiente"
            r"|el mismo"
            r" día|la víspera|ese mismo|esa misma"
        ),
        (
            r"(?:más tarde|después,|por entonces|en aquel|en aquella|aquí|peor aún|de ser así|en cuanto a|lo mismo"
            r"|es decir"
            r"|sí,|no,)"
        ),
    ),
    "ru": (
        (
            r"(?:последн(?:ий|яя|ее|ие)|перв(?:ый|ая|ое)|втор(?:ой|ая|ое)|друг(?:ой|ая|ое|ие)|остальные"
            r"|прочие) (?=\w+(?:л|ла|ло"
            r"|ли|ет|ит|ют|ят)\b)"
        ),
        (
            r"(?:один|одна|двое|трое|некоторые|многие|несколько|большинство|никто|каждый) из (?:них|этих|тех)\b"
            r"|среди них\b"
        ),
        r"(?:оба|обе|двое|трое)\b|так(?:ой|ая|ое|ие)\b|там\b|здесь\b|тогда\b",
        (
            r"(?:(?:спустя|через) \w+ (?:секунд\w*|минут\w*|час\w*|дн\w*|день|недел\w*|месяц\w*|год\w*|лет)(?! после)"
            r"|(?:\w+ )?(?:секунд\w*|минут\w*|час\w*|дн\w*|недел\w*|месяц\w*|год\w*|лет) (?:спустя|назад до|ранее))\b"
        ),
        (
            r"(?:на следующий день|накануне этого|в тот же (?:день|вечер)|днём ранее|днем ранее|позже|ранее (?:он|она"
            r"|они))\b"
        ),
        r"(?:хуже того|если так|что касается|то же самое|иначе говоря|другими словами|да,|нет,)",
    ),
    "ar": (
        r"(?:أحدهم|إحداهن|بعضهم|معظمهم|كلاهما|كلتاهما|الآخر|الآخرون|آخرون|غيرهم|الأخير|الأخيرة)(?!\w)",
        (
            r"(?:و?بعد (?:ذلك|يومين|أيام|ساعات|أسبوع|شهر)|و?في اليوم (?:التالي|نفسه)|و?قبل ذلك|و?هناك|و?هنا|و?من بينهم"
            r"|و?بينهم)(?!\w)"
        ),
    ),
}
_PERSON_EN = (
    r"(?:woman|man|boy|girl|teenager|teen|suspects?|victims?|couple|driver|passengers?|men|women|boys|girls|pilot"
    r"|mother"
    r"|father|child|children|baby|patient|(?:\d+|[a-z]+(?:-[a-z]+)?)-year-old)"
)
_ACT_EN = (
    r"(?:incident|announcement|move|decision|attack|crash|statement|accident|shooting|explosion|ruling|vote|comments?"
    r"|remarks?|change|changes|deal|agreement|news|proposal|plan|findings)"
)
_AGE = r"\d{1,2}(?: ans| años)?"
_SURNAME = rf"(?P<s>[A-ZÀ-Þ][\w'’-]+)(?:, (?:(?:aged|de|âgée?(?: de)?) )?{_AGE},| \({_AGE}\))(?= \w)"
"""A surname alone with an age ("Bell, 45, said"): an earlier sentence gives the first name and says who it is."""
_DEFINITE = {
    "en": (
        rf"the (?P<a>{_PERSON_EN})(?:,| (?={_VERB['en']}))",
        rf"the (?P<b>{_ACT_EN}) (?={_VERB['en']}|follow|mark)",
        r"(?:(?:the|a|another) )?(?P<e>spokes(?:man|woman|person))(?! (?:for|of|at)\b)",
        r"under the (?P<c>plan|deal|agreement|bill|law|proposal|scheme|rules?|terms|measures?|proposals|programme),",
        (
            r"under the (?P<d>plan|deal|agreement|bill|law|proposal|scheme|rules?|measures?|proposals)(?= )(?! (?:of|to"
            r"|for)\b)"
        ),
    ),
    "de": (
        (
            rf"(?:der|die|das) (?P<a>mann|frau|junge|mädchen|paar|duo|trio|männer|frauen|kind|fahrer(?:in)?|opfer"
            rf"|verdächtige|(?:\d+|\w+)-?jährigen?)(?= {_VERB['de']})"
        ),
        rf"(?:der|die|das) (?P<b>vorfall|ankündigung|entscheidung|unfall|tat|angriff|schritt|urteil)(?= {_VERB['de']})",
    ),
    "fr": (
        (
            rf"(?:l['’]|le |la |les )(?P<a>homme|femme|jeune homme|jeune femme|couple|duo|trio|suspect|suspecte"
            rf"|victime|enfant"
            rf"|conducteur|conductrice|intéressée?|hommes|femmes)(?: de \d+ ans|, âgée? de \d+ ans,)?(?= {_VERB['fr']})"
        ),
        rf"(?:l['’]|le |la )(?P<b>incident|annonce|décision|accident|attaque|attentat)(?= {_VERB['fr']})",
    ),
    "es": (
        (
            rf"(?:el|la|los|las) (?P<a>hombre|mujer|joven|pareja|dúo|trío|sospechos[oa]|víctima|niñ[oa]|conductora?"
            rf"|hombres"
            rf"|mujeres)(?: de \d+ años|, de \d+ años,)?(?= {_VERB['es']})"
        ),
        rf"(?:el|la) (?P<b>incidente|anuncio|decisión|accidente|ataque|atentado)(?= {_VERB['es']})",
    ),
}
"""A person or an act after a definite article and before a verb; the sentence does not say which one is meant."""


def points_back(text: str, language: str) -> bool:
    """Return whether a sentence opens with words for something that the previous sentence names."""
    pattern = _back(language)
    return pattern is not None and bool(pattern.match(text.lower()))


def refers_back(text: str, language: str, title: AbstractSet[str]) -> bool:
    """Return whether a sentence opens with a person or an act that neither it nor the headline names.

    ``title`` holds the headline's stems. Some earlier sentence names it, not always the previous one.
    """
    pattern = _definite(language)
    found = (_aged().match(text) or pattern.match(text.lower())) if pattern is not None else None
    if not found:
        return False
    noun = next(filter(None, found.groupdict().values()))
    return title.isdisjoint(content_words(noun, language))


@lru_cache(maxsize=16)
def _back(language: str) -> re.Pattern[str] | None:
    return _opening(_BACK.get(language))


@lru_cache(maxsize=1)
def _aged() -> re.Pattern[str]:
    """Return a pattern for the opening of a sentence as it is written: only its capital shows a surname."""
    return compiled(rf"{OPENING}{_SURNAME}")


@lru_cache(maxsize=16)
def _definite(language: str) -> re.Pattern[str] | None:
    return _opening(_DEFINITE.get(language))


def _opening(alternatives: tuple[str, ...] | None) -> re.Pattern[str] | None:
    """Return a pattern for the opening of a sentence in lower case."""
    return None if alternatives is None else compiled(rf"{OPENING}(?:{'|'.join(alternatives)})")
