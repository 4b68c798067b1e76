"""How people become readers, and how bounces and events are received."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from digest.settings.types import Text


class SignupSettings(Struct, frozen=True, kw_only=True):
    """Limits for mails that visitors of the public pages can cause."""

    per_address_hour: Annotated[int, Meta(ge=1)] = 20
    """Most requests an hour from one visitor's address (one IPv4, or an IPv6 /64); more are refused."""
    per_network_hour: Annotated[int, Meta(ge=1)] = 100
    """Most requests an hour from one network of visitors (an IPv4 /24, or an IPv6 /48); more are refused."""
    per_domain_hour: Annotated[int, Meta(ge=1)] = 200
    """Most mails an hour that visitors cause to one recipient domain; more wait for the next hour."""
    per_hour: Annotated[int, Meta(ge=1)] = 2000
    """Most mails an hour that visitors cause in total; more wait for the next hour."""
    welcome_letter: bool = False
    """Send the newest letter of each chosen edition at once to a reader who has just confirmed."""
    one_click: bool = True
    """Confirm without a press when the link of the mail is opened in the browser that signed up. A cookie, kept for an
    hour, recognises that browser; without it, and for scanners of mail, the page shows a button."""


class BounceSettings(Struct, frozen=True, kw_only=True):
    """The mailbox for bounces, read by IMAP."""

    url: str | None = None
    """``imaps://user:password@host/folder``, or ``imap+starttls://``; when missing, no mailbox is read."""
    token_command: tuple[str, ...] = ()
    """Command and arguments that print an access token, to log in by XOAUTH2 without a password."""
    every_minutes: Annotated[int, Meta(ge=1, le=1440)] = 5
    """Interval at which `digest serve` reads it."""
    done_folder: str = ""
    """Folder to which read bounces are moved; when empty, they stay and are marked as read."""
    most: Annotated[int, Meta(ge=1, le=10_000)] = 500
    """Most mails read in one run; the others wait for the next."""


class EventSettings(Struct, frozen=True, kw_only=True):
    """A sending service that posts events about letters to ``/events/NAME`` of the site; NAME is the table's name."""

    service: Literal["ses", "sendgrid", "mailgun", "postmark", "brevo", "standard"]
    """The sending service; ``standard`` is any program that signs by Standard Webhooks."""
    secret: str = ""
    """Secret that proves the sender: SendGrid's verification key, Mailgun's webhook signing key, `user:password` or
    a bearer token for Postmark and Brevo, the `whsec_` secret of ``standard``; SES needs none."""
    topic: str = ""
    """ARN of the SNS topic that SES posts through; only its subscription is confirmed."""


class EmbedSettings(Struct, frozen=True, kw_only=True):
    """What pages of the publisher's other sites may do with the letters' pages."""

    origins: tuple[str, ...] = ()
    """Origins, such as https://www.example.com, whose scripts may sign readers up and read the latest letter, and to
    whose pages a sign-up may lead back."""


class WebSettings(Struct, frozen=True, kw_only=True):
    """Where the public pages listen; readers reach them at ``site.url`` through a proxy with TLS."""

    host: Text = "127.0.0.1"
    """Address of this machine to listen on."""
    port: Annotated[int, Meta(ge=1, le=65535)] = 8080
    """Port to listen on."""
    card_fonts: tuple[str, ...] = ()
    """Font files (TrueType or OpenType) for the picture cards of letters, tried before those of the machine; relative
    paths start at the installation's folder."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks (CIDR) of your proxies; their X-Forwarded-For, Forwarded or X-Real-IP is trusted. When
    empty and ``host`` is loopback, all requests from this machine are trusted."""
