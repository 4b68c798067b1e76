"""Decides which columns of an imported file give a reader's status, and what they mean together in one row.

A column is recognised by its name, whichever system wrote it. It gives the status as a word (``Status``), by being
filled if the reader gets no letters (``Unsubscribed at``), or by yes or no (``Confirmed``). An unknown word is
reported, never ignored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from digest.readers.exports import Form, Status
from digest.readers.standing_words import GRAVITY, TELLING, UnknownStanding, denies, meaning, plain, spoken

_TICKS = frozenset("\u2611\u2612\u2713\u2714\u2705")
_CROSSES = frozenset("\u2610\u2717\u2718\u274c\u2716")
_YES = _TICKS | {"1", "yes", "y", "true", "t", "on", "x", "ja", "oui", "si", "sim", "wahr", "vrai", "tak", "checked"}
_NO = _CROSSES | {
    *("0", "no", "n", "false", "f", "off", "nein", "non", "nee", "nao", "falsch", "faux", "nie", "null", "unchecked")
}
_NOTHING = frozenset({"", "[]", "{}", "none", "null", "n-a", "nan", "0000-00-00", "0000-00-00-00-00-00", "1970-01-01"})
"""What databases and spreadsheets write into empty cells."""
_NULL = "\\N"
"""An empty cell in dumps of MySQL and PostgreSQL."""

_KIND = (
    r"(?:subscri\w*|e|e?mails?|e?mailmarketing|permission|mailing|global\w*|lists?|liste\w*|contacts?|kontakt\w*|members?|mitglied\w*|delivery"
    r"|newsletter|marketing\w*|postmark\w+|readers?|users?|opt|in|optin|abonne\w*|abo|empfanger\w*|adress\w*"
    r"|group|suscrip\w*|iscri\w*|assinante|inscri\w*|correo|electronico|prenumer\w*|versand|anmelde\w*|current|account"
    r"|receiving|reception|the|of|l|d|de|del|della|dell|do|da|di|du|per|por|pour|par|fur|for|til|av|der|des)"
)
_STATE = (
    r"(?:status|state|standing|zustand|statut|etat|estado|stato|stan|stav|tillstand|tilstand|tila|durum|allapot"
    r"|\u0441\u0442\u0430\u0442\u0443\u0441|\u03ba\u03b1\u03c4\u03b1\u03c3\u03c4\u03b1\u03c3\u03b7"
    r"|\u30b9\u30c6\u30fc\u30bf\u30b9|\u72b6\u614b|\u72b6\u6001|\uc0c1\ud0dc)"
)
""""Status", also in Russian, Greek, Japanese, Chinese and Korean."""
_STATE_EAST = re.compile(r"(?:\u30b9\u30c6\u30fc\u30bf\u30b9|\u72b6\u614b|\u72b6\u6001|\uc0c1\ud0dc)$")
_MAIL_EAST = re.compile(
    r"\u30e1\u30fc\u30eb|\u8cfc\u8aad|\u914d\u4fe1|\u4f1a\u54e1|\u90ae\u4ef6|\u90f5\u4ef6|\u8ba2\u9605|\u8a02\u95b1"
    r"|\uad6c\ub3c5|\uba54\uc77c|\uc218\uc2e0"
)
"""Words of Japanese, Chinese and Korean for mail, subscription, delivery and member."""
_STATUS = re.compile(
    rf"(?:{_KIND} )*(?:{_STATE}|(?:abonnent\w*|kontakt|newsletter|email(?:marketing)?|marketing|list\w*|abo)status)"
    rf"(?: (?:{_KIND}|reason))*|subscriber type|type d abonnement|reception|delivery mode|dnc reason"
)
"""Names of columns with a word for the status. The status of something else (``order status``) does not match."""
_OTHER_CHANNEL = re.compile(r"\b(?:sms|(?:phone|telephone|telefon|whatsapp|push|postal|fax|trade|call|web)\b)")
"""Names of columns about another channel than mail."""
_AWAY = (
    (Status.COMPLAINED, re.compile(r"complain|spam|abuse|beschwerde|plainte|queja")),
    (
        Status.BOUNCED,
        re.compile(r"bounc|\bon hold|\bclean|undeliver|invalid|unzustellbar|rebond|rebote|rimbalz|\bhold\b|bereinig"),
    ),
    (
        Status.LEFT,
        re.compile(
            r"unsub|opt(?:ed)? ?out|black ?list|block ?list|blocked|do ?not|no bulk|dnc\b|disabled|suppress|deleted"
            r"|removed|cancel|revoked|deactivat|inactive|withdrawn|exclu[ds]|signed ?out|banned|archived"
            r"|abgemeldet|gesperrt|sperrliste|ausgetragen|abmeld[eu]|austrag|schwarze|deaktiv|desinscri|desabon"
            r"|liste noire|baja\b|lista ne[gr]|disiscri|annulla|cancellazione|uitgeschreven|uitschrijf|af(?:ge)?meld"
            r"|zwarte|wypis|czarn|descadastr|keine? (?:email|massen)|no ?mail\b|pas d envoi|ne pas|no enviar"
            r"|non inviare|niet mailen|nao enviar|avregistr|deceased|verstorben|\bdecede|fallecid"
            r"|overleden|warteschleife|pas de (?:courriel|message|mail|email)|en suspens|^en espera|\bsuspend"
            r"|^(?:has )?left(?: (?:at|on|date|time|list))?$"
        ),
    ),
)
"""The status, and the names of columns that have a yes, a date, a count or a reason when it is the reader's."""
_NEVER = re.compile(r"\b(?:not|un) ?(?:confirmed|verified|activated)|unbestatigt|nicht bestatigt|pending")
"""Names of columns with a yes if the reader never confirmed."""
_CONFIRMED = re.compile(
    r"confirmed$|^confirmed|verified|double ?opt|bestatigt|activated$|aktiviert$|freigeschaltet"
    r"|confirme\b|confirmado|confermato"
    r"|bevestigd|validated$"
)
"""Names of columns with a no if the reader never confirmed."""
_HERE = re.compile(
    r"^(?:is |this |the )*(?:subscriber |user |account |e?mails? |newsletter )*(?:is )?"
    r"(?:subscribed|active|enabled|mailable|receiving|abonniert|aktiv|abonne|suscrito|iscritto|empfangen|empfangt)$"
    r"|subscribed to|opt(?:ed)? ?in$|receives?\b|accepts?\b|allow(?:ed|s)? |agrees?\b"
)
"""Names of columns with a no if the reader gets no letters."""
_WISH = re.compile(
    r"^e?mail (?:preferences?|delivery|availability|subscriber)$"
    r"|^(?:e?mail |marketing |gdpr |newsletter )*(?:consent|permission|einwilligung|zustimmung|consentement|consenso"
    r"|consentimiento|toestemming|zgoda|samtycke|samtykke)(?: (?:status|given|granted))?$"
    r"|^(?:wants |e?mail )*newsletters?(?: (?:subscription|opt ?in|abo|anmeldung|consent))?$"
    r"|^(?:(?:subscri\w+|contact|member|membership|list) )?type$|^(?:e?mails? )?notifications?$"
    r"|^(?:epost|e post)?(?:marknadsforing|markedsforing)$"
    r"|^(?:e?mail ?)?marketing(?: por correo electronico|(?: par| via| por| per)? e?mail)?$"
)
"""Names of columns with a no or a word if the reader does not want letters. They may contain other words, too."""
_POSTAL = frozenset({"city", "town", "zip", "zip code", "postal code", "postcode", "country", "street", "address 1"})
_ASKED = (
    r"(?:would|wants?|wish|like|receive|send|gewunscht|erwunscht|erhalten|recevoir|recibir|desea|ricevere|ontvangen)"
)
_INVITED = re.compile(rf"\b{_ASKED}\b.*\bnewsletters?\b|\bnewsletters?\b.*\b{_ASKED}\b")
"""Names of columns with the answer to a form's question whether the person wants letters."""
_DECLINED = re.compile(r"(?:no|nein|non|nee|nej|nao)-(?:thank|danke|merci|gracias|grazie|bedankt|tac?k|obrigad|please)")
_ABOUT = re.compile(
    r"\b(?:count|rate|score|id|ip|url|link|opens|clicks|title|browser|country|leid|euid|number|confidence|campaign|name)\b"
    r"|(?:^|soft )bounces$|bouncecount|\bmanually\b"
)
"""Names of columns with a number or a name that is no status. A count of bounces does not decide anything."""


class _How(Enum):
    WORD = "word"
    FILLED = "filled"
    FLAG = "flag"
    WISH = "wish"


@dataclass(frozen=True, slots=True)
class Speaking:
    """How a column gives the status, and which status (``away``) it means for readers who get no letters."""

    how: _How
    away: Status


class Standings:
    """Reads the status of readers from the rows of a file with one header line."""

    def __init__(self, header: Sequence[str], form: Form, told: Mapping[str, Status]) -> None:
        """Find the columns that give a status.

        ``header`` is in lower case; ``told`` are the operator's meanings of words.
        """
        postal = not _POSTAL.isdisjoint(header)
        by_mail = any(re.search(r"do not email|no bulk", _spaced(name)) for name in header)
        self._words = {**form.words, **{spoken(word): status for word, status in told.items()}}
        self._elsewhere = frozenset(n for n, name in enumerate(header) if _OTHER_CHANNEL.search(_spaced(name)))
        self.columns: dict[int, tuple[str, Speaking]] = {}
        for place, name in enumerate(header):
            speaking = _WORDS_OF_STANDING if name in form.standing else _speaking(name)
            if (
                name in form.silent or (name == "state" and postal) or (by_mail and _spaced(name) == "do not mail")
            ):  # the column is about a place, or about letters on paper
                speaking = None
            if speaking is not None:
                self.columns[place] = name, speaking

    def of(self, row: Sequence[str], silent: Sequence[int]) -> Status:
        """Return the status in a row: the most serious of all its columns.

        Columns with the numbers ``silent`` are ignored.

        Raises:
            UnknownStanding: A status column contains an unknown word.
        """
        found = [Status.ACTIVE]
        for place, (name, speaking) in self.columns.items():
            if place < len(row):
                found.append(self._said(name, speaking, row[place]))
        if not TELLING.isdisjoint(map(str.strip, map(str.lower, row))):
            silenced = {*self.columns, *silent, *self._elsewhere}
            others = (cell for place, cell in enumerate(row) if place not in silenced)
            found += filter(None, (meaning(cell) for cell in others if cell.strip().lower() in TELLING))
        return min(found, key=GRAVITY.index)

    def _said(self, column: str, speaking: Speaking, cell: str) -> Status:
        word = spoken(cell)
        if word in _NOTHING or cell.strip().upper() == _NULL:
            return Status.ACTIVE
        if speaking.how is _How.FILLED:
            says_no = (
                word in _NO
                or denies(cell)
                or (meaning(cell) is Status.ACTIVE and word not in _YES and not word.isdigit())
            )
            return Status.ACTIVE if says_no else speaking.away
        if speaking.how is not _How.WORD and word in _NO:
            return speaking.away
        if speaking.how is not _How.WORD and (word in _YES or word[:1].isdigit()):  # since this date
            return Status.ACTIVE
        return self._hint(cell) if speaking.how is _How.WISH else self._word(column, cell)

    def _hint(self, cell: str) -> Status:
        if _DECLINED.match(plain(cell)):
            return Status.LEFT
        return meaning(cell, self._words) or Status.ACTIVE

    def _word(self, column: str, cell: str) -> Status:
        known = meaning(cell, self._words)
        if known is None:
            raise UnknownStanding(column, " ".join(cell.split()))
        return known


_CHOICE = re.compile(r"[(\[]\s*\w{1,5}\s*[/|,]\s*\w{1,5}\s*[)\]]\W*$")
"""The answers that a column's name lists at its end, such as (yes/no)."""
_WORDS_OF_STANDING = Speaking(_How.WORD, Status.LEFT)


def _spaced(column: str) -> str:
    """Return the words of a column's name in plain form, separated by spaces. ``e-mail`` becomes ``email``."""
    return re.sub(r"\be mail", "email", plain(_CHOICE.sub("", column)).replace("-", " "))


_WAYS = (
    *((pattern, Speaking(_How.FILLED, status)) for status, pattern in _AWAY),
    (_NEVER, Speaking(_How.FILLED, Status.UNCONFIRMED)),
    (_CONFIRMED, Speaking(_How.FLAG, Status.UNCONFIRMED)),
    (_HERE, Speaking(_How.FLAG, Status.LEFT)),
    (_WISH, Speaking(_How.WISH, Status.LEFT)),
    (_INVITED, Speaking(_How.WISH, Status.LEFT)),
)
"""Patterns of columns' names, and how such a column gives the status. The first pattern that matches counts."""


def _speaking(column: str) -> Speaking | None:
    """Return how a column of this name gives the status; None when it does not."""
    name = _spaced(column)
    if _STATUS.fullmatch(name) or (_STATE_EAST.search(name) and _MAIL_EAST.search(name)):
        return _WORDS_OF_STANDING
    if _OTHER_CHANNEL.search(name) or _ABOUT.search(name):
        return None
    return next((speaking for pattern, speaking in _WAYS if pattern.search(name)), None)
