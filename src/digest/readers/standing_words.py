"""What lists of any system say of a reader's standing: by the names of their columns and the words in them.

A column that speaks of standing is known by its name, whatever system wrote it, and a cell of it by its word. A word
that nobody knows is told, never passed over: whoever is not plainly active elsewhere gets no letters here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from digest.readers.exports import Cells, Status

GRAVITY = (Status.COMPLAINED, Status.BOUNCED, Status.LEFT, Status.UNCONFIRMED, Status.ACTIVE)
"""Which status counts when several columns speak, the gravest first."""


class UnknownStanding(ValueError):  # noqa: N818 - it says what is wrong, and is caught beside where it is raised
    """A cell of a column that speaks of standing says a word that nobody knows."""


_WORDS = {
    Status.ACTIVE: """active enabled subscribed subscribe confirmed opted-in opt-in optin valid verified regular premium
        gifted trialing churning paid free comped on ok normal mailable deliverable yes true aktiv abonniert bestätigt
        angemeldet eingetragen zugestellt actif active abonné abonne inscrit confirmé activo activa suscrito confirmado
        attivo attiva iscritto confermato actief ingeschreven aangemeld ativo inscrito aktywny prenumerant aktivní
        aktív doręczalny abonnent tilmeldt aktiv""",
    Status.LEFT: """unsubscribed unsubscribe left erased disabled blocklisted blacklisted blocked removed deleted
        deactivated opted-out opt-out optout signed-out cancelled canceled inactive archived spammy malicious suppressed
        do-not-contact dnc no-contact unsub by-user by-moderator
        expired paused upgraded former revoked withdrawn unwilling abgemeldet
        ausgetragen abbestellt gekündigt gesperrt blockiert gelöscht inaktiv deaktiviert désabonné desabonne désinscrit
        desinscrit bloqué bloque résilié inactif supprimé baja cancelado bloqueado inactivo desuscrito eliminado
        disiscritto cancellato annullato disattivato bloccato inattivo uitgeschreven afgemeld geblokkeerd inactief
        descadastrado inativo wypisany nieaktywny odhlášen frameldt avregistrerad""",
    Status.BOUNCED: """bounced bounce by-bounces hard-bounced hard-bounce hardbounced soft-bounced soft-bounce
        softbounced rejected cleaned undeliverable unreachable invalid undelivered held on-hold on-hold-bounce
        failed bad invalid-email
        unzustellbar ungültig bereinigt zurückgewiesen nettoyé rebond invalide non-valide rebotado rebote inválido
        limpiado rimbalzato non-valido pulito bounced-hard ongeldig""",
    Status.COMPLAINED: """complained complaint complaints spam marked-as-spam reported-spam spam-complaint abuse
        reported beschwerde spamverdacht plainte queja reclamo spam-gemeldet""",
    Status.UNCONFIRMED: """unconfirmed unverified unactivated not-confirmed pending waiting awaiting opt-in-pending
        pending-confirmation non-subscribed nonsubscribed non-subscriber transactional never-subscribed new unsent
        needs-confirmation awaiting-confirmation unbestätigt nicht-bestätigt ausstehend wartend offen non-confirmé
        en-attente pendiente sin-confirmar non-confermato in-attesa niet-bevestigd onbevestigd pendente not-subscribed
        did-not-subscribe""",
}
WORDS: Mapping[str, Status] = {word: status for status, words in _WORDS.items() for word in words.split()}
_NUMBERS = {"1": Status.ACTIVE, "2": Status.LEFT, "3": Status.BOUNCED, "4": Status.COMPLAINED}
"""Mailtrain's words for the same."""
_YES = frozenset({"1", "yes", "y", "true", "t", "on", "x", "ja", "oui", "si", "sí", "sim", "wahr", "vrai", "tak"})
_NO = frozenset({"0", "no", "n", "false", "f", "off", "nein", "non", "nee", "não", "falsch", "faux", "nie", "null"})
_NOTHING = frozenset({"", "-", "--", "none", "null", "n/a", "nan", "0000-00-00", "0000-00-00 00:00:00", "\\n"})

_STATUS = re.compile(
    r"(?:(?:subscri(?:ber|ption)|email|e-mail|global|list|contact|member|delivery|newsletter|marketing|reader|user|optin|opt-in)"
    r"[ _-])*(?:status|state|standing|zustand|statut|état|estado|stato|stan|type d.abonnement|subscriber_type)"
    r"(?:[ _-](?:subscri(?:ber|ption)|email|reason))?"
)
_AWAY = (
    (re.compile(r"complain|spam|abuse|beschwerde|plainte"), Status.COMPLAINED),
    (re.compile(r"bounc|on[ _-]?hold|clean_|undeliver|invalid|unzustellbar|rebond|\bhold\b"), Status.BOUNCED),
    (
        re.compile(
            r"unsub|opt(?:ed)?[ _-]?out|black[ _-]?list|block[ _-]?list|blocked|do[ _-]?not|donot|no bulk|dnc|disabled"
            r"|suppress|deleted|removed|cancel|revoked|abgemeldet|gesperrt|ausgetragen|désinscri|désabonn|(?:\b|_)left"
            r"|deactivat|inactive|withdrawn|baja|disiscri|uitgeschreven|abmelde"
        ),
        Status.LEFT,
    ),
)
"""Columns that hold a yes, a date, a count or a reason when somebody is away."""
_HERE = (
    (re.compile(r"\b(?:not|un)[ _-]?(?:confirmed|verified|activated|bestätigt)|pending"), None),
    (
        re.compile(r"confirmed$|^confirmed|verified|double[ _-]?opt|bestätigt|activated$|confirmé|confirmado"),
        Status.UNCONFIRMED,
    ),
    (
        re.compile(
            r"^(?:is[ _-]?)?(?:subscribed|active|enabled|mailable)$|subscribed_to|opt(?:ed)?[ _-]?in$|receives?"
            r"|abonniert$|^aktiv$"
        ),
        Status.LEFT,
    ),
)
"""Columns that hold a no when somebody is away."""
_POSTAL = frozenset({"city", "town", "zip", "zip code", "postal code", "postcode", "country", "street", "address 1"})
_ABOUT = re.compile(
    r"count|rate|score|_id$|\bid$|\bip\b|_ip$|url|link|opens|clicks|campaign|title|browser|country|^leid$|^euid$"
)
"""Columns that hold a number or a name beside the matter, but for counts of bounces, which are no verdict."""


def standing(cells: Cells) -> Status:
    """Return what the columns of a row that speak of standing say together: the gravest.

    Raises:
        UnknownStanding: one says a word that nobody knows.
    """
    said = [_said(column, cell) for column, cell in cells.items() if _judge(column) is not None]
    return min(said, key=GRAVITY.index, default=Status.ACTIVE)


def standing_columns(header: Iterable[str]) -> tuple[str, ...]:
    """Return the columns of a header that speak of standing; a ``state`` beside a city is a place."""
    names = tuple(header)
    postal = not _POSTAL.isdisjoint(names)
    return tuple(name for name in names if _judge(name) is not None and not (postal and name == "state"))


def _judge(column: str) -> tuple[str, Status] | None:
    """Return how a column speaks: by words, by being filled, or by a yes or no; None when it does not."""
    name = " ".join(column.replace("?", " ").split())
    if _STATUS.fullmatch(name):
        return "words", Status.ACTIVE
    if _ABOUT.search(name):
        return None
    away = next((status for pattern, status in _AWAY if pattern.search(name)), None)
    if away is not None:
        return "filled", away
    for pattern, status in _HERE:
        if pattern.search(name):
            return ("filled", Status.UNCONFIRMED) if status is None else ("flag", status)
    return None


def _said(column: str, cell: str) -> Status:
    judged = _judge(column)
    word = " ".join(cell.lower().split())
    if judged is None or word in _NOTHING:
        return Status.ACTIVE
    how, status = judged
    if how == "words":
        return _word(column, word)
    if how == "filled":
        return Status.ACTIVE if word in _NO else status
    if word in _NO:
        return status
    if word in _YES or word[:1].isdigit():  # a date: since then
        return Status.ACTIVE
    return _word(column, word)


def _word(column: str, word: str) -> Status:
    known = WORDS.get(re.sub(r"[\s_]+", "-", word)) or _NUMBERS.get(word)
    if known is None:
        raise UnknownStanding(f"the column {column!r} says {word!r:.60}, and nobody here knows what that means")
    return known
