"""Apply a changed configuration in a running process, or keep the old one and log why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from digest.app import App, with_settings
from digest.deliver.message.dkim import configured_signer
from digest.errors import DigestError
from digest.logs import get_logger
from digest.model.ids import EditionKey
from digest.pipeline.relays import ways_out
from digest.reconfigure import MOST, Configuration, at_once, compare
from digest.render.letter import press
from digest.settings import Settings, brand_of

ANY_DAY = date(2000, 1, 1)
LOOK_EVERY = timedelta(seconds=2)
"""Interval between two checks for a changed configuration."""

log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rereading:
    """How the configuration is read again, and when."""

    configuration: Configuration
    asked: Callable[[], bool]
    """Returns whether a reload was requested (SIGHUP) since the last call."""
    took: Callable[[Settings], None]
    """Called with new settings after they took effect. The command line uses them to set up the logs."""


class Reloader:
    """Applies a changed configuration: it checks for one at each tick."""

    def __init__(self, app: App, reading: Rereading, apply: Callable[[App], None]) -> None:
        """Give ``apply`` the app with new settings. ``apply`` raises DigestError when it cannot use them."""
        self._app = app
        self._reading = reading
        self._apply = apply
        self._loaded = app.settings
        """The settings read last, including those that need a restart."""

    def tick(self) -> None:
        """Apply a changed configuration; keep the present one when the new one has a mistake."""
        asked = self._reading.asked()
        if not (asked or self._reading.configuration.changed()):
            return
        try:
            after = self._reading.configuration.load()
            app = with_settings(self._app, at_once(self._app.settings, after))
            require_usable(app.settings)
            self._apply(app)
        except DigestError as error:
            log.error("configuration not taken", why=str(error))  # noqa: TRY400 - the words name file and line
            return
        self._app = app
        self._reading.took(app.settings)
        self._tell(after)

    def _tell(self, after: Settings) -> None:
        changes = compare(self._loaded, after)
        self._loaded = after
        waiting = compare(self._app.settings, after)
        live = [str(change) for change in changes if not change.restart]
        log.info("configuration read", changed=live[:MOST], changes=len(live))
        if waiting:
            log.warning("restart needed", keys=[change.key for change in waiting])


def require_usable(settings: Settings) -> None:
    """Raise DigestError when the relays, the signing key or the brand of the settings cannot be used."""
    ways_out(settings, EditionKey(name="check", date=ANY_DAY))
    configured_signer(settings.mail, Path(settings.folder))
    for edition in settings.editions.values():
        press(brand_of(settings.brand, edition), edition.language, edition.greeting)
