"""Messages are signed as Standard Webhooks says, with one secret or two."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import UnsignedEvent, WebhookError
from digest.readers.event_signatures import EventPost, Signer, require_signature
from digest.webhooks.signing import headers, secret_key, secret_text, signature

NOW = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)
SECRET = secret_text(b"0123456789abcdef0123456789abcdef")
NEXT = secret_text(b"fedcba9876543210fedcba9876543210")


def no_certificate(url: str) -> bytes:
    raise AssertionError(url)


def verified(secret: str, body: bytes, given: dict[str, str]) -> bool:
    """Return whether our own receiver of services' events, which follows the same standard, accepts a message."""
    post = EventPost(headers=given, body=body, at=NOW)
    try:
        require_signature(post, Signer(service="standard", secret=secret), no_certificate)
    except UnsignedEvent:
        return False
    return True


def test_the_signature_of_a_known_message_is_the_published_one() -> None:
    """The example of the libraries of Standard Webhooks (standard-webhooks/libraries, "test_sign_function")."""
    secret, name, body = (
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
    )
    assert signature(secret, name, 1614265330, body) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(max_size=200), st.text("abcdef0123456789_", min_size=1, max_size=40))
def test_a_message_verifies_with_its_own_secret_alone(body: bytes, name: str) -> None:
    made = dict(headers((SECRET,), name, body, NOW))
    assert verified(SECRET, body, made)
    assert not verified(NEXT, body, made)
    assert not verified(SECRET, body + b" ", made)
    assert not verified(SECRET, body, made | {"webhook-id": name + "x"})
    assert not verified(SECRET, body, made | {"webhook-timestamp": str(int(NOW.timestamp()) + 1)})


def test_while_rotating_either_secret_verifies() -> None:
    made = dict(headers((NEXT, SECRET), "evt_1", b"{}", NOW))
    assert made["webhook-signature"].count("v1,") == 2
    assert verified(SECRET, b"{}", made)
    assert verified(NEXT, b"{}", made)


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        "whsec_not base64",
        "no prefix at all",
        base64.b64encode(bytes(32)).decode(),
        secret_text(bytes(23)),
        secret_text(bytes(65)),
    ],
)
def test_what_is_no_secret_is_refused(secret: str) -> None:
    with pytest.raises(WebhookError, match="24 to 64"):
        secret_key(secret)


@pytest.mark.parametrize("size", [24, 32, 64])
def test_a_secret_has_the_sizes_of_the_standard(size: int) -> None:
    assert secret_key(secret_text(bytes(size))) == bytes(size)
