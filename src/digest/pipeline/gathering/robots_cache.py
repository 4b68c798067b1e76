"""The fetch room's memory of robots.txt files, kept in the database."""

from __future__ import annotations

import msgspec

from digest.fetch.robots import RobotsFile
from digest.storage.hosts import Hosts


class StoredRobots:
    """Keeps robots.txt files between runs."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts

    def robots(self, origin: str) -> RobotsFile | None:
        """Return what is kept of the site; None when nothing is, or nothing that this version understands."""
        known = self._hosts.known(origin, "robots")
        try:
            return None if known is None else msgspec.convert(known, RobotsFile)
        except msgspec.ValidationError:
            return None

    def keep_robots(self, origin: str, file: RobotsFile) -> None:
        """Keep ``file`` in the place of what was kept."""
        self._hosts.learn(origin, "robots", msgspec.to_builtins(file), file.fetched_at)
