"""The publisher of the letters, their look, and the mail servers that send them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from digest.settings.types import Text


class SiteSettings(Struct, frozen=True, kw_only=True):
    """The publisher of the letters."""

    name: Text = "The Daily Digest"
    """Name of the publication, shown in the footer."""
    url: str | None = None
    """Public URL of the pages where readers sign up, choose and leave, such as https://letters.example.com. Without
    it no pages are served, and readers leave by mail."""
    postal_address: str = ""
    """Postal address in the footer; many laws require one."""
    tips: bool = False
    """Offer a form below each letter of the archive on which readers report mistakes; editors see them at the desk."""
    tips_to: tuple[str, ...] = ()
    """Addresses that get these reports by mail too; with one, the form is offered."""

    @property
    def takes_tips(self) -> bool:
        """Whether the archive offers the form."""
        return bool(self.url) and (self.tips or bool(self.tips_to))


class BrandSettings(Struct, frozen=True, kw_only=True):
    """The look of the letters; colours are ``#rrggbb`` and are checked for contrast."""

    wordmark: str = ""
    """The letter's ``h1``; empty means the edition's title."""
    logo: str = ""
    """A picture file (PNG, JPEG or WebP) shown in place of the wordmark, and served by your site (``site.url``); a
    relative path starts at the installation's folder."""
    logo_alt: str = ""
    """The logo's text for those who do not see it; empty means the wordmark."""
    accent: str | None = None
    """Colour of bar and button in the light scheme."""
    accent_dark: str | None = None
    """Colour of bar and button in the dark scheme; when missing, it is derived from ``accent``."""
    headline_colour: str | None = None
    """Colour of headlines in the light scheme; its dark twin is derived, as for the next three."""
    label_colour: str | None = None
    """Colour of labels above stories."""
    link_colour: str | None = None
    """Colour of links."""
    page_colour: str | None = None
    """Colour of the page around the letter's card."""
    greeting: str = ""
    """Words that replace "Good morning." or "Good evening."."""
    images: Literal["none", "hosted"] = "none"
    """``hosted``: show the lead story's picture, fetched once, made smaller, and served by your site (``site.url``)."""
    story_pictures: Annotated[int, Meta(ge=0, le=12)] = 0
    """With ``images = "hosted"``: how many of the top stories show their picture, too."""
    footer: str = ""
    """An extra line in the footer."""
    templates: str | None = None
    """A folder whose templates override ours; a relative path starts at the installation's folder."""


class RelaySettings(Struct, frozen=True, kw_only=True):
    """One of several mail servers that share the letters."""

    url: Text
    """Like ``mail.transport``."""
    name: str = ""
    """Name in reports; empty means host and port."""
    weight: Annotated[float, Meta(ge=0, le=1000)] = 1.0
    """Its share of the letters, relative to the other weights; with 0 it is used only when the others fail."""
    envelope_sender: str | None = None
    """Like ``mail.envelope_sender``, for letters sent by this relay; when missing, that one is used."""
    token_command: tuple[str, ...] = ()
    """Like ``mail.token_command``, for this relay."""
    connections: Annotated[int, Meta(ge=1, le=100)] = 10
    """Most connections to it at once."""
    per_second: Annotated[float, Meta(ge=0)] = 0.0
    """Most letters by this relay in any second; 0 means no limit."""
    per_hour: Annotated[int, Meta(ge=0)] = 0
    """Most letters by this relay in any hour; 0 means no limit."""
    per_day: Annotated[int, Meta(ge=0)] = 0
    """Most letters by this relay in any 24 hours; 0 means no limit."""


class DomainSettings(Struct, frozen=True, kw_only=True):
    """Limits for letters to one domain of readers' addresses."""

    name: Text
    """Domain of readers' addresses; ``*`` means every domain without its own table."""
    per_second: Annotated[float, Meta(ge=0)] = 0.0
    """Most letters to it in any second; 0 means no limit."""
    per_hour: Annotated[int, Meta(ge=0)] = 0
    """Most letters to it in any hour; 0 means no limit."""
    per_day: Annotated[int, Meta(ge=0)] = 0
    """Most letters to it in any 24 hours; 0 means no limit."""


class MailSettings(Struct, frozen=True, kw_only=True):
    """The sender of the letters, and how they are sent."""

    transport: Text = "file:outbox/"
    """``smtp+starttls://``, ``smtps://``, ``smtp://`` (loopback only) or ``file:FOLDER/``.

    A server is written ``smtps://user:password@host:port``, with options after a question mark. ``auth=plain``,
    ``login`` or ``xoauth2`` sets the login method. ``ca=FILE`` sets the trusted certificates. ``name=HOST`` is our
    name in EHLO (default: the sender's domain, this machine's name, or its address). ``letters=1000`` is the number
    of letters per connection. ``pipelining=no`` turns pipelining off. A password may hold any character; ``%40`` is
    read as ``@``.
    """
    relays: tuple[RelaySettings, ...] = ()
    """Several mail servers instead of ``transport``: a table [[mail.relays]] for each."""
    domains: tuple[DomainSettings, ...] = ()
    """Limits by domain: a table [[mail.domains]] for each."""
    sender: Text = "news@localhost"
    """Address in From; the name is the edition's title."""
    reply_to: str | None = None
    """Address for replies; ``sender`` when missing."""
    leave_to: str | None = None
    """Address for mails that unsubscribe (List-Unsubscribe): a mailbox that is read, as by ``bounces.url``. When
    missing, it is ``reply_to``, or else ``sender``."""
    envelope_domain: str | None = None
    """Domain of the VERP envelope sender; the sender's domain when missing."""
    envelope_sender: str | None = None
    """Envelope sender (MAIL FROM) instead of the VERP address ``b-{token}@`` at ``envelope_domain``, for relays
    that accept an account's own address only: ``news@example.com``, or with ``{token}`` as in
    ``news+{token}@example.com``."""
    token_command: tuple[str, ...] = ()
    """Command and arguments that print an access token, to log in to ``transport`` by XOAUTH2 without a password."""
    list_domain: str | None = None
    """Domain of the List-ID, which must never change; the sender's domain when missing."""
    insecure_plain: bool = False
    """Allow ``smtp://`` to hosts that are not loopback."""
    connections: Annotated[int, Meta(ge=1, le=100)] = 10
    """Most connections to ``transport`` at once."""
    per_second: Annotated[float, Meta(ge=0)] = 0.0
    """Most letters in any second over all relays; 0 means as fast as they accept them."""
    per_hour: Annotated[int, Meta(ge=0)] = 0
    """Most letters in any hour over all relays; 0 means no limit."""
    per_day: Annotated[int, Meta(ge=0)] = 0
    """Most letters in any 24 hours over all relays; 0 means no limit."""
    on_uncertain: Literal["hold", "resend", "skip"] = "hold"
    """What to do with letters that may or may not have arrived: hold, resend or skip."""
    dkim_domain: str | None = None
    """Domain that signs the letters; when missing, no letter is signed."""
    dkim_selector: str | None = None
    """Selector of the DKIM key's DNS record."""
    dkim_key_file: str | None = None
    """File of the DKIM private key (PEM)."""
