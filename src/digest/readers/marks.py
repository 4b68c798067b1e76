"""By what marks a mail shows that it is a report, a receipt, a program's answer, or a wish to leave."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from urllib.parse import unquote

from digest.readers.parts import Header, Part, decoded, parameter
from digest.text.diagnosis import codes

_SPELLED = r"(l[a-z0-9_-]{1,32}\.[0-9a-f]{1,16}\.[a-z2-7]{24})"
_ALL = r"(?:[\W_]{0,5}(all)(?=\s*(?:$|[^\w\s])))?"
_LEAVE = (
    re.compile(rf"leave[\s\W_]{{0,3}}{_SPELLED}{_ALL}", re.IGNORECASE | re.ASCII),
    re.compile(rf"(?<![a-z0-9]){_SPELLED}{_ALL}", re.IGNORECASE | re.ASCII),
)
"""The token in the subject of a mail that leaves, and whether all letters are meant: after its word, or alone. See
``render.links.leave_links``.

The token proves the wish, so whatever gateways, filters and mail programs set around it makes no difference."""

_UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_WISHES = (
    "unsubscribe(?: me)?|leave|stop|remove(?: me)?|opt[ -]?out|abmelden|abmeldung|abbestellen|austragen|désabonner"
    "|désinscrire|désinscription|désabonnement|cancelar(?: suscripción)?|baja|darse de baja|cancella"
    "|cancellami|disiscrivi|afmelden|uitschrijven|descadastrar|wypisz"
)
_WISH = re.compile(rf"^\s*(?:\w{{1,4}}:\s*|\[[^\]]{{1,40}}\]\s*)*(?:{_WISHES})\W*$", re.IGNORECASE)

_DAEMON = re.compile(r"mailer-?daemon|post.?master|mail delivery (?:sub)?system|mail-daemon", re.IGNORECASE)
_SUBJECT = re.compile(
    r"undeliver|returned mail|could not be delivered|non.?deliver|not delivered|delivery report|error sending your mail"
    r"|(?:delivery|failure|mail|message)[\w -]{0,30}(?:fail|error|notice|notification|delay|status)"
    r"|(?:nicht zustell|unzustell)bar|non remis|non recapitabile|mail system error|message you sent blocked",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"(?:could|can|was|were|did) ?no?t (?:be )?(?:deliver|reach)|(?:un|not )able to deliver|undeliver"
    r"|deliver\w* (?:has )?fail|permanent(?:ly)? (?:fail|error)|fail\w* (?:to|permanent)|errors? occurred while"
    r"|following (?:address|recipient)(?:es|s)?(?:\(e?s\))? (?:fail|had)",
    re.IGNORECASE,
)
_WAITING = re.compile(
    r"warning message only|has been delayed|is delayed|will be retried|(?:still|keep) (?:re)?trying"
    r"|delivery.{0,20}delayed|only a temporary failure",
    re.IGNORECASE,
)
_ARRIVED = re.compile(
    r"(?:has been|was|were) (?:successfully )?(?:delivered|relayed)|success\w* deliver|delivery (?:was )?success"
    r"|\(success\)|\(relay\)|(?:return|read|delivery) receipt|(?:was|has been) (?:opened|read|displayed)\b",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"^\s*(?:auto(?:mat\w*)?[ -]?(?:reply|response|respons|antwort)|out of (?:the )?office|away from|abwesen"
    r"|réponse automatique|respuesta autom|risposta automatica|automatisch antwoord|autosvar)",
    re.IGNORECASE,
)
_ANSWER_FIELDS = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-response-suppress",
    "x-apple-action",
    "x-ms-exchange-inbox-rules-loop",
    "x-vacation",
    "x-mail-autoreply",
)


def is_receipt(header: Header, parts: Sequence[Part]) -> bool:
    """Tell a disposition notification (RFC 8098): the letter was shown, or deleted; it arrived in any case."""
    kind = parameter(header.get("content-type"), "report-type").lower()
    return kind == "disposition-notification" or any(p.kind == "message/disposition-notification" for p in parts)


def is_report(header: Header) -> bool:
    """Tell what a mail server sends when it returns a letter."""
    kind = parameter(header.get("content-type"), "report-type").lower()
    return kind == "delivery-status" or "x-failed-recipients" in header or bool(_DAEMON.search(header.get("from")))


def is_answer(header: Header) -> bool:
    """Tell what a program answers for a person (RFC 3834, section 5, and what programs did before it)."""
    automatic = header.get("auto-submitted").lower()
    return (
        (bool(automatic) and not automatic.startswith("no"))
        or header.get("precedence").lower() in {"auto_reply", "auto-reply"}
        or any(name in header for name in _ANSWER_FIELDS)
        or bool(_ANSWER.match(decoded(header.get("subject"))))
    )


def is_absence(header: Header) -> bool:
    """Tell an answer that says so in its subject, whoever signs it: some programs let the postmaster sign."""
    return bool(_ANSWER.match(decoded(header.get("subject"))))


def leave_token(header: Header, text: str) -> tuple[str, bool]:
    """Return what may be the token of a mail that leaves, and whether it leaves all letters; empty without one.

    It stands in a subject, perhaps torn by a fold, escaped as in a URL or in HTML, or with characters that nobody sees;
    or alone in the first line of the text, where somebody pasted it.
    """
    first = next(filter(None, map(str.strip, text.splitlines())), "")
    for subject in map(decoded, header.all("subject")):
        seen = _UNSEEN.sub("", html.unescape(unquote(subject)))
        for spelled in (seen, _whole(seen)):
            if found := next(filter(None, (form.search(spelled) for form in _LEAVE)), None):
                return found[1], bool(found[2])
    pasted = next(filter(None, (form.fullmatch(first) for form in _LEAVE)), None)
    return (pasted[1], bool(pasted[2])) if pasted else ("", False)


def _whole(subject: str) -> str:
    """Return a subject without blanks, but before the word that asks for all."""
    return re.sub(r"\s+(?!all\b)", "", subject, flags=re.IGNORECASE)


def asks_to_leave(header: Header, token: str) -> bool:
    """Tell a mail with a leaving ``token``, or whose subject is nothing but the wish, also when a program wrote it."""
    return bool(token or _WISH.match(decoded(header.get("subject")))) or "x-apple-unsubscribe" in header


def looks_returned(header: Header, text: str, originals: Sequence[Header]) -> bool:
    """Tell a bounce that no daemon signed: by its subject, or by words of failure beside a code or the letter."""
    if _SUBJECT.search(decoded(header.get("subject"))):
        return True
    return bool(_FAILED.search(text)) and bool(codes(text) or originals)


def is_warning(subject: str, text: str) -> bool:
    """Tell a report without fields that says: not yet."""
    return bool(_WAITING.search(text)) or bool(re.search(r"delay|warning", subject, re.IGNORECASE))


def is_success(subject: str, text: str) -> bool:
    """Tell a report without fields that says: delivered."""
    return bool(_ARRIVED.search(f"{subject}\n{text}")) and not _FAILED.search(text)
