"""Verifies who posted an event. Each sending service signs, or authenticates, in its own documented way.

============  ================================================================================================
ses           Amazon SNS: RSA over named fields, with a certificate of an SNS host (signature versions 1 and 2)
sendgrid      Signed Event Webhook: ECDSA P-256 with SHA-256 over the timestamp header and the body
mailgun       HMAC-SHA-256 over timestamp and token; the event is not covered, so a token is accepted once
postmark      HTTP Basic authentication; Postmark does not sign
brevo         a bearer token, or HTTP Basic authentication; Brevo does not sign
standard      Standard Webhooks: HMAC-SHA-256 over id, timestamp and body
============  ================================================================================================

Nothing here reads a clock or a network: the time and the certificate are arguments.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from digest.errors import UnsignedEvent

MOST_AGE = timedelta(days=2)
"""Oldest accepted timestamp: services retry for a day. A repeated event is recognised by its id."""
MOST_AHEAD = timedelta(minutes=10)
"""A timestamp may be this far in the future, since the service's clock may be ahead of ours."""
_SNS_HOST = re.compile(r"sns\.[a-z0-9-]{1,40}\.amazonaws\.com(?:\.cn)?")
_SNS_FILE = re.compile(r"/SimpleNotificationService-[A-Za-z0-9]{1,100}\.pem")
_SIGNED_FIELDS = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    "UnsubscribeConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
"""The signed fields of each type of SNS message, in signing order. A missing Subject is left out."""

Headers = Mapping[str, str]
"""Name of a header in lower case -> value."""
Certificates = Callable[[str], bytes]
"""Returns the PEM file (certificates) at a URL. Raises FetchError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPost:
    """The parts of a received request that are signed or prove the sender."""

    headers: Headers
    body: bytes
    at: datetime
    """When the request was received, with a time zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """What the settings say about a service: its secret or public key, and for SES the topic."""

    service: str
    secret: str = ""
    topic: str = ""


def require_signature(post: EventPost, signer: Signer, certificates: Certificates) -> str:
    """Check that a service sent a request. Return a token that must be refused the next time; empty for most services.

    Mailgun's signature covers only this token, and not the body.

    Raises:
        UnsignedEvent: The request does not prove that the service sent it. The message says what is missing or wrong.
        FetchError: The certificate of SES cannot be fetched.
    """
    if signer.service == "ses":
        _require_sns(post, signer.topic, certificates)
    elif signer.service == "sendgrid":
        _require_sendgrid(post, signer.secret)
    elif signer.service == "mailgun":
        return _require_mailgun(post, signer.secret)
    elif signer.service == "standard":
        _require_standard(post, signer.secret)
    else:
        _require_login(post, signer.secret)
    return ""


def json_object(body: bytes) -> dict[str, object]:
    """Return the JSON object in a body. Raises UnsignedEvent when it is not one."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:  # thousands of nested brackets
        raise UnsignedEvent("the body is not JSON") from error
    if not isinstance(found, dict):
        raise UnsignedEvent("the body is not a JSON object")
    return found


def is_sns_address(url: str) -> bool:
    """Return whether ``url`` is an https URL of Amazon's notification service."""
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and parts.port in {None, 443} and bool(_SNS_HOST.fullmatch(parts.netloc))
    except ValueError:
        return False


# --- Amazon SES, through SNS ------------------------------------------------------------------------------------------


def _require_sns(post: EventPost, topic: str, certificates: Certificates) -> None:
    message = json_object(post.body)
    if message.get("TopicArn") != topic:
        raise UnsignedEvent("the message is of another topic than the one in the settings")
    fields = _SIGNED_FIELDS.get(str(message.get("Type")))
    address, version = str(message.get("SigningCertURL")), message.get("SignatureVersion")
    if fields is None or version not in {"1", "2"}:
        raise UnsignedEvent("the type or the version of the signature is unknown")
    if not is_sns_address(address) or not _SNS_FILE.fullmatch(urlsplit(address).path):
        raise UnsignedEvent("the certificate is not one of Amazon's notification service")
    signed = "".join(f"{name}\n{message[name]}\n" for name in fields if message.get(name) is not None)
    algorithm = hashes.SHA1() if version == "1" else hashes.SHA256()  # noqa: S303 - the service chose it
    key = _certified_key(certificates(address), post.at)
    try:
        key.verify(_decoded(str(message.get("Signature"))), signed.encode(), padding.PKCS1v15(), algorithm)
    except InvalidSignature as error:
        raise UnsignedEvent("the signature is wrong") from error


def _certified_key(pem: bytes, now: datetime) -> rsa.RSAPublicKey:
    """Return the public key of a certificate (PEM). Raises UnsignedEvent when it is not valid at ``now``.

    The caller fetched the certificate by TLS from a host of the service, so its issuer is not checked.
    """
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        key = certificate.public_key()
    except ValueError as error:
        raise UnsignedEvent("the certificate cannot be read") from error
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise UnsignedEvent("the certificate is not valid now")
    if not isinstance(key, rsa.RSAPublicKey):
        raise UnsignedEvent("the certificate has no RSA key")
    return key


# --- SendGrid ---------------------------------------------------------------------------------------------------------


def _require_sendgrid(post: EventPost, public_key: str) -> None:
    timestamp = post.headers.get("x-twilio-email-event-webhook-timestamp", "")
    signature = post.headers.get("x-twilio-email-event-webhook-signature", "")
    _require_recent(timestamp, post.at)
    key = sendgrid_key(public_key)
    if key is None:
        raise UnsignedEvent("the secret in the settings is not a public key")
    try:
        key.verify(_decoded(signature), timestamp.encode() + post.body, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise UnsignedEvent("the signature is wrong") from error


def sendgrid_key(text: str) -> ec.EllipticCurvePublicKey | None:
    """Return the public key that SendGrid shows for a webhook (base64 of DER); None when ``text`` is no such key."""
    try:
        key = serialization.load_der_public_key(base64.b64decode(text, validate=True))
    except (ValueError, binascii.Error):
        return None
    return key if isinstance(key, ec.EllipticCurvePublicKey) else None


# --- Mailgun ----------------------------------------------------------------------------------------------------------


def _require_mailgun(post: EventPost, secret: str) -> str:
    signed = json_object(post.body).get("signature")
    given = signed if isinstance(signed, dict) else {}
    timestamp, token = str(given.get("timestamp", "")), str(given.get("token", ""))
    _require_recent(timestamp, post.at)
    made = hmac.digest(secret.encode(), (timestamp + token).encode("utf-8", "replace"), sha256).hex()
    if not token or not hmac.compare_digest(made.encode(), str(given.get("signature", "")).encode("utf-8", "replace")):
        raise UnsignedEvent("the signature is wrong")
    return token


# --- Standard Webhooks ------------------------------------------------------------------------------------------------


def _require_standard(post: EventPost, secret: str) -> None:
    timestamp, name = post.headers.get("webhook-timestamp", ""), post.headers.get("webhook-id", "")
    _require_recent(timestamp, post.at)
    if not name:
        raise UnsignedEvent("the header webhook-id is missing")
    made = standard_signature(secret, name, timestamp, post.body)
    given = post.headers.get("webhook-signature", "").split(" ")
    if not any(hmac.compare_digest(made.encode(), each.encode("utf-8", "replace")) for each in given):
        raise UnsignedEvent("the signature is wrong")


def standard_signature(secret: str, name: str, timestamp: str, body: bytes) -> str:
    """Return the value of the header ``webhook-signature`` (Standard Webhooks 1.0, "Signature scheme").

    ``secret`` is ``whsec_`` followed by base64; without that prefix, its characters are the key. ``name`` is the
    message's id.
    """
    prefix, _, encoded = secret.partition("whsec_")
    key = _decoded(encoded) if encoded and not prefix else secret.encode()
    signed = hmac.digest(key, b".".join((name.encode("utf-8", "replace"), timestamp.encode(), body)), sha256)
    return f"v1,{base64.b64encode(signed).decode()}"


# --- Postmark and Brevo -----------------------------------------------------------------------------------------------


def _require_login(post: EventPost, secret: str) -> None:
    """Raise UnsignedEvent unless the header Authorization has the secret: as a bearer token or ``user:password``."""
    kind, _, given = post.headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        found = _decoded(given)
    elif kind.lower() == "bearer":
        found = given.strip().encode("utf-8", "replace")
    else:
        raise UnsignedEvent("the header Authorization is missing")
    if not secret or not hmac.compare_digest(found, secret.encode()):
        raise UnsignedEvent("the secret is wrong")


# --- What they share --------------------------------------------------------------------------------------------------


def _require_recent(timestamp: str, now: datetime) -> None:
    if not re.fullmatch(r"[0-9]{1,11}", timestamp, re.ASCII):
        raise UnsignedEvent("the timestamp is missing, or is not a number of seconds")
    age = now - datetime.fromtimestamp(int(timestamp), UTC)
    if not -MOST_AHEAD <= age <= MOST_AGE:
        raise UnsignedEvent("the timestamp is too old, or lies in the future")


def _decoded(text: str) -> bytes:
    """Return the bytes of a base64 text; empty when ``text`` is not base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return b""
