"""The words at a sentence's start that join it to an earlier one and say nothing by themselves; by language.

All lists are closed: what is not in them stays. A phrase that could name whose word the rest is ("according to",
"critics say:", "in her letter,") is in none of them. German and Dutch put the verb before the subject behind an adverb,
so only their conjunctions may go.
"""
# ruff: noqa: RUF001 - letters, dashes and apostrophes of several languages are the subject here

from __future__ import annotations

import re
from functools import lru_cache

from digest.text.patterns import compiled

_CONJUNCTIONS = {
    "en": r"(?:but|and|yet(?! (?:an?other|again|to|more)\b)|so(?! (?:far|much|many|long|that|called|few|little|is"
    r"|are|was|were"
    r"|do|does|did|has|have|had|will|would|can|could|too|what|why|how|who|where|when)\b)"
    r"|now(?! (?:that|is|was|are|were|in|at|on|an?|aged|known|for|\d)\b))",
    "fr": r"(?:mais|et|or(?! (?:et|en|a|ont|est|noir|jaune)\b)|car)",
    "de": r"(?:aber|und|denn|doch)(?! (?:ist|sind|war|waren|hat|haben|hatten?|wird|werden|wurden?|kann|können"
    r"|konnten?|soll|sollen"
    r"|sollten?|will|wollen|wollten?|muss|müssen|mussten?|gibt|gab|geht|ging|bleibt|blieb|kommt|kam|steht|stand"
    r"|auch|nur|bislang"
    r"|noch|dann|zugleich|trotzdem|dennoch|bitte)\b)",
    "es": r"(?:pero|y|mas)",
    "it": r"(?:ma|e(?! (?:poi|allora)\b)|però)",
    "pt": r"(?:mas|e(?! (?:se|agora)\b)|porém)",
    "nl": r"(?:maar|en|want)",
    "ru": r"(?:но|однако|а(?! (?:также|именно|то)\b))",
    "ar": r"(?:لكن|ولكن)",
}
"""Conjunctions that go without a comma: the clause behind them keeps its order."""
_SPAN_EN = (
    r"(?:(?:a few|few|several|some|two|three|four|five|six|\d+) )?(?:moments|minutes|hours|days|weeks|months|years)"
)
_SPAN_FR = r"(?:(?:quelques|deux|trois|quatre|\d+) )?(?:minutes|heures|jours|semaines|mois|ans|années)"
_SPAN_ES = r"(?:(?:unos|unas|pocos|pocas|dos|tres|cuatro|\d+) )?(?:minutos|horas|días|semanas|meses|años)"
_ADVERBIALS = {
    "en": r"however|meanwhile|moreover|furthermore|additionally|also|still|instead|otherwise|nevertheless"
    r"|nonetheless|indeed"
    r"|actually|therefore|thus|hence|consequently|accordingly|besides|similarly|likewise|elsewhere|then|now|so"
    r"|but|and|yet"
    r"|conversely|alternatively|again"
    r"|in (?:addition|sum|short|fact|contrast|turn|other words|any case|either case|that case|this case"
    r"|the meantime|the process)"
    r"|in (?:this|that) (?:context|regard|respect|sense|way|vein)|in (?:addition|contrast) to (?:this|that|these"
    r"|those)"
    r"|for (?:example|instance|this reason|that reason)|as (?:a result|such|a consequence)|as a result of (?:this"
    r"|that)"
    r"|on (?:the other hand|the one hand|top of (?:this|that|it all))|on (?:a|an|that|this) (?:similar |related "
    r"|different |other )?note"
    r"|at the same time|at (?:this|that) (?:point|time|stage|moment)|around the same time|by (?:then|contrast"
    r"|comparison)"
    r"|against (?:this|that) (?:backdrop|background)|with (?:this|that|all this) in mind|to (?:this|that) end"
    r"|that said|even so"
    r"|after all|by the way|no wonder|of late|what(?:['’]s| is) more|more importantly|most importantly"
    r"|(?:despite|after|following|because of|in light of|given|before|since|until|beyond|besides|in response to|amid) "
    r"(?:this|that|these|those|all this|all that|all of this|it all)(?: \w+){0,2}"
    rf"|{_SPAN_EN} (?:later|afterwards?|after (?:that|this))|(?:shortly|soon) (?:after(?:wards)?|before"
    rf"|thereafter)|the following "
    r"(?:day|morning|evening|night|week|month|year)|(?:earlier|later) (?:in|on) (?:the|that) (?:day|morning"
    r"|evening|night|week)"
    r"|(?:earlier|later) that (?:day|morning|afternoon|evening|night|week|month|year)|the same day"
    r"|that same (?:day|week|month|year)",
    "fr": r"cependant|toutefois|pourtant|en effet|par ailleurs|en outre|de plus|néanmoins|ainsi|alors|en revanche"
    r"|or|enfin"
    r"|d['’]ailleurs|du coup|au contraire|à l['’]inverse|en conséquence|par conséquent|autrement dit|en clair"
    r"|bref|en fait"
    r"|de fait|en somme|en résumé|par exemple|concrètement|pour autant|en même temps|entre-temps"
    r"|dans le même temps|ensuite"
    r"|puis|mais|et|de ce fait|pour cette raison|malgré (?:cela|tout)|dans la foulée|au passage|peu après|le même jour"
    r"|dans ce (?:contexte|cadre|cas)|dans cette (?:optique|perspective)|à (?:ce|cet) (?:titre|égard|sujet|propos"
    r"|effet)"
    rf"|{_SPAN_FR} plus tard|de (?:son|leur) côté|pour (?:sa|leur) part|outre cela|après cela|pour cela",
    "es": r"sin embargo|además|no obstante|por otro lado|por otra parte|por un lado|asimismo|en cambio|de hecho"
    r"|mientras tanto"
    r"|por ello|por eso|así|así pues|entonces|luego|después|por tanto|por lo tanto|en consecuencia|es decir|en resumen"
    r"|por ejemplo|por (?:su|último)(?: (?:parte|lado))?|a su vez|igualmente|también|en este (?:sentido|contexto"
    r"|caso|marco)"
    rf"|en ese (?:sentido|contexto|caso|momento)|al mismo tiempo|poco después|{_SPAN_ES} (?:después|más tarde)"
    rf"|por el contrario"
    r"|a pesar de (?:ello|eso|esto)|pese a (?:ello|eso|esto)|ante (?:ello|esto)|de este modo|de esta (?:manera"
    r"|forma)|con todo|ese mismo día",
    "it": r"tuttavia|inoltre|però|intanto|infatti|quindi|dunque|infine|insomma|invece|per esempio|ad esempio"
    r"|subito dopo"
    r"|poco dopo|in aggiunta|al contrario|dal canto (?:suo|loro)|in questo (?:contesto|senso|caso)"
    r"|per questo(?: motivo)?"
    r"|allo stesso tempo|nel frattempo|di conseguenza|d['’]altra parte|in altre parole|in particolare|del resto",
    "pt": r"além disso|no entanto|contudo|porém|todavia|entretanto|por sua vez|enquanto isso|assim|por isso"
    r"|portanto|por outro lado"
    r"|nesse contexto|neste contexto|nesse sentido|em seguida|pouco depois|ao mesmo tempo|por exemplo|ou seja"
    r"|aliás|afinal|por fim",
    "ru": r"однако|кроме того|вместе с тем|в свою очередь|таким образом|более того|впрочем|итак|например|наконец"
    r"|с другой стороны"
    r"|в то же время|к тому же",
    "ar": r"في المقابل|من جهة أخرى|من ناحية أخرى|إلى ذلك|علاوة على ذلك|بالإضافة إلى ذلك|ومع ذلك|مع ذلك"
    r"|في الوقت نفسه|وفي المقابل"
    r"|وفي الوقت نفسه|من جهة ثانية",
}
"""Connectives and phrases that point back; they go with the comma behind them."""
_FRAMES = {
    "en": r"(?:this|it|that|(?:the|this) (?:move|news|decision|announcement|ruling|warning|incident|development"
    r"|comments|remarks))"
    r" (?:comes|came) (?:just |only |less than |more than )*(?:(?:a|an|one|two|three|several|\d+) \w+ |hours "
    r"|days |weeks |months )?"
    r"(?:as|after (?=(?:\S+ ){0,7}(?:was|were|is|are|has|have|had|said|announced|reported|warned|voted|agreed)\b))"
    r"|(?:it(?:['’]s| is| was)|it should be|it must be|it is also|it['’]s also) (?:worth|important|noteworthy"
    r"|noted|useful|good) ?"
    r"(?:noting|mentioning|remembering|recalling|to note|to remember|to know)? ?that"
    r"|(?:the|this) (?-i:(?:[a-z'’-]+ ){1,9})comes as|(?:it|this) means (?=(?-i:[A-Z]))"
    r"|(?:please )?(?:note|remember|keep in mind|bear in mind|be aware) that|(?:this|that|it|which) means that"
    r"|it can (?:also )?be revealed that|(?:it|that)(?:['’]s| is) (?:partly |mainly )?because",
    "fr": r"(?:il (?:faut|convient de|est important de) (?:noter|savoir|rappeler|préciser)|à noter|il est à noter"
    r"|rappelons|notons"
    r"|cela (?:signifie|veut dire)|ça veut dire|c['’]est dire|force est de constater|reste|il se trouve) (?:que "
    r"|qu['’])",
    "es": r"(?:cabe|hay que|es importante|conviene) (?:destacar|recordar|señalar|mencionar|resaltar"
    r"|tener en cuenta) que"
    r"|(?:esto|eso|ello) (?:significa|quiere decir|implica) que",
    "it": r"(?:va|è|occorre|bisogna) (?:\w+ )?(?:ricordato|sottolineato|detto|notare|sottolineare"
    r"|ricordare)(?: però)? che",
    "pt": r"(?:vale|cabe|é importante|é preciso) (?:lembrar|destacar|ressaltar|notar) que|isso significa que",
}
"""Main clauses without content of their own: what they introduce is a whole sentence."""
_SIGNPOSTS = {
    "en": r"(?:and )?(?:(?:the )?(?:result|upshot|reason|problem|catch|bottom line|good news|bad news|difference)"
    r"|in short|in other words|put simply"
    r"|simply put|translation|for context|for comparison|and more|what(?:['’]s| is) more|better still|worse still"
    r"|one thing is (?:clear|certain))",
    "fr": r"(?:et |mais )?(?:pour cause|le résultat|résultat|bilan|conséquence|la conséquence|la raison|en clair"
    r"|autrement dit|en bref|en résumé|bref"
    r"|ce n['’]est pas tout|mieux|pire|mieux encore|pire encore|seul problème|le problème|à noter|concrètement"
    r"|pour rappel|une chose est sûre)",
    "de": r"(?:und |doch |aber )?(?:sprich|das heißt|heißt|kurzum|kurz gesagt|im klartext|mit anderen worten"
    r"|mehr noch|(?:das |die )?(?:ergebnis|folge|bilanz)"
    r"|der grund|das problem|der haken|das besondere|anders gesagt|konkret|das bedeutet|soll heißen|heißt konkret"
    r"|nicht nur das|klar ist|sicher ist"
    r"|fest steht|eines steht fest|so viel steht fest|zur erinnerung|zum vergleich|damit nicht genug"
    r"|(?:diese|die frage) ist (?:schnell|leicht|rasch) beantwortet)",
    "es": r"(?:y |pero )?(?:es decir|el resultado|resultado|en resumen|el motivo|la razón|en otras palabras"
    r"|dicho de otro modo|el problema|ojo|peor aún|una cosa está clara)",
}
"""What may stand alone before a colon and only announces the rest."""
_LABELLED = r"(?!(?:\S+ ){0,4}\S+:)"
"""Behind a conjunction no label follows: "And in Graz: ..."."""
_MOST_JOINTS = 3
_REACH = 60
"""Characters in which the longest joint ends."""
_NOTHING = "(?!)"


def past_joints(sentence: str, at: int, language: str) -> int:
    """Return where a sentence that begins at ``at`` goes on behind what joins it to an earlier one."""
    if language not in _CONJUNCTIONS:
        return at
    for _ in range(_MOST_JOINTS):
        found = next(filter(None, (pattern.match(sentence, at) for pattern in _patterns(sentence, at, language))), None)
        if not found:
            break
        at = found.end()
    return at


def _patterns(sentence: str, at: int, language: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns that may match; without a comma or colon near the start those with one do not."""
    plain, marked = _joints(language)
    head = sentence[at : at + _REACH]
    return (plain, marked) if any(map(head.__contains__, ",:،")) else (plain,)


@lru_cache(maxsize=16)
def _joints(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a language: the joints that need no comma or colon behind them, and those that do."""
    plain = [rf"{_CONJUNCTIONS[language]} {_LABELLED}(?=\w)"]
    if language in _FRAMES:
        plain.append(rf"(?:{_FRAMES[language]})(?:(?<=['’ ])| )(?=\w)")
    marked = [
        rf"(?:{_ADVERBIALS.get(language, _NOTHING)}) ?[,،] (?=\w|[\"“«„])",
        rf"(?:{_SIGNPOSTS.get(language, _NOTHING)}) ?: (?=\w)",
    ]
    return compiled("|".join(plain), re.IGNORECASE), compiled("|".join(marked), re.IGNORECASE)
