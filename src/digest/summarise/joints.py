"""Words at the start of a sentence that only join it to an earlier sentence and have no content; by language.

All lists are closed: words outside them are kept. No list has a phrase that could name the speaker ("according to",
"critics say:", "in her letter,"). In German and Dutch the verb comes before the subject after an adverb, so only
conjunctions may be cut there.
"""
# ruff: noqa: RUF001 - letters, dashes and apostrophes of several languages are the subject here

from __future__ import annotations

import re
from functools import lru_cache

from digest.text.patterns import compiled

_CONJUNCTIONS = {
    "en": r"(?:(?:but|and)(?! (?:for|then|also)\b)|yet(?! (?:an?other|again|to|more)\b)|so(?! (?:far|much|many|long"
    r"|that|called|few|little|is|are|was|were|do|does|did|has|have|had|will|would|can|could|too|what|why|how|who"
    r"|where|when)\b)|now(?! (?:that|is|was|are|were|in|at|on|an?|aged|known|for|\d)\b))",
    "fr": r"(?:(?:mais|et)(?! (?:alors|puis|aussi)\b)|or(?! (?:et|en|a|ont|est|noir|jaune)\b)|car)",
    "de": r"(?:aber|und|denn|doch)(?! (?:ist|sind|war|waren|hat|haben|hatten?|wird|werden|wurden?|kann|können"
    r"|konnten?|soll|sollen|sollten?|will|wollen|wollten?|muss|müssen|mussten?|gibt|gab|geht|ging|bleibt|blieb|kommt"
    r"|kam|steht|stand|auch|nur|bislang|noch|dann|zugleich|trotzdem|dennoch|bitte)\b)",
    "es": r"(?:pero|y|mas)(?! (?:luego|entonces|también)\b)",
    "it": r"(?:ma|e(?! (?:poi|allora)\b)|però)",
    "pt": r"(?:mas|e(?! (?:se|agora)\b)|porém)",
    "nl": r"(?:maar|en|want)",
    "ru": r"(?:но|однако|а(?! (?:также|именно|то)\b))",
    "ar": r"(?:لكن|ولكن)",
    "cs": r"(?:ale|avšak|však)",
    "pl": r"(?:ale|lecz|jednak)",
    "uk": r"(?:але|однак|проте)",
    "sv": r"(?:men|och)",
    "da": r"(?:men|og)",
    "no": r"(?:men|og)",
    "fi": r"(?:mutta)",
    "tr": r"(?:ama|ancak|fakat)",
    "ro": r"(?:dar|iar|însă)",
    "hu": r"(?:de|azonban)",
    "el": r"(?:αλλά|όμως|ωστόσο)",
    "ca": r"(?:però)",
    "hr": r"(?:ali|no)",
    "id": r"(?:tetapi|namun|tapi)",
}
"""Conjunctions that are cut without a comma: the clause after them keeps its word order."""
_NO_WORD_EN = (
    r"(?!(?: \w+)? (?:deni|claim|alleg|accus|report|statement|assur|promis|object|protest|warn|call|insist|reject"
    r"|rebutt|explan|excus)\w*)"
)
"""A statement or a denial is more than a pointer and is kept: "Despite her denial, ..."."""
_SPAN_EN = (
    r"(?:(?:a few|few|several|some|two|three|four|five|six|\d+) )?(?:moments|minutes|hours|days|weeks|months|years)"
)
_SPAN_FR = r"(?:(?:quelques|deux|trois|quatre|\d+) )?(?:minutes|heures|jours|semaines|mois|ans|années)"
_SPAN_ES = r"(?:(?:unos|unas|pocos|pocas|dos|tres|cuatro|\d+) )?(?:minutos|horas|días|semanas|meses|años)"
_ADVERBIALS = {
    "en": r"however|meanwhile|moreover|furthermore|additionally|also|still|instead|otherwise|nevertheless"
    r"|nonetheless|indeed|actually|therefore|thus|hence|consequently|accordingly|besides|similarly|likewise"
    r"|elsewhere|then|now|so|but|and|yet|conversely|alternatively|again|finally|lastly|secondly|thirdly|this time"
    r"|in (?:addition|sum|short|fact|contrast|turn|other words|any case|either case|that case|this case"
    r"|the meantime|the process)|in (?:this|that) (?:context|regard|respect|sense|way|vein)|in (?:addition"
    r"|contrast) to (?:this|that|these|those)|for (?:example|instance|this reason|that reason)|as (?:a result|such"
    r"|a consequence)|as a result of (?:this|that)|on (?:the other hand|the one hand|top of (?:this|that|it all))"
    r"|on (?:a|an|that|this) (?:similar |related |different |other )?note|at the same time|at (?:this"
    r"|that) (?:point|time|stage|moment)|around the same time|by (?:then|contrast|comparison)|against (?:this"
    r"|that) (?:backdrop|background)|with (?:this|that|all this) in mind|despite (?:his|her|their)(?: \w+){1,3}"
    r"|to (?:this|that) end|that said|even so|after all|by the way|no wonder|of late|what(?:['’]s| is) more"
    r"|more importantly|most importantly|(?:despite|after|following|because of|in light of|given|before|since|until"
    r"|beyond|besides|in response to|amid) (?:this|that|these|those|all this|all that|all of this"
    rf"|it all){_NO_WORD_EN}(?: \w+){{0,2}}|{_SPAN_EN} (?:later|afterwards?|after (?:that|this))|(?:shortly"
    r"|soon) (?:after(?:wards)?|before|thereafter)|the following (?:day|morning|evening|night|week|month|year)"
    r"|(?:earlier|later) (?:in|on) (?:the|that) (?:day|morning|evening|night|week)|(?:earlier|later) that (?:day"
    r"|morning|afternoon|evening|night|week|month|year)|the same day|that same (?:day|week|month|year)",
    "fr": r"cependant|toutefois|pourtant|en effet|par ailleurs|en outre|de plus|néanmoins|ainsi|alors|en revanche"
    r"|or|enfin|d['’]ailleurs|du coup|au contraire|à l['’]inverse|en conséquence|par conséquent|autrement dit"
    r"|en clair|bref|en fait|de fait|en somme|en résumé|par exemple|concrètement|pour autant|en même temps"
    r"|entre-temps|dans le même temps|ensuite|puis|mais|et|de ce fait|pour cette raison|malgré (?:cela|tout)"
    r"|dans la foulée|au passage|peu après|le même jour|dans ce (?:contexte|cadre|cas)|dans cette (?:optique"
    rf"|perspective)|à (?:ce|cet) (?:titre|égard|sujet|propos|effet)|{_SPAN_FR} plus tard|de (?:son|leur) côté"
    r"|pour (?:sa|leur) part|outre cela|après cela|pour cela",
    "es": r"sin embargo|además|no obstante|por otro lado|por otra parte|por un lado|asimismo|en cambio|de hecho"
    r"|mientras tanto|por ello|por eso|así|así pues|entonces|luego|después|por tanto|por lo tanto|en consecuencia"
    r"|es decir|en resumen|por ejemplo|por (?:su|último)(?: (?:parte|lado))?|a su vez|igualmente|también"
    r"|en este (?:sentido|contexto|caso|marco)|en ese (?:sentido|contexto|caso|momento)|al mismo tiempo"
    rf"|poco después|{_SPAN_ES} (?:después|más tarde)|por el contrario|a pesar de (?:ello|eso|esto)|pese a (?:ello"
    r"|eso|esto)|ante (?:ello|esto)|de este modo|de esta (?:manera|forma)|con todo|ese mismo día",
    "it": r"tuttavia|inoltre|però|intanto|infatti|quindi|dunque|infine|insomma|invece|per esempio|ad esempio"
    r"|subito dopo|poco dopo|in aggiunta|al contrario|dal canto (?:suo|loro)|in questo (?:contesto|senso|caso)"
    r"|per questo(?: motivo)?|allo stesso tempo|nel frattempo|di conseguenza|d['’]altra parte|in altre parole"
    r"|in particolare|del resto",
    "pt": r"além disso|no entanto|contudo|porém|todavia|entretanto|por sua vez|enquanto isso|assim|por isso|portanto"
    r"|por outro lado|nesse contexto|neste contexto|nesse sentido|em seguida|pouco depois|ao mesmo tempo|por exemplo"
    r"|ou seja|aliás|afinal|por fim",
    "ru": r"однако|кроме того|вместе с тем|в свою очередь|таким образом|более того|впрочем|итак|например|наконец"
    r"|с другой стороны|в то же время|к тому же",
    "ar": r"في المقابل|من جهة أخرى|من ناحية أخرى|إلى ذلك|علاوة على ذلك|بالإضافة إلى ذلك|ومع ذلك|مع ذلك|في الوقت نفسه"
    r"|وفي المقابل|وفي الوقت نفسه|من جهة ثانية",
}
"""Connectives and phrases that point back; they are cut with the comma after them."""
_FRAMES = {
    "en": r"(?:this|it|that|(?:the|this) (?:move|news|decision|announcement|ruling|warning|incident|development"
    r"|comments|remarks)) (?:comes|came) (?:just |only |less than |more than )*(?:(?:a|an|one|two|three|several"
    r"|\d+) \w+ |hours |days |weeks |months )?(?:as|after (?=(?:\S+ ){0,7}(?:was|were|is|are|has|have|had|said"
    r"|announced|reported|warned|voted|agreed)\b))|(?:it(?:['’]s| is| was)|it should be|it must be|it is also"
    r"|it['’]s also) (?:worth|important|noteworthy|noted|useful|good) ?(?:noting|mentioning|remembering|recalling"
    r"|to note|to remember|to know)? ?that|(?:the|this) (?-i:(?:[a-z'’-]+ ){1,9})comes as|(?:it"
    r"|this) means (?=(?-i:[A-Z]))|(?:please )?(?:note|remember|keep in mind|bear in mind|be aware) that|(?:this"
    r"|that|it|which) means that|it can (?:also )?be revealed that|(?:it|that)(?:['’]s| is) (?:partly "
    r"|mainly )?because",
    "fr": r"(?:il (?:faut|convient de|est important de) (?:noter|savoir|rappeler|préciser)|à noter|il est à noter"
    r"|rappelons|notons|cela (?:signifie|veut dire)|ça veut dire|c['’]est dire|force est de constater|reste"
    r"|il se trouve) (?:que |qu['’])",
    "es": r"(?:cabe|hay que|es importante|conviene) (?:destacar|recordar|señalar|mencionar|resaltar"
    r"|tener en cuenta) que|(?:esto|eso|ello) (?:significa|quiere decir|implica) que",
    "it": r"(?:va|è|occorre|bisogna) (?:\w+ )?(?:ricordato|sottolineato|detto|notare|sottolineare"
    r"|ricordare)(?: però)? che",
    "pt": r"(?:vale|cabe|é importante|é preciso) (?:lembrar|destacar|ressaltar|notar) que|isso significa que",
}
"""Main clauses without content of their own, which introduce a whole sentence."""
_SIGNPOSTS = {
    "en": r"(?:and )?(?:(?:the )?(?:result|upshot|reason|problem|catch|bottom line|good news|bad news|difference)"
    r"|in short|in other words|put simply|simply put|translation|for context|for comparison|and more|what(?:['’]s"
    r"| is) more|better still|worse still|one thing is (?:clear|certain))",
    "fr": r"(?:et |mais )?(?:pour cause|le résultat|résultat|bilan|conséquence|la conséquence|la raison|en clair"
    r"|autrement dit|en bref|en résumé|bref|ce n['’]est pas tout|mieux|pire|mieux encore|pire encore|seul problème"
    r"|le problème|à noter|concrètement|pour rappel|une chose est sûre)",
    "de": r"(?:und |doch |aber )?(?:sprich|das heißt|heißt|kurzum|kurz gesagt|im klartext|mit anderen worten"
    r"|mehr noch|(?:das |die )?(?:ergebnis|folge|bilanz)|der grund|das problem|der haken|das besondere|anders gesagt"
    r"|konkret|das bedeutet|soll heißen|heißt konkret|nicht nur das|klar ist|sicher ist|fest steht|eines steht fest"
    r"|so viel steht fest|zur erinnerung|zum vergleich|damit nicht genug|(?:diese|die frage) ist (?:schnell|leicht"
    r"|rasch) beantwortet)",
    "es": r"(?:y |pero )?(?:es decir|el resultado|resultado|en resumen|el motivo|la razón|en otras palabras"
    r"|dicho de otro modo|el problema|ojo|peor aún|una cosa está clara)",
}
"""Words that may come alone before a colon and only announce the rest."""
_LABELLED = r"(?!(?:\S+ ){0,4}\S+:)"
"""After a conjunction, the words before a colon are no label: "And in Graz: ..."."""
_MOST_JOINTS = 3
_REACH = 60
"""The longest joint ends within so many characters."""
_NOTHING = "(?!)"


def past_joints(sentence: str, at: int, language: str) -> int:
    """Return where a sentence that begins at ``at`` continues after the words that join it to an earlier sentence."""
    if language not in _CONJUNCTIONS:
        return at
    for _ in range(_MOST_JOINTS):
        plain, marked = _joints(language)
        found = plain.match(sentence, at) or (_has_mark(sentence, at) and marked.match(sentence, at))
        if not found:
            break
        at = found.end()
    return at


def _has_mark(sentence: str, at: int) -> bool:
    """Return whether a comma or colon is near, which most joints need behind them."""
    head = sentence[at : at + _REACH]
    return "," in head or ":" in head or "،" in head


@lru_cache(maxsize=16)
def _joints(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return two patterns of a language: joints that need no comma or colon after them, and joints that do."""
    plain = [rf"{_CONJUNCTIONS[language]} {_LABELLED}(?=\w)"]
    if language in _FRAMES:
        plain.append(rf"(?:{_FRAMES[language]})(?:(?<=['’ ])| )(?=\w)")
    marked = [
        rf"(?:{_ADVERBIALS.get(language, _NOTHING)}) ?[,،] (?=\w|[\"“«„])",
        rf"(?:{_SIGNPOSTS.get(language, _NOTHING)}) ?: (?=\w)",
    ]
    return compiled("|".join(plain), re.IGNORECASE), compiled("|".join(marked), re.IGNORECASE)
