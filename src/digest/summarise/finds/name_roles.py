"""What a headline lets a named person or thing do: an own fate, a speech, a proposal, or only a report."""
# ruff: noqa: RUF001 - apostrophes and quotation marks are the subject here

from __future__ import annotations

from collections.abc import Sequence

from digest.summarise.finds.name_people import CAPITAL
from digest.summarise.finds.telling import Telling, has, places
from digest.text.patterns import compiled

FATES = {
    "en": r"die[sd]?|dead|killed|arrested|detained|charged|indicted|convicted|sentenced|acquitted|found (?:not )?guilty"
    r"|jailed|freed|released|resign(?:s|ed|ing)?|quits?|quitting|steps? down|drops? out|out as|ends?|exits?|leav(?:es"
    r"|ing)|withdraws?|retir(?:es|ed|ing)|fired|ousted|suspended|named|appointed|elected|nominated|confirmed|picked"
    r"|wins?|won|lose[sd]?|beats?|surges?|launch(?:es|ed)?|runs?|joins?|signs? (?:for|with|new)|returns?|moves?"
    r"|injured|wounded|hospitali[sz]ed|marries|married|born|divorce[sd]?|sue[sd]?|sued|files?|faces?|to face|closes?"
    r"|opens?|accused|under fire|cleared|banned|fined|apologi[sz]es|missing|extradited|pleads?|testif\w+|scores?"
    r"|breaks?|reaches|becomes?|became|recovers?|survives?|turns? \d+",
    "de": r"tot|stirbt|gestorben|verhaftet|festgenommen|angeklagt|verurteilt|freigesprochen|freigelassen|tritt"
    r"|zurückgetreten|zurück|gewinnt|siegt|verliert|wird|wurde|wechselt|verlässt|kehrt|verletzt|heiratet|geboren"
    r"|entlassen|gewählt|ernannt|schließt|öffnet|verabschiedet|hört|kandidiert|fällt|insolvent|ausgezeichnet",
    "fr": r"mort|morte|meurt|est décédée?|décès|arrêtée?|interpellée?|condamnée?|placée?|extraite?|mise? en examen"
    r"|jugée?|relaxée?|libérée?|incarcérée?|démissionne|quitte|se retire|prend sa retraite|remporte|gagne|perd|élue?"
    r"|nommée?|limogée?|blessée?|hospitalisée?|se marie|rejoint|signe|revient|porte plainte"
    r"|visée?|suspendue?|devient|renonce|candidate?|s['’]offre|ferme|ouvre",
    "es": r"muere|muerto|fallece|detenid[oa]|arrestad[oa]|condenad[oa]|absuelt[oa]|imputad[oa]|dimite|renuncia|gana"
    r"|pierde|elegid[oa]|nombrad[oa]|destituid[oa]|herid[oa]|ingresad[oa]|se casa|ficha|vuelve|regresa|se retira"
    r"|deja|abandona|cierra|abre",
}
"""Verbs behind a name whose own fate or deed is the news. Patterns."""

PROPOSING = {
    "en": r"calls? (?:for|on)|called (?:for|on)|urges?|urged|wants?|proposes?|proposed|introduces?|unveils?|push(?:es)?"
    r"|seeks?|backs?|supports?|opposes?|asks?|invites?|invited|demands?|press(?:es)?|defends?|condemns?|slams?|blasts?"
    r"|blocks?|vetoes|offers?|plans?|pledges|picks|names(?! \w+ as)|orders?|signs (?!for|with|new)|to (?:allow|block"
    r"|introduce|propose|end|vote|sign|ban|cut)",
    "de": r"fordert|will|verlangt|schlägt|plant|bittet|kritisiert|verteidigt|ruft|unterstützt|lehnt|wirft|verspricht"
    r"|möchte|drängt|stellt|legt",
    "fr": r"appelle|demande|veut|propose|souhaite|réclame|prône|défend|dénonce|critique|invite|a invité|accuse|exige"
    r"|soutient|présente|dévoile|plaide|interdit|lance",
    "es": r"pide|exige|quiere|propone|reclama|defiende|critica|denuncia|invita|acusa|apoya|presenta|plantea|llama",
}
"""Verbs of asking, proposing and opposing behind a name: something else is the subject. Patterns."""

SOURCES = {
    "en": r"according to|says|said|per|tells",
    "de": r"laut|nach|so|sagt",
    "fr": r"selon|d['’]après|dit|annonce|assure|estime|affirme|pour",
    "es": r"según|dice|afirma|asegura|para",
}
"""Words before a name at the end of a headline: what the headline says is from that person."""

THINGS = {
    "en": r"bill|legislation|amendment|proposal|plan|book|memoir|law|measure|resolution|visit|trip|report",
    "de": r"gesetz\w*|plan|pläne|buch|entwurf|vorschlag\w*|bericht",
    "fr": r"loi|projet|livre|plan|proposition|rapport",
    "es": r"ley|proyecto|libro|plan|propuesta|informe",
}
"""Nouns beside a name for a bill, a book or another thing that the name does not suggest. Patterns."""

OBJECT = {
    "en": r"of|to|from|with|by|for|at|over|about|that|let",
    "de": r"von|mit|für|bei|durch|über|zu|zum|zur|um",
    "fr": r"de|d['’]|du|des|à|au|aux|avec|par|pour|de la|invité|rencontre",
    "es": r"de|del|a|al|con|por|para",
}
"""Words before a name that is beside the subject of a headline. Patterns."""

_NEAR = r"['’]?,? (?:[^\W\d_]+ ){0,2}?"
"""At most two words, as an auxiliary verb and an adverb."""
_APPOSITION = r"(?:, [^,]{3,60},)?"
_THING_BEHIND = r"(?:['’]s? (?:[\w-]+ ){0,5}?| (?:[\w-]+ ){0,2}?)"
"""Words between a name and a thing: more of them behind a possessive."""


_BEFORE = rf"(?:{CAPITAL}[\w.’'-]+ ){{0,3}}\Z"
"""First names before a surname."""


def roles(surname: str, told: Telling) -> dict[str, float]:
    """Return what the headline, and the other titles, let a name do. Values are 0 to 1."""
    language = told.language
    uses = [(title, places(title, surname)[0]) for title in told.titles if has(title, surname)]
    ends = [(title, at + len(surname)) for title, at in uses]
    return {
        "own fate": _follows(ends, FATES[language]),
        "proposes": _follows(ends, PROPOSING[language]),
        "source": float(any(_is_source(title, at, surname, language) for title, at in uses)),
        "beside the subject": _share([_is_object(title[:at], language) for title, at in uses]),
        "of a thing": float(any(_has_thing(title, at, surname, language) for title, at in uses)),
    }


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else 0.0


def _follows(ends: Sequence[tuple[str, int]], verbs: str) -> float:
    """Return the share of titles in which one of these verbs follows the place where the name ends."""
    found = compiled(rf"{_APPOSITION}{_NEAR}(?:{verbs})\b")
    return _share([bool(found.match(title, end)) for title, end in ends])


def _is_object(led: str, language: str) -> bool:
    """Return whether a preposition is before a name."""
    found = compiled(rf"(?<![\w’'])(?:{OBJECT[language]})(?: |(?<=['’]))[‘“\"'«]?{_BEFORE}")
    return bool(found.search(led))


def _is_source(title: str, at: int, surname: str, language: str) -> bool:
    """Return whether a title only reports what a person said: "..., says Ek", "Ek: Lund ends the strike"."""
    led, behind = title[:at], title[at + len(surname) :]
    if not behind.strip('”"»'):
        return bool(compiled(rf"\b(?:{SOURCES[language]}) {_BEFORE}").search(led))
    reported = compiled(rf": [\"“«„]?{CAPITAL}[\w-]+ [a-z]+s ")
    return bool(reported.match(behind)) and bool(compiled(_BEFORE).match(led))


def _has_thing(title: str, at: int, surname: str, language: str) -> bool:
    """Return whether a bill, a book or the like of this name is what a title is about."""
    things = THINGS[language]
    if language in ("fr", "es"):
        led = compiled(rf"\b(?:{things})\b(?: \w+)? (?:de|du|del|d['’]) ?(?:[\w-]+ )?\Z")
        return bool(led.search(title[:at]))
    return bool(compiled(rf"{_THING_BEHIND}(?:{things})\b").match(title, at + len(surname)))
