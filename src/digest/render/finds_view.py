"""What the templates show beside the stories: what comes next, a number, a quotation, earlier headlines, the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from digest.model.edition import Edition, Item
from digest.model.finds import Close, Earlier, Shown
from digest.render.catalogue import Catalogue
from digest.render.links import archive_link, safe_link
from digest.render.sentence import NAME, BulletView, bullet_view
from digest.settings import MailSettings, SiteSettings
from digest.text.glyphs import shown
from digest.text.header import ascii_address

HEADLINE, CREDIT = 300, 160
WEEK = timedelta(days=7)
"""The name of the weekday is enough for a letter that comes earlier than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindView:
    """A sentence with its source; ``figure`` is shown above a number's sentence, ``slug`` before a coming event.

    ``credit`` is shown below a quotation whose sentence does not say who speaks.

    ``headline`` is that of its story, linked to the article by ``link``.
    """

    sentence: BulletView
    source: str
    headline: str
    link: str
    figure: str = ""
    slug: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierView:
    """An earlier headline of a story; ``link`` is empty without a public site."""

    when: str
    """Its weekday and hour in the edition's zone; the hour alone on the day of the letter."""
    headline: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseView:
    """The end of the letter; each part is empty when it is not shown.

    The links write a mail. The text part shows what such a mail is about or to whom it goes, since nobody reads a link
    of two hundred characters.
    """

    next_letter: str = ""
    share_link: str = ""
    share_page: str = ""
    reply_link: str = ""
    reply_address: str = ""


def find_view(found: Shown | None, edition: Edition, words: Catalogue) -> FindView | None:
    """Return a find as shown; None when there is none."""
    if found is None:
        return None
    own = edition.one_publisher
    return FindView(
        sentence=bullet_view(found.find.passage, words, own=own),
        source="" if own else shown(found.find.passage.source_name, NAME),
        headline=shown(found.headline, HEADLINE),
        link=safe_link(found.find.passage.link),
        figure=shown(found.find.figure, NAME),
        credit=shown(found.find.credit, CREDIT),
        slug=shown(found.slug, NAME),
    )


def coming_views(edition: Edition, words: Catalogue) -> tuple[FindView, ...]:
    """Return the sentences of the closing block on what comes next."""
    return tuple(view for one in edition.finds.coming if (view := find_view(one, edition, words)))


def ahead_view(item: Item, words: Catalogue, *, own: bool) -> BulletView | None:
    """Return the sentence under a story on what comes next; None when there is none."""
    return bullet_view(item.ahead.passage, words, own=own) if item.ahead else None


def so_far_views(item: Item, edition: Edition, words: Catalogue, site: SiteSettings) -> tuple[EarlierView, ...]:
    """Return the earlier headlines of a story, the newest first."""
    return tuple(_earlier(one, edition, words, site) for one in item.so_far)


def _earlier(told: Earlier, edition: Edition, words: Catalogue, site: SiteSettings) -> EarlierView:
    local = told.at.astimezone(ZoneInfo(edition.zone))
    return EarlierView(
        when=words.hour(local) if local.date() == edition.key.date else words.weekday_and_hour(local),
        headline=shown(told.headline, HEADLINE),
        link=archive_link(site, told.edition, told.anchor),
    )


def names_line(edition: Edition, words: Catalogue) -> str:
    """Return the opening that names the first stories; empty when it names none."""
    if not edition.opening_names:
        return ""
    names = words("list_joint").join(shown(name, NAME) for name in edition.opening_names)
    return words("opening_names", minutes=words.count("minutes", edition.minutes), names=names)


def close_view(edition: Edition, words: Catalogue, site: SiteSettings, mail: MailSettings) -> CloseView:
    """Return the end of the letter. Without a public site there is nothing to send to a friend."""
    close = edition.finds.close or Close()
    title, page = shown(edition.title, NAME), archive_link(site, edition.key) if close.share else ""
    address = ascii_address(mail.reply_to or mail.sender) if close.reply else ""
    return CloseView(
        next_letter=_next_letter(close, edition, words),
        share_link=_mailto("", shown(edition.subject, HEADLINE), f"{title}\n{page}") if page else "",
        share_page=page,
        reply_link=_mailto(address, f"{title}, {words.day(edition.key.date)}") if address else "",
        reply_address=address,
    )


def _next_letter(close: Close, edition: Edition, words: Catalogue) -> str:
    if close.next_letter is None:
        return ""
    local = close.next_letter.astimezone(ZoneInfo(edition.zone))
    near = local.date() - edition.key.date < WEEK
    day = words.weekday(local.date()) if near else words.day(local.date())
    title = shown(edition.title, NAME)
    return words("next_letter", edition=title, day=day, time=words.spoken_hour(local))


def _mailto(address: str, subject: str, body: str = "") -> str:
    """Return a mailto link (RFC 6068); its line breaks are written as %0D%0A."""
    text = f"&body={_encoded(body)}" if body else ""
    return f"mailto:{quote(address, safe='@')}?subject={_encoded(subject)}{text}"


def _encoded(text: str) -> str:
    return quote(text.replace("\n", "\r\n").encode("utf-8", "ignore"), safe="")
