"""Makes a draft again from its articles, with other acts; nothing is read or scored twice.

basis without acts ─ cached? ─▶ Prepared, cached in the process ─┐
                                                                 ├─ finished ─▶ Making
acts in effect, articles added, corrections ─────────────────────┘
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from digest.edition.acts import Act, AddArticle
from digest.edition.history import Deed, in_effect, read
from digest.model.article import Article
from digest.model.edition import Correction, EditionState, ToldStory
from digest.model.ids import EditionKey
from digest.model.life import Cause
from digest.model.quarantine import ItemKind
from digest.pipeline.editions.inputs import Making, Material, Prepared, finished
from digest.pipeline.editions.left_out import setting_aside
from digest.pipeline.editions.snapshot import Basis, basis_of, material_of, told_of
from digest.pipeline.quarantine import Watch
from digest.pipeline.runtime import Runtime
from digest.pipeline.stores import Stores
from digest.storage.editions import StoredEdition

PREPARED = "prepared"
"""Cache key for the part of the work on an edition that does not depend on its acts."""


def made_again(
    runtime: Runtime, key: EditionKey, basis: Basis, deeds: Sequence[Deed], watch: Watch
) -> tuple[Material, Making]:
    """Return the inputs of a stored draft and the edition made of them with the acts of ``deeds``.

    The current settings apply. Nothing is scored twice in one process. Raises LookupError when an article is no longer
    stored.
    """
    stores, known = runtime.stores, _known(runtime, key, basis, watch)
    prepared = runtime.kept.get(PREPARED, known)
    if prepared is None:
        held, material = watch.held(ItemKind.STORY), material_of(key, known[1], stores, setting_aside(watch.item))
        material = replace(material, articles=tuple(a for a in material.articles if a.id not in held))
        prepared = material, Prepared(material, watch.item)
        runtime.kept.put(PREPARED, known, prepared)
    acts = tuple(deed.act for deed in in_effect(deeds))
    material = replace(prepared[0], acts=acts, added=added_by_hand(stores, acts), corrections=untold(stores, key))
    return material, finished(material, prepared[1])


def remember(runtime: Runtime, due: datetime, material: Material, prepared: Prepared, watch: Watch) -> None:
    """Cache the work on an edition that was just composed, without its acts, so that the first act on it is quick."""
    bare = replace(material, acts=(), added=(), corrections=())
    known = _known(runtime, material.key, basis_of(bare, due), watch)
    runtime.kept.put(PREPARED, known, (bare, prepared))


def _known(
    runtime: Runtime, key: EditionKey, basis: Basis, watch: Watch
) -> tuple[EditionKey, Basis, tuple[ToldStory, ...], frozenset[str]]:
    """Return the cache key: everything on which the work before the acts depends."""
    settings = runtime.settings
    plan = settings.editions.get(key.name, basis.plan)
    asked = replace(basis, plan=plan, rank=settings.rank, acts=(), added=(), corrections=())
    return key, asked, told_of(basis, runtime.stores, setting_aside(watch.item)), frozenset(watch.held(ItemKind.STORY))


def deeds_of(stores: Stores, row: StoredEdition) -> tuple[Deed, ...]:
    """Return the editor's acts on an edition, oldest first, undone ones included."""
    found = stores.desk.acts(row.id)
    return tuple(Deed(id=one.id, act=read(one.act), author=one.author, at=one.at) for one in found)


def added_by_hand(stores: Stores, acts: Sequence[Act]) -> tuple[Article, ...]:
    """Return the articles that acts added, without those that are no longer stored."""
    ids = [act.article_id for act in acts if isinstance(act, AddArticle)]
    found = stores.articles.by_id(ids) if ids else {}
    return tuple(found[article_id] for article_id in ids if article_id in found)


def untold(stores: Stores, key: EditionKey) -> tuple[Correction, ...]:
    """Return the corrections that the readers of an edition have not got yet, the earliest first."""
    return stores.edition_corrections.untold(key)


def keeps_its_articles(row: StoredEdition, deeds: Sequence[Deed]) -> bool:
    """Return whether a draft keeps its articles although newer ones arrived, because its editor changed it.

    A draft that is held for too few stories does not keep them: it is composed from newer articles until it can be
    sent.
    """
    return row.state is not EditionState.PLANNED and bool(in_effect(deeds)) and row.cause is not Cause.STORIES
