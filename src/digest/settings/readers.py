"""How strangers become readers, and what comes back."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from digest.settings.types import Text


class SignupSettings(Struct, frozen=True, kw_only=True):
    """How often strangers may ask for mail on the public pages."""

    per_address_hour: Annotated[int, Meta(ge=1)] = 20
    """Requests an hour from one address of a visitor (one IPv4, or an IPv6 /64); more are refused."""
    per_network_hour: Annotated[int, Meta(ge=1)] = 100
    """Requests an hour from one network of visitors (an IPv4 /24, or an IPv6 /48); more are refused."""
    per_domain_hour: Annotated[int, Meta(ge=1)] = 200
    """Mails an hour that strangers cause to one recipient domain; more wait for the next hour."""
    per_hour: Annotated[int, Meta(ge=1)] = 2000
    """Mails an hour that strangers cause in all; more wait for the next hour."""


class BounceSettings(Struct, frozen=True, kw_only=True):
    """The mailbox that gets what comes back, read by IMAP."""

    url: str | None = None
    """``imaps://user:password@host/folder``, or ``imap+starttls://``; none is read without it."""
    token_command: tuple[str, ...] = ()
    """Command and arguments that print an access token, to log in with XOAUTH2 and no password."""
    every_minutes: Annotated[int, Meta(ge=1, le=1440)] = 5
    """How often `digest serve` looks into it."""
    done_folder: str = ""
    """Folder to which read bounces are moved; when empty they stay, marked as read."""
    most: Annotated[int, Meta(ge=1, le=10_000)] = 500
    """Most mails read in one run; the others wait for the next."""


class EventSettings(Struct, frozen=True, kw_only=True):
    """A sending service that posts what became of letters to ``/events/NAME`` of the site; NAME is the table's."""

    service: Literal["ses", "sendgrid", "mailgun", "postmark", "brevo", "standard"]
    """Whose events they are; ``standard`` is any program that signs as Standard Webhooks does."""
    secret: str = ""
    """What proves the sender: SendGrid's verification key, Mailgun's webhook signing key, `user:password` or a bearer
    token for Postmark and Brevo, the `whsec_` secret of ``standard``; SES needs none."""
    topic: str = ""
    """ARN of the SNS topic through which SES posts; only its subscription is confirmed."""


class WebSettings(Struct, frozen=True, kw_only=True):
    """Where the public pages listen; readers reach them at ``site.url``, which a proxy with TLS leads here."""

    host: Text = "127.0.0.1"
    """Address of this machine on which they are served."""
    port: Annotated[int, Meta(ge=1, le=65535)] = 8080
    """Port on which they are served."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks (CIDR) of our own proxies, whose X-Forwarded-For, Forwarded or X-Real-IP is believed; when
    empty, and ``host`` is the loopback, whoever asks from this machine."""
