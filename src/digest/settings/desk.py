"""The desk in the browser: where it answers, how long a sign-in lasts, and who else may vouch for a user."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from digest.settings.types import Text


class OidcSettings(Struct, frozen=True, kw_only=True):
    """An OpenID Connect provider by which users sign in; there is none without an ``issuer``."""

    issuer: str | None = None
    """URL of the provider, such as https://accounts.example.com: its discovery document stands below it."""
    client_id: str = ""
    """Id that the provider gave this program."""
    client_secret: str = ""
    """Secret that it gave beside it; none for a public client, which PKCE protects."""
    name: Text = "single sign-on"
    """What the button calls it: "Sign in with ..."."""
    new_users: Literal["no", "viewer", "editor"] = "no"
    """Whether somebody whom the provider vouches for and who is no user becomes one, and in which role."""
    domains: tuple[str, ...] = ()
    """Domains of the addresses that may become users so; all when empty."""


class DeskSettings(Struct, frozen=True, kw_only=True):
    """The editors' desk at /desk of the public pages; it answers when there is a user (`digest users add`)."""

    off: bool = False
    """Answer nothing at /desk, whether there are users or not."""
    host: str | None = None
    """Another host name, with a port where it needs one, at which the desk answers in place of ``site.url``."""
    idle_minutes: Annotated[int, Meta(ge=5, le=10_080)] = 120
    """A sign-in ends when it was not used for so long."""
    absolute_hours: Annotated[int, Meta(ge=1, le=720)] = 24
    """A sign-in ends after so long, however much it is used."""
    recent_minutes: Annotated[int, Meta(ge=1, le=1440)] = 10
    """An act that weighs, such as an approval, asks for the password again when it was given longer ago."""
    oidc: OidcSettings = OidcSettings()
    """A provider of single sign-on: a table [desk.oidc]."""
