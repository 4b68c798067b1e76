"""Editions to which readers subscribe although the settings lack them: reported, renamed, or ended."""

from __future__ import annotations

from collections.abc import Mapping

from digest.errors import UnknownEdition
from digest.logs import get_logger
from digest.pipeline.runtime import Runtime
from digest.storage.edition_names import Renamed

log = get_logger()


def lost_names(runtime: Runtime) -> Mapping[str, int]:
    """Return the names of editions that have readers and are not in the settings, with the number of readers."""
    return runtime.stores.edition_names.without_settings(runtime.settings.editions)


def rename_edition(runtime: Runtime, old: str, new: str) -> Renamed:
    """Move the readers of an edition to its new name in the settings; return the result.

    Raises UnknownEdition when the settings still have the old name or lack the new one, or when no reader has the old
    one.
    """
    settings, stores = runtime.settings.editions, runtime.stores
    if old in settings:
        raise UnknownEdition(f"the settings still have {old}: rename it there first, [editions.{old}]")
    if new not in settings:
        raise UnknownEdition(f"the settings have no edition {new} (they have {', '.join(settings)})")
    if old not in stores.editions.names() and old not in lost_names(runtime):
        raise UnknownEdition(f"no reader and no past edition has the name {old}")
    renamed = stores.edition_names.rename(old, new, runtime.clock())
    log.info("edition renamed", before=old, after=new, readers=renamed.readers, drafts=renamed.drafts)
    return renamed


def end_edition(runtime: Runtime, name: str) -> int:
    """End the subscriptions to an edition that the settings no longer have; return how many readers had it.

    Raises UnknownEdition when the settings still have it.
    """
    if name in runtime.settings.editions:
        raise UnknownEdition(f"the settings still have {name}: take out [editions.{name}] first")
    ended = runtime.stores.edition_names.end(name)
    log.info("edition ended", name=name, readers=ended)
    return ended
