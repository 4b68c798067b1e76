"""Where a line that is too long may end: never within a clause, and without an ellipsis."""
# ruff: noqa: RUF001 - dashes, quotation marks and stops of many scripts are the subject here

from __future__ import annotations

import re
import unicodedata


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


LONGEST_LINE = 100
"""Columns of a headline that need no shortening: two lines of a letter."""
_SHORTEST = 35
"""Columns that must remain."""
_SHORTEST_WIDE = 20
_LEAST_WORDS = 5
_MOST_KICKER = 45
"""Columns of a topic before a colon that may be left out in front of a whole headline."""
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
"""Words that open a clause to which what follows may belong."""
_PARTICLES = _listed("""of von van de di da du del der den dem zu la le al bin ibn el y e and und et i и""")
"""Small words that stand in names."""
_MEASURE = re.compile(
    r"\b(?:seconds?|minutes?|moments?|hours?|days?|weeks?|months?|years?|decades?|long|time|times|shortly|soon|just|even|only|right"
    r"|immediately|tage|stunden|wochen|monate|jahre|kurz|erst|nur|jours?|heures?|semaines?|mois|ans|années?|peu|juste"
    r"|días?|horas?|semanas?|meses|años?|minutos?|poco|justo|дней|дня|часов|часа|недел\w*|месяц\w*|лет|сразу|вскоре"
    r"|أيام|ساعات|أسابيع|أشهر|سنوات)\Z",
    re.IGNORECASE,
)
"""Words at the end of a piece that measure how long after ("just days after")."""
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
    """Return how many columns a line takes: characters of wide scripts take two (Unicode Standard Annex 11)."""
    return len(line) + (
        sum(unicodedata.east_asian_width(c) in _WIDE_CLASSES for c in line) if not line.isascii() else 0
    )


def ended(line: str, longest: int = LONGEST_LINE) -> str:
    """Return a line of at most ``longest`` columns if it has an end for that, else whole; never with an ellipsis.

    It ends behind a sentence, at a dash, or at a comma with a clause behind it, the later the better, but never so that
    a speaker, a doubt or a negation is lost. Or a topic before a colon goes, and what it heads stays.
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
    """Return the line up to the last end of the first kind that it has; empty where it has none."""
    for pattern in ends:
        kept = [piece for match in pattern.finditer(line) if (piece := _kept(line, match, pattern, longest))]
        if kept:
            return kept[-1]
    return ""


def _kept(line: str, match: re.Match[str], pattern: re.Pattern[str], longest: int) -> str:
    """Return what stands before an end, empty where a line must not end there."""
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
    """Return whether all quotations and parentheses that open in a piece close in it."""
    if piece.count('"') % 2:
        return False
    if any(piece.count(mark) > sum(map(piece.count, ends)) for mark, ends in _opening_marks(piece)):
        return False
    return bool(_WIDE.search(piece)) or len(piece.split()) >= _LEAST_WORDS


def _opening_marks(piece: str) -> list[tuple[str, str]]:
    """Return the marks that open a quotation in a piece, each with those that close it, without the ambiguous."""
    unclear = "»‘“" if "„" in piece else "»‘"
    return [(mark, ends) for mark, ends in _PAIRS.items() if mark not in unclear]


def _without_topic(line: str, longest: int) -> str:
    """Return what a short topic before a colon heads; empty where those words may be a speaker's name or office."""
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
