"""The editors' desk in the browser: its host, how long a sign-in lasts, and single sign-on."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from digest.settings.types import Text


class OidcSettings(Struct, frozen=True, kw_only=True):
    """An OpenID Connect provider for sign-in; without an ``issuer`` there is none."""

    issuer: str | None = None
    """URL of the provider, such as https://accounts.example.com; its discovery document is below this URL."""
    client_id: str = ""
    """Id of this program at the provider."""
    client_secret: str = ""
    """Secret that belongs to ``client_id``; empty for a public client, which PKCE protects."""
    name: Text = "single sign-on"
    """Name on the button: "Sign in with ..."."""
    new_users: Literal["no", "viewer", "editor"] = "no"
    """Whether an unknown person that the provider confirms becomes a user, and in which role."""
    domains: tuple[str, ...] = ()
    """Domains of addresses that may become users in this way; empty means all."""


class DeskSettings(Struct, frozen=True, kw_only=True):
    """The editors' desk at /desk of the public pages; it is available when there is a user (`digest users add`)."""

    off: bool = False
    """Turn the desk off, even if there are users."""
    host: str | None = None
    """Another host name for the desk instead of that of ``site.url``, with a port if needed."""
    idle_minutes: Annotated[int, Meta(ge=5, le=10_080)] = 120
    """A sign-in ends after this time without a request."""
    absolute_hours: Annotated[int, Meta(ge=1, le=720)] = 24
    """A sign-in ends after this time, even if it is in use."""
    recent_minutes: Annotated[int, Meta(ge=1, le=1440)] = 10
    """Important actions, such as an approval, ask for the password again if it was given longer ago than this."""
    oidc: OidcSettings = OidcSettings()
    """A provider of single sign-on: a table [desk.oidc]."""
