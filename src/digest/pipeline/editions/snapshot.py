"""What is stored with an edition so that it can be made again: its inputs, and the look of its letter.

Articles and told stories are never overwritten, so only their ids are stored. Settings and sources change, so they are
copied. None of this is secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from digest import __version__
from digest.edition.history import read, written
from digest.edition.layout import FEWEST_BULLETS, NO_ROOM
from digest.edition.telling import Telling
from digest.model.block import Block
from digest.model.edition import Correction, Edition, Place, ToldStory
from digest.model.front import FrontPlace
from digest.model.ids import ArticleId, EditionKey
from digest.model.letter import Letter, Picture
from digest.model.source import Source
from digest.model.story import Story
from digest.model.voice import Voice
from digest.pipeline.editions.inputs import Making, Material
from digest.pipeline.stores import Stores
from digest.render.letter import render
from digest.settings import (
    WITHOUT_FINDS,
    BrandSettings,
    EditionSettings,
    MailSettings,
    RankSettings,
    Settings,
    SiteSettings,
    brand_of,
    mail_of,
)
from digest.storage.values import Unreadable, refuse

MEMORY = timedelta(hours=48)
"""How far back earlier editions count. A story told before that is new again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """The inputs of an edition, as stored with it: articles and told stories by their ids, settings as copies."""

    plan: EditionSettings
    rank: RankSettings
    cut: datetime
    due: datetime
    articles: tuple[ArticleId, ...]
    sources: tuple[Source, ...]
    told: tuple[EditionKey, ...]
    """The earlier editions whose stories counted as told."""
    earlier: EditionKey | None
    acts: tuple[dict[str, Any], ...]
    front: tuple[FrontPlace, ...] = ()
    added: tuple[ArticleId, ...] = ()
    """Articles that the editor added."""
    corrections: tuple[Correction, ...] = ()
    blocks: tuple[Block, ...] = ()
    """The blocks as they were made; they are not made again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a letter shows besides its edition: site, brand and pictures. ``date`` is the Date header of every copy."""

    greeting: Literal["morning", "evening"]
    site: SiteSettings
    brand: BrandSettings
    mail: MailSettings
    """Without transport and relays, which may contain passwords and are not part of a letter."""
    date: datetime
    late: bool
    picture: Picture | None = None
    """The picture of the lead story."""
    pictures: dict[str, Picture] = field(default_factory=dict)
    """The pictures of other stories, by anchor."""
    logo: Picture | None = None
    """The brand's logo, in place of the wordmark."""
    voice: Voice = field(default_factory=Voice)
    """What the letter asks its readers."""


for _kind in (Basis, Look):
    msgspec.json.Decoder(_kind)  # msgspec learns a type at its first use, and crashes when two threads do so at once


def basis_of(material: Material, due: datetime) -> Basis:
    """Return the inputs in the form in which they are stored."""
    return Basis(
        plan=material.plan,
        rank=material.rank,
        cut=material.cut,
        due=due,
        articles=tuple(article.id for article in material.articles),
        sources=material.sources,
        told=tuple(dict.fromkeys(story.edition for story in material.told)),
        earlier=material.earlier,
        acts=tuple(written(act) for act in material.acts),
        front=material.front,
        added=tuple(article.id for article in material.added),
        corrections=material.corrections,
        blocks=material.blocks,
    )


def material_of(key: EditionKey, basis: Basis, stores: Stores, unreadable: Unreadable = refuse) -> Material:
    """Return the inputs that a basis names, with the articles and told stories.

    ``unreadable`` is called for told stories that cannot be read. Raises LookupError when an article is missing.
    """
    named = (*basis.articles, *basis.added)
    articles = stores.articles.by_id(named)
    missing = [article_id for article_id in named if article_id not in articles]
    if missing:
        raise LookupError(f"{len(missing)} of its {len(named)} articles are no longer stored: {missing[0]}")
    return Material(
        key=key,
        plan=basis.plan,
        rank=basis.rank,
        cut=basis.cut,
        articles=tuple(articles[article_id] for article_id in basis.articles),
        sources=basis.sources,
        told=told_of(basis, stores, unreadable),
        earlier=basis.earlier,
        acts=tuple(read(act) for act in basis.acts),
        front=basis.front,
        added=tuple(articles[article_id] for article_id in basis.added),
        corrections=basis.corrections,
        blocks=basis.blocks,
    )


def told_of(basis: Basis, stores: Stores, unreadable: Unreadable = refuse) -> tuple[ToldStory, ...]:
    """Return the stories told by the editions that a basis names.

    ``unreadable`` is called for stories that cannot be read.
    """
    names = {edition.name for edition in basis.told}
    told = stores.editions.told_since(basis.due - MEMORY, names, unreadable) if names else ()
    return tuple(story for story in told if story.edition in basis.told)


def look_of(settings: Settings, name: str, date: datetime, *, late: bool) -> Look:
    """Return the look of an edition's letters under the present settings, without pictures."""
    plan = settings.editions[name]
    mail = mail_of(settings.mail, plan)
    return Look(
        greeting=plan.greeting,
        site=settings.site,
        brand=brand_of(settings.brand, plan),
        mail=msgspec.structs.replace(mail, transport=MailSettings().transport, relays=()),
        date=date,
        late=late,
        voice=voice_of(settings, plan, mail),
    )


def voice_of(settings: Settings, plan: EditionSettings, mail: MailSettings) -> Voice:
    """Return what the settings let a letter ask its readers. Questions need public pages that take the answers."""
    asks = bool(settings.site.url)
    return Voice(
        useful=plan.ask_useful and asks,
        question=plan.poll if asks else "",
        answers=plan.poll_answers if asks else (),
        reply_to=(mail.reply_to or mail.sender) if plan.show_reply_address else "",
    )


def dressed(edition: Edition, look: Look, stores: Stores, *, test: bool = False) -> Letter:
    """Render an edition as a letter, with the settings and pictures in ``look``.

    The subject of a ``test`` letter says that it is one. Raises TemplateError and SettingsError.
    """
    earlier = stores.editions.get(edition.earlier) if edition.earlier else None
    return render(
        replace(edition, late=look.late),
        earlier.edition if earlier else None,
        look.site,
        look.brand,
        look.mail,
        date=look.date,
        greeting=look.greeting,
        test=test,
        picture=look.picture,
        others=look.pictures,
        logo=look.logo,
        voice=look.voice,
    )


def account_of(making: Making, basis: Basis) -> dict[str, Any]:
    """Return what is stored with a draft: the program's version, the basis, and the reason for each story's place."""
    return {
        "version": __version__,
        "basis": msgspec.to_builtins(basis),
        "stories": [_facts(story, making, basis) for story in _all_stories(making)],
    }


def _all_stories(making: Making) -> tuple[Story, ...]:
    """Return the ranked stories after the editor's acts, followed by the stories that acts made."""
    now = {telling.story.id: telling.story for telling in (*making.desk.tellings, *making.desk.dropped)}
    ranked = tuple(now.pop(story.id, story) for story in making.stories)
    return (*ranked, *now.values())


def _facts(story: Story, making: Making, basis: Basis) -> dict[str, Any]:
    telling, place = making.by_id.get(story.id), making.places.get(story.id, "")
    reason = "" if place else making.reasons.get(story.id, "too far down the ranking")
    return {
        "id": story.id,
        "headline": telling.headline if telling else story.articles[0].title,
        "place": place,
        "left_out": reason,
        "memory": telling.recollection.reason if telling else "",
        "bullets": _too_few_bullets(telling, place, reason) if telling else "",
        "first_seen": story.first_seen.astimezone(ZoneInfo(basis.plan.zone)).strftime("%a %H:%M ") + basis.plan.zone,
        "score": round(story.score, 4),
        "factors": [{"name": f.name, "value": round(f.value, 4), "note": f.note} for f in story.factors],
        "articles": [
            {"id": a.id, "source": a.source_id, "title": a.title, "link": a.link, "url": a.url} for a in story.articles
        ],
    }


def _too_few_bullets(telling: Telling, place: str, reason: str) -> str:
    """Return why a story is a line or had no room: how many of its bullets are good enough; empty for other stories."""
    good = sum(not bullet.doubtful for bullet in telling.bullets)
    if good >= FEWEST_BULLETS or telling.hand.bullets is not None or (place != Place.ALSO.value and reason != NO_ROOM):
        return ""
    possible = len(telling.bullets)
    return f"{good} of {possible} possible bullets good enough by the model's estimate, {FEWEST_BULLETS} needed"


def with_look(seen: Mapping[str, Any], look: Look) -> dict[str, Any]:
    """Return the stored record of an edition, with its letter's look added."""
    return {**seen, "look": msgspec.to_builtins(look)}


def stored_basis(seen: Mapping[str, Any]) -> Basis | None:
    """Return the basis that was stored; None when none was stored."""
    if "basis" not in seen:
        return None
    basis = seen["basis"]
    return msgspec.convert({**basis, "plan": {**WITHOUT_FINDS, **basis["plan"]}}, Basis)


def readable_basis(seen: Mapping[str, Any]) -> Basis | None:
    """Return the stored basis, or None when its settings are those of another version and cannot be read.

    Reports on an edition use this: they must not fail because a setting was renamed since.
    """
    try:
        return stored_basis(seen)
    except msgspec.ValidationError:
        return None


def stored_look(seen: Mapping[str, Any]) -> Look | None:
    """Return the look that was stored when the letter was frozen; None before that."""
    return msgspec.convert(seen["look"], Look) if "look" in seen else None
