"""Signs that a told story has news, found in the headlines and openings of articles since the telling."""

from __future__ import annotations

import re
from collections.abc import Mapping

from digest.model.article import Article
from digest.model.edition import ToldStory
from digest.text.languages import NOUNS_WITH_CAPITALS
from digest.text.similarity import CAPITALS, STOPWORDS, stem, terms

DOUBLED = 2
"""When the number of publishers grew by this factor, that is a sign of news by itself."""
LEAST_PUBLISHERS = 4
"""Least number of publishers for that sign. Growth from one to two is no sign: coverage always arrives hours late."""
OPENING = 600
"""Characters of an article's text that are searched for signs."""
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
WORD = re.compile(r"[^\W\d_]+(?:[-'\u2019][^\W\d_]+)*")
_DECISIONS = (
    """dies died dead deadly death killed killing fatal stirbt gestorben tot tote tod getötet mort morte morts tué décès
    décédé muere murió muerto muertos fallece falleció""",
    """arrested arrest arrests detained custody captured verhaftet festgenommen festnahme arrêté interpellé arrestation
    detenido detenida detención""",
    """charged charges charge indicted indictment angeklagt anklage inculpé inculpée acusado acusada imputado""",
    """convicted acquitted guilty verdict conviction acquittal freigesprochen schuldig acquitté acquittée absuelto
    culpable""",
    """ruling ruled overturned overturns upheld upholds blocked blocks struck rejected rejects dismissed
    dismisses wins won win victory loses lost loss defeat defeated beats beat elected gewinnt gewonnen sieg verliert
    verloren niederlage gewählt urteil élu élue gagne victoire perd défaite décision elegido elegida gana ganó victoria
    pierde derrota fallo""",
    """sentenced sentence jailed verurteilt condamné condamnée condenado condenada""",
    """freed released libéré libérée liberado liberada freigelassen""",
    """resigns resigned resignation quits fired sacked ousted steps zurückgetreten rücktritt entlassen démissionne
    démission limogé dimite dimitió renuncia destituido""",
    """signed signs approved approves passed passes vetoed vetoes confirmed confirms backs verabschiedet beschlossen
    beschließt adopté adoptée aprobado aprueba""",
    """collapsed collapses collapse crashed crashes crash exploded explosion""",
    """evacuated evacuation""",
    """recalled recalls recall suspended suspends cancelled cancels annulled abgesagt annulé cancelado""",
    """agreed agrees agreement deal ceasefire truce einigung waffenruhe accord acuerdo""",
    """found rescued rescue gefunden gerettet retrouvé retrouvée encontrado rescatado""",
    """surrendered surrenders""",
    """apologised apologises apologized apologizes""",
    """settled settles settlement sues sued""",
    """bankrupt bankruptcy insolvent insolvenz closes""",
)
"""Words that decide, end or begin something, in English, German, French and Spanish. Each entry is one kind.

Winning and losing are one kind, since papers report a ruling from either side.
"""
_DEVELOPMENTS = (
    """cleared exonerated freispruch relaxé relaxée absuelta""",
    """stops stopped halts halted gestoppt stoppt untersagt suspendu interdit suspendido""",
    """lifted lifts reopens reopened extinguished restored aufgehoben entwarnung gelöscht levée rouvre rouvert rétabli
    levantado reabre""",
    """joins joined spreads widens leaks leaked spill sinks sank refloated sinkt gesunken ausgeweitet coule rejoignent
    étend""",
    """ends ended beendet endet beenden termine termina""",
)
"""Words for the continuation of a told story, one kind of development each.

They make it an update, but they do not count in the similarity of two texts: in measurements they were as frequent in
two texts on one event as in others.
"""
KIND_OF_DECISION = {stem(word): kind for kind, words in enumerate(_DECISIONS) for word in words.split()}
KIND_OF_DEVELOPMENT = KIND_OF_DECISION | {
    stem(word): kind for kind, words in enumerate(_DEVELOPMENTS, start=len(_DECISIONS)) for word in words.split()
}


_COUNTED = {
    "en": "two three four five six seven eight nine ten eleven twelve",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce",
}
_NUMBER_WORDS = {
    language: {word: str(number) for number, word in enumerate(words.split(), start=2)}
    for language, words in _COUNTED.items()
}


def grown(joined: int, told: ToldStory) -> str:
    """Return, as text, that the coverage doubled since ``told``; empty when it did not.

    ``joined`` is the number of new sources.
    """
    publishers = told.publishers + joined
    if publishers >= max(LEAST_PUBLISHERS, DOUBLED * told.publishers):
        return f"coverage grew from {told.publishers} to {publishers} publishers"
    return ""


def news_sign(article: Article, told: ToldStory) -> str:
    """Return the first sign of news in an article, compared with an earlier telling, as text. Empty when there is none.

    Signs are numbers, decisive words and names in the headline that the telling did not contain.
    """
    said = " ".join((told.headline, *told.titles, *told.bullets, told.text))
    sign = new_number(article.title, said, article.language)
    sign = sign or new_decision(article.title, said, article.language, KIND_OF_DEVELOPMENT)
    if sign:
        return sign
    name = _new_name(article, set(terms(said)))
    return f"a new name, {name}" if name else ""


def numbers(text: str, language: str = "en") -> list[str]:
    """Return the numbers of a text as digits, in no order. Small numbers may be words of its language."""
    words = _NUMBER_WORDS.get(language, {})
    return [*NUMBER.findall(text), *(words[word] for word in WORD.findall(text.casefold()) if word in words)]


def new_number(title: str, said: str, language: str = "en") -> str:
    """Return, as text, that a headline has a number that the earlier text ``said`` lacks. Empty when it has none."""
    known = set(numbers(said, language))
    found = next((number for number in numbers(title, language) if number not in known), "")
    return f"a new number, {found}" if found else ""


def new_decision(title: str, said: str, language: str = "en", kinds: Mapping[str, int] = KIND_OF_DECISION) -> str:
    """Return, as text, that a headline has a kind of decision that the earlier text ``said`` lacks.

    Empty when it has none.

    ``kinds`` maps the stem of a word to its kind of decision.
    """
    decided = {kinds.get(word) for word in terms(said)}
    for word in WORD.findall(title):
        kind = None if _is_function_word(word, language) else kinds.get(stem(word))
        if kind is not None and kind not in decided:
            return f"a decisive word, {word.lower()}"
    return ""


def _is_function_word(word: str, language: str) -> bool:
    """Return whether a word is a function word of its language: the German article "die" is not the verb "to die"."""
    return language != "en" and word.casefold() in STOPWORDS


def _inside(opening: str, *, nouns: bool) -> set[str]:
    """Return the capitalised words inside sentences. With ``nouns``, only those next to another capitalised word."""
    words = {match.group(1) for match in re.finditer(r"[^\W\d_,;:]\s+([^\W\d_]+)", opening)}
    if not nouns:
        return words
    beside = {word for run in CAPITALS.findall(opening) if " " in run for word in run.split(" ")}
    return words & beside


def _new_name(article: Article, known: set[str]) -> str:
    """Return a name in the headline that the telling does not contain. Empty when there is none.

    A headline may capitalise every word, so a name must be capitalised inside a sentence of the text. In a language
    that capitalises all nouns, it must be next to another capitalised word, such as a first name or an office.
    """
    inside = _inside(article.text[:OPENING], nouns=article.language in NOUNS_WITH_CAPITALS)
    for word in WORD.findall(article.title):
        bare = re.split(r"['\u2019]", word)[0]
        if bare[:1].isupper() and bare in inside and bare.casefold() not in STOPWORDS and stem(bare) not in known:
            return bare
    return ""
