"""What may be cut from the end of a very long sentence: closed kinds of loose clauses, and pointers in brackets."""
# ruff: noqa: RUF001 - dashes and letters of several languages are the subject here

from __future__ import annotations

import re
from functools import lru_cache

from digest.text.patterns import compiled

_ABOUT_IT_EN = (
    r"(?: \w+ly| also| now| still| once)? (?:is|are|was|were|has|have|had|will|can|does|did|lies?|lay|ends?|begins?"
    r"|began|opens?|runs?|ran|makes?|made|takes?|took|includes?|contains?|covers?|comes?|came|starts?|owns?|won|wins"
    r"|lost|loses|leads?|led|left|leaves|serves?|hosts?|holds?|held|gives?|gave|means?|meant|works?|lives?|plays?"
    r"|sells?|sold|stars?|features?|offers?|brings?|brought|manages?|monitors?|operates?|employs?|produces?|\w+ed)\b"
)
"""What makes the relative pronoun the subject; a clause with another subject ("which rivals doubt") may be a denial."""
_LOOSE = {
    "en": rf"(?:which|who){_ABOUT_IT_EN}|whose|where|including|as part of|making|leaving|bringing|giving|allowing"
    r"|helping|putting|taking|marking|ending|becoming|raising|prompting|creating|turning|sending|pushing|using"
    r"|featuring|joining|setting|paving|sealing|helped by|followed by|boosted by|an early|as well",
    "fr": r"qui|notamment|y compris|laissant|faisant|entraînant|permettant|portant|rendant|mettant|devenant"
    r"|obligeant|ainsi que",
    "de": r"darunter|wodurch|sowie",
    "es": r"quien|quienes|entre ellos|incluid[oa]s?|dejando|haciendo|permitiendo|convirtiendo|obligando|poniendo"
    r"|dando|generando|sumando|así como",
}
"""Words that open a clause which adds something and limits nothing."""
_OPENS_CLAUSE = {
    "en": "after|when|while|as|despite|although|though|if|since|in|on|at|before|during|with|by|because|from|for"
    "|under|among|whether|unless|once|until|where|whenever|given|following|speaking|according",
    "fr": "après|quand|lorsque|alors|malgré|si|que|depuis|en|à|au|aux|avant|pendant|avec|par|parce|pour|sous|parmi"
    "|selon|dans|sur",
    "de": "nachdem|wenn|während|als|ob|obwohl|da|seit|in|im|am|vor|bei|mit|weil|für|unter|nach|laut",
    "es": "después|cuando|mientras|como|pese|aunque|si|desde|en|a|al|antes|durante|con|por|porque|para|bajo|entre"
    "|tras|según",
}
_DASHES = r"\s[–—]|—|\s--"
_AND = r"\b(?:and|or|et|ou|und|oder|y|o)\b"
_LIST_MEMBER = 30
"""The maximum number of characters in a member of an enumeration."""
_POINTER = (
    r"\s*\((?:see|siehe|voir|ver|véase|vgl\.?|cf\.?|read|lesen|lire|file|graphic|map|video|table"
    r"|fig)\b[^()]{0,80}\)\s?[.!]?\Z|\s*\([^()]{0,160}https? ?: ?/[^()]*\)\s?[.!]?\Z"
)


def pointer(sentence: str, start: int) -> int:
    """Return where a final bracket begins that only points elsewhere ("(see map)", a web address); 0 without one."""
    if not sentence.endswith((")", ").", ") .", ")!")):
        return 0
    found = compiled(_POINTER, re.IGNORECASE).search(sentence, start)
    return found.start() if found else 0


def loose_tail(sentence: str, start: int, end: int, language: str) -> int:
    """Return where the last clause of a sentence begins, at its comma or dash, if it is of a loose kind; 0 if not.

    A clause does not count when it ends an enumeration, or when the sentence begins with a clause and has no other
    comma: then it is the main clause.
    """
    opens = _opens(language)
    at = max(sentence.rfind(sign, start, end) for sign in (",", " –", " —", " --", "—"))
    if opens is None or at <= start or not opens.match(sentence, at):
        return 0
    if sentence[at] != "," and len(compiled(_DASHES).findall(sentence, start, end)) > 1:
        return 0
    return 0 if _closes_list(sentence, start, at, end) or _is_main_clause(sentence, start, at, language) else at


def _closes_list(sentence: str, start: int, at: int, end: int) -> bool:
    near = 0 < at - sentence.rfind(",", start, at) <= _LIST_MEMBER
    return near and bool(compiled(_AND, re.IGNORECASE).search(sentence, at, end))


def _is_main_clause(sentence: str, start: int, at: int, language: str) -> bool:
    opener = compiled(rf"(?:{_OPENS_CLAUSE[language]})\b", re.IGNORECASE)
    return sentence.find(",", start, at) < 0 and bool(opener.match(sentence, start))


@lru_cache(maxsize=8)
def _opens(language: str) -> re.Pattern[str] | None:
    if language not in _LOOSE:
        return None
    return compiled(rf"(?:,| ?[–—]| --) ?(?:{_LOOSE[language]})\b", re.IGNORECASE)
