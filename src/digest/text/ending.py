"""Shortens a long line where a clause or sentence ends, without an ellipsis."""
# ruff: noqa: RUF001 - dashes, quotation marks and stops of many scripts are the subject here

from __future__ import annotations

import re
import unicodedata


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


LONGEST_LINE = 100
"""Longest headline without shortening, in columns: two lines of a letter."""
_SHORTEST = 35
"""Columns that a shortened line must have at least."""
_SHORTEST_WIDE = 20
_LEAST_WORDS = 5
_MOST_KICKER = 45
"""Longest topic before a colon, in columns, that may be dropped if the rest is a whole headline."""
_WIDE_CLASSES = frozenset("WF")
_WIDE = re.compile("[\u2e80-\ud7af\uf900-\ufaff]")
_PAIRS = {"“": "”", "«": "»", "「": "」", "『": "』", "(": ")", "[": "]", "„": "“”", "»": "«", "‘": "’"}
_SAYING = re.compile(
    r"\A\W*(?:(?:\w+\W+){0,3}?(?:says?|said|tells?|told|claims?|warns?|according|reports?|insists?|admits?|argues?|sagte?|sagen|laut|"
    r"erklärt|meint|warnt|zufolge|selon|dit|affirme|assure|estime|déclare|según|dice|afirma|asegura|advierte|"
    r"secondo|afferma|segundo|diz|aldus|zegt|сообщил\w*|сказал\w*|заявил\w*|по словам|قال\w*|بحسب|وفق\w*))\b",
    re.IGNORECASE,
)
_TURNS = re.compile(
    r"\A\W*(?:but|unless|if|except|without|although|though|despite|until|not|aber|doch|wenn|ohne|obwohl|trotz|nicht|außer|mais|sauf|si|"
    r"sans|malgré|bien que|pas|pero|sino|salvo|aunque|sin|a pesar|no|ma|se|senza|но|если|без|хотя|لكن|إلا|رغم|دون)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"(?<=[^\W\d_]{2}[\w»”’\"])[.!?…]+[\"”»“’]?\s+(?=[\"„“«‘¿¡]?[^\W\d_a-zß-ÿ])|[。！？]|[.!?]+[\"”»]\s+"
)
_DASH = re.compile(r"\s+[–—-]{1,2}\s+|――|——|\s*[;；]\s+|　")
_COLON = re.compile(r"\s*(?<!\d):\s+|：")
_OPENERS = (
    r"as|after|while|when|amid|following|with|which|who|whose|where|because|since|in (?:a )?bid|in an effort"
    r"|unveils|\w+ing|the latest"
    r"|nachdem|weil|während|als|der|die|das|dessen|deren|wo|wobei|damit|da|um"
    r"|après|alors que|tandis que|qui|où|dont|car|lorsque|puisque|afin|en \w+ant"
    r"|tras|mientras|después de|cuando|que|quien|porque|donde|luego de|dopo|mentre|quando|perché|che"
    r"|после|когда|который|которая|которое|которые|где|чтобы|потому|так как|поскольку|пока"
    r"|بعد|فيما|بينما|حيث|الذي|التي|عندما|لأن|كي"
)
_COMMA = re.compile(rf"\s*[,،、，]\s+(?=(?:{_OPENERS})\b)", re.IGNORECASE)
_AFTERWARDS = re.compile(
    r"\s+(?=(?:after|amid|following|while|because|après|tandis que|alors que|tras|mientras|nachdem|после|بعد)\s)"
)
_RELATIVE = re.compile(
    r"\b(?:that|who|whom|which|whose|where|when|if|qui|que|qu|dont|où|quien|donde|котор\w+|что|где|الذي|التي|أن)\b"
)
"""Words that begin a clause, which a following clause may belong to."""
_PARTICLES = _listed("""of von van de di da du del der den dem zu la le al bin ibn el y e and und et i и""")
"""Small words inside names."""
_MEASURE = re.compile(
    r"\b(?:seconds?|minutes?|moments?|hours?|days?|weeks?|months?|years?|decades?|long|time|times|shortly|soon|just|even|only|right"
    r"|immediately|tage|stunden|wochen|monate|jahre|kurz|erst|nur|jours?|heures?|semaines?|mois|ans|années?|peu|juste"
    r"|días?|horas?|semanas?|meses|años?|minutos?|poco|justo|дней|дня|часов|часа|недел\w*|месяц\w*|лет|сразу|вскоре"
    r"|أيام|ساعات|أسابيع|أشهر|سنوات)\Z",
    re.IGNORECASE,
)
"""Words at the end of a piece that measure a time, as in "just days after"."""
_OPENING = "\"“„«'‘»"
_SPEAKER = re.compile(
    r"minister|ministre|ministro|министр|pr[äeéè]side|президент|chef|chief|boss|ceo|spokes|sprecher|porte-parole|portavoz"
    r"|poli[cz]|полици|expert|mayor|maire|alcald|bürgermeister|leader|court|gericht|gouvern|governor|senat|king|queen|pope"
    r"|papst|pape|papa|witness|zeuge|lawyer|anwalt|study|studie|étude|estudio|union|verband|government|regierung|gobierno"
    r"|وزير|رئيس|شرطة",
    re.IGNORECASE,
)
_STOPS = " ,;:،、，–—-―—"


def columns(line: str) -> int:
    """Return the number of columns of a line. Characters of wide scripts take two (Unicode Standard Annex 11)."""
    return len(line) + (
        sum(unicodedata.east_asian_width(c) in _WIDE_CLASSES for c in line) if not line.isascii() else 0
    )


def ended(line: str, longest: int = LONGEST_LINE) -> str:
    """Return a line shortened to at most ``longest`` columns if it can end there, otherwise the whole line.

    It may end after a sentence, at a dash, or at a comma before a clause; the last such place is chosen. It never ends
    where a speaker, a doubt or a negation would be lost. Alternatively a topic before a colon is dropped. No ellipsis
    is added.
    """
    if columns(line) <= longest:
        return line
    return (
        _at(line, (_SENTENCE,), longest)
        or _without_topic(line, longest)
        or _at(line, (_DASH, _COMMA, _AFTERWARDS), longest)
        or line
    )


def _at(line: str, ends: tuple[re.Pattern[str], ...], longest: int) -> str:
    """Return the line up to the last end that the first successful pattern finds; empty when there is none."""
    for pattern in ends:
        kept = [piece for match in pattern.finditer(line) if (piece := _kept(line, match, pattern, longest))]
        if kept:
            return kept[-1]
    return ""


def _kept(line: str, match: re.Match[str], pattern: re.Pattern[str], longest: int) -> str:
    """Return the text before an end; empty if a line must not end there."""
    end = match.end() if pattern is _SENTENCE else match.start()
    piece, rest = line[:end].strip(), line[match.end() :]
    piece = piece.rstrip(_STOPS) if pattern is not _SENTENCE else piece.removesuffix(".").rstrip("。")
    least = _SHORTEST_WIDE if _WIDE.search(piece) else _SHORTEST
    if not least <= columns(piece) <= longest or not _whole(piece) or _SAYING.match(rest) or _TURNS.match(rest):
        return ""
    if pattern is _DASH and (_DASH.search(rest) or _DASH.search(piece)):
        return ""
    if pattern is _AFTERWARDS and (_RELATIVE.search(piece) or _MEASURE.search(piece)):
        return ""
    return piece


def _whole(piece: str) -> bool:
    """Return whether a piece closes all quotations and parentheses that it opens, and has enough words."""
    if piece.count('"') % 2:
        return False
    if any(piece.count(mark) > sum(map(piece.count, ends)) for mark, ends in _opening_marks(piece)):
        return False
    return bool(_WIDE.search(piece)) or len(piece.split()) >= _LEAST_WORDS


def _opening_marks(piece: str) -> list[tuple[str, str]]:
    """Return the marks that open a quotation in a piece, each with its closing marks. Ambiguous ones are left out."""
    unclear = "»‘“" if "„" in piece else "»‘"
    return [(mark, ends) for mark, ends in _PAIRS.items() if mark not in unclear]


def _without_topic(line: str, longest: int) -> str:
    """Return the line without a short topic before a colon; empty if the topic may be a speaker's name or office."""
    match = _COLON.search(line)
    if match is None or columns(line[: match.start()]) > _MOST_KICKER:
        return ""
    topic, rest = line[: match.start()], line[match.end() :]
    if (
        rest[:1] in _OPENING
        or _SPEAKER.search(topic)
        or not any(word[:1].islower() and word not in _PARTICLES for word in topic.split()[1:])
    ):
        return ""
    fits = _SHORTEST <= columns(rest) <= longest and _whole(rest)
    return rest[:1].upper() + rest[1:] if fits else ""
