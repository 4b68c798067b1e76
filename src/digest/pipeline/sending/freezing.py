"""Freezes an edition; a story that cannot be rendered is left out, and the others are sent."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from digest.edition.calendar import Occurrence
from digest.errors import ItemSetAside, Mishandled, TemplateError
from digest.logs import get_logger
from digest.model.edition import Edition, EditionState, Item
from digest.model.ids import ArticleId
from digest.model.life import Move
from digest.model.quarantine import ItemKind, is_items_fault
from digest.pipeline.editions.composing import compose_edition
from digest.pipeline.quarantine import Watch, watching
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.letters import freeze, letter_of
from digest.storage.editions import StoredEdition

log = get_logger()


def frozen(
    runtime: Runtime, due: Occurrence, row: StoredEdition, *, joined_by: datetime | None = None
) -> StoredEdition:
    """Freeze an edition if its state allows it; return its row as it is then.

    With ``joined_by``, only readers who had subscribed by then get it. A story that cannot be rendered is set aside,
    and the edition is composed again without it: then it may have too few stories, and is held. Raises TemplateError
    when the template itself is broken, and SettingsError.
    """
    with watching(runtime, f"render {row.key}") as watch:
        while row.may(Move.FREEZE):
            try:
                freeze(runtime, row, expires=due.expires, joined_by=joined_by)
                break
            except Exception as error:
                if not (_may_be_a_storys(error) and _set_aside_broken(runtime, row, watch)):
                    raise
            row = _composed_again(runtime, due, row)
    return runtime.stores.editions.get(row.key) or row


def _may_be_a_storys(error: Exception) -> bool:
    return isinstance(error, TemplateError) or is_items_fault(error)


def _set_aside_broken(runtime: Runtime, row: StoredEdition, watch: Watch) -> bool:
    """Render each story alone, and set aside those that fail; return whether there were any.

    If rendering fails even without any story, no story is the cause.
    """
    before, edition = len(watch.aside), row.edition
    if edition is None or not _renders(runtime, replace(edition, items=())):
        return False
    for item in edition.items:
        data = item.headline.encode("utf-8", "backslashreplace")
        with suppress(ItemSetAside), watch.item(ItemKind.STORY, _leading(item, row), data):
            _render_alone(runtime, edition, item)
    return len(watch.aside) > before


def _renders(runtime: Runtime, edition: Edition) -> bool:
    try:
        letter_of(runtime, edition)
    except Exception as error:
        if not _may_be_a_storys(error):
            raise
        return False
    return True


def _render_alone(runtime: Runtime, edition: Edition, item: Item) -> None:
    try:
        letter_of(runtime, replace(edition, items=(item,)))
    except TemplateError as error:
        raise Mishandled("a story cannot be rendered") from error


def _leading(item: Item, row: StoredEdition) -> ArticleId:
    """Return the id of a story's lead article, or of its first bullet's article where no lead article is stored."""
    stories: list[dict[str, Any]] = row.seen.get("stories", [])
    found = (story["articles"][0]["id"] for story in stories if story["id"] == item.story_id)
    return next(found, item.bullets[0].article_id if item.bullets else ArticleId(item.story_id))


def _composed_again(runtime: Runtime, due: Occurrence, row: StoredEdition) -> StoredEdition:
    """Compose an edition again without the items set aside. An approved edition stays approved."""
    editions, approved = runtime.stores.editions, row.state is EditionState.APPROVED
    if approved:
        editions.move(row.id, Move.UNAPPROVE, runtime.clock())
    made = compose_edition(runtime, due, fresh=False).row
    if approved and made.state is EditionState.READY:
        editions.move(row.id, Move.APPROVE, runtime.clock(), if_still=EditionState.READY)
    log.error("composed again without stories that cannot be rendered", edition=str(row.key), state=made.state.value)
    return editions.get(row.key) or made
