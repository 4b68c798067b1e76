from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from digest.readers.bounces import read_bounce
from digest.readers.events import LONGEST_TEXT, MOST_PEOPLE
from digest.text.bounce_codes import Kind, Stage, diagnose

MAILS = sorted((Path(__file__).parent / "mails").glob("*.eml"))
TOKEN = "bk1.2a.abcdefghijklmnopqrstuvwx"
LETTER = "abcdefghijklmnopqrstuvwx@letters.example"


def dsn(
    *groups: str, text: str = "Your letter came back.", original: str = f"Message-ID: <{LETTER}>\nSubject: Tuesday\n"
) -> bytes:
    parts = "\n".join(groups)
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.reader.example (Mail Delivery System)
To: b-{TOKEN}@letters.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="a/b"

--a/b
Content-Type: text/plain; charset=us-ascii

{text}

--a/b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.reader.example

{parts}
--a/b
Content-Type: message/rfc822

{original}
--a/b--
""".encode()


def group(diagnostic: str, status: str = "5.0.0", recipient: str = "ada@reader.example", action: str = "failed") -> str:
    return (
        f"Final-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; {diagnostic}\n"
    )


def plain(text: str, header: str = "From: MAILER-DAEMON@mx.example\nSubject: failure notice\n") -> bytes:
    return f"{header}\n{text}".encode()


def complaint(kind: str = "abuse") -> bytes:
    return f"""From: reports@provider.example
To: b-{TOKEN}@letters.example
Subject: FW: Tuesday
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary=cut

--cut
Content-Type: text/plain

A reader called this junk. The user is unknown to us.
--cut
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Provider/1
Original-Mail-From: <b-{TOKEN}@letters.example>
Original-Rcpt-To: <ada@reader.example>

--cut
Content-Type: message/rfc822

Message-ID: <{LETTER}>
Subject: Tuesday

Hello.
--cut--
""".encode()


@pytest.mark.parametrize("mail", MAILS, ids=lambda path: path.stem)
def test_a_receipt_or_an_answer_by_a_program_takes_nobody_off(mail: Path) -> None:
    read = read_bounce(mail.read_bytes())
    assert read.kind.value == mail.stem.split("-")[0]
    assert {bounce.kind for bounce in read.bounces} == {read.kind}


def test_there_are_twenty_of_them() -> None:
    assert len(MAILS) >= 20


def test_a_delivery_report_names_recipient_code_words_letter_and_token() -> None:
    read = read_bounce(dsn(group("550 5.1.1 <ada@reader.example>: User unknown\n in table", "5.1.1")))
    (bounce,) = read.bounces
    assert (read.kind, bounce.recipient, bounce.status) == (Kind.HARD, "ada@reader.example", "5.1.1")
    assert bounce.words == "550 5.1.1 <ada@reader.example>: User unknown in table"
    assert read.message_id == LETTER
    assert read.tokens == (TOKEN,)


def test_a_report_to_an_address_with_the_token_behind_a_plus_names_the_letter() -> None:
    raw = dsn(group("550 5.1.1 no such user", "5.1.1")).replace(b"b-" + TOKEN.encode(), b"news+" + TOKEN.encode())
    assert read_bounce(raw).tokens == (TOKEN,)


def test_each_recipient_is_judged_alone_and_the_gravest_names_the_mail() -> None:
    full = group("552 5.2.2 Mailbox full", "5.2.2", "ben@reader.example")
    gone = group("550 5.1.1 no such user", "5.1.1", "eve@reader.example")
    here = group("250 ok", "2.1.5", "ada@reader.example", "delivered")
    read = read_bounce(dsn(here, full, gone))
    assert [(b.recipient, b.kind) for b in read.bounces] == [
        ("ada@reader.example", Kind.DELIVERED),
        ("ben@reader.example", Kind.SOFT),
        ("eve@reader.example", Kind.HARD),
    ]
    assert read.kind is Kind.HARD


@pytest.mark.parametrize(
    ("words", "status", "kind"),
    [
        ("550 5.1.1 User unknown", "5.1.1", Kind.HARD),
        ("550 5.1.6 recipient no longer on server", "", Kind.HARD),
        ("556 5.1.10 recipient domain has null MX", "", Kind.HARD),
        ("Host or domain name not found. Name service error: Host not found", "5.4.4", Kind.HARD),
        ("Name service error: Host not found, try again", "4.4.3", Kind.SOFT),
        ("552 5.2.2 Mailbox is full", "5.2.2", Kind.SOFT),
        ("552 5.1.1 mailbox is over quota", "5.1.1", Kind.SOFT),
        ("550 5.7.1 Message rejected as spam", "5.7.1", Kind.SOFT),
        ("550 5.1.1 blocked using a list", "5.1.1", Kind.SOFT),
        ("550 5.7.26 does not pass DMARC", "5.7.26", Kind.SOFT),
        ("553 5.1.8 Domain of sender address does not exist", "5.1.8", Kind.SOFT),
        ("450 4.1.1 User unknown in virtual alias table", "4.1.1", Kind.SOFT),
        ("delivery temporarily suspended: connection timed out", "4.4.1", Kind.SOFT),
        ("554 4.4.7 Message expired", "5.4.7", Kind.SOFT),
        ("550 5.2.1 The account is disabled", "5.2.1", Kind.SOFT),
        ("550 5.4.1 Recipient address rejected: Access denied. [x.prod.outlook.com]", "5.4.1", Kind.HARD),
        ("554 transaction failed", "5.0.0", Kind.SOFT),
        ("550 5.1.1 recipient rejected: you are on our deny list", "5.1.1", Kind.SOFT),
        ("550 5.1.1 Message refused by local rules", "5.1.1", Kind.SOFT),
        ("550 5.4.4 connection to the host could not be made", "5.4.4", Kind.SOFT),
        ("550 5.1.1 Mail rejected: your domain is on hold", "5.1.1", Kind.SOFT),
        ("550 5.1.1 Account under maintenance", "5.1.1", Kind.SOFT),
        ("451 5.1.1 user unknown", "5.1.1", Kind.SOFT),
        ("554 5.4.4 unrouteable sender address", "5.4.4", Kind.SOFT),
        ("550 5.1.1 maximum number of recipients exceeded", "5.1.1", Kind.SOFT),
        ("550 5.1.1 Requested action aborted: local error", "5.1.1", Kind.SOFT),
        ("", "", Kind.SOFT),
    ],
)
def test_only_words_about_the_address_are_hard(words: str, status: str, kind: Kind) -> None:
    assert diagnose(words, status).kind is kind


@pytest.mark.parametrize(
    ("stage", "kind"), [(Stage.RECIPIENT, Kind.HARD), (Stage.DATA, Kind.SOFT), (Stage.UNKNOWN, Kind.SOFT)]
)
def test_user_unknown_without_a_code_counts_where_a_server_speaks_of_the_address(stage: Stage, kind: Kind) -> None:
    assert diagnose("550 User unknown", "5.0.0", stage).kind is kind


@pytest.mark.parametrize(
    "words",
    [
        "550 5.1.1 <spam-quota-full@policy.example>: User unknown",
        "host relay.spamfilter.example[192.0.2.1] said: 550 5.1.1 User unknown, see https://x.example/blocked",
    ],
)
def test_what_hosts_and_addresses_are_called_says_nothing(words: str) -> None:
    assert diagnose(words).kind is Kind.HARD


def test_the_command_of_a_refusal_is_read_from_the_text_of_the_report() -> None:
    said = "<ada@reader.example>: host mx.example said: 550 User unknown (in reply to {} command)"
    for command, kind in (("RCPT\n    TO", Kind.HARD), ("end of DATA", Kind.SOFT)):
        assert read_bounce(dsn(group("550 User unknown"), text=said.format(command))).kind is kind


def test_a_transcript_of_commands_sent_together_shows_that_the_recipient_was_refused() -> None:
    session = ">>> DATA\n<<< 550 Invalid recipient\n550 5.1.1 <ada@reader.example>... User unknown\n<<< {}\n"
    for end, kind in (("503 no valid recipients", Kind.HARD), ("221 bye", Kind.SOFT)):
        assert read_bounce(dsn(group("550 Invalid recipient"), text=session.format(end))).kind is kind


def test_an_old_server_that_sends_no_fields_is_understood() -> None:
    read = read_bounce(
        plain(
            "Hi. I'm afraid I wasn't able to deliver your message to the following addresses.\n\n"
            "<ada@reader.example>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 no such user\n"
            "Giving up on 192.0.2.1.\n\n<ben@reader.example>:\n192.0.2.1 failed after I sent the message.\n"
            "Remote host said: 554 rejected as spam\n\n--- Below this line is a copy of the message.\n\n"
            f"Return-Path: <b-{TOKEN}@letters.example>\nMessage-ID: <{LETTER}>\nSubject: user unknown\n"
        )
    )
    assert [(b.recipient, b.kind) for b in read.bounces] == [
        ("ada@reader.example", Kind.HARD),
        ("ben@reader.example", Kind.SOFT),
    ]
    assert (read.message_id, read.tokens) == (LETTER, (TOKEN,))


AFTER_RCPT = (
    "SMTP error from remote mail server after RCPT TO:<ada@reader.example>:\n    host mx.reader.example [192.0.2.1]: "
)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (AFTER_RCPT + "550 5.1.1 <ada@reader.example>:\n    User unknown in virtual mailbox table", Kind.HARD),
        (AFTER_RCPT + "550 No such user here", Kind.HARD),
        (AFTER_RCPT + "550 5.1.0 Address rejected", Kind.HARD),
        (AFTER_RCPT + "550 5.7.1 Unable to relay", Kind.SOFT),
        (AFTER_RCPT + "550 Sender verify failed", Kind.SOFT),
        ("SMTP error from remote mail server after end of data:\n    host mx: 550 User unknown", Kind.SOFT),
        ("Unrouteable address", Kind.HARD),
        ("all relevant MX records point to non-existent hosts", Kind.HARD),
        ('unknown local-part "ada" in domain "reader.example"', Kind.HARD),
        ("retry timeout exceeded", Kind.SOFT),
        ("mailbox is full", Kind.SOFT),
        ("host mx.reader.example [192.0.2.1]: Connection refused", Kind.SOFT),
    ],
)
def test_a_report_in_sentences_is_understood(words: str, kind: Kind) -> None:
    text = (
        f"A message that you sent could not be delivered. This address failed:\n\n  ada@reader.example\n    {words}\n"
    )
    letter = "\n------ This is a copy of the message, including all the headers. ------\n\nReturn-path: <x@y.example>\n"
    read = read_bounce(plain(text + letter))
    assert (read.kind, read.bounces[0].recipient) == (kind, "ada@reader.example")


@pytest.mark.parametrize(
    ("words", "status", "kind"),
    [
        ("550 5.0.350 Remote server returned an error -> 550 5.1.1 user unknown", "5.0.350", Kind.HARD),
        ("550 5.4.310 DNS domain reader.example does not exist", "5.4.310", Kind.HARD),
        ('DNS type "mx" lookup of reader.example responded with code NXDOMAIN', "4.0.0", Kind.SOFT),
        ('DNS type "mx" lookup of reader.example responded with code SERVFAIL', "4.4.1", Kind.SOFT),
        ("Host unknown", "5.1.2", Kind.HARD),
        ("550 5.1.6 User has moved", "", Kind.HARD),
    ],
)
def test_the_most_exact_of_several_codes_counts(words: str, status: str, kind: Kind) -> None:
    assert diagnose(words, status).kind is kind


def test_what_the_letter_itself_says_is_not_what_the_server_says() -> None:
    letter = "\n--- Below this line is a copy of the message.\n\n550 5.1.1 user unknown\n"
    assert read_bounce(plain("<ada@reader.example>:\n452 4.2.2 try later\n" + letter)).kind is Kind.SOFT
    letter = f"Message-ID: <{LETTER}>\nSubject: x\n\n550 5.1.1 <ada@reader.example>: user unknown\n"
    assert read_bounce(dsn(group("452 4.2.2 full", "4.2.2"), original=letter)).kind is Kind.SOFT


def test_a_warning_is_no_bounce_yet() -> None:
    assert read_bounce(dsn(group("450 4.2.2 Mailbox full", "4.2.2", action="delayed"))).kind is Kind.DELAYED
    assert read_bounce(plain("THIS IS A WARNING MESSAGE ONLY.\n\n<ada@reader.example>: timeout")).kind is Kind.DELAYED


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("THIS IS A WARNING MESSAGE ONLY.\n\n<ada@reader.example>: timeout", Kind.DELAYED),
        ("Your message was successfully delivered to <ada@reader.example>", Kind.DELIVERED),
    ],
)
def test_a_warning_or_a_success_in_words_names_whom_its_header_names_or_its_text(words: str, kind: Kind) -> None:
    (told,) = read_bounce(plain(words)).bounces
    assert (told.kind, told.recipient) == (kind, "ada@reader.example")
    named = b"X-Failed-Recipients: ben@reader.example, cyd@reader.example\n" + plain(words)
    (first,) = read_bounce(named).bounces
    assert (first.kind, first.recipient) == (kind, "ben@reader.example")


@pytest.mark.parametrize("kind", ["abuse", "fraud", "opt-out", "auth-failure"])
def test_a_complaint_says_of_which_type_it_is(kind: str) -> None:
    read = read_bounce(complaint(kind))
    (bounce,) = read.bounces
    assert (read.kind, bounce.recipient, bounce.reason) == (Kind.COMPLAINT, "ada@reader.example", kind)
    assert (read.message_id, read.tokens) == (LETTER, (TOKEN,))


def test_not_junk_is_no_complaint() -> None:
    assert read_bounce(complaint("not-spam")).kind is Kind.OTHER


def test_amazons_notices_are_read_with_or_without_their_envelope() -> None:
    bounced = (
        '{"notificationType": "Bounce", "bounce": {"bouncedRecipients": [{"emailAddress": "ada@reader.example",'
        ' "action": "failed", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown"}]},'
        f' "mail": {{"source": "b-{TOKEN}@letters.example", "commonHeaders": {{"messageId": "<{LETTER}>"}}}}}}'
    )
    wrapped = '{"Type": "Notification", "Message": ' + '"' + bounced.replace('"', '\\"') + '"}\n--\nfooter'
    for body in (bounced, wrapped):
        read = read_bounce(plain(body, "From: notices@amazon.example\nSubject: Notice\n"))
        assert (read.kind, read.bounces[0].recipient) == (Kind.HARD, "ada@reader.example")
        assert (read.message_id, read.tokens) == (LETTER, (TOKEN,))


@pytest.mark.parametrize(
    ("subject", "token", "everything"),
    [
        ("leave-lk1.2a.abcdefghabcdefghabcdefgh", "lk1.2a.abcdefghabcdefghabcdefgh", False),
        ("Re: leave-lk1.2a.abcdefghabcdefghabcdefgh all", "lk1.2a.abcdefghabcdefghabcdefgh", True),
        ("Unsubscribe", "", False),
    ],
)
def test_a_mail_that_asks_to_leave_is_heard(subject: str, token: str, *, everything: bool) -> None:
    read = read_bounce(plain("", f"From: Ada <ada@reader.example>\nAuto-Submitted: auto-replied\nSubject: {subject}\n"))
    assert (read.kind, read.leave_token, read.leave_all) == (Kind.LEAVE, token, everything)
    assert read.bounces[0].recipient == "ada@reader.example"


@pytest.mark.parametrize("subject", ["Hello", "How do I leave the house?", "Please stop the war"])
def test_a_persons_mail_is_nothing_of_these(subject: str) -> None:
    mail = plain("I could not reach you by phone.", f"From: Ada <ada@reader.example>\nSubject: {subject}\n")
    assert read_bounce(mail).kind is Kind.OTHER


def test_a_relay_that_renamed_the_boundary_is_understood() -> None:
    mail = dsn(group("550 5.1.1 user unknown", "5.1.1")).replace(b'boundary="a/b"', b'boundary="c/d"')
    assert read_bounce(mail).kind is Kind.HARD


def test_a_report_that_was_forwarded_whole_is_read() -> None:
    inner = dsn(group("550 5.1.1 user unknown", "5.1.1")).decode()
    head = "From: postmaster@gate.example\nContent-Type: multipart/mixed; boundary=outer\n\n"
    mail = f"{head}--outer\n\nForwarded.\n--outer\nContent-Type: message/rfc822\n\n{inner}\n--outer--\n"
    read = read_bounce(mail.encode())
    assert (read.kind, read.message_id) == (Kind.HARD, LETTER)


_PIECES = st.sampled_from(
    [
        *(dsn(group("550 5.1.1 user unknown", "5.1.1")).splitlines(keepends=True)),
        *(complaint().splitlines(keepends=True)),
        b"Content-Type: text/plain; charset=utf-7\n",
        b"Content-Type: text/plain; charset=idna\n",
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Transfer-Encoding: quoted-printable\n",
        b"Subject: =?utf-8?b?////?= =?x?q?=?=\n",
        b"\n",
        b"\xff\xfe\x00\n",
        b'{"notificationType": "Bounce", "bounce": {"bouncedRecipients": [1, {}]}}\n',
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(_PIECES | st.binary(max_size=40), max_size=60).map(b"".join))
@example(b'Content-Type: text/plain\n\n{"Message": ' + b"[" * 100_000)
@example(b"Content-Type: multipart/mixed; boundary=\n\n--\nContent-Type: a\n")
def test_any_bytes_are_read(raw: bytes) -> None:
    read = read_bounce(raw)
    assert read.bounces
    assert all(len(bounce.words) <= 300 and bounce.words.isprintable() for bounce in read.bounces)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        *((body, b"text/plain") for body in (b"-", b" ", b"*= ", b"a@", b"user ", b"A-B: c\n c\n", b"550 ", b"\t*>")),
        *((body, b"text/html") for body in (b"<a ", b"<!--", b"a@b.example\n")),
        *((body, b"multipart/mixed; boundary=a") for body in (b"--a\n", b"-", b"--b\nContent-\n")),
    ],
)
def test_a_hostile_mail_of_two_megabytes_takes_no_longer(body: bytes, kind: bytes) -> None:
    raw = b"From: MAILER-DAEMON@x.example\nContent-Type: " + kind + b"\n\n" + body * (2_000_000 // len(body))
    started = time.process_time()
    read = read_bounce(raw)
    assert len(read.bounces) <= 50
    assert time.process_time() - started < 2


def test_nested_parts_and_long_headers_end_somewhere() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(20_000))
    for raw in (nested, b"To: " + b"b-x@," * 400_000, b"A: b\n" * 400_000):
        assert len(read_bounce(raw).tokens) <= 20


def event(nature: str, detail: str = "General", **person: str) -> str:
    told = {
        "bounceType": nature,
        "bounceSubType": detail,
        "bouncedRecipients": [{"emailAddress": "a@p.example"} | person],
    }
    return json.dumps({"notificationType": "Bounce", "bounce": told, "mail": {"source": "b-x@p.example"}})


@pytest.mark.parametrize("around", ["From: n@sns.example\nSubject: Event\n\n{}\n--\nbye\n", "{}", "\n {}"])
@pytest.mark.parametrize(
    ("posted", "kind"),
    [
        (event("Permanent", "NoEmail"), Kind.HARD),
        (event("Permanent", "OnAccountSuppressionList", status="5.1.1", diagnosticCode="it is on a list"), Kind.HARD),
        (event("Transient"), Kind.VACATION),
        (event("Undetermined", "Undetermined"), Kind.VACATION),
        (event("Transient", "MailboxFull"), Kind.SOFT),
        (event("Transient", "General", status="4.2.2", diagnosticCode="smtp; 452 4.2.2 full"), Kind.SOFT),
        (event("Transient", "General", status="4.2.2"), Kind.SOFT),
        (event("Transient", "General", diagnosticCode="smtp; 452 4.2.2 mailbox full"), Kind.SOFT),
    ],
)
def test_an_event_without_a_servers_words_is_what_its_type_says(around: str, posted: str, kind: Kind) -> None:
    assert read_bounce(around.replace("{}", posted).encode()).kind is kind


def test_of_a_servers_words_1200_characters_are_looked_at_and_300_kept() -> None:
    long = f"smtp; 550 5.1.1{1184 * ' '}unknown here"
    assert [found.words for found in read_bounce(dsn(group(long))).bounces] == ["smtp; 550 5.1.1 u"]
    (found,) = read_bounce(dsn(group("smtp; 550 5.1.1 " + 200 * "who "))).bounces
    assert len(found.words) == 300


def postmark(kind: str, record: str = "Bounce", details: str = "") -> dict[str, object]:
    return {"RecordType": record, "Type": kind, "Email": "ada@reader.example", "Details": details, "MessageID": "3f"}


def sendgrid(name: str, **more: str) -> dict[str, object]:
    return {"event": name, "email": "ada@reader.example", "smtp-id": f"<{LETTER}>", **more}


def mailgun(name: str, severity: str = "permanent", reason: str = "", **status: object) -> dict[str, object]:
    sent = {"headers": {"message-id": LETTER}}
    told = {"event": name, "severity": severity, "reason": reason, "recipient": "ada@reader.example", "message": sent}
    return {"signature": {}, "event-data": told | {"delivery-status": status}}


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (postmark("HardBounce"), Kind.HARD),
        (postmark("HardBounce", details="smtp; 550 5.1.1 no such user"), Kind.HARD),
        (postmark("SoftBounce", details="452 4.2.2 mailbox full"), Kind.SOFT),
        (postmark("Blocked"), Kind.SOFT),
        (postmark("ManuallyDeactivated"), Kind.HARD),
        (postmark("AutoResponder"), Kind.VACATION),
        (postmark("SpamComplaint"), Kind.COMPLAINT),
        (postmark("", "SpamComplaint"), Kind.COMPLAINT),
        (postmark("", "Delivery"), Kind.DELIVERED),
        (sendgrid("bounce", type="bounce", status="5.1.1", reason="550 5.1.1 no such user"), Kind.HARD),
        (sendgrid("bounce", type="bounce"), Kind.HARD),
        (sendgrid("bounce", type="blocked", status="5.7.1", reason="550 5.7.1 blocked by policy"), Kind.SOFT),
        (sendgrid("dropped", reason="Bounced Address"), Kind.HARD),
        (sendgrid("dropped", reason="Invalid SMTPAPI header"), Kind.SOFT),
        (sendgrid("dropped", reason="Invalid"), Kind.HARD),
        (sendgrid("dropped", reason="Unsubscribed Address"), Kind.SOFT),
        (sendgrid("spamreport"), Kind.COMPLAINT),
        (sendgrid("delivered"), Kind.DELIVERED),
        (sendgrid("open"), Kind.OTHER),
        (mailgun("failed", code=550, message="5.1.1 no such user"), Kind.HARD),
        (mailgun("failed", code=605, reason="suppress-bounce", message="Not delivering to it"), Kind.HARD),
        (mailgun("failed", "temporary", code=452, message="4.2.2 mailbox full"), Kind.SOFT),
        (mailgun("failed"), Kind.HARD),
        (mailgun("complained"), Kind.COMPLAINT),
        (mailgun("delivered"), Kind.DELIVERED),
        (mailgun("opened"), Kind.OTHER),
    ],
)
def test_the_events_of_other_services_are_read(told: dict[str, object], kind: Kind) -> None:
    for body in (json.dumps(told), json.dumps([told]), f"From: hook@p.example\nSubject: Event\n\n{json.dumps(told)}\n"):
        read = read_bounce(body.encode())
        assert read.kind is kind
        if kind is not Kind.OTHER:
            assert read.bounces[0].recipient == "ada@reader.example"
            assert read.message_id == ("" if "RecordType" in told else LETTER)


def test_a_complaint_taken_back_is_none() -> None:
    told = {"complainedRecipients": [{"emailAddress": "a@p.example"}], "complaintFeedbackType": "not-spam"}
    assert read_bounce(json.dumps({"notificationType": "Complaint", "complaint": told}).encode()).kind is Kind.OTHER


@pytest.mark.parametrize(
    "form",
    [
        "[EXTERNAL] {}",
        "AW: {}",
        "***SPAM*** {}",
        "{}.",
        "subject={}",
        "{} (sent from my phone)",
        "[!!Extern] Fwd: {}",
        "=?utf-8?q?[EXT]_{}?=",
        "Re:\n {}",
        "\u200e{}\u200f",
        "News\nSubject: {}",
    ],
)
def test_whatever_stands_around_the_token_the_mail_leaves(form: str) -> None:
    token = "lk1.2a." + "abcdefgh" * 3
    for spelled in (f"leave-{token}", f"LEAVE-{token.upper()}"):
        read = read_bounce(plain("", f"From: Ada <ada@reader.example>\nSubject: {form.format(spelled)}\n"))
        assert (read.kind, read.leave_token.lower(), read.leave_all) == (Kind.LEAVE, token, False)


@pytest.mark.parametrize(
    "subject",
    [
        *("{0}", "Re: {0}", "leave_{0}", "leave%2D{0}", "leave&#45;{0}", "leave- {0}", "leave-{1}\n {2}"),
        *("leave\u200b-{0}", "leave=2D{0}", "subject=3Dleave=2d{0}"),
    ],
)
def test_a_token_that_lost_its_word_or_was_torn_still_leaves(subject: str) -> None:
    token = "lk1.2a." + "abcdefgh" * 3
    read = read_bounce(plain("", f"From: a@reader.example\nSubject: {subject.format(token, token[:19], token[19:])}\n"))
    assert (read.kind, read.leave_token, read.leave_all) == (Kind.LEAVE, token, False)


def test_a_token_whose_stops_are_still_escaped_leaves() -> None:
    read = read_bounce(plain("", f"From: a@reader.example\nSubject: leave=2Dlk1=2E2a=2E{'abcdefgh' * 3}\n"))
    assert (read.kind, read.leave_token) == (Kind.LEAVE, "lk1.2a." + "abcdefgh" * 3)


def test_a_token_pasted_into_the_first_line_leaves_and_one_in_a_quoted_letter_does_not() -> None:
    token = "lk1.2a." + "abcdefgh" * 3
    head = "From: a@reader.example\nSubject: Morning Update\n"
    assert read_bounce(plain(f"leave-{token}\n", head)).leave_token == token
    quoted = f"Thank you.\n> List-Unsubscribe: <mailto:news@p.example?subject=leave-{token}>\n"
    assert read_bounce(plain(quoted, head)).kind is Kind.OTHER


@pytest.mark.parametrize(
    "subject",
    ["AW: Abmelden", "[EXTERNAL] Re: unsubscribe me!", "Désinscription", "Darse de baja", "Bitte abmelden",
     "Please remove me from your mailing list", "Newsletter abbestellen", "Me désabonner, svp",
     "wypisz mnie", "Avsluta prenumeration", "отписаться", "Re: 配信停止", "取消订阅", "수신거부", "إلغاء الاشتراك",
     "abonelikten ç\u0131k", "ביטול מנוי", "ยกเลิกการสมัคร"],
)  # fmt: skip
def test_a_wish_to_leave_is_read_in_several_languages(subject: str) -> None:
    assert read_bounce(plain("", f"From: a@reader.example\nSubject: {subject}\n")).kind is Kind.LEAVE


@pytest.mark.parametrize(
    "subject", ["Stop the ferry", "Please remove the statue", "Cancel culture", "Baja California", "Leave voting open?"]
)
def test_a_subject_about_the_news_is_no_wish_to_leave(subject: str) -> None:
    assert read_bounce(plain("", f"From: a@reader.example\nSubject: {subject}\n")).kind is Kind.OTHER


def test_an_event_with_all_headers_of_a_long_letter_is_read() -> None:
    told = json.loads(event("Permanent", "NoEmail"))
    told["mail"] = {"headers": [{"name": f"X-{n}", "value": "v" * 100} for n in range(500)]}
    assert read_bounce(json.dumps(told).encode()).kind is Kind.HARD


def test_the_work_on_one_event_is_bounded() -> None:
    people = [{"emailAddress": f"r{n}@reader.example", "diagnosticCode": "smtp; 550 " + "x " * 50} for n in range(5000)]
    told = {"eventType": "Bounce", "bounce": {"bounceType": "Permanent", "bouncedRecipients": people}, "mail": {}}
    assert len(read_bounce(json.dumps(told).encode()).bounces) == MOST_PEOPLE
    long = {"event": "bounce", "email": "a" * 900_000, "smtp-id": "<" * 900_000, "reason": "550 " + "5.1.1 " * 90_000}
    found = read_bounce(json.dumps(long).encode())
    assert max(len(found.bounces[0].recipient), len(found.message_id)) <= LONGEST_TEXT


def test_an_event_holds_no_character_that_a_database_refuses() -> None:
    odd = "a\0b\ud800c"
    told = {"event": "bounce", "email": odd, "smtp-id": odd, "status": odd, "reason": odd, "sg_event_id": "e"}
    found = read_bounce(json.dumps(told).encode())
    bounce = found.bounces[0]
    for text in (bounce.recipient, bounce.status, bounce.words, bounce.reason, found.message_id):
        assert "\0" not in text
        assert text == text.encode("utf-8", "replace").decode()
