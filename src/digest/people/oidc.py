"""Single sign-on by OpenID Connect: the authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0).

The provider comes from the settings, so requests to it do not use the guard for untrusted addresses.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.oauth2.client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from digest.errors import ProviderError
from digest.settings import OidcSettings

DISCOVERY = "/.well-known/openid-configuration"
SCOPE = "openid email profile"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Accepted signature algorithms of an id token: those with a public key of the provider.

``none`` proves nothing. Neither does an algorithm whose secret is shared with us.
"""
TIMEOUT_SECONDS = 10.0
KNOWN_FOR = timedelta(hours=1)
"""How long the provider's metadata is cached."""
LEEWAY_SECONDS = 120
_FAILURES = (httpx.HTTPError, httpx.InvalidURL, AuthlibBaseError, JoseError, KeyError, TypeError, ValueError)
"""Errors of a provider: connection errors, refusals, bad tokens, and answers in an unexpected form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """The secrets of one sign-in. The id token must contain ``nonce``; ``verifier`` is sent with the code (PKCE)."""

    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """A person whom the provider confirms. The provider has verified that ``email`` belongs to the person."""

    email: str
    name: str
    signed_in_at: datetime | None
    """When the person last signed in at the provider; None if the provider does not say so."""


class _Client(OAuth2Client):  # type: ignore[misc]  # Authlib has no types
    """Authlib's client on httpx. Authlib plans to replace httpx with another library."""

    def _fetch_token(
        self,
        url: str,
        body: str = "",
        headers: Mapping[str, str] | None = None,
        auth: Any = None,  # noqa: ANN401 - Authlib's
        method: str = "POST",
        **_rest: object,
    ) -> Any:  # noqa: ANN401 - Authlib's
        where, named, content = auth.prepare(method, url, dict(headers or {}), body)
        return self.parse_response_token(self.session.request(method, where, headers=named, content=content))


def new_secrets() -> Secrets:
    """Return new random secrets for one sign-in."""
    return Secrets(nonce=generate_token(43), verifier=generate_token(64))


class Provider:
    """The sign-in provider that the settings name. One object serves all threads."""

    def __init__(self, settings: OidcSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._known: tuple[datetime, Mapping[str, Any]] | None = None

    @property
    def name(self) -> str:
        """The name of the provider, as the sign-in page shows it."""
        return self._settings.name

    def way(self, back: str, state: str, kept: Secrets, now: datetime, *, again: bool) -> str:
        """Return the provider's URL to which the browser is sent to sign in; afterwards it is sent to the URL ``back``.

        The provider returns ``state`` unchanged. With ``again`` it must ask the user to sign in anew. Raises
        ProviderError.
        """
        with httpx.Client(timeout=TIMEOUT_SECONDS) as http:
            about = self._about(http, now)
            more = {"prompt": "login", "max_age": "0"} if again else {}
            try:
                url, _state = self._client(http, about, back).create_authorization_url(
                    about["authorization_endpoint"], state=state, code_verifier=kept.verifier, nonce=kept.nonce, **more
                )
            except _FAILURES as error:
                raise ProviderError(f"{self.name}: {error}") from error
        return str(url)

    def vouched(self, back: str, code: str, kept: Secrets, now: datetime) -> Vouched:
        """Exchange the ``code`` with which the browser came back, and return the person whom the provider confirms.

        ``back`` and ``kept`` are the same as in ``way``. Raises ProviderError.
        """
        try:
            with httpx.Client(timeout=TIMEOUT_SECONDS) as http:
                about = self._about(http, now)
                token = self._client(http, about, back).fetch_token(
                    about["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=kept.verifier
                )
                claims = self._claims(http, about, token, kept, now)
                return _person({**self._more(http, about, token, claims), **claims})
        except _FAILURES as error:
            raise ProviderError(f"{self.name}: {error!r:.200}") from error

    def _about(self, http: httpx.Client, now: datetime) -> Mapping[str, Any]:
        """Return the provider's metadata (OpenID Connect Discovery 1.0, section 4)."""
        with self._lock:
            if self._known is not None and timedelta() <= now - self._known[0] < KNOWN_FOR:
                return self._known[1]
            issuer = str(self._settings.issuer)
            try:
                found = http.get(issuer.rstrip("/") + DISCOVERY).raise_for_status().json()
            except _FAILURES as error:
                raise ProviderError(f"{self.name} cannot be asked: {error}") from error
            if found.get("issuer") != issuer:
                raise ProviderError(f"{self.name} calls itself {found.get('issuer')!r:.100}, the settings {issuer!r}")
            self._known = (now, found)
            return self._known[1]

    def _client(self, http: httpx.Client, about: Mapping[str, Any], back: str) -> _Client:
        ways = about.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        secret = self._settings.client_secret
        how = "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"
        return _Client(
            http,
            client_id=self._settings.client_id,
            client_secret=secret or None,
            token_endpoint_auth_method=how if secret else "none",
            scope=SCOPE,
            redirect_uri=back,
            code_challenge_method="S256",
        )

    def _claims(
        self, http: httpx.Client, about: Mapping[str, Any], token: Mapping[str, Any], kept: Secrets, now: datetime
    ) -> dict[str, Any]:
        """Check the id token in ``token`` (signature, issuer, audience, nonce and times), and return its claims."""
        keys = KeySet.import_key_set(http.get(about["jwks_uri"]).raise_for_status().json())
        signed = jwt.decode(token["id_token"], keys, algorithms=list(ALGORITHMS))
        wanted = {
            "iss": {"essential": True, "value": self._settings.issuer},
            "aud": {"essential": True, "value": self._settings.client_id},
        }
        given = {
            "nonce": kept.nonce,
            "client_id": self._settings.client_id,
            "access_token": token.get("access_token"),
        }
        claims = CodeIDToken(signed.claims, signed.header, wanted, given)
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
        return dict(claims)

    def _more(
        self, http: httpx.Client, about: Mapping[str, Any], token: Mapping[str, Any], claims: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return the claims of the provider's userinfo page when the id token names no address; otherwise nothing."""
        if "email" in claims or "userinfo_endpoint" not in about:
            return {}
        bearer = {"Authorization": f"Bearer {token['access_token']}"}
        found = http.get(about["userinfo_endpoint"], headers=bearer).raise_for_status().json()
        return dict(found) if found.get("sub") == claims["sub"] else {}


def _person(claims: Mapping[str, Any]) -> Vouched:
    """Return the person whom the claims describe. Raises ValueError when they contain no verified e-mail address."""
    if not claims.get("email") or claims.get("email_verified") not in {True, "true"}:
        raise ValueError("it gives no verified e-mail address")
    asked = claims.get("auth_time")
    return Vouched(
        email=str(claims["email"]),
        name=str(claims.get("name") or ""),
        signed_in_at=datetime.fromtimestamp(float(asked), UTC) if asked is not None else None,
    )
