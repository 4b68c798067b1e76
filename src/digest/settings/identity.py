"""What one edition shows in place of the publication's name, colours and addresses; and which of the two holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from digest.settings.letters import BrandSettings, MailSettings

if TYPE_CHECKING:
    from digest.settings.editions import EditionSettings


class IdentitySettings(Struct, frozen=True, kw_only=True):
    """The look and the sender of one edition; what is missing is taken from ``[brand]`` and ``[mail]``."""

    sender: str | None = None
    """Address in From; its domain must be that of ``mail.sender``, or one that shares its registered domain."""
    reply_to: str | None = None
    """Address for replies."""
    wordmark: str | None = None
    """The letter's ``h1``."""
    logo: str | None = None
    """A picture file in place of the wordmark; ``""`` shows no logo."""
    logo_alt: str | None = None
    """The logo's text for those who do not see it."""
    accent: str | None = None
    """Colour of bar and button in the light scheme."""
    accent_dark: str | None = None
    """Colour of bar and button in the dark scheme; when missing beside ``accent``, it is derived."""
    headline_colour: str | None = None
    """Colour of headlines in the light scheme."""
    label_colour: str | None = None
    """Colour of labels above stories."""
    link_colour: str | None = None
    """Colour of links."""
    page_colour: str | None = None
    """Colour of the page around the letter's card."""
    greeting: str | None = None
    """Words that replace "Good morning." or "Good evening."."""
    images: Literal["none", "hosted"] | None = None
    """``hosted``: show the lead story's picture."""
    story_pictures: Annotated[int, Meta(ge=0, le=12)] | None = None
    """How many of the top stories show their picture, too."""
    footer: str | None = None
    """An extra line in the footer."""
    templates: str | None = None
    """A folder whose templates override ours for this edition; a relative path starts at the installation's folder."""


ADDRESSES = ("sender", "reply_to")


def brand_of(brand: BrandSettings, plan: EditionSettings | None) -> BrandSettings:
    """Return the look of an edition's letters: the publication's, with what the edition sets itself.

    ``plan`` is None for an edition that is no longer in the settings.
    """
    if plan is None:
        return brand
    own = {name: value for name, value in _given(plan.brand).items() if name not in ADDRESSES}
    if "accent" in own:
        own.setdefault("accent_dark", None)  # the publication's dark accent is the twin of another colour
    return replace(brand, **own)


def mail_of(mail: MailSettings, plan: EditionSettings | None) -> MailSettings:
    """Return the addresses of an edition's letters.

    Bounces, mails that unsubscribe and the List-ID stay with the publication: their mailboxes are the ones that are
    read, and a List-ID must never change.
    """
    own = {name: value for name, value in _given(plan.brand).items() if name in ADDRESSES} if plan else {}
    if not own:
        return mail
    domain = mail.sender.rpartition("@")[2]
    return replace(
        mail,
        **own,
        leave_to=mail.leave_to or mail.reply_to or mail.sender,
        envelope_domain=mail.envelope_domain or domain,
        list_domain=mail.list_domain or domain,
    )


def _given(identity: IdentitySettings) -> dict[str, object]:
    values = ((name, getattr(identity, name)) for name in identity.__struct_fields__)
    return {name: value for name, value in values if value is not None}
