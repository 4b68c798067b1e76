"""The meaning of a server's message about one recipient: hard (no such address) or soft (not delivered this time).

Only a hard bounce removes a reader, so a doubtful one is soft. The rules, in order:

1. Words about something else than the address (a full mailbox, a filter, a policy, the sender) mean soft, whatever the
   code: servers send 5.1.1 for full mailboxes, too. A 4xx reply is soft.
2. Codes of RFC 3463 about the address mean hard. All other specific codes mean soft.
3. Without such a code, "user unknown" is hard if it answered RCPT, or if the code is about addresses in general
   (5.1.x). After DATA it comes from a filter. If the command is unknown, it comes from a filter half of the time
   (measured on 400 reports), so it is soft. A policy code (5.7.x) that the reporting server added to a reply without a
   code is only that server's guess.
4. What the reporting server found by itself (no such domain, not in its own directory) is hard.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from digest.text.patterns import phrases as _family


class Kind(Enum):
    """The kind of a returned mail."""

    HARD = "hard"
    """The address does not exist."""
    SOFT = "soft"
    """This letter was not delivered; the next one may be."""
    COMPLAINT = "complaint"
    """The reader reported the letter as spam."""
    LEAVE = "leave"
    """The reader, or their mail program for them, asks to leave."""
    VACATION = "vacation"
    """A program answered for the reader."""
    DELIVERED = "delivered"
    """A receipt: the letter arrived."""
    DELAYED = "delayed"
    """A warning: the server is still trying, and will report again if it gives up."""
    OTHER = "other"
    """None of these, for instance a person's answer."""


class Stage(Enum):
    """The SMTP command that a quoted reply answered."""

    CONNECTION = "connection"
    SENDER = "MAIL"
    RECIPIENT = "RCPT"
    DATA = "DATA"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What a server's message means: its kind, the most specific status code (may be empty), and the rule used."""

    kind: Kind
    status: str
    reason: str


HARD_CODES = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.1.351", "5.4.4"})
"""No such mailbox, no such domain, no address, moved (RFC 3463, 3.2), null MX (RFC 7505), no route (RFC 3463, 3.5).
Exchange sends 5.1.10 when its own directory has no such recipient, and 5.1.351 when another server's has none."""
_VAGUE = re.compile(r"\d\.0\.|\d\.\d+\.0$")
"""Codes without a subject or without a detail."""

_MOST_WORDS = 3000
_NAMES = re.compile(r"[Hh]ttps?://\S+|<?[^\s<>@]{1,80}@[^\s<>]+>?|\b(?:[A-Za-z0-9-]{1,63}\.){1,8}[a-z]{2,24}\b")
"""Links, addresses and hosts. They are removed, because their words mean nothing (no-such-user@example.com)."""
_NO_WORD = re.compile(r"[\W_]+")
_CODE = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")


_SOME = r"(?:\w+ ){0,4}"

_EDGE = _family("recipient address rejected access denied")
"""Microsoft's edge servers reply this when a directory has no such recipient (5.4.1)."""

_NOT_THE_ADDRESS = {
    "mailbox full": _family(
        rf"(?:over|exceed\w*|out of|insufficient) {_SOME}(?:quota|storage|space|limit|size)",
        rf"(?:quota|storage|size|limit) {_SOME}(?:exceed|reached|full|violation)",
        rf"(?:mailbox|mailfolder|inbox|mail box|folder|disk|account|user) {_SOME}(?:full|overquota|over quota)\b",
        r"mailboxfull|quota|boite pleine|(?:message|mail|size) (?:is )?too (?:large|big)|message length",
    ),
    "blocked as spam": _family(
        r"\w*spam|ube\b|uce\b|unsolicited|bulk e ?mail|black ?list|block(?:ed|ing|list)|banned|(?:cd)?rbl\b|dnsbl",
        rf"reputation|suspicio|virus|malware|phish|content {_SOME}reject|rejected {_SOME}content|junk",
        r"(?:deny|allow|white|reject) ?list|(?:your|sending|client|source|connecting) ip\b|client (?:\w+ ){0,2}refused",
    ),
    "policy": _family(
        r"polic(?:y|ies)|dmarc|spf\b|dkim\b|unauthenticated|authenticat|not authori[sz]ed|ptr\b|reverse dns",
        r"access denied|permission|prohibit|preferences|forbidden|not (?:allowed|permitted)|open relay|to relay",
        r"mail relay|relay(?:ing)? (?:access )?denied|security|restricted|refused to talk|(?:not a|not|non) ?member",
        r"(?:local|site|server) rules?|rejected by (?:\w+ )?(?:rules?|filter)|your (?:domain|host|server|network) is",
    ),
    "the sender": _family(
        rf"sender {_SOME}(?:reject|den|invalid|refus|unknown|not|does|verif)",
        r"(?:domain of|invalid|reject\w*) sender|mail from\b|from header|return path|helo\b|ehlo\b",
        r"(?:unroute?able|unknown|bad|unverified) sender|envelope (?:from|sender)",
    ),
    "for a while": _family(
        r"temporar|not found try again|later\b|rate limit|frequency|too many|too fast|at a rate|throttl",
        r"greylist|deferred|timed ?out|timeout|expired|in the queue too long|multiple retries|not responding",
        r"connection (?:refused|reset|lost|dropped)|lost connection|unable to connect|unreachable",
        r"service (?:refus|unavail|currently|not )|maintenance|at (?:this|the) (?:time|moment)|for now\b|on hold\b",
        r"connection (?:\w+ ){0,4}could not|could not connect|servfail|server failure|number of recipients",
    ),
    "a system in trouble": _family(
        r"(?:couldn ?t|can ?t|cannot|could not) (?:open|create|write)|i o error|out of memory|system (?:config|error)",
        r"hop count|mail loop|routing loop|too many hops|loops? back|lookup failure|ldap\b",
        r"protocol (?:error|violation)|syntax|not implemented|malformed",
        r"(?:local|internal|processing|configuration) error",
    ),
}
ABOUT_US = frozenset({"blocked as spam", "policy", "the sender", "a system in trouble"})
"""Reasons that have nothing to do with the address."""
_FOR_NOW = re.compile(r"4\d\d\b")
_SUSPENDED = _family(r"disabled|discontinued|suspended|locked|frozen|inactive|deactivated|closed|dormant|bloque")

_NO_SUCH_HOST = _family(
    r"(?:host|domain) (?:or domain )?(?:name )?(?:is )?(?:unknown|not found(?! try))",
    rf"(?:domain|host) {_SOME}(?:does not|doesn ?t) exist",
    r"(?:no such|unknown|invalid|illegal|non ?existent) (?:host|domain)",
    r"unroute?able|no route to (?:host|address)|nxdomain\b|no mx record|find (?:any host|a mail exchanger)",
    r"indicated no smtp service|null ?mx|(?:host|domain) (?:\w+ )?(?:does not|doesn ?t) accept (?:e ?)?mail",
    r"no (?:mail exchangers?|mxs?) (?:found )?for|mx records point to non ?existent hosts|domain couldn ?t be found",
)
_NOT_IN_DIRECTORY = _family(
    rf"not (?:listed|found) in {_SOME}(?:domino|directory|address book)",
    r"recipient name is not recogni[sz]ed|\w*recip(?:ient)?notfound|invalid final delivery user|no valid recipients?",
    r"unknown local ?part|address no longer accepts mail|address couldn ?t be found",
    r"\w*ディレクトリ.{0,20}(?:見つかりません|ありません)",
)
_WHO = r"(?:user|recipient|mailbox|account|addressee|address|person|local ?part|customer|client|user ?id)"
_NO_SUCH_USER = _family(
    rf"(?:unknown|no such|invalid|non ?existent|bad|illegal|incorrect|unrecogni[sz]ed) (?:\w+ ){{0,2}}{_WHO}",
    rf"{_WHO}s? {_SOME}(?:unknown|not found|not known|invalid|non ?existent|not recogni[sz]ed|no longer|not exist)",
    rf"{_WHO}s? {_SOME}(?:\w+ ){{0,4}}(?:does not|doesn ?t|do not) exist",
    r"(?:does not|doesn ?t) have an? (?:\w+ ){0,2}(?:account|mailbox)|no (?:mailbox|account|user)s? (?:here|by|with)",
    r"address rejected|rejected recipient|no longer (?:on|valid|available|exists|here)|not our customer",
    r"destinataire in(?:valide|connu)|adresse (?:invalide|inconnue)|benutzer (?:unbekannt|nicht bekannt)",
    r"empfänger (?:unbekannt|nicht bekannt)|usuario (?:desconocido|inexistente|no existe)",
    r"usuário (?:desconhecido|inexistente)|utente (?:sconosciuto|inesistente)",
)
_MOVED = _family(
    "(?:user|recipient|account|mailbox) has (?:been )?moved",
    "moved to another",
    r"(?:user|recipient|mailbox|account) (?:is )?not local (?:\w+ ){0,2}(?:please )?(?:try|use|write to|send to)\b",
    r"(?:has|have) (?:an?|changed to an?) new (?:e ?mail )?address|(?:their|the|his|her) new (?:e ?mail )?address is\b",
)
"""An address that was replaced by another. The second line is RFC 5321's own text for 551 (section 3.4)."""


def codes(words: str) -> tuple[str, ...]:
    """Return the enhanced status codes (RFC 3463) in a text, in order. Parts of IP addresses are left out."""
    return tuple(_CODE.findall(words))


def exact_code(words: str, status: str = "") -> str:
    """Return the most specific code: the first that is not vague (x.y.0). The server's codes precede the report's."""
    known = [*codes(words), *codes(status)]
    return next((code for code in known if not _VAGUE.match(code)), next(iter(known), ""))


def plain(words: str) -> str:
    """Return a server's message in lower case, words separated by one blank, without links, addresses and hosts."""
    return _NO_WORD.sub(" ", _NAMES.sub(" ", words[:_MOST_WORDS])).strip().lower()


def diagnose(words: str, status: str = "", stage: Stage = Stage.UNKNOWN) -> Diagnosis:
    """Return the meaning of a server's ``words`` about one recipient. ``status`` is the code in the report."""
    code = exact_code(words, status)
    kind, reason = _judged(plain(words), code, stage, quoted=bool(codes(words)))
    return Diagnosis(kind=kind, status=code, reason=reason)


def _judged(words: str, code: str, stage: Stage, *, quoted: bool) -> tuple[Kind, str]:
    if code.startswith("5.4.1") and _EDGE.search(words) and stage is not Stage.DATA:
        return Kind.HARD, "no such user"
    for reason, family in _NOT_THE_ADDRESS.items():
        if family.search(words):
            return Kind.SOFT, reason
    for_now = bool(_FOR_NOW.match(words))
    if code in HARD_CODES and not for_now:
        return Kind.HARD, "the code says so"
    guessed = code.startswith("5.7.") and stage is Stage.RECIPIENT and (not quoted or bool(_NO_SUCH_USER.search(words)))
    if for_now or (code.startswith(("4.", "5.7.")) and not guessed):
        return Kind.SOFT, "the code says so"
    gone = _NO_SUCH_HOST.search(words) or _NOT_IN_DIRECTORY.search(words) or _MOVED.search(words)
    about_address = stage is Stage.RECIPIENT or (code.startswith("5.1.") and stage is not Stage.DATA)
    if gone or (about_address and _NO_SUCH_USER.search(words) and not _SUSPENDED.search(words)):
        return Kind.HARD, "no such user or host"
    return Kind.SOFT, "not known to be the address"
