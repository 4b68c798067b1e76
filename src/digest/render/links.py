"""The links in a letter: checked URLs of articles, and URLs of our own pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from digest.model.ids import EditionKey
from digest.settings import MailSettings, Settings, SiteSettings
from digest.text.header import a_labels, ascii_address

DESK = "/desk"
"""Path of the editors' desk, below the site's own path."""
LONGEST = 2000
"""Most characters of a link; longer ones are left out, since mail programs cut them."""
TEMPLATE_BRACES = re.compile(r"(?:\{|%7B)(?:\{|%7B|%25)", re.IGNORECASE)
UNSAFE = re.compile(r"[^A-Za-z0-9\-._~:/?#\[\]@!$&()*+,;=%]")


def safe_link(url: str) -> str:
    """Return ``url`` in ASCII, percent-encoded where needed; empty when it is not an http(s) URL.

    Lone surrogates are removed. An apostrophe is encoded too, so that the link is safe in any attribute.
    """
    clean = url.encode("utf-8", "ignore").decode().strip()
    try:
        parts = urlsplit(clean)
        port = f":{parts.port}" if parts.port else ""
        host = a_labels(parts.hostname or "") if parts.scheme in {"http", "https"} else ""
    except ValueError:
        return ""
    if not host or parts.username or not re.fullmatch(r"[a-z0-9._\-:]+", host):
        return ""
    name = f"[{host}]" if ":" in host else host
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    tail = parts.path + query + fragment
    link = f"{parts.scheme}://{name}{port}{UNSAFE.sub(lambda found: quote(found[0], safe=''), tail)}"
    return link if len(link) <= LONGEST else ""


def passage_link(link: str, fragment: str) -> str:
    """Return ``link`` with the text directive that scrolls to a passage; ``link`` alone without a ``fragment``.

    A passage with template braces gets no directive, since a relay that fills templates would change it. The directive
    follows the URL's own fragment, or stands in its place (WICG, URL Fragment Text Directives, section 3.1).
    """
    if not fragment or not link:
        return link
    joint = ":~:" if "#" in link else "#:~:"
    if len(link) + len(fragment) > LONGEST or TEMPLATE_BRACES.search(fragment):
        return link
    safe = UNSAFE.sub(lambda found: quote(found[0].encode("utf-8", "ignore"), safe=""), fragment)
    return link + joint + safe


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveLinks:
    """The links to leave and to choose editions; ``https`` and ``preferences`` are empty without a public site."""

    https: str
    mailto: str
    preferences: str


def leave_links(site: SiteSettings, mail: MailSettings, unsubscribe: str, preferences: str) -> LeaveLinks:
    """Return the links with these tokens. With an empty token, the page and the mailbox ask for the address."""
    base = site_base(site)
    return LeaveLinks(
        https=_joined("/", base, "leave", unsubscribe) if base else "",
        mailto=f"mailto:{leave_address(mail)}?subject={_joined('-', 'leave', unsubscribe)}",
        preferences=_joined("/", base, "preferences", preferences) if base else "",
    )


def leave_address(mail: MailSettings) -> str:
    """Return the address to which readers write to leave."""
    return ascii_address(mail.leave_to or mail.reply_to or mail.sender)


def _joined(joint: str, *parts: str) -> str:
    return joint.join(part for part in parts if part)


def site_base(site: SiteSettings) -> str:
    """Return the public URL of our pages without a final slash; empty when there is none."""
    return (site.url or "").rstrip("/")


def site_origin(site: SiteSettings) -> str:
    """Return the origin of our pages as browsers write it: scheme, host and port; empty without a public site."""
    parts = urlsplit(site_base(site))
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""


def desk_origin(settings: Settings) -> str:
    """Return the origin of the desk: ``desk.host`` with the site's scheme, or else the site's origin."""
    if settings.desk.host:
        return f"{urlsplit(site_base(settings.site)).scheme or 'https'}://{settings.desk.host.lower()}"
    return site_origin(settings.site)


def desk_root(settings: Settings) -> str:
    """Return the path before ``/desk``: the site's path; empty when the desk has its own host."""
    return "" if settings.desk.host else urlsplit(site_base(settings.site)).path


def desk_link(settings: Settings, path: str = "") -> str:
    """Return the full URL of a page of the desk; ``path`` is the part below ``/desk``."""
    return f"{desk_origin(settings)}{desk_root(settings)}{DESK}{path}"


def archive_link(site: SiteSettings, key: EditionKey, anchor: str = "") -> str:
    """Return the URL of an edition, or of one of its stories, in the archive; empty without a public site."""
    base = site_base(site)
    place = f"#{anchor}" if anchor else ""
    return f"{base}/archive/{quote(key.name, safe='')}/{key.day}{place}" if base else ""


def card_link(site: SiteSettings, key: EditionKey) -> str:
    """Return the URL of the picture card of an edition."""
    return f"{site_base(site)}/cards/{quote(key.name, safe='')}/{key.day}.png"


def picture_link(site: SiteSettings, name: str) -> str:
    """Return the URL of the picture with that name on our site."""
    return f"{site_base(site)}/pictures/{name}.jpg"


def logo_link(site: SiteSettings, name: str) -> str:
    """Return the URL of the logo with that name on our site."""
    return f"{site_base(site)}/pictures/{name}.png"
