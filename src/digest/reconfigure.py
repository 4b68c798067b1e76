"""The configuration of a running process: whether its files changed, what changed, and what needs a restart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from digest.configuration import FILE, SECRETS, load
from digest.environment import PREFIX, is_section
from digest.settings import Settings

SECRET = (
    "keys.ring",
    "mail.transport",
    "mail.relays",
    "database.url",
    "bounces.url",
    "fetch.proxy",
    "alerts.webhook",
    "desk.oidc.client_secret",
)
"""Keys with these prefixes may hold a password: their values are never shown."""
RESTART = ("database.url", "serve.crew", "web.host", "web.port", "monitor.host", "monitor.port")
"""Settings that are used only when the process starts."""
PAGES = "site.url"
"""This URL may change at any time. Only whether the pages are served at all is decided at the start."""
MOST = 40
LONGEST = 60

Stamp = tuple[int, int, int] | None
"""State of a file: (inode, size, nanoseconds of its last change); None when it does not exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One changed key; ``restart`` when it takes effect only at the next start."""

    key: str
    before: str
    after: str
    restart: bool

    def __str__(self) -> str:
        return f"{self.key}: {self.before} -> {self.after}"


def compare(before: Settings, after: Settings) -> tuple[Change, ...]:
    """Return the keys with different values; values that may be secret are not shown."""
    old, new = dict(_flat(before)), dict(_flat(after))
    keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    return tuple(
        Change(key=key, before=_shown(key, old), after=_shown(key, new), restart=_needs_restart(key, old, new))
        for key in keys
    )


def at_once(before: Settings, after: Settings) -> Settings:
    """Return the new settings, but with the old values where a change needs a restart."""
    replace = msgspec.structs.replace
    served, wanted = before.site.url, after.site.url
    url = served if (served is None) != (wanted is None) else wanted
    return replace(
        after,
        folder=before.folder,
        database=before.database,
        serve=before.serve,
        web=replace(after.web, host=before.web.host, port=before.web.port),
        monitor=before.monitor,
        site=replace(after.site, url=url),
    )


def _needs_restart(key: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return key in RESTART or (key == PAGES and None in {old.get(key), new.get(key)})


def _shown(key: str, values: Mapping[str, Any]) -> str:
    if key not in values:
        return "(none)"
    value = values[key]
    if key.startswith(SECRET) or key.endswith("token_command"):
        return "(secret)" if value else "(none)"
    words = "(none)" if value is None else str(value)
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}..."


def _flat(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any part of the settings
    """Yield each value with its dotted key. Tables of a list have an index in the key; sources have their name."""
    if is_section(type(value)):
        parts = {name: getattr(value, name) for name in type(value).__struct_fields__}
    elif isinstance(value, dict):
        parts = value
    elif isinstance(value, tuple) and value and is_section(type(value[0])):
        parts = {str(getattr(each, "name", "") or place): each for place, each in enumerate(value)}
    else:
        yield key, value
        return
    for name, part in parts.items():
        yield from _flat(part, f"{key}.{name}" if key else name)


class Configuration:
    """The files and the environment that a process was started with, to be read again later."""

    def __init__(self, file: Path | None, environment: Mapping[str, str]) -> None:
        self._file = file or Path(environment.get(f"{PREFIX}CONFIG", FILE))
        self._environment = dict(environment)
        self._more: tuple[Path, ...] = ()
        self._read: Mapping[Path, Stamp] = {}
        self._seen: Mapping[Path, Stamp] = {}

    def load(self) -> Settings:
        """Read the settings again.

        Raises SettingsError with every mistake; the present files then count as read, too.
        """
        before = self._stamps()
        self._read = self._seen = before
        settings = load(self._file, self._environment)
        holidays = (edition.holidays_file for edition in settings.editions.values())
        self._more = tuple(Path(settings.folder) / name for name in holidays if name)
        self._read = self._seen = {**self._stamps(), **before}  # a file that changed during reading is read again
        return settings

    def changed(self) -> bool:
        """Return whether a file changed since the last read.

        A file that is just being written counts only afterwards.
        """
        now = self._stamps()
        rests, self._seen = now == self._seen, now
        return rests and now != self._read

    def _stamps(self) -> dict[Path, Stamp]:
        named = (
            value for name, value in self._environment.items() if name.startswith(PREFIX) and name.endswith("_FILE")
        )
        files = (self._file, self._file.parent / SECRETS, *map(Path, named), *self._more)
        return {file: _stamp(file) for file in files}


def _stamp(file: Path) -> Stamp:
    try:
        found = file.stat()
    except OSError:
        return None
    return (found.st_ino, found.st_size, found.st_mtime_ns)
