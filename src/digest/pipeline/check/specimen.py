"""An invented edition with every kind of item, and mails of every kind, to test the templates with."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import get_args

from digest.model.block import Block, BlockPlace
from digest.model.edition import Edition, Item, Note, Place
from digest.model.ids import ArticleId, EditionKey, StoryId
from digest.model.letter import Picture
from digest.model.story import Bullet
from digest.render.environment import require
from digest.render.letter import press, render
from digest.render.links import site_base
from digest.render.mail import Kind, MailText, OfferedLetter, mail_letter, write_mail
from digest.render.view import Greeting
from digest.settings import BrandSettings, MailSettings, Settings, SiteSettings, brand_of, mail_of

DAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
LINK = "https://paper.example/bridge"
PICTURE = Picture(name="0" * 64, width=1104, height=580)
SAID = "The bridge will stay closed until Friday, the harbour office said."


def require_letter(settings: Settings, name: str) -> None:
    """Compile and render the templates of an edition's letters, again only when one of the operator's own changed.

    Raises TemplateError, which names file and line, and SettingsError for colours that cannot be parsed.
    """
    plan = settings.editions[name]
    brand, mail = brand_of(settings.brand, plan), mail_of(settings.mail, plan)
    _filled(settings.site, brand, mail, _look(settings, name), _stamps(brand))


def require_mails(settings: Settings, language: str) -> None:
    """Render each kind of mail to one person, to test its templates; do nothing without public pages.

    Raises TemplateError and SettingsError.
    """
    if not site_base(settings.site):
        return
    for kind in get_args(Kind):
        letters = (OfferedLetter(title="Morning Update", comes=DAY),)
        text = MailText(kind=kind, language=language, letters=letters, address="r***@readers.example")
        mail_letter(write_mail(text, settings.site, settings.brand), settings.site, settings.mail, DAY)


def specimen(name: str, title: str, language: str, zone: str) -> Edition:
    """Return an edition that has a story in each place."""
    return Edition(
        key=EditionKey(name=name, date=date(2026, 11, 23)),
        title=title,
        language=language,
        zone=zone,
        cut=DAY,
        subject="The harbour bridge closes",
        preheader="And four other stories of the day, to see how a letter looks.",
        items=tuple(_items()),
        still_covered=("A story that was told before",),
        note=Note(text="Good morning.", author="The editor"),
        blocks=tuple(_blocks()),
    )


def _blocks() -> Iterator[Block]:
    for place in BlockPlace:
        yield Block(kind="line", place=place, html="<p>A line of the house.</p>", text="A line of the house.")


def _items() -> Iterator[Item]:
    for place in Place:
        bullet = Bullet(
            article_id=ArticleId("0" * 64), link=LINK, source_name="Paper", text=SAID, start=0, end=len(SAID)
        )
        yield Item(
            story_id=StoryId(place.value),
            place=place,
            anchor=place.value,
            headline=f"The harbour bridge closes ({place.value})",
            link=LINK,
            source_name="Paper",
            publishers=("Paper", "Herald"),
            bullets=() if place in {Place.ALSO, Place.MISSED} else (bullet, bullet),
            section="local",
            sponsored=place is Place.ALSO,
        )


def _look(settings: Settings, name: str) -> tuple[str, str, str, str, str]:
    plan = settings.editions[name]
    return (name, plan.title, plan.language, plan.zone, plan.greeting)


@lru_cache(maxsize=64)
def _filled(
    site: SiteSettings,
    brand: BrandSettings,
    mail: MailSettings,
    look: tuple[str, str, str, str, str],
    _stamps: Hashable,
) -> None:
    """Render the letter's templates. A success is cached, since rendering takes 0.1 seconds.

    ``look`` holds the edition's name, title, language, zone and greeting. ``_stamps`` changes with the operator's
    templates, which renews the cache.
    """
    name, title, language, zone, greeting = look
    tone: Greeting = "evening" if greeting == "evening" else "morning"
    require(press(brand, language, tone).door, "email/", brand.templates)
    sample = specimen(name, title, language, zone)
    others = {item.anchor: PICTURE for item in sample.items}
    render(sample, None, site, brand, mail, date=DAY, greeting=tone, picture=PICTURE, others=others, logo=PICTURE)


def _stamps(brand: BrandSettings) -> tuple[tuple[str, int], ...]:
    """Return the names of the operator's own templates, each with the time of its last change."""
    if brand.templates is None:
        return ()
    files = (file for file in sorted(Path(brand.templates).rglob("*")) if file.is_file())
    return tuple((str(file), file.stat().st_mtime_ns) for file in files)
