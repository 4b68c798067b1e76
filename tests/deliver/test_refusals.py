"""Refusals in the words of real servers: whom each is about."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.deliver.protocol.refusal import About, Asked, Reason
from digest.deliver.protocol.refusal_wording import of_us, refusal

MAIL, RCPT, DATA = Asked.SENDER, Asked.RECIPIENT, Asked.CONTENT

US = [
    (DATA, "550 5.4.5 Daily user sending limit exceeded. Try again tomorrow"),
    (DATA, "550-5.4.5 Daily SMTP relay sending limit exceeded for this user. 550 5.4.5 a1b2c3 - gsmtp"),
    (
        RCPT,
        "550 Domain paper.example has exceeded the max emails per hour (200/200 (100%)) allowed. Message discarded.",
    ),
    (RCPT, "550 Domain paper.example has exceeded the max defers and failures per hour (5/5 (100%)) allowed."),
    (DATA, "550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients"),
    (
        DATA,
        "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; exceeded its 24-hour sending limit",
    ),
    (DATA, "552 Message would take you over your relay quota of 500, used: 487"),
    (RCPT, "554 5.7.1 <r1@readers.example>: Recipient address rejected: You have exceeded your quota"),
    (RCPT, "550 5.7.1 You have exceeded your daily email sending quota"),
    (MAIL, "550 Too many emails per hour for user news@paper.example"),
    (DATA, "450 4.7.1 <END-OF-MESSAGE>: End-of-data rejected: Number messages per hour exceeded. Error:RATE_MSG"),
    (RCPT, "554 5.7.1 <DATA>: Data command rejected: only 10 messages per day"),
    (DATA, "454 Throttling failure: Daily message quota exceeded."),
    (DATA, "550 5.7.705 Access denied, tenant has exceeded threshold."),
    (RCPT, "552 5.2.0 Account over its sending quota for today"),
    (MAIL, "451 Authentication failed: Maximum credits exceeded"),
    (DATA, "550 Not enough credits, please upgrade your plan"),
    (
        DATA,
        "554 Message rejected: Email address is not verified. These identities failed the check: r1@readers.example",
    ),
    (DATA, "554 Message rejected: Sending paused for this account. For more information, please check the inbox."),
    (
        DATA,
        "554 Access denied: User `arn:aws:iam::1:user/x' is not authorized to perform `ses:SendRawEmail' on resource",
    ),
    (MAIL, "501 Invalid MAIL FROM address provided"),
    (
        DATA,
        "550 The from address does not match a verified Sender Identity. Mail cannot be sent until this is resolved.",
    ),
    (MAIL, "550 Unauthenticated senders not allowed"),
    (RCPT, "553 5.7.1 <b-1@paper.example>: Sender address rejected: not owned by user news@paper.example"),
    (RCPT, "553 5.7.1 <b-1@paper.example>: Sender address rejected: not logged in"),
    (RCPT, "450 4.1.8 <b-1@paper.example>: Sender address rejected: Domain not found"),
    (RCPT, "550 5.1.8 Sender address rejected: Domain of sender address does not exist"),
    (MAIL, "553 Relaying disallowed as b-1@paper.example"),
    (DATA, "554 5.7.60 SMTP; Client does not have permissions to send as this sender"),
    (DATA, "550 5.2.252 SendAsDenied; news@paper.example not allowed to send as b-1@paper.example"),
    (RCPT, "550 5.1.7 Invalid sender address"),
    (DATA, "550 5.1.0 Absender-Adresse nicht erlaubt"),
    (DATA, "553 5.7.1 Sender address is not allowed to be used with this account"),
    (MAIL, "550 5.7.1 Sender signature not found for this address"),
    (DATA, "554 Sandbox subdomains are for test purposes only. Please add your own domain."),
    (DATA, "421 Domain paper.example is not allowed to send: Please activate your account."),
    (MAIL, "550 5.7.1 Domain not verified: add the DNS records first"),
    (RCPT, "504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname"),
    (RCPT, "450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.7]"),
    (RCPT, "550 5.7.1 Client host rejected: Access denied"),
    (RCPT, "550 5.7.25 [192.0.2.7] The IP address sending this message does not have a PTR record setup"),
    (RCPT, "554 5.7.1 <r1@readers.example>: Relay access denied"),
    (RCPT, "550 5.7.1 Relaying denied. Proper authentication required."),
    (RCPT, "550 5.7.1 Unable to relay for r1@readers.example"),
    (RCPT, "554 5.7.54 SMTP; Unable to relay recipient in non-accepted domain"),
    (RCPT, "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),
    (MAIL, "530 5.7.1 Authentication required"),
    (MAIL, "530 5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM"),
    (
        RCPT,
        "550 Please turn on SMTP Authentication in your mail client. You may not relay through this server",
    ),
    (MAIL, "530 5.7.0 Must issue a STARTTLS command first"),
    (MAIL, "525 5.7.1 Unauthorized IP address"),
    (RCPT, "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org"),
    (RCPT, "550 5.7.606 Access denied, banned sending IP [192.0.2.7]. To request removal from this list please visit"),
    (DATA, "550 5.7.708 Access denied, traffic not accepted from this IP"),
    (DATA, "550 5.7.501 Access denied, spam abuse detected"),
    (DATA, "550 5.4.6 Unusual sending activity detected. Please try after sometime"),
    (MAIL, "550 Outgoing mail from news@paper.example has been suspended."),
    (MAIL, "552 Your account has been suspended. Please contact us to reactivate"),
    (
        DATA,
        "550 5.7.1 [CSR] Our system has detected an unusual amount of unsolicited mail originating from your address",
    ),
    (DATA, "554 5.7.1 Your IP is blacklisted"),
    (DATA, "550 5.7.26 This mail is unauthenticated, which poses a security risk to the sender"),
    (DATA, "550 5.7.515 Access denied, sending domain paper.example doesn't meet the required authentication level"),
    (MAIL, "550 5.7.1 Your SMTP account is not yet activated"),
    (RCPT, "554 5.7.1 Blocked by reputation filter, your server is listed"),
    (RCPT, "550 5.7.1 This user account is disabled for sending, contact support"),
    (MAIL, "554 5.7.1 Too many complaints, sending is blocked"),
    (MAIL, "502 5.7.0 Your SMTP account is not yet activated"),
    (RCPT, "550 5.7.1 You have reached the limit of messages per hour"),
    (RCPT, "554 5.7.1 <r1@readers.example>: Recipient address rejected: Your account is blocked for spam"),
    (RCPT, "550 5.7.1 Sender address does not belong to authenticated user"),
    (DATA, "550 Requested action not taken: mailbox unavailable. Sender address is not allowed."),
    (DATA, "550 5.4.6 Email sending blocked for this account"),
    (RCPT, "550 User news@paper.example has exceeded its 24-hour sending limit. Relay quota will reset in 3.2 hours."),
    (DATA, "554 relay quota exceeded"),
    (RCPT, "550 Account paper.example is over its hourly e-mail limit"),
    (RCPT, "554 5.7.1 <r1@readers.example>: Recipient address rejected: SMTP quota exceeded"),
    (MAIL, "553 5.7.1 Sender address rejected: not owned by auth user."),
    (RCPT, "451 4.5.3 The recipient limit is exceeded today"),
    (DATA, "550 5.7.0 From address is not one of your addresses"),
    (DATA, "551 5.7.1 Not authorised to send from this header address"),
    (DATA, "550 5.7.1 The 'From' address you supplied is not a Sender Signature on your account"),
    (MAIL, "550 5.7.1 Unconfigured Sending Domain <paper.example>"),
    (DATA, "420 4.3.0 exceed Sending Limit (daily)"),
    (MAIL, "550 Not allowed to send from news@paper.example"),
    (DATA, "554 Message rejected: MAIL FROM domain is not verified"),
    (RCPT, "550 Sender verify failed"),
    (RCPT, "550 relay not permitted"),
    (RCPT, "550 Rejected because 192.0.2.7 is in a black list at zen.example"),
    (RCPT, "550 Bad HELO - Host impersonating paper.example"),
    (RCPT, "553 5.1.8 <b-1@paper.example>... Domain of sender address does not exist"),
    (RCPT, "550 5.7.1 Relaying denied. IP name lookup failed [192.0.2.7]"),
    (RCPT, "454 4.7.1 <r1@readers.example>: Relay access denied"),
    (RCPT, "554 5.7.1 <b-1@paper.example>: Sender address rejected: Access denied"),
    (RCPT, "554 5.7.1 Service unavailable; Sender address [b-1@paper.example] blocked using dbl.example"),
    (RCPT, "550 5.1.0 <b-1@paper.example>: Sender address rejected: User unknown in virtual mailbox table"),
    (DATA, "550 5.7.1 Client does not have permissions to send as this sender"),
    (RCPT, "550 5.7.1 Your plan does not include more messages this month"),
    (MAIL, "550 5.7.1 SMTP access is disabled for this account"),
    (RCPT, "550 5.7.1 Command rejected: IP 192.0.2.7 is not allowed to use this relay"),
    (DATA, "554 5.7.0 Monthly sending allotment exhausted"),
    (RCPT, "550 5.7.1 Mail from your domain is rejected: no SPF record"),
    (DATA, "550 5.7.1 Reached 500 recipients per day for this mailbox"),
    (DATA, "550 Message rejected: the account news@paper.example has sent 301 of 300 messages allowed in one hour"),
    (DATA, "550 El límite diario de envío de su cuenta se ha alcanzado"),
    (DATA, "550 Limite journalière: quota d'envoi atteint pour ce compte"),
    (DATA, "550 5.7.1 Ihr Konto wurde wegen Spamversand gesperrt"),
    (DATA, "550 Suspected spam source IP rejected: http://service.example/help?id=20022"),
    (RCPT, "554 5.7.1 Blocked - see https://check.example/?ip=192.0.2.9"),
    (RCPT, "550 5.7.1 TLS connection required by this server"),
    (DATA, "451 You have exceeded your messaging limits"),
    (DATA, "554 5.7.1 Payment for this account is overdue; outgoing mail stops"),
    (RCPT, "550 5.7.367 Remote server returned not permitted to relay"),
    (MAIL, "550 Adresse d'expéditeur non autorisée"),
]

OF_THE_RECIPIENT = [
    (RCPT, "550 5.1.1 <r1@readers.example>: Recipient address rejected: User unknown in virtual mailbox table"),
    (RCPT, "550 No such recipient here"),
    (RCPT, "550 Unknown user"),
    (RCPT, "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"),
    (RCPT, "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)"),
    (RCPT, "556 5.1.10 Recipient address has null MX"),
    (RCPT, "551 User not local; please try <other@elsewhere.example>"),
    (RCPT, "550-5.1.1 The email account that you tried to reach does not exist. Please try double-checking"),
    (RCPT, "550 5.2.1 The email account that you tried to reach is disabled."),
    (RCPT, "550 5.2.1 The user you are trying to contact is inactive"),
    (RCPT, "552-5.2.2 The email account that you tried to reach is over quota."),
    (RCPT, "552 5.2.2 Mailbox full"),
    (RCPT, "550 Requested action not taken: mailbox unavailable"),
    (RCPT, "550 Quota exceeded (mailbox for user is full)"),
    (RCPT, "552 Requested mail action aborted: exceeded storage allocation"),
    (RCPT, "552 5.2.2 <r1@readers.example>: Recipient address rejected: User is over the quota"),
    (RCPT, "554 5.7.1 <r1@readers.example>: Recipient address rejected: Access denied"),
    (RCPT, "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required"),
    (RCPT, "550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized"),
    (RCPT, "550 5.1.1 Mailbox does not exist"),
    (RCPT, "553 5.3.0 <r1@readers.example>... No such user here"),
    (RCPT, "550 5.1.2 Host unknown"),
    (RCPT, "550 <r1@readers.example> recipient is on the suppression list, recipient inactive"),
    (RCPT, "554 delivery error: This user doesn't have an account here"),
    (RCPT, "550 5.1.6 recipient has moved"),
    (DATA, "550 5.1.1 user unknown"),
    (RCPT, "550 5.7.1 The user does not accept mail from this list"),
    (RCPT, "550 sorry, no mailbox here by that name. (#5.1.1)"),
    (RCPT, "550 Account disabled"),
    (RCPT, "550 Address rejected"),
    (RCPT, "550 Invalid recipient"),
    (RCPT, "550 5.2.1 Mailbox disabled for this recipient"),
    (RCPT, "554 5.7.1 <r1@readers.example>: Recipient address rejected: Message blocked by user"),
    (RCPT, "550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found"),
    (RCPT, "550 5.1.351 Remote server returned unknown recipient"),
    (RCPT, "550 Mailbox is inactive"),
    (DATA, "554 30 Sorry, your message to r1 cannot be delivered. This mailbox is disabled (554.30)."),
    (
        RCPT,
        "550 The mail server could not deliver mail to r1@readers.example. The account or domain may be blacklisted.",
    ),
    (RCPT, "550 User not found"),
    (RCPT, "550 5.1.1 <r1@readers.example> User unknown, contact your administrator"),
    (RCPT, "550 5.1.1 sorry, your address list is old: no such user here"),
    (
        RCPT,
        "550 5.1.1 <r1@readers.example>: Recipient address rejected: undeliverable: host said: 550 no such user",
    ),
    (RCPT, "552 5.2.2 This user's mailbox exceeds its quota"),
    (RCPT, "554 5.2.2 mailbox full;  over the maximum storage limit"),
    (RCPT, "550 5.7.1 Recipient has blocked mail from this sender by a personal rule"),
    (RCPT, "550 5.1.3 Invalid address syntax"),
    (RCPT, "550 This account has been discontinued, mailbox unavailable"),
    (RCPT, "550 5.7.1 <r1@readers.example>: Recipient address rejected: this mailbox accepts mail from the staff only"),
    (DATA, "550 Rejected by the receiving user's settings (carrier filter)"),
    (DATA, "550 5.7.1 The user's own filter rejected this message"),
    (DATA, "554 delivery error: dd This user doesn't have a post.example account (r1@post.example) [0] - mta4120"),
    (DATA, "554 5.4.6 Too many hops: the recipient's forwarding loops"),
    (DATA, "552 1 Requested mail action aborted, mailbox not found"),
    (RCPT, "550 5.2.0 Recipient refuses newsletters of this kind"),
    (RCPT, "550 Administrative prohibition - the recipient's administrator has blocked you"),
    (RCPT, "550 5.7.124 This group takes letters from its members; the list accepts messages from members only"),
]

FOR_NOW = [
    (
        RCPT,
        "450 4.2.0 <r1@readers.example>: Recipient address rejected: Greylisted, see http://postgrey.example/",
        Reason.GREYLIST,
    ),
    (RCPT, "451 4.7.1 Greylisting in action, please come back later", Reason.GREYLIST),
    (RCPT, "450 4.7.1 You are being delayed, try again in 00:04:59", Reason.GREYLIST),
    (RCPT, "451 DT:SPM temporary rejected", Reason.GREYLIST),
    (RCPT, "450 4.1.2 <r1@readers.example>: Recipient address rejected: Domain not found", Reason.GREYLIST),
    (RCPT, "450 4.2.1 The user you are trying to contact is receiving mail too quickly.", Reason.GREYLIST),
    (RCPT, "450 4.1.1 <r1@readers.example>: Recipient address rejected: unverified address", Reason.GREYLIST),
    (RCPT, "452 4.2.2 mailbox full", Reason.GREYLIST),
    (DATA, "451 4.3.0 Mail server temporarily rejected message", Reason.GREYLIST),
    (DATA, "432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded", Reason.GREYLIST),
    (DATA, "454 Throttling failure: Maximum sending rate exceeded.", Reason.RATE),
    (DATA, "450 4.2.1 Peak SMTP relay limit exceeded for customer. This is a temporary error.", Reason.RATE),
    (RCPT, '451 4.7.1 Ratelimit "user" exceeded', Reason.RATE),
    (RCPT, "450 4.7.1 Error: too much mail from 192.0.2.7", Reason.RATE),
    (MAIL, "421 4.7.0 Rate limit reached. Please try again later", Reason.RATE),
    (RCPT, "451 Sender rate overlimit = 83.6 / 1h", Reason.RATE),
    (DATA, "454 4.7.0 wait", Reason.RATE),
    (DATA, "432 4.3.2 Concurrent connections limit exceeded. [Hostname=X]", Reason.CONNECTIONS),
    (MAIL, "421 Too many concurrent SMTP connections", Reason.CONNECTIONS),
    (MAIL, "421 4.7.0 Too many connections from your host", Reason.CONNECTIONS),
    (MAIL, "421 4.7.0 Maximum message count per session reached", Reason.SESSION),
    (MAIL, "450 4.7.1 Error: too many mails in this session", Reason.SESSION),
    (RCPT, "451 4.7.0 too many messages this session, reconnect", Reason.SESSION),
    (MAIL, "452 4.5.3 Too many messages in this session", Reason.SESSION),
    (MAIL, "421 Max message per connection reached, closing transmission channel", Reason.SESSION),
    (RCPT, "452 4.5.3 Too many recipients", Reason.SESSION),
    (RCPT, "451 Ratelimit exceeded for mailbox news@paper.example. Try again later.", Reason.RATE),
    (DATA, "550 5.7.0 Requested action not taken: too many emails per second", Reason.RATE),
    (MAIL, "421 4.4.2 Message submission rate for this client has exceeded the configured limit", Reason.RATE),
    (DATA, "451 Temporary service failure", Reason.GREYLIST),
    (RCPT, "451 4.3.0 <r1@readers.example>: Temporary lookup failure", Reason.GREYLIST),
    (RCPT, "451 4.7.500 Server busy. Please try again later", Reason.GREYLIST),
    (RCPT, "450 4.3.2 Please try again later", Reason.GREYLIST),
    (RCPT, "451 4.7.0 First time sender, try again in 60 seconds", Reason.GREYLIST),
    (
        RCPT,
        "450 4.7.0 <r1@readers.example>: Recipient address rejected: Policy restrictions; try later",
        Reason.GREYLIST,
    ),
    (MAIL, "450 4.7.0 Slow down, please", Reason.RATE),
    (RCPT, "450 Requested mail action not taken: mailbox unavailable. Mail send limit exceeded.", Reason.RATE),
]

OF_THE_MESSAGE = [
    (MAIL, "552 5.3.4 Message size exceeds fixed maximum message size"),
    (DATA, "552 5.2.3 Message too large"),
    (DATA, "554 5.6.0 Message contains a bare CR"),
    (DATA, "550 5.6.1 malformed MIME"),
    (DATA, "552 5.7.0 This message was blocked because its content presents a potential security issue"),
    (DATA, "550 5.7.1 Blacklisted URL in message, see surbl.example"),
    (DATA, "534 5.3.4 Message too big for system"),
    (DATA, "554 5.7.1 Rejected for its attachments: type .exe is not taken"),
]


@pytest.mark.parametrize(("asked", "said"), US, ids=[said[:60] for _asked, said in US])
def test_what_would_be_true_of_every_letter_is_about_us(asked: Asked, said: str) -> None:
    found = refusal(int(said[:3]), said, asked)
    assert (found.about, found.certain) == (About.US, True), found


@pytest.mark.parametrize(("asked", "said"), OF_THE_RECIPIENT, ids=[said[:60] for _asked, said in OF_THE_RECIPIENT])
def test_what_names_the_reader_is_about_the_reader(asked: Asked, said: str) -> None:
    found = refusal(int(said[:3]), said, asked)
    assert (found.about, found.certain) == (About.RECIPIENT, True), found


@pytest.mark.parametrize(("asked", "said", "reason"), FOR_NOW, ids=[said[:60] for _asked, said, _reason in FOR_NOW])
def test_what_may_pass_later_is_a_deferral(asked: Asked, said: str, reason: Reason) -> None:
    found = refusal(int(said[:3]), said, asked)
    assert (found.about, found.reason) == (About.NOW, reason), found


@pytest.mark.parametrize(("asked", "said"), OF_THE_MESSAGE, ids=[said[:60] for _asked, said in OF_THE_MESSAGE])
def test_what_names_the_message_is_about_the_message(asked: Asked, said: str) -> None:
    assert refusal(int(said[:3]), said, asked).about is About.MESSAGE


@pytest.mark.parametrize("said", ["550 no", "550 5.7.1 refused", "554 5.0.0 Go away", "550 5.7.1 Access denied"])
def test_what_nothing_explains_is_not_certain(said: str) -> None:
    assert not refusal(550, said, RCPT).certain
    assert not refusal(550, said, DATA).certain


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("450 4.2.0 Greylisted for 300 seconds", 300),
        ("451 greylisting, try again in 5 minutes", 300),
        ("450 4.7.1 delayed, try again in 00:04:59", 299),
        ("450 4.2.0 Greylisted", None),
    ],
)
def test_a_pause_that_the_server_names_is_read(said: str, seconds: int | None) -> None:
    wait = refusal(450, said, RCPT).wait
    assert wait == (None if seconds is None else timedelta(seconds=seconds))


def test_words_before_any_letter_say_why_the_relay_refuses_us() -> None:
    assert of_us("421 4.7.0 Too many connections") is Reason.CONNECTIONS
    assert of_us("451 Authentication failed: Maximum credits exceeded") is Reason.QUOTA
    assert of_us("535 5.7.8 Error: authentication failed") is None


@given(st.integers(400, 599), st.text(max_size=2000), st.sampled_from(Asked))
def test_any_words_have_a_judgement(code: int, words: str, asked: Asked) -> None:
    assert refusal(code, words, asked).about in About


def test_no_words_take_long() -> None:
    hard = (
        "too many " * 300,
        "over " * 600,
        "message " * 400,
        "account " * 400,
        "not " * 700,
        "a " * 1500,
        "1 " * 1500,
    )
    began = time.process_time()
    for words in hard:
        refusal(550, words, RCPT)
    assert time.process_time() - began < len(hard)


@pytest.mark.parametrize(
    ("code", "about"), [(499, About.NOW), (500, About.US), (550, About.US)], ids=["not now", "the first", "any"]
)
def test_a_code_about_the_sending_account_is_about_us_where_it_is_final(code: int, about: About) -> None:
    assert refusal(code, f"{code} 5.7.750 Nothing more is said.", DATA).about is about


@pytest.mark.parametrize(
    ("code", "asked", "about", "reason"),
    [
        (452, RCPT, About.NOW, Reason.SESSION),
        (452, DATA, About.NOW, Reason.GREYLIST),
        (451, RCPT, About.NOW, Reason.GREYLIST),
        (454, RCPT, About.NOW, Reason.RATE),
        (432, RCPT, About.NOW, Reason.CONNECTIONS),
        (431, RCPT, About.NOW, Reason.GREYLIST),
        (551, DATA, About.RECIPIENT, Reason.UNEXPLAINED),
        (552, DATA, About.MESSAGE, Reason.UNEXPLAINED),
        (550, RCPT, About.RECIPIENT, Reason.UNEXPLAINED),
        (550, MAIL, About.US, Reason.SENDER),
    ],
)
def test_without_words_code_and_command_tell_whom_a_refusal_is_about(
    code: int, asked: Asked, about: About, reason: Reason
) -> None:
    found = refusal(code, f"{code} no", asked)
    assert (found.about, found.reason) == (about, reason)


@pytest.mark.parametrize(
    ("said", "asked", "about", "reason"),
    [
        ("550 5.2.0 no such user here", RCPT, About.RECIPIENT, Reason.GONE),
        ("550 5.2.0 no such user here", DATA, About.RECIPIENT, Reason.UNEXPLAINED),
        ("550 5.2.1 mailbox unavailable", RCPT, About.RECIPIENT, Reason.UNEXPLAINED),
        ("550 5.2.1 The account is disabled for sending", RCPT, About.US, Reason.REPUTATION),
        ("550 5.2.1 The account is disabled", RCPT, About.RECIPIENT, Reason.UNEXPLAINED),
    ],
)
def test_a_mailbox_that_takes_nothing_is_gone_only_where_words_say_so_of_it(
    said: str, asked: Asked, about: About, reason: Reason
) -> None:
    found = refusal(550, said, asked)
    assert (found.about, found.reason) == (about, reason)
