"""Signs letters (DKIM, RFC 6376 and 8463): relaxed/simple, with RSA-2048 and also with Ed25519.

new_key -> a PEM file and its DNS records
configured_signer -> Signer.fields, once for each letter
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

from digest.errors import SettingsError
from digest.settings import MailSettings
from digest.text.header import a_labels

SMALLEST_RSA = 2048
"""Least bits of an RSA key for signing. Large mail hosts refuse keys under 1024 bits and recommend this length."""
SIGNED = (
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"reply-to",
    b"list-id",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
    b"list-help",
    b"list-archive",
    b"feedback-id",
    b"auto-submitted",
    b"precedence",
    b"mime-version",
    b"content-type",
)
"""Header fields that are signed if present."""
OVERSIGNED = (b"from", b"subject", b"to", b"date", b"reply-to", b"list-unsubscribe", b"list-unsubscribe-post")
"""Fields that are signed once more than they occur, so that nobody can add another (RFC 6376, section 8.15)."""
TAG_WIDTH = 74
PEM_BLOCK = re.compile(rb"-----BEGIN [A-Z ]+-----.*?-----END [A-Z ]+-----", re.DOTALL)
Key = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsRecord:
    """A TXT record to publish: its full name and its text (the name server's tools split it into strings of 255)."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A new key: both private keys as PEM (for a file of mode 0600), and the DNS records with the public keys."""

    pem: bytes = field(repr=False)
    records: tuple[DnsRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Signs letters as ``domain`` with each of ``keys``, which are pairs of selector and private key."""

    domain: str
    keys: tuple[tuple[str, Key], ...] = field(repr=False)

    def fields(self, canonical: dict[bytes, bytes], body_hash: bytes) -> bytes:
        """Return the DKIM-Signature fields to put before a letter, folded, each ended by CRLF.

        ``canonical`` maps the lower-case name of each signed field to its relaxed form (``name:value`` CRLF).
        ``body_hash`` is the SHA-256 digest of the body in simple form (section 3.4.3).
        """
        names = [name for name in SIGNED if name in canonical]
        listed = b":".join([*names, *OVERSIGNED])
        signed = b"".join(map(canonical.__getitem__, names))
        hashed = base64.b64encode(body_hash)
        return b"".join(self._field(selector, key, listed, signed, hashed) for selector, key in self.keys)

    def _field(self, selector: str, key: Key, listed: bytes, signed: bytes, body_hash: bytes) -> bytes:
        kind = b"rsa" if isinstance(key, rsa.RSAPrivateKey) else b"ed25519"
        field_ = b"DKIM-Signature: v=1; a=%s-sha256; c=relaxed/simple;\r\n d=%s; s=%s;\r\n bh=%s;\r\n h=%s;\r\n b=" % (
            kind,
            self.domain.encode(),
            selector.encode(),
            body_hash,
            _wrapped(listed, b":"),
        )
        signature = base64.b64encode(_signature(key, signed + relaxed(field_)))
        return field_ + _wrapped(signature) + b"\r\n"


def _signature(key: Key, data: bytes) -> bytes:
    """Return the signature of ``data``. An Ed25519 key signs the SHA-256 digest of the data (RFC 8463, section 3)."""
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(sha256(data).digest())


def _wrapped(value: bytes, separator: bytes = b"") -> bytes:
    """Return a long tag folded at its separators, or anywhere without separators: receivers ignore the white space."""
    if not separator:
        return b"\r\n ".join(value[at : at + TAG_WIDTH] for at in range(0, len(value), TAG_WIDTH))
    lines, line = [], b""
    for name in value.split(separator):
        if line and len(line) + len(name) > TAG_WIDTH - 4:
            lines.append(line)
            line = b""
        line += name + separator
    return b"\r\n ".join([*lines, line]).removesuffix(separator)


def relaxed(field_: bytes) -> bytes:
    """Return one header field in relaxed form (section 3.4.2), without a line break at its end."""
    name, _, value = field_.partition(b":")
    return name.strip().lower() + b":" + b" ".join(value.split())


def new_key(domain: str, selector: str) -> NewKey:
    """Return a new RSA-2048 and a new Ed25519 key for ``domain``, with the two records that publish them."""
    keys: tuple[Key, ...] = (
        rsa.generate_private_key(public_exponent=65537, key_size=SMALLEST_RSA),
        ed25519.Ed25519PrivateKey.generate(),
    )
    pem = b"".join(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        for key in keys
    )
    return NewKey(pem=pem, records=dns_records(signer_of(pem, domain, selector)))


def dns_records(signer: Signer) -> tuple[DnsRecord, ...]:
    """Return the records with the public keys (RFC 6376, section 3.6.1; RFC 8463, section 4)."""
    return tuple(
        DnsRecord(name=f"{selector}._domainkey.{signer.domain}", text=_record(key)) for selector, key in signer.keys
    )


def _record(key: Key) -> str:
    if isinstance(key, rsa.RSAPrivateKey):
        public = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return f"v=DKIM1; k=ed25519; p={base64.b64encode(raw).decode()}"


def key_trouble(published: str, kind: str) -> str:
    """Return why the ``p=`` of a record is not a key of the type ``kind``; empty when it is one."""
    try:
        raw = base64.b64decode(published, validate=True)
        if kind == "ed25519":
            ed25519.Ed25519PublicKey.from_public_bytes(raw)
            return ""
        key = serialization.load_der_public_key(raw)
    except (ValueError, UnsupportedAlgorithm) as error:
        return f"{error}"[:80] or "it is cut off"
    return "" if isinstance(key, rsa.RSAPublicKey) else "it is no RSA key"


def key_bits(published: str) -> int:
    """Return the length of the RSA key in the ``p=`` of a record, in bits; 0 when it is no RSA key."""
    try:
        key = serialization.load_der_public_key(base64.b64decode(published))
    except (ValueError, UnsupportedAlgorithm):
        return 0
    return key.key_size if isinstance(key, rsa.RSAPublicKey) else 0


def configured_signer(mail: MailSettings, folder: Path) -> Signer | None:
    """Return the signer that the settings describe; None when they describe none.

    Raises:
        SettingsError: the domain, the selector or the key file is missing, or the file holds no key.
    """
    asked = {
        "mail.dkim_domain": mail.dkim_domain,
        "mail.dkim_selector": mail.dkim_selector,
        "mail.dkim_key_file": mail.dkim_key_file,
    }
    if not any(asked.values()):
        return None
    missing = tuple(f"{name}: DKIM needs it too" for name, value in asked.items() if not value)
    if missing:
        raise SettingsError(missing)
    try:
        pem = (folder / str(mail.dkim_key_file)).read_bytes()
    except OSError as error:
        raise SettingsError((f"mail.dkim_key_file: {error}",)) from error
    return signer_of(pem, a_labels(str(mail.dkim_domain)), str(mail.dkim_selector))


def signer_of(pem: bytes, domain: str, selector: str) -> Signer:
    """Return a signer with the keys of a PEM file; an Ed25519 key's selector is ``SELECTOR-ed25519``.

    Raises:
        SettingsError: a key cannot be read, an RSA key is shorter than 2048 bits, or there is no key.
    """
    found = [_private_key(block) for block in PEM_BLOCK.findall(pem)]
    keys = sorted(found, key=lambda key: isinstance(key, ed25519.Ed25519PrivateKey))
    if not any(isinstance(key, rsa.RSAPrivateKey) for key in keys):
        raise SettingsError(("mail.dkim_key_file: no RSA key in it, and not every receiver verifies Ed25519",))
    named = tuple((selector if isinstance(key, rsa.RSAPrivateKey) else f"{selector}-ed25519", key) for key in keys)
    return Signer(domain=domain, keys=named)


def _private_key(block: bytes) -> Key:
    try:
        key = serialization.load_pem_private_key(block, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SettingsError((f"mail.dkim_key_file: cannot be read as a private key: {error}",)) from error
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= SMALLEST_RSA:
        return key
    raise SettingsError((f"mail.dkim_key_file: a key must be RSA of {SMALLEST_RSA} bits or more, or Ed25519",))
