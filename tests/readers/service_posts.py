"""Events as sending services post and sign them; keys, people and papers are invented."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from digest.readers.event_signatures import EventPost, Signer, standard_signature

NOW = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)
READER = "ada@reader.example"
TOPIC = "arn:aws:sns:eu-north-1:123456789012:letters"
CERTIFICATE = "https://sns.eu-north-1.amazonaws.com/SimpleNotificationService-0a1b2c3d4e5f.pem"
SECRET = "a secret of the sending service"
WHSEC = "whsec_" + base64.b64encode(b"another secret of thirty two byte").decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A request that its service signed, and what is known of the service."""

    signer: Signer
    post: EventPost


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    """Return the key of the invented SNS host."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    """Return the key of the invented SendGrid webhook."""
    return ec.generate_private_key(ec.SECP256R1())


@cache
def certificate(days_ago: int = 30, days: int = 300) -> bytes:
    """Return the PEM certificate of the invented SNS host."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    start = NOW - timedelta(days=days_ago)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(rsa_key().public_key())
        .serial_number(7)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
    )
    return built.sign(rsa_key(), hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def certificates(url: str) -> bytes:
    """Return the certificate that an SNS message names."""
    assert url == CERTIFICATE
    return certificate()


def sns(message: Mapping[str, object] | str, version: str = "2", **changes: str) -> bytes:
    """Return a signed SNS message."""
    text = message if isinstance(message, str) else json.dumps(message)
    told = {
        "Type": "Notification",
        "MessageId": "5a5a-1",
        "TopicArn": TOPIC,
        "Message": text,
        "Timestamp": "2026-11-27T05:59:58.000Z",
        "SignatureVersion": version,
        "SigningCertURL": CERTIFICATE,
    } | changes
    extra = ["Subject"] if told["Type"] == "Notification" else ["SubscribeURL", "Token"]
    names = sorted(["Message", "MessageId", "Timestamp", "TopicArn", "Type", *extra])
    signed = "".join(f"{name}\n{told[name]}\n" for name in names if name in told)
    algorithm = hashes.SHA1() if version == "1" else hashes.SHA256()  # noqa: S303 - the service's older version
    told["Signature"] = base64.b64encode(rsa_key().sign(signed.encode(), padding.PKCS1v15(), algorithm)).decode()
    return json.dumps(told).encode()


def ses_bounce(recipient: str = READER) -> dict[str, Any]:
    """Return a permanent bounce as SES tells it."""
    person = {
        "emailAddress": recipient,
        "action": "failed",
        "status": "5.1.1",
        "diagnosticCode": "smtp; 550 5.1.1 no such user",
    }
    return {
        "eventType": "Bounce",
        "bounce": {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": [person]},
        "mail": {"timestamp": "2026-11-27T05:59:00.000Z", "destination": [recipient], "messageId": "ses-1"},
    }


def ses(message: Mapping[str, object] | None = None, **changes: str) -> Sample:
    """Return a request of SES."""
    body = sns(ses_bounce() if message is None else message, **changes)
    return Sample(signer=Signer(service="ses", topic=TOPIC), post=EventPost(headers={}, body=body, at=NOW))


def sendgrid(*events: Mapping[str, object], at: datetime = NOW) -> Sample:
    """Return a request of SendGrid."""
    bounced = {
        "email": READER,
        "event": "bounce",
        "type": "bounce",
        "status": "5.1.1",
        "reason": "550 5.1.1 no such user",
        "sg_event_id": "sg-1",
        "smtp-id": "<x@letters.example>",
        "timestamp": int((NOW - timedelta(minutes=1)).timestamp()),
    }
    body, timestamp = json.dumps(list(events) or [bounced]).encode(), str(int(at.timestamp()))
    signature = ec_key().sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    public = ec_key().public_key()
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    headers = {
        "x-twilio-email-event-webhook-timestamp": timestamp,
        "x-twilio-email-event-webhook-signature": base64.b64encode(signature).decode(),
    }
    signer = Signer(service="sendgrid", secret=base64.b64encode(der).decode())
    return Sample(signer=signer, post=EventPost(headers=headers, body=body, at=NOW))


def mailgun(event: Mapping[str, object] | None = None, token: str = "t" * 50, at: datetime = NOW) -> Sample:
    """Return a request of Mailgun."""
    failed = {
        "event": "failed",
        "id": "mg-1",
        "severity": "permanent",
        "recipient": READER,
        "timestamp": (NOW - timedelta(minutes=1)).timestamp(),
        "delivery-status": {"code": 550, "message": "5.1.1 no such user", "enhanced-code": "5.1.1"},
    }
    timestamp = str(int(at.timestamp()))
    signature = hmac.digest(SECRET.encode(), (timestamp + token).encode(), sha256).hex()
    told = {
        "signature": {"timestamp": timestamp, "token": token, "signature": signature},
        "event-data": event or failed,
    }
    body = json.dumps(told).encode()
    return Sample(signer=Signer(service="mailgun", secret=SECRET), post=EventPost(headers={}, body=body, at=NOW))


def postmark(event: Mapping[str, object] | None = None, secret: str = "digest:" + SECRET) -> Sample:
    """Return a request of Postmark, which logs in with the user and password of the webhook's URL."""
    bounced = {
        "RecordType": "Bounce",
        "ID": 4_323_372_036_854_775_807,
        "Type": "HardBounce",
        "Email": READER,
        "Details": "550 5.1.1 no such user",
        "BouncedAt": "2026-11-27T05:59:00Z",
    }
    login = base64.b64encode(secret.encode()).decode()
    post = EventPost(headers={"authorization": f"Basic {login}"}, body=json.dumps(event or bounced).encode(), at=NOW)
    return Sample(signer=Signer(service="postmark", secret="digest:" + SECRET), post=post)


def brevo(event: Mapping[str, object] | None = None, secret: str = SECRET) -> Sample:
    """Return a request of Brevo, with the bearer token of the webhook."""
    bounced = {
        "event": "hard_bounce",
        "email": READER,
        "id": 26_224,
        "message-id": "<b@letters.example>",
        "ts_event": int((NOW - timedelta(minutes=1)).timestamp()),
        "reason": "550 5.1.1 no such user",
    }
    post = EventPost(headers={"authorization": f"Bearer {secret}"}, body=json.dumps(event or bounced).encode(), at=NOW)
    return Sample(signer=Signer(service="brevo", secret=SECRET), post=post)


def standard(data: Mapping[str, object] | None = None, kind: str = "bounce", at: datetime = NOW) -> Sample:
    """Return a request of a program that signs as Standard Webhooks does."""
    bounced = {"recipient": READER, "status": "5.1.1", "diagnostic": "550 5.1.1 no such user", "permanent": True}
    told = {"type": kind, "timestamp": "2026-11-27T05:59:00Z", "data": data or bounced}
    body, timestamp = json.dumps(told).encode(), str(int(at.timestamp()))
    headers = {
        "webhook-id": "msg-1",
        "webhook-timestamp": timestamp,
        "webhook-signature": "v1a,zzz " + standard_signature(WHSEC, "msg-1", timestamp, body),
    }
    return Sample(signer=Signer(service="standard", secret=WHSEC), post=EventPost(headers=headers, body=body, at=NOW))


SAMPLES: Mapping[str, Callable[[], Sample]] = {
    "ses": ses,
    "sendgrid": sendgrid,
    "mailgun": mailgun,
    "postmark": postmark,
    "brevo": brevo,
    "standard": standard,
}


def without(sample: Sample, header: str) -> EventPost:
    """Return the request without a header."""
    return replace(sample.post, headers={k: v for k, v in sample.post.headers.items() if k != header})
