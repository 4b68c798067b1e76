"""The cache of robots.txt files in the database."""

from __future__ import annotations

import msgspec

from digest.fetch.robots import RobotsFile
from digest.storage.hosts import Hosts


class StoredRobots:
    """Keeps robots.txt files between runs."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts

    def robots(self, origin: str) -> RobotsFile | None:
        """Return the stored robots.txt of a site; None when none is stored, or when this version cannot read it."""
        known = self._hosts.known(origin, "robots")
        try:
            return None if known is None else msgspec.convert(known, RobotsFile)
        except msgspec.ValidationError:
            return None

    def keep_robots(self, origin: str, file: RobotsFile) -> None:
        """Store ``file`` in place of the previous one."""
        self._hosts.learn(origin, "robots", msgspec.to_builtins(file), file.fetched_at)
