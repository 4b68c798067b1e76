"""The settings: one frozen value with a section for each package.

``configuration`` reads the file, the environment and the secret files, checks all of it together, and builds this
value. The sections are Structs (``msgspec.structs.replace`` makes a changed copy). Every start of the program defines
these classes, and as dataclasses they took four times as long, 20 ms (measured).
"""

from __future__ import annotations

from datetime import time, timedelta

from msgspec import Struct, field

from digest.settings.blocks import BlockSettings
from digest.settings.desk import DeskSettings, OidcSettings
from digest.settings.editions import WITHOUT_FINDS, EditionSettings, RankSettings
from digest.settings.identity import IdentitySettings, brand_of, mail_of
from digest.settings.letters import BrandSettings, DomainSettings, MailSettings, RelaySettings, SiteSettings
from digest.settings.operation import (
    AlertSettings,
    ApiSettings,
    DatabaseSettings,
    KeySettings,
    LogSettings,
    MonitorSettings,
    RetentionSettings,
    ServeSettings,
)
from digest.settings.readers import BounceSettings, EmbedSettings, EventSettings, SignupSettings, WebSettings
from digest.settings.sources import ExtractSettings, FetchSettings, SourceSettings
from digest.settings.types import Kind, Text, Weekday

__all__ = [
    "WITHOUT_FINDS",
    "AlertSettings",
    "ApiSettings",
    "BlockSettings",
    "BounceSettings",
    "BrandSettings",
    "DatabaseSettings",
    "DeskSettings",
    "DomainSettings",
    "EditionSettings",
    "EmbedSettings",
    "EventSettings",
    "ExtractSettings",
    "FetchSettings",
    "IdentitySettings",
    "KeySettings",
    "Kind",
    "LogSettings",
    "MailSettings",
    "MonitorSettings",
    "OidcSettings",
    "RankSettings",
    "RelaySettings",
    "RetentionSettings",
    "ServeSettings",
    "Settings",
    "SignupSettings",
    "SiteSettings",
    "SourceSettings",
    "Text",
    "WebSettings",
    "Weekday",
    "brand_of",
    "mail_of",
]


def _default_editions() -> dict[str, EditionSettings]:
    return {
        "morning": EditionSettings(title="Morning Update", at=time(6, 0), weekend_at=time(7, 30)),
        "evening": EditionSettings(title="Evening Update", greeting="evening", at=time(17, 0), follows="morning"),
    }


class Settings(Struct, frozen=True, kw_only=True):
    """All settings; relative paths start from ``folder``, the installation's folder."""

    folder: str = "."
    site: SiteSettings = SiteSettings()
    brand: BrandSettings = BrandSettings()
    database: DatabaseSettings = DatabaseSettings()
    fetch: FetchSettings = FetchSettings()
    extract: ExtractSettings = ExtractSettings()
    rank: RankSettings = field(default_factory=RankSettings)
    mail: MailSettings = MailSettings()
    signup: SignupSettings = SignupSettings()
    bounces: BounceSettings = BounceSettings()
    serve: ServeSettings = ServeSettings()
    events: dict[str, EventSettings] = field(default_factory=dict)
    retention: RetentionSettings = RetentionSettings()
    web: WebSettings = WebSettings()
    embed: EmbedSettings = EmbedSettings()
    desk: DeskSettings = DeskSettings()
    api: ApiSettings = ApiSettings()
    log: LogSettings = LogSettings()
    monitor: MonitorSettings = MonitorSettings()
    alerts: AlertSettings = AlertSettings()
    keys: KeySettings = field(default_factory=KeySettings)
    editions: dict[str, EditionSettings] = field(default_factory=_default_editions)
    sources: tuple[SourceSettings, ...] = ()

    @property
    def longest_window(self) -> timedelta:
        """How far back any edition looks: older entries are not read."""
        return max(edition.window for edition in self.editions.values())
