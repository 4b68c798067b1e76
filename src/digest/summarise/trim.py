"""The part of a sentence that is worth a bullet and still reads as a sentence."""
# ruff: noqa: RUF001 - dashes and quotation marks are the subject here

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from digest.text.patterns import compiled
from digest.text.words import count_words

LEAST_WORDS = 8
"""Words that a cut must leave."""
LONG_ENOUGH = 18
"""Words up to which a sentence keeps its loose trailing clauses."""
VERY_LONG = 24
"""Words from which the closer trailing clauses may go too."""
_MOST_TAILS = 3
_LONGEST_ATTRIBUTION = 90
"""Characters of a trailing attribution; a longer tail says more than who said it."""

_DASH = r"\s*[–—-]{1,2}\s+"
_PLACE = r"[A-ZÀ-Þ][\w.'’/-]+(?:,? [A-ZÀ-Þ][\w.'’-]+){0,3}(?:,? (?:[A-Za-zÀ-ÿ]{3,9}\.? )?\d{1,2}\.?(?: \w{3,9})?)?"
_AGENCY = r"\(\s*[A-Za-z][\w./ -]{1,18}\)"
_CAPITALS = r"[A-ZÀ-Þ][A-ZÀ-Þ ,.'’-]{3,30}(?:[A-Z][a-z]{2,8}\.? \d{1,2})?"
_CITED = rf"{_PLACE}\s*{_AGENCY}(?:{_DASH}|(?=[A-ZÀ-Þ]))"
_DATELINE = rf"{_CITED}|\(\s?[A-Z]{{2,9}}\s?\)\s*(?:[–—-]{{1,2}}\s*)?|{_CAPITALS}{_DASH}"
_FURNITURE = r"(?i:scroll down for (?:the )?videos?|click here (?:to|for) \w+)\.?\s+"
_EDGE_PARENTHESIS = r"\s*\([^()]{1,80}\)[.!]?$"
_STUB = r"(?:, (?:and|but|or|which|who|as|et|mais|und|aber|y|pero)\b|\s[—–])(?:\s[^\s,—–]+){0,4}$"
"""A clause that has hardly begun: nothing is cut behind it."""
_BARE_VERB = r", (?:told\b[^,]*|(?!according)[a-zà-ÿ]+(?: (?:on|in|at|late|early|this|last|\w+day)\b[^,]*)?)[.!]?\Z"
"""A verb of saying whose speaker stands before the comma: without it he would be left hanging."""
_FINAL = r"[\s,;:–—-]+$"

_COORDINATORS = {
    "en": "but|and|yet",
    "fr": "mais|et",
    "de": "aber|und|denn",
    "es": "pero|y",
}
"""Connectives that may go without a trace: the clause behind them keeps its order."""
_THEN = {"en": "then", "fr": "(?:alors|puis)", "de": "dann", "es": "(?:luego|entonces)"}
"""What leans on the sentence before it as much as the connective that it follows."""
_LOOSE = {
    "en": "however|meanwhile|moreover|furthermore|additionally|in addition|also|still|instead|nevertheless"
    "|nonetheless|indeed|actually"
    "|in fact|as a result|therefore|besides|similarly|likewise|elsewhere|for example|for instance|now|so|then|but|and",
    "fr": "cependant|toutefois|pourtant|en effet|par ailleurs|en outre|de plus|néanmoins|ainsi|en revanche|or"
    "|enfin|d['’]ailleurs",
    "de": "",
    "es": "sin embargo|además|no obstante|por otro lado|por otra parte|asimismo|en cambio|de hecho|mientras tanto"
    "|por ello|así",
}
"""Connectives that may go with the comma behind them."""
_SPEECH = {
    "en": r"(?:said|says|told|announced|reported|reports|confirmed|wrote|stated|explained|added|revealed)\b"
    r"|according to\b",
    "fr": r"(?:a|ont|avait) (?:dit|déclaré|annoncé|indiqué|précisé|expliqué|ajouté|rapporté|fait savoir)\b"
    r"|a-t-(?:il|elle|on)\b"
    r"|selon\b|d['’]après\b|(?:indique|précise|rapporte|annonce|explique|ajoute|écrit)(?:nt)?\b",
    "de": r"(?:sagte|sagten|teilte|teilten|erklärte|berichtete|berichten|berichtet|hieß es|meldete|ergänzte"
    r"|betonte)\b|so (?:der|die|das)\b",
    "es": r"(?:dijo|informó|informaron|anunció|señaló|explicó|indicó|declaró|añadió|aseguró|ha dicho"
    r"|ha informado)\b|según\b",
}
_CONTENT = dict.fromkeys(("fr", "de", "es"), r".*\b(?:que|qu|dass)\b")
"""What must follow the verb where it stands before its speaker as a rule ("a indiqué la mairie")."""
_SPEAKER = r"(?:(?!which|who|where|when|that|and|but|if|because)\w[\w.'’-]* ){0,7}?"
_LOOSE_TAILS = {
    "en": r"which|who|whose|with|including"
    r"|(?!(?:according|citing|claiming|alleging|during|something|anything|nothing|everything|evening|morning)\b)\w+ing",
    "fr": r"qui|dont|avec|notamment|y compris|ainsi que|(?!(?:avant|pendant|durant|cependant|pourtant)\b)\w+ant",
    "de": r"darunter|wobei|während|wodurch",
    "es": r"quien|quienes|con|incluid[oa]s?|así como|entre ellos|(?!cuando\b)\w+ndo",
}
"""Words that open a clause which may go from the end. None that limits what was said: no "if", "unless", "but"."""
_CLOSER_TAILS = {
    "en": "as|after|when|while|where|before|despite|amid|since|until|from|in|at|on|by|for|like|such as|due to"
    "|thanks to"
    "|the|a|an|one|based|known|followed|even|just|once|both|most|part of",
    "fr": "où|tandis que|alors que|après|avant|lors|depuis|un|une|à|en|dans|pour|par|sur",
    "de": "nachdem|sowie|woraufhin|etwa|unter anderem|so dass|sodass",
    "es": "mientras|donde|tras|un|una|el|la|los|las|en|a|para|por|desde|lo que",
}
"""The same for what says more: from very long sentences only."""
_OPENS_CLAUSE = {
    "en": "after|when|while|as|despite|although|though|if|since|in|on|at|before|during|with|by|because|from|for"
    "|under|among|whether|unless|once|until|where|whenever|given"
    "|following|speaking|according",
    "fr": "après|quand|lorsque|alors|malgré|si|que|depuis|en|à|au|aux|avant|pendant|avec|par|parce|pour|sous|parmi"
    "|selon|dans|sur",
    "de": "nachdem|wenn|während|als|ob|obwohl|da|seit|in|im|am|vor|bei|mit|weil|für|unter|nach|laut",
    "es": "después|cuando|mientras|como|pese|aunque|si|desde|en|a|al|antes|durante|con|por|porque|para|bajo|entre"
    "|tras|según",
}
"""A sentence that opens so may have its main clause at the end: nothing goes from there but what surely may."""
_CHARGES = (
    r"\b(?:accus|alleg|murder|rap(?:e|ed|ist)\b|abus|assault|molest|fraud|guilt|crimin|steal|stole|theft|brib|corrupt|lied\b"
    r"|illegal|meurtre|viol(?:é|ée|er)\b|agress|escroqu|mörder|ermordet|betrug|missbrauch|verdacht|vergewaltig"
    r"|asesin|violó|fraude|corrup)"
)
"""What is only somebody's word must keep its speaker where it speaks ill of someone."""
_AND = r"\b(?i:and|or|et|ou|und|oder|y|o)\b"
_LIST_MEMBER = 30
"""Characters of an enumeration's member at most."""
_NOTHING = r"(?!)"


@dataclass(frozen=True, slots=True)
class _Cuts:
    """What may go from a sentence of one language, and what forbids it."""

    dateline: re.Pattern[str]
    charges: re.Pattern[str]
    leading: re.Pattern[str]
    attribution: re.Pattern[str]
    predicate: re.Pattern[str]
    """A verb of saying at the comma: of a subject that stands before the comma, when that subject has commas in it."""
    loose_tail: re.Pattern[str]
    closer_tail: re.Pattern[str]
    opens_clause: re.Pattern[str]


@lru_cache(maxsize=32)
def _cuts(language: str) -> _Cuts:
    if language not in _SPEECH:
        return _Cuts(compiled(_DATELINE), *[compiled(_NOTHING)] * 7)
    loose = rf"|(?:{_LOOSE[language]}), " if _LOOSE[language] else ""
    stays = rf"for example|if|when|{_THEN[language]}|(?:\S+ ){{0,4}}\S+:"
    return _Cuts(
        dateline=compiled(_DATELINE),
        charges=_any(_CHARGES),
        leading=_any(rf"(?:(?:{_COORDINATORS[language]}) (?!{stays})(?=\w){loose})"),
        attribution=_any(rf", {_SPEAKER}(?:{_SPEECH[language]})[^:“”\"«»]*"),
        predicate=_any(
            rf", (?!according|selon|d['’]après|según|so )(?:{_SPEECH[language]}){_CONTENT.get(language, '')}"
        ),
        loose_tail=_any(rf"(?:, (?:{_LOOSE_TAILS[language]})\b|; )[^:–—]*"),
        closer_tail=_any(rf", (?:{_CLOSER_TAILS[language]})\b[^:–—]*"),
        opens_clause=_any(rf"(?:{_OPENS_CLAUSE[language]})\b"),
    )


def _any(pattern: str) -> re.Pattern[str]:
    return compiled(pattern, re.IGNORECASE)


def trim(sentence: str, language: str = "en") -> tuple[int, int]:
    """Return the span (end exclusive) of a sentence that a bullet tells.

    A dateline and a connective go from its start; a parenthesis, an attribution and a loose clause go from the end, the
    clause only from a long sentence. What is left has LEAST_WORDS at least and its quotation marks and parentheses in
    pairs; a sentence that speaks ill of someone keeps its speaker. (0, length) when there is nothing to cut.
    """
    cuts = _cuts(language)
    if sentence.startswith("[") and sentence.endswith("]") and _stands(sentence, 1, len(sentence) - 1):
        return 1, len(sentence) - 1
    start = _start(sentence, cuts)
    end = _end(sentence, start, cuts)
    return start, end


def _start(sentence: str, cuts: _Cuts) -> int:
    start = 0
    for pattern in (cuts.dateline, compiled(_FURNITURE), cuts.leading):
        found = pattern.match(sentence, start)
        if found and _stands(sentence, found.end(), len(sentence)):
            start = found.end()
    return start


def _end(sentence: str, start: int, cuts: _Cuts) -> int:
    edge = compiled(_EDGE_PARENTHESIS).search(sentence, start) if sentence.endswith((")", ").")) else None
    end = _kept(sentence, start, len(sentence), edge.start()) if edge else len(sentence)
    attribution = _tail(sentence, start, end, cuts.attribution)
    if attribution and (
        compiled(_BARE_VERB).match(sentence[attribution:end])
        or _leaves_a_clause(sentence, start, attribution, cuts)
        or (sentence.find(",", start, attribution) >= 0 and cuts.predicate.match(sentence, attribution, end))
    ):
        return end
    if attribution and end - attribution <= _LONGEST_ATTRIBUTION and not cuts.charges.search(sentence):
        end = _kept(sentence, start, end, attribution)
    for _ in range(_MOST_TAILS):
        before = end
        words = sentence.count(" ", start, end) + 1
        if words > LONG_ENOUGH:
            end = _cut(sentence, start, end, cuts.loose_tail, cuts)
        if words > VERY_LONG and not cuts.opens_clause.match(sentence, start):
            end = _cut(sentence, start, end, cuts.closer_tail, cuts)
        if end == before:
            break
    return end


def _cut(sentence: str, start: int, end: int, pattern: re.Pattern[str], cuts: _Cuts) -> int:
    tail = _tail(sentence, start, end, pattern)
    if not tail or _is_list(sentence, start, tail, end) or _leaves_a_clause(sentence, start, tail, cuts):
        return end
    return _kept(sentence, start, end, tail)


def _tail(sentence: str, start: int, end: int, pattern: re.Pattern[str]) -> int:
    """Return where the last clause begins, at its comma or semicolon, if the pattern matches all of it; else 0."""
    comma = max(sentence.rfind(",", start, end), sentence.rfind(";", start, end))
    if comma <= start or not (sentence[comma - 1].isalnum() or sentence[comma - 1] in ")%”"):
        return 0
    return comma if pattern.fullmatch(sentence, comma, end) else 0


def _leaves_a_clause(sentence: str, start: int, cut: int, cuts: _Cuts) -> bool:
    """Say whether a cut would leave nothing but the clause or phrase that a sentence opens with."""
    return bool(cuts.opens_clause.match(sentence, start)) and sentence.find(",", start, cut) < 0


def _is_list(sentence: str, start: int, cut: int, end: int) -> bool:
    """Say whether a cut at a comma would fall before the last members of an enumeration."""
    return bool(compiled(_AND).search(sentence, cut, end)) and 0 < cut - sentence.rfind(",", start, cut) <= _LIST_MEMBER


def _kept(sentence: str, start: int, end: int, cut: int) -> int:
    """Return where the cut falls, or ``end`` when what it leaves would not stand alone."""
    blank = compiled(_FINAL).search(sentence, start, cut)
    cut = blank.start() if blank else cut
    return cut if _stands(sentence, start, cut) and not compiled(_STUB).search(sentence, start, cut) else end


def _stands(sentence: str, start: int, end: int) -> bool:
    left = sentence[start:end]
    return count_words(left) >= LEAST_WORDS and balanced(left)


def balanced(text: str) -> bool:
    """Say whether quotation marks and parentheses stand in pairs; an apostrophe is not counted."""
    if text.count("(") != text.count(")") or text.count("[") != text.count("]") or text.count('"') % 2:
        return False
    low = text.count("„")
    if low:
        return low == text.count("“") + text.count("”")
    return text.count("“") == text.count("”") and text.count("«") == text.count("»")
