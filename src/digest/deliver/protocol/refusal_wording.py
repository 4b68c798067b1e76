"""Whom a relay's refusal concerns: the recipient, the message, us, or only this moment; by code and wording.

A relay uses the same codes for other servers' refusals and for its own: 550 5.7.1 can mean one reader's block list, a
sender that is not ours, or a quota that is used up. So the wording decides first, then the enhanced code (RFC 3463),
then the command that was answered. When neither wording nor code decides, the refusal has ``certain=False``: a caller
that gets several of them in a row should suspect that they are about us.

The groups of wordings were written from the published replies of Gmail, Exchange Online, Amazon SES, SendGrid, Mailgun,
Postmark, Brevo, Mailjet, Zoho, Yahoo, Postfix, Exim, Sendmail and the panels of hosting companies.
"""

from __future__ import annotations

import re
from datetime import timedelta

from digest.deliver.protocol.refusal import About, Asked, Reason, Refusal
from digest.text.bounce_codes import Kind, diagnose, exact_code, plain
from digest.text.bounce_codes import Stage as Quoted
from digest.text.patterns import phrases

_SOME = r"(?:\w+ ){0,5}"
_LETTERS = r"(?:e ?mails?|mails?|messages?|letters?|recipients?|transactions?|msgs?)"
_PERIOD = r"(?:hourly|daily|weekly|monthly|hours?|days?|24 ?h(?:ours?)?|months?|today)"
_LIMIT = r"(?:limits?|quotas?|allowances?|allotments?|maximum|max|credits?|thresholds?|cap)"
_OUTGOING = r"(?:send|sending|outgoing|outbound|relay|relaying|smtp|transmission|submission|delivery)"
_OVER = r"(?:exceed\w*|over|reach\w*|hit|used|exhausted|maxed|surpass\w*|depleted)"
_WE = (
    r"(?:your|you|user|account|domain|tenant|customer|organi[sz]ation|sender|ip|host|server|client|network|connection)"
)

_GREYLIST = phrases(r"gr[ea]y ?list\w*", r"you are being delayed", r"come back (?:later|in)", r"first time sender")
_WAIT = re.compile(r"\b(?:in|for|after) (?:(\d{1,2}) (\d{2}) (\d{2})\b|(\d{1,5}) (?:more )?(s|sec\w*|min\w*)\b)")
_SESSION = phrases(
    rf"too many {_SOME}(?:session|connection)\b(?! per| from)",
    rf"(?:max\w*|limit) {_SOME}(?:per|for this|in this|on this|of this|each) (?:smtp )?(?:session|connection)",
    rf"{_LETTERS} (?:limit |count |maximum )?(?:per|for this|in this|on this) (?:smtp )?(?:session|connection)",
    rf"(?:session|connection) {_SOME}(?:limit|quota) {_SOME}(?:reach|exceed)",
)
_CONNECTIONS = phrases(
    r"too many (?:\w+ ){0,3}(?:connections|sessions)",
    r"(?:concurrent|simultaneous|parallel|open) (?:\w+ ){0,2}(?:connections?|sessions?)",
    r"connections? (?:rate |count )?limit",
    r"(?:max\w*|number of) (?:\w+ ){0,3}connections|connections? per (?:ip|host|user)",
)
_RECIPIENT_RATE = phrases(
    r"(?:user|recipient|account|mailbox|address) (?:\w+ ){0,8}receiving (?:\w+ ){0,2}(?:mail|e ?mails?|messages?)",
    r"recipient thread limit|(?:mailbox|recipient) (?:is )?(?:busy|locked)",
)
_LONG_QUOTA = phrases(
    rf"{_PERIOD} {_SOME}(?:{_LIMIT}|{_OVER})",
    rf"{_LIMIT} {_SOME}{_PERIOD}",
    rf"\d+ {_LETTERS} (?:per|a|each|every|in|within|the last|last|\d+) {_SOME}{_PERIOD}",
    rf"{_LETTERS} (?:per|a|each|every) {_PERIOD}",
    rf"{_LETTERS} (?:\w+ )?(?:allowed|permitted|included) (?:in|per|each|every|within|for) {_SOME}{_PERIOD}",
    r"sent \d+ (?:\w+ )?(?:of|out of) (?:\w+ ){0,2}\d+",
    rf"too many {_SOME}(?:per|in|within|this|an?|the last) (?:\w+ ){{0,2}}{_PERIOD}",
    rf"exceed\w* (?:the )?(?:max\w*|allowed|number) {_SOME}{_LETTERS}",
    rf"(?:{_OUTGOING}|{_LETTERS}|account|tenant) {_SOME}(?:quotas?|credits?|allowances?|thresholds?)\b(?! rate)",
    rf"{_OVER} {_SOME}{_OUTGOING} {_SOME}(?:quotas?|credits?|allowances?)",
    r"(?:credits?|funds|balance) (?:\w+ ){0,3}(?:exceed|exhaust|insufficient|used|empty|too low|depleted)",
    r"(?:no|not enough|insufficient|out of|maximum|more) (?:\w+ ){0,3}(?:credits?|funds|balance)\b",
    r"(?:upgrade|subscription|trial|free (?:plan|account|tier)s?|pay(?:ment)?|invoice|billing|overdue)\b",
    r"your (?:\w+ )?plan\b",
    r"tageslimit|versandlimit|l[ií]mite (?:\w+ ){0,2}(?:d envoi|de env[ií]o|quotidien\w*|diari[oa]|horaire|mensuel\w*)",
    r"cuota de env[ií]o|quota (?:d envoi|diaria|journalier)|limite (?:giornaliero|di invio)",
)
_RATE = phrases(
    r"throttl\w+|rate ?limit\w*|slow(?:ing)? down|too fast|too quickly|too frequent|frequency|rate control",
    rf"(?:sending|message|mail|e ?mail|submission|delivery|peak|maximum|max|allowed|smtp|sender) {_SOME}rate\b",
    rf"\brate (?:\w+ ){{0,3}}{_OVER}|{_OVER} {_SOME}\brate\b",
    r"high rate|rate (?:is )?too high|unusual rate|over ?limit",
    rf"too many (?:\w+ ){{0,2}}(?:{_LETTERS}|requests?|commands|attempts)|too much mail",
    rf"{_OUTGOING} {_SOME}limit {_SOME}{_OVER}|{_OVER} {_SOME}{_OUTGOING} {_SOME}limit|peak smtp",
    r"(?:messages|mails?|e ?mails?|recipients) (?:\w+ ){0,2}(?:per|a|each) (?:second|minute)",
    r"(?:message|mail|recipient|submission|sending) {0,1}limit (?:\w+ ){0,3}(?:exceed|reach)",
)
_OUR_QUOTA = phrases(
    rf"you(?: ve)? (?:have )?(?:already )?{_OVER} {_SOME}{_LIMIT}",
    rf"(?:your|this account s?|sender s?) {_SOME}{_LIMIT} {_SOME}{_OVER}",
    rf"{_OVER} (?:\w+ )?your {_SOME}{_LIMIT}",
)
_STORAGE = phrases(
    rf"(?:mailbox|mailfolder|inbox|mail box|folder|disk|user|recipient|account) {_SOME}(?:full|overquota|over quota)",
    r"mailboxfull|storage|disk (?:space|quota)|(?:mailbox|inbox|recipient|user|account) (?:\w+ ){0,4}quota",
    r"quota (?:\w+ ){0,3}(?:mailbox|inbox)|mailbox size",
)
_SIZE = phrases(
    r"(?:message|mail|size|attachments?) (?:\w+ ){0,3}too (?:large|big|long)|too (?:large|big) (?:message|mail)",
    r"(?:message|mail|header) (?:\w+ ){0,2}(?:size|length) (?:\w+ ){0,3}(?:exceed|limit|maximum|too)",
    r"exceeds? (?:\w+ ){0,4}(?:message|mail) (?:size|length)|maximum message (?:size|length)|larger than",
)
_SENDER = phrases(
    rf"(?:sender|from|originator|return path|envelope from) {_SOME}"
    r"(?:reject|den|invalid|refus|unknown|not|does|verif|blocked|mismatch|unverif|suspend|disallow|forbid|must|spoof)",
    r"(?:domain of|invalid|reject\w*|unauthori[sz]ed) (?:\w+ )?(?:sender|from)\b",
    r"(?:unverified|unknown|bad|forged|illegal|wrong) (?:\w+ )?(?:sender|from)\b",
    r"not (?:\w+ )?own(?:ed|er|s)?\b|does (?:not|n t) (?:own|belong)|not logged in|identit(?:y|ies)",
    r"(?:sender|signature) (?:\w+ ){0,3}not (?:found|verified|confirmed|validated|configured|registered|active)",
    r"send ?as\b|sendasdenied|(?:relaying|sending|relay) disallowed",
    r"on behalf of|send (?:\w+ )?(?:mails? |messages? )?(?:as|from) ",
    r"(?:domain|account) (?:\w+ ){0,4}not allowed to send|sandbox|(?:pending|await\w*|needs?) (?:\w+ )?approval",
    r"absender\w*|exp[eé]diteur|[eé]metteur|remitente|mittente|remetente|mail from\b|sender verify|sender id\b",
)
_IDENTITY = phrases(
    r"(?:e ?mail address|address|domain) (?:\w+ ){0,2}(?:is )?(?:not|un) ?(?:yet )?(?:verified|confirmed|validated)",
    r"domain (?:\w+ ){0,3}not (?:found|verified|confirmed|validated|configured|registered|active)",
    r"(?:unconfigured|unknown|unverified) (?:sending )?domain",
)
_LOGIN = phrases(
    r"auth\w* (?:\w+ ){0,3}(?:required|needed|fail|unsuccess|invalid|first|not|turn)",
    rf"(?:requires?|needs?) {_SOME}auth",
    r"(?:not|un) ?auth(?:enticated|ori[sz]ed)|must (?:\w+ )?(?:auth|log ?in|issue a starttls|use tls)|log ?in first",
    r"(?:invalid|wrong|bad|incorrect) (?:\w+ ){0,2}(?:credentials|password|login|user ?name)",
    r"credentials (?:\w+ )?invalid",
    r"(?:starttls|tls) (?:\w+ ){0,2}(?:first|required|needed)|encryption (?:\w+ )?required|pop before smtp",
    r"check ?mail first|api key",
    r"relay(?:ing)? (?:\w+ )?(?:access )?(?:denied|refused|prohibited|not|disabled)",
    r"(?:not|unable|cannot|can t) (?:\w+ )?relay",
    r"(?:not permitted|not allowed|not authori[sz]ed) (?:\w+ )?to (?:\w+ )?(?:relay|send|perform|use|submit)",
    r"(?:denied|refused|no permission) (?:\w+ )?to (?:\w+ )?(?:relay|send|perform|use|submit)",
    r"rcpthosts|open relay|we do not relay|relay not|not (?:an?|configured) (?:\w+ ){0,3}relay|list of allowed",
)
_HELLO = phrases(
    r"(?:helo|ehlo)\b|client (?:host|address|ip)\b|reverse (?:dns|lookup|hostname)|\bptr\b|rdns|fcrdns",
    r"(?:cannot|can t|could not) (?:find|resolve) your|(?:invalid|unresolvable) (?:\w+ )?(?:host ?name|relay host)",
    r"need fully qualified hostname|not (?:an? )?fqdn",
)
_REPUTATION = phrases(
    r"(?:block|black|deny|reject|ban) ?list\w*|(?:cd)?rbl\b|dnsbl",
    r"spam(?:haus|cop)|barracuda|invaluement|sorbs|uceprotect",
    r"reputation|banned|blocked (?:using|by|for|due|because)|traffic not accepted|abus(?:e|ive)|complaints?|blocked$",
    rf"{_WE} {_SOME}(?:block|bann|suspend|disabled|deactivat|restrict|list|lock|paused|frozen|terminated|limited to)",
    rf"{_OUTGOING} (?:\w+ ){{0,4}}(?:suspend|disabled|block|paused|restrict|not permitted|activity)",
    r"(?:suspend|disabled|block|paused|restrict)\w* (?:\w+ ){0,3}(?:for this account|sending|outgoing|outbound)",
    r"account (?:is |has )?(?:\w+ )?(?:not|un) ?(?:yet )?(?:activ\w+|enabled|confirmed)",
    r"account (?:is |has )?(?:\w+ )?(?:not|un) ?(?:yet )?(?:approved|verified|validated|subscribed)",
    r"(?:activate|verify|confirm|validate) your",
    r"contact (?:your )?(?:support|provider|administrator|us\b)|compromised",
    r"unusual (?:\w+ ){0,3}(?:activity|amount|traffic|volume)",
    r"(?:not|no) (?:longer )?accept\w* (?:\w+ ){0,3}(?:mail |messages? )?from you",
    r"unsolicited (?:mail|e ?mail|messages?) originating|\d blocked see\b",
    r"(?:source|sending|connecting) ip\b|spam source",
    r"(?:mail|access|connections?) from your|your (?:ip|network|server)",
    r"(?:konto|postfach|account|compte|cuenta) (?:\w+ ){0,5}(?:gesperrt|suspendu|bloqu[eé]|bloquead|suspendid|sospeso)",
    r"dmarc|dkim|\bspf\b|unauthenticated|5322 from|required authentication level",
    r"(?:service|system|server) (?:is )?(?:not accepting|currently refus|not available for)",
    r"no smtp service|not configured",
)
_CONTENT = phrases(
    r"\w*spam\w*|virus|malware|phish\w*|content|header|attachment",
    r"url|link|suspicio\w+|message (?:\w+ )?(?:refused|rejected)",
    r"junk|unsolicited|bulk|policy|looks like|bare (?:cr|lf)",
    r"line (?:too )?l(?:ong|ength)|mime|encod\w+|missing|duplicate",
)
_RESTRICTED = phrases(
    r"resolver rst\w*|rst (?:\w+ ){0,2}(?:not|auth)|restrict\w* (?:\w+ ){0,3}(?:recipient|group|sender)",
    r"recipient (?:\w+ ){0,3}(?:not accept|restrict|only accept|block)",
    r"(?:in|on) (?:\w+ ){0,2}recipient s? (?:\w+ )?(?:block|black)",
    r"(?:user|recipient|mailbox) (?:does not|doesn t|do not) (?:want|accept)|members? only|not (?:a )?member",
    r"(?:by|of) (?:the )?(?:receiv\w+ )?(?:recipient|user|subscriber) (?:s )?"
    r"(?:preferences|policy|filter|rule|settings)",
    r"restricted (?:\w+ )?address|(?:recipient|addressee|subscriber) (?:\w+ )?(?:refuses|declines|rejects)",
    r"(?:mailbox|list|group|alias|address|recipient) (?:\w+ )?(?:accepts|takes|receives) (?:\w+ ){0,3}from (?!you)",
    r"(?:recipient|addressee) (?:s )?(?:administrator|organi[sz]ation|server) (?:\w+ ){0,2}(?:block|refus|reject)",
)
_LOOP = phrases(r"too many (?:\w+ )?hops|hop count|maximum hops|(?:mail|routing|forwarding) loop|loops? back")
_PARTS = r"(?:contents?|attachments?|links?|subject|headers?)"
_OF_CONTENT = phrases(
    r"(?:black|block)listed (?:url|link|domain|content)",
    r"(?:url|link|attachment)s? in (?:the |your )?(?:message|mail|body)",
    rf"(?:because|due to|for) (?:of )?(?:its|the|their|your) (?:\w+ ){{0,2}}{_PARTS}\b",
    rf"(?:mail|message) {_PARTS} (?:is |was )?(?:denied|refused|rejected|blocked|not accepted)",
)
"""Names of the part of a message that a filter refused."""
_NAMES_RECIPIENT = phrases(
    r"recipient address rejected|recipient (?:\w+ )?(?:reject|refus|inactive|suppress)",
    r"(?:recipient|rcpt) (?:\w+ ){0,3}inactive",
    r"(?:mailbox|account|user|inbox|address) (?:\w+ ){0,4}(?:disabled|suspended|inactive)",
    r"(?:mailbox|account|user|inbox|address) (?:\w+ ){0,4}(?:unavailable|deactivated|closed|locked)",
    r"(?:mailbox|user|recipient|account) (?:\w+ ){0,2}(?:is )?(?:not |un) ?(?:available|active|accessible|valid|local)",
    r"(?:could not|can ?not|can t) (?:be )?deliver\w* (?:mail |message )?to|your message to\b",
    r"(?:this|the|that) (?:user|recipient|addressee|customer) (?:does not|doesn t|is not|isn t|has no|no longer)",
    r"(?:mailbox|user|recipient|account) not found|(?:user|recipient|addressee) s own (?:\w+ )?(?:filters?|rules?)",
)

_SENDS = phrases(r"(?:for|from|to) send(?:ing)?\b|outgoing|outbound|submission")
_TO_US = phrases(r"your? (?!message|mail|e ?mail)")
_REACHED = phrases(r"(?:that )?you (?:are |were )?(?:tried|trying) to (?:reach|contact) ?")
"""A phrase that Gmail adds to every reply about a recipient."""

_CODES = {
    "1.7": (About.US, Reason.SENDER),
    "1.8": (About.US, Reason.SENDER),
    "1.90": (About.US, Reason.QUOTA),
    "2.2": (About.RECIPIENT, Reason.FULL),
    "2.3": (About.MESSAGE, Reason.SIZE),
    "3.4": (About.MESSAGE, Reason.SIZE),
    "4.5": (About.US, Reason.QUOTA),
    "7.3": (About.US, Reason.LOGIN),
    "7.4": (About.US, Reason.LOGIN),
    "7.8": (About.US, Reason.LOGIN),
    "7.9": (About.US, Reason.LOGIN),
    "7.11": (About.US, Reason.LOGIN),
    "7.14": (About.US, Reason.LOGIN),
    "7.23": (About.US, Reason.REPUTATION),
    "7.25": (About.US, Reason.HELLO),
    "7.26": (About.US, Reason.REPUTATION),
    "7.57": (About.US, Reason.LOGIN),
    "7.60": (About.US, Reason.SENDER),
    "7.139": (About.US, Reason.LOGIN),
}
"""Subject and detail of enhanced codes that are clear without words: RFC 3463, RFC 7372, RFC 4954, and Microsoft's 1.90
(daily limit), 7.57, 7.60, 7.139. 4.5 is Gmail's code of a used-up quota; the RFC calls it congestion.
5.7.5xx and 5.7.7xx are Microsoft's refusals of a tenant or of a server's address."""
_TENANT = re.compile(r"7\.(?:5|6|7)\d\d\Z")
_GROUP = re.compile(r"7\.1(?:2[3-9]|3[0-6])\Z")
"""Microsoft's codes of recipients that accept only some senders."""
_MAILBOX = re.compile(r"2\.[0-4]\Z")
_OF_RECIPIENT = re.compile(r"[12]\.\d{1,3}\Z")
_LOGIN_CODES = frozenset({530, 534, 535, 538})
"""Authentication is required, too weak, wrong, or wanted under TLS (RFC 4954, section 6)."""
_TOO_MUCH, _THROTTLED, _CROWDED, _NOT_LOCAL = 452, 454, 432, 551
_PERMANENT = 500
_NO_DETAIL = "5.1.0"


def refusal(code: int, words: str, asked: Asked) -> Refusal:
    """Return whom a 4xx or 5xx reply to a part of a letter concerns; ``words`` include the enhanced code."""
    said, exact = _REACHED.sub("", plain(words)), exact_code(words)
    detail = exact[2:]
    if code in _LOGIN_CODES and detail != "3.4":  # 534 also means that a message is too large
        return Refusal(About.US, Reason.LOGIN)
    by_words = _of_us_for_now(said) or _of_limits(said, detail) or _of_people(words, said, detail, asked)
    found = by_words or _by_code(code, detail)
    if code < _PERMANENT:
        return _deferral(code, said, detail, found, asked)
    if found is not None:
        return found
    return _unexplained(code, said, exact, asked)


def of_us(words: str) -> Reason | None:
    """Return why the relay refuses us before any letter, by the text of its reply; None when the text does not say."""
    said = plain(words)
    families = {Reason.CONNECTIONS: _CONNECTIONS, Reason.QUOTA: _LONG_QUOTA, Reason.RATE: _RATE, Reason.HELLO: _HELLO}
    return next((reason for reason, family in families.items() if family.search(said)), None)


def _of_us_for_now(said: str) -> Refusal | None:
    """Return the meaning of a reply about this connection, or about the number of connections; else None."""
    if _RECIPIENT_RATE.search(said):
        return Refusal(About.NOW, Reason.GREYLIST)
    if _SESSION.search(said) and not _PERIODS.search(said):
        return Refusal(About.NOW, Reason.SESSION)
    return Refusal(About.NOW, Reason.CONNECTIONS) if _CONNECTIONS.search(said) else None


_PERIODS = phrases(_PERIOD)


def _of_limits(said: str, detail: str) -> Refusal | None:
    """Return the meaning of a reply about a limit: of the mailbox, the message, our account, or our pace; else None."""
    if _SIZE.search(said):
        return Refusal(About.MESSAGE, Reason.SIZE)
    if found := _of_mailbox(said, detail):
        return found
    if _LONG_QUOTA.search(said):
        return Refusal(About.US, Reason.QUOTA)
    if _GREYLIST.search(said):
        return Refusal(About.NOW, Reason.GREYLIST, wait=_wait(said))
    if _RATE.search(said):
        return Refusal(About.NOW, Reason.RATE)
    return Refusal(About.US, Reason.QUOTA) if _OUR_QUOTA.search(said) else None


_SENDING_QUOTA = phrases(_OUTGOING, _PERIOD, rf"{_OVER} (?:\w+ )?(?:your|the) {_SOME}(?:message|mail) (?:limit|quota)")


def _of_mailbox(said: str, detail: str) -> Refusal | None:
    """Return the meaning of a reply about the recipient's mailbox, or about a mail loop on the way to it; else None."""
    if _LOOP.search(said):
        return Refusal(About.RECIPIENT, Reason.UNEXPLAINED)
    full = _STORAGE.search(said) or detail == "2.2"
    return Refusal(About.RECIPIENT, Reason.FULL) if full and not _SENDING_QUOTA.search(said) else None


def _of_people(words: str, said: str, detail: str, asked: Asked) -> Refusal | None:
    """Return the meaning of a refusal that names recipient, content or sender. Unambiguous wording is tested first."""
    if found := _of_recipient(said, detail):
        return Refusal(About.RECIPIENT, Reason.GONE) if _is_gone(words, asked) else found
    if _OF_CONTENT.search(said):
        return Refusal(About.MESSAGE, Reason.CONTENT)
    if _SENDER.search(said):
        return Refusal(About.US, Reason.SENDER)
    return Refusal(About.RECIPIENT, Reason.GONE) if _is_gone(words, asked) else _of_us(said)


def _is_gone(words: str, asked: Asked) -> bool:
    """Return whether a bounce with this text would mean that the address does not exist."""
    quoted = Quoted.RECIPIENT if asked is Asked.RECIPIENT else Quoted.DATA
    return asked is not Asked.SENDER and diagnose(words, stage=quoted).kind is Kind.HARD


def _of_recipient(said: str, detail: str) -> Refusal | None:
    if _RESTRICTED.search(said) or _GROUP.match(detail) or (_MAILBOX.match(detail) and not _SENDS.search(said)):
        return Refusal(About.RECIPIENT, Reason.UNEXPLAINED)
    return None


def _of_us(said: str) -> Refusal | None:
    names_recipient = _NAMES_RECIPIENT.search(said)
    for reason, family in (
        (Reason.SENDER, _IDENTITY),
        (Reason.HELLO, _HELLO),
        (Reason.LOGIN, _LOGIN),
        (Reason.REPUTATION, _REPUTATION),
    ):
        found = family.search(said)
        theirs = names_recipient and found and names_recipient.start() <= found.start() and reason is not Reason.LOGIN
        if found and not (theirs and not _SENDS.search(said) and not _TO_US.search(said)):
            return Refusal(About.US, reason)
    return None


def _by_code(code: int, detail: str) -> Refusal | None:
    if detail in _CODES:
        about, reason = _CODES[detail]
        return Refusal(about, reason)
    if _TENANT.match(detail) and code >= _PERMANENT:
        return Refusal(About.US, Reason.REPUTATION)
    return None


def _deferral(code: int, said: str, detail: str, found: Refusal | None, asked: Asked) -> Refusal:
    """Return the meaning of a 4xx reply: about us or our pace, or else about one letter that may pass later."""
    too_much = code == _TOO_MUCH and asked is not Asked.CONTENT and not detail.startswith("2.")
    if too_much and (found is None or found.reason is Reason.RATE):
        return Refusal(About.NOW, Reason.SESSION)
    if found is not None and found.about in {About.US, About.NOW}:
        return found
    if found is None and code == _THROTTLED:
        return Refusal(About.NOW, Reason.RATE)
    if found is None and code == _CROWDED:
        return Refusal(About.NOW, Reason.CONNECTIONS)
    return Refusal(About.NOW, Reason.GREYLIST, certain=found is not None, wait=_wait(said))


def _unexplained(code: int, said: str, exact: str, asked: Asked) -> Refusal:
    """Return the meaning of a 5xx reply with unknown wording, by its code and by the command that it answered."""
    if asked is Asked.SENDER:
        return Refusal(About.US, Reason.SENDER, certain=False)
    of_recipient = _OF_RECIPIENT.match(exact[2:]) and exact != _NO_DETAIL
    if of_recipient or code == _NOT_LOCAL or _NAMES_RECIPIENT.search(said):
        return Refusal(About.RECIPIENT, Reason.UNEXPLAINED)
    if asked is Asked.RECIPIENT:
        return Refusal(About.RECIPIENT, Reason.UNEXPLAINED, certain=False)
    reason = Reason.CONTENT if _CONTENT.search(said) else Reason.UNEXPLAINED
    return Refusal(About.MESSAGE, reason, certain=False)


def _wait(said: str) -> timedelta | None:
    """Return the pause that a server asks for, as in ``greylisted for 300 seconds`` or ``try again in 00:04:59``."""
    found = _WAIT.search(said)
    if found is None:
        return None
    hours, minutes, seconds, number, unit = found.groups()
    if number is None:
        return timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds))
    return timedelta(seconds=int(number) * (60 if unit.startswith("min") else 1))
