"""Recognises reports, receipts, automatic answers and requests to leave by features of the mail."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from urllib.parse import unquote

from digest.readers.mime import Header, Part, decoded, parameter
from digest.readers.notification import first_address, quotes_reply
from digest.text.link_remains import without_quoting

_SPELLED = r"(l[a-z0-9_-]{1,32}\.[0-9a-f]{1,16}\.[a-z2-7]{24})"
_ALL = r"(?:[\W_]{0,5}(all)(?=\s*(?:$|[^\w\s])))?"
_LEAVE = (
    re.compile(rf"leave[\s\W_]{{0,3}}{_SPELLED}{_ALL}", re.IGNORECASE | re.ASCII),
    re.compile(rf"(?<![a-z0-9]){_SPELLED}{_ALL}", re.IGNORECASE | re.ASCII),
)
"""The token in the subject of a mail that asks to leave: after "leave" or alone, then "all" to leave all letters.

``render.links.leave_links`` makes such subjects. The token alone proves the request, so text that gateways, filters and
mail programs add around it is ignored.
"""

_UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_WISHES = (
    "unsubscribe|leave|stop|remove|opt[ -]?out|take me off|cancel(?: (?:my|the|this))? (?:subscription|newsletter)"
    "|abmelden|abmeldung|abbestellen|abbestellung|austragen|(?:newsletter|abo) (?:kündigen|abbestellen|stornieren)"
    "|désabonner|désinscrire|désinscription|désabonnement|(?:se|me) (?:désabonner|désinscrire)"
    "|cancelar|cancelación|baja|darse de baja|darme de baja|desuscribir(?:me)?"
    "|cancella|cancellami|cancellazione|disiscrivi(?:mi)?|disiscrizione|disdici|afmelden|afmelding|uitschrijven"
    "|descadastrar|descadastre|cancelar inscrição|wypisz|wypisanie|rezygnuję|rezygnacja"
    "|avsluta|avregistrera|avprenumerera|afmeld|frameld|meld meg av|avslutt|avmeld|peruuta|lopeta"
    "|отписаться|отписка|отпишите|відписатися|відписка|odhlásit|odhlásiť|leiratkozás|leiratkozom|dezabonare|dezabonează"
    "|διαγραφή|κατάργηση εγγραφής|abonelikten ç\u0131k|aboneliği iptal et|abonelik iptali"
    "|退订|退訂|取消订阅|取消訂閱|配信停止|配信解除|登録解除|購読解除|退会|구독 ?취소|구독 ?해지|수신 ?거부"
    "|إلغاء الاشتراك|الغاء الاشتراك|لغو اشتراک|ביטול מנוי|הסר(?:ה)?|ยกเลิกการสมัคร|ยกเลิกการรับข่าวสาร|सदस्यता समाप्त|हटाएं"
    "|hủy đăng ký|berhenti berlangganan"
)
_POLITE = (
    "please|bitte|s'il vous plaît|svp|por favor|per favore|alstublieft|me|mich|moi|mnie|mig|prenumeration(?:en)?|tilaus"
    "|suscripción|assinatura|inscrição|abonnement|newsletter|from|of|your|this|the|list|mailing"
)
"""Words that people add to the wish to leave, without changing it."""
_WISH = re.compile(
    rf"^\s*(?:\w{{1,4}}[:\uff1a]\s*|\[[^\]]{{1,40}}\]\s*)*(?:(?:{_POLITE})[\s,]+){{0,2}}(?:{_WISHES})"
    rf"(?:[\s,]+(?:{_POLITE})){{0,5}}\W*$",
    re.IGNORECASE,
)

_DAEMON = re.compile(r"mailer[- ]?daemon|post.?master|mail delivery (?:sub)?system|mail-daemon", re.IGNORECASE)
_SUBJECT = re.compile(
    r"undeliver|returned mail|could not be delivered|non.?deliver|not delivered|delivery report|error sending your mail"
    r"|(?:delivery|failure|mail|message)[\w -]{0,30}(?:fail|error|notice|notification|delay|status)"
    r"|(?:nicht zustell|unzustell)bar|non remis|non recapitabile|mail system error|message you sent blocked",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"(?:could|can|was|were|did) ?no?t (?:be )?(?:deliver|reach)|(?:un|not )able to deliver|undeliver"
    r"|deliver\w* (?:has )?fail|permanent(?:ly)? (?:fail|error)|fail\w* (?:to|permanent)|errors? occurred while"
    r"|following (?:address|recipient)(?:es|s)?(?:\(e?s\))? (?:fail|had)"
    r"|nicht (?:zugestellt|zustellbar|ausgeliefert)|unzustellbar|niet (?:bezorgd|afgeleverd)"
    r"|n.a (?:pas )?(?:pu|été) (?:pas )?(?:être )?(?:remis|distribu|délivr)|impossible de (?:remettre|délivrer)"
    r"|no (?:se )?(?:ha )?(?:podido|pudo|fue|puede) (?:ser )?entrega|não (?:pôde|pode|foi) (?:ser )?entreg"
    r"|non (?:è stato |può essere )?(?:consegnat|recapitat)|impossibile (?:consegnare|recapitare)"
    r"|не (?:удалось|может быть|было|была?) ?доставл|недоставлен"
    r"|(?:配信|配送|送信|送達|お届け)(?:でき|不能|に失敗)|届け(?:られ|でき)ま"
    r"|(?:无法|未能)(?:投递|送达|发送)|(?:投递|发送)失败|退信|반송|전송 실패",
    re.IGNORECASE,
)
_WAITING = re.compile(
    r"warning message only|has been delayed|is delayed|will be retried|(?:still|keep) (?:re)?trying"
    r"|delivery.{0,20}delayed|only a temporary failure|delivery attempts will continue|not yet been delivered"
    r"|verzögert|noch nicht zugestellt|weiter(?:hin)? versucht|(?:remise|livraison).{0,40}(?:différée|retardée)"
    r"|nouvelles tentatives|(?:entrega|envío).{0,30}(?:retras|demora|atras)|se seguirá intentando|consegna.{0,30}ritard"
    r"|доставка.{0,40}(?:задерж|отложен)|配(?:送|信)(?:が|は)?(?:遅延|遅れ)|再送を(?:試|続)|(?:投递|发送)(?:被)?延迟|继续(?:尝试|重试)",
    re.IGNORECASE,
)
_ARRIVED = re.compile(
    r"(?:has been|was|were) (?:successfully )?(?:delivered|relayed)|success\w* deliver|delivery (?:was )?success"
    r"|(?:has been|was) forwarded|wurde (?:weitergeleitet|zugestellt)|a été (?:retransmis|remis|transféré)"
    r"|(?:ha sido|fue) (?:reenviado|entregado)|foi (?:encaminhad|entregue)|è stat[oa] (?:inoltrat|consegnat)"
    r"|(?:было|успешно) (?:переслано|доставлено)|\(success\)|\(relay\)|(?:return|read|delivery) receipt"
    r"|(?:was|has been) (?:opened|read|displayed)\b",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"^\s*(?:auto(?:mat\w*)?[ -]?(?:reply|response|respons|antwort)|out of (?:the )?office|away from|abwesen"
    r"|réponse automatique|absen(?:t|ce)\b|respuesta autom"
    r"|fuera de (?:la )?oficina|risposta automatica|fuori (?:sede|ufficio)"
    r"|resposta autom|ausen(?:te|cia|ência)\b|automatisch antwoord|afwezig|autosvar|frånvaro"
    r"|автоответ|автоматический ответ"
    r"|自動(?:応答|返信)|不在|自动(?:回复|答复)|자동 ?응답|부재)",
    re.IGNORECASE,
)
_PASSED_ON = re.compile(
    r"^\s*(?:re|fwd?|aw|wg|tr|rv|sv|vs|ynt|antw|odp|回复|转发|返信|転送)\s*(?:\[\d{1,3}\])?\s*[:\uff1a]", re.IGNORECASE
)
"""The beginning of a subject when a person answers or forwards."""
_LIST_FIELDS = ("list-id", "list-unsubscribe", "list-post")
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
    """Return whether a mail is a disposition notification (RFC 8098): the letter arrived, and was shown or deleted."""
    kind = parameter(header.get("content-type"), "report-type").lower()
    return kind == "disposition-notification" or any(p.kind == "message/disposition-notification" for p in parts)


def is_report(header: Header) -> bool:
    """Return whether a mail server sent this mail to return a letter."""
    kind = parameter(header.get("content-type"), "report-type").lower()
    return kind == "delivery-status" or "x-failed-recipients" in header or bool(_DAEMON.search(header.get("from")))


def is_answer(header: Header) -> bool:
    """Return whether a program answered for a person: by its header fields (RFC 3834, section 5) or its subject."""
    automatic = header.get("auto-submitted").lower()
    return (
        (bool(automatic) and not automatic.startswith("no"))
        or header.get("precedence").lower() in {"auto_reply", "auto-reply"}
        or any(name in header for name in _ANSWER_FIELDS)
        or is_absence(header)
    )


def is_absence(header: Header) -> bool:
    """Return whether a mail has the subject of an automatic answer.

    Some programs send such answers as the postmaster.
    """
    return bool(_ANSWER.match(decoded(header.get("subject"))))


def leave_token(header: Header, text: str) -> tuple[str, bool]:
    """Return the possible token of a mail that asks to leave, and whether it asks to leave all letters.

    Without a token, the result is an empty text and False. The token is in a subject, or alone in the first line of the
    text, where somebody pasted it. In a subject it may be split by a line fold, escaped as in a URL or in HTML, or
    contain invisible characters.
    """
    first = next(filter(None, map(str.strip, text.splitlines())), "")
    for subject in map(decoded, header.all("subject")):
        seen = _UNSEEN.sub("", html.unescape(unquote(without_quoting(subject))))
        for spelled in (seen, _whole(seen)):
            if found := next(filter(None, (form.search(spelled) for form in _LEAVE)), None):
                return found[1], bool(found[2])
    pasted = next(filter(None, (form.fullmatch(first) for form in _LEAVE)), None)
    return (pasted[1], bool(pasted[2])) if pasted else ("", False)


def _whole(subject: str) -> str:
    """Return a subject without blanks, except before the word that asks for all letters."""
    return re.sub(r"\s+(?!all\b)", "", subject, flags=re.IGNORECASE)


def asks_to_leave(header: Header, token: str) -> bool:
    """Return whether a mail asks to leave: it has a ``token``, or its subject contains nothing but this wish."""
    return bool(token or _WISH.match(decoded(header.get("subject")))) or "x-apple-unsubscribe" in header


def is_about_a_letter(header: Header, text: str, *, holds_letter: bool) -> bool:
    """Return whether a mail server's mail is about a letter: it reports a failure, or quotes or contains the letter."""
    subject = decoded(header.get("subject"))
    return holds_letter or bool(_SUBJECT.search(subject) or _FAILED.search(f"{subject}\n{text}")) or quotes_reply(text)


def looks_returned(header: Header, text: str, *, holds_letter: bool) -> bool:
    """Return whether a mail is a bounce although its sender is not named like a mail server.

    It needs words of failure, and a server's reply or the letter itself. Bounces have no envelope sender (RFC 5321,
    4.5.5), so a mail with one is not a bounce. If the envelope is unknown, the mail must contain the letter. If the
    envelope sender is empty, it is enough that subject and text report a failure and name an address. Mails of mailing
    lists, and answers and forwards by people, only quote a bounce.
    """
    subject, path = decoded(header.get("subject")), header.get("return-path").strip()
    if _PASSED_ON.match(subject) or any(name in header for name in _LIST_FIELDS):
        return False
    if path.strip("<> ") and not _DAEMON.search(path):
        return False
    named, fails = _SUBJECT.search(subject), _FAILED.search(f"{subject}\n{text}")
    if holds_letter or (path and quotes_reply(text)):
        return bool(named or fails)
    return bool(path and named and fails and first_address(text))


def is_warning(subject: str, text: str) -> bool:
    """Return whether a report that is only text says that the letter is delayed."""
    return bool(_WAITING.search(text)) or bool(re.search(r"delay|warning", subject, re.IGNORECASE))


def is_success(subject: str, text: str) -> bool:
    """Return whether a report that is only text says that the letter was delivered."""
    return bool(_ARRIVED.search(f"{subject}\n{text}")) and not _FAILED.search(text)
