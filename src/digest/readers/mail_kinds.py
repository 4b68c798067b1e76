"""By what marks a mail shows that it is a report, a receipt, a program's answer, or a wish to leave."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digest.readers.mime import Header, Part, decoded, parameter
from digest.text.diagnosis import codes

LEAVE = re.compile(
    r"leave\s*[-\u2010-\u2015]\s*([a-z][a-z0-9_-]{1,32}\.[0-9a-f]{1,16}\.[a-z2-7]{24})(?![a-z0-9])"
    r"(?:[\W_]{1,5}(all)(?=\s*(?:$|[^\w\s])))?",
    re.IGNORECASE | re.ASCII,
)
"""The token in the subject of a mail that leaves, and whether all letters are meant. See ``render.links.leave_links``.

The token proves the wish, so whatever gateways, filters and mail programs set around it makes no difference."""

_WISHES = "unsubscribe|leave|stop|remove|abmelden|abbestellen|désabonner|désinscrire|cancelar|cancella"
_WISH = re.compile(rf"^\s*(?:re:\s*)?(?:{_WISHES})\W*$", re.IGNORECASE)

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


def asks_to_leave(header: Header) -> bool:
    """Tell a mail whose subject is nothing but the wish to leave, also when a mail program wrote it."""
    subject = decoded(header.get("subject"))
    return bool(LEAVE.search(subject) or _WISH.match(subject)) or "x-apple-unsubscribe" in header


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
