"""Words and languages that decide about a stop: units, ordinals, letters that name things, days and zones."""

from __future__ import annotations

MEASURES = frozenset({"mm", "min", "m", "s", "g"})
"""Units that are also short for something else."""
NOON = frozenset({"a.m", "p.m"})


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


LOW_CLOSING = _listed("de da cs sk sl hr sr bs bg mk et lt lv is sq ka lb")
"""Languages in which the English opening quotation mark closes a quotation."""
ORDINALS = _listed("de da nb nn no cs sk sl hr sr bs fi et lv lt hu tr is pl lb fo")
"""Languages that write an ordinal as a number with a full stop."""
VOWEL_R_L = _listed("cs sk sl hr sr bs mk bg")
"""Languages in which words may have r or l instead of a vowel."""
CORNERED = _listed("ja zh")
SUFFIXED = {
    "de": r".{2,}(?:str|bgm|insp|präs|hptm|oberstlt|prof|sekr|komm|abg|-ing)"
    r"|[a-zäöü]{2,}(?:tl|zl|gl|chl|chn|hrl)",
    "nl": r"[A-Z].{2,}(?:str|ln)",
    "sv": r"[A-ZÅÄÖ]\w{2,8}"
    r"(?<!bor)(?<!ber)(?<!bur)(?<!lin)(?<!nin)(?<!rin)(?<!sin)(?<!tin)(?<![dtln]a)(?:g|v)(?= \d{1,3}$)",
    "no": r"[A-ZÅØÆ]\w{2,9}(?:gt|vn)",
}
"""Abbreviated endings of compounds (a street, an office, an adjective) before a name, a noun or a number."""
BEFORE_ORDINAL = _listed(
    "der die das den dem des zum zur am im vom beim ein eine einen einem einer ihr ihre ihrem ihren ihrer sein seine"
    " seinem seinen seiner unser unsere unseren mein meinem meinen dieser diese dieses jeder jede jedes"
)
"""German words after which a number of three digits is an ordinal."""
COUNTED = _listed(
    "nummer nr platz rang seite kapitel gruppe gleis jahrgang mal auf um plads plass plats side nummeret číslo miesto"
    " místo strana numer strona miejsce sija numero numara"
)
"""Words after which a number is not an ordinal."""
LETTERED = _listed(
    "vitamin vitamins plan group groups hepatitis section appendix type class grade block hall terminal exhibit league"
    " series gate gruppe groupe grupo gruppo vitamina vitamine liga serie klasse klasa skupina группа группы группе"
)
"""Words after which a capital is not an initial."""
SPELLED_INITIALS = _listed(
    "إيه ايه بي سي دي إي إف اف جي إتش اتش آي جيه جاي كيه كي إل ال إم ام إن ان أو كيو آر إس اس تي يو في دبليو إكس واي"
    " زد زي"
)
"""The names of Latin letters in Arabic, as in "جون إف. كينيدي"."""
SPELLED_LETTERED = _listed("فيتامين مجموعة المجموعة خطة الخطة فئة الفئة صنف نوع")
"""Words after which such a name is not an initial."""
DAYS_AND_ZONES = _listed("""mon monday tue tuesday wed wednesday thu thursday fri friday sat saturday sun sunday jan
    january feb february mar march apr april may june july aug august sep sept september oct
    october nov november dec december et est edt ct cst cdt mt mst pt pst pdt gmt bst utc
    cet cest eastern central pacific""")
