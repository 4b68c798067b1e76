"""The status words in files of other systems, in many languages: subscribed, abgemeldet, rebotado, marked as spam.

An active reader must have a known word. Other statuses are also recognised by a word stem or a few words together. So a
reader who is not clearly active elsewhere gets no letters here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from digest.readers.exports import Status

GRAVITY = (Status.COMPLAINED, Status.BOUNCED, Status.LEFT, Status.UNCONFIRMED, Status.ACTIVE)
"""The statuses in the order in which they count when several columns give one: the most serious first."""


class UnknownStanding(ValueError):  # noqa: N818 - the name says what is wrong; it is caught near its origin
    """A status column contains an unknown word."""

    def __init__(self, column: str, word: str) -> None:
        super().__init__(f"the column {column!r} says {word!r:.60}, which is no known status")
        self.column = column
        self.word = word


_WORDS = {
    Status.ACTIVE: """active enabled subscribed subscribe confirmed opted-in opt-in optin valid verified regular premium
        gifted trialing trialed churning paid free comped on ok normal mailable deliverable yes true added member
        registered accepted granted marketing-contact c mail digest
        aktiv abonniert bestätigt angemeldet eingetragen zugestellt
        actif active abonné abonnée inscrit inscrite confirmé confirmée
        activo activa suscrito suscrita confirmado confirmada
        attivo attiva iscritto iscritta confermato confermata
        actief ingeschreven aangemeld geabonneerd bevestigd
        ativo ativa inscrito inscrita assinante
        aktywny aktywna zapisany subskrybowany zasubskrybowany prenumerant abonnerad tilmeldt abonnent påmeldt tilaaja
        prenumererar aktivní přihlášen aktív feliratkozott doręczalny explicit implicit express implied
        allow allowed not-excluded
        \u0430\u043a\u0442\u0438\u0432\u0435\u043d \u043f\u043e\u0434\u043f\u0438\u0441\u0430\u043d
        \u0430\u043a\u0442\u0438\u0432\u043d\u044b\u0439 \u0430\u043a\u0442\u0438\u0432\u043d\u0430
        \u043f\u043e\u0434\u043f\u0438\u0441\u0430\u043d\u0430
        \u043f\u043e\u0434\u0442\u0432\u0435\u0440\u0436\u0434\u0435\u043d
        \u6709\u52b9 \u914d\u4fe1\u4e2d
        \u8cfc\u8aad\u4e2d \u767b\u9332\u6e08\u307f \u5df2\u8ba2\u9605 \u8a02\u95b1\u4e2d
        \uad6c\ub3c5 \uad6c\ub3c5-\uc911 \uad6c\ub3c5\uc911 \uad6c\ub3c5\ud568""",
    Status.LEFT: """left erased off nomail no-mail no-contact dnc forgotten held-back expired paused upgraded former
        former-reader unwilling by-user by-moderator spammy malicious u no false
        baja wypisany odhlášen avregistrerad deceased no-email
        \u043e\u0442\u043f\u0438\u0441\u0430\u043d \u8cfc\u8aad\u89e3\u9664 \u9000\u4f1a \u89e3\u9664
        \u5df2\u9000\u8ba2 \u9000\u8ba2 \u914d\u4fe1\u505c\u6b62 \u505c\u6b62 \u7121\u52b9
        \uad6c\ub3c5-\ucde8\uc18c \uad6c\ub3c5\ucde8\uc18c \uc218\uc2e0-\uac70\ubd80 \uc218\uc2e0\uac70\ubd80""",
    Status.BOUNCED: """held hold on-hold failed bad rejected b by-bounces limpiado limpo pulito ripulito opgeschoond""",
    Status.COMPLAINED: """junk reported p""",
    Status.UNCONFIRMED: """new unsent transactional offen s invited neu nouveau nouvelle nuevo nuovo nieuw
        non-marketing-contact never not-set no-permission no-permissions-set
        \u672a\u78ba\u8a8d \u672a\u8a8d\u8a3c
        \u4eee\u767b\u9332 \u672a\u8cfc\u8aad \u672a\u8ba2\u9605 \u672a\u8a02\u95b1 \ubbf8\uad6c\ub3c5""",
}
"""Single status words by their meaning. For readers without letters, only those that the stems below do not match."""
_NUMBERS = {"-1": Status.LEFT, "1": Status.ACTIVE, "2": Status.LEFT, "3": Status.BOUNCED, "4": Status.COMPLAINED}
"""The numbers that Mailtrain writes for a status, and AcyMailing's number for somebody who left."""
_BELOW_ZERO = re.compile(r"-\d+")
_GENDER = re.compile(r"-(?:e|a|o|in|ne|trice)$")
"""The other ending of a word that is written for all: abonné(e), suscrito/a, Abonnent:in."""

_CONTRARY = re.compile(
    r"(?:not|non?|never|nicht|nie|kein\w*|un|pas|sin)-(?:bounc|block|spam|complain|cancel|unsub|delet|remov|black|invalid"
    r"|opted-out)"
)
"""Matches words that say the contrary of the word inside them. Their meaning is left to a person."""
_NOT = (
    r"\b(?:not?|non|never|nicht|niet|nao|pas|nie|ne|ikke|inte|ej|ei|jamais|nunca|mai|nooit|sem|sin)-"
    r"(?:yet-|already-|noch-nicht-|encore-|aun-|ancora-|ainda-|nog-niet-|did-)?"
)
_STEMS = (
    (Status.COMPLAINED, re.compile(r"complain|spam|abuse|\bjunk|plainte|beschwer|queja|reclam[ao]|klacht|skarg")),
    (
        Status.BOUNCED,
        re.compile(
            r"bounc|undeliv|unzustell|non-remis|unreach|injoign|\bclean|bereinig|nettoye|depurad|rimbalz|respint|rebot|rebond|\bretour|rejet|studs|rensad|unavailab"
            r"|\u043d\u0435\u0434\u043e\u0441\u0442\u0443\u043f|\u043d\u0435\u0434\u043e\u0441\u0442\u0430\u0432|\u043e\u0448\u0438\u0431\u043a"
            r"|invalid|ungultig|no-valid|non-valid|ongeldig|non-?exist|not-exist|inexist|unknown-user|user-unknown"
            r"|mailbox|on-hold|zuruckgewies|devuelt|rejected|odbit|fail(?:ed|ure)?\b"
        ),
    ),
    (Status.LEFT, re.compile(r"no-longer|nicht-mehr|niet-meer|ya-no\b|non-piu|ne-.*-plus|nao-mais")),
    (
        Status.UNCONFIRMED,
        re.compile(
            r"\u043d\u0435-\u043f\u043e\u0434\u0442\u0432\u0435\u0440\u0436\u0434|\u043d\u0435-\u0430\u043a\u0442\u0438\u0432\u0438\u0440|\u043e\u0436\u0438\u0434\u0430|"
            rf"{_NOT}(?:confirm|conferm|verif|activ|aktiv|bestatig|bevestig|subscri|abonn|inscri|suscri|iscri|geabonn"
            r"|potwierdz|prenumer|bekr[ae]+ft|opted-in|opt-in|angemeld|registr|signed-up|zapisan)"
            r"|(?:un|on|nie|ne|o|u)(?:confirm|verif|activat|bestatig|bevestig|potwierdz|potvr|bekr[ae\u00e6]+ft)"
            r"|pending|await|waiting|\bwart|en-attente|in-attesa|en-espera|pendient|pendent|ausstehend|wachten|oczekuj"
            r"|(?:prenumer|abonn|subscri|geabonn|bekr)\w*-(?:inte|ikke|nicht|niet|pas)\b|nie-?(?:za)?subskryb"
            r"|validating|needs-|to-be-confirm|a-confirmer|por-confirmar|da-conferm|afwachting|nonsubscri"
        ),
    ),
    (
        Status.LEFT,
        re.compile(
            r"unsub|opt(?:ed)?-?out|signed-?out|desabon|desinscri|abgemeld|abmeld|abbestell|ausgetrag|austrag|gekundigt"
            r"|cancel|annul|uitgeschreven|uitschrijv|afgemeld|opgezegd|descadastr|desuscri|disiscri|wypis|zrezygn"
            r"|odhlas|avregistr|avmeld|afmeld|frameld|blo[ck]|gesperrt|black-?list|liste-noire|lista-n|suppress"
            r"|deactiv|deaktiv|desactiv|disattiv|disabled|inacti|inakti|inattiv|inati|nieaktyw|neaktiv|removed|deleted"
            r"|archiv|revok|withdraw|exclu|banned|expired|resili|supprim|elimin|geloscht|entfernt|rimoss|erased"
            r"|\bbaja\b|avslutad|usuniet|zablok|\u043e\u0442\u043f\u0438\u0441|\u043d\u0435-\u043f\u043e\u0434\u043f\u0438\u0441\u0430\u043d|\u0437\u0430\u0431\u043b\u043e\u043a|\u0443\u0434\u0430\u043b|\u043d\u0435\u0430\u043a\u0442\u0438\u0432"
            r"|do-not|dont-|no-bulk|stopped|suspend|geblok|leiratkoz|tilauksen-peru"
        ),
    ),
)
"""Stems of words and phrases for readers without letters. They are tried in this order."""

_PLAIN_PHRASES = """unsubscribed unsubscribe opted-out opt-out optout unsub do-not-contact do-not-email never-subscribed
    not-subscribed non-subscribed nonsubscribed unconfirmed unverified not-confirmed bounced hard-bounced soft-bounced
    hard-bounce hardbounced complained spam-complaint marked-as-spam undeliverable blocklisted blacklisted nomail
    abgemeldet abbestellt ausgetragen nicht-abonniert nicht-bestätigt unbestätigt unzustellbar bereinigt
    désabonné désabonnée désinscrit désinscrite désabonné(e) désinscrit(e) non-confirmé non-confirmée non-abonné
    non-inscrit nettoyé rebond inactif inaktiv inactief inactivo inattivo
    suscripción-cancelada no-suscrito no-suscrita dado-de-baja desuscrito sin-confirmar no-confirmado rebotado depurado
    annullata-iscrizione iscrizione-annullata disiscritto disiscritta non-iscritto non-iscritta non-confermato
    rimbalzato rimosso inscrição-cancelada descadastrado não-inscrito não-confirmado
    uitgeschreven afgemeld niet-geabonneerd niet-bevestigd onbevestigd wypisany niepotwierdzony
    avregistrerad avmeldt afmeldt frameldt odhlášen leiratkozott user-suppressed user_suppressed"""
_FILLERS = " .-/\u2010\u2011\u2012\u2013\u2014\u00b7\ufe0f"
"""Characters with which people fill an empty cell, and the variation selector that colours a character."""
_BASES = str.maketrans({"\u0142": "l", "\u00df": "ss", "\u00f8": "o", "\u0131": "i", "\u0111": "d"})
"""Letters that Unicode's normal form NFKD does not split into base letter and accent -> their base letter."""


def plain(text: str) -> str:
    """Return a text in plain form: words in lower case, without accents and surrounding signs, joined by hyphens."""
    spread = unicodedata.normalize("NFKD", text.lower()).translate(_BASES)
    letters = unicodedata.normalize("NFC", "".join(char for char in spread if not unicodedata.combining(char)))
    return re.sub(r"[^\w]+|_+", "-", letters).strip("-")


def spoken(cell: str) -> str:
    """Return a cell's content in plain form, or the sign that it consists of; empty for an empty cell or a dash."""
    if _BELOW_ZERO.fullmatch(cell.strip()):
        return cell.strip()
    return plain(cell) or cell.strip(_FILLERS)


WORDS: Mapping[str, Status] = {plain(word): status for status, words in _WORDS.items() for word in words.split()}
TELLING = frozenset(phrase.replace("-", mark) for phrase in _PLAIN_PHRASES.split() for mark in ("-", " ", "_"))
"""Contents of cells, in lower case, that mean "no letters" in a column of any name."""


def denies(cell: str) -> bool:
    """Return whether a cell denies a reason against letters, such as "not blocklisted" or "never bounced"."""
    return _CONTRARY.match(spoken(cell)) is not None


def meaning(word: str, own: Mapping[str, Status] = WORDS) -> Status | None:
    """Return the status that a word means, or None when it is unknown.

    ``own`` are the status words that mean something else in the system that wrote the file.
    """
    said = spoken(word)
    alone = _GENDER.sub("", said)
    known = own.get(said) or WORDS.get(said) or _NUMBERS.get(said) or WORDS.get(alone)
    if known is not None or _CONTRARY.match(said):
        return known
    return next((status for status, stem in _STEMS if stem.search(said)), None)
