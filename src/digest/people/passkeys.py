"""Passkeys (WebAuthn Level 3): the requests to a browser, and the check of its answers.

A passkey that signs in also verifies its user (a fingerprint, a PIN), so it is both factors at once. We create the
challenge, and it is used once. The answer names the origin that it was made for, so that no other site can use it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from digest.model.desk_session import Passkey


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """The site for which passkeys are made: its host name, its origin and its shown name (WebAuthn, section 5.1.2)."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request to the browser, as JSON, and the challenge (base64url) that its answer must hold."""

    options: str
    challenge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A new passkey: its id (base64url), its public key, and how often it was used."""

    credential: str
    public_key: bytes
    count: int


def ask_for_new(party: Party, handle: str, email: str, name: str, known: Sequence[str]) -> Asked:
    """Return the request that makes a browser register a passkey for a user.

    ``handle`` is the user's id for passkeys, in hexadecimal. ``known`` are the ids of the user's passkeys. The device
    that has one of them does not register another.
    """
    options = generate_registration_options(
        rp_id=party.host,
        rp_name=party.name,
        user_name=email,
        user_id=bytes.fromhex(handle),
        user_display_name=name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in known],
    )
    return Asked(options=options_to_json(options), challenge=bytes_to_base64url(options.challenge))


def ask_for_known(party: Party, known: Sequence[str] = ()) -> Asked:
    """Return the request that makes a browser sign in with a passkey.

    ``known`` are the ids of the passkeys that are accepted. When it is empty, any passkey for this site is.
    """
    options = generate_authentication_options(
        rp_id=party.host,
        user_verification=UserVerificationRequirement.REQUIRED,
        allow_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in known],
    )
    return Asked(options=options_to_json(options), challenge=bytes_to_base64url(options.challenge))


def registered(party: Party, challenge: str, answer: str) -> Registered | None:
    """Return the passkey that the browser registered. None when its ``answer`` (JSON) does not fit the challenge."""
    try:
        found = verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError):
        return None
    return Registered(
        credential=bytes_to_base64url(found.credential_id),
        public_key=found.credential_public_key,
        count=found.sign_count,
    )


def used(party: Party, challenge: str, answer: str, passkey: Passkey) -> int | None:
    """Check a browser's ``answer`` (JSON) made with ``passkey``. Return the new use count; None when it is not valid.

    An answer is refused when the count does not grow, because the passkey was then copied (WebAuthn, section 7.2, step
    22).
    """
    try:
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError):
        return None
    return found.new_sign_count


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The passkey and the user that a browser's answer names. Both are empty when the answer cannot be read."""

    credential: str = ""
    """Id of the passkey."""
    handle: str = ""
    """Handle of the user for whom the passkey was made, in hexadecimal. Empty when the answer has none."""


def named_by(answer: str) -> Named:
    """Return the passkey and the user that a browser's ``answer`` (JSON) names. Nothing is verified."""
    try:
        found = parse_authentication_credential_json(answer)
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return Named()
    return Named(credential=found.id, handle=(found.response.user_handle or b"").hex())
