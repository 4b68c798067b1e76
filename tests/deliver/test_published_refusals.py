"""Refusals as the servers of large providers publish them: whom each is about, where more than one answer loses nobody.

Gmail, Exchange Online, Amazon SES, SendGrid, Mailgun, Postmark, Brevo, Yahoo, AOL, iCloud, GMX, T-Online, Mail.ru,
Yandex, QQ, Mimecast, Proofpoint, Barracuda, OVH, Strato, IONOS, Postfix, Exim, Sendmail, qmail; names are invented.
"""

from __future__ import annotations

import pytest

from digest.deliver.protocol.refusal import About, Asked
from digest.deliver.protocol.refusal_wording import refusal

MAIL, RCPT, DATA = Asked.SENDER, Asked.RECIPIENT, Asked.CONTENT
US, RECIPIENT, MESSAGE, NOW = About.US, About.RECIPIENT, About.MESSAGE, About.NOW

SAID: list[tuple[tuple[About, ...], Asked, str]] = [
    (
        (
            NOW,
            RECIPIENT,
        ),
        RCPT,
        (
            "550 5.2.1 The user you are trying to contact is receiving mail too quickly. Please resend your "
            "message at a later time. If the user is able to receive mail at that time, your message will be"
            " delivered. x1-abc - gsmtp"
        ),
    ),
    (
        (RECIPIENT,),
        RCPT,
        (
            "552 5.2.2 The recipient's inbox is out of storage space and inactive. Please direct the "
            "recipient to Clear storage space - gsmtp"
        ),
    ),
    (
        (RECIPIENT,),
        RCPT,
        "550 5.7.124 Sender not in allowed-senders list",
    ),
    (
        (RECIPIENT,),
        RCPT,
        (
            "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery "
            "restriction check failed because the sender was not authenticated when sending to this group"
        ),
    ),
    (
        (RECIPIENT,),
        RCPT,
        ("550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [VE1EUR03FT013.eop.example]"),
    ),
    (
        (RECIPIENT,),
        RCPT,
        "554 5.4.14 Hop count exceeded - possible mail loop ATTR34",
    ),
    (
        (RECIPIENT,),
        RCPT,
        (
            "550 You tried to send to recipient(s) that have been marked as inactive. Found inactive "
            "addresses: r@x.example"
        ),
    ),
    (
        (RECIPIENT,),
        RCPT,
        ("554 delivery error: dd This user doesn't have a yahoo.com account (r@yahoo.example) [0] - mta4221"),
    ),
    (
        (RECIPIENT,),
        RCPT,
        ("554 30 Sorry, your message to r@aol.example cannot be delivered. This mailbox is disabled (554.30)."),
    ),
    (
        (RECIPIENT,),
        RCPT,
        "550 5.1.1 <r@icloud.example>: user does not exist",
    ),
    (
        (RECIPIENT,),
        RCPT,
        "552 5.2.2 <r@icloud.example>: user is over quota",
    ),
    (
        (RECIPIENT,),
        RCPT,
        (
            "550-Requested action not taken: mailbox unavailable 550 For explanation visit "
            "https://postmaster.gmx.example/en/error-messages?ip=198.51.100.9&c=hi"
        ),
    ),
    (
        (RECIPIENT,),
        RCPT,
        "550 5.1.1 user unknown (ZAP)",
    ),
    (
        (RECIPIENT,),
        RCPT,
        (
            "550 Message was not accepted -- invalid mailbox. Local mailbox r@mail.example is unavailable: "
            "user not found"
        ),
    ),
    (
        (RECIPIENT,),
        RCPT,
        (
            "550 Message was not accepted -- invalid mailbox. Local mailbox r@mail.example is unavailable: "
            "account is disabled"
        ),
    ),
    (
        (RECIPIENT,),
        RCPT,
        "550 5.7.1 No such user!",
    ),
    (
        (RECIPIENT,),
        RCPT,
        "550 Mailbox not found. http://service.mail.qq.example/cgi-bin/help?id=20022",
    ),
    (
        (RECIPIENT,),
        RCPT,
        "550 cuda_nsu 5.1.1 <r@x.example> Recipient address rejected: User unknown",
    ),
    (
        (RECIPIENT,),
        RCPT,
        "550 5.1.1 <r@x.example>... User unknown",
    ),
    (
        (RECIPIENT,),
        RCPT,
        "511 sorry, no mailbox here by that name (#5.1.1 - chkuser)",
    ),
    (
        (RECIPIENT,),
        RCPT,
        "550 5.7.1 Mailbox is protected by a whitelist; ask the owner to add your address",
    ),
    (
        (US,),
        DATA,
        (
            "550 5.7.26 Your email has been blocked because the sender is unauthenticated. Gmail requires "
            "all senders to authenticate with either SPF or DKIM. - gsmtp"
        ),
    ),
    (
        (US,),
        DATA,
        (
            "550-5.7.1 [198.51.100.7 19] Gmail has detected that this message is likely suspicious due to "
            "the very low reputation of the sending IP address. 550 5.7.1 - gsmtp"
        ),
    ),
    (
        (US,),
        RCPT,
        (
            "550 5.7.606 Access denied, banned sending IP [198.51.100.9]. To request removal from this list "
            "please visit https://sender.office.example/"
        ),
    ),
    (
        (US,),
        DATA,
        (
            "550 5.7.511 Access denied, banned sender[198.51.100.9]. To request removal from this list "
            "please forward this message to delist@messaging.example"
        ),
    ),
    (
        (US,),
        MAIL,
        "550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP.",
    ),
    (
        (US,),
        DATA,
        (
            "554 Message rejected: Email address is not verified. The following identities failed the check "
            "in region EU-WEST-1: news@paper.example"
        ),
    ),
    (
        (US,),
        DATA,
        (
            "554 Access denied: User `arn:aws:iam::1234:user/ses' is not authorized to perform "
            "`ses:SendRawEmail' on resource"
        ),
    ),
    (
        (US,),
        DATA,
        (
            "554 Sending paused for this account. For more information, please check the inbox of the email "
            "address associated with your AWS account."
        ),
    ),
    (
        (US,),
        MAIL,
        (
            "550 The from address does not match a verified Sender Identity. Mail cannot be sent until this "
            "error is resolved."
        ),
    ),
    (
        (US,),
        DATA,
        "451 You have exceeded your messaging limits",
    ),
    (
        (US,),
        RCPT,
        (
            "554 5.7.1 <r@x.example>: Recipient address rejected: Domain paper.example is not allowed to "
            "send: Sandbox subdomains are for test purposes only. Please add your own domain or add the "
            "address to authorized recipients"
        ),
    ),
    (
        (US,),
        DATA,
        "421 Domain paper.example is disabled for sending: contact support",
    ),
    (
        (US,),
        MAIL,
        "525 5.7.1 Unauthorized IP address",
    ),
    (
        (US,),
        MAIL,
        "550 Your SMTP account is not yet activated. Contact us at contact@relay.example",
    ),
    (
        (US,),
        MAIL,
        "553 From address not verified - see https://help.yahoo.example/kb/SLN3561.html",
    ),
    (
        (US,),
        MAIL,
        (
            "554-gmx.example (mxgmx104) Nemesis ESMTP Service not available 554-No SMTP service 554-IP "
            "address is block listed. 554 For explanation visit "
            "https://postmaster.gmx.example/en/case?c=r0201"
        ),
    ),
    (
        (US,),
        MAIL,
        "550-Requested action not taken: mailbox unavailable 550 Sender address is not allowed.",
    ),
    (
        (US,),
        MAIL,
        (
            "554 IP=198.51.100.9 - A problem occurred. Ask your postmaster for help or to contact "
            "tobr@rx.t-online.example to clarify. (BL)"
        ),
    ),
    (
        (US,),
        MAIL,
        (
            "550-5.7.0 Your message could not be delivered. The error code 550-5.7.0 is: your sender address"
            " is not allowed for this account"
        ),
    ),
    (
        (US,),
        MAIL,
        "550 message sending for this account is disabled",
    ),
    (
        (US,),
        MAIL,
        "553 5.7.1 Sender address rejected: not owned by auth user.",
    ),
    (
        (US,),
        MAIL,
        "554 Blocked - see https://ipcheck.proofpoint.example/?ip=198.51.100.9",
    ),
    (
        (US,),
        MAIL,
        (
            "550 5.7.1 Spam detected by OVH: your mailbox news@paper.example was locked; ask the support for"
            " a new password"
        ),
    ),
    (
        (US,),
        MAIL,
        "535 5.7.0 Authentication failed: mail account suspended (strato)",
    ),
    (
        (US,),
        RCPT,
        "550 5.7.0 Strato: maximum recipients per hour reached for sender news@paper.example",
    ),
    (
        (US,),
        RCPT,
        "450 4.7.1 <r@x.example>: Recipient address rejected: Policyd rate limit: 300 messages per hour",
    ),
    (
        (US,),
        RCPT,
        "454 4.7.1 <r@x.example>: Relay access denied",
    ),
    (
        (US,),
        RCPT,
        (
            "550-Verification failed for <news@paper.example> 550-The mail server could not deliver mail to "
            "news@paper.example. 550 Sender verify failed"
        ),
    ),
    (
        (US,),
        DATA,
        ("553 5.3.0 <news@paper.example>... REJECT: not accepting mail from your domain, contact postmaster"),
    ),
    (
        (
            US,
            NOW,
        ),
        DATA,
        (
            "421 4.7.28 Gmail has detected an unusual rate of mail originating from your DKIM domain. To "
            "protect our users from spam, mail sent from your domain has been temporarily rate limited. - "
            "gsmtp"
        ),
    ),
    (
        (
            US,
            NOW,
        ),
        DATA,
        (
            "421 4.7.0 [TSS04] Messages from 198.51.100.9 temporarily deferred due to unexpected volume or "
            "user complaints - 4.16.55.1; see https://postmaster.example/421.html"
        ),
    ),
    (
        (
            US,
            NOW,
        ),
        MAIL,
        "450-Requested mail action not taken: mailbox unavailable 450 Mail send limit exceeded.",
    ),
    (
        (
            US,
            NOW,
        ),
        DATA,
        "550 Ip frequency limited. http://service.mail.qq.example/cgi-bin/help?id=20022",
    ),
    (
        (
            US,
            NOW,
        ),
        DATA,
        "550 Domain frequency limited",
    ),
    (
        (
            US,
            NOW,
        ),
        DATA,
        "421 Reject due to policy violations",
    ),
    (
        (
            US,
            NOW,
        ),
        RCPT,
        (
            "550 5.7.1 <r@ovh.example>: Recipient address rejected: account over send limit, sender blocked "
            "for spam (SPFRBL)"
        ),
    ),
    (
        (MESSAGE,),
        DATA,
        ("552 5.7.0 This message was blocked because its content presents a potential security issue. - gsmtp"),
    ),
    (
        (MESSAGE,),
        RCPT,
        ("550 Mail content denied. http://service.mail.qq.example/cgi-bin/help?subtype=1&&id=20022&&no=1000726"),
    ),
    (
        (MESSAGE,),
        DATA,
        "554 5.6.0 Message contains invalid header: duplicate Message-ID",
    ),
    (
        (
            MESSAGE,
            RECIPIENT,
        ),
        RCPT,
        "550 5.7.350 Remote server returned message detected as spam -> 554 Message rejected",
    ),
    (
        (
            NOW,
            US,
        ),
        DATA,
        ("451 4.7.652 The mail server [198.51.100.9] has exceeded the maximum number of connections. (S3115)"),
    ),
    (
        (
            NOW,
            US,
        ),
        MAIL,
        "450 4.7.0 Requested action not taken: too many messages, please try again later [HME1]",
    ),
    (
        (NOW,),
        DATA,
        "454 Throttling failure: Maximum sending rate exceeded.",
    ),
    (
        (NOW,),
        DATA,
        "451 4.5.1 The recipient <r@ya.example> has exceeded their message rate limit. Try again later.",
    ),
    (
        (NOW,),
        RCPT,
        ("451 Internal resources are temporarily unavailable - https://community.mimecast.example/docs/DOC-1369#451"),
    ),
    (
        (NOW,),
        RCPT,
        "451 4.3.0 <r@x.example>: Temporary lookup failure",
    ),
    (
        (
            US,
            MESSAGE,
        ),
        DATA,
        ("554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahoo.example/error-codes"),
    ),
    (
        (
            US,
            MESSAGE,
        ),
        DATA,
        (
            "554 5.7.1 [CS01] Message rejected due to local policy. Please visit "
            "https://support.apple.example/en-us/102322"
        ),
    ),
    (
        (
            US,
            MESSAGE,
        ),
        DATA,
        (
            "554-Transaction failed 554-Reject due to policy restrictions. 554 For explanation visit "
            "https://postmaster.gmx.example/en/case?c=hi"
        ),
    ),
    (
        (
            MESSAGE,
            US,
        ),
        DATA,
        (
            "550 spam message rejected. Please visit http://help.mail.example/notspam-support/id?c=abc or "
            "report details to abuse@corp.mail.example. Error code: 7BCF. ID: 0."
        ),
    ),
    (
        (
            MESSAGE,
            US,
        ),
        DATA,
        "554 5.7.1 [1] Message rejected under suspicion of SPAM; https://ya.example/1IrBc 1700000000-abc",
    ),
    (
        (
            US,
            RECIPIENT,
        ),
        RCPT,
        "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
    ),
    (
        (
            US,
            RECIPIENT,
        ),
        RCPT,
        ("550 Administrative prohibition - envelope blocked - https://community.mimecast.example/docs/DOC-1369#550"),
    ),
    (
        (
            RECIPIENT,
            US,
            MESSAGE,
        ),
        RCPT,
        (
            "550 Rejected by header based manually Blocked Senders - "
            "https://community.mimecast.example/docs/DOC-1369#550"
        ),
    ),
    (
        (
            US,
            MESSAGE,
            RECIPIENT,
        ),
        RCPT,
        "550 5.7.0 Local Policy Violation - pphosted",
    ),
    (
        (
            RECIPIENT,
            MESSAGE,
        ),
        DATA,
        "550 permanent failure for one or more recipients (r@x.example:blocked)",
    ),
]


@pytest.mark.parametrize(("right", "asked", "said"), SAID, ids=[said[:60] for _right, _asked, said in SAID])
def test_a_published_refusal_is_understood(right: tuple[About, ...], asked: Asked, said: str) -> None:
    assert refusal(int(said[:3]), said, asked).about in right
