from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

import dkim
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.letters.editions import BRAND, MAIL, SITE, cyrillic, full_morning

from digest.deliver.message.dkim import configured_signer, dns_records, new_key, relaxed, signer_of
from digest.deliver.message.splice import Prepared, ReaderFields, prepare
from digest.errors import SettingsError
from digest.render.letter import render
from digest.settings import MailSettings

DATE = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
KEY = new_key("example.com", "n1")
SIGNER = signer_of(KEY.pem, "example.com", "n1")
ZONE = {record.name: record.text for record in KEY.records}
READER = ReaderFields(address="anna@receiver.test", message_id="m1", unsubscribe="u1", preferences="p1")
NAMES = st.text(st.characters(codec=None, categories=None), max_size=80)


def prepared(edition: str) -> Prepared:
    made = {"morning": full_morning, "cyrillic": cyrillic}[edition]()
    return prepare(render(made, None, SITE, BRAND, MAIL, date=DATE), SIGNER)


LETTERS = ("morning", "cyrillic")
once_prepared = cache(prepared)


def answer(name: bytes, timeout: int = 5) -> bytes:
    del timeout
    return ZONE[name.decode().rstrip(".")].encode()


def rsa_verifies(raw: bytes) -> bool:
    try:
        return bool(dkim.DKIM(raw).verify(0, dnsfunc=answer))
    except dkim.DKIMException:
        return False


def ed25519_verifies(raw: bytes) -> bool:
    """Verify the second signature by RFC 6376, section 3.7, without a line of the signer's."""
    header, body = raw.split(b"\r\n\r\n", 1)
    fields = re.split(rb"\r\n(?![ \t])", header)
    signature = next(one for one in fields if b"a=ed25519" in one)
    tags = dict(tag.split(b"=", 1) for tag in re.sub(rb"\s", b"", signature.split(b":", 1)[1]).split(b";"))
    plain = {name.lower(): re.sub(rb"\s+", b" ", value).strip() for name, value in (f.split(b":", 1) for f in fields)}
    seen: set[bytes] = set()
    signed = b""
    for name in tags[b"h"].split(b":"):
        signed += b"" if name in seen else name + b":" + plain[name] + b"\r\n"
        seen.add(name)
    bare = re.sub(rb"(?s)b=[^;]*$", b"b=", signature.split(b":", 1)[1])
    signed += b"dkim-signature:" + re.sub(rb"\s+", b" ", bare).strip()
    public = base64.b64decode(ZONE["n1-ed25519._domainkey.example.com"].split("p=")[1])
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(base64.b64decode(tags[b"b"]), sha256(signed).digest())
    except InvalidSignature:
        return False
    return base64.b64decode(tags[b"bh"]) == sha256(body).digest()


@settings(max_examples=25, deadline=None)
@given(NAMES, st.sampled_from(LETTERS))
def test_any_readers_copy_verifies_by_another_implementation(name: str, which: str) -> None:
    raw = once_prepared(which).splice(replace(READER, name=name))
    assert rsa_verifies(raw)
    assert ed25519_verifies(raw)


@pytest.mark.parametrize(
    ("was", "forged"),
    [
        (b"Subject: Norrhaven", b"Subject: norrhaven"),
        (b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click", b""),
        (b"anna@receiver.test", b"otto@receiver.test"),
        (b"the tidal barrier", b"the total barrier"),
        (b"MIME-Version", b"Subject: Another\r\nMIME-Version"),
        (b"\r\nFrom: ", b"\r\nFrom: a@example.com\r\nFrom: "),
        (b"\r\nFrom: ", b"\r\nSubject: Another\r\nFrom: "),
        (b"\r\nFrom: ", b"\r\nReply-To: thief@example.org\r\nFrom: "),
    ],
)
def test_a_change_on_the_way_breaks_the_signature(was: bytes, forged: bytes) -> None:
    raw = once_prepared("morning").splice(READER)
    assert was in raw
    assert not rsa_verifies(raw.replace(was, forged))


def test_a_retry_is_the_same_to_the_byte() -> None:
    assert once_prepared("morning").splice(READER) == prepared("morning").splice(READER)


def test_the_records_are_those_that_receivers_look_up() -> None:
    one, other = KEY.records
    assert one.name == "n1._domainkey.example.com"
    assert re.fullmatch(r"v=DKIM1; k=rsa; p=[A-Za-z0-9+/]{392}", one.text)
    assert other.name == "n1-ed25519._domainkey.example.com"
    assert re.fullmatch(r"v=DKIM1; k=ed25519; p=[A-Za-z0-9+/]{43}=", other.text)
    assert dns_records(SIGNER) == KEY.records


def test_no_signature_line_is_long_or_empty() -> None:
    header = once_prepared("morning").splice(READER).split(b"\r\nFrom:")[0]
    assert all(1 < len(line) <= 78 for line in header.split(b"\r\n"))
    assert b" l=" not in header


def test_the_relaxed_form_is_that_of_the_standard() -> None:
    assert relaxed(b"A: X") == b"a:X"
    assert relaxed(b"B : Y\t\r\n\tZ  ") == b"b:Y Z"


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        (b"", "no RSA key"),
        (KEY.pem[KEY.pem.rindex(b"-----BEGIN") :], "no RSA key"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "cannot be read"),
        (pem(rsa.generate_private_key(public_exponent=65537, key_size=1024)), "RSA of 2048 bits or more"),  # noqa: S505
        (pem(ec.generate_private_key(ec.SECP256R1())), "RSA of 2048 bits or more"),
    ],
)
def test_a_key_that_receivers_would_refuse_is_refused_here(file: bytes, problem: str) -> None:
    with pytest.raises(SettingsError, match=problem):
        signer_of(file, "example.com", "n1")


def test_the_settings_name_the_key(tmp_path: Path) -> None:
    (tmp_path / "dkim.pem").write_bytes(KEY.pem)
    mail = MailSettings(dkim_domain="example.com", dkim_selector="n1", dkim_key_file="dkim.pem")
    signer = configured_signer(mail, tmp_path)
    assert signer is not None
    assert dns_records(signer) == KEY.records
    assert configured_signer(MailSettings(), tmp_path) is None


@pytest.mark.parametrize(
    ("mail", "problem"),
    [
        (MailSettings(dkim_domain="example.com"), "mail.dkim_selector: DKIM needs it too\nmail.dkim_key_file"),
        (MailSettings(dkim_domain="a", dkim_selector="b", dkim_key_file="none.pem"), "none.pem"),
    ],
)
def test_half_a_configuration_is_told(tmp_path: Path, mail: MailSettings, problem: str) -> None:
    with pytest.raises(SettingsError, match=problem):
        configured_signer(mail, tmp_path)
