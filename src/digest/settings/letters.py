"""Who publishes the letters, how they look, and by which way they leave."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from digest.settings.types import Text


class SiteSettings(Struct, frozen=True, kw_only=True):
    """Who publishes the letters."""

    name: Text = "The Daily Digest"
    """The publication's name, in the footer."""
    url: str | None = None
    """Public address of the pages where readers sign up, choose and leave, such as https://letters.example.com.

    None are served without it, and letters are left by mail."""
    postal_address: str = ""
    """Postal address in the footer; many laws ask for one."""


class BrandSettings(Struct, frozen=True, kw_only=True):
    """How the letters look; colours are ``#rrggbb`` and are checked for contrast."""

    wordmark: str = ""
    """The letter's ``h1``; the edition's title when empty."""
    accent: str | None = None
    """Colour of bar and button by day."""
    accent_dark: str | None = None
    """Colour of bar and button in the dark."""
    images: Literal["none", "hosted"] = "none"
    """``hosted`` shows the lead story's picture, fetched once, made light, and served by your site (``site.url``)."""
    footer: str = ""
    """A line of your own in the footer."""
    templates: str | None = None
    """A folder whose templates override ours; a relative path is taken from the installation's folder."""


class RelaySettings(Struct, frozen=True, kw_only=True):
    """One of several mail servers that share the letters."""

    url: Text
    """As ``mail.transport``."""
    name: str = ""
    """What reports call it; host and port when empty."""
    weight: Annotated[float, Meta(ge=0, le=1000)] = 1.0
    """Its share of the letters beside the others' weights; with 0 it is used only when they fail."""
    envelope_sender: str | None = None
    """As ``mail.envelope_sender``, for letters by this relay; that one when missing."""
    token_command: tuple[str, ...] = ()
    """As ``mail.token_command``, for this relay."""
    connections: Annotated[int, Meta(ge=1, le=100)] = 10
    """Connections to it at once."""
    per_second: Annotated[float, Meta(ge=0)] = 0.0
    """Letters that it takes in any second; 0 means no limit."""
    per_hour: Annotated[int, Meta(ge=0)] = 0
    """Letters that it takes in any hour; 0 means no limit."""
    per_day: Annotated[int, Meta(ge=0)] = 0
    """Letters that it takes in any 24 hours; 0 means no limit."""


class DomainSettings(Struct, frozen=True, kw_only=True):
    """How fast letters may go to readers at one mail host."""

    name: Text
    """Domain of the readers' addresses; ``*`` means each that has no table of its own."""
    per_second: Annotated[float, Meta(ge=0)] = 0.0
    """Letters to it in any second; 0 means no limit."""
    per_hour: Annotated[int, Meta(ge=0)] = 0
    """Letters to it in any hour; 0 means no limit."""
    per_day: Annotated[int, Meta(ge=0)] = 0
    """Letters to it in any 24 hours; 0 means no limit."""


class MailSettings(Struct, frozen=True, kw_only=True):
    """From whom the letters come and by which way they leave."""

    transport: Text = "file:outbox/"
    """``smtp+starttls://``, ``smtps://``, ``smtp://`` (loopback only) or ``file:FOLDER/``.

    A server is written ``smtps://user:password@host:port``, with options after a question mark: ``auth=plain``,
    ``login`` or ``xoauth2`` fixes the way to log in, ``ca=FILE`` the certificates to trust, ``name=HOST`` our name in
    EHLO (the sender's domain, this machine's name, or its address), ``letters=1000`` how many go over one connection,
    ``pipelining=no`` forbids it. A password may hold any sign; ``%40`` is read as ``@``."""
    relays: tuple[RelaySettings, ...] = ()
    """Several mail servers in place of ``transport``: a table [[mail.relays]] for each."""
    domains: tuple[DomainSettings, ...] = ()
    """Limits of mail hosts: a table [[mail.domains]] for each."""
    sender: Text = "news@localhost"
    """Address in From; the name is the edition's title."""
    reply_to: str | None = None
    """Where answers go; the sender when missing."""
    leave_to: str | None = None
    """Where mails that leave go (List-Unsubscribe): a mailbox that is read, as by ``bounces.url``; ``reply_to``, or
    else the sender, when missing."""
    envelope_domain: str | None = None
    """Domain of the VERP envelope sender; the sender's own when missing."""
    envelope_sender: str | None = None
    """Envelope sender (MAIL FROM) in place of the VERP one, ``b-{token}@`` that domain, for relays that let an account
    send from its own address only: ``news@example.com``, or with ``{token}`` as in ``news+{token}@example.com``."""
    token_command: tuple[str, ...] = ()
    """Command and arguments that print an access token, to log in to ``transport`` with XOAUTH2 and no password."""
    list_domain: str | None = None
    """Domain of the List-ID, which must not change; the sender's own when missing."""
    insecure_plain: bool = False
    """Allow ``smtp://`` to a host that is not loopback."""
    connections: Annotated[int, Meta(ge=1, le=100)] = 10
    """Connections to ``transport`` at once."""
    per_second: Annotated[float, Meta(ge=0)] = 0.0
    """Letters in any second over all relays; 0 means as fast as they take them."""
    per_hour: Annotated[int, Meta(ge=0)] = 0
    """Letters in any hour over all relays; 0 means no limit."""
    per_day: Annotated[int, Meta(ge=0)] = 0
    """Letters in any 24 hours over all relays; 0 means no limit."""
    on_uncertain: Literal["hold", "resend", "skip"] = "hold"
    """What happens to letters whose fate cannot be known: hold, resend or skip."""
    dkim_domain: str | None = None
    """Domain that signs the letters; none are signed when missing."""
    dkim_selector: str | None = None
    """Selector of the DKIM key's DNS record."""
    dkim_key_file: str | None = None
    """File of the DKIM private key (PEM)."""
